"""No forecast knows the day it forecasts, nor any later one: the past stays as it is, whatever comes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import DAY
from app.core.errors import InputError
from app.core.risk import ewma
from app.core.risk.arrays import Floats
from app.core.risk.backtest.card import Card, card
from app.core.risk.exposures import holding
from app.core.risk.study import Question, market, report_card, study
from tests.core.risk.made_up import market as made_up
from tests.core.risk.made_up import scenarios_of

BARS, WINDOW = 130, 60
REACH = 11
"""Bars after a step by which it may turn out to be a split, or an excursion: what cleans prices looks that far."""

futures = st.tuples(st.integers(WINDOW, BARS - 1), st.integers(0, 1_000), st.sampled_from([0.1, 1.0, 8.0]))


def carded(values: Floats) -> Card:
    scenarios = scenarios_of(values)
    held = {"a0": 60.0, "a1": -25.0, "a2": 15.0}
    return card(scenarios, scenarios.book(held), window=WINDOW)


@given(futures)
def test_no_model_of_the_card_knows_what_comes(future: tuple[int, int, float]) -> None:
    day, seed, size = future
    values = made_up(BARS, 3)
    other = values.copy()
    other[day:] = np.clip(made_up(BARS, 3, seed)[day:] * size, -0.9, 3)
    until = day - WINDOW + 1

    for plain, changed in zip(carded(values).rows, carded(other).rows, strict=True):
        assert plain.value_at_risk[:until].tolist() == changed.value_at_risk[:until].tolist()
        assert plain.expected_shortfall[:until].tolist() == changed.expected_shortfall[:until].tolist()
        assert plain.exceptions[: until - 1].tolist() == changed.exceptions[: until - 1].tolist()


def histories(values: Floats) -> dict[str, list[tuple[int, float]]]:
    closes = 100 * np.cumprod(1 + values, axis=0)
    return {
        f"a{column}": [(bar * DAY, float(close)) for bar, close in enumerate(closes[:, column])]
        for column in range(values.shape[1])
    }


@given(futures)
def test_not_even_what_cleans_prices_changes_forecasts_further_back_than_it_looks(
    future: tuple[int, int, float],
) -> None:
    day, seed, size = future
    values = made_up(BARS, 3)
    other = values.copy()
    other[day:] = np.clip(made_up(BARS, 3, seed)[day:] * size, -0.9, 3)
    book, asked = [holding("a0", 60.0), holding("a1", 40.0)], Question(window=WINDOW)
    cards = [report_card(market(histories(one)), book, asked) for one in (values, other)]
    kept = max(0, day - WINDOW - REACH)

    for plain, changed in zip(cards[0].rows, cards[1].rows, strict=True):
        assert plain.value_at_risk[:kept].tolist() == changed.value_at_risk[:kept].tolist()


@pytest.mark.parametrize("days", [1, 10])
def test_a_study_of_a_day_is_the_same_whatever_comes_after_it(days: int) -> None:
    values = made_up(200, 3)
    told = {one: points[:150] for one, points in histories(values).items()}
    book = [holding("a0", 60.0), holding("a1", 40.0)]
    asked = Question(window=100, horizon_days=days, as_of=149 * DAY, draws=500)
    then, now = (study(market(one, asked.as_of), book, asked) for one in (told, histories(values)))

    for model, tails in then.tails.items():
        assert [one.value_at_risk for one in tails] == [one.value_at_risk for one in now.tails[model]]
    assert then.volatility.value == now.volatility.value


def test_the_last_forecast_of_the_card_is_the_value_at_risk_that_the_report_told_the_day_before() -> None:
    """Report and card are one model: what was shown yesterday is what is judged today."""
    values = made_up(180, 3)
    book = [holding("a0", 60.0), holding("a1", 40.0)]
    judged = report_card(market(histories(values)), book, Question(window=WINDOW), (180 - 1) * DAY)
    said = study(market(histories(values), 178 * DAY), book, Question(window=WINDOW, draws=500))

    assert judged.row().value_at_risk[-1] * 100 == pytest.approx(said.tail().value_at_risk, rel=0.02)
    assert judged.row("historical").value_at_risk[-1] * 100 == pytest.approx(said.tail("historical").value_at_risk)


def test_a_window_that_is_shorter_than_what_the_first_variance_is_made_of_is_refused() -> None:
    """The first variance is the mean of so many days: a forecast before their end would know them."""
    scenarios = scenarios_of(made_up(100, 1))

    with pytest.raises(InputError, match=f"a window of {ewma.SEED - 1} bars is no history"):
        card(scenarios, scenarios.book({"a0": 1.0}), window=ewma.SEED - 1)
