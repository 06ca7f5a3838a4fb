"""The tab of disposals: every one of the year with its gain, and an inspector down to lots, prices and entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.money import plain
from app.services.tax_years import Asked, TaxYear
from app.ui import format as fmt
from app.ui.models.table import TableModel
from app.ui.screens import tax_disposals_rows as rows
from app.ui.screens.base import Shell
from app.ui.screens.positions_holdings import Total
from app.ui.screens.tax_pane import Pane
from app.ui.widgets import basics as w
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_layout import TableLook
from app.ui.widgets.tables_states import Stage, filter_field, pinned, tool_bar
from app.ui.words import tr


class DisposalsPane(Pane):
    """Filter, table, totals."""

    word: ClassVar[str] = "disposals"
    title: ClassVar[str] = "Disposals"

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is read yet."""
        super().__init__(shell)
        self._found: TaxYear | None = None
        self._accounts: Mapping[str, str] = {}
        self._is_stale = False
        self.model = TableModel(rows.columns(), rows.row_name, search=rows.search_text)
        self.model.sort(self.model.column_number("sold"), Qt.SortOrder.DescendingOrder)
        look = TableLook(settings=shell.workspace.runtime.settings_folder)
        self.table = Table(self.model, "disposals", tr("Disposals"), look)
        self.stage = Stage(self.table)
        self.filter = filter_field(tr("Filter disposals"))
        self.filter.textChanged.connect(self._filtered)
        self.blocked = w.button(tr("Blocked only"), "chip")
        self.blocked.setCheckable(True)
        self.blocked.clicked.connect(self._rethink)
        self.bar = tool_bar((self.filter, 1), self.blocked, None)
        self.count = w.text("", "label", "text_2")
        self.proceeds, self.cost, self.gain = Total(tr("Proceeds")), Total(tr("Cost")), Total(tr("Gain"))
        foot = pinned(self.count, None, self.proceeds, 8, self.cost, 8, self.gain)
        w.fill(QVBoxLayout(self), [self.bar, w.hline(), (self.stage, 1), w.hline(), foot], 0)

    # the place asks ------------------------------------------------------------------------------------------------
    def label(self) -> str:
        """Return the word of the tab with how many disposals there are."""
        word = tr(self.title)
        return word if self._found is None else f"{word}  {fmt.count(len(self._found.figures.disposals))}"

    def take(self, found: TaxYear, asked: Asked) -> None:
        """Show the disposals of a question."""
        del asked
        self._found = found
        self._write(fresh=True)
        self.header_changed.emit()

    def be_stale(self, *, is_stale: bool) -> None:
        """Show figures grey while they are old."""
        if is_stale != self._is_stale:
            self._is_stale = is_stale
            self._write(fresh=False)

    def shown(self, detail: str = "") -> None:
        """Read how accounts are called; `detail` is what the filter shall be."""
        if detail:
            self.filter.setText(detail)
        self.shell.run(self._read_accounts(), what=tr("Reading the accounts"))

    def redraw(self) -> None:
        """Write every figure anew."""
        self.model.redraw()
        self._show_totals()

    def main_part(self) -> QWidget:
        """Return the table."""
        return self.table

    def filter_field(self) -> QWidget | None:
        """Return the filter."""
        return self.filter

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return what is seen, raw."""
        return self.table.seen()

    def figures(self) -> Mapping[str, str]:
        """Return the exact figures of every disposal that the table holds."""
        made = {}
        for row in self.model.rows():
            one = row.figures
            for name, value in (("proceeds", one.proceeds), ("cost", one.cost), ("gain", one.gain)):
                made[f"disposal/{one.row}/{name}"] = _exact(value)
        return made

    # what is shown -------------------------------------------------------------------------------------------------
    async def _read_accounts(self) -> None:
        accounts = {one.account_id: one.name for one in await self.shell.workspace.portfolio.accounts()}
        if accounts != self._accounts:
            self._accounts = accounts
            self._write(fresh=False)

    def _write(self, *, fresh: bool) -> None:
        if self._found is None:
            return
        assets = self.shell.workspace.runtime.assets
        made = rows.branches(self._found, assets, self._accounts, is_stale=self._is_stale)
        self.model.show(made, fresh=fresh)
        if made:
            self.stage.show_table()
        else:
            self.stage.show_empty(tr("Nothing was disposed of in this year."), tr("Choose another year above."))
        self._show_totals()

    def _show_totals(self) -> None:
        if self._found is None:
            return
        totals, currency = self._found.figures.totals, self._found.figures.currency
        whole, seen = len(self.model.rows()), len(self.model.lines())
        words = fmt.counted(whole, tr("%s disposal"), tr("%s disposals"))
        if seen != whole:
            words = tr("%s of %t shown, all counted").replace("%s", fmt.count(seen)).replace("%t", fmt.count(whole))
        self.count.setText(words)
        tone = "text_3" if self._is_stale else "text"
        self.proceeds.show_text(fmt.amount(totals.proceeds, currency), tone)
        self.cost.show_text(fmt.amount(totals.cost, currency), tone)
        self.gain.show_text(fmt.amount(totals.gain, currency, sign=True), tone)

    @Slot(str)
    def _filtered(self, text: str) -> None:
        self.model.set_filter(text)
        self._show_totals()

    @Slot()
    def _rethink(self) -> None:
        self.model.set_condition(_is_blocked if self.blocked.isChecked() else None)
        self._show_totals()


def _is_blocked(row: rows.DisposalRow) -> bool:
    return row.is_blocked


def _exact(value: Decimal | None) -> str:
    return "" if value is None else plain(value)
