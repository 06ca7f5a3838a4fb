"""Laws that hold for every history: nothing is lost, order does not matter where the law says so, years add up."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal, localcontext
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import DAY
from app.core.lots.methods import BY_WALLET, Method, Scope
from app.core.money import add
from app.core.tax.events import Transaction
from tests.core.lots.histories import figures, figures_of, histories
from tests.core.lots.laws import COUNTRIES, bought, every_way, few, held_cost, known, matched_cost, put_in


@every_way
@few
@given(st.data())
def test_every_unit_and_every_cent_is_used_up_or_still_there(method: Method, scope: Scope, data: st.DataObject) -> None:
    transactions = data.draw(histories(is_covered=True))
    found = figures(transactions, method, scope)

    left = known(found.portfolio_cost) if method is Method.PMP else held_cost(found)
    assert put_in(transactions) == add(matched_cost(found), left)
    assert [one.quantity for one in found.disposals if one.cost is None] == []
    for one in found.disposals:
        assert one.quantity == add(*(match.quantity for match in one.matches))
        assert one.cost == add(*(known(match.cost) for match in one.matches))
        assert add(known(one.gain), known(one.cost)) == add(known(one.proceeds), one.denied)


@every_way
@few
@given(st.data())
def test_without_splits_the_units_add_up(method: Method, scope: Scope, data: st.DataObject) -> None:
    transactions = data.draw(histories(splits=False, is_covered=True))
    found = figures(transactions, method, scope)

    acquired = add(*(one.quantity for one in bought(transactions)))
    assert acquired == add(*(one.quantity for one in found.disposals), *(one.quantity for one in found.holdings))


@given(histories(is_covered=True))
def test_a_denied_loss_is_added_to_the_cost_of_what_is_held(transactions: list[Transaction]) -> None:
    found = figures(transactions, code="ca")

    assert add(put_in(transactions), found.totals.denied) == add(matched_cost(found), held_cost(found))


@pytest.mark.parametrize("method", sorted(BY_WALLET - {Method.SPEC_ID}))
@few
@given(st.data())
def test_with_one_wallet_both_scopes_agree(method: Method, data: st.DataObject) -> None:
    transactions = data.draw(histories(wallets=("only",)))

    one, other = (figures(transactions, method, scope) for scope in Scope)
    assert one.disposals == other.disposals
    assert [replace(held, wallet=None) for held in other.holdings] == list(one.holdings)


@every_way
@few
@given(st.data())
def test_the_years_add_up_to_the_whole(method: Method, scope: Scope, data: st.DataObject) -> None:
    transactions = data.draw(histories(is_covered=True))
    whole = figures(transactions, method, scope)
    years = [figures_of(year, transactions, method, scope) for year in range(2023, 2026)]

    assert list(whole.disposals) == [one for year in years for one in year.disposals]
    assert whole.holdings == years[-1].holdings
    assert whole.totals.gain == add(*(known(year.totals.gain) for year in years))


@pytest.mark.parametrize("code", COUNTRIES)
@few
@given(st.data())
def test_the_years_of_every_country_add_up_to_the_whole(code: str, data: st.DataObject) -> None:
    transactions = data.draw(histories(wallets=("only",), is_covered=True))
    whole = figures(transactions, code=code)
    years = [figures_of(year, transactions, code=code) for year in range(2022, 2027)]

    assert list(whole.disposals) == [one for year in years for one in year.disposals]
    assert whole.holdings == years[-1].holdings


@given(histories(splits=False), st.randoms(use_true_random=False))
def test_the_order_within_a_day_changes_nothing_in_the_united_kingdom(
    transactions: list[Transaction], dice: Random
) -> None:
    noon = [replace(one, at=one.at // DAY * DAY + DAY // 2) for one in transactions]
    shuffled = sorted(dice.sample(noon, len(noon)), key=lambda one: one.at)

    one, other = (figures(rows, code="uk") for rows in (noon, shuffled))
    assert {(day.asset, day.at): (day.quantity, day.proceeds, day.cost) for day in one.disposals} == {
        (day.asset, day.at): (day.quantity, day.proceeds, day.cost) for day in other.disposals
    }
    assert one.holdings == other.holdings


@given(histories(splits=False, is_covered=True), st.randoms(use_true_random=False))
def test_the_order_within_a_year_changes_no_cost_in_japan(transactions: list[Transaction], dice: Random) -> None:
    dated = [replace(one, at=transactions[0].at) for one in transactions]
    shuffled = dice.sample(dated, len(dated))

    one, other = (figures(rows, code="jp") for rows in (dated, shuffled))
    # Each sale is cut to the last of 30 places, and who is cut depends on the order.
    for disposal in one.disposals:
        twin = next(twin for twin in other.disposals if twin.row == disposal.row)
        assert abs(known(disposal.cost) - known(twin.cost)) < Decimal("1e-25")


@every_way
@few
@given(st.data())
def test_a_sale_beyond_holdings_is_never_a_figure(method: Method, scope: Scope, data: st.DataObject) -> None:
    found = figures(data.draw(histories(splits=False)), method, scope)

    for one in found.disposals:
        told = {row for finding in found.findings if finding.code == "missing-basis" for row in finding.entries}
        covered = add(*(match.quantity for match in one.matches))
        if covered < one.quantity:
            assert (one.cost, one.gain) == (None, None)
            assert one.row in told


@pytest.mark.parametrize("method", [Method.FIFO, Method.SECTION_104, Method.ACB, Method.PMP, Method.TOTAL_AVERAGE])
@few
@given(histories(is_covered=True))
def test_what_a_precision_of_somebody_else_is_changes_nothing(method: Method, transactions: list[Transaction]) -> None:
    expected = figures(transactions, method)
    with localcontext(prec=5):
        assert expected == figures(transactions, method)
