"""Lots that become lots of another asset, and units that leave for good: no unit, cost or date is lost."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import DAY
from app.core.lots.events import Event, Kind, Rare, linked
from app.core.lots.methods import Method, Scope
from app.core.money import add
from app.core.tax.events import Transaction, TransactionType
from app.core.tax.figures import Term
from tests.core.lots.histories import START, figures, figures_of, histories, lots, of
from tests.core.lots.laws import every_way, few, held_cost, known, matched_cost, put_in


def buy(row: str, day: int, quantity: str, value: str, asset: str = "ETH") -> Transaction:
    at = START + day * DAY
    return Transaction(row, at, TransactionType.BUY, "main", asset, Decimal(quantity), value=Decimal(value))


def sell(row: str, day: int, quantity: str, value: str, asset: str = "WETH") -> Transaction:
    return replace(buy(row, day, quantity, value, asset), type=TransactionType.SELL)


def carry(row: str, day: int, quantity: str, becomes: str = "", asset: str = "ETH") -> Transaction:
    """Return a carry; it becomes `QUANTITY ASSET`, or leaves for good."""
    units, _, to_asset = becomes.partition(" ")
    made = replace(buy(row, day, quantity, "0", asset), type=TransactionType.CARRY, value=None)
    return replace(made, to_asset=to_asset, to_quantity=Decimal(units or 0))


def departed(found_costs: list[Decimal | None]) -> Decimal:
    return add(*(known(cost) for cost in found_costs))


@every_way
@few
@given(st.data())
def test_every_cent_is_used_up_or_left_or_still_there(method: Method, scope: Scope, data: st.DataObject) -> None:
    transactions = data.draw(histories(is_covered=True, carries=True))
    found = figures(transactions, method, scope)

    if method is Method.PMP:
        left = known(found.portfolio_cost)
        assert put_in(transactions) == add(matched_cost(found), left)
        return
    gone = departed([one.cost for one in found.departures])
    assert put_in(transactions) == add(matched_cost(found), held_cost(found), gone)
    assert [one.row for one in found.disposals if one.cost is None] == []


@every_way
@few
@given(st.data())
def test_the_units_held_are_those_that_came_less_those_that_went(
    method: Method, scope: Scope, data: st.DataObject
) -> None:
    transactions = data.draw(histories(splits=False, is_covered=True, carries=True))
    found = figures(transactions, method, scope)

    held: dict[str, Decimal] = {}
    for one in transactions:
        sign = 1 if one.type in (TransactionType.BUY, TransactionType.INCOME) else -1
        if one.type is not TransactionType.TRANSFER:
            held[one.asset] = add(held.get(one.asset, Decimal(0)), sign * one.quantity)
        if one.to_asset:
            held[one.to_asset] = add(held.get(one.to_asset, Decimal(0)), one.to_quantity)
    told: dict[str, Decimal] = {}
    for holding in found.holdings:
        told[holding.asset] = add(told.get(holding.asset, Decimal(0)), holding.quantity)
    assert {asset: units for asset, units in held.items() if units} == {
        asset: units for asset, units in told.items() if units
    }


@every_way
@few
@given(st.data())
def test_the_years_add_up_also_where_lots_become_others(method: Method, scope: Scope, data: st.DataObject) -> None:
    transactions = data.draw(histories(is_covered=True, carries=True))
    whole = figures(transactions, method, scope)
    years = [figures_of(year, transactions, method, scope) for year in range(2023, 2026)]

    assert list(whole.disposals) == [one for year in years for one in year.disposals]
    assert list(whole.departures) == [one for year in years for one in year.departures]
    assert whole.holdings == years[-1].holdings


@given(histories(carries=True))
def test_a_history_with_shortages_ends_without_a_crash(transactions: list[Transaction]) -> None:
    for code in ("us", "uk", "ca", "ie", "jp", "fr"):
        assert figures([replace(one, wallet="w", to_wallet="") for one in transactions], code=code).currency == "EUR"


HISTORY = [
    buy("a", 0, "2", "200"),
    buy("b", 30, "2", "800"),
    carry("w", 400, "3", "3 WETH"),
    sell("s", 500, "3", "3000"),
]


@pytest.mark.parametrize("scope", Scope)
def test_a_lot_keeps_its_date_and_cost_as_another_asset(scope: Scope) -> None:
    found = figures(HISTORY, Method.FIFO, scope)

    assert lots("s", found) == [("a", "fifo", "2"), ("b", "fifo", "1")]
    assert [match.acquired_ns for match in found.disposals[0].matches] == [START, START + 30 * DAY]
    assert (of("s", found), found.disposals[0].term) == (("600", "2400", "0"), Term.LONG)
    assert [(one.asset, one.quantity, one.cost) for one in found.holdings] == [("ETH", Decimal(1), Decimal(400))]


def test_units_go_there_and_back_and_are_the_same_lots() -> None:
    back = [*HISTORY[:3], carry("u", 410, "3", "3 ETH", "WETH"), sell("s", 500, "4", "4000", "ETH")]

    for method in (Method.FIFO, Method.LIFO, Method.HIFO, Method.LOFO):
        for scope in Scope:
            found = figures(back, method, scope)
            assert (of("s", found), found.holdings) == (("1000", "3000", "0"), ())


def test_a_ratio_divides_the_cost_of_a_unit() -> None:
    found = figures(
        [buy("a", 0, "2", "200"), carry("w", 1, "2", "2000 NEW"), sell("s", 2, "500", "100", "NEW")], Method.FIFO
    )

    assert of("s", found) == ("50", "50", "0")


def test_carried_lots_rank_by_what_a_new_unit_cost() -> None:
    history = [
        buy("a", 0, "1", "100"),
        carry("w", 1, "1", "10 NEW"),
        buy("b", 2, "1", "20", "NEW"),
        sell("s", 3, "1", "50", "NEW"),
    ]

    assert lots("s", figures(history, Method.HIFO)) == [("b", "hifo", "1")]
    assert lots("s", figures(history, Method.LOFO)) == [("a", "lofo", "1")]


def test_a_pool_gives_its_share_to_the_other_pool() -> None:
    history = [buy("a", 0, "4", "400"), buy("c", 1, "1", "900", "WETH"), *HISTORY[2:]]

    for code in ("uk", "ca"):
        found = figures(history, code=code)
        # 3 of 4 for 400 join 1 for 900: 4 for 1,200.
        assert of("s", found)[:2] == ("900", "2100")
        assert [(one.asset, one.cost) for one in found.holdings] == [("ETH", Decimal(100)), ("WETH", Decimal(300))]


def test_a_repurchase_after_a_carry_is_matched_as_ever_in_the_united_kingdom() -> None:
    history = [*HISTORY[:1], carry("w", 10, "1", "1 WETH"), sell("s", 20, "1", "500"), buy("r", 25, "1", "450", "WETH")]
    found = figures(history, code="uk")

    assert lots("s", found) == [("r", "thirty-day", "1")]
    assert [(one.asset, one.cost) for one in found.holdings] == [("ETH", Decimal(100)), ("WETH", Decimal(100))]


def test_in_france_the_cost_of_the_whole_stays() -> None:
    sold = replace(sell("s", 500, "3", "500"), portfolio_value=Decimal(1000))
    found = figures([*HISTORY[:3], sold], code="fr")

    assert (of("s", found), found.portfolio_cost) == (("500", "0", "0"), Decimal(500))


def test_japan_carries_the_average_of_the_year() -> None:
    found = figures([*HISTORY[:2], carry("w", 40, "2", "2 WETH"), sell("s", 50, "2", "3000")], code="jp")

    assert of("s", found)[:2] == ("500", "2500")


def test_what_leaves_for_good_takes_its_cost_along() -> None:
    found = figures([*HISTORY[:2], carry("g", 40, "3"), sell("s", 50, "1", "1000", "ETH")], Method.FIFO)

    assert [(one.row, one.quantity, one.cost) for one in found.departures] == [("g", Decimal(3), Decimal(600))]
    assert (of("s", found), found.totals.proceeds) == (("400", "600", "0"), Decimal(1000))


def test_more_than_is_there_arrives_without_a_basis_and_is_told() -> None:
    found = figures([*HISTORY[:1], *HISTORY[2:]], Method.FIFO, Scope.PER_WALLET)

    assert of("s", found) == ("?", "?", "0")
    assert [(one.code, one.subject) for one in found.findings][:2] == [("missing-basis", "s"), ("missing-basis", "w")]


def test_a_gift_counts_from_the_day_of_its_giver() -> None:
    given_ns = START - 1000 * DAY
    history = [
        buy("a", 0, "1", "900"),
        replace(buy("g", 5, "1", "10"), acquired_ns=given_ns),
        sell("s", 9, "1", "1000", "ETH"),
    ]
    found = figures(history, code="us")

    assert lots("s", found) == [("g", "fifo", "1")]
    assert found.disposals[0].term is Term.LONG
    assert lots("s", figures(history, Method.LIFO, code="us")) == [("a", "lifo", "1")]


def test_assets_whose_lots_come_from_one_another_are_known() -> None:
    def turned(one: str, other: str) -> Event:
        return Event(0, Kind.CARRY, one, "w", 1, None, f"{one}{other}", rare=Rare(to_asset=other, to_quantity=1))

    alone = Event(0, Kind.CARRY, "X", "w", 1, None, "x")

    assert linked([turned("B", "C"), turned("D", "A"), turned("C", "A"), alone]) == dict.fromkeys("ABCD", "A")
