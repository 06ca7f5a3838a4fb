"""Figures between two studies are those that a full computation at the same marks would give."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from app.core.model.market import Mark
from app.core.risk.exposures import Book
from app.core.risk.metrics.tail import tail
from app.core.risk.study import Question, Study
from app.services import risk
from app.services.risk_live import LiveRisk
from tests.services.risk_holdings import book

THEN = {"BTC": Decimal(40_000), "ETH": Decimal("2500.5")}


def mark(asset: str, price: str) -> Mark:
    return Mark(asset, Decimal(price), "USD", "kraken", 0)


@pytest.fixture
def study(tmp_path: Path, history: Path) -> Study:
    """Return a study of a long and a short position."""
    held = book(tmp_path, history, "BTC,2,kraken", "ETH,-10,kraken,,,perpetual", "USD,500,kraken")
    return risk.report(held, Question(confidence=0.975)).study


def test_tails_follow_the_marks_as_a_full_computation_does(study: Study) -> None:
    live = LiveRisk(study, THEN)
    live.follow(["BTC"], {"BTC": mark("BTC", "44000")})
    found = live.follow(["ETH", "BTC"], {"BTC": mark("BTC", "36000"), "ETH": mark("ETH", "3000.6")})
    grown = {"BTC": 0.9, "ETH": 1.2}
    values = study.book.values * [grown.get(asset, 1.0) for asset in study.book.assets]
    (whole,) = tail(study.scenarios, Book(study.book.assets, values, ()), (0.975,))

    assert found.value_at_risk == pytest.approx(whole.value_at_risk, rel=1e-9)
    assert found.expected_shortfall == pytest.approx(whole.expected_shortfall, rel=1e-9)
    assert found.gained == pytest.approx(float((values - study.book.values).sum()), rel=1e-9)


def test_an_asset_without_a_mark_keeps_its_exposure(study: Study) -> None:
    live = LiveRisk(study, THEN)
    before = live.follow([], {})
    after = live.follow(["ETH", "SOL", "USD"], {"SOL": mark("SOL", "1"), "USD": mark("USD", "1")})

    assert before == after
    assert before.value_at_risk == pytest.approx(study.tail(confidence=0.975).value_at_risk, rel=1e-9)
