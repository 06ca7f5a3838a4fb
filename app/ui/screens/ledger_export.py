"""The general ledger for an accountant's program: which one, under whose rules, of which days, into which file."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import QSignalBlocker, Qt, Slot

from app.core.errors import InputError
from app.core.lots.methods import Method
from app.core.ports import Progress
from app.core.tax.jurisdictions import JURISDICTIONS
from app.services.general_ledger import Format, Wanted, Written
from app.services.tax_years import Asked
from app.ui import format as fmt
from app.ui import hints
from app.ui.screens import tax_words as words
from app.ui.screens.base import Shell
from app.ui.screens.inspector_parts import InspectorPanel, section, wrapped
from app.ui.screens.typed_days import day_field, day_of
from app.ui.widgets import basics as w
from app.ui.widgets.choices import Choice
from app.ui.widgets.saving import ask_where
from app.ui.words import tr

NAMES = {
    Format.BEANCOUNT: "beancount",
    Format.HLEDGER: "hledger",
    Format.QUICKBOOKS: "QuickBooks Online",
    Format.XERO: "Xero",
}
_ENDINGS = {Format.BEANCOUNT: "beancount", Format.HLEDGER: "journal", Format.QUICKBOOKS: "csv", Format.XERO: "csv"}
_EXACT = (Format.BEANCOUNT, Format.HLEDGER)


class LedgerPanel(InspectorPanel):
    """What is asked before a general ledger is written; the work itself is a job, which can be cancelled."""

    def __init__(self, shell: Shell) -> None:
        """Take the window; whose rules a person files under is read at once."""
        super().__init__(tr("General ledger"))
        self._shell = shell
        self.program, self.rules = Choice(tr("Program"), is_large=False), Choice(tr("Rules of cost"), is_large=False)
        for how, name in NAMES.items():
            self.program.addItem(name, how.value)
        for code, rules in JURISDICTIONS.items():
            self.rules.addItem(rules.name, code)
        self.method = Choice(tr("Method"), is_large=False)
        self.first, self.last = day_field(tr("First day")), day_field(tr("Last day"))
        self.about = wrapped("", "caption", "text_3")
        self.trouble = wrapped("", "caption", "danger")
        self.export = w.button(tr("Export…"), "primary", "download")
        self.export.clicked.connect(self._export)
        self.program.activated.connect(self._tell)
        self.rules.activated.connect(self._offer_methods)
        self._lay_out()
        self._tell()
        self._offer_methods()
        shell.run(self._choose_country(), what=tr("Reading your country"))

    def _lay_out(self) -> None:
        mark = w.glyph("book-open", "text_2", 20)
        self.show_head(mark, tr("General ledger"), tr("The books in double entry"))
        days = w.row(self.first, w.text("–", "body", "text_3"), self.last, None)
        empty = w.text(tr("Empty: from the start, until now."), "caption", "text_3")
        self.show_body(
            section(tr("Program"), self.program, self.about),
            section(tr("Rules of cost"), self.rules, self.method),
            section(tr("Days"), days, empty),
            w.row((self.trouble, 1), margins=(16, 0, 16, 8)),
        )
        self.trouble.hide()
        told = w.text(tr("The file is not encrypted."), "caption", "text_3")
        self.foot_box.addWidget(w.row((told, 1), self.export, margins=(16, 8, 16, 8)))

    @property
    def how(self) -> Format:
        """Return the program that is chosen."""
        return Format(self.program.currentData())

    @Slot()
    def _tell(self) -> None:
        if self.how in _EXACT:
            about = tr("Every entry with its quantities, at cost; each names its record in the journal.")
        else:
            about = tr(
                "A journal a month, in money, assets at cost. A second file leads from each line to the records behind"
                " it. The columns are from memory: check a first import."
            )
        self.about.setText(about)

    @Slot()
    def _offer_methods(self) -> None:
        """Offer what the country allows."""
        self.method.clear()
        self.method.addItem(tr("By law or standing order"), "")
        for one in JURISDICTIONS[str(self.rules.currentData())].methods:
            self.method.addItem(words.method(one), one.value)

    def _asked(self) -> Asked:
        method = str(self.method.currentData())
        return Asked(str(self.rules.currentData()), Method(method) if method else None)

    async def _choose_country(self) -> None:
        code = await self._shell.workspace.tax.country()
        with QSignalBlocker(self.rules):
            self.rules.setCurrentIndex(max(0, self.rules.findData(code)))
        self._offer_methods()

    @Slot()
    def _export(self) -> None:
        try:
            wanted = Wanted(self._asked(), day_of(self.first.text()), day_of(self.last.text()))
            _check(wanted)
        except InputError as fault:
            self._show_trouble(hints.line(fault))
            return
        self._show_trouble("")
        self._shell.run(self._ask(wanted, self.how), what=tr("Exporting the general ledger"))

    def _show_trouble(self, trouble: str) -> None:
        self.trouble.setText(fmt.prose(trouble))
        self.trouble.setVisible(bool(trouble))

    async def _ask(self, wanted: Wanted, how: Format) -> None:
        workspace = self._shell.workspace
        name = f"general-ledger-{fmt.date(workspace.runtime.clock.now_ns())}.{_ENDINGS[how]}"
        path = await ask_where(self, tr("Export the general ledger"), name)
        if path is None:
            return

        async def work(progress: Progress) -> str:
            return outcome(await workspace.general_ledger.export(wanted, how, path, progress))

        title = tr("General ledger for %s").replace("%s", NAMES[how])
        job = await workspace.jobs.finished(workspace.jobs.start(title, work))
        if job.outcome:
            self._shell.toast(f"{job.title}: {job.outcome}")


def ask_for_ledger(shell: Shell) -> None:
    """Ask for whom, under whose rules and of which days, beside whatever is shown."""
    panel = LedgerPanel(shell)
    panel.closed.connect(partial(shell.inspect, None))
    shell.inspect(panel)
    panel.program.setFocus(Qt.FocusReason.OtherFocusReason)


def _check(wanted: Wanted) -> None:
    first, last = wanted.first or date.min, wanted.last or date.max
    if last < first:
        raise InputError(f"The period ends on {last}, before it begins on {first}.", hint=tr("Exchange the two days."))


def outcome(written: Written) -> str:
    """Return what was written, and how much of it is not known."""
    told = fmt.counted(written.transactions, tr("%s transaction in %f"), tr("%s transactions in %f"))
    told = told.replace("%f", ", ".join(file.name for file in written.files))
    if written.unknown:
        unknown = tr("%s of them with money that is not known, in Equity:Not-Valued")
        told += "; " + unknown.replace("%s", fmt.count(len(written.unknown)))
    return told
