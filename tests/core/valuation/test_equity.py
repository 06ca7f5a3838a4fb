"""The equity curve: exact values, flows apart from gains, gaps that stay gaps."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import DAY
from app.core.model.ledger_rows import DayChange, FlowRow
from app.core.money import add
from app.core.valuation.equity import History, curve
from app.core.valuation.performance import time_weighted

FIRST = 20_000


def change(day: int, asset: str, quantity: str) -> DayChange:
    return DayChange(FIRST + day, asset, Decimal(quantity))


def flow(day: int, asset: str, quantity: str, *, tx: str = "", entry: str = "e") -> FlowRow:
    return FlowRow((FIRST + day) * DAY + 5, entry, "main", asset, Decimal(quantity), tx)


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


def test_a_transfer_between_own_accounts_is_no_flow_of_the_book_and_no_loss_on_its_way() -> None:
    history = History(
        "usd",
        [change(0, "usd", "100"), change(1, "usd", "-40"), change(2, "usd", "39")],
        [flow(0, "usd", "100"), flow(1, "usd", "-40", tx="t1"), flow(2, "usd", "39", tx="t1")],
        {},
    )
    made = curve(history, FIRST, FIRST + 3, Decimal(99))

    assert [one.amount for one in made.flows] == [Decimal(100)]
    assert {point.without_flows for point in made.points} == {Decimal(100)}


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
