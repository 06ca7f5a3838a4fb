"""How candles, lines and volumes are painted: only what is in sight, never more bars than pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from app.ui import theme
from app.ui.charts import primitives
from app.ui.charts.primitives import Floats
from app.ui.charts.series import Level, Series
from app.ui.charts.viewport import Viewport

_BODY = 0.7
"""Share of its width that a candle's body takes."""
_HOLLOW = 4.0
"""Pixels from which a body has room for an outline."""
_BARE = 2.5
"""Pixels below which a candle is a line from low to high."""
_DASH = (2.5, 2.0)
"""Pixels that are painted and left out of what is not over yet."""
VOLUME = 0.16
"""Share of the height that volumes may take."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where a stretch of a series lies on the screen."""

    area: QRectF
    view: Viewport
    low: float
    high: float

    @property
    def step(self) -> float:
        """Return the pixels of one interval."""
        return self.area.width() / self.view.span

    def x(self, place: float) -> float:
        """Return the pixel of a place in time."""
        return self.area.left() + (place - self.view.first) * self.step

    def y(self, price: float) -> float:
        """Return the pixel of a price."""
        return self.area.bottom() - (price - self.low) / (self.high - self.low) * self.area.height()

    def place(self, x: float) -> float:
        """Return the place in time of a pixel."""
        return self.view.first + (x - self.area.left()) / self.step

    def price(self, y: float) -> float:
        """Return the price of a pixel."""
        return self.low + (self.area.bottom() - y) / self.area.height() * (self.high - self.low)

    def xs(self, bars: Level) -> Floats:
        """Return the pixels of the middles of bars, halfway between two so that lines are sharp."""
        exact = self.area.left() + (bars.x + bars.span / 2 - self.view.first) * self.step
        return np.floor(exact) + 0.5

    def ys(self, prices: Floats) -> Floats:
        """Return the pixels of prices."""
        return self.area.bottom() - (prices - self.low) * (self.area.height() / (self.high - self.low))


def bars_of(series: Series, view: Viewport, width: float, *, is_line: bool) -> Level:
    """Return the bars that are painted: at most one a pixel, two closes where they make a line."""
    return series.seen(view.first, view.last, int(width) * (2 if is_line else 1))


def paint_prices(painter: QPainter, sheet: Sheet, bars: Level, *, is_line: bool, grows: bool) -> None:
    """Paint candles or a line; where the last bar `grows` it is one candle that is not over, and looks so."""
    paint = paint_line if is_line else paint_candles
    if not grows:
        paint(painter, sheet, bars)
        return
    paint(painter, sheet, bars.cut(slice(0, len(bars) - 1)))
    last = bars.cut(slice(max(0, len(bars) - (2 if is_line else 1)), len(bars)))
    if is_line:
        _dash_line(painter, sheet, last)
    else:
        _dash_candle(painter, sheet, last)


def _dash_candle(painter: QPainter, sheet: Sheet, bar: Level) -> None:
    """Paint a candle that is not over: dashed and empty, whichever way it goes."""
    width = sheet.step * bar.span
    x = float(sheet.xs(bar)[0])
    high, low = float(sheet.ys(bar.high)[0]), float(sheet.ys(bar.low)[0])
    ends = sorted(round(float(sheet.ys(one)[0])) for one in (bar.open, bar.close))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    pen = _sharp("up" if bar.close[0] >= bar.open[0] else "down")
    pen.setDashPattern([length * theme.density() for length in _DASH])
    painter.setPen(pen)
    if width < _BARE:
        painter.drawLine(QPointF(x, high), QPointF(x, low))
        return
    body = max(1.0, float(round(width * _BODY)))
    painter.drawLine(QPointF(x, high), QPointF(x, ends[0]))
    painter.drawLine(QPointF(x, ends[1]), QPointF(x, low))
    painter.drawRect(QRectF(math.floor(x - body / 2), ends[0], body, ends[1] - ends[0]))


def _dash_line(painter: QPainter, sheet: Sheet, ends: Level) -> None:
    """Paint the way to a close that is none yet; across a gap there is no way."""
    points = [QPointF(float(x), float(y)) for x, y in zip(sheet.xs(ends), sheet.ys(ends.close), strict=True)]
    pen = QPen(theme.color("accent"), 1.5)
    pen.setDashPattern(_DASH)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    if len(points) > 1 and ends.x[1] - ends.x[0] == ends.span:
        painter.drawLine(points[0], points[1])


