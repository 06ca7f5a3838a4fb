"""The axes of the chart of a market: a grid, and labels that are written where no tag of the crosshair lies."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter

from app.ui import format as fmt
from app.ui import theme
from app.ui.charts.market_paint import Sheet
from app.ui.charts.scales import clock_ticks, value_ticks
from app.ui.charts.series import Series

FOOT = 24
_LABEL_ROOM = 76
Label = tuple[QRectF, Qt.AlignmentFlag, str]


def places_of(step: Decimal) -> int:
    """Return how many places values need that lie so far apart."""
    return min(12, max(0, -int(step.normalize().as_tuple().exponent)))


def paint_grid(painter: QPainter, sheet: Sheet, width: float) -> tuple[list[Label], Decimal]:
    """Paint lines at round prices; returns their labels and the step between them."""
    area = sheet.area
    ticks, step = value_ticks(Decimal(repr(max(sheet.low, 0.0))), Decimal(repr(sheet.high)))
    places, labels = places_of(step), list[Label]()
    painter.setPen(theme.color("grid"))
    for value in ticks:
        y = round(sheet.y(float(value))) + 0.5
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        box = QRectF(area.right() + 8, y - 9, width - area.right() - 8, 18)
        labels.append((box, Qt.AlignmentFlag.AlignVCenter, fmt.price(value, places=places)))
    return labels, step


def time_labels(sheet: Sheet, series: Series) -> list[Label]:
    """Return the labels of the axis of time."""
    area, metrics, labels = sheet.area, QFontMetricsF(theme.font("caption")), list[Label]()
    first, last = (series.moment(place) for place in (sheet.view.first, sheet.view.last))
    for at, label in clock_ticks(first, last, max(1, int(area.width()) // theme.px(_LABEL_ROOM))):
        x = sheet.x(series.place(at))
        if area.left() + 12 <= x <= area.right() - 12:
            half = metrics.horizontalAdvance(label) / 2 + 2
            box = QRectF(x - half, area.bottom() + 4, 2 * half, theme.px(FOOT) - 6)
            labels.append((box, Qt.AlignmentFlag.AlignCenter, label))
    return labels


def write(painter: QPainter, labels: Sequence[Label], tagged: Sequence[QRectF]) -> None:
    """Write labels; one that a tag of the crosshair would cut gives way whole."""
    painter.setFont(theme.font("caption"))
    painter.setPen(theme.color("text_3"))
    for box, align, label in labels:
        if not any(box.intersects(one) for one in tagged):
            painter.drawText(box, align, label)
