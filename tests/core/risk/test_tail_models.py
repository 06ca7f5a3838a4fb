"""Value at risk and shortfall by each model, and what each asset adds to them."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.errors import InputError
from app.core.risk import ewma, quantiles
from app.core.risk.arrays import Floats
from app.core.risk.basis import LEVELS
from app.core.risk.exposures import Book
from app.core.risk.metrics import contributions, filtered, parametric
from app.core.risk.metrics.tail import by_root_of_time, tail
from app.core.risk.scenarios import Scenarios, historical
from tests.core.risk.made_up import market, returns_of, scenarios_of

SIZES = st.tuples(st.integers(30, 300), st.integers(1, 8), st.integers(0, 2**31))


def exposures(count: int, seed: int = 3) -> dict[str, float]:
    random = np.random.Generator(np.random.SFC64(seed))
    return {f"a{column}": float(value) for column, value in enumerate(random.normal(100, 80, count))}


def test_every_level_has_both_figures_and_says_how() -> None:
    scenarios = scenarios_of(market(500, 3))
    held = scenarios.book(exposures(3))
    found = tail(scenarios, held)

    assert [one.confidence for one in found] == list(LEVELS)
    assert found[2].value_at_risk == quantiles.value_at_risk(np.asarray(scenarios.gains(held), np.float64), 0.99)
    assert found[0].basis.method == "historical (500)"
    assert "the last 500 bars" in found[0].basis.how


def test_a_book_of_which_nothing_has_a_history_has_an_unknown_tail() -> None:
    scenarios = scenarios_of(market(50, 1))
    found = tail(scenarios, scenarios.book({"new": 5.0}))[0]

    assert (found.value_at_risk, found.expected_shortfall) == (None, None)
    assert found.basis.assumptions == ("No asset of the book has a history.",)


def test_too_few_outcomes_are_told() -> None:
    scenarios = scenarios_of(market(50, 1))
    found = tail(scenarios, scenarios.book({"a0": 5.0}), (0.99,))[0]

    assert "has less than one" in found.basis.assumptions[-1]


def test_ten_days_by_the_root_of_time_are_labelled() -> None:
    scenarios = scenarios_of(market(500, 1))
    one = tail(scenarios, scenarios.book({"a0": 5.0}), (0.99,))[0]
    ten = by_root_of_time(one, 10)

    assert ten.value_at_risk == pytest.approx((one.value_at_risk or 0) * math.sqrt(10))
    assert ten.basis.method == "historical (500) × √time"
    assert "independent" in ten.basis.assumptions[-1]


def test_a_variance_is_expected_from_what_came_before_only() -> None:
    series = np.array([0.1, 0.2, 0.3])
    found = ewma.variances(series, 0.9)
    start = float(np.square(series).mean())

    assert found == pytest.approx(
        [start, 0.9 * start + 0.001, 0.81 * start + 0.0009 + 0.004, 0.729 * start + 0.00081 + 0.0036 + 0.009]
    )


def test_an_unknown_return_leaves_the_variance_as_it_was() -> None:
    found = ewma.variances(np.array([[0.1], [float("nan")], [0.1]]), 0.94)

    assert found[1, 0] == found[2, 0]


def alone(values: Floats) -> tuple[Scenarios, Book]:
    """Return the scenarios of one asset, and a book that holds it."""
    scenarios = scenarios_of(values)
    return scenarios, scenarios.book({"a0": 100.0})


def test_filtering_steady_returns_changes_nothing() -> None:
    values = np.where(np.arange(200) % 2 == 0, 0.01, -0.01)[:, None]

    assert filtered.rescaled(*alone(values)).by_asset[0] == pytest.approx(values[:, 0])


def test_a_storm_makes_calm_days_of_the_past_worse() -> None:
    values = market(600, 1) * np.where(np.arange(600) < 560, 0.2, 1.5)[:, None]
    scenarios, held = alone(np.clip(values, -0.9, None))
    calm = np.abs(scenarios.by_asset[0, :400])
    stormy = np.abs(filtered.rescaled(scenarios, held).by_asset[0, :400])

    assert np.median(stormy) > 3 * np.median(calm)


def test_a_past_day_is_brought_to_the_volatility_of_today_by_one_factor_for_all_assets() -> None:
    scenarios = scenarios_of(market(300, 3))
    held = scenarios.book({"a0": 100.0, "a1": -20.0})
    volatility = ewma.volatilities(np.asarray(scenarios.gains(held), np.float64), 0.94)
    found = filtered.rescaled(scenarios, held)

    assert found.by_asset[:, 123] == pytest.approx(scenarios.by_asset[:, 123] * volatility[-1] / volatility[123])


def test_a_filtered_asset_loses_no_more_than_everything() -> None:
    values = market(300, 1) * np.where(np.arange(300) < 200, 0.02, 1)[:, None]
    values[60] = -0.5

    assert filtered.rescaled(*alone(values)).by_asset.min() == -1


def test_paths_of_one_day_are_the_filtered_days_themselves() -> None:
    scenarios = scenarios_of(market(250, 2))
    held = scenarios.book(exposures(2))
    days = set(np.round(filtered.rescaled(scenarios, held).by_asset[0], 12))
    drawn = set(np.round(filtered.paths(scenarios, held, 1, count=500).by_asset[0], 12))

    assert drawn <= days


def test_volatility_goes_on_along_a_path() -> None:
    """One day that is drawn twice: the first step moves the volatility of the second."""
    scenarios, held = alone(np.array([[0.02], [0.01]]))
    start = (0.02**2 + 0.01**2) / 2
    past = np.array([start, 0.94 * start + 0.06 * 0.02**2])
    today = 0.94 * past[1] + 0.06 * 0.01**2
    found = set(np.round(filtered.paths(scenarios, held, 2, count=200).by_asset[0], 10))
    expected = set()
    for first in (0, 1):
        one = [0.02, 0.01][first] * math.sqrt(today / past[first])
        later = 0.94 * today + 0.06 * one**2
        for second in (0, 1):
            other = [0.02, 0.01][second] * math.sqrt(later / past[second])
            expected.add(round((1 + one) * (1 + other) - 1, 10))

    assert found == expected


def test_paths_keep_what_moves_together() -> None:
    one = market(250, 1)
    scenarios = scenarios_of(np.hstack((one, one)))
    found = filtered.paths(scenarios, scenarios.book(exposures(2)), 10, count=200)

    assert found.by_asset[0] == pytest.approx(found.by_asset[1])
    assert found.horizon_days == 10


def test_the_same_seed_gives_the_same_paths() -> None:
    first, again, other = (filtered.paths(*alone(market(250, 1)), 10, count=100, seed=seed) for seed in (1, 1, 2))

    assert np.array_equal(first.by_asset, again.by_asset)
    assert not np.array_equal(first.by_asset, other.by_asset)


def test_ten_days_of_independent_normal_days_grow_with_the_root_of_time() -> None:
    values = np.random.Generator(np.random.SFC64(5)).normal(0, 0.01, (2000, 1))
    scenarios, held = alone(values - values.mean())
    one, ten = (
        tail(filtered.paths(scenarios, held, days, filtered.by_ewma(0.999), count=40_000), held, (0.95,))[
            0
        ].value_at_risk
        or 0
        for days in (1, 10)
    )

    assert ten / one == pytest.approx(math.sqrt(10), rel=0.06)


def test_drawn_scenarios_cannot_be_filtered() -> None:
    scenarios, held = alone(market(50, 1))

    with pytest.raises(InputError, match="no order in time"):
        filtered.rescaled(filtered.paths(scenarios, held, 5, count=10), held)


def test_the_normal_tail_is_that_of_the_tables() -> None:
    var, shortfall = parametric.normal(0, 1, 0.99)

    assert (round(var, 5), round(shortfall, 5)) == (2.32635, 2.66521)


def test_gaussian_and_modified_figures_agree_with_their_definition_on_known_moments() -> None:
    """Skewness −1, excess 3, at 95 %: z = −1.644854 becomes −1.644854 − .284257 + .060542 + .018783."""
    found = parametric.Shape(0.0, 1.0, -1.0, 3.0)

    assert parametric.cornish_fisher_quantile(found, 0.95) == pytest.approx(-1.849786, abs=5e-7)


def test_cornish_fisher_of_a_normal_shape_is_the_normal_tail() -> None:
    normal = parametric.Shape(0.0, 1.0, 0.0, 0.0)
    found = parametric.cornish_fisher_quantile(normal, 0.99), parametric.cornish_fisher_mean_beyond(normal, 0.99)

    assert [-one for one in found] == pytest.approx(parametric.normal(0.0, 1.0, 0.99))


@pytest.mark.parametrize(("skewness", "excess"), [(-0.3, 1.0), (0.5, 2.0), (-0.8, 3.5)])
def test_the_shortfall_of_cornish_fisher_is_the_mean_of_its_quantiles(skewness: float, excess: float) -> None:
    shape = parametric.Shape(0.0, 1.0, skewness, excess)
    levels = 0.95 + (np.arange(20_000) + 0.5) / 20_000 * 0.05
    mean = np.mean([parametric.cornish_fisher_quantile(shape, min(level, 0.99999999)) for level in levels.tolist()])
    found = parametric.cornish_fisher_mean_beyond(shape, 0.95)

    assert found == pytest.approx(mean, rel=1e-4)
    assert found < parametric.cornish_fisher_quantile(shape, 0.95)


def test_gains_of_a_market_are_inside_the_domain_and_their_cubes_are_not() -> None:
    scenarios, held = alone(market(400, 1))
    gains = np.asarray(scenarios.gains(held), np.float64)

    assert [parametric.is_quantile(parametric.shape(one)) for one in (gains, gains**3)] == [True, False]


@pytest.mark.parametrize(("skewness", "excess"), [(0.0, 9.0), (3.0, 3.0), (-1.0, 0.0), (0.0, -1.0)])
def test_outside_its_domain_cornish_fisher_is_no_quantile(skewness: float, excess: float) -> None:
    assert not parametric.is_quantile(parametric.Shape(0.0, 1.0, skewness, excess))


@given(st.floats(-3, 3), st.floats(-2, 12))
def test_inside_its_domain_the_quantile_rises_with_the_confidence(skewness: float, excess: float) -> None:
    found = parametric.Shape(0.0, 1.0, skewness, excess)
    levels = [0.51, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 0.99999]
    quantiles_ = [parametric.cornish_fisher_quantile(found, level) for level in levels]
    rises = all(later <= earlier + 1e-12 for earlier, later in pairwise(quantiles_))

    assert rises or not parametric.is_quantile(found)


def test_constant_gains_have_no_deviation() -> None:
    assert parametric.shape(np.full(10, 0.25)) == parametric.Shape(0.25, 0.0, 0.0, 0.0)


@given(SIZES, st.sampled_from(LEVELS))
def test_components_add_up_to_the_whole(size: tuple[int, int, int], confidence: float) -> None:
    days, assets, seed = size
    scenarios = scenarios_of(market(days, assets, seed))
    held = scenarios.book(exposures(assets, seed))
    found = contributions.contributions(scenarios, held, confidence)
    whole = tail(scenarios, held, (confidence,))[0]

    assert found.expected_shortfall.sum() == pytest.approx(whole.expected_shortfall)
    assert found.value_at_risk.sum() == pytest.approx(whole.value_at_risk)


@given(SIZES)
def test_parametric_components_add_up_to_the_whole(size: tuple[int, int, int]) -> None:
    days, assets, seed = size
    covariance = np.atleast_2d(np.cov(market(days, assets, seed), rowvar=False))
    values = np.array(list(exposures(assets, seed).values()))
    whole = parametric.normal(0, parametric.deviation_of(values, covariance), 0.99)[0]

    assert contributions.parametric(values, covariance, 0.99).sum() == pytest.approx(whole)


def test_marginal_shortfall_is_the_slope() -> None:
    scenarios = scenarios_of(market(400, 3))
    held = scenarios.book(exposures(3))
    found = contributions.contributions(scenarios, held, 0.975)
    step = 1e-6
    up = tail(scenarios, held.changed("a1", step), (0.975,))[0].expected_shortfall or 0
    down = tail(scenarios, held.changed("a1", -step), (0.975,))[0].expected_shortfall or 0

    assert found.marginal[1] == pytest.approx((up - down) / (2 * step), rel=1e-5)


def test_an_asset_that_hedges_takes_risk_away() -> None:
    values = market(400, 2)
    values[:, 1] = values[:, 0]
    scenarios = scenarios_of(values)
    found = contributions.contributions(scenarios, scenarios.book({"a0": 100.0, "a1": -40.0}))

    assert found.expected_shortfall[0] > 0 > found.expected_shortfall[1]


def test_a_trade_is_tried_before_it_is_made() -> None:
    scenarios = scenarios_of(market(400, 3))
    held = scenarios.book(exposures(3))
    change = contributions.what_if(scenarios, held, {"a0": 50.0, "a2": -20.0})
    after = tail(scenarios, held.changed("a0", 50.0).changed("a2", -20.0), (0.99,))[0]

    assert change.value_at_risk[1] == pytest.approx(after.value_at_risk)
    assert change.expected_shortfall[1] == pytest.approx(after.expected_shortfall)


def test_a_trade_in_what_has_no_scenarios_is_refused() -> None:
    scenarios = scenarios_of(market(40, 1))

    with pytest.raises(InputError, match="new has no scenarios"):
        contributions.what_if(scenarios, scenarios.book({"a0": 1.0}), {"new": 1.0})


def test_incremental_risk_is_what_the_whole_has_more_than_without_the_asset() -> None:
    scenarios = scenarios_of(market(400, 3))
    held = scenarios.book(exposures(3))
    without = held.changed("a1", -float(held.values[1]))
    whole, rest = (tail(scenarios, one, (0.99,))[0].value_at_risk or 0 for one in (held, without))

    assert contributions.incremental(scenarios, held)[1] == pytest.approx(whole - rest)


def test_coverage_stands_beside_the_figure() -> None:
    values = market(100, 2)
    values[:80, 1] = float("nan")
    scenarios = historical(returns_of(values), ["a0", "a1"], 100)
    found = tail(scenarios, scenarios.book({"a0": 30.0, "a1": 10.0}))[0]

    assert found.basis.coverage.share == pytest.approx(0.75)
    assert found.basis.coverage.left_out == ("a1",)
