"""Transfers: proposals wait for a word, the surest first; what counts and what is unpaired stands beside them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.errors import CounterfoilError
from app.services.events import RecordsAppended
from app.services.transfers import SURE_ENOUGH
from app.ui import format as fmt
from app.ui.models.paged import PagedModel
from app.ui.models.rows import Branch
from app.ui.screens import transfers_rows as rows
from app.ui.screens.base import Shell
from app.ui.screens.books import BooksScreen
from app.ui.screens.transfers_panel import TransferPanel
from app.ui.widgets import basics as w
from app.ui.widgets.segmented import Segmented
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_layout import TableLook
from app.ui.widgets.tables_states import Stage, filter_field, tool_bar
from app.ui.words import tr


class TransfersScreen(BooksScreen):
    """The review queue."""

    place: ClassVar[str] = "transfers"
    title: ClassVar[str] = "Transfers"
    icon: ClassVar[str] = "arrow-left-right"

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is read yet."""
        super().__init__(shell)
        self._question, self._is_read = 0, False
        self._wanted, self._asked = "", False
        self._later.timeout.connect(self._load)
        self.model = PagedModel(rows.columns(), rows.name, search=rows.searched)
        look = TableLook(is_one=True, settings=shell.workspace.runtime.settings_folder)
        self.table = Table(self.model, "transfers", tr("Transfers"), look)
        self.table.near_end.connect(self.model.grow, Qt.ConnectionType.QueuedConnection)
        self.table.chosen.connect(self._chosen)
        self.table.opened.connect(self._opened)
        self.table.copied.connect(self._copied)
        self.stage = Stage(self.table)
        kinds = (
            (rows.PROPOSED, tr("To review")), (rows.COUNTING, tr("Counting")), (rows.UNPAIRED, tr("Unpaired")),
            (rows.REJECTED, tr("Rejected")),
        )  # fmt: skip
        self.kind = Segmented(kinds, rows.PROPOSED, tr("Transfers"))
        self.kind.chosen.connect(self._narrow)
        self.filter = filter_field(tr("Filter by asset, account"), 230)
        self.filter.textChanged.connect(self._filtered)
        self.sure = w.button(tr("Accept sure ones"), "", "check-check")
        self.sure.clicked.connect(self._accept_sure)
        self.panel = TransferPanel(shell)
        self.panel.done.connect(self._load)
        w.fill(
            QVBoxLayout(self),
            [tool_bar(self.kind, (self.filter, 1), None, self.sure), w.hline(), (self.stage, 1), w.hline(), self.panel],
            0,
        )

    # the window asks -----------------------------------------------------------------------------------------------
    def note(self) -> str:
        """Return how many wait."""
        waiting = self._count(rows.PROPOSED)
        return tr("%s to review").replace("%s", fmt.count(waiting)) if waiting else ""

    def _count(self, kind: str) -> int:
        return sum(_is_of(row, kind=kind, until=self.until) for row in self.model.rows())

    def activate(self, detail: str = "") -> None:
        """Listen and load; `detail` names which kind is shown, and after a slash the entry that is chosen."""
        self.listen(RecordsAppended)
        kind, _, self._wanted = detail.partition("/")
        if kind in (rows.PROPOSED, rows.COUNTING, rows.UNPAIRED, rows.REJECTED):
            self._asked = True
            self.kind.choose(kind)
        if not self._is_read:
            self.stage.show_loading()
        self._load()

    def masking_changed(self) -> None:
        """Write every figure anew."""
        self.model.redraw()
        self.panel.redraw()
        self._narrow()
        self.header_changed.emit()

    def main_part(self) -> QWidget:
        """Return the table."""
        return self.table

    def filter_field(self) -> QWidget | None:
        """Return the filter."""
        return self.filter

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return every row that fits, raw."""
        return self.table.texts_of(self.model.fitting)

    # reading -------------------------------------------------------------------------------------------------------
    @Slot()
    def _load(self) -> None:
        self._question += 1
        self.shell.run(self._read(self._question), what=tr("Reading transfers"))

    async def _read(self, question: int) -> None:
        workspace = self.shell.workspace
        try:
            found = await workspace.transfers.pairing()
            names = {one.account_id: one.name for one in await workspace.portfolio.accounts()}
        except CounterfoilError as fault:
            if question == self._question:
                self.stage.show_fault(tr("The transfers could not be read."), fault)
            return
        assets = workspace.runtime.assets
        made = await asyncio.get_running_loop().run_in_executor(None, rows.branches, found, assets, names)
        if question == self._question:
            self._show(made)

    def _show(self, made: Sequence[Branch]) -> None:
        is_first, self._is_read = not self._is_read, True
        before = self.table.current_key()
        self.model.show(made, fresh=is_first)
        if is_first and not self._asked and not self._count(rows.PROPOSED) and made:
            self.kind.choose(rows.COUNTING)
        self._narrow()
        if self._wanted and self.model.reach(self._wanted):
            before, self._wanted = self._wanted, ""
        keys = [line.key for line in self.model.lines()]
        self.table.choose(before if before in keys else next(iter(keys), ""))
        self._chosen(self.table.current_key())
        self.header_changed.emit()

    @Slot()
    def _narrow(self, _kind: str = "") -> None:
        self.model.set_condition(partial(_is_of, kind=self.kind.current, until=self.until))
        sure = sum(self._is_sure(row) for row in self.model.rows())
        self.sure.setVisible(bool(sure) and self.kind.current == rows.PROPOSED)
        self.sure.setText(f" {tr('Accept sure ones')} · {fmt.count(sure)}")
        if self.model.fitting_count:
            self.stage.show_table()
        else:
            self._show_empty()
        self._chosen(self.table.current_key())

    def _is_sure(self, row: rows.TransferRow) -> bool:
        is_sure = row.confidence is not None and not row.others and row.confidence >= SURE_ENOUGH
        return is_sure and _is_of(row, kind=rows.PROPOSED, until=self.until)

    def _show_empty(self) -> None:
        words = {
            rows.PROPOSED: (tr("Nothing waits for your word."), tr("What is likely one transfer is proposed here.")),
            rows.COUNTING: (tr("No transfer counts yet."), tr("Those with one hash count by themselves.")),
            rows.UNPAIRED: (tr("Everything has its other end."), tr("What left and never arrived stands here.")),
            rows.REJECTED: (tr("Nothing was rejected."), tr("What you say is no transfer stands here, to take back.")),
        }
        self.stage.show_empty(*words[self.kind.current])

    # hands ---------------------------------------------------------------------------------------------------------
    @Slot(str)
    def _filtered(self, text: str) -> None:
        self.model.set_filter(text)
        self._narrow()

    @Slot(str)
    def _chosen(self, key: str) -> None:
        number = self.model.number(key) if key else None
        self.panel.show_row(None if number is None else self.model.line(number).row)

    @Slot(str)
    def _opened(self, key: str) -> None:
        self._chosen(key)
        self.panel.take()

    @Slot()
    def _accept_sure(self) -> None:
        self.shell.run(self._accepted_sure(), what=tr("Accepting transfers"))

    async def _accepted_sure(self) -> None:
        made = len(await self.shell.workspace.transfers.accept_clear(until=self.until))
        self.shell.toast(fmt.counted(made, tr("%s transfer accepted."), tr("%s transfers accepted.")))
        self._load()

    @Slot(int)
    def _copied(self, count: int) -> None:
        self.shell.toast(fmt.counted(count, tr("%s row copied."), tr("%s rows copied.")))


def _is_of(row: rows.TransferRow, *, kind: str, until: int | None) -> bool:
    return row.kind == kind and (until is None or row.at < until)
