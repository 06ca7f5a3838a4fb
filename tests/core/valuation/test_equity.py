"""The equity curve: exact values, flows apart from gains, gaps that stay gaps."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import DAY
from app.core.model.ledger_rows import DayChange, FlowRow
from app.core.money import add
from app.core.transfers.inside import Inside
from app.core.valuation.equity import History, curve, daily_earnings, daily_flows
from app.core.valuation.performance import time_weighted

FIRST = 20_000


def change(day: int, asset: str, quantity: str) -> DayChange:
    return DayChange(FIRST + day, asset, Decimal(quantity))


def flow(day: int, asset: str, quantity: str, *, entry: str = "e") -> FlowRow:
    return FlowRow((FIRST + day) * DAY + 5, entry, "main", asset, Decimal(quantity), "")


def closes(*prices: str | None) -> dict[int, Decimal]:
    return {FIRST + day: Decimal(price) for day, price in enumerate(prices) if price is not None}


def test_each_day_is_worth_its_holdings_at_its_close() -> None:
    history = History(
        "usd",
        [change(0, "usd", "1000"), change(1, "usd", "-500"), change(1, "bitcoin", "5")],
        [flow(0, "usd", "1000")],
        {"bitcoin": closes("90", "100", "110")},
    )
    made = curve(history, FIRST, FIRST + 3, Decimal(1100))

    assert [point.value for point in made.points] == [Decimal(1000), Decimal(1000), Decimal(1050), Decimal(1100)]
    assert [point.without_flows for point in made.points] == [
        Decimal(1000),
        Decimal(1000),
        Decimal(1050),
        Decimal(1100),
    ]
    assert [(one.at, one.amount) for one in made.flows] == [(FIRST * DAY + 5, Decimal(1000))]


def test_a_deposit_is_no_gain() -> None:
    history = History(
        "usd", [change(0, "usd", "1000"), change(2, "usd", "500")], [flow(0, "usd", "1000"), flow(2, "usd", "500")], {}
    )
    made = curve(history, FIRST, FIRST + 3, Decimal(1500))

    assert [point.value for point in made.points] == [Decimal(1000), Decimal(1000), Decimal(1500), Decimal(1500)]
    assert {point.without_flows for point in made.points} == {Decimal(1000)}
    assert time_weighted(made, (FIRST + 1) * DAY).value == 0


def test_a_day_without_a_close_is_a_gap() -> None:
    history = History("usd", [change(0, "bitcoin", "1")], [], {"bitcoin": closes("100", None, "120")})
    made = curve(history, FIRST, FIRST + 3, Decimal(130))

    assert [point.value for point in made.points] == [Decimal(100), None, Decimal(120), Decimal(130)]


def test_an_asset_without_any_close_is_left_out_and_named() -> None:
    history = History("usd", [change(0, "usd", "10"), change(0, "thing", "7")], [], {})
    made = curve(history, FIRST, FIRST + 1, Decimal(10))

    assert ([point.value for point in made.points], made.left_out) == ([Decimal(10), Decimal(10)], ("thing",))


def moved_on(lost: str = "0", inside: str = "oi") -> History:
    return History(
        "usd",
        [change(0, "usd", "100"), change(1, "usd", "-40"), change(2, "usd", str(40 - Decimal(lost)))],
        [flow(0, "usd", "100"), flow(1, "usd", "-40", entry="o"), flow(2, "usd", str(40 - Decimal(lost)), entry="i")],
        {},
        Inside(frozenset(inside), {"o": Decimal(lost)} if Decimal(lost) else {}),
    )


def test_a_transfer_between_own_accounts_is_no_flow_of_the_book_and_no_loss_on_its_way() -> None:
    made = curve(moved_on(), FIRST, FIRST + 3, Decimal(100))

    assert [one.amount for one in made.flows] == [Decimal(100)]
    assert {point.without_flows for point in made.points} == {Decimal(100)}


def test_what_a_transfer_loses_on_its_way_is_a_fee_and_nothing_that_was_taken_out() -> None:
    history = moved_on("1")
    made = curve(history, FIRST, FIRST + 3, Decimal(99))

    assert [one.amount for one in made.flows] == [Decimal(100)]
    assert daily_flows(history) == {FIRST: Decimal(100), FIRST + 1: Decimal(-39), FIRST + 2: Decimal(39)}
    assert daily_earnings(history, [], fees=True) == {FIRST + 1: Decimal(1)}
    assert daily_earnings(history, [], fees=False) == {}
    before, after = (made.points[day].without_flows for day in (0, 3))
    assert (before, after) == (Decimal(100), Decimal(99))


def test_a_transfer_to_an_account_that_is_not_looked_at_is_a_flow_of_what_arrives() -> None:
    made = curve(moved_on("1", inside=""), FIRST, FIRST + 3, Decimal(99))

    assert [one.amount for one in made.flows] == [Decimal(100), Decimal(-39), Decimal(39)]


def test_a_period_that_begins_before_the_books_has_no_return() -> None:
    made = curve(History("usd", [change(0, "usd", "1")], [], {}), FIRST, FIRST + 1, Decimal(1))
    told = time_weighted(made, (FIRST - 30) * DAY)

    assert (told.value, told.method, told.why) == (None, "TWR", "The books have no priced day before the period.")


def test_a_known_return() -> None:
    history = History(
        "usd",
        [change(0, "bitcoin", "2"), change(2, "bitcoin", "2")],
        [flow(0, "bitcoin", "2"), flow(2, "bitcoin", "2")],
        {"bitcoin": closes("100", "110", "121", "121")},
    )
    made = curve(history, FIRST, FIRST + 3, Decimal(484))

    assert time_weighted(made, (FIRST + 1) * DAY).value == Decimal("0.21")


@given(st.lists(st.decimals("0.01", "1000", places=6), min_size=1, max_size=40))
def test_deposits_alone_never_make_a_gain(amounts: list[Decimal]) -> None:
    changes = [DayChange(FIRST + day, "usd", amount) for day, amount in enumerate(amounts)]
    flows = [FlowRow((FIRST + day) * DAY, str(day), "main", "usd", amount, "") for day, amount in enumerate(amounts)]
    total = add(*amounts)
    made = curve(History("usd", changes, flows, {}), FIRST, FIRST + len(amounts), total)

    assert made.points[-1].value == total
    assert {point.without_flows for point in made.points} == {amounts[0]}
