"""The figures of risk against independent programs: scikit-learn, pandas, scipy and arch, none of which is shipped.

Empyrical and riskfolio are left out: the one has no wheel, the other brings a hundred packages.
"""

from __future__ import annotations

import math
import warnings
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from arch.univariate import EWMAVariance, ZeroMean
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize, stats
from sklearn.covariance import LedoitWolf
from sklearn.decomposition import PCA

from app.core.clock import DAY
from app.core.risk import ewma, quantiles
from app.core.risk.arrays import Floats
from app.core.risk.backtest import likelihood
from app.core.risk.backtest.card import card
from app.core.risk.metrics import absorption, contributions, correlations, covariance, filtered, monte_carlo, parametric
from app.core.risk.metrics.covariance import EwmaCovariance
from app.core.risk.metrics.drawdown import drawdown
from app.core.risk.metrics.ratios import ratios
from app.core.risk.metrics.tail import tail
from app.core.risk.scenarios import beta
from tests.core.risk.made_up import market, scenarios_of

SIZES = st.tuples(st.integers(3, 120), st.integers(1, 12), st.integers(0, 1000))
SERIES = st.tuples(st.integers(40, 400), st.integers(0, 1000)).map(lambda size: market(size[0], 1, size[1])[:, 0])
LEVEL = st.sampled_from([0.9, 0.95, 0.975, 0.99, 0.995])


@given(SIZES.filter(lambda size: size[1] > 1))
def test_shrinkage_is_that_of_scikit_learn(size: tuple[int, int, int]) -> None:
    by_bar = market(*size)
    oracle = LedoitWolf().fit(by_bar)
    found, share = covariance.shrunk(by_bar)

    assert found == pytest.approx(oracle.covariance_, rel=1e-10, abs=1e-10 * np.trace(found))
    assert share == pytest.approx(oracle.shrinkage_, rel=1e-9, abs=1e-12)


@given(SERIES, st.sampled_from([0.9, 0.94, 0.97]))
def test_expected_variances_are_those_of_pandas(series: Floats, decay: float) -> None:
    squares = np.square(series)
    seeded = pd.Series([squares[:30].mean(), *squares])

    assert ewma.variances(series, decay) == pytest.approx(seeded.ewm(alpha=1 - decay, adjust=False).mean().to_numpy())


@given(SERIES, st.sampled_from([0.9, 0.94, 0.97]))
def test_unknown_returns_leave_variances_as_pandas_leaves_them(series: Floats, decay: float) -> None:
    holed = series.copy()
    holed[31::7] = np.nan
    seeded = pd.Series([np.nanmean(np.square(holed[:30])), *np.square(holed)])
    oracle = seeded.ewm(alpha=1 - decay, adjust=False, ignore_na=True).mean()

    assert ewma.variances(holed, decay) == pytest.approx(oracle.to_numpy())


def test_volatilities_are_those_of_arch_once_the_start_is_forgotten() -> None:
    series = market(1_500, 1)[:, 0] * 100
    oracle = ZeroMean(series, volatility=EWMAVariance(0.94)).fit(disp="off").conditional_volatility

    assert ewma.volatilities(series, 0.94)[1_000:-1] == pytest.approx(oracle[1_000:], rel=1e-9)


@given(SIZES)
def test_the_fading_covariance_is_that_of_pandas(size: tuple[int, int, int]) -> None:
    by_bar = market(*size)
    engine = EwmaCovariance(size[1])
    for bar in by_bar:
        engine.update(bar)
    products = pd.DataFrame((by_bar[:, :, None] * by_bar[:, None, :]).reshape(size[0], -1))
    oracle = products.ewm(alpha=0.06, adjust=True).mean().iloc[-1].to_numpy().reshape(size[1], size[1])

    assert engine.covariance() == pytest.approx(oracle, rel=1e-9)


@given(SIZES)
def test_correlations_are_those_of_pandas(size: tuple[int, int, int]) -> None:
    by_bar = market(*size)
    found = covariance.correlation(np.atleast_2d(np.cov(by_bar, rowvar=False)))

    assert found == pytest.approx(pd.DataFrame(by_bar).corr().to_numpy(), abs=1e-12)


@given(st.integers(1, 3_000), LEVEL)
def test_the_order_of_the_tail_is_the_exact_one(outcomes: int, confidence: float) -> None:
    exact = math.ceil((1 - Fraction(str(confidence))) * outcomes)

    assert quantiles.order(confidence, outcomes) == exact


@given(st.integers(1, 1_000), LEVEL, st.integers(0, 100))
def test_value_at_risk_is_the_inverted_distribution_of_numpy(outcomes: int, confidence: float, seed: int) -> None:
    gains = np.random.Generator(np.random.SFC64(seed)).standard_t(3, outcomes)
    share = 1 - Fraction(str(confidence))
    # Where the share of outcomes is whole, floats decide which of two numpy takes: it is asked a little below.
    oracle = np.quantile(gains, float(share) * (1 - 1e-9), method="inverted_cdf")

    assert quantiles.value_at_risk(gains, confidence) == -oracle


