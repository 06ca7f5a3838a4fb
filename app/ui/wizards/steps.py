"""The steps of a wizard at the left: always visible, each with its result."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.ui import icons, theme
from app.ui.widgets import basics as w
from app.ui.widgets.marks import Logo

DONE, NOW, NEXT = "done", "now", "next"


class Step(QWidget):
    """One step: number or tick, title, result."""

    def __init__(self, number: int, title: str, *, is_last: bool) -> None:
        """Take the number and the title."""
        super().__init__()
        self._number, self._title, self._is_last = number, title, is_last
        self._state, self._result = NEXT, ""
        self.setFixedHeight(theme.px(54))
        self.show_state(NEXT, "")

    def show_state(self, state: str, result: str) -> None:
        """Show done, now or next, and what came of it."""
        self._state, self._result = state, result
        self.setAccessibleName(f"{self._title}. {result}")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the step."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._state == NOW:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("selected"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(8, 1, -8, -3), 6, 6)
        centre = QPointF(theme.px(30), theme.px(18))
        if not self._is_last:
            painter.setPen(QPen(theme.color("ok" if self._state == DONE else "border"), 1.5))
            painter.drawLine(QPointF(centre.x(), theme.px(31)), QPointF(centre.x(), self.height() - 2.0))
        self._paint_mark(painter, centre)
        left = theme.px(50)
        painter.setFont(theme.font("strong" if self._state == NOW else "medium"))
        painter.setPen(theme.color("text" if self._state != NEXT else "text_2"))
        top = theme.px(7 if self._result else 9)
        painter.drawText(QRectF(left, top, self.width() - left - 14, 18), Qt.AlignmentFlag.AlignVCenter, self._title)
        painter.setFont(theme.font("caption"))
        painter.setPen(theme.color("text_3"))
        room = QRectF(left, theme.px(25), self.width() - left - 14, 16)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self._result)

    def _paint_mark(self, painter: QPainter, centre: QPointF) -> None:
        radius = theme.px(10)
        ring = {DONE: "ok", NOW: "accent_fill", NEXT: "border_strong"}[self._state]
        painter.setPen(QPen(theme.color(ring), 1.5))
        grounds = {DONE: theme.color("ok_tint"), NOW: theme.color("accent_fill"), NEXT: theme.color("chrome")}
        painter.setBrush(grounds[self._state])
        painter.drawEllipse(centre, radius, radius)
        if self._state == DONE:
            half = theme.px(6)
            painter.drawPixmap(int(centre.x() - half), int(centre.y() - half), icons.pixmap("check", "ok", 12, 2.4))
            return
        painter.setPen(theme.color("on_accent" if self._state == NOW else "text_2"))
        painter.setFont(theme.font("overline"))
        box = QRectF(centre.x() - radius, centre.y() - radius, 2 * radius, 2 * radius)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(self._number))


class Steps(QFrame):
    """All steps, one below the other."""

    def __init__(self, titles: Sequence[tuple[str, str]], note: str) -> None:
        """Take titles with what each step is about, and what is said below."""
        super().__init__()
        self.setObjectName("side")
        self.setFixedWidth(theme.px(252))
        last = len(titles)
        self.steps = [Step(number, title, is_last=number == last) for number, (title, _) in enumerate(titles, 1)]
        head = w.row(Logo(24), w.text("Counterfoil", "heading"), None, spacing=9, margins=(16, 14, 0, 14))
        foot = w.text(note, "caption", "text_3", wrap=True)
        foot.setContentsMargins(18, 0, 18, 0)
        w.fill(QVBoxLayout(self), [head, *self.steps, None, foot], 0, (0, 0, 1, 18))
        self._results = [about for _, about in titles]
        self.show_step(0)

    def show_step(self, index: int, result: str = "") -> None:
        """Show which step is now; `result` is what the one before came to."""
        if result and index:
            self._results[index - 1] = result
        for position, step in enumerate(self.steps):
            state = DONE if position < index else NOW if position == index else NEXT
            step.show_state(state, self._results[position])

    def show_result(self, index: int, result: str) -> None:
        """Show what a step has come to so far."""
        self._results[index] = result
        state = self.steps[index]._state  # noqa: SLF001
        self.steps[index].show_state(state, result)
