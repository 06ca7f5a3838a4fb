"""One transfer with what can be said of it: accept, reject with a reason, take back."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.errors import CounterfoilError
from app.core.transfers import End
from app.ui import format as fmt
from app.ui import hints
from app.ui.models.columns import full_quantity
from app.ui.screens import transfers_rows as rows
from app.ui.screens.base import Shell
from app.ui.screens.reason_form import Deciding, Form
from app.ui.screens.transfers_partners import PartnerForm, nothing_near
from app.ui.widgets import basics as w
from app.ui.words import tr


class TransferPanel(Deciding):
    """Both sides of the chosen row, why it is proposed or counts, and the buttons."""

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is chosen yet."""
        super().__init__(shell)
        self._row: rows.TransferRow | None = None
        self._sides, self._why = QVBoxLayout(), w.text("", "cell", "text_2", wrap=True)
        self.accept = w.button(tr("Accept"), "primary", "check", size="small")
        self.accept.clicked.connect(self.take)
        self.reject = w.button(tr("No transfer…"), "", "x", size="small")
        self.reject.clicked.connect(self.ask_reject)
        self.undo = w.button(tr("Take back…"), "ghost", "undo-2", size="small")
        self.undo.clicked.connect(self.ask_undo)
        self.pair = w.button(tr("Pair with…"), "", "arrow-left-right", size="small")
        self.pair.clicked.connect(self.ask_pair)
        told = QWidget()
        told.setLayout(w.fill(self._sides, [], 4))
        self._lay_out(w.row(None, self.undo, self.pair, self.reject, self.accept), self.reject, told, self._why)
        self._box.setContentsMargins(16, 10, 16, 10)
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
            several = fmt.counted(len(row.others), tr("As likely: %s other."), tr("As likely: %s others."))
            others = several if row.others else ""
            told = " ".join(filter(None, (rows.decided(row), fmt.prose(row.reason), others)))
            self._why.setText(told or rows.hint(row))
        is_proposed = row is not None and row.kind == rows.PROPOSED
        self.accept.setVisible(is_proposed)
        self.reject.setVisible(is_proposed or (row is not None and row.kind == rows.COUNTING))
        self.undo.setVisible(row is not None and row.is_decided)
        self.pair.setVisible(row is not None and row.kind == rows.UNPAIRED)

    def redraw(self) -> None:
        """Write the figures of what is offered anew."""
        if isinstance(self.form, PartnerForm):
            self.form.table.table_model.redraw()

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
        """Accept the proposal as it is, or ask for the other end of one that is alone."""
        row = self._row
        if row is not None and row.kind == rows.UNPAIRED:
            self.ask_pair()
        elif row is not None and row.kind == rows.PROPOSED:
            self._accept(row.ids, row.reason)

    def _accept(self, ids: Sequence[str], reason: str) -> None:
        """Record one transfer; a toast takes it back."""
        transfers = self._shell.workspace.transfers
        self._record(transfers.accept(ids, reason), tr("Transfer accepted."), partial(self._taken_back, ids))

    def _taken_back(self, ids: Sequence[str]) -> None:
        self._record(self._shell.workspace.transfers.undo(ids, tr("Undone at once.")), tr("Taken back."))

    @Slot()
    def ask_pair(self) -> None:
        """Ask with which other end the chosen one is one transfer, and why."""
        if self._row is not None and self.form is None:
            self._shell.run(self._read_partners(self._row), what=tr("Looking for other ends"))

    async def _read_partners(self, row: rows.TransferRow) -> None:
        try:
            found = await self._shell.workspace.transfers.partners(row.key)
        except CounterfoilError as fault:
            self._say(hints.line(fault))
            return
        if self._row is None or self._row.key != row.key or self.form is not None:
            return
        if not found:
            self._say(nothing_near(row))
            return
        form = PartnerForm(row, found)
        self._ask(form, self._paired)
        form.table.setFocus()

    @Slot()
    def _paired(self) -> None:
        reason, row, form = self._reason(), self._row, self.form
        if reason and row is not None and isinstance(form, PartnerForm):
            self._accept((row.key, form.table.current_key()), reason)

    @Slot()
    def ask_reject(self) -> None:
        """Ask why it is no transfer."""
        if self._row is not None:
            self._ask(Form(tr("These are no transfer"), tr("Why"), tr("Record"), kind="danger"), self._rejected)

    @Slot()
    def ask_undo(self) -> None:
        """Ask why what was said is taken back."""
        if self._row is not None:
            self._ask(Form(tr("Take back what was said"), tr("Why"), tr("Take back")), self._undone)

    def _to_focus(self) -> QWidget:
        """Return the button that is there now."""
        return next((one for one in (self.reject, self.pair) if one.isVisibleTo(self)), self.undo)

    def _say(self, text: str) -> None:
        """Say it where the reasons stand."""
        self._why.setText(text)

    @Slot()
    def _rejected(self) -> None:
        reason, row = self._reason(), self._row
        if reason and row is not None:
            self._record(self._shell.workspace.transfers.reject(row.ids, reason), tr("Recorded: no transfer."))

    @Slot()
    def _undone(self) -> None:
        reason, row = self._reason(), self._row
        if reason and row is not None:
            self._record(self._shell.workspace.transfers.undo(row.ids, reason), tr("Taken back."))
