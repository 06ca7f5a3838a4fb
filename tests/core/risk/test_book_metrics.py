"""What a book could lose in its worst year and on the way out, and by how many things it stands."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import DAY
from app.core.errors import InputError
from app.core.risk import quantiles
from app.core.risk.metrics import liquidity
from app.core.risk.metrics.concentration import bets, concentration, minimum_torsion
from app.core.risk.metrics.liquidity import Exit, Spread
from app.core.risk.metrics.stressed import stressed
from app.core.risk.metrics.tail import tail
from tests.core.risk.made_up import market, scenarios_of


def test_the_worst_year_is_found_wherever_it_is() -> None:
    by_bar = market(1200, 2) * 0.3
    by_bar[400:765] *= 3
    scenarios = scenarios_of(by_bar)
    held = scenarios.book({"a0": 100.0, "a1": 50.0})
    found = stressed(scenarios, held)[2]
    gains = np.asarray(scenarios.gains(held), np.float64)
    every = [quantiles.value_at_risk(gains[start : start + 365], 0.99) for start in range(1200 - 365 + 1)]

    assert found.value_at_risk == pytest.approx(max(every))
    assert found.basis.since == int(scenarios.at[int(np.argmax(every))])
    assert ((found.basis.until or 0) - (found.basis.since or 0)) == 364 * DAY


def test_the_worst_year_is_never_better_than_the_last() -> None:
    scenarios = scenarios_of(market(800, 3))
    held = scenarios.book({"a0": 100.0, "a1": -50.0, "a2": 10.0})
    last = scenarios.last(365)

    assert (stressed(scenarios, held)[2].value_at_risk or 0) >= (tail(last, held)[2].value_at_risk or 0)


def test_a_history_of_less_than_a_year_has_no_worst_one() -> None:
    scenarios = scenarios_of(market(100, 1))

    with pytest.raises(InputError, match="window of 365 bars"):
        stressed(scenarios, scenarios.book({"a0": 1.0}))


def test_the_cost_of_leaving_is_half_of_the_widened_spread() -> None:
    spreads = {"btc": Spread(0.001, 0.0005), "eth": Spread(0.002, 0.0)}
    found = liquidity.spread_cost({"btc": 1000.0, "eth": -500.0}, spreads, deviations=2)

    assert found.value == pytest.approx(1000 * 0.002 / 2 + 500 * 0.002 / 2)


def test_what_has_no_spread_is_named_and_not_free() -> None:
    found = liquidity.spread_cost({"btc": 300.0, "new": 100.0}, {"btc": Spread(0.001, 0)})
    unknown = liquidity.spread_cost({"new": 100.0}, {})

    assert found.basis.coverage.left_out == ("new",)
    assert found.basis.coverage.share == 0.75
    assert unknown.value is None


def test_liquidity_adjusted_risk_is_both_together() -> None:
    scenarios = scenarios_of(market(200, 1))
    one = tail(scenarios, scenarios.book({"a0": 100.0}), (0.99,))[0]
    cost = liquidity.spread_cost({"a0": 100.0}, {"a0": Spread(0.01, 0)})

    assert liquidity.liquidity_adjusted(one, cost).value == pytest.approx((one.value_at_risk or 0) + 0.5)
    assert liquidity.liquidity_adjusted(one, liquidity.spread_cost({"b": 1.0}, {})).value is None


@pytest.mark.parametrize(
    ("quantity", "volume", "days"),
    [(50.0, 100.0, 5.0), (-50.0, 100.0, 5.0), (0.0, None, 0.0), (5.0, None, None), (5.0, 0.0, None)],
)
def test_days_to_sell_at_a_tenth_of_the_volume(quantity: float, volume: float | None, days: float | None) -> None:
    assert liquidity.days_to_liquidate(quantity, volume) == days


def test_a_share_of_the_volume_is_a_share() -> None:
    with pytest.raises(InputError, match="no share of a day's volume"):
        liquidity.days_to_liquidate(1.0, 1.0, 1.5)


def test_the_part_that_is_money_after_some_days() -> None:
    found = liquidity.sold_after({"a": 60.0, "b": 30.0, "c": -10.0}, {"a": 0.5, "b": 4.0, "c": None}, 1)

    assert found == pytest.approx((60 + 30 / 4) / 100)
    assert liquidity.sold_after({}, {}, 1) is None


def test_selling_walks_the_bids_and_what_finds_no_bid_stays() -> None:
    found = liquidity.exit_at_once(5.0, [(99.0, 1.0), (98.0, 2.0)], 100.0)

    assert (found.filled, found.unfilled) == (3, 2)
    assert (found.average, found.cost) == pytest.approx((295 / 3, 5))


def test_buying_back_walks_the_asks() -> None:
    found = liquidity.exit_at_once(-2.0, [(101.0, 1.0), (103.0, 9.0)], 100.0)

    assert (found.filled, found.unfilled) == (2, 0)
    assert (found.average, found.cost) == pytest.approx((102, 4))


def test_an_empty_order_book_has_no_price() -> None:
    assert liquidity.exit_at_once(1.0, [], 100.0) == Exit(0.0, 1.0, None, 0.0)


@given(st.lists(st.tuples(st.floats(1, 99), st.floats(0.01, 10)), max_size=20), st.floats(0.01, 50))
def test_a_larger_sale_costs_no_less(levels: list[tuple[float, float]], quantity: float) -> None:
    bids = sorted(levels, reverse=True)
    small, large = (liquidity.exit_at_once(size, bids, 100.0) for size in (quantity, quantity * 2))

    assert large.cost >= small.cost - 1e-9
    assert small.filled + small.unfilled == pytest.approx(quantity)


def test_equal_parts_are_as_many_as_there_are() -> None:
    found = concentration({"kraken": 25.0, "binance": 25.0, "cold": 25.0, "coinbase": -25.0})

    assert (found.hhi, found.effective) == (0.25, 4)


def test_two_unequal_parts() -> None:
    found = concentration({"a": 10.0, "b": 90.0})

    assert found.shares == (("b", 0.9), ("a", 0.1))
    assert found.hhi == pytest.approx(0.82)


def test_what_belongs_to_nobody_who_is_known_has_no_share() -> None:
    found = concentration({"circle": 60.0, "": 40.0})

    assert (found.hhi, found.unnamed, found.total) == (1, 40, 100)
    assert concentration({"": 40.0}).effective is None


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.floats(0.01, 1e9), min_size=1, max_size=20))
def test_the_effective_number_is_between_one_and_all(sizes: dict[str, float]) -> None:
    found = concentration(sizes)

    assert sum(share for _, share in found.shares) == pytest.approx(1)
    assert 1 - 1e-9 <= (found.effective or 0) <= len(sizes) + 1e-9


def test_equal_independent_assets_are_as_many_bets() -> None:
    found = bets(np.ones(5), np.eye(5) * 0.04)

    assert found.effective == pytest.approx(5)
    assert found.diversification == pytest.approx(math.sqrt(5))


def test_assets_of_equal_correlation_are_still_as_many_bets() -> None:
    """Minimum torsion treats them alike, where principal components would see one."""
    spread = np.full((4, 4), 0.8) + np.eye(4) * 0.2

    assert bets(np.ones(4), spread).effective == pytest.approx(4)
    assert bets(np.ones(4), spread).diversification == pytest.approx(4 / math.sqrt(4 + 12 * 0.8))


def test_independent_assets_bet_with_their_variance() -> None:
    found = bets(np.array([3.0, 1.0]), np.eye(2))

    assert found.shares == pytest.approx((0.9, 0.1))
    assert found.effective == pytest.approx(math.exp(-0.9 * math.log(0.9) - 0.1 * math.log(0.1)))


def test_one_asset_is_one_bet_and_money_is_none() -> None:
    found = bets(np.array([5.0, 100.0]), np.diag([0.04, 0.0]))

    assert found.effective == pytest.approx(1)
    assert found.shares == pytest.approx((1.0, 0.0))
    assert bets(np.zeros(2), np.eye(2)).effective is None


@given(st.integers(2, 8), st.integers(0, 1000))
def test_torsion_makes_uncorrelated_returns_of_the_same_size(assets: int, seed: int) -> None:
    covariance = np.cov(market(200, assets, seed), rowvar=False)
    torsion = minimum_torsion(covariance)
    turned = torsion @ covariance @ torsion.T
    off = turned - np.diag(np.diag(turned))

    assert np.abs(off).max() < 1e-9 * np.diag(turned).max()


@given(st.integers(2, 8), st.integers(0, 1000))
def test_bets_share_the_whole_variance(assets: int, seed: int) -> None:
    values = np.random.Generator(np.random.SFC64(seed)).normal(size=assets)
    found = bets(values, np.cov(market(200, assets, seed), rowvar=False))

    assert sum(found.shares) == pytest.approx(1)
    assert 1 - 1e-9 <= (found.effective or 0) <= assets + 1e-9
    assert (found.diversification or 0) >= 1 - 1e-9 or (values < 0).any()
