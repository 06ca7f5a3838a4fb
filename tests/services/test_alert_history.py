"""What a rule on value at risk would have measured is what the report card's default model forecast."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.core.alerts.sentence import parse
from app.core.model.alert_rules import Measure
from app.core.risk.exposures import net
from app.core.risk.study import Question
from app.services import risk
from app.services.alert_history import _tails
from app.services.alert_readings import past_of
from app.services.risk_books import Book
from tests.core.alerts.as_written import AsWritten
from tests.services.risk_holdings import book

VAR = parse("VaR 99 % 1 d is above 5 %", "usd", AsWritten(), "a")


@pytest.fixture
def found(tmp_path: Path, history: Path) -> Book:
    """Return a book of two assets with a year and a half of closes."""
    return book(tmp_path, history, "BTC,2,kraken", "ETH,10,kraken", "USD,500,kraken")


def test_it_is_the_forecast_of_the_default_model_before_each_day(found: Book) -> None:
    by_asset = net(found.exposures)
    past = past_of(found.market, by_asset, "USD", found.market.returns.at.size)
    readings = _tails(VAR, past, found.exposures)
    card = risk.backtest(found, Question(confidence=0.99, window=500))
    gross = sum(abs(one) for one in by_asset.values())
    expected = dict(zip(card.at.tolist(), (card.row().value_at_risk * gross / found.value).tolist(), strict=True))
    measured = {one.at: float(one.value or 0) for one in readings}

    assert set(measured) <= set(expected)
    assert len(measured) > 10
    assert [measured[at] for at in measured] == pytest.approx([expected[at] for at in measured], rel=1e-6)


def test_shortfall_is_no_less_than_value_at_risk_and_money_is_the_share_of_the_whole(found: Book) -> None:
    past = past_of(found.market, net(found.exposures), "USD", found.market.returns.at.size)
    shortfall = replace(VAR, of=replace(VAR.of, measure=Measure.SHORTFALL))
    money = parse("VaR 99 % 1 d is above 5 USD", "usd", AsWritten(), "a")
    tails, worse, amounts = (_tails(rule, past, found.exposures) for rule in (VAR, shortfall, money))

    assert all((one.value or 0) <= (other.value or 0) for one, other in zip(tails, worse, strict=True))
    assert [float(one.value or 0) for one in amounts] == pytest.approx(
        [float(one.value or 0) * found.value for one in tails], rel=1e-8
    )


def test_ten_days_are_carried_by_the_root_of_time(found: Book) -> None:
    past = past_of(found.market, net(found.exposures), "USD", found.market.returns.at.size)
    longer = replace(VAR, of=replace(VAR.of, days=10))
    day, days = (
        np.array([float(one.value or 0) for one in _tails(rule, past, found.exposures)]) for rule in (VAR, longer)
    )

    assert days == pytest.approx(day * 10**0.5, rel=1e-8)
