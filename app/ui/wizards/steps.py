"""The steps of a wizard at the left: always visible, each with its result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.widgets import basics as w
from app.ui.widgets.marks import Logo
from app.ui.widgets.step_marks import DONE, NEXT, NOW, StepLook, paint_step


class Step(QWidget):
    """One step: number or tick, title, result."""

    def __init__(self, number: int, title: str, *, is_last: bool) -> None:
        """Take the number and the title."""
        super().__init__()
        self.look = StepLook(number, title, is_last)
        self.setFixedHeight(theme.px(54))
        self.show_state(NEXT, "")

    def show_state(self, state: str, result: str) -> None:
        """Show done, now or next, and what came of it."""
        self.look = replace(self.look, state=state, result=result)
        self.setAccessibleName(self.look.said)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the step."""
        paint_step(self, self.look)


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
        self.steps[index].show_state(self.steps[index].look.state, result)
