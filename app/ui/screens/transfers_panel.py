"""One transfer with what can be said of it: accept, reject with a reason, take back."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.errors import CounterfoilError
from app.core.transfers import End
from app.ui import format as fmt
from app.ui import hints
from app.ui.models.columns import full_quantity
from app.ui.screens import transfers_rows as rows
from app.ui.screens.base import Shell
from app.ui.screens.inspector_edit import Form
from app.ui.screens.inspector_parts import give_back_focus
from app.ui.widgets import basics as w
from app.ui.words import tr


class TransferPanel(QWidget):
    """Both sides of the chosen row, why it is proposed or counts, and the buttons.

    Signals:
        done: A decision was recorded.
    """

    done = Signal()

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is chosen yet."""
        super().__init__()
        self._shell = shell
        self._row: rows.TransferRow | None = None
        self.form: Form | None = None
        self._sides, self._why = QVBoxLayout(), w.text("", "cell", "text_2", wrap=True)
        self.accept = w.button(tr("Accept"), "primary", "check", size="small")
        self.accept.clicked.connect(self.take)
        self.reject = w.button(tr("No transfer…"), "", "x", size="small")
        self.reject.clicked.connect(self.ask_reject)
        self.undo = w.button(tr("Take back…"), "ghost", "undo-2", size="small")
        self.undo.clicked.connect(self.ask_undo)
        told = QWidget()
        told.setLayout(w.fill(self._sides, [], 4))
        self._buttons = w.row(None, self.undo, self.reject, self.accept)
        self._box = QVBoxLayout(self)
        w.fill(self._box, [told, self._why, self._buttons], 6, (16, 10, 16, 10))
        self.show_row(None)

    def show_row(self, row: rows.TransferRow | None) -> None:
        """Take the row; a form for another one is put away."""
        if (row and row.key) != (self._row and self._row.key):
            self.put_away()
        self._row = row
        w.clear(self._sides)
        if row is None:
            self._why.setText(tr("Choose a transfer to decide on it."))
        else:
            for end in (*row.outs, *row.intos):
                self._sides.addWidget(self._line(row, end))
            others = tr("As likely: %s other.").replace("%s", fmt.count(len(row.others))) if row.others else ""
            self._why.setText(" ".join(filter(None, (fmt.prose(row.reason), others))) or tr("No partner is known."))
        is_proposed = row is not None and row.kind == rows.PROPOSED
        self.accept.setVisible(is_proposed)
        self.reject.setVisible(is_proposed or (row is not None and row.kind == rows.COUNTING))
        self.undo.setVisible(row is not None and row.is_decided)

    def _line(self, row: rows.TransferRow, end: End) -> QWidget:
        word = tr("arrived at") if end.is_deposit else tr("left")
        icon = w.glyph("arrow-down-left" if end.is_deposit else "arrow-up-right", "text_3", 16)
        quantity = w.text(full_quantity(end.quantity, row.asset.symbol), "medium")
        place = w.text(f"{word} {row.names.get(end.account, end.account)}", "cell")
        at = w.text(fmt.moment(end.at), "cell", "text_3")
        show = w.button(tr("Entry"), "link", size="small")
        show.clicked.connect(partial(self._go, f"activity/{end.entry_id}"))
        return w.row(icon, quantity, place, at, None, show, spacing=10)

    def _go(self, place: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        self._shell.go(place)

    # decisions -----------------------------------------------------------------------------------------------------
    @Slot()
    def take(self) -> None:
        """Accept the proposal as it is; a toast takes it back."""
        row = self._row
        if row is None or row.kind != rows.PROPOSED:
            return
        transfers = self._shell.workspace.transfers
        undo = partial(self._taken_back, row)
        self._record(transfers.accept(row.ids, row.reason), tr("Transfer accepted."), undo)

    def _taken_back(self, row: rows.TransferRow) -> None:
        work = self._shell.workspace.transfers.undo(row.ids, tr("Undone at once."))
        self._record(work, tr("Taken back."))

    @Slot()
    def ask_reject(self) -> None:
        """Ask why it is no transfer."""
        self._ask(Form(tr("These are no transfer"), tr("Why"), tr("Record"), kind="danger"), self._rejected)

    @Slot()
    def ask_undo(self) -> None:
        """Ask why what was said is taken back."""
        self._ask(Form(tr("Take back what was said"), tr("Why"), tr("Take back")), self._undone)

    def _ask(self, form: Form, then: Callable[[], None]) -> None:
        if self._row is None:
            return
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
            give_back_focus(self.form, self.reject)
            self._box.removeWidget(self.form)
            self.form.hide()
            self.form.deleteLater()
            self.form = None

    @Slot()
    def _rejected(self) -> None:
        row, reason = self._given()
        if row is not None:
            self._record(self._shell.workspace.transfers.reject(row.ids, reason), tr("Recorded: no transfer."))

    @Slot()
    def _undone(self) -> None:
        row, reason = self._given()
        if row is not None:
            self._record(self._shell.workspace.transfers.undo(row.ids, reason), tr("Taken back."))

    def _given(self) -> tuple[rows.TransferRow | None, str]:
        if self.form is None:
            return None, ""
        text = self.form.reason.text().strip()
        self.form.show_fault("" if text else tr("Say why: decisions of a person are recorded with their reason."))
        return (self._row if text else None), text

    def _record(self, work: Coroutine[Any, Any, str], told: str, undo: Callable[[], None] | None = None) -> None:
        self._shell.run(self._recorded(work, told, undo), what=tr("Recording"))

    async def _recorded(self, work: Coroutine[Any, Any, str], told: str, undo: Callable[[], None] | None) -> None:
        try:
            await work
        except CounterfoilError as fault:
            if self.form is not None:
                self.form.show_fault(hints.line(fault))
            else:
                self._why.setText(hints.line(fault))
            return
        self.put_away()
        self._shell.toast(told, tr("Undo") if undo is not None else "", undo)
        self.done.emit()