@given(st.integers(20, 400), LEVEL, st.integers(0, 100))
def test_shortfall_is_the_minimum_of_rockafellar_and_uryasev(outcomes: int, confidence: float, seed: int) -> None:
    losses = np.random.Generator(np.random.SFC64(seed)).standard_t(3, outcomes)

    assert quantiles.expected_shortfall(-losses, confidence) == pytest.approx(mean_beyond(losses, confidence), rel=1e-9)


def mean_beyond(losses: Floats, confidence: float) -> float:
    """Return min over z of z + mean of what is beyond z ÷ share: convex and piecewise linear, so it is at a loss."""
    share = 1 - confidence
    return min(float(z + np.maximum(losses - z, 0).mean() / share) for z in losses)


@given(st.integers(10, 200), st.integers(0, 50), LEVEL)
def test_conditional_drawdown_is_that_of_a_linear_program(days: int, seed: int, confidence: float) -> None:
    curve: Floats = np.asarray(np.cumprod(1 + market(days, 1, seed)[:, 0]), np.float64)
    found = drawdown(np.arange(days) * DAY, curve, confidence)
    depths = 1 - curve / pd.Series(curve).cummax().to_numpy()
    costs = np.concatenate(([1.0], np.full(days, 1 / ((1 - confidence) * days))))
    beyond = np.hstack((-np.ones((days, 1)), -np.eye(days)))
    oracle = optimize.linprog(costs, A_ub=beyond, b_ub=-depths, bounds=[(None, None), *[(0, None)] * days])

    assert found.conditional == pytest.approx(oracle.fun, abs=1e-9)
    assert found.deepest == pytest.approx(depths.max())


@given(st.integers(1, 2_000), st.data(), LEVEL)
def test_tests_of_frequency_are_those_of_scipy(days: int, data: st.DataObject, confidence: float) -> None:
    count = data.draw(st.integers(0, min(days, 60)))
    found, share = likelihood.kupiec(days, count, confidence), 1 - confidence
    ratio = 2 * (stats.binom.logpmf(count, days, count / days) - stats.binom.logpmf(count, days, share))

    assert found.statistic == pytest.approx(ratio, abs=1e-7)
    assert found.p_value == pytest.approx(stats.chi2.sf(max(ratio, 0), 1), abs=1e-7)
    assert likelihood.binomial_cdf(count, days, share) == pytest.approx(stats.binom.cdf(count, days, share), abs=1e-9)


@given(*[st.integers(0, 300)] * 4)
def test_independence_is_the_test_of_a_table(calm: int, begins: int, ends: int, goes_on: int) -> None:
    table = np.array([[calm, begins], [ends, goes_on]])
    found = likelihood.independence(calm, begins, ends, goes_on)
    if (table.sum(axis=0) == 0).any() or (table.sum(axis=1) == 0).any():
        assert found.statistic == pytest.approx(0, abs=1e-9)
        assert found.p_value == pytest.approx(1, abs=1e-4)
        return
    oracle = stats.chi2_contingency(table, correction=False, lambda_="log-likelihood")

    assert found.statistic == pytest.approx(oracle.statistic, abs=1e-7)
    assert found.p_value == pytest.approx(oracle.pvalue, abs=1e-6)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=200))
def test_discoveries_are_those_of_scipy(p_values: list[float]) -> None:
    adjusted = stats.false_discovery_control(p_values)
    clear = np.abs(adjusted - 0.05) > 1e-12

    assert (correlations.discoveries(np.array(p_values), 0.05) == (adjusted <= 0.05))[clear].all()


@given(SERIES)
def test_moments_are_those_of_scipy(series: Floats) -> None:
    found = parametric.shape(series)

    assert found.skewness == pytest.approx(stats.skew(series))
    assert found.excess == pytest.approx(stats.kurtosis(series))
    assert found.deviation == pytest.approx(series.std())


@given(st.floats(-0.1, 0.1), st.floats(0.001, 0.5), LEVEL)
def test_the_normal_tail_is_that_of_scipy(mean: float, deviation: float, confidence: float) -> None:
    var, shortfall = parametric.normal(mean, deviation, confidence)
    law = stats.norm(mean, deviation)
    beyond = stats.truncnorm(-np.inf, stats.norm.ppf(1 - confidence), mean, deviation)

    assert var == pytest.approx(-law.ppf(1 - confidence))
    assert shortfall == pytest.approx(-beyond.mean(), rel=1e-9)


