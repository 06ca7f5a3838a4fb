"""How a step of a wizard is painted: number or tick, title, what it has come to, and the line to the next one."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget

from app.ui import icons, theme

DONE, NOW, NEXT, OPEN = "done", "now", "next", "open"
_RINGS = {DONE: "ok", NOW: "accent_fill", NEXT: "border_strong", OPEN: "warn"}
_GROUNDS = {DONE: "ok_tint", NOW: "accent_fill", NEXT: "chrome", OPEN: "warn_tint"}
_SIGNS = {NOW: "on_accent", NEXT: "text_2", OPEN: "warn"}
_RADIUS = 10


@dataclass(frozen=True, slots=True)
class StepLook:
    """One step as it is shown.

    Attributes:
        state: DONE, NOW, NEXT or OPEN: something of it waits for a person.
        result: What it has come to.
    """

    number: int
    title: str
    is_last: bool = False
    state: str = NEXT
    result: str = ""

    @property
    def said(self) -> str:
        """Return what a screen reader says."""
        return f"{self.title}. {self.result}"


def paint_step(widget: QWidget, step: StepLook) -> None:
    """Paint a step over the whole of its widget."""
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if step.state == NOW:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("selected"))
        painter.drawRoundedRect(QRectF(widget.rect()).adjusted(8, 1, -8, -3), 6, 6)
    if widget.hasFocus():
        painter.setPen(QPen(theme.color("focus"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(widget.rect()).adjusted(8, 1, -8, -3), 6, 6)
    centre = QPointF(theme.px(30), theme.px(18))
    if not step.is_last:
        painter.setPen(QPen(theme.color("ok" if step.state == DONE else "border"), 1.5))
        painter.drawLine(QPointF(centre.x(), theme.px(31)), QPointF(centre.x(), widget.height() - 2.0))
    _paint_mark(painter, centre, step)
    left = theme.px(50)
    room = widget.width() - left - 14
    painter.setFont(theme.font("strong" if step.state == NOW else "medium"))
    painter.setPen(theme.color("text" if step.state != NEXT else "text_2"))
    top = theme.px(7 if step.result else 9)
    painter.drawText(QRectF(left, top, room, 18), Qt.AlignmentFlag.AlignVCenter, step.title)
    caption = theme.font("caption")
    painter.setFont(caption)
    painter.setPen(theme.color("text_2" if step.state in (NOW, OPEN) else "text_3"))
    shown = QFontMetricsF(caption).elidedText(step.result, Qt.TextElideMode.ElideRight, room)
    painter.drawText(QRectF(left, theme.px(25), room, 16), Qt.AlignmentFlag.AlignVCenter, shown)


def _paint_mark(painter: QPainter, centre: QPointF, step: StepLook) -> None:
    radius = theme.px(_RADIUS)
    painter.setPen(QPen(theme.color(_RINGS[step.state]), 1.5))
    painter.setBrush(theme.color(_GROUNDS[step.state]))
    painter.drawEllipse(centre, radius, radius)
    if step.state == DONE:
        half = theme.px(6)
        painter.drawPixmap(int(centre.x() - half), int(centre.y() - half), icons.pixmap("check", "ok", 12, 2.4))
        return
    painter.setPen(theme.color(_SIGNS[step.state]))
    painter.setFont(theme.font("overline"))
    box = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(step.number))
