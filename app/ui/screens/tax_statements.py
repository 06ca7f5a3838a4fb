"""The tab of statements: what a broker or provider reported of the year, line by line beside the own books."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.core.errors import CounterfoilError
from app.core.statements.lines import Status, counts
from app.services.broker_forms import BrokerForm
from app.services.statements_match import SALES, Answer
from app.services.tax_years import Asked, TaxYear
from app.ui import format as fmt
from app.ui.aio import show
from app.ui.models.paged import PagedModel
from app.ui.screens import tax_statements_rows as rows
from app.ui.screens.base import Shell
from app.ui.screens.tax_broker import load
from app.ui.screens.tax_pane import Pane
from app.ui.screens.tax_proof import ProofInspector
from app.ui.widgets import basics as w
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_layout import TableLook
from app.ui.widgets.tables_states import Stage, filter_field, pinned, tool_bar
from app.ui.words import tr


class StatementsPane(Pane):
    """A file, how its lines compare, table, both sides of a line."""

    word: ClassVar[str] = "statements"
    title: ClassVar[str] = "Statements"
    needs_year: ClassVar[bool] = True

    def __init__(self, shell: Shell) -> None:
        """Take the window; no file is read yet."""
        super().__init__(shell)
        self.answer: Answer | None = None
        self._form: BrokerForm | None = None
        self._year = 0
        self._currency = ""
        self._status: Status | None = None
        self.model = PagedModel(rows.columns(), rows.row_name, search=rows.search_text)
        look = TableLook(settings=shell.workspace.runtime.settings_folder, is_one=True)
        self.table = Table(self.model, "statement", tr("Lines of the statement"), look)
        self.inspector = ProofInspector(shell, self, tr("Line of a statement"))
        self.table.near_end.connect(self.model.grow, Qt.ConnectionType.QueuedConnection)
        self.table.previewed.connect(self._inspect)
        self.table.opened.connect(self._open)
        self.table.chosen.connect(self._follow)
        self.stage = Stage(self.table)
        self.filter = filter_field(tr("Filter lines"))
        self.filter.textChanged.connect(self._filtered)
        self.choose = w.button(tr("Choose a statement…"), "", "upload", name=tr("Choose a statement file"))
        self.choose.clicked.connect(self._ask)
        self.chips: dict[Status, QPushButton] = {}
        self._chips = QHBoxLayout()
        self.told, self.shape = w.elided("", "label", "text_2"), w.text("", "caption", "text_3")
        chips = QWidget()
        chips.setLayout(w.fill(self._chips, [], 6))
        bar = tool_bar((self.filter, 1), chips, None, self.choose)
        foot = pinned((self.told, 1), self.shape)
        w.fill(QVBoxLayout(self), [bar, w.hline(), (self.stage, 1), w.hline(), foot], 0)
        self._show_nothing()

    def _show_nothing(self) -> None:
        self.stage.show_empty(
            tr("No statement is shown."),
            tr("Form 1099-DA as CSV, DAC8 or CARF as XML or CSV: each line beside your own sales and entries."),
            self._again(tr("Choose a statement…")),
        )

    def _again(self, words: str) -> QPushButton:
        made = w.button(words, "primary", "upload")
        made.clicked.connect(self._ask)
        return made

    # the place asks ------------------------------------------------------------------------------------------------
    def take(self, found: TaxYear, asked: Asked) -> None:
        """Compare the file that is shown with the year that is asked for."""
        self._currency, self._year = found.figures.currency, asked.year or 0
        if self._form is not None:
            self.shell.run(self.match(self._form), what=tr("Reading the statement"))

    def hidden(self) -> None:
        """Let the inspector go: the place closes it."""
        self.inspector.forget()

    def redraw(self) -> None:
        """Write every figure anew."""
        self.model.redraw()
        self._show_counts()
        self._follow(self.inspector.key)

    def main_part(self) -> QWidget:
        """Return the table, or the button where there is none yet."""
        return self.table if self.stage.state == "table" else self.choose

    def filter_field(self) -> QWidget | None:
        """Return the filter."""
        return self.filter

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return what fits the filters, raw, in the order in which it is seen."""
        return None if self.answer is None else self.table.texts_of(self.model.fitting)

    def figures(self) -> Mapping[str, str]:
        """Return how many lines compare how."""
        found = {} if self.answer is None else counts(self.answer.lines)
        return {f"statements/{status.value}": str(count) for status, count in found.items()}

    # a file --------------------------------------------------------------------------------------------------------
    @Slot()
    def _ask(self) -> None:
        self.shell.run(self._asked(), what=tr("Reading the statement"))

    async def _asked(self) -> None:
        path = await ask_statement(self)
        if path is not None:
            await self.read(path)

    async def read(self, path: Path) -> None:
        """Read a file and compare it."""
        try:
            form = await asyncio.get_running_loop().run_in_executor(None, load, path)
        except CounterfoilError as fault:
            self._show_fault(path.name, fault)
        else:
            await self.match(form)

    async def match(self, form: BrokerForm) -> None:
        """Compare a file with the year that is shown."""
        self._form = form
        self.stage.show_loading()
        try:
            answer = await self.shell.workspace.statements.match(form.text, self._year)
        except CounterfoilError as fault:
            if self._form is form:
                self._show_fault(form.file, fault)
            return
        assets, make = self.shell.workspace.runtime.assets, asyncio.get_running_loop().run_in_executor
        made = await make(None, rows.branches, answer, assets, self._currency)
        if self._form is form:
            self.answer = answer
            self.model.show(made, fresh=True)
            self._offer_chips(answer)
            self._show_counts()
            self.stage.show_table()

    def _show_fault(self, file: str, fault: CounterfoilError) -> None:
        self._form = self.answer = None
        self.model.show((), fresh=True)
        self._offer_chips(None)
        self._show_counts()
        what = tr("%f cannot be compared.").replace("%f", file)
        self.stage.show_fault(what, fault, self._again(tr("Choose another…")))

    # what is shown -------------------------------------------------------------------------------------------------
    def _offer_chips(self, answer: Answer | None) -> None:
        """Offer a chip for each state that a line has, where there are several."""
        w.clear(self._chips)
        self.chips = {}
        found = {} if answer is None else {status: count for status, count in counts(answer.lines).items() if count}
        self._choose_status(self._status if self._status in found else None)
        for status in found if len(found) > 1 else ():
            chip = w.button(rows.state_words(status), "chip")
            chip.setCheckable(True)
            chip.setChecked(status is self._status)
            chip.clicked.connect(partial(self._clicked, status))
            self.chips[status] = chip
            self._chips.addWidget(chip)

    def _clicked(self, status: Status, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        self._choose_status(status if self.chips[status].isChecked() else None)

    def _choose_status(self, status: Status | None) -> None:
        self._status = status
        for other, chip in self.chips.items():
            chip.setChecked(other is status)
        self.model.set_condition(None if status is None else partial(_is_of, status))

    def _show_counts(self) -> None:
        if self.answer is None or self._form is None:
            self.told.setText("")
            self.shape.setText("")
            return
        found = [
            f"{fmt.count(count)} {rows.state_words(status)}"
            for status, count in counts(self.answer.lines).items()
            if count
        ]
        self.told.setText(f"{self._form.file}: {' · '.join(found)}")
        is_known = self.answer.form == SALES
        self.shape.setText("" if is_known else tr("The shape of DAC8 and CARF files is from memory, not verified"))

    # hands ---------------------------------------------------------------------------------------------------------
    @Slot(str)
    def _inspect(self, key: str) -> None:
        number = self.model.number(key)
        if number is not None:
            self.inspector.show(key, rows.proof(self.model.line(number).row))

    @Slot(str)
    def _open(self, key: str) -> None:
        """Show the first entry behind a line; what the own books do not have is shown as it is."""
        number = self.model.number(key)
        entries = () if number is None else self.model.line(number).row.found.evidence.entries
        if entries:
            self.inspector.show_entry(entries[0])
        else:
            self._inspect(key)

    @Slot(str)
    def _follow(self, key: str) -> None:
        if self.inspector.is_open and key:
            self._inspect(key)

    @Slot(str)
    def _filtered(self, text: str) -> None:
        self.model.set_filter(text)


def _is_of(status: Status, row: rows.StatementRow) -> bool:
    return row.found.status is status


async def ask_statement(parent: QWidget) -> Path | None:
    """Ask for a file of what somebody reported."""
    kinds = tr("Statements (*.csv *.xml);;All files (*)")
    dialog = QFileDialog(parent, tr("Choose a statement"), str(Path.home()), kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptOpen)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    accepted = await show(dialog)
    chosen = dialog.selectedFiles()
    dialog.deleteLater()
    return Path(chosen[0]) if accepted and chosen else None
