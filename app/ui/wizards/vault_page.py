"""First step: a vault with its passphrase, a book with its base currency."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.model.accounts import Book
from app.ui import theme
from app.ui.passphrases import strength
from app.ui.widgets import basics as w
from app.ui.widgets.bars import Bar
from app.ui.widgets.choices import Choice
from app.ui.wizards.connect_form import labelled
from app.ui.words import tr

CURRENCIES = (("usd", "US dollar"), ("eur", "Euro"), ("gbp", "Pound sterling"), ("chf", "Swiss franc"), ("jpy", "Yen"))


class VaultPage(QWidget):
    """What a new vault needs.

    Signals:
        wanted: Path, passphrase and book of the new vault.
        ready_changed: Whether all of it is there.
    """

    wanted = Signal(object, str, object)
    ready_changed = Signal(bool)

    def __init__(self, path: Path) -> None:
        """Take where the vault will lie."""
        super().__init__()
        self.path = path
        self.name = w.field(tr("My portfolio"), name=tr("Name of the book"), size="large")
        self.currency = Choice(tr("Base currency"))
        for code, title in CURRENCIES:
            self.currency.addItem(f"{code.upper()}  {tr(title)}", code)
        self.passphrase = w.field("", name=tr("Passphrase"), size="large", secret=True)
        self.again = w.field("", name=tr("Passphrase again"), size="large", secret=True)
        self._bar = Bar(0.0, thick=4)
        self._words = w.text("", "caption", "text_3", wrap=True)
        self._fault = w.text("", "caption", "danger", wrap=True)
        self._fault.hide()
        for field in (self.name, self.passphrase, self.again):
            field.textChanged.connect(self._changed)
            field.returnPressed.connect(self.ask)
        self._lay_out()
        self._changed("")

    def _lay_out(self) -> None:
        book = w.row(
            (labelled(tr("Name of the book"), self.name), 3),
            (labelled(tr("Base currency"), self.currency), 2),
            spacing=12,
        )
        secret = w.column(labelled(tr("Passphrase"), self.passphrase), self._bar, self._words, spacing=3)
        again = labelled(tr("Passphrase again"), self.again)
        facts = (
            ("hard-drive", tr("Everything stays in one encrypted file on this computer.")),
            ("key-round", tr("The passphrase is the only key. Nobody can open or reset the vault without it.")),
            ("pencil-line", tr("Write it down and keep it apart from this computer.")),
        )
        lines = [
            w.row(w.column(w.glyph(i, "accent", 16), None), (w.text(t, "cell", "text_2", wrap=True), 1))
            for i, t in facts
        ]
        note = w.frame("accent", *lines, spacing=7, margins=(14, 11, 14, 11))
        where = w.elided(str(self.path), "mono_small", "text_3")
        form = w.column(
            book,
            secret,
            again,
            self._fault,
            note,
            w.row(w.text(tr("File"), "caption", "text_3"), (where, 1)),
            spacing=14,
        )
        form.setMaximumWidth(theme.px(600))
        w.fill(QVBoxLayout(self), [w.row((form, 8), None), None], 0)

    @property
    def is_ready(self) -> bool:
        """Tell whether all is there."""
        enough = strength(self.passphrase.text()).is_enough
        return enough and self.passphrase.text() == self.again.text() and bool(self.name.text().strip())

    def _changed(self, _text: str) -> None:
        found = strength(self.passphrase.text())
        differs = bool(self.again.text()) and found.is_enough and self.again.text() != self.passphrase.text()
        self._bar.show_share(found.share, found.tone)
        self._words.setText(tr("The two differ.") if differs else found.words)
        w.set_tone(self._words, "warn" if differs else found.tone)
        self._fault.hide()
        self.ready_changed.emit(self.is_ready)

    def ask(self) -> None:
        """Ask for the vault to be made."""
        if not self.is_ready:
            return
        name = self.name.text().strip()
        book = Book(book_id="main", name=name, base_currency=str(self.currency.currentData()))
        self.wanted.emit(self.path, self.passphrase.text(), book)

    def show_fault(self, words: str) -> None:
        """Say why it was not made."""
        self._fault.setText(words)
        self._fault.show()

    def show_busy(self, *, is_busy: bool) -> None:
        """Take nothing while the vault is being made."""
        for widget in (self.name, self.currency, self.passphrase, self.again):
            widget.setEnabled(not is_busy)

    def clear(self) -> None:
        """Forget the passphrase."""
        self.passphrase.clear()
        self.again.clear()
