"""GARCH(1,1) with its variance targeted: against arch's recursion, scipy's optimum, and worlds that are known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from arch.univariate import GARCH
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from app.core.risk import ewma, garch
from app.core.risk.arrays import Floats
from app.core.risk.backtest.models import REFIT, History, filtered_by_garch
from app.core.risk.metrics import filtered
from app.core.risk.quantiles import tails
from tests.core.risk.made_up import market, scenarios_of

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
    found = garch.fitted(series[None, :]).parameters[0]
    starts = (np.array([0.05, 0.9]), np.array([0.2, 0.4]), np.array([0.3, 0.02]))
    best = min(optimize.minimize(loss, start, (series,), "Nelder-Mead").fun for start in starts)

    assert loss(found, series) <= best + 1e-3


def test_a_long_history_tells_the_numbers_it_was_made_with() -> None:
    made = np.stack([world(0.08, 0.9, 8_000, seed) for seed in range(3)])
    found = garch.fitted(made).parameters

    assert found.mean(axis=0) == pytest.approx([0.08, 0.9], abs=0.015)


def test_every_sample_is_estimated_on_its_own() -> None:
    made = np.stack([world(0.1, 0.8, 200, seed) for seed in range(5)])
    alone = [garch.fitted(one[None, :]).parameters[0].tolist() for one in made]

    assert garch.fitted(made).parameters.tolist() == alone


def test_what_stands_still_has_no_volatility_and_no_risk() -> None:
    still = np.zeros((2, 100))
    history = History(np.zeros(140), np.zeros((140, 1)), np.ones(1), 100, 0.99)
    found = filtered_by_garch(history)

    assert garch.fitted(still).parameters.tolist() == [[0, 0], [0, 0]]
    assert garch.fitted(still).troubles == ("no return differs from zero",) * 2
    assert (found.value_at_risk.tolist(), found.is_valid.tolist()) == ([0] * 40, [False] * 40)


@pytest.mark.parametrize("day", [0, REFIT - 1, REFIT, 2 * REFIT + 7])
def test_a_forecast_is_the_tail_of_the_window_in_units_of_its_days_at_the_volatility_of_now(day: int) -> None:
    gains, window = market(180, 1)[:, 0], 120
    history = History(gains, gains[:, None], np.ones(1), window, 0.95)
    begin = day - day % REFIT
    learnt, level = gains[begin : begin + window], float(np.square(gains[begin : begin + window]).mean())
    alpha, beta = garch.fitted(learnt[None, :]).parameters[0].tolist()
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


def wilder(bars: int = 500) -> Floats:
    """Return returns that grow by one in a hundred from day to day."""
    return np.asarray(world(0.0, 0.0, bars, 1) * 1.01 ** np.arange(bars))


@pytest.mark.parametrize(
    ("series", "why"),
    [
        (market(garch.LEAST - 1, 1)[:, 0], "99 returns are fewer than the 100 that it takes"),
        (np.zeros(200), "no return differs from zero"),
        (world(0.95, 0.0, 200, 1), "take on more than 0.5 of every squared return"),
        (wilder(), "would not return to a mean"),
    ],
    ids=["few", "still", "shocks", "wilder"],
)
def test_what_cannot_be_fitted_is_filtered_by_an_ewma_and_says_so_and_why(series: Floats, why: str) -> None:
    scenarios = scenarios_of(series[:, None])
    held = scenarios.book({"a0": 100.0})
    for found, plain in (
        (filtered.rescaled(scenarios, held, filtered.by_garch), filtered.rescaled(scenarios, held)),
        (filtered.paths(scenarios, held, 3, filtered.by_garch, count=50), filtered.paths(scenarios, held, 3, count=50)),
    ):
        assert found.by_asset.tolist() == plain.by_asset.tolist()
        assert found.method.startswith("FHS-EWMA (0.94) in place of GARCH (1,1)")
        assert any(why in said and "EWMA (0.94) is taken in its place" in said for said in found.assumptions)


def test_a_search_that_does_not_come_to_rest_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garch, "_ROUNDS", 2)
    found = garch.fitted(world(0.08, 0.9, 400, 1)[None, :])

    assert found.troubles == ("the search for its two numbers does not come to rest",)


@pytest.mark.parametrize("seed", range(6))
def test_of_a_garch_that_is_one_no_trouble_is_told(seed: int) -> None:
    assert garch.fitted(world(0.08, 0.9, 500, seed)[None, :]).troubles == ("",)


def test_days_of_a_card_on_which_none_could_be_fitted_are_those_of_an_ewma_and_not_valid() -> None:
    gains = np.concatenate((world(0.95, 0.0, 120, 1), world(0.08, 0.9, 200, 1)))
    history = History(gains, gains[:, None], np.ones(1), 120, 0.95)
    found = filtered_by_garch(history)
    expected = ewma.volatilities(gains[: 120 + REFIT - 1], ewma.DAILY)
    at, beyond = tails(gains[:120] / expected[:120], (0.95,))[0]

    assert not found.is_valid[:REFIT].any()
    assert found.is_valid[-REFIT:].all()
    assert (found.value_at_risk[0], found.expected_shortfall[0]) == pytest.approx(
        (at * expected[120], beyond * expected[120])
    )


def test_filtered_outcomes_are_past_ones_at_the_volatility_that_the_fit_expects_now() -> None:
    series = world(0.1, 0.85, 400, 3)
    scenarios = scenarios_of(series[:, None])
    found = filtered.rescaled(scenarios, scenarios.book({"a0": 50.0}), filtered.by_garch)
    alpha, beta = garch.fitted(50 * series[None, :]).parameters[0].tolist()
    level = float(np.square(series).mean())
    variance = [level]
    for gain in series.tolist():
        variance.append((1 - alpha - beta) * level + alpha * gain**2 + beta * variance[-1])
    deviation = np.sqrt(variance)

    assert found.method == "FHS-GARCH (1,1)"
    assert found.by_asset[0] == pytest.approx(np.maximum(series * deviation[-1] / deviation[:-1], -1))


def test_variance_returns_to_its_mean_along_a_path() -> None:
    """A filter that reacts to nothing: the second day's variance lies three tenths nearer to the mean."""
    series = np.where(np.arange(120) % 2 == 0, 0.02, -0.02)
    held = scenarios_of(series[:, None])
    by = filtered.Filter("told", np.full(121, 0.04), 0.3 * 0.0004, 0.0, 0.7)
    found = filtered.paths(held, held.book({"a0": 1.0}), 2, lambda _gains: by, count=400)
    second = math.sqrt(0.3 * 0.0004 + 0.7 * 0.04**2)
    expected = {
        round((1 + one * 0.02) * (1 + two * 0.02 * second / 0.04) - 1, 10) for one in (1, -1) for two in (1, -1)
    }

    assert set(np.round(found.by_asset[0], 10)) == expected
