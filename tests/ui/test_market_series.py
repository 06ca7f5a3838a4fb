"""Candles as series of bars of every width, and the stretch of them that is seen: nothing is lost at any zoom."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.clock import DAY
from app.core.model.market import Candle
from app.ui.charts.scales import clock_ticks
from app.ui.charts.series import Level, Series
from app.ui.charts.viewport import Viewport
from tests.ui.made_up_candles import MINUTE, START, candle, candles

D = Decimal


# bars of every width ------------------------------------------------------------------------------------------------
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 10_000)), min_size=1, max_size=3_000))
@settings(max_examples=40, deadline=None)
def test_wider_bars_hold_what_the_narrow_ones_in_them_do(steps: list[tuple[int, int]]) -> None:
    places = np.cumsum([gap + 1 for gap, _ in steps])
    found = [candle(int(place), str(price)) for place, (_, price) in zip(places, steps, strict=True)]
    base = Series.of(found, MINUTE).levels[0]
    wide = base.wider()

    for number in range(len(wide)):
        inside = (base.x >= wide.x[number]) & (base.x < wide.x[number] + wide.span)
        assert wide.high[number] == base.high[inside].max()
        assert wide.low[number] == base.low[inside].min()
        assert wide.open[number] == base.open[inside][0]
        assert wide.close[number] == base.close[inside][-1]
        assert wide.volume[number] == base.volume[inside].sum()
        assert (wide.lowest[number], wide.highest[number]) == (base.close[inside].min(), base.close[inside].max())
    assert len(base) == sum(
        int(((base.x >= wide.x[number]) & (base.x < wide.x[number] + wide.span)).sum()) for number in range(len(wide))
    )


@given(st.floats(-50, 5_000), st.floats(1, 6_000), st.integers(300, 2_000))
@settings(max_examples=60, deadline=None)
def test_no_more_bars_are_painted_than_asked_for_and_none_in_sight_is_lost(
    first: float, span: float, most: int
) -> None:
    series = Series.of(candles(5_000), MINUTE)
    seen = series.seen(first, first + span, most)
    base = series.levels[0]
    inside = (base.x + 1 > first) & (base.x <= first + span)

    assert len(seen) <= max(most, len(series.levels[-1]))
    if inside.any():
        assert seen.high.max() >= base.high[inside].max()
        assert seen.low.min() <= base.low[inside].min()


def test_a_million_points_keep_one_spike_at_every_zoom() -> None:
    count = 1_000_000
    close = np.full(count, 100.0)
    close[123_457] = 900.0
    x, volume = np.arange(count, dtype=np.float64), np.zeros(count)
    series = Series(START, MINUTE, Level(x, 1, close, close, close, close, volume, close, close), is_line=True)

    assert series.seen(0, count, 2_400).highest.max() == 900.0
    assert len(series.seen(0, count, 2_400)) <= 2_400


def test_the_nearest_candle_is_found_across_a_gap() -> None:
    series = Series.of([candle(0, "10"), candle(1, "11"), candle(9, "12")], MINUTE)

    assert [series.nearest(place) for place in (-3.0, 1.2, 5.4, 5.6, 99.0)] == [0, 1, 1, 2, 2]
    assert series.end == 10.0


def test_closes_without_candles_make_a_line() -> None:
    flat = [Candle(START + n * DAY, D(10 + n), D(10 + n), D(10 + n), D(10 + n), None) for n in range(5)]

    assert Series.of(flat, DAY).is_line
    assert not Series.of(candles(5), MINUTE).is_line
    assert not Series.of(flat, DAY).has_volume


# the stretch that is seen -------------------------------------------------------------------------------------------
@given(st.floats(-1e6, 1e6), st.floats(0.01, 100), st.floats(-2e3, 2e3))
def test_zooming_and_moving_never_lose_the_series(by: float, factor: float, around: float) -> None:
    end = 1_000.0
    view = Viewport.newest(end, 160).zoomed(factor, around, end).moved(by, end)

    assert view.span >= 8.0 - 1e-6
    assert view.last > 0
    assert view.first < end


# the axis of time ---------------------------------------------------------------------------------------------------
def test_short_ranges_are_labelled_by_the_clock_and_days_where_they_begin() -> None:
    last = START + 14 * 60 * MINUTE
    labels = clock_ticks(START, last, 8)

    assert [label for _, label in labels] == ["12:00", "14:00", "16:00", "18:00", "20:00", "22:00", "21 Nov", "02:00"]
    assert clock_ticks(START, START, 8) == []
