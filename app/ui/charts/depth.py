"""The depth of a market: what waits on both sides, added up from the middle outwards."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from operator import attrgetter

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)

from app.core.money import EXACT
from app.ui import format as fmt
from app.ui import theme
from app.ui.charts.crossed import CrossedChart
from app.ui.charts.scales import value_ticks
from app.ui.charts.tags import Cross
from app.ui.words import tr

Level = tuple[Decimal, Decimal]
_TOP, _FOOT, _LEFT = 12, 24, 8
_AIR = 1.08
_APART = 0.5
"""Pixels."""


class Step(Struct, frozen=True, gc=False):
    """One price with what waits up to it.

    Attributes:
        size: What waits at the price itself.
        total: What can be had from the middle up to it.
        cost: What that would cost, or bring, in money.
    """

    price: Decimal
    size: Decimal
    total: Decimal
    cost: Decimal


@dataclass(frozen=True, slots=True)
class Depth:
    """Both sides, the best price first."""

    bids: tuple[Step, ...] = ()
    asks: tuple[Step, ...] = ()

    @classmethod
    def of(cls, bids: Sequence[Level], asks: Sequence[Level]) -> Depth:
        """Add up levels, the best first."""
        return cls(_added(bids), _added(asks))

    @property
    def is_known(self) -> bool:
        """Tell whether both sides are there."""
        return bool(self.bids and self.asks)

    @property
    def middle(self) -> Decimal:
        """Return the price between both sides."""
        return (self.bids[0].price + self.asks[0].price) / 2

    def within(self, share: Decimal) -> Depth:
        """Return what lies no further from the middle than a share of it."""
        middle = self.middle
        lowest, highest = middle - middle * share, middle + middle * share
        bids = tuple(step for step in self.bids if step.price >= lowest)
        asks = tuple(step for step in self.asks if step.price <= highest)
        return Depth(bids or self.bids[:1], asks or self.asks[:1])

    def steps(self) -> tuple[Step, ...]:
        """Return all steps by rising price."""
        return (*reversed(self.bids), *self.asks)


def _added(levels: Sequence[Level]) -> tuple[Step, ...]:
    totals = accumulate((size for _, size in levels), EXACT.add)
    costs = accumulate((EXACT.multiply(price, size) for price, size in levels), EXACT.add)
    return tuple(
        Step(price, size, total, cost) for (price, size), total, cost in zip(levels, totals, costs, strict=True)
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where prices and sums stand in a picture; floats are geometry."""

    area: QRectF
    low: float
    wide: float
    most: float

    def x(self, price: float) -> float:
        """Return how far right a price stands."""
        return self.area.left() + (price - self.low) / self.wide * self.area.width()

    def y(self, total: float) -> float:
        """Return how far down a sum stands."""
        return self.area.bottom() - total / self.most * self.area.height()

    def price(self, x: float) -> float:
        """Return the price at a place."""
        return self.low + (x - self.area.left()) / self.area.width() * self.wide


