"""A decision with its reason: the form that asks for it, and buttons whose place it takes while it is open."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QKeyEvent, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.errors import CounterfoilError
from app.ui import hints
from app.ui.screens.base import Shell
from app.ui.screens.inspector_parts import give_back_focus
from app.ui.widgets import basics as w
from app.ui.words import tr


class Form(QWidget):
    """Fields, a reason, and a button that records.

    Signals:
        cancelled: Nothing is to be recorded.
        given: Everything was filled in.
    """

    cancelled = Signal()
    given = Signal()

    def __init__(self, title: str, reason: str, button: str, *fields: QWidget, kind: str = "primary") -> None:
        """Take the title, what the reason field asks, the button's words, and further fields above the reason."""
        super().__init__()
        self.setAccessibleName(title)
        self.reason = w.field("", reason, name=reason)
        self.reason.returnPressed.connect(self.given)
        self.fault = w.text("", "cell", "danger", wrap=True)
        self.fault.hide()
        self.record = w.button(button, kind)
        self.record.clicked.connect(self.given)
        cancel = w.button(tr("Cancel"), "ghost")
        cancel.clicked.connect(self.cancelled)
        buttons = w.row(None, cancel, self.record)
        parts: list[w.Item] = [w.text(title, "label"), *fields, self.reason, self.fault, buttons]
        w.fill(QVBoxLayout(self), parts, 8, (16, 12, 16, 12))

    def given_reason(self) -> str:
        """Return the reason; "" where it is missing, and that is said."""
        text = self.reason.text().strip()
        self.show_fault("" if text else tr("Say why: decisions of a person are recorded with their reason."))
        return text

    def show_fault(self, text: str) -> None:
        """Say what is wrong, at the field it concerns; "" takes it away."""
        self.fault.setText(text)
        self.fault.setVisible(bool(text))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            super().keyPressEvent(event)


class Deciding(QWidget):
    """Buttons for decisions of a person; the form of one takes their place, and they come back once it is recorded.

    Signals:
        done: Something was recorded.
    """

    done = Signal()

    def __init__(self, shell: Shell) -> None:
        """Take the window."""
        super().__init__()
        self._shell = shell
        self.form: Form | None = None
        self._box = QVBoxLayout(self)
        self._buttons = self._focus = QWidget()

    def _lay_out(self, buttons: QWidget, focus: QWidget, *above: w.Item) -> None:
        """Put the buttons under what stands above them; `focus` is the one that gets the focus of a form that goes."""
        self._buttons, self._focus = buttons, focus
        w.fill(self._box, [*above, buttons], 6 if above else 0)

    def _to_focus(self) -> QWidget:
        """Return what gets the focus of a form that goes."""
        return self._focus

    def _say(self, text: str) -> None:
        """Say what went wrong with a decision that needs no form."""
        self._shell.toast(text)

    def _ask(self, form: Form, then: Callable[[], None]) -> None:
        self.put_away()
        self.form = form
        form.cancelled.connect(self.put_away)
        form.given.connect(then)
        self._buttons.hide()
        self._box.addWidget(form)
        form.reason.setFocus()

    @Slot()
    def put_away(self) -> None:
        """Put the form away; nothing is recorded."""
        self._buttons.show()
        if self.form is not None:
            give_back_focus(self.form, self._to_focus())
            self._box.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
            self.form = None

    def _reason(self) -> str:
        """Return the reason that was given; "" where there is none, which is said."""
        return "" if self.form is None else self.form.given_reason()

    def _record(self, work: Coroutine[Any, Any, Any], told: str, undo: Callable[[], None] | None = None) -> None:
        """Record a decision; what the books refuse is said in the form, which stays open."""
        if self.form is not None:
            # A button that is switched off would hand the focus on, out of the form.
            give_back_focus(self.form.record, self.form.reason)
            self.form.record.setEnabled(False)
        self._shell.run(self._recorded(work, told, undo), what=tr("Recording"))

    async def _recorded(self, work: Coroutine[Any, Any, Any], told: str, undo: Callable[[], None] | None) -> None:
        try:
            await work
        except CounterfoilError as fault:
            if self.form is None:
                self._say(hints.line(fault))
                return
            self.form.record.setEnabled(True)
            self.form.show_fault(hints.line(fault))
            return
        self.put_away()
        self._shell.toast(told, tr("Undo") if undo is not None else "", undo)
        self.done.emit()