def paint_candles(painter: QPainter, sheet: Sheet, bars: Level) -> None:
    """Paint candles: rising ones hollow, falling ones filled, so that colour is not all that tells them apart."""
    width = sheet.step * bars.span
    rises = bars.close >= bars.open
    xs, high, low = sheet.xs(bars), sheet.ys(bars.high), sheet.ys(bars.low)
    top, bottom = sheet.ys(np.maximum(bars.open, bars.close)), sheet.ys(np.minimum(bars.open, bars.close))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    for is_up, role in ((False, "down"), (True, "up")):
        mine = rises == is_up
        painter.setPen(_sharp(role))
        if width < _BARE:
            primitives.lines(painter, xs[mine], high[mine], xs[mine], low[mine])
            continue
        body = max(1.0, float(round(width * _BODY)))
        is_hollow = is_up and body >= _HOLLOW
        x, upper, lower = xs[mine], np.round(top[mine]), np.round(bottom[mine])
        primitives.lines(painter, x, high[mine], x, upper)
        primitives.lines(painter, x, lower, x, low[mine])
        painter.setBrush(theme.color("surface" if is_hollow else role))
        primitives.boxes(painter, np.floor(x - body / 2), upper, body, np.maximum(lower - upper, 0.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_line(painter: QPainter, sheet: Sheet, bars: Level) -> None:
    """Paint a line through the closes; where a pixel has many, from the lowest to the highest of them."""
    if bars.span == 1:
        exact = sheet.area.left() + (bars.x + bars.span / 2 - sheet.view.first) * sheet.step
        ys = sheet.ys(bars.close)
        gaps = np.flatnonzero(np.diff(bars.x) > bars.span) + 1
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.color("accent"), 1.5))
        primitives.polyline(painter, np.insert(exact, gaps, np.nan), np.insert(ys, gaps, np.nan))
        return
    xs, before = sheet.xs(bars), np.concatenate((bars.open[:1], bars.close[:-1]))
    is_next = np.concatenate(([False], np.diff(bars.x) == bars.span))
    lowest = np.where(is_next, np.minimum(bars.lowest, before), bars.lowest)
    highest = np.where(is_next, np.maximum(bars.highest, before), bars.highest)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setPen(_sharp("accent"))
    primitives.lines(painter, xs, sheet.ys(highest), xs, sheet.ys(lowest))


def paint_volumes(painter: QPainter, sheet: Sheet, bars: Level) -> None:
    """Paint what was traded as low bars at the foot; they are context and stay pale."""
    most = float(np.max(bars.volume, initial=0.0))
    if most <= 0:
        return
    width = max(1.0, float(round(sheet.step * bars.span * _BODY)))
    height = np.round(bars.volume / most * sheet.area.height() * VOLUME)
    xs, foot = sheet.xs(bars), sheet.area.bottom()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    # A tint that is mixed beforehand: what is see-through costs ten times as much to fill.
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.mix("surface", "text_3", 0.25))
    primitives.boxes(painter, np.floor(xs - width / 2), foot - height, width, height)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_triangle(painter: QPainter, at: QPointF, side: float, *, is_up: bool, role: str) -> None:
    """Paint the sign of a fill: its tip at a point."""
    tall = side if is_up else -side
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("surface"), 1))
    painter.setBrush(theme.color(role))
    corners = [at, at + QPointF(-side / 2, tall), at + QPointF(side / 2, tall)]
    painter.drawPolygon(corners)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def span_of(bars: Level, *, is_line: bool) -> tuple[float, float]:
    """Return the lowest and highest price of bars; zero and one where there are none."""
    if not len(bars):
        return 0.0, 1.0
    low, high = (bars.lowest, bars.highest) if is_line else (bars.low, bars.high)
    return float(np.min(low)), float(np.max(high))


def _sharp(role: str) -> QPen:
    """Return a pen that is one device pixel wide at any density."""
    made = QPen(theme.color(role), 0)
    made.setCosmetic(True)
    return made
