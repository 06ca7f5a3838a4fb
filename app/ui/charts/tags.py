"""The crosshair over a plot: two dashed lines, a hollow point, and tags on both axes."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from app.ui import theme

_BY_POINTER = (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.PopupFocusReason)


@dataclass(frozen=True, slots=True)
class Cross:
    """Where the crosshair is, in pixels, and what its tags say."""

    spot: QPointF
    area: QRectF
    value: str
    time: str
    note: str = ""
    """What happened on this day."""
    has_point: bool = True
    """Whether it lies on a value of the course, and not where the pointer is."""


class Tags(QWidget):
    """Paints the crosshair; takes no mouse."""

    def __init__(self, parent: QWidget) -> None:
        """Lie over the plot."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.cross: Cross | None = None
        self.caption = ""
        self.is_focused = False

    def show_cross(self, cross: Cross | None) -> None:
        """Show the crosshair elsewhere, or not at all."""
        if cross != self.cross:
            self.cross = cross
            self.update()

    def show_ring(self, event: QFocusEvent) -> None:
        """Show the ring around the chart where the keyboard brought the focus, and take it away with the focus."""
        self.is_focused = event.gotFocus() and event.reason() not in _BY_POINTER
        self.update()

    def boxes(self) -> tuple[QRectF, ...]:
        """Return where the tags on the axes lie: value, time; none without a crosshair."""
        cross = self.cross
        if cross is None:
            return ()
        area, spot, height = cross.area, cross.spot, theme.px(18)
        metrics = QFontMetricsF(theme.font("overline"))
        value, time = metrics.horizontalAdvance(cross.value) + 12, metrics.horizontalAdvance(cross.time) + 14
        left = min(max(0.0, spot.x() - time / 2), self.width() - time)
        return (
            QRectF(min(area.right() + 2, self.width() - value), spot.y() - height / 2, value, height),
            QRectF(left, area.bottom() + 3, time, height),
        )

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint lines, point and tags."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.caption:
            painter.setFont(theme.font("body"))
            painter.setPen(theme.color("text_3"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.caption)
        if self.is_focused:
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(3, 3, -3, -3), 5, 5)
        if self.cross is not None:
            self._paint_cross(painter, self.cross)

    def _paint_cross(self, painter: QPainter, cross: Cross) -> None:
        area, spot = cross.area, cross.spot
        pen = QPen(theme.color("crosshair"), 1, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawLine(QPointF(area.left(), spot.y()), QPointF(area.right(), spot.y()))
        painter.drawLine(QPointF(spot.x(), area.top()), QPointF(spot.x(), area.bottom()))
        if cross.has_point:
            painter.setPen(QPen(theme.color("accent"), 1.5))
            painter.setBrush(theme.color("surface"))
            painter.drawEllipse(spot, 4, 4)
        value, time = self.boxes()
        self._tag(painter, value, cross.value)
        self._tag(painter, time, cross.time)
        if cross.note:
            wide = QFontMetricsF(theme.font("overline")).horizontalAdvance(cross.note) + 14
            self._note(painter, cross, wide)

    def _note(self, painter: QPainter, cross: Cross, width: float) -> None:
        """Say what happened, at the top beside the line; on its other side where there is no room."""
        left = cross.spot.x() + 6
        if left + width > cross.area.right():
            left = max(0.0, cross.spot.x() - 6 - width)
        self._tag(painter, QRectF(left, cross.area.top() + 2, width, theme.px(18)), cross.note)

    def _tag(self, painter: QPainter, box: QRectF, words: str) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("text_2"))
        painter.drawRoundedRect(box, 4, 4)
        painter.setFont(theme.font("overline"))
        painter.setPen(theme.color("surface"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