@given(SIZES)
def test_the_absorption_ratio_is_the_explained_variance_of_principal_components(size: tuple[int, int, int]) -> None:
    by_bar = market(*size)
    forces = max(1, size[1] // 3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        explained = PCA().fit(by_bar).explained_variance_ratio_

    assert absorption.ratio(by_bar, forces) == pytest.approx(explained[:forces].sum(), abs=1e-9)


@given(SERIES)
def test_ratios_are_those_of_pandas_and_scipy(series: Floats) -> None:
    other = market(series.size, 2, 5)[:, 1]
    found = ratios(series, other)
    slope = stats.linregress(other, series)
    table = pd.Series(series)

    assert found.volatility == pytest.approx(table.std() * math.sqrt(365))
    assert found.sharpe == pytest.approx(table.mean() / table.std() * math.sqrt(365))
    assert found.beta == pytest.approx(slope.slope)
    assert found.correlation == pytest.approx(slope.rvalue)
    assert found.alpha == pytest.approx(slope.intercept * 365)
    assert found.tracking_error == pytest.approx(pd.Series(series - other).std() * math.sqrt(365))
    assert beta(series, other)[0] == pytest.approx(slope.slope)


def test_a_students_tail_is_that_of_its_law() -> None:
    spread, freedom = np.array([[0.0016]]), 5.0
    drawn = monte_carlo.drawn(scenarios_of(market(50, 1)), spread, count=400_000, freedom=freedom)
    found = tail(drawn, drawn.book({"a0": 1.0}), (0.99,))[0]
    scale = math.sqrt(spread[0, 0] * (freedom - 2) / freedom)
    log = stats.t.ppf(0.01, freedom) * scale - spread[0, 0] / 2

    assert found.value_at_risk == pytest.approx(-math.expm1(log), rel=0.01)


def test_a_drawn_book_of_many_has_the_tail_of_its_closed_form() -> None:
    by_bar = market(400, 6) * 0.2
    scenarios = scenarios_of(by_bar)
    spread, _ = covariance.shrunk(by_bar)
    held = scenarios.book({f"a{at}": 100.0 * (-1) ** at + 30 for at in range(6)})
    drawn = monte_carlo.drawn(scenarios, spread, count=400_000)
    found = tail(drawn, held, (0.99,))[0]
    closed = parametric.normal(0, parametric.deviation_of(held.values, spread), 0.99)

    assert found.value_at_risk == pytest.approx(closed[0], rel=0.02)
    assert found.expected_shortfall == pytest.approx(closed[1], rel=0.02)
    assert contributions.parametric(held.values, spread, 0.99).sum() == pytest.approx(closed[0])


def slow_filtered(table: pd.DataFrame, weights: pd.Series, confidence: float) -> float:
    """Return the filtered tail in the plainest words: no arrays, no partitions."""
    gains = (table * weights).sum(axis=1)
    variance = gains.iloc[:30].pow(2).mean()
    expected = []
    for gain in gains:
        expected.append(math.sqrt(variance))
        variance = 0.94 * variance + 0.06 * gain * gain
    outcomes = []
    for (_, row), past in zip(table.iterrows(), expected, strict=True):
        scaled = (row * math.sqrt(variance) / past).clip(lower=-1.0)
        outcomes.append(float((scaled * weights).sum()))
    worst = sorted(outcomes)
    return -worst[math.ceil((1 - Fraction(str(confidence))) * len(worst)) - 1]


@pytest.mark.parametrize("confidence", [0.95, 0.975, 0.99])
@pytest.mark.parametrize("seed", range(4))
def test_filtered_history_is_that_of_a_slow_program(seed: int, confidence: float) -> None:
    by_bar = market(300, 4, seed)
    scenarios = scenarios_of(by_bar)
    exposures = {f"a{at}": (70.0, -20.0, 10.0, 5.0)[at] for at in range(4)}
    held = scenarios.book(exposures)
    found = tail(filtered.rescaled(scenarios, held), held, (confidence,))[0]

    assert found.value_at_risk == pytest.approx(
        slow_filtered(pd.DataFrame(by_bar, columns=list(exposures)), pd.Series(exposures), confidence)
    )


def test_forecasts_of_the_card_are_those_of_a_slow_program_that_knows_only_the_days_before() -> None:
    by_bar, window = market(160, 3), 60
    scenarios = scenarios_of(by_bar)
    weights = np.array([0.5, 0.3, -0.2])
    made = card(scenarios, scenarios.book(dict(zip(scenarios.assets, weights.tolist(), strict=True))), window=window)
    gains = pd.Series(by_bar @ weights)
    variances = pd.Series([gains[:30].pow(2).mean(), *gains.pow(2)]).ewm(alpha=0.06, adjust=False).mean()
    expected = {"historical": [], "fhs-ewma": [], "normal": [], "riskmetrics-94": []}  # type: dict[str, list[float]]
    for today in range(window, gains.size):
        past, volatility = gains[today - window : today], np.sqrt(variances[: today + 1])
        expected["historical"].append(-past.min())
        units = past / volatility[today - window : today]
        expected["fhs-ewma"].append(-units.min() * volatility[today])
        expected["normal"].append(stats.norm.ppf(0.99) * past.std() - past.mean())
        expected["riskmetrics-94"].append(stats.norm.ppf(0.99) * volatility[today])

    for code, forecasts in expected.items():
        assert made.row(code).value_at_risk == pytest.approx(np.array(forecasts))
        assert made.row(code).exceptions.tolist() == (gains[window:].to_numpy() < -np.array(forecasts)).tolist()
