"""What a measurement does to charts and tables: pans and moves them, and tells how long each frame took.

The usual ways stand beside them: pyqtgraph with peaks for a line, and a picture of all candles as its examples have it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from time import perf_counter
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPicture
from PySide6.QtWidgets import QApplication, QWidget

from app.core.clock import SECOND
from app.core.model.market import Candle
from app.ui.charts.market_plot import MarketPlot
from app.ui.charts.primitives import Floats
from app.ui.charts.series import Level, Series
from app.ui.charts.viewport import Viewport
from app.ui.models.live import LiveModel
from app.ui.screens import markets_rows as rows
from app.ui.widgets.tables import Table

START = 1_700_000_040 * SECOND
_MINUTE = 60 * SECOND
_SIZE = (1200, 700)


def _milliseconds(frames: int, step: Callable[[int], None], paint: Callable[[], None]) -> list[float]:
    """Return how long each frame took."""
    found = []
    for number in range(frames):
        began = perf_counter()
        step(number)
        paint()
        found.append((perf_counter() - began) * 1_000)
    return found


def panned(level: Level, count: int, mode: str, share: float, frames: int) -> list[float]:
    """Pan over candles of which a share is seen."""
    series = Series(START, _MINUTE, level.cut(slice(0, count)))
    price = Decimal(round(float(level.close[count - 1]), 2))
    newest = Candle(START, price, price, price, price, None)
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


def peaks(values: Floats, frames: int) -> list[float]:
    """Pan over a line as pyqtgraph draws it with peaks, clipped to what is seen."""
    plot = _shown(pg.PlotWidget())
    curve = plot.plot(np.arange(len(values), dtype=np.float64), values, pen=pg.mkPen("w", width=1))
    curve.setDownsampling(auto=True, method="peak")
    curve.setClipToView(True)
    return _panned_theirs(plot, len(values), frames)


def pictured(level: Level, frames: int) -> list[float]:
    """Pan over candles as pyqtgraph plays them from a picture."""
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
        """Paint all candles once."""
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
        """Play the picture."""
        painter.drawPicture(0, 0, self._picture)

    def boundingRect(self) -> QRectF:
        """Return where the candles lie."""
        return self._box


def tabled(moving: Sequence[Mapping[str, rows.MarketRow]], *, is_live: bool) -> list[float]:
    """Let rows of a table move: the live way, or all taken anew with one range told."""
    model = LiveModel(rows.columns(), rows.name)
    model.show(rows.branches(moving[0].values()), fresh=True)
    table = _shown(Table(model, "bench", "Markets"))
    model.watch(table.seen_rows)

    def step(number: int) -> None:
        if is_live:
            model.move(moving[number + 1])
        else:
            model.update(rows.branches({**moving[0], **moving[number + 1]}.values()))

    try:
        return _milliseconds(len(moving) - 1, step, QApplication.processEvents)
    finally:
        _gone(table)
