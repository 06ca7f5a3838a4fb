"""GARCH(1,1) with its variance targeted: against arch's recursion, scipy's optimum, and worlds that are known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from arch.univariate import GARCH
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from app.core.risk import garch
from app.core.risk.arrays import Floats
from app.core.risk.backtest.models import REFIT, History, filtered_by_garch
from app.core.risk.quantiles import tails
from tests.core.risk.made_up import market

SERIES = st.tuples(st.integers(60, 300), st.integers(0, 1_000)).map(lambda size: market(size[0], 1, size[1])[:, 0])


def world(alpha: float, beta: float, bars: int, seed: int) -> Floats:
    """Return returns of a GARCH whose variance is 0.0009 in the mean."""
    random = np.random.Generator(np.random.SFC64(seed))
    variance, returns = 0.0009, []
    for shock in random.standard_normal(bars).tolist():
        returns.append(math.sqrt(variance) * shock)
        variance = 0.0009 * (1 - alpha - beta) + alpha * returns[-1] ** 2 + beta * variance
    return np.array(returns)


def loss(parameters: Floats, series: Floats) -> float:
    """Return twice the negative log-likelihood without its constant, by arch's recursion."""
    alpha, beta = parameters.tolist()
    if min(alpha, beta) < 0 or alpha + beta >= 1:
        return math.inf
    variance = of_arch(series, alpha, beta)
    return float((np.log(variance) + np.square(series) / variance).sum())


def of_arch(series: Floats, alpha: float, beta: float) -> Floats:
    level, bounds = float(np.square(series).mean()), np.tile([0.0, 1e6], (series.size, 1))
    given_ = np.array([(1 - alpha - beta) * level, alpha, beta])
    return np.asarray(GARCH().compute_variance(given_, series, np.empty(series.size), level, bounds), np.float64)


@given(SERIES, st.floats(0, 0.4), st.floats(0, 0.59))
def test_variances_are_those_of_arch(series: Floats, alpha: float, beta: float) -> None:
    level = np.square(series).mean(keepdims=True)
    found = garch.variances(series[None, :], np.array([[alpha, beta]]), level)[0]

    assert found[:-1] == pytest.approx(of_arch(series, alpha, beta), rel=1e-9)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("truth", [(0.08, 0.9), (0.2, 0.5), (0.3, 0.0)])
def test_no_optimiser_finds_a_likelier_pair(truth: tuple[float, float], seed: int) -> None:
    series = world(*truth, 400, seed)
    found = garch.estimated(series[None, :])[0]
    starts = (np.array([0.05, 0.9]), np.array([0.2, 0.4]), np.array([0.3, 0.02]))
    best = min(optimize.minimize(loss, start, (series,), "Nelder-Mead").fun for start in starts)

    assert loss(found, series) <= best + 1e-3


def test_a_long_history_tells_the_numbers_it_was_made_with() -> None:
    made = np.stack([world(0.08, 0.9, 8_000, seed) for seed in range(3)])
    found = garch.estimated(made)

    assert found.mean(axis=0) == pytest.approx([0.08, 0.9], abs=0.015)


def test_every_sample_is_estimated_on_its_own() -> None:
    made = np.stack([world(0.1, 0.8, 200, seed) for seed in range(5)])
    alone = [garch.estimated(one[None, :])[0].tolist() for one in made]

    assert garch.estimated(made).tolist() == alone


def test_what_stands_still_has_no_volatility_and_no_risk() -> None:
    still = np.zeros((2, 100))
    history = History(np.zeros(100), np.zeros((100, 1)), np.ones(1), 60, 0.99)

    assert garch.estimated(still).tolist() == [[0, 0], [0, 0]]
    assert filtered_by_garch(history).value_at_risk.tolist() == [0] * 40


@pytest.mark.parametrize("day", [0, REFIT - 1, REFIT, 2 * REFIT + 7])
def test_a_forecast_is_the_tail_of_the_window_in_units_of_its_days_at_the_volatility_of_now(day: int) -> None:
    gains, window = market(140, 1)[:, 0], 80
    history = History(gains, gains[:, None], np.ones(1), window, 0.95)
    begin = day - day % REFIT
    learnt, level = gains[begin : begin + window], float(np.square(gains[begin : begin + window]).mean())
    alpha, beta = garch.estimated(learnt[None, :])[0].tolist()
    variance = [level]
    for gain in gains[begin : day + window].tolist():
        variance.append((1 - alpha - beta) * level + alpha * gain**2 + beta * variance[-1])
    deviation = np.sqrt(variance)
    units = gains[day : day + window] / deviation[day - begin : -1]
    at, beyond = tails(units, (0.95,))[0]
    found = filtered_by_garch(history)

    assert found.value_at_risk.size == gains.size - window
    assert (found.value_at_risk[day], found.expected_shortfall[day]) == pytest.approx(
        (at * deviation[-1], beyond * deviation[-1])
    )
