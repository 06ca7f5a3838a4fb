"""Note, correct, void: in the inspector, in place, each with its reason. The entry before stays in the journal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from shiboken6 import isValid

from app.core.clock import iso, parse_iso, to_datetime
from app.core.errors import InputError
from app.core.ledger.entries import Entry, EntryKind, Stated
from app.core.model.views import EntryView
from app.core.money import exact, plain
from app.core.tax.particular import ACQUIRED
from app.services.entries import entry_of
from app.ui import format as fmt
from app.ui import hints, theme
from app.ui.screens import activity_rows as rows
from app.ui.screens.base import Shell
from app.ui.screens.reason_form import Deciding, Form
from app.ui.widgets import basics as w
from app.ui.widgets.choices import Choice
from app.ui.words import tr


def quantity_of(text: str, what: str) -> Decimal:
    """Return the quantity that was typed, digit for digit; it may be negative, never zero."""
    try:
        found = exact(text.replace(fmt.MINUS, "-"))
    except ValueError as error:
        message = f"{what}: “{text}” is not a decimal number."
        raise InputError(message, hint=tr("Example: 0.5 or -10")) from error
    if not found:
        raise InputError(f"{what}: {tr('a leg of 0 changes nothing.')}", hint=tr("Empty the field to leave it out."))
    return found


class Origin(QWidget):
    """Since when something counts as held and what it cost, where an entry may say so: gifts and opening balances."""

    def __init__(self, entry: Entry, base: str) -> None:
        """Take the entry as it is, and the money of the book."""
        super().__init__()
        self._entry = entry
        self._money = entry.stated.currency if entry.stated is not None else base
        self.since = w.field(entry.references.get(ACQUIRED, ""), "2024-01-31")
        self.cost = w.field("" if entry.stated is None else plain(entry.stated.amount))
        self._since_word, self._cost_word = w.elided("", "cell", "text_2"), w.elided("", "cell", "text_2")
        lines: list[w.Item] = []
        for word, field in ((self._since_word, self.since), (self._cost_word, self.cost)):
            field.setMaximumWidth(theme.px(150))
            lines.append(w.row((word, 1), field))
        w.fill(QVBoxLayout(self), lines, 6)

    def show_kind(self, kind: EntryKind) -> None:
        """Ask what belongs to a kind; nothing of what was given away, and of other kinds."""
        is_in = any(leg.quantity > 0 for leg in self._entry.legs)
        self.setVisible(is_in and kind in (EntryKind.GIFT, EntryKind.OPENING))
        is_gift, money = kind is EntryKind.GIFT, self._money.upper()
        since = tr("Giver's day") if is_gift else tr("Held since")
        cost = tr("Giver's cost, %c") if is_gift else tr("Cost, %c")
        for word, field, text in (
            (self._since_word, self.since, since),
            (self._cost_word, self.cost, cost.replace("%c", money)),
        ):
            word.setText(text)
            field.setAccessibleName(text)

    def told(self, made: Entry) -> Entry:
        """Return an entry with what was filled in; InputError names what cannot be."""
        references = {name: text for name, text in made.references.items() if name != ACQUIRED}
        text = self.since.text().strip()
        if text:
            references[ACQUIRED] = self._day(text, made.at)
        return replace(made, references=references, stated=self._stated())

    def _day(self, text: str, at: int) -> str:
        try:
            day = date.fromisoformat(text)
        except ValueError as error:
            raise InputError(f"“{text}” is no day.", hint=tr("Example: 2024-01-31")) from error
        if day > to_datetime(at).date():
            message = tr("%s lies after the day of the entry: it must have been held before.").replace("%s", text)
            raise InputError(message, hint=tr("Check the day, or the time of the entry."))
        return day.isoformat()

    def _stated(self) -> Stated | None:
        text, before = self.cost.text().strip(), self._entry.stated
        if not text:
            return None
        if before is not None and text == plain(before.amount):
            return before
        try:
            amount = exact(text.replace(fmt.MINUS, "-"))
        except ValueError as error:
            raise InputError(f"“{text}” is not a decimal number.", hint=tr("Example: 1250.50")) from error
        if amount < 0:
            raise InputError(f"“{text}” is below zero.", hint=tr("A cost is zero or more."))
        return Stated(amount, self._money)


class Correction(QWidget):
    """The fields of an entry that can be corrected: kind, time, quantities, and where a gift came from."""

    def __init__(self, entry: EntryView, base: str) -> None:
        """Take the entry as it is, and the money of the book."""
        super().__init__()
        self._entry = entry
        self.kind = Choice(tr("Kind"), is_large=False)
        for kind in rows.KINDS:
            self.kind.addItem(rows.kind_word(kind), kind)
        self.kind.setCurrentIndex(list(rows.KINDS).index(entry.kind))
        self.time = w.field(iso(entry.at), name=tr("Time, in UTC"))
        self.quantities: list[QLineEdit] = []
        parts: list[w.Item] = [self.kind, self.time]
        for leg in entry.legs:
            words = f"{leg.asset.symbol} · {leg.account_name} {leg.sub_place}"
            field = w.field(plain(leg.quantity), name=words)
            field.setMaximumWidth(theme.px(150))
            self.quantities.append(field)
            parts.append(w.row((w.elided(words, "cell", "text_2"), 1), field))
        self.origin = Origin(entry_of(entry), base)
        self.origin.show_kind(entry.kind)
        self.kind.currentIndexChanged.connect(self._kind_changed)
        w.fill(QVBoxLayout(self), [*parts, self.origin], 6)

    @Slot()
    def _kind_changed(self) -> None:
        self.origin.show_kind(EntryKind(self.kind.currentData()))

    def revised(self) -> Entry:
        """Return the entry as corrected; InputError names the field that cannot be."""
        before = entry_of(self._entry)
        text = self.time.text().strip()
        try:
            at, resolution = (before.at, before.resolution) if text == iso(before.at) else parse_iso(text)
        except ValueError as error:
            message = f"“{text}” is not a moment with its zone."
            raise InputError(message, hint=tr("Example: 2026-01-31T12:00:00Z")) from error
        legs = []
        for leg, view, field in zip(before.legs, self._entry.legs, self.quantities, strict=True):
            typed = field.text().strip()
            if typed:
                legs.append(replace(leg, quantity=quantity_of(typed, view.asset.symbol)))
        kind: EntryKind = self.kind.currentData()
        made = replace(before, kind=EntryKind(kind), at=at, resolution=resolution, legs=tuple(legs))
        if not self.origin.isHidden():
            made = self.origin.told(made)
        if made == before and self._entry.state != "void":
            raise InputError(tr("Nothing was changed."), hint=tr("Change the kind, the time or a quantity."))
        return made


class EntryEdit(Deciding):
    """The buttons under an entry, and the form that takes their place."""

    def __init__(self, shell: Shell) -> None:
        """Take the window."""
        super().__init__(shell)
        self._entry: EntryView | None = None
        self.note = w.button(tr("Note…"), "", "message-square", size="small")
        self.correct = w.button(tr("Correct…"), "", "pencil", size="small")
        self.void = w.button(tr("Void…"), "danger", "ban", size="small")
        for button, then in (
            (self.note, self.ask_note),
            (self.correct, self.ask_correction),
            (self.void, self.ask_void),
        ):
            button.clicked.connect(then)
        self._lay_out(w.row(self.note, self.correct, None, self.void, margins=(16, 8, 16, 8)), self.note)

    def show_entry(self, entry: EntryView) -> None:
        """Take the entry that the buttons are about; a form for another one is put away."""
        if self._entry is not None and self._entry.entry_id != entry.entry_id:
            self.put_away()
        self._entry = entry
        is_hidden = fmt.mask() is not fmt.Mask.NOTHING
        self.correct.setEnabled(not is_hidden)
        self.correct.setToolTip(tr("Show amounts first: a correction names them") if is_hidden else "")
        self.void.setVisible(entry.state != "void")

    @Slot()
    def ask_note(self) -> None:
        """Ask for a note."""
        self._ask(Form(tr("Note"), tr("What should be remembered"), tr("Record note")), self._take_note)

    @Slot()
    def ask_void(self) -> None:
        """Ask why the entry should count no more."""
        words = w.text(tr("It counts no more from then on; it stays in the journal."), "cell", "text_2", wrap=True)
        self._ask(Form(tr("Void this entry"), tr("Why"), tr("Void entry"), words, kind="danger"), self._take_void)

    @Slot()
    def ask_correction(self) -> None:
        """Ask for what is right."""
        if self._entry is not None:
            fields = Correction(self._entry, self._shell.workspace.book.base_currency)
            self._ask(Form(tr("Correct this entry"), tr("Why"), tr("Record correction"), fields), self._take_correction)

    @Slot()
    def _take_note(self) -> None:
        text, entry = self._reason(), self._entry
        if text and entry is not None:
            self._record(self._shell.workspace.entries.note(entry.entry_id, text), tr("Note recorded."))

    @Slot()
    def _take_void(self) -> None:
        reason, entry = self._reason(), self._entry
        if reason and entry is not None:
            undo = partial(self._restore, self._shell, entry)
            self._record(self._shell.workspace.entries.void(entry.entry_id, reason), tr("Entry voided."), undo)

    async def _restored(self, shell: Shell, entry: EntryView) -> None:
        """Let a voided entry count again; both decisions stay in the journal."""
        words = tr("Entry counts again.")
        await shell.workspace.entries.correct(entry.entry_id, entry_of(entry), words)
        shell.toast(words)
        # The toast outlives the panel it came from.
        if isValid(self):
            self.done.emit()

    @Slot()
    def _take_correction(self) -> None:
        reason, entry = self._reason(), self._entry
        fields = None if self.form is None else self.form.findChild(Correction)
        if not reason or entry is None or fields is None or self.form is None:
            return
        try:
            revised = fields.revised()
        except InputError as fault:
            self.form.show_fault(hints.line(fault))
            return
        self._record(self._shell.workspace.entries.correct(entry.entry_id, revised, reason), tr("Entry corrected."))

    def _restore(self, shell: Shell, entry: EntryView) -> None:
        shell.run(self._restored(shell, entry), what=tr("Recording"))
