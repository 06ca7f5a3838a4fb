"""Frames of the charts of markets while they are panned, and of the live table; the usual way in the same run.

The usual way is pyqtgraph with peaks for a line, and a picture of all candles as its examples have it.
A frame is everything from the change to the painted widget, drawn into memory. Each figure is the median of its
frames; the slowest of a hundred stands beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPicture
from PySide6.QtWidgets import QApplication, QWidget

from app.bench.figures import AT_LEAST, AT_MOST, Figure, percentile
from app.bench.windows import settle_platform
from app.core.clock import SECOND
from app.core.model.assets import Asset, AssetKind
from app.core.model.market import Candle, Contribution, Mark
from app.core.ports import Runtime
from app.ui.application import prepare
from app.ui.charts.market_plot import CANDLES, LINE, MarketPlot
from app.ui.charts.series import Level, Series
from app.ui.charts.viewport import Viewport
from app.ui.models.live import LiveModel
from app.ui.screens import markets_rows as rows
from app.ui.widgets.tables import Table

Floats = NDArray[np.float64]
_MINUTE = 60 * SECOND
_START = 1_700_000_040 * SECOND
_SIZE = (1200, 700)
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


def _milliseconds(frames: int, step: Callable[[int], None], paint: Callable[[], None]) -> list[float]:
    """Return how long each frame took."""
    found = []
    for number in range(frames):
        began = perf_counter()
        step(number)
        paint()
        found.append((perf_counter() - began) * 1_000)
    return found


def _frames_of(name: str, ours: Sequence[float], reference: str, theirs: Sequence[float]) -> list[Figure]:
    both = median(ours), median(theirs)
    slow = percentile(ours, 0.99)
    return [
        Figure(name, 1_000 / both[0], "frames/s", (AT_LEAST, 60.0), reference, 1_000 / both[1]),
        Figure(f"{name}, slowest of a hundred", slow, "ms", (AT_MOST, _FRAME_MS)),
    ]


# our charts ---------------------------------------------------------------------------------------------------------
def _panned(level: Level, count: int, mode: str, share: float, frames: int) -> list[float]:
    """Pan over candles of which a share is seen."""
    series = Series(_START, _MINUTE, level.cut(slice(0, count)))
    price = Decimal(round(float(level.close[count - 1]), 2))
    newest = Candle(_START, price, price, price, price, None)
    plot = _shown(MarketPlot())
    plot.show_mode(mode)
    plot.show_series(series, [newest])
    span = count * share
    view = Viewport(count / 2 - span / 2, count / 2 + span / 2)
    try:
        return _milliseconds(
            frames, lambda number: plot.look_at(view.moved((number + 1) * span / 400, series.end)), plot.repaint
        )
    finally:
        _gone(plot)


def _shown(widget: Any) -> Any:
    widget.resize(*_SIZE)
    widget.show()
    QApplication.processEvents()
    return widget


def _gone(widget: QWidget) -> None:
    widget.close()
    widget.deleteLater()
    QApplication.processEvents()


def _line(size: _Size, walk: Level) -> list[Figure]:
    ours = _panned(walk, size.points, LINE, 0.9, size.frames)
    theirs = _peaks(walk.close[: size.points], size.frames)
    return _frames_of(f"pan over {size.points:,} points", ours, "pyqtgraph, peaks, clipped", theirs)


def _candles(size: _Size, walk: Level) -> list[Figure]:
    whole = _panned(walk, size.candles, CANDLES, 0.9, size.frames)
    near = _panned(walk, size.candles, CANDLES, _SEEN / size.candles, size.frames)
    pictured = _pictured(walk.cut(slice(0, size.candles)), max(3, size.frames // 20))
    return [
        *_frames_of(f"pan over {size.candles:,} candles", whole, "pyqtgraph, a picture of all", pictured),
        *_frames_of(f"{_SEEN} of {size.candles:,} candles", near, "pyqtgraph, a picture of all", pictured),
    ]


# the usual way ------------------------------------------------------------------------------------------------------
def _peaks(values: Floats, frames: int) -> list[float]:
    plot = _shown(pg.PlotWidget())
    curve = plot.plot(np.arange(len(values), dtype=np.float64), values, pen=pg.mkPen("w", width=1))
    curve.setDownsampling(auto=True, method="peak")
    curve.setClipToView(True)
    return _panned_theirs(plot, len(values), frames)


def _pictured(level: Level, frames: int) -> list[float]:
    plot = _shown(pg.PlotWidget())
    plot.addItem(_Picture(level))
    return _panned_theirs(plot, len(level), frames)


def _panned_theirs(plot: Any, count: int, frames: int) -> list[float]:
    def step(number: int) -> None:
        first = count * 0.05 + (number + 1) * count * 0.9 / 400
        plot.setXRange(first, first + count * 0.9, padding=0)

    try:
        return _milliseconds(frames, step, plot.viewport().repaint)
    finally:
        _gone(plot)


class _Picture(pg.GraphicsObject):  # type: ignore[misc]
    """Candles as most examples paint them: once into a picture, which is played each time."""

    def __init__(self, level: Level) -> None:
        super().__init__()
        self._picture = QPicture()
        self._box = QRectF(0, float(level.low.min()), len(level), float(level.high.max() - level.low.min()))
        painter = QPainter(self._picture)
        painter.setPen(pg.mkPen("w"))
        for at in range(len(level)):
            opened, close = float(level.open[at]), float(level.close[at])
            painter.drawLine(QPointF(at, float(level.low[at])), QPointF(at, float(level.high[at])))
            painter.setBrush(pg.mkBrush("g" if close > opened else "r"))
            painter.drawRect(QRectF(at - 0.3, opened, 0.6, close - opened))
        painter.end()

    def paint(self, painter: QPainter, *_rest: object) -> None:
        painter.drawPicture(0, 0, self._picture)

    def boundingRect(self) -> QRectF:  # noqa: N802 - Qt's name
        return self._box


# the live table -----------------------------------------------------------------------------------------------------
def _table(size: _Size) -> list[Figure]:
    """Let every second market of a table move in each frame, as a busy feed does."""
    moving = [_moved(size.markets, number) for number in range(size.frames + 1)]
    ours = _tabled(moving, is_live=True)
    theirs = _tabled(moving, is_live=False)
    name = f"live table, {size.markets // 2} of {size.markets} rows move"
    slow = percentile(ours, 0.99)
    return [
        Figure(name, median(ours), "ms", (AT_MOST, 4.0), "all rows taken anew, one range told", median(theirs)),
        Figure(f"{name}, slowest of a hundred", slow, "ms"),
    ]


def _tabled(moving: Sequence[dict[str, rows.MarketRow]], *, is_live: bool) -> list[float]:
    model = LiveModel(rows.columns(), rows.name)
    model.show(rows.branches(moving[0].values()), fresh=True)
    table = _shown(Table(model, "bench", "Markets"))
    model.watch(table.seen_rows)

    def step(number: int) -> None:
        if is_live:
            model.move(moving[number + 1])
        else:
            model.update(rows.branches((moving[0] | moving[number + 1]).values()))

    try:
        return _milliseconds(len(moving) - 1, step, QApplication.processEvents)
    finally:
        _gone(table)


def _moved(markets: int, number: int) -> dict[str, rows.MarketRow]:
    """Return rows of a frame: all of them in the first, then every second one, another half each time."""
    chosen = range(markets) if not number else range(number % 2, markets, 2)
    return {row.asset.asset_id: row for row in (_row(place, number) for place in chosen)}


def _row(place: int, number: int) -> rows.MarketRow:
    price = Decimal(1_000 + place) + Decimal(number) / 100
    at = _START + number * SECOND
    parts = (Contribution("kraken", price, at, Decimal("0.6")), Contribution("coinbase", price, at, Decimal("0.4")))
    key = f"A{place:04}"
    mark = Mark(key, price, "usd", "median of kraken, coinbase", at, Decimal(number + 1) / 10_000, parts)
    week = tuple(Decimal(1_000 + place + day * (-1) ** day) for day in range(8))
    return rows.MarketRow(Asset(key, key, f"Asset {place}", AssetKind.CRYPTO, 8), mark, Decimal("0.0004"), 1, week=week)
