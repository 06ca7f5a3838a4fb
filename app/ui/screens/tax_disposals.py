"""The tab of disposals: every one of the year with its gain, and an inspector down to lots, prices and entries."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout
from shiboken6 import isValid

from app.core.tax.from_entries import entry_of
from app.services.tax_years import Asked, TaxYear
from app.ui import format as fmt
from app.ui.screens import tax_disposals_rows as rows
from app.ui.screens.base import Shell
from app.ui.screens.inspector_entry import EntryPanel
from app.ui.screens.positions_holdings import Total
from app.ui.screens.tax_disposal_panel import DisposalPanel
from app.ui.screens.tax_summary_rows import by_asset, totals_explained
from app.ui.screens.tax_table_pane import Listing, TablePane, exact
from app.ui.widgets import basics as w
from app.ui.widgets.tables_states import pinned, tool_bar
from app.ui.words import tr


class DisposalsPane(TablePane):
    """Filter, table, totals."""

    word: ClassVar[str] = "disposals"
    title: ClassVar[str] = "Disposals"
    finding: ClassVar[str] = "Filter disposals"
    reading: ClassVar[str] = "Reading the disposals"
    empty: ClassVar[str] = "Nothing was disposed of in this year."

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is read yet."""
        super().__init__(shell, Listing(rows.columns, rows.row_name, rows.search_text, rows.branches, "sold"))
        self._panel: DisposalPanel | EntryPanel | None = None
        self.table.opened.connect(self._open)
        self.blocked = w.button(tr("Blocked only"), "chip")
        self.blocked.setCheckable(True)
        self.blocked.clicked.connect(self._rethink)
        self.bar = tool_bar((self.filter, 1), self.blocked, None, self.how)
        self.proceeds, self.cost, self.gain = Total(tr("Proceeds")), Total(tr("Cost")), Total(tr("Gain"))
        foot = pinned(self.count, None, self.proceeds, 8, self.cost, 8, self.gain)
        w.fill(QVBoxLayout(self), [self.bar, w.hline(), (self.stage, 1), w.hline(), foot], 0)

    # the place asks ------------------------------------------------------------------------------------------------
    def _whole(self, found: TaxYear) -> int:
        return len(found.figures.disposals)

    def take(self, found: TaxYear, asked: Asked) -> None:
        """Show the disposals of a question, with their term where the country knows one."""
        self.table.leave_out(*(() if found.profile.is_long is not None else ("term",)))
        super().take(found, asked)
        self._show_totals()

    def _clear_conditions(self) -> None:
        self.blocked.setChecked(False)
        self._rethink()

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

    def figures(self) -> Mapping[str, str]:
        """Return the exact figures of every disposal that the table holds."""
        made = {}
        for row in self.model.rows():
            one = row.figures
            for name, value in (("proceeds", one.proceeds), ("cost", one.cost), ("gain", one.gain)):
                made[f"disposal/{one.row}/{name}"] = exact(value)
        return made

    # what is shown -------------------------------------------------------------------------------------------------
    def _rows_made(self) -> None:
        panel = self._shown_panel()
        if isinstance(panel, DisposalPanel):
            self._inspect(panel.row)

    def _show_totals(self) -> None:
        if self._found is None:
            return
        totals, currency = self._found.figures.totals, self._found.figures.currency
        words = fmt.counted(self._whole(self._found), tr("%s disposal"), tr("%s disposals"))
        self.count.setText(self._counted(words))
        tone = self._tone()
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
            panel = DisposalPanel(self.shell.workspace.runtime.assets)
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

    @Slot()
    def _rethink(self) -> None:
        self.model.set_condition(_is_blocked if self.blocked.isChecked() else None)
        self._show_totals()


def _is_blocked(row: rows.DisposalRow) -> bool:
    return row.is_blocked
