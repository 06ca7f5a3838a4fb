"""What each model of the report card expects beyond its value at risk."""

from __future__ import annotations

import numpy as np
import pytest

from app.core.risk.backtest import models
from app.core.risk.backtest.card import Card, card
from app.core.risk.backtest.models import AGE, MODELS, History
from app.core.risk.quantiles import tails
from tests.core.risk.made_up import market, scenarios_of


@pytest.fixture(scope="module")
def looked_at() -> History:
    """Return two hundred days of one asset with fat tails, forecast from sixty before each."""
    gains = np.random.default_rng(11).standard_t(4, 200) * 0.02
    return History(gains, gains[:, None], np.ones(1), 60, 0.95)


def test_the_shortfall_of_a_window_is_that_of_its_tail(looked_at: History) -> None:
    made = models.historical(looked_at)
    both = [tails(window, (0.95,))[0] for window in looked_at.windows]

    assert [one for one, _ in both] == made.value_at_risk.tolist()
    assert made.expected_shortfall == pytest.approx([beyond for _, beyond in both], rel=1e-12)


def test_one_asset_filtered_by_itself_is_the_book_filtered(looked_at: History) -> None:
    by_book, by_asset = models.filtered_by_book(0.94)(looked_at), models.filtered_by_asset(0.94)(looked_at)

    assert by_asset.expected_shortfall == pytest.approx(by_book.expected_shortfall, rel=1e-12)


def test_the_age_weighted_shortfall_counts_the_last_outcome_with_what_is_left(looked_at: History) -> None:
    weights = AGE ** np.arange(59, -1, -1.0)
    weights /= weights.sum()
    window = looked_at.windows[0]
    left, beyond = 0.05, 0.0
    for index in np.argsort(window):
        counted = min(left, weights[index])
        beyond, left = beyond - counted * window[index], left - counted

    assert models.age_weighted(looked_at).expected_shortfall[0] == pytest.approx(beyond / 0.05, rel=1e-12)


@pytest.fixture(scope="module")
def made() -> Card:
    """Return the card of six hundred days of four assets, window 250."""
    scenarios = scenarios_of(market(600, 4))
    return card(scenarios, scenarios.book(dict.fromkeys(scenarios.assets, 25.0)), window=250)


def test_every_model_expects_more_beyond_its_value_at_risk(made: Card) -> None:
    deeper = [bool((row.expected_shortfall >= row.value_at_risk - 1e-12).all()) for row in made.rows]

    assert [True] * len(MODELS) == deeper


def test_losses_beyond_are_held_against_the_shortfall_that_was_forecast(made: Card) -> None:
    row = made.row("normal")
    lost = [-gain / row.expected_shortfall[day] for day, gain in enumerate(made.gains) if row.exceptions[day]]

    assert row.count == len(lost)
    assert row.shortfall_ratio == pytest.approx(sum(lost) / len(lost), rel=1e-12)
