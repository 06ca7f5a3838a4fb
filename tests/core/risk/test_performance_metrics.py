"""Drawdowns, ratios and attribution: closed forms, and parts that add up."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import DAY
from app.core.errors import InputError
from app.core.risk.arrays import Floats
from app.core.risk.metrics.attribution import brinson, contribution
from app.core.risk.metrics.drawdown import Drawdown, drawdown
from app.core.risk.metrics.ratios import ratios
from tests.core.risk.made_up import market

NAN = float("nan")
CURVE = [100.0, 120.0, 90.0, 60.0, 100.0, 130.0, 117.0]


def of(*levels: float, confidence: float = 0.95) -> Drawdown:
    return drawdown(np.arange(len(levels), dtype=np.int64) * DAY, np.array(levels), confidence)


def test_depths_are_shares_of_the_highest_mark_before() -> None:
    found = of(*CURVE)

    assert found.depths == pytest.approx([0, 0, 0.25, 0.5, 1 / 6, 0, 0.1])
    assert (found.deepest, found.current) == pytest.approx((0.5, 0.1))


def test_the_deepest_fall_has_a_mark_a_bottom_and_an_end() -> None:
    found = of(*CURVE)

    assert (found.peak, found.trough, found.recovered) == (1 * DAY, 3 * DAY, 5 * DAY)
    assert of(*CURVE[:5]).recovered is None


def test_a_fall_begins_when_its_mark_was_last_reached() -> None:
    assert of(100.0, 100.0, 80.0).peak == DAY


def test_a_curve_that_only_rises_has_no_drawdown() -> None:
    found = of(1.0, 2.0, 3.0)

    assert (found.deepest, found.conditional, found.recovered) == (0, 0, None)


def test_conditional_drawdown_is_the_mean_of_the_deepest_days() -> None:
    found = of(100.0, *(100.0 - depth for depth in range(1, 20)), confidence=0.9)

    assert found.conditional == pytest.approx((0.19 + 0.18) / 2)


def test_days_without_a_value_are_left_out_and_counted() -> None:
    found = of(100.0, NAN, 50.0, 75.0)

    assert found.deepest == 0.5
    assert found.basis.coverage.share == 0.75


@pytest.mark.parametrize("levels", [(), (NAN,), (100.0, 0.0), (100.0, -1.0)])
def test_a_curve_that_is_not_above_zero_is_refused(levels: tuple[float, ...]) -> None:
    with pytest.raises(InputError, match="above zero throughout"):
        of(*levels)


@given(st.integers(2, 200), st.integers(0, 1000), st.floats(0.1, 1000))
def test_the_scale_of_a_curve_changes_nothing(days: int, seed: int, scale: float) -> None:
    levels = np.cumprod(1 + market(days, 1, seed)[:, 0])
    plain, scaled = of(*levels), of(*(levels * scale))

    assert scaled.depths == pytest.approx(plain.depths, abs=1e-12)
    assert plain.conditional <= plain.deepest + 1e-12
    assert plain.average <= plain.conditional + 1e-12


def test_a_year_has_365_days() -> None:
    daily = np.array([0.01, -0.01, 0.02, 0.0])
    found = ratios(daily)

    assert found.volatility == pytest.approx(daily.std(ddof=1) * math.sqrt(365))
    assert found.sharpe == pytest.approx(daily.mean() / daily.std(ddof=1) * math.sqrt(365))
    assert found.growth == pytest.approx((1.01 * 0.99 * 1.02) ** (365.25 / 4) - 1)


def test_sortino_counts_only_what_is_below_and_all_days() -> None:
    daily = np.array([0.01, -0.02, 0.03, -0.01])
    below = math.sqrt((0.02**2 + 0.01**2) / 4)

    assert ratios(daily).sortino == pytest.approx(daily.mean() * 365 / (below * math.sqrt(365)))


def test_calmar_is_growth_over_the_deepest_fall() -> None:
    found = ratios(np.array([0.1, -0.2, 0.05]))

    assert found.deepest == pytest.approx(0.2)
    assert found.calmar == pytest.approx((found.growth or 0) / 0.2)


def test_a_riskless_rate_is_taken_off_each_day() -> None:
    daily = np.array([0.01, -0.01, 0.02, 0.0])
    rate = 1.05 ** (1 / 365) - 1

    assert ratios(daily, riskless=0.05).sharpe == pytest.approx(
        (daily.mean() - rate) / daily.std(ddof=1) * math.sqrt(365)
    )


def test_sortino_and_alpha_are_beyond_the_riskless_rate() -> None:
    own, other = market(300, 2).T
    rate = 1.05 ** (1 / 365) - 1
    plain, beyond = ratios(own - rate, other - rate), ratios(own, other, riskless=0.05)

    assert (beyond.sortino, beyond.alpha) == pytest.approx((plain.sortino, plain.alpha))


def test_a_leveraged_benchmark_has_its_leverage_as_beta() -> None:
    benchmark = market(400, 1)[:, 0]
    found = ratios(2 * benchmark + 0.001, benchmark)

    assert (found.beta, found.correlation) == pytest.approx((2, 1))
    assert found.alpha == pytest.approx(0.365)


def test_the_benchmark_itself_has_no_tracking_error_and_no_information() -> None:
    benchmark = market(400, 1)[:, 0]
    found = ratios(benchmark, benchmark)

    assert found.beta == pytest.approx(1)
    assert (found.tracking_error, found.information) == (0, None)


def test_tracking_error_is_the_deviation_of_the_difference() -> None:
    own, other = market(400, 2).T
    difference = own - other
    found = ratios(own, other)

    assert found.tracking_error == pytest.approx(difference.std(ddof=1) * math.sqrt(365))
    assert found.information == pytest.approx(difference.mean() / difference.std(ddof=1) * math.sqrt(365))


def test_unknown_days_are_left_out_of_both() -> None:
    own, other = market(100, 2).T.copy()
    own[3], other[7] = NAN, NAN
    kept = np.delete(np.arange(100), [3, 7])

    assert ratios(own, other).beta == pytest.approx(ratios(own[kept], other[kept]).beta)
    assert ratios(own, other).basis.coverage.share == pytest.approx(0.99)


def test_a_sharpe_ratio_has_the_standard_error_of_lo() -> None:
    """Lo (2002): √((1 + ½·S²) ÷ n) for the ratio of a day, times √365 for that of a year."""
    daily = market(250, 1)[:, 0]
    of_a_day = daily.mean() / daily.std(ddof=1)

    assert ratios(daily).sharpe_error == pytest.approx(math.sqrt((1 + of_a_day**2 / 2) / 250) * math.sqrt(365))


def test_capture_is_mean_growth_over_the_benchmarks_on_days_it_rose_and_fell() -> None:
    own = np.array([0.02, -0.01, 0.0, 0.04, -0.03])
    other = np.array([0.04, -0.02, 0.0, 0.02, -0.02])
    found = ratios(own, other)

    up = ((1.02 * 1.04) ** 0.5 - 1) / ((1.04 * 1.02) ** 0.5 - 1)
    down = ((0.99 * 0.97) ** 0.5 - 1) / (0.98 - 1)
    assert (found.up, found.down) == pytest.approx((up, down))


def test_a_benchmark_that_never_fell_has_no_downside_to_capture() -> None:
    found = ratios(np.array([0.01, -0.01, 0.02]), np.array([0.01, 0.02, 0.0]))

    assert found.up is not None
    assert found.down is None


def test_a_curve_carries_growth_over_a_day_that_is_unknown() -> None:
    levels = np.array([1.0, 1.1, NAN, 0.88, 0.968])
    found = ratios(levels[1:] / levels[:-1] - 1, levels=levels)

    assert found.growth == pytest.approx(0.968 ** (365.25 / 4) - 1)
    assert found.deepest == pytest.approx(0.2)
    assert found.basis.observations == 2


def test_what_cannot_be_told_is_unknown() -> None:
    nothing, single, flat = (ratios(np.array(daily)) for daily in ([], [0.1], [0.0, 0.0]))

    assert (nothing.volatility, nothing.sharpe, nothing.deepest) == (None, None, None)
    assert (single.growth, single.volatility) == (None, None)
    assert (flat.volatility, flat.sharpe, flat.calmar, flat.beta) == (0, None, None, None)


def test_another_number_of_days_is_refused() -> None:
    with pytest.raises(InputError, match="3 returns stand beside 2"):
        ratios(np.zeros(3), np.zeros(2))


def weights_of(days: int, names: int, seed: int) -> Floats:
    sizes = np.random.Generator(np.random.SFC64(seed)).uniform(0.1, 1, (days, names))
    return np.asarray(sizes / sizes.sum(axis=1, keepdims=True))


SIZES = st.tuples(st.integers(1, 60), st.integers(1, 6), st.integers(0, 1000))


@given(SIZES)
def test_contributions_add_up_over_any_period(size: tuple[int, int, int]) -> None:
    days, names, seed = size
    weights, moves = weights_of(days, names, seed), market(days, names, seed)
    found = contribution(tuple(map(str, range(names))), weights, moves)

    assert found.total == pytest.approx(np.prod(1 + (weights * moves).sum(axis=1)) - 1)
    assert found.parts.sum() == pytest.approx(found.total, abs=1e-12)


@given(SIZES)
def test_effects_add_up_to_the_difference(size: tuple[int, int, int]) -> None:
    days, names, seed = size
    found = brinson(
        tuple(map(str, range(names))),
        weights_of(days, names, seed),
        market(days, names, seed),
        weights_of(days, names, seed + 1),
        market(days, names, seed + 1),
    )
    total = found.allocation.sum() + found.selection.sum() + found.interaction.sum()

    assert total == pytest.approx(found.difference, abs=1e-10)


def test_one_day_is_that_of_the_textbook() -> None:
    """70/30 against 60/40; returns 10 % and 5 % against 8 % and 4 %: the benchmark made 6.4 %."""
    found = brinson(
        ("coins", "cash"),
        np.array([[0.7, 0.3]]),
        np.array([[0.10, 0.05]]),
        np.array([[0.6, 0.4]]),
        np.array([[0.08, 0.04]]),
    )

    assert found.allocation == pytest.approx([0.1 * (0.08 - 0.064), -0.1 * (0.04 - 0.064)])
    assert found.selection == pytest.approx([0.6 * 0.02, 0.4 * 0.01])
    assert found.interaction == pytest.approx([0.1 * 0.02, -0.1 * 0.01])
    assert found.difference == pytest.approx(0.085 - 0.064)


def test_the_benchmark_itself_has_no_effects() -> None:
    weights, moves = weights_of(20, 3, 1), market(20, 3)
    found = brinson(("a", "b", "c"), weights, moves, weights, moves)

    assert not any(effect.any() for effect in (found.allocation, found.selection, found.interaction))


def test_what_is_in_no_group_stands_apart_and_adds_up_too() -> None:
    weights, moves = weights_of(50, 3, 1), market(50, 3)
    fees = np.column_stack((np.full(50, -0.001), np.linspace(0, 0.002, 50)))
    found = brinson(("a", "b", "c"), weights, moves, weights, moves, fees)

    assert not found.allocation.any()
    assert found.apart.shape == (2,)
    assert found.apart.sum() == pytest.approx(found.difference)


def test_weights_that_do_not_add_up_are_refused() -> None:
    half, moves = np.full((1, 2), 0.25), np.zeros((1, 2))

    with pytest.raises(InputError, match=r"add up to 0\.5"):
        brinson(("a", "b"), half, moves, half, moves)


def test_a_day_that_lost_everything_ends_the_attribution() -> None:
    with pytest.raises(InputError, match="lost everything"):
        contribution(("a",), np.ones((2, 1)), np.array([[0.1], [-1.0]]))


def test_unknown_returns_are_not_attributed() -> None:
    with pytest.raises(InputError, match="stand beside returns"):
        contribution(("a",), np.ones((1, 1)), np.array([[NAN]]))
