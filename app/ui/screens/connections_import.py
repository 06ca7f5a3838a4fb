"""Importing a statement: what would change is shown before anything is kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from app.core.errors import CounterfoilError
from app.core.findings import Finding, Severity
from app.core.model.accounts import Account
from app.core.model.views import ImportReport
from app.ui import format as fmt
from app.ui import theme
from app.ui.models.table import TableModel
from app.ui.screens import activity_rows
from app.ui.screens.base import Shell
from app.ui.style import tint
from app.ui.widgets import basics as w
from app.ui.widgets.bars import Progress
from app.ui.widgets.choices import Choice
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_states import message
from app.ui.words import tr

_SIGNS = {
    Severity.ERROR: ("circle-x", "danger"),
    Severity.WARNING: ("triangle-alert", "warn"),
    Severity.INFO: ("info", "info"),
}
MOST_FINDINGS = 50
_UNKNOWN_YET = ("state", "record")


class ImportPage(QWidget):
    """One statement file: its preview, and the button that imports it.

    Signals:
        closed: Back to the connections.
        imported: The report of what was done.
    """

    closed = Signal()
    imported = Signal(object)

    def __init__(self, shell: Shell) -> None:
        """Take the window."""
        super().__init__()
        self._shell = shell
        self._file: Path | None = None
        self._question = 0
        self.report: ImportReport | None = None
        self.setAccessibleName(tr("Import a statement"))
        self._title = w.elided("", "heading")
        self.format = self._choice(tr("Format"))
        self.account = self._choice(tr("Account"))
        self.cancel = w.button(tr("Cancel"), "ghost")
        self.cancel.clicked.connect(self.closed)
        self.commit = w.button(tr("Import"), "primary", "upload", enabled=False)
        self.commit.clicked.connect(self.take)
        form, account = w.text(tr("Format"), "label", "text_3"), w.text(tr("Account"), "label", "text_3")
        choices = (form, self.format, account, self.account)
        head = w.row(w.glyph("file-text", "accent", 18), (self._title, 1), *choices, margins=(16, 0, 16, 0))
        head.setFixedHeight(theme.px(48))
        self._place = QWidget()
        self._pages = QStackedLayout(self._place)
        self._foot = w.text("", "cell", "text_2", wrap=True)
        foot = w.row((self._foot, 1), self.cancel, self.commit, margins=(16, 0, 16, 0))
        foot.setFixedHeight(theme.px(58))
        w.fill(QVBoxLayout(self), [head, w.hline(), (self._place, 1), w.hline(), foot], 0)

    def _choice(self, name: str) -> Choice:
        made = Choice(name, is_large=False)
        made.setMinimumWidth(theme.px(150))
        made.activated.connect(self._asked_anew)
        return made

    # a file --------------------------------------------------------------------------------------------------------
    def show_file(self, file: Path, accounts: Sequence[Account]) -> None:
        """Show what importing a file would do."""
        self._file = file
        self._title.setText(file.name)
        self.format.clear()
        self.format.addItem(tr("Recognised by itself"), "")
        for form in self._shell.workspace.runtime.statements:
            self.format.addItem(form.title, form.format_id)
        self.account.clear()
        self.account.addItem(tr("Chosen by its venue"), "")
        for account in accounts:
            self.account.addItem(account.name, account.account_id)
        self._asked_anew()

    @Slot()
    def _asked_anew(self) -> None:
        self._question += 1
        self.commit.setEnabled(False)
        bar = Progress(None, width=theme.px(200))
        self._put(w.column(None, w.row(None, w.text(tr("Reading the file…"), "body", "text_2"), bar, None), None))
        self._foot.setText(tr("Nothing is kept before you press Import."))
        self._shell.run(self._preview(self._question), what=tr("Reading the statement"))

    async def _preview(self, question: int) -> None:
        if self._file is None:
            return
        form, account = str(self.format.currentData() or ""), str(self.account.currentData() or "")
        try:
            report = await self._shell.workspace.imports.preview(self._file, format_id=form, account=account)
        except CounterfoilError as fault:
            if question == self._question:
                self._show_fault(fault)
            return
        if question == self._question:
            self.show_report(report)

    def _show_fault(self, fault: CounterfoilError) -> None:
        self.report = None
        what = tr("This file cannot be read as it is.")
        self._put(message(what, fmt.prose(fault.message), icon="circle-alert"))
        self._foot.setText(tr("Nothing was changed. Choose the format or the account above, or another file."))

    def _put(self, page: QWidget) -> None:
        while self._pages.count():
            item = self._pages.takeAt(0)
            old = item.widget() if item else None
            if old is not None:
                old.hide()
                old.deleteLater()
        self._pages.addWidget(page)

    # the preview ---------------------------------------------------------------------------------------------------
    def show_report(self, report: ImportReport) -> None:
        """Show what would change."""
        self.report = report
        columns = [column for column in activity_rows.columns() if column.column_id not in _UNKNOWN_YET]
        model = TableModel(columns, activity_rows.row_name)
        model.comes_sorted(model.column_number("time"), descending=True)
        model.show(activity_rows.by_day(report.entries, is_whole=True), fresh=True)
        table = Table(model, "import", tr("Entries that would be new"))
        parts: list[w.Item] = [self._figures(report), w.hline()]
        if report.findings:
            parts += [self._findings(report.findings), w.hline()]
        parts.append((table, 1) if report.entries else None)
        self._put(w.column(*parts, spacing=0))
        self._tell(report)

    def _figures(self, report: ImportReport) -> QWidget:
        told = [
            (tr("Rows"), report.rows, "text"),
            (tr("New"), report.recorded, "text"),
            (tr("Already there"), report.seen, "text_2"),
            (tr("Change an entry"), report.revised, "warn" if report.revised else "text_2"),
            (tr("Evidence only"), report.evidence, "text_2"),
            (tr("Refused rows"), report.quarantined, "danger" if report.quarantined else "text_2"),
        ]
        items: list[w.Item] = []
        for word, count, tone in told:
            figure = w.text(fmt.count(count), "figure", tone)
            figure.setAccessibleName(f"{word} {figure.text()}")
            items += [w.column(w.text(word, "caption", "text_3"), figure, spacing=0), 16]
        span = ""
        if report.from_ns is not None and report.to_ns is not None:
            span = f"{fmt.date(report.from_ns)} – {fmt.date(report.to_ns)}"
        where = f"{report.format} → {report.account_id or tr('accounts of the file')}"
        words = w.column(w.text(span, "cell", "text_2"), w.text(where, "caption", "text_3"), spacing=2)
        made = w.row(*items, None, words, margins=(16, 10, 16, 10))
        made.setFixedHeight(theme.px(64))
        return made

    def _findings(self, findings: Sequence[Finding]) -> QWidget:
        lines: list[w.Item] = []
        for finding in findings[:MOST_FINDINGS]:
            icon, tone = _SIGNS[finding.severity]
            words = fmt.prose(" · ".join(part for part in (finding.message, finding.detail) if part))
            lines.append(w.row(w.glyph(icon, tone, 14), (w.elided(words, "cell", "text_2"), 1)))
        if len(findings) > MOST_FINDINGS:
            more = tr("%s more").replace("%s", fmt.count(len(findings) - MOST_FINDINGS))
            lines.append(w.text(more, "caption", "text_3"))
        area = w.scroll(w.column(*lines, None, spacing=4, margins=(16, 8, 16, 8)))
        area.setMaximumHeight(theme.px(min(140, 20 + 22 * len(lines))))
        return area

    def _tell(self, report: ImportReport) -> None:
        changes = report.recorded + report.revised + report.evidence
        several = fmt.counted(report.recorded, tr("Import %s entry"), tr("Import %s entries"))
        words = several if report.recorded else tr("Import")
        self.commit.setText(f" {words}")
        self.commit.setAccessibleName(words)
        self.commit.setEnabled(changes > 0)
        tint(self.commit)
        if not changes:
            self._foot.setText(tr("Everything in this file is in the books already; there is nothing to import."))
        elif len(report.entries) < report.recorded:
            shown = tr("The first %s new entries are shown. Nothing is kept before you press Import.")
            self._foot.setText(shown.replace("%s", fmt.count(len(report.entries))))
        else:
            self._foot.setText(tr("Nothing is kept before you press Import; then all of it is, or nothing."))

    @Slot()
    def take(self) -> None:
        """Import the file."""
        if self._file is not None and self.report is not None:
            # A button that is switched off would hand the focus on, out of this page.
            self.setFocus()
            self.commit.setEnabled(False)
            self._shell.run(self._commit(self._file), what=tr("Importing the statement"))

    async def _commit(self, file: Path) -> None:
        form, account = str(self.format.currentData() or ""), str(self.account.currentData() or "")
        try:
            report = await self._shell.workspace.imports.commit(file, format_id=form, account=account)
        except CounterfoilError as fault:
            self._show_fault(fault)
            return
        self.imported.emit(report)

    def redraw(self) -> None:
        """Write every figure anew, because more or less is hidden."""
        if self.report is not None:
            self.show_report(self.report)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Esc; nothing is kept."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
