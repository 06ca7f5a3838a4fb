"""What is in a book: nothing that moves is left out of its sums, and nothing is counted that is not known."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.risk.exposures import (
    NOBODY,
    Exposure,
    Group,
    Kind,
    Places,
    collateral,
    debt,
    gross_by,
    holding,
    net,
    perpetual,
)
from app.core.risk.metrics.concentration import concentration
from app.core.risk.metrics.leverage import leverage

AMOUNTS = st.floats(0.01, 1e9)
WORDS = st.sampled_from(["", NOBODY, "a", "b", "c"])
PLACES = st.builds(Places, WORDS, WORDS, WORDS, WORDS)
ASSETS = st.sampled_from(["btc", "eth", "usdc"])
LINES = st.one_of(
    st.builds(holding, ASSETS, AMOUNTS, PLACES, is_locked=st.booleans()),
    st.builds(debt, ASSETS, AMOUNTS, PLACES),
    st.builds(collateral, ASSETS, AMOUNTS, PLACES),
    st.builds(perpetual, ASSETS, st.floats(-1e3, 1e3), AMOUNTS, margin=st.floats(0, 1e6), entry=AMOUNTS, places=PLACES),
)
BOOKS = st.lists(LINES, min_size=1, max_size=12)


@given(BOOKS, st.sampled_from([one for one in Group if one is not Group.ASSET]))
def test_claims_have_one_sum_by_whatever_they_are_gathered_with_what_is_not_known(
    book: Sequence[Exposure], group: Group
) -> None:
    found = concentration(gross_by(book, group))
    claims = math.fsum(one.claim for one in book)
    named = math.fsum(one.claim for one in book if one.group(group) not in ("", NOBODY))

    assert found.total == pytest.approx(claims)
    assert found.total - found.unnamed - found.nobody == pytest.approx(named, abs=1e-6 * max(claims, 1))
    assert math.fsum(share for _, share in found.shares) == pytest.approx(1 if named else 0)


@given(BOOKS)
def test_by_asset_the_sum_is_the_gross_exposure_of_the_book(book: Sequence[Exposure]) -> None:
    found = concentration(gross_by(book, Group.ASSET))
    sizes = leverage(book)

    assert found.total == pytest.approx(sizes.gross, abs=1e-3)
    assert sizes.net == pytest.approx(math.fsum(one.value for one in book), abs=1e-3)
    assert (found.unnamed, found.nobody) == (0, 0)


@given(st.floats(-1e4, 1e4), st.floats(0.01, 1e6), st.floats(0.01, 1e6))
def test_a_perpetual_moves_with_quantity_times_mark_and_is_worth_its_gain_and_margin(
    contracts: float, mark: float, entry: float
) -> None:
    one = perpetual("btc", contracts, mark, entry=entry)

    assert one.value == pytest.approx(contracts * mark)
    assert one.worth == pytest.approx(contracts * (mark - entry))
    assert perpetual("btc", contracts, mark, margin=7.0).worth == 7


@given(AMOUNTS, AMOUNTS, st.floats(0.1, 0.9))
def test_what_is_owed_raises_leverage(held: float, moved: float, share: float) -> None:
    bought = share * held
    plain = leverage([holding("btc", held)])
    borrowed = leverage([holding("btc", held + bought), debt("usdc", bought)])

    assert plain.leverage == pytest.approx(1)
    assert plain.debt == 0
    assert (borrowed.leverage or 0) > 1
    assert borrowed.equity == pytest.approx(held)
    assert borrowed.debt == pytest.approx(bought)
    assert leverage([holding("btc", held), perpetual("eth", 1, moved)]).leverage == pytest.approx(1 + moved / held)


def test_a_holding_that_a_perpetual_hedges_is_a_claim_and_no_exposure() -> None:
    book = [holding("btc", 100.0, Places("a")), perpetual("btc", -2, 50.0, margin=20.0, entry=55.0, places=Places("b"))]
    sizes = leverage(book)

    assert net(book) == {"btc": 0.0}
    assert (sizes.gross, sizes.perpetuals, sizes.equity) == (0.0, 100.0, 130.0)
    assert gross_by(book, Group.VENUE) == {"a": 100.0, "b": 30.0}


def test_money_of_the_book_is_worth_something_and_moves_nothing() -> None:
    sizes = leverage([holding("usd", 50.0), holding("btc", 150.0), debt("usd", 100.0)], ("usd",))

    assert (sizes.long, sizes.short, sizes.equity, sizes.leverage) == (150.0, 0.0, 100.0, 1.5)


def test_a_book_that_owes_more_than_it_has_has_no_leverage_that_could_be_told() -> None:
    assert leverage([holding("btc", 50.0), debt("usd", 60.0)]).leverage is None


def test_what_is_locked_is_told_with_the_day_from_which_all_of_it_is_free() -> None:
    book = [holding("eth", 30.0, locked_until=7), holding("sol", 20.0, locked_until=9), holding("btc", 50.0)]
    unknown = leverage([*book, holding("dot", 100.0, is_locked=True)])

    assert (leverage(book).locked, leverage(book).locked_share, leverage(book).unlocks) == (50.0, 0.5, 9)
    assert (unknown.locked_share, unknown.unlocks) == (0.75, None)
    assert leverage([debt("btc", 5.0)]).locked_share is None
    # A debt makes a book worth less, but no larger a part of what is held is locked.
    assert leverage([*book, debt("usd", 60.0)]).locked_share == 0.5


def test_the_price_of_liquidation_is_told_as_a_move() -> None:
    assert perpetual("btc", 1, 50.0, liquidation=40.0).liquidation == pytest.approx(-0.2)
    assert perpetual("btc", 1, 50.0).liquidation is None
    assert perpetual("btc", 1, 50.0, liquidation=0.0).liquidation is None


def test_a_loss_that_is_larger_than_the_margin_leaves_no_claim() -> None:
    one = perpetual("btc", 1, 50.0, margin=10.0, entry=70.0)

    assert (one.claim, one.worth, one.kind) == (0.0, -10.0, Kind.PERPETUAL)
