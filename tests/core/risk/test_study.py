"""The whole study puts its parts together as they are: each figure is that of its part, for the horizon asked for."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from app.core.clock import DAY
from app.core.risk.arrays import Floats
from app.core.risk.exposures import holding
from app.core.risk.metrics import filtered
from app.core.risk.metrics.tail import tail
from app.core.risk.scenarios import historical
from app.core.risk.study import Market, Question, Study, market, report_card, study
from tests.core.risk.made_up import market as made_up

BOOK = [holding("a0", 70.0), holding("a1", -30.0)]


def histories(values: Floats) -> Market:
    closes = 100 * np.cumprod(1 + values, axis=0)
    return market({f"a{at}": [(bar * DAY, float(close)) for bar, close in enumerate(closes[:, at])] for at in range(2)})


@pytest.fixture(scope="module")
def found() -> Market:
    return histories(made_up(700, 2))


def asked(found: Market, days: int) -> Study:
    return study(found, BOOK, Question(window=500, horizon_days=days, draws=20_000))


def gains(found: Market) -> Floats:
    return 70 * found.returns.of("a0")[-500:] - 30 * found.returns.of("a1")[-500:]


def test_volatility_is_the_expected_one_of_tomorrow_brought_to_a_year_of_365_days(found: Market) -> None:
    squares = np.square(gains(found))
    daily = math.sqrt(pd.Series([squares[:30].mean(), *squares]).ewm(alpha=0.06, adjust=False).mean().iloc[-1])

    assert asked(found, 1).volatility.value == pytest.approx(daily * math.sqrt(365) / 100)


def test_ten_days_of_the_default_are_paths_and_not_a_root_of_time(found: Market) -> None:
    made = asked(found, 10)
    past = historical(found.returns, ["a0", "a1"], 500)
    paths = filtered.paths(past, past.book({"a0": 70.0, "a1": -30.0}), 10, seed=1)
    reverting = filtered.paths(past, past.book({"a0": 70.0, "a1": -30.0}), 10, filtered.by_garch, seed=1)
    expected, other = (tail(one, past.book({"a0": 70.0, "a1": -30.0}), (0.99,))[0] for one in (paths, reverting))

    assert made.tail().value_at_risk == pytest.approx(expected.value_at_risk)
    assert made.tail("fhs_garch").value_at_risk == pytest.approx(other.value_at_risk)
    assert (made.tail().horizon_days, "√time" in made.tail().basis.method) == (10, False)


@pytest.mark.parametrize("model", ["historical", "parametric", "monte_carlo"])
def test_ten_days_of_the_others_are_a_root_of_time_and_say_so(found: Market, model: str) -> None:
    one, ten = asked(found, 1).tail(model), asked(found, 10).tail(model)

    assert ten.value_at_risk == pytest.approx((one.value_at_risk or 0) * math.sqrt(10))
    assert any("root of time" in said for said in ten.basis.assumptions)


def test_history_and_drawdown_are_those_of_the_book_as_it_is(found: Market) -> None:
    made = asked(found, 1)
    curve = pd.Series([1.0, *np.cumprod(1 + gains(found) / 100)])

    assert made.tail("historical").value_at_risk == pytest.approx(-np.sort(gains(found))[4])
    assert made.drawdown.deepest == pytest.approx((1 - curve / curve.cummax()).max())
    assert made.as_of == found.last


@pytest.mark.parametrize("model", ["historical", "parametric", "monte_carlo", "fhs", "fhs_garch"])
def test_a_loss_of_more_than_everything_says_that_the_days_are_too_many(found: Market, model: str) -> None:
    """A root of time grows beyond all bounds; paths of a book that owes nothing cannot."""
    long = [holding("a0", 70.0), holding("a1", 30.0)]
    made = study(found, long, Question(window=500, horizon_days=900, draws=2_000)).tail(model)

    is_path = model.startswith("fhs")
    assert any("More than all exposures" in said for said in made.basis.assumptions) == (not is_path)
    assert ((made.value_at_risk or 0) > 100) == (not is_path)


def test_no_model_tells_anything_of_a_book_whose_sides_cancel_out(found: Market) -> None:
    flat = [holding("a0", 70.0), holding("a0", -70.0)]
    made = study(found, flat, Question(window=500, draws=2_000))

    assert {one.value_at_risk for tails in made.tails.values() for one in tails} == {None}


def test_what_each_asset_adds_is_value_at_risk_less_that_of_the_book_without_it(found: Market) -> None:
    made = asked(found, 1)
    short = study(found, BOOK[1:], Question(window=500, draws=2_000))
    of_rest = tail(made.scenarios, made.scenarios.book({"a1": -30.0}), (0.99,))[0].value_at_risk or 0

    # The same outcomes are asked of the book without it: a study of the rest would filter them anew.
    assert made.incremental[0] == pytest.approx((made.tail().value_at_risk or 0) - of_rest)
    assert short.incremental[0] == pytest.approx(short.tail().value_at_risk)


def test_how_far_a_covariance_was_shrunk_is_said_where_it_counts(found: Market) -> None:
    made = asked(found, 1)

    assert 0 < made.shrinkage < 1
    assert any(f"shrunk by {made.shrinkage:.1%}" in said for said in made.tail("monte_carlo").basis.assumptions)


def test_turbulence_is_told_of_every_day_that_has_a_year_before_it(found: Market) -> None:
    made = asked(found, 1)

    assert len(made.turbulence) == 500 - 365
    assert made.turbulence[-1].at == found.last


def test_a_card_begins_on_the_day_that_is_asked_for_where_weekends_have_no_prices() -> None:
    closes = 100 * np.cumprod(1 + made_up(700, 1)[:, 0])
    workdays = [(bar * DAY, float(close)) for bar, close in enumerate(closes) if bar % 7 not in {2, 3}]
    made = report_card(market({"a0": workdays}), BOOK[:1], Question(window=100), since=600 * DAY)

    assert made.at.tolist() == [at for at, _ in workdays if at >= 600 * DAY]


def test_a_pair_that_moves_together_more_than_before_is_told_as_one() -> None:
    apart = np.random.default_rng(5).normal(0, 0.02, (700, 2))
    apart[-60:, 1] = apart[-60:, 0]

    told = next(one.message for one in asked(histories(apart), 1).alerts if one.code == "correlation-breakdown")
    assert told.startswith("1 of 1 pair moves together more than before; first a0 and a1: ")
