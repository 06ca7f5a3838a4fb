"""After any changes, the live tail is the full one; and what floats lost is told."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.risk import live
from app.core.risk.basis import LEVELS
from app.core.risk.live import LiveTail
from app.core.risk.metrics.tail import tail
from app.core.risk.scenarios import Scenarios
from tests.core.risk.made_up import market, scenarios_of

ASSETS = 6
CHANGES = st.lists(st.tuples(st.integers(0, ASSETS - 1), st.floats(-1e6, 1e6)), max_size=60)


def started(days: int = 200) -> tuple[LiveTail, Scenarios]:
    scenarios = scenarios_of(market(days, ASSETS))
    return LiveTail(scenarios, scenarios.book(dict.fromkeys(scenarios.assets, 1000.0))), scenarios


def full(engine: LiveTail, scenarios: Scenarios) -> list[tuple[float, float]]:
    return [(one.value_at_risk or 0, one.expected_shortfall or 0) for one in tail(scenarios, engine.book, LEVELS)]


@given(CHANGES)
def test_after_any_changes_it_equals_the_full_computation(changes: list[tuple[int, float]]) -> None:
    engine, scenarios = started()
    for row, exposure in changes:
        engine.change(row, exposure)
    largest = max((abs(exposure) for _, exposure in changes), default=1000.0) + 1000

    assert np.array(engine.tails()) == pytest.approx(np.array(full(engine, scenarios)), abs=1e-9 * largest)


@given(st.lists(CHANGES, max_size=5))
def test_changes_that_were_gathered_equal_single_ones(frames: list[list[tuple[int, float]]]) -> None:
    one, many = started()[0], started()[0]
    for frame in frames:
        newest = dict(frame)
        for row, exposure in newest.items():
            one.change(row, exposure)
        many.change_many(np.array(list(newest), np.intp), np.array(list(newest.values()), np.float64))

    assert np.array(many.tails()) == pytest.approx(np.array(one.tails()), rel=1e-9, abs=1e-4)


def test_a_hundred_thousand_changes_drift_by_less_than_a_billionth() -> None:
    engine, scenarios = started()
    random = np.random.Generator(np.random.SFC64(2))
    rows, exposures = random.integers(ASSETS, size=99_999), random.normal(1000, 300, 99_999)
    for row, exposure in zip(rows.tolist(), exposures.tolist(), strict=True):
        engine.change(row, exposure)
    found = engine.recompute()

    assert found.changes == 99_999
    assert 0 < found.drift < 1e-9
    assert np.array(engine.tails()) == pytest.approx(np.array(full(engine, scenarios)), rel=1e-12)


def test_it_computes_anew_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "FULL_AFTER", 3)
    engine, _ = started()
    for exposure in (1.0, 2.0, 3.0, 4.0):
        engine.change(0, exposure)

    assert engine.recompute().changes == 1


def test_a_trade_is_tried_without_changing_anything() -> None:
    engine, scenarios = started()
    before = engine.tails()
    tried = engine.after(2, 500.0)
    untouched = engine.tails()
    engine.change(2, 1500.0)

    assert untouched == before
    assert np.array(tried) == pytest.approx(np.array(full(engine, scenarios)))


def test_the_book_that_it_was_made_from_is_left_alone() -> None:
    scenarios = scenarios_of(market(50, ASSETS))
    held = scenarios.book(dict.fromkeys(scenarios.assets, 1000.0))
    LiveTail(scenarios, held).change(0, 5.0)

    assert held.values[0] == 1000