class DepthPlot(CrossedChart):
    """Two staircases that meet in the middle; the crosshair stands on one step, counted by rising price."""

    def __init__(self) -> None:
        """Start without a book."""
        super().__init__()
        self.book = Depth()
        self._steps: tuple[Step, ...] = ()
        self._prices: list[float] = []
        self.setMinimumSize(QSize(160, 100))

    def show_depth(self, depth: Depth) -> None:
        """Draw another book; the crosshair stays at its price where that is still a level."""
        at = self.step_at(self.index)
        self.book, self._steps = depth, depth.steps()
        self._prices = [float(step.price) for step in self._steps]
        self.index = -1 if at is None else self._place_of(at.price)
        self._place_cross()
        self.update()

    def _place_of(self, price: Decimal) -> int:
        place = bisect_left(self._steps, price, key=attrgetter("price"))
        step = self.step_at(place)
        return place if step is not None and step.price == price else -1

    def step_at(self, index: int) -> Step | None:
        """Return a step, counted by rising price."""
        return self._steps[index] if 0 <= index < len(self._steps) else None

    # painting ------------------------------------------------------------------------------------------------------
    def _area(self) -> QRectF:
        widest = self._steps[-1].price if self._steps else Decimal(0)
        wide = QFontMetricsF(theme.font("overline")).horizontalAdvance(fmt.price(widest)) + 22
        right, foot = max(theme.px(56), int(wide)), theme.px(_FOOT)
        return QRectF(_LEFT, _TOP, max(20, self.width() - _LEFT - right), max(20, self.height() - _TOP - foot))

    def _scale(self) -> _Scale:
        low, high = self._prices[0], self._prices[-1]
        most = float(max(self.book.bids[-1].total, self.book.asks[-1].total)) * _AIR
        return _Scale(self._area(), low, max(high - low, 1e-12), most)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint grid, labels and both staircases."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("surface"))
        hidden = fmt.mask() is fmt.Mask.EVERYTHING
        self.tags.caption = tr("The shape of the chart is hidden") if hidden and self.book.is_known else ""
        if not self.book.is_known or hidden:
            return
        scale = self._scale()
        self._paint_grid(painter, scale)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for steps, role, to in (
            (self.book.bids, "up", scale.area.left()),
            (self.book.asks, "down", scale.area.right()),
        ):
            self._paint_side(painter, _outline(steps, scale, to), role)

    @staticmethod
    def _paint_side(painter: QPainter, line: Sequence[QPointF], role: str) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(role, 0.16))
        painter.drawPolygon([*line, QPointF(line[-1].x(), line[0].y())])
        # One side is dashed, so that the two differ without colour.
        style = Qt.PenStyle.SolidLine if role == "up" else Qt.PenStyle.DashLine
        painter.setPen(QPen(theme.color(role), 1.5, style))
        painter.drawPolyline(line)

    def _paint_grid(self, painter: QPainter, scale: _Scale) -> None:
        area = scale.area
        most = max(self.book.bids[-1].total, self.book.asks[-1].total) * Decimal("1.08")
        ticks, step = value_ticks(Decimal(0), most)
        places = max(0, -int(step.normalize().as_tuple().exponent))
        painter.setFont(theme.font("caption"))
        tagged = self.tags.boxes()
        for value in ticks:
            y = round(scale.y(float(value))) + 0.5
            painter.setPen(theme.color("grid"))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            box = QRectF(area.right() + 8, y - 9, self.width() - area.right() - 8, 18)
            if not any(box.intersects(one) for one in tagged):
                painter.setPen(theme.color("text_3"))
                painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, fmt.price(value, places=places))
        painter.setPen(theme.color("text_3"))
        low, high = self._steps[0].price, self._steps[-1].price
        metrics = QFontMetricsF(theme.font("caption"))
        for price in (low, self.book.middle, high):
            label = fmt.price(price)
            wide = metrics.horizontalAdvance(label) + 4
            left = min(max(area.left(), scale.x(float(price)) - wide / 2), area.right() - wide)
            box = QRectF(left, area.bottom() + 4, wide, theme.px(_FOOT) - 6)
            if not any(box.intersects(one) for one in tagged):
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, label)

    # the crosshair -------------------------------------------------------------------------------------------------
    def _place_cross(self) -> None:
        step = self.step_at(self.index)
        if step is None or not self.book.is_known or fmt.mask() is fmt.Mask.EVERYTHING:
            self.tags.show_cross(None)
            return
        scale = self._scale()
        spot = QPointF(scale.x(float(step.price)), scale.y(float(step.total)))
        total = fmt.price(step.total, places=_places(step.total))
        self.tags.show_cross(Cross(spot, scale.area, total, fmt.price(step.price)))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Stand on the step under the pointer."""
        if self.book.is_known:
            price = self._scale().price(event.position().x())
            after = bisect_left(self._prices, price, 1, len(self._prices) - 1)
            self.move_to(min((after - 1, after), key=lambda place: abs(self._prices[place] - price)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step along the prices with the arrows, to the ends with Home and End."""
        last = len(self._steps) - 1
        here = self.index if self.index >= 0 else len(self.book.bids) - 1
        moves = {Qt.Key.Key_Left: here - 1, Qt.Key.Key_Right: here + 1, Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}
        key = Qt.Key(event.key())
        if last >= 0 and key in moves:
            self.move_to(max(0, min(last, moves[key])))
        elif key == Qt.Key.Key_Escape and self.index >= 0:
            self.move_to(-1)
        else:
            event.ignore()


def _outline(steps: Sequence[Step], scale: _Scale, to: float) -> list[QPointF]:
    """Return the corners of a staircase, from the foot below its best price to the edge.

    Steps that share half a pixel are one, as high as the last of them: a book of thousands of levels has no more
    corners than there is room for.
    """
    left, height = scale.x(float(steps[0].price)), scale.area.bottom()
    corners = [QPointF(left, height), QPointF(left, height)]
    for step in steps:
        x, before, height = scale.x(float(step.price)), height, scale.y(float(step.total))
        if abs(x - left) < _APART:
            corners[-1].setY(height)
        else:
            corners += (QPointF(x, before), QPointF(x, height))
            left = x
    return [*corners, QPointF(to, height)]


def _places(value: Decimal) -> int:
    """Return as many places as a quantity of this size is read with."""
    return max(0, min(8, 2 - value.adjusted())) if value else 0
