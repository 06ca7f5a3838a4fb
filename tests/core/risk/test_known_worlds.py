"""Worlds whose value at risk is known because they are made up: the default finds it, others fail where they must."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from app.core.risk.arrays import Floats
from app.core.risk.backtest import likelihood
from app.core.risk.backtest.card import Card, card
from app.core.risk.backtest.models import MODELS
from tests.core.risk.made_up import scenarios_of

WORLDS, DAYS, WINDOW = 16, 1_500, 500
FREEDOM = 5.0
_SHOWN = ("historical", "normal", "riskmetrics-94", "fhs-ewma")


def world(seed: int, freedom: float = FREEDOM) -> tuple[Floats, Floats]:
    """Return returns of a GARCH(1, 1) world with Student's shocks, and the true value at risk at 99 % of each day."""
    random = np.random.Generator(np.random.SFC64(seed))
    shocks = random.standard_t(freedom, DAYS + 200) * math.sqrt((freedom - 2) / freedom)
    quantile = -stats.t.ppf(0.01, freedom) * math.sqrt((freedom - 2) / freedom)
    variance, returns, true = 0.03**2, [], []
    for shock in shocks.tolist():
        size = math.sqrt(variance)
        returns.append(size * shock)
        true.append(size * quantile)
        variance = 0.03**2 * 0.02 + 0.08 * returns[-1] ** 2 + 0.90 * variance
    return np.array(returns[200:])[:, None], np.array(true[200:])


def judged(returns: Floats) -> Card:
    scenarios = scenarios_of(returns)
    models = [model for model in MODELS if model.code in _SHOWN]
    return card(scenarios, scenarios.book({"a0": 1.0}), window=WINDOW, models=models)


@pytest.fixture(scope="module")
def cards() -> list[tuple[Card, Floats]]:
    made = [world(seed) for seed in range(WORLDS)]
    return [(judged(returns), true[WINDOW:]) for returns, true in made]


def counts(cards: list[tuple[Card, Floats]], code: str) -> tuple[int, int]:
    return sum(one.row(code).count for one, _ in cards), sum(one.gains.size for one, _ in cards)


def test_the_default_has_as_many_exceptions_as_it_promises(cards: list[tuple[Card, Floats]]) -> None:
    count, days = counts(cards, "fhs-ewma")

    assert days == WORLDS * (DAYS - WINDOW)
    assert likelihood.kupiec(days, count, 0.99).p_value > 0.01


def test_the_true_value_at_risk_has_too(cards: list[tuple[Card, Floats]]) -> None:
    count = sum(int((one.gains < -true).sum()) for one, true in cards)

    assert likelihood.kupiec(WORLDS * (DAYS - WINDOW), count, 0.99).p_value > 0.01


@pytest.mark.parametrize("code", ["normal", "riskmetrics-94"])
def test_a_normal_distribution_promises_too_much_in_a_world_of_fat_tails(
    cards: list[tuple[Card, Floats]], code: str
) -> None:
    count, days = counts(cards, code)

    assert count > 1.3 * 0.01 * days
    assert likelihood.kupiec(days, count, 0.99).p_value < 1e-4


def test_the_default_follows_the_true_value_at_risk_day_by_day(cards: list[tuple[Card, Floats]]) -> None:
    ratios = np.concatenate([one.row().value_at_risk / true for one, true in cards])
    together = [float(np.corrcoef(one.row().value_at_risk, true)[0, 1]) for one, true in cards]

    assert np.median(ratios) == pytest.approx(1, abs=0.06)
    assert np.mean(together) > 0.8


def test_history_without_a_volatility_of_today_lags_behind_it(cards: list[tuple[Card, Floats]]) -> None:
    loss = {code: np.mean([one.row(code).quantile_loss for one, _ in cards]) for code in ("historical", "fhs-ewma")}
    follows = [float(np.corrcoef(one.row("historical").value_at_risk, true)[0, 1]) for one, true in cards]

    assert loss["fhs-ewma"] < loss["historical"]
    assert np.mean(follows) < 0.5


def test_nothing_beats_the_truth(cards: list[tuple[Card, Floats]]) -> None:
    true = np.mean([likelihood.quantile_loss(one.gains, known, 0.99) for one, known in cards])

    assert all(true < np.mean([one.row(code).quantile_loss for one, _ in cards]) for code in _SHOWN)


def test_a_right_model_is_rejected_as_seldom_as_the_tests_say() -> None:
    """Tests at 5 % reject a true model about one time in twenty: far more, and a verdict would mean nothing."""
    random = np.random.Generator(np.random.SFC64(9))
    exceptions = random.random((2_000, 1_000)) < 0.01
    tests = [
        (likelihood.kupiec(1_000, int(row.sum()), 0.99), likelihood.independence(*likelihood.transitions(row)))
        for row in exceptions
    ]
    rejected = np.mean(
        [
            (not failures.is_passed, not likelihood.conditional_coverage(failures, apart).is_passed)
            for failures, apart in tests
        ],
        axis=0,
    )

    assert (rejected < 0.09).all()
    assert (rejected > 0.01).all()
