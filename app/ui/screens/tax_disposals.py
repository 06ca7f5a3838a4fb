"""The tab of disposals: every one of the year with its gain, and an inspector down to lots, prices and entries."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget
from shiboken6 import isValid

from app.core.money import plain
from app.core.tax.from_entries import entry_of
from app.services.tax_years import Asked, TaxYear
from app.ui import format as fmt
from app.ui.models.paged import PagedModel
from app.ui.screens import tax_disposals_rows as rows
from app.ui.screens.base import Shell
from app.ui.screens.inspector_entry import EntryPanel
from app.ui.screens.positions_holdings import Total
from app.ui.screens.tax_disposal_panel import DisposalPanel
from app.ui.screens.tax_pane import Pane
from app.ui.screens.tax_summary_rows import by_asset, totals_explained
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
        self._age = rows.Age()
        self._panel: DisposalPanel | EntryPanel | None = None
        self._wanted = ""
        self.model = PagedModel(rows.columns(self._age), rows.row_name, search=rows.search_text)
        self.model.sort(self.model.column_number("sold"), Qt.SortOrder.DescendingOrder)
        look = TableLook(settings=shell.workspace.runtime.settings_folder, is_one=True)
        self.table = Table(self.model, "disposals", tr("Disposals"), look)
        self.table.near_end.connect(self.model.grow, Qt.ConnectionType.QueuedConnection)
        self.table.previewed.connect(self._inspect)
        self.table.opened.connect(self._open)
        self.table.chosen.connect(self._follow)
        self.table.copied.connect(self._copied)
        self.stage = Stage(self.table)
        self.filter = filter_field(tr("Filter disposals"))
        self.filter.textChanged.connect(self._filtered)
        self.blocked = w.button(tr("Blocked only"), "chip")
        self.blocked.setCheckable(True)
        self.blocked.clicked.connect(self._rethink)
        self.how = w.button(tr("How computed"), "ghost", "info")
        self.how.clicked.connect(self._explain)
        self.bar = tool_bar((self.filter, 1), self.blocked, None, self.how)
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
        self.table.leave_out(*(() if found.profile.is_long is not None else ("term",)))
        self.stage.show_loading()
        self._show_totals()
        self.header_changed.emit()
        self.shell.run(self._write(found), what=tr("Reading the disposals"))

    def be_stale(self, *, is_stale: bool) -> None:
        """Show figures grey while they are old."""
        if is_stale != self._age.is_stale:
            self._age.is_stale = is_stale
            self.redraw()

    def shown(self, detail: str = "") -> None:
        """Show the disposals that `detail` is about: the id of an asset, or the row of one disposal."""
        self._wanted = detail if "/" in detail else ""
        if detail and not self._wanted:
            self.blocked.setChecked(False)
            self.filter.setText(detail)
            self._rethink()
        self._choose_wanted()

    def hidden(self) -> None:
        """Let the inspector go: the place closes it."""
        self._panel = None

    def redraw(self) -> None:
        """Write every figure anew."""
        self.model.redraw()
        self._show_totals()
        panel = self._shown_panel()
        if panel is not None:
            panel.redraw()

    def main_part(self) -> QWidget:
        """Return the table."""
        return self.table

    def filter_field(self) -> QWidget | None:
        """Return the filter."""
        return self.filter

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return what fits the filters, raw, in the order in which it is seen."""
        return self.table.texts_of(self.model.fitting)

    def figures(self) -> Mapping[str, str]:
        """Return the exact figures of every disposal that the table holds."""
        made = {}
        for row in self.model.rows():
            one = row.figures
            for name, value in (("proceeds", one.proceeds), ("cost", one.cost), ("gain", one.gain)):
                made[f"disposal/{one.row}/{name}"] = _exact(value)
        return made

    # what is shown -------------------------------------------------------------------------------------------------
    async def _write(self, found: TaxYear) -> None:
        """Make the rows on another thread, and show them where they are still wanted."""
        workspace = self.shell.workspace
        accounts = {one.account_id: one.name for one in await workspace.portfolio.accounts()}
        make = asyncio.get_running_loop().run_in_executor
        made = await make(None, rows.branches, found, workspace.runtime.assets, accounts)
        if self._found is not found:
            return
        current = self.table.current_key()
        self.model.show(made, fresh=True)
        if current and self.model.reach(current):
            self.table.choose(current)
        if made:
            self.stage.show_table()
        else:
            self.stage.show_empty(tr("Nothing was disposed of in this year."), tr("Choose another year above."))
        self._show_totals()
        self._choose_wanted()
        panel = self._shown_panel()
        if isinstance(panel, DisposalPanel):
            self._inspect(panel.row)

    def _choose_wanted(self) -> None:
        if self._wanted and self.model.reach(self._wanted):
            self.table.choose(self._wanted)
            self._inspect(self._wanted)
            self._wanted = ""

    def _show_totals(self) -> None:
        if self._found is None:
            return
        totals, currency = self._found.figures.totals, self._found.figures.currency
        whole, seen = len(self._found.figures.disposals), self.model.fitting_count
        words = fmt.counted(whole, tr("%s disposal"), tr("%s disposals"))
        if seen != whole:
            words = tr("%s of %t shown, all counted").replace("%s", fmt.count(seen)).replace("%t", fmt.count(whole))
        self.count.setText(words)
        tone = "text_3" if self._age.is_stale else "text"
        self.proceeds.show_text(fmt.amount(totals.proceeds, currency), tone)
        self.cost.show_text(fmt.amount(totals.cost, currency), tone)
        self.gain.show_text(fmt.amount(totals.gain, currency, sign=True), tone)

    # the inspector -------------------------------------------------------------------------------------------------
    def _shown_panel(self) -> DisposalPanel | EntryPanel | None:
        """Return the panel while it is open; the window may have closed it in the meantime."""
        if self._panel is not None and (not isValid(self._panel) or self._panel.parent() is None):
            self._panel = None
        return self._panel

    @Slot(str)
    def _inspect(self, key: str) -> None:
        number = self.model.number(key)
        if number is None or self._found is None:
            return
        panel = self._shown_panel()
        if not isinstance(panel, DisposalPanel):
            panel = DisposalPanel()
            panel.closed.connect(self._close)
            panel.entry_asked.connect(self._inspect_entry)
        panel.show_disposal(self.model.line(number).row, self._found)
        self._panel = panel
        self.shell.inspect(panel)

    @Slot(str)
    def _inspect_entry(self, entry_id: str) -> None:
        panel = EntryPanel(self.shell)
        panel.closed.connect(self._close)
        panel.changed.connect(panel.reload)
        panel.entry_id = entry_id
        panel.reload()
        self._panel = panel
        self.shell.inspect(panel)

    @Slot(str)
    def _open(self, key: str) -> None:
        self._inspect_entry(entry_of(key))

    @Slot(str)
    def _follow(self, key: str) -> None:
        if self._shown_panel() is not None and key:
            self._inspect(key)

    @Slot()
    def _close(self) -> None:
        self._panel = None
        self.shell.inspect(None)

    # hands ---------------------------------------------------------------------------------------------------------
    @Slot()
    def _explain(self) -> None:
        if self._found is not None:
            self.shell.run(self._explained(self._found), what=tr("Adding up the year"))

    async def _explained(self, found: TaxYear) -> None:
        """Tell how the totals are computed; assets are added up on another thread."""
        make, assets = asyncio.get_running_loop().run_in_executor, self.shell.workspace.runtime.assets
        made = await make(None, by_asset, found.figures, assets)
        self.shell.explain(self.how, totals_explained(found, made))

    @Slot(int)
    def _copied(self, count: int) -> None:
        self.shell.toast(fmt.counted(count, tr("%s row copied."), tr("%s rows copied.")))

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
