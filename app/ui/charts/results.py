"""What a book made day by day against the losses that were forecast: bars, two lines, a cross where VaR was passed.

Thousands of days are drawn in one call each for gains, losses and each line, so that a crosshair stays quick.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)

from app.core.clock import DAY
from app.ui import format as fmt
from app.ui import theme
from app.ui.charts.course_frame import percent_label
from app.ui.charts.crossed import CrossedChart
from app.ui.charts.scales import padded, time_ticks, value_ticks
from app.ui.charts.tags import Cross
from app.ui.words import tr

_WEEK, _LABEL_ROOM = 7, 62
_TOP, _CROSS = 10, 4


@dataclass(frozen=True, slots=True)
class Results:
    """Days, oldest first: what the book made and the losses that were forecast, all as shares; losses are negative.

    Attributes:
        at: Start of each day.
        floor: Minus the value at risk that was forecast for the day.
        beyond: Minus the expected shortfall at the same confidence.
    """

    at: tuple[int, ...]
    made: tuple[float, ...]
    floor: tuple[float, ...]
    beyond: tuple[float, ...]

    def __len__(self) -> int:
        """Return the number of days."""
        return len(self.at)

    def is_exception(self, index: int) -> bool:
        """Tell whether a day lost more than was forecast."""
        return self.made[index] < self.floor[index]

    def exceptions(self) -> tuple[int, ...]:
        """Return the days that lost more than was forecast."""
        return tuple(index for index in range(len(self)) if self.is_exception(index))

    def last(self, days: int) -> Results:
        """Return the newest days."""
        if days >= len(self):
            return self
        return Results(self.at[-days:], self.made[-days:], self.floor[-days:], self.beyond[-days:])


NO_RESULTS = Results((), (), (), ())


class ResultsPlot(CrossedChart):
    """The chart; the crosshair stands at one day."""

    def __init__(self) -> None:
        """Start without days."""
        super().__init__()
        self.results = NO_RESULTS
        self._found: tuple[int, ...] = ()
        self._low, self._high = Decimal("-0.1"), Decimal("0.1")
        words = tr("Results against value at risk; arrows move by day, up and down by exception, t shows a table")
        self.setAccessibleName(words)

    def sizeHint(self) -> QSize:
        """Take what is left."""
        return QSize(300, 180)

    def minimumSizeHint(self) -> QSize:
        """Stay readable."""
        return QSize(160, 110)

    def show_results(self, results: Results) -> None:
        """Draw other days; the crosshair stays at its day where that is still there."""
        at = self.results.at[self.index] if 0 <= self.index < len(self.results) else None
        self.results, self._found = results, results.exceptions()
        self.index = results.at.index(at) if at in results.at else -1
        values = (*results.made, *results.floor, *results.beyond, 0.0)
        self._low, self._high = padded(Decimal(repr(min(values))), Decimal(repr(max(values))))
        self.redraw()

    def redraw(self) -> None:
        """Draw anew after a change of look or masking."""
        hidden = fmt.mask() is fmt.Mask.EVERYTHING and bool(len(self.results))
        self.tags.caption = tr("The shape of the chart is hidden") if hidden else ""
        self._place_cross()
        self.update()

    # places --------------------------------------------------------------------------------------------------------
    def _area(self) -> QRectF:
        metrics = QFontMetricsF(theme.font("overline"))
        side = max(theme.px(48), metrics.horizontalAdvance(fmt.percent(self._low, places=1)) + 16)
        foot = theme.px(24)
        return QRectF(14, _TOP, max(10.0, self.width() - 14 - side), max(10.0, self.height() - _TOP - foot))

    def _x(self, index: int, area: QRectF) -> float:
        return area.left() + (index + 0.5) * area.width() / max(1, len(self.results))

    def _y(self, value: float, area: QRectF) -> float:
        span = float(self._high - self._low)
        return area.bottom() - (value - float(self._low)) / span * area.height()

    # painting ------------------------------------------------------------------------------------------------------
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the grid, the bars, the lines, the exceptions."""
        painter = QPainter(self)
        area = self._area()
        self._paint_axes(painter, area)
        if not len(self.results) or fmt.mask() is fmt.Mask.EVERYTHING:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=True)
        self._paint_bars(painter, area)
        for values, pen in (
            (self.results.beyond, QPen(theme.color(theme.series(1)), 1.25, Qt.PenStyle.DashLine)),
            (self.results.floor, QPen(theme.color(theme.series(0)), 1.5)),
        ):
            painter.setPen(pen)
            painter.drawPolyline(QPolygonF([QPointF(self._x(i, area), self._y(v, area)) for i, v in enumerate(values)]))
        painter.setPen(QPen(theme.color("danger"), 2.25))
        reach = theme.px(_CROSS)
        for index in self._found:
            x, y = self._x(index, area), self._y(self.results.made[index], area)
            painter.drawLine(QPointF(x - reach, y - reach), QPointF(x + reach, y + reach))
            painter.drawLine(QPointF(x - reach, y + reach), QPointF(x + reach, y - reach))

    def _paint_bars(self, painter: QPainter, area: QRectF) -> None:
        zero = self._y(0.0, area)
        ups: list[QLineF] = []
        downs: list[QLineF] = []
        for index, made in enumerate(self.results.made):
            x = self._x(index, area)
            (ups if made >= 0 else downs).append(QLineF(x, zero, x, self._y(made, area)))
        width = max(1.0, min(area.width() / max(1, len(self.results)) * 0.62, 6.0))
        for lines, role in ((ups, "up"), (downs, "down")):
            pen = QPen(theme.color(role, 0.6), width)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawLines(lines)

    def _paint_axes(self, painter: QPainter, area: QRectF) -> None:
        painter.setFont(theme.font("caption"))
        ticks, step = value_ticks(self._low, self._high)
        cross = self.tags.cross
        for value in ticks:
            y = self._y(float(value), area)
            painter.setPen(QPen(theme.color("border" if not value else "grid"), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            if cross is not None and abs(cross.spot.y() - y) < theme.px(18):
                continue
            painter.setPen(theme.color("text_3"))
            box = QRectF(area.right() + 8, y - theme.px(9), self.width() - area.right() - 8, theme.px(18))
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, percent_label(value, step, self._high))
        if len(self.results):
            self._paint_times(painter, area, cross)

    def _paint_times(self, painter: QPainter, area: QRectF, cross: Cross | None) -> None:
        moments = self.results.at
        painter.setPen(theme.color("text_3"))
        room = theme.px(_LABEL_ROOM)
        for at, label in time_ticks(moments[0], moments[-1], max(1, int(area.width()) // room)):
            x = self._x(min(bisect_left(moments, at), len(moments) - 1), area)
            if cross is not None and abs(cross.spot.x() - x) < theme.px(74):
                continue
            box = QRectF(x - room / 2, area.bottom() + 4, room, theme.px(18))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, label)

    # the crosshair -------------------------------------------------------------------------------------------------
    def _place_cross(self) -> None:
        if not 0 <= self.index < len(self.results) or fmt.mask() is fmt.Mask.EVERYTHING:
            self.tags.show_cross(None)
            return
        area, made = self._area(), self.results.made[self.index]
        spot = QPointF(self._x(self.index, area), self._y(made, area))
        note = tr("exception") if self.results.is_exception(self.index) else ""
        value = fmt.percent(Decimal(repr(made)), places=1, sign=True)
        self.tags.show_cross(Cross(spot, area, value, fmt.day(self.results.at[self.index] + DAY // 2), note))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse from day to day."""
        area = self._area()
        if len(self.results):
            index = int((event.position().x() - area.left()) / area.width() * len(self.results))
            self.move_to(max(0, min(len(self.results) - 1, index)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by day with the arrows, a week with Shift, from exception to exception with up and down."""
        last, key = len(self.results) - 1, Qt.Key(event.key())
        if last < 0:
            event.ignore()
            return
        far = _WEEK if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        here = self.index if self.index >= 0 else last + 1
        later = bisect_right(self._found, here)
        earlier = bisect_left(self._found, here) - 1
        targets = {
            Qt.Key.Key_Left: here - far,
            Qt.Key.Key_Right: here + far,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
            Qt.Key.Key_Up: self._found[earlier] if earlier >= 0 else self.index,
            Qt.Key.Key_Down: self._found[later] if later < len(self._found) else self.index,
        }
        if key in targets:
            self.move_to(min(last, max(-1 if self.index < 0 else 0, targets[key])))
        elif key == Qt.Key.Key_Escape and self.index >= 0:
            self.move_to(-1)
        else:
            event.ignore()
