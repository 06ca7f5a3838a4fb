"""Selections ahead of sales: the lots that are selected among all open ones are those that the next sales use up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from app.core.errors import CounterfoilError
from app.core.lots.methods import Method
from app.core.model.lot_selections import LotSelection
from app.core.money import add
from app.services.lots import NextSales, Selected
from app.services.tax_years import Asked, TaxYear
from app.ui import format as fmt
from app.ui import hints
from app.ui.screens.base import Shell
from app.ui.screens.tax_lots_ahead_panel import AheadPanel
from app.ui.screens.tax_lots_open import OpenLotsView
from app.ui.screens.tax_lots_open_rows import OpenRow
from app.ui.widgets import basics as w
from app.ui.words import tr


class Ahead(QObject):
    """The buttons beside the open lots, and what they do."""

    def __init__(self, shell: Shell, view: OpenLotsView, parent: QWidget) -> None:
        """Take the lots."""
        super().__init__(parent)
        self._shell, self._view = shell, view
        self._asked: Asked | None = None
        self._may_record = self._is_shown = False
        self.panel: AheadPanel | None = None
        self.back = w.button(tr("Take back"))
        self.record = w.button(tr("Sell these next…"), "primary", "stamp")
        self.back.clicked.connect(self._take_back)
        self.record.clicked.connect(self._ask)
        view.picked.connect(self.redraw)

    def take(self, found: TaxYear, asked: Asked, *, follows: bool) -> None:
        """Know the question whose figures are shown; `follows` tells whether they follow selections."""
        self._asked = asked
        self._may_record = follows and Method.SPEC_ID in found.profile.jurisdiction.methods
        self.redraw()

    def show(self, *, is_shown: bool) -> None:
        """Show the buttons beside the open lots, and nowhere else."""
        self._is_shown = is_shown
        self.record.setVisible(is_shown)
        self.redraw()

    @Slot()
    def redraw(self) -> None:
        """Let the buttons fit what is selected."""
        rows = self._view.selected()
        why = self._refusal(rows)
        self.record.setEnabled(not why)
        self.record.setToolTip(why or tr("The next sales from this wallet use up these lots, in this order."))
        self.back.setVisible(self._is_shown and self._selected_ahead() is not None)

    def _refusal(self, rows: list[OpenRow]) -> str:
        if not self._may_record:
            return tr("These figures follow no selections.")
        if self._view.day.day is not None:
            return tr("These are the lots of a day that is over: empty the day to select among those of now.")
        if not rows:
            return tr("Select the lots that shall be sold next, of one asset in one wallet.")
        if len({(row.asset.asset_id, row.lot.figures.wallet) for row in rows}) > 1:
            return tr("These lots are of several assets or wallets: a selection is for one.")
        return tr("Lots belong to no wallet here.") if rows[0].lot.figures.wallet is None else ""

    def _selected_ahead(self) -> OpenRow | None:
        return next((row for row in self._view.selected() if row.lot.turn), None)

    # hands ---------------------------------------------------------------------------------------------------------
    @Slot()
    def _ask(self) -> None:
        """Ask how much of each lot; the fields have the keyboard, since they were asked for."""
        rows = self._view.selected()
        if self._asked is None or self._refusal(rows):
            return
        self.panel = panel = AheadPanel(rows)
        panel.closed.connect(self._leave)
        panel.given.connect(self._select)
        self._shell.inspect(panel)
        panel.fields[0].setFocus(Qt.FocusReason.OtherFocusReason)
        panel.fields[0].selectAll()

    @Slot()
    def _leave(self) -> None:
        self.panel = None
        self._shell.inspect(None)
        self._view.table.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _select(self) -> None:
        asked, panel = self._asked, self.panel
        if asked is not None and panel is not None:
            panel.record.setEnabled(False)
            self._shell.run(self._record(asked, panel), what=tr("Recording the choice"))

    async def _record(self, asked: Asked, panel: AheadPanel) -> None:
        lots, rows, choice = self._shell.workspace.lots, panel.rows, panel.choice()
        first = rows[0].lot.figures
        before = await self._before(asked, first.asset, first.wallet or "")
        try:
            made = await lots.select_ahead(asked, NextSales(first.asset, first.wallet or ""), choice)
        except CounterfoilError as fault:
            if isValid(panel):
                panel.show_fault(fault)
            return
        if self.panel is panel:
            self._leave()
        units = fmt.quantity(add(*(quantity for _, quantity in choice)), rows[0].asset.symbol)
        told = tr("The next %q from %w use up these lots.").replace("%q", units).replace("%w", rows[0].wallet)
        self._shell.toast(told, tr("Undo"), self._undo(before, made))

    @Slot()
    def _take_back(self) -> None:
        row, asked = self._selected_ahead(), self._asked
        if row is not None and asked is not None:
            self._shell.run(self._clear(asked, row), what=tr("Taking the choice back"))

    async def _clear(self, asked: Asked, row: OpenRow) -> None:
        one = row.lot.figures
        before = await self._before(asked, one.asset, one.wallet or "")
        try:
            made = await self._shell.workspace.lots.clear_ahead(asked, one.asset, one.wallet or "")
        except CounterfoilError as fault:
            self._say(fault)
            return
        self._shell.toast(tr("Choice taken back."), tr("Undo"), self._undo(before, made))

    async def _before(self, asked: Asked, asset: str, wallet: str) -> LotSelection | None:
        known = [
            one
            for one in await self._shell.workspace.lots.selections()
            if (one.jurisdiction, one.asset, one.wallet) == (asked.jurisdiction, asset, wallet)
        ]
        return known[-1] if known else None

    def _undo(self, before: LotSelection | None, made: Selected) -> Callable[[], None]:
        again = None if before is None else replace(before, recorded_ns=0, record="")
        return partial(self._put_back, again, made)

    def _put_back(self, before: LotSelection | None, made: Selected) -> None:
        self._shell.run(self._shell.workspace.lots.put_back(before, made), what=tr("Undoing the choice"))

    def _say(self, fault: CounterfoilError) -> None:
        self._shell.toast(fmt.prose(f"{fault.message} {hints.hint(fault)}".strip()))
