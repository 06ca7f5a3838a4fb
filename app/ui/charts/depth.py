"""The depth of a market: what waits on both sides, added up from the middle outwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
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


@dataclass(frozen=True, slots=True)
class Step:
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
        reach = self.middle * share
        bids = tuple(step for step in self.bids if self.middle - step.price <= reach)
        asks = tuple(step for step in self.asks if step.price - self.middle <= reach)
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


class DepthPlot(CrossedChart):
    """Two staircases that meet in the middle; the crosshair stands on one step, counted by rising price."""

    def __init__(self) -> None:
        """Start without a book."""
        super().__init__()
        self.book = Depth()
        self._steps: tuple[Step, ...] = ()
        self.setMinimumSize(QSize(160, 100))

    def show_depth(self, depth: Depth) -> None:
        """Draw another book; the crosshair stays at its price where that is still a level."""
        at = self._steps[self.index].price if 0 <= self.index < len(self._steps) else None
        self.book, self._steps = depth, depth.steps()
        self.index = next((place for place, step in enumerate(self._steps) if step.price == at), -1)
        self._place_cross()
        self.update()

    def step_at(self, index: int) -> Step | None:
        """Return a step, counted by rising price."""
        return self._steps[index] if 0 <= index < len(self._steps) else None

    # painting ------------------------------------------------------------------------------------------------------
    def _area(self) -> QRectF:
        widest = self._steps[-1].price if self._steps else Decimal(0)
        wide = QFontMetricsF(theme.font("overline")).horizontalAdvance(fmt.price(widest)) + 22
        right, foot = max(theme.px(56), int(wide)), theme.px(_FOOT)
        return QRectF(_LEFT, _TOP, max(20, self.width() - _LEFT - right), max(20, self.height() - _TOP - foot))

    def _spot(self, price: Decimal, total: Decimal) -> QPointF:
        area, steps = self._area(), self._steps
        low, high = float(steps[0].price), float(steps[-1].price)
        most = float(max(self.book.bids[-1].total, self.book.asks[-1].total)) * _AIR
        x = area.left() + (float(price) - low) / max(high - low, 1e-12) * area.width()
        return QPointF(x, area.bottom() - float(total) / most * area.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint grid, labels and both staircases."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.color("surface"))
        hidden = fmt.mask() is fmt.Mask.EVERYTHING
        self.tags.caption = tr("The shape of the chart is hidden") if hidden and self.book.is_known else ""
        if not self.book.is_known or hidden:
            return
        area = self._area()
        self._paint_grid(painter, area)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for steps, role, to in ((self.book.bids, "up", area.left()), (self.book.asks, "down", area.right())):
            self._paint_side(painter, steps, role, to)

    def _paint_side(self, painter: QPainter, steps: Sequence[Step], role: str, to: float) -> None:
        foot = self._area().bottom()
        line = QPainterPath(QPointF(self._spot(steps[0].price, Decimal(0)).x(), foot))
        for step in steps:
            spot = self._spot(step.price, step.total)
            line.lineTo(QPointF(spot.x(), line.currentPosition().y()))
            line.lineTo(spot)
        line.lineTo(QPointF(to, line.currentPosition().y()))
        ground = QPainterPath(line)
        ground.lineTo(QPointF(to, foot))
        ground.closeSubpath()
        painter.fillPath(ground, theme.color(role, 0.16))
        # One side is dashed, so that the two differ without colour.
        style = Qt.PenStyle.SolidLine if role == "up" else Qt.PenStyle.DashLine
        painter.strokePath(line, QPen(theme.color(role), 1.5, style))

    def _paint_grid(self, painter: QPainter, area: QRectF) -> None:
        most = max(self.book.bids[-1].total, self.book.asks[-1].total) * Decimal("1.08")
        ticks, step = value_ticks(Decimal(0), most)
        places = max(0, -int(step.normalize().as_tuple().exponent))
        painter.setFont(theme.font("caption"))
        tagged = self.tags.boxes()
        for value in ticks:
            y = round(self._spot(self.book.middle, value).y()) + 0.5
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
            left = min(max(area.left(), self._spot(price, Decimal(0)).x() - wide / 2), area.right() - wide)
            box = QRectF(left, area.bottom() + 4, wide, theme.px(_FOOT) - 6)
            if not any(box.intersects(one) for one in tagged):
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, label)

    # the crosshair -------------------------------------------------------------------------------------------------
    def _place_cross(self) -> None:
        step = self.step_at(self.index)
        if step is None or not self.book.is_known or fmt.mask() is fmt.Mask.EVERYTHING:
            self.tags.show_cross(None)
            return
        spot = self._spot(step.price, step.total)
        total = fmt.price(step.total, places=_places(step.total))
        self.tags.show_cross(Cross(spot, self._area(), total, fmt.price(step.price)))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Stand on the step under the pointer."""
        if self.book.is_known:
            x = event.position().x()
            places = range(len(self._steps))
            self.move_to(min(places, key=lambda place: abs(self._spot(self._steps[place].price, Decimal(0)).x() - x)))

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


def _places(value: Decimal) -> int:
    """Return as many places as a quantity of this size is read with."""
    return max(0, min(8, 2 - value.adjusted())) if value else 0
