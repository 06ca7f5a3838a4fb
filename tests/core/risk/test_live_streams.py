"""Long streams of changes of every kind: live figures are the full ones to the ninth digit, whatever came before."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from app.core.errors import InputError
from app.core.risk.basis import LEVELS
from app.core.risk.live import LiveTail
from app.core.risk.metrics.tail import tail
from app.core.risk.scenarios import Scenarios, historical
from tests.core.risk.made_up import market, returns_of, scenarios_of

ASSETS = 8
EXPOSURES = st.one_of(
    st.just(0.0),
    st.floats(-1e4, 1e4),
    st.builds(lambda sign, power: sign * 10.0**power, st.sampled_from([-1, 1]), st.integers(-6, 12)),
)
STREAMS = st.lists(st.lists(st.tuples(st.integers(0, ASSETS - 1), EXPOSURES), max_size=40), max_size=12)


def started(days: int = 150) -> tuple[LiveTail, Scenarios]:
    scenarios = scenarios_of(market(days, ASSETS))
    return LiveTail(scenarios, scenarios.book(dict.fromkeys(scenarios.assets, 100.0))), scenarios


def full(engine: LiveTail, scenarios: Scenarios) -> list[float]:
    both = [(one.value_at_risk or 0.0, one.expected_shortfall or 0.0) for one in tail(scenarios, engine.book, LEVELS)]
    return [figure for pair in both for figure in pair]


def size(engine: LiveTail) -> float:
    return max(engine.book.covered, 1e-300)


@hypothesis_settings(deadline=None)
@given(STREAMS)
def test_live_is_full_to_the_ninth_digit_of_the_book_as_it_is(stream: list[list[tuple[int, float]]]) -> None:
    """Positions of a trillion that shrink to a cent, flips of sign, everything sold: no dust stays behind."""
    engine, scenarios = started()
    for place, frame in enumerate(stream):
        if place % 2:
            newest = dict(frame)
            engine.change_many(np.array(list(newest), np.intp), np.array(list(newest.values()), np.float64))
        else:
            for row, exposure in frame:
                engine.change(row, exposure)
        found = [figure for pair in engine.tails() for figure in pair]

        assert found == pytest.approx(full(engine, scenarios), rel=1e-9, abs=1e-9 * size(engine))


def test_a_day_of_ticks_drifts_by_less_than_a_billionth_of_the_tail() -> None:
    """Marks walk, positions are opened, flipped and closed: two hundred thousand changes."""
    engine, scenarios = started()
    random = np.random.Generator(np.random.SFC64(11))
    rows, kinds = random.integers(ASSETS, size=200_000).tolist(), random.random(200_000).tolist()
    steps = random.normal(0, 1e-3, 200_000).tolist()
    values = [100.0] * ASSETS
    for row, kind, step in zip(rows, kinds, steps, strict=True):
        value = values[row]
        values[row] = 0.0 if kind < 0.001 else -value if kind < 0.002 else (value or 100.0) * math.exp(step)
        engine.change(row, values[row])
    found = [figure for pair in engine.tails() for figure in pair]

    assert found == pytest.approx(full(engine, scenarios), rel=1e-9)


def test_a_book_that_was_sold_has_no_risk_at_all() -> None:
    engine, _ = started()
    for row in range(ASSETS):
        engine.change(row, 1e9 / 7)
        engine.change(row, 0.0)

    assert engine.tails() == [(0.0, 0.0)] * len(LEVELS)


@pytest.mark.parametrize("unknown", [math.nan, math.inf, -math.inf])
def test_a_mark_that_is_lost_is_refused_and_spoils_nothing(unknown: float) -> None:
    engine, scenarios = started()
    before = engine.tails()
    with pytest.raises(InputError, match="the exposure to a3 is"):
        engine.change(3, unknown)
    with pytest.raises(InputError, match="the exposure to a5 is"):
        engine.change_many(np.array([1, 5]), np.array([7.0, unknown]))
    with pytest.raises(InputError, match="the exposure to a7 is"):
        engine.change_many(np.arange(ASSETS), np.array([*[7.0] * (ASSETS - 1), unknown]))

    assert engine.tails() == before
    assert [figure for pair in before for figure in pair] == pytest.approx(full(engine, scenarios))


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(-1e5, 1e5)), max_size=30), st.floats(-1e5, 1e5))
def test_a_new_asset_with_a_proxy_goes_on_from_the_book_as_it_is(
    changes: list[tuple[int, float]], bought: float
) -> None:
    """Nothing is added to scenarios: a book with one asset more has scenarios of its own, and the same figures."""
    values = market(200, 5)
    values[:180, 4] = np.nan
    found = returns_of(values)
    old = historical(found, found.assets[:4], 200)
    engine = LiveTail(old, old.book(dict.fromkeys(old.assets, 100.0)))
    for row, exposure in changes:
        engine.change(row, exposure)
    new = historical(found, found.assets, 200, proxies={"a4": "a0"})
    held = dict(zip(old.assets, engine.book.values.tolist(), strict=True))
    wider = LiveTail(new, new.book({**held, "a4": 0.0}))
    same = [figure for pair in wider.tails() for figure in pair]
    wider.change(4, bought)
    after = [figure for pair in wider.tails() for figure in pair]

    assert same == pytest.approx([figure for pair in engine.tails() for figure in pair], rel=1e-9, abs=1e-6)
    assert after == pytest.approx(full(wider, new), rel=1e-9, abs=1e-9 * size(wider))
