"""The preview of a report: what it is, whether it was verified, its tables as they will be written, its notes."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.core.money import plain
from app.core.reports.table import Report, Table
from app.ui import format as fmt
from app.ui import theme
from app.ui.models.paged import PagedModel
from app.ui.models.rows import Branch
from app.ui.screens import tax_forms_rows as rows
from app.ui.screens.base import Shell
from app.ui.widgets import basics as w
from app.ui.widgets import tables
from app.ui.widgets.choices import Choice
from app.ui.widgets.marks import Pill
from app.ui.widgets.tables_layout import TableLook
from app.ui.words import tr

_ENTRY = "Entry"
"""The heading of the column that names the entry of a row."""


class Preview(QWidget):
    """One report.

    Signals:
        entry_asked: The entry of a row shall be shown: its row in the figures.
    """

    entry_asked = Signal(str)

    def __init__(self, shell: Shell) -> None:
        """Start without a report."""
        super().__init__()
        self._shell = shell
        self._report: Report | None = None
        self._is_stale = False
        self.title, self.edition = w.text("", "heading"), w.elided("", "caption", "text_3")
        self._pills = QHBoxLayout()
        w.fill(self._pills, [], 6)
        pills = QWidget()
        pills.setLayout(self._pills)
        self.which = Choice(tr("Table of the report"), is_large=False)
        self.which.setSizeAdjustPolicy(Choice.SizeAdjustPolicy.AdjustToContents)
        self.which.activated.connect(self._switch)
        self.count = w.text("", "caption", "text_3")
        words = w.column(self.title, self.edition, spacing=0)
        head = w.row((words, 1), pills, self.count, self.which, spacing=10, margins=(16, 8, 16, 8))
        self._host = QVBoxLayout()
        w.fill(self._host, [], 0)
        table_host = QWidget()
        table_host.setLayout(self._host)
        self._notes_box = QVBoxLayout()
        w.fill(self._notes_box, [], 4, (16, 10, 16, 10))
        notes = QWidget()
        notes.setLayout(self._notes_box)
        self.notes = w.scroll(notes)
        self.notes.setFixedHeight(theme.px(132))
        self.notes.setAccessibleName(tr("Notes and sources"))
        w.fill(QVBoxLayout(self), [head, w.hline(), (table_host, 1), w.hline(), self.notes], 0)
        self.table: tables.Table | None = None
        self._shown: Table | None = None

    # what is shown -------------------------------------------------------------------------------------------------
    async def show_report(self, report: Report) -> None:
        """Show a report, its first table on top."""
        self._report = report
        self.title.setText(report.title)
        facts = [value for _name, value in report.facts]
        self.edition.setText(" · ".join([*([report.edition] if report.edition else []), *facts]))
        self.which.clear()
        for table in report.tables:
            self.which.addItem(table.title)
        self.which.setVisible(len(report.tables) > 1)
        self._show_pills(report)
        self._show_notes(report)
        # A form shows its lines first; where an official one begins with facts, they are in the line above too.
        first = next((index for index, table in enumerate(report.tables) if table.rows), 0)
        self.which.setCurrentIndex(first)
        await self._show_table(first)

    @Slot(int)
    def _switch(self, index: int) -> None:
        self._shell.run(self._show_table(index), what=tr("Showing the table"))

    async def _show_table(self, index: int) -> None:
        report = self._report
        if report is None or not report.tables:
            return
        shown = report.tables[index]
        made = await asyncio.get_running_loop().run_in_executor(None, rows.branches, shown)
        if self._report is report:
            self._put(shown, made)

    def _put(self, shown: Table, made: Sequence[Branch]) -> None:
        w.clear(self._host)
        model = PagedModel(rows.columns(shown), rows.name)
        look = TableLook()
        self.table = tables.Table(model, f"form:{shown.title}", shown.title, look)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.table.setHorizontalScrollMode(tables.Table.ScrollMode.ScrollPerPixel)
        self.table.near_end.connect(model.grow, Qt.ConnectionType.QueuedConnection)
        self.table.opened.connect(self._open)
        self._host.addWidget(self.table)
        self._shown = shown
        model.show(made, fresh=True)
        self.count.setText(fmt.counted(len(shown.rows), tr("%s row"), tr("%s rows")))

    @Slot(str)
    def _open(self, key: str) -> None:
        """Ask for the entry that a row of the table names."""
        shown = self._shown
        titles = [column.title for column in shown.columns] if shown is not None else []
        if self.table is None or _ENTRY not in titles:
            return
        number = self.table.table_model.number(key)
        cell = None if number is None else self.table.table_model.line(number).row.cells[titles.index(_ENTRY)]
        if isinstance(cell, str) and cell:
            self.entry_asked.emit(cell)

    def _show_pills(self, report: Report) -> None:
        w.clear(self._pills)
        made = []
        if self._is_stale:
            made.append(Pill(tr("stale"), "warn"))
        if report.is_blocked:
            made.append(Pill(tr("blocked"), "danger"))
        if report.is_verified is None:
            made.append(Pill(tr("no official form"), "text_3"))
        else:
            made.append(Pill(tr("verified"), "ok") if report.is_verified else Pill(tr("unverified"), "warn"))
        made[-1].setToolTip(report.verification)
        for pill in made:
            self._pills.addWidget(pill)

    def _show_notes(self, report: Report) -> None:
        w.clear(self._notes_box)
        lines = [w.text(tr("Notes and sources, as they are written"), "label", "text_2")]
        told = [*report.notes, *(" ".join(filter(None, (one.title, one.url))) for one in report.references)]
        lines += [w.text(fmt.prose(text), "caption", "text_2", wrap=True, selectable=True) for text in told]
        w.fill(self._notes_box, [*lines, None], 4, (16, 10, 16, 10))

    def be_stale(self, *, is_stale: bool) -> None:
        """Mark the report as older than the books."""
        if is_stale != self._is_stale:
            self._is_stale = is_stale
            if self._report is not None:
                self._show_pills(self._report)

    def redraw(self) -> None:
        """Write every figure anew, because more or less is hidden."""
        if self._report is not None:
            self._show_notes(self._report)
            self.count.setText(fmt.counted(len(self._shown.rows) if self._shown else 0, tr("%s row"), tr("%s rows")))
        if self.table is not None:
            self.table.table_model.redraw()

    # what others read ----------------------------------------------------------------------------------------------
    def written(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return headings and rows of the table that is shown, as a file has them."""
        if self.table is None:
            return None
        model = self.table.table_model
        columns = model.columns
        return [column.title for column in columns], [[column.raw(row) for column in columns] for row in model.rows()]

    def figures(self) -> dict[str, str]:
        """Return the figures in the rows that sum the tables up, each exactly as it is written."""
        made: dict[str, str] = {}
        for table in self._report.tables if self._report is not None else ():
            for row in table.totals:
                for column, value in zip(table.columns, row, strict=False):
                    if isinstance(value, Decimal):
                        made[f"{table.title}/{column.title}"] = plain(value)
        return made
