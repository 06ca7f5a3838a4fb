"""Frames of the charts of markets while they are panned, and of the live table; the usual way in the same run.

The usual way is pyqtgraph with peaks for a line, and a picture of all candles as its examples have it.
A frame is everything from the change to the painted widget, drawn into memory. Each figure is the median of its
frames; the slowest of a hundred stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

import numpy as np

from app.bench.figures import AT_LEAST, AT_MOST, Figure, percentile
from app.bench.windows import settle_platform
from app.core.clock import SECOND
from app.core.model.assets import Asset, AssetKind
from app.core.model.market import Contribution, Mark
from app.core.ports import Runtime
from app.ui import measured
from app.ui.application import prepare
from app.ui.charts.market_plot import CANDLES, LINE
from app.ui.charts.series import Level
from app.ui.screens import markets_rows as rows

_SEEN = 300
_FRAME_MS = 16.7


@dataclass(frozen=True, slots=True)
class _Size:
    """How much is painted."""

    points: int
    candles: int
    frames: int
    markets: int


_WHOLE, _QUICK = _Size(1_000_000, 100_000, 100, 500), _Size(20_000, 5_000, 6, 60)


def run(runtime: Runtime, *, quick: bool) -> Sequence[Figure]:
    """Measure frames."""
    settle_platform()
    prepare(runtime)
    size = _QUICK if quick else _WHOLE
    walk = _walk(max(size.points, size.candles))
    return [*_line(size, walk), *_candles(size, walk), *_table(size)]


def _walk(count: int) -> Level:
    """Return a market that a seed draws."""
    dice = np.random.default_rng(7)
    close = 60_000 * np.exp(np.cumsum(dice.normal(0, 0.0008, count)))
    opened = np.concatenate(([60_000.0], close[:-1]))
    high = np.maximum(opened, close) * (1 + np.abs(dice.normal(0, 0.0004, count)))
    low = np.minimum(opened, close) * (1 - np.abs(dice.normal(0, 0.0004, count)))
    places = np.arange(count, dtype=np.float64)
    return Level(places, 1, opened, high, low, close, dice.exponential(5.0, count), close, close)


def _frames_of(name: str, ours: Sequence[float], reference: str, theirs: Sequence[float]) -> list[Figure]:
    both = median(ours), median(theirs)
    slow = percentile(ours, 0.99)
    return [
        Figure(name, 1_000 / both[0], "frames/s", (AT_LEAST, 60.0), reference, 1_000 / both[1]),
        Figure(f"{name}, slowest of a hundred", slow, "ms", (AT_MOST, _FRAME_MS)),
    ]


def _line(size: _Size, walk: Level) -> list[Figure]:
    ours = measured.panned(walk, size.points, LINE, 0.9, size.frames)
    theirs = measured.peaks(walk.close[: size.points], size.frames)
    return _frames_of(f"pan over {size.points:,} points", ours, "pyqtgraph, peaks, clipped", theirs)


def _candles(size: _Size, walk: Level) -> list[Figure]:
    whole = measured.panned(walk, size.candles, CANDLES, 0.9, size.frames)
    near = measured.panned(walk, size.candles, CANDLES, _SEEN / size.candles, size.frames)
    pictured = measured.pictured(walk.cut(slice(0, size.candles)), max(3, size.frames // 20))
    return [
        *_frames_of(f"pan over {size.candles:,} candles", whole, "pyqtgraph, a picture of all", pictured),
        *_frames_of(f"{_SEEN} of {size.candles:,} candles", near, "pyqtgraph, a picture of all", pictured),
    ]


def _table(size: _Size) -> list[Figure]:
    """Let every second market of a table move in each frame, as a busy feed does."""
    moving = [_moved(size.markets, number) for number in range(size.frames + 1)]
    ours = measured.tabled(moving, is_live=True)
    theirs = measured.tabled(moving, is_live=False)
    name = f"live table, {size.markets // 2} of {size.markets} rows move"
    slow = percentile(ours, 0.99)
    return [
        Figure(name, median(ours), "ms", (AT_MOST, 4.0), "all rows taken anew, one range told", median(theirs)),
        Figure(f"{name}, slowest of a hundred", slow, "ms"),
    ]


def _moved(markets: int, number: int) -> dict[str, rows.MarketRow]:
    """Return rows of a frame: all of them in the first, then every second one, another half each time."""
    chosen = range(markets) if not number else range(number % 2, markets, 2)
    return {row.asset.asset_id: row for row in (_row(place, number) for place in chosen)}


def _row(place: int, number: int) -> rows.MarketRow:
    price = Decimal(1_000 + place) + Decimal(number) / 100
    at = measured.START + number * SECOND
    parts = (Contribution("kraken", price, at, Decimal("0.6")), Contribution("coinbase", price, at, Decimal("0.4")))
    key = f"A{place:04}"
    mark = Mark(key, price, "usd", "median of kraken, coinbase", at, Decimal(number + 1) / 10_000, parts)
    week = tuple(Decimal(1_000 + place + day * (-1) ** day) for day in range(8))
    return rows.MarketRow(Asset(key, key, f"Asset {place}", AssetKind.CRYPTO, 8), mark, Decimal("0.0004"), 1, week=week)
