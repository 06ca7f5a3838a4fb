"""The tab of lots: which lots each sale of the year uses up, a choice among those that were open, all open lots."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

from PySide6.QtCore import QModelIndex, Qt, Slot
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.core.errors import CounterfoilError
from app.core.lots.methods import BY_LOT, Method
from app.core.model.lot_selections import LotSelection
from app.core.money import plain
from app.services.lots import Selected
from app.services.tax_years import Asked, TaxYear
from app.ui import format as fmt
from app.ui import hints, theme
from app.ui.screens import tax_lots_notices as notices
from app.ui.screens import tax_lots_rows as rows
from app.ui.screens.base import Shell
from app.ui.screens.tax_lots_ahead import Ahead
from app.ui.screens.tax_lots_explained import explained
from app.ui.screens.tax_lots_list import SalesList, SalesModel
from app.ui.screens.tax_lots_open import OpenLotsView
from app.ui.screens.tax_lots_picker import Picker, Shown, prepared
from app.ui.screens.tax_lots_reader import OpenReader
from app.ui.screens.tax_pane import Pane
from app.ui.widgets import basics as w
from app.ui.widgets.segmented import Segmented
from app.ui.widgets.tables_states import Stage, filter_field, tool_bar
from app.ui.words import tr

SALES, OPEN = "sales", "open"
_LIST = 272


class LotsPane(Pane):
    """Sales at the left with the choice of their lots at the right, or all open lots."""

    word: ClassVar[str] = "lots"
    title: ClassVar[str] = "Lots"

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is read yet."""
        super().__init__(shell)
        self._found: TaxYear | None = None
        self._asked: Asked | None = None
        self._wanted = ""
        self._urgent = 0

    def pieces(self) -> Iterator[None]:
        """Make the list of sales, the choice beside it, and the table of open lots."""
        self.view = Segmented(((SALES, tr("Sales of the year")), (OPEN, tr("Open lots"))), SALES, tr("View"))
        self.view.chosen.connect(self._choose_view)
        self.filter = filter_field(tr("Filter by asset, wallet, date"), 230)
        self.filter.textChanged.connect(self._filtered)
        self.count = w.text("", "caption", "text_3")
        self.sales = SalesModel()
        self.list = SalesList(self.sales, tr("Sales"))
        self.list.chosen.connect(self._show_sale)
        self.list.activated.connect(self._go_right)
        yield
        self.picker = Picker(self.shell.workspace.runtime.settings_folder)
        self.picker.recorded.connect(self._record)
        self.picker.left.connect(self._leave)
        self.picker.asked.connect(self._explain_choice)
        self.side = Stage(self.picker)
        yield
        self.open = OpenLotsView(self.shell)
        self.open.copied.connect(self._copied)
        self.open.how.clicked.connect(self._explain_open)
        self.reader = OpenReader(self.shell, self.open, self)
        self.ahead = Ahead(self.shell, self.open, self)
        self.open.day.changed.connect(self.ahead.redraw)
        yield
        yield from self._lay_out()

    def _lay_out(self) -> Iterator[None]:
        left = w.frame("panel", self.list, spacing=0, margins=(1, 1, 1, 1))
        left.setFixedWidth(theme.px(_LIST))
        choice = w.row(left, (self.side, 1), spacing=12, margins=(16, 0, 16, 14))
        choice.setFocusProxy(self.list)
        hands: tuple[w.Item, ...] = (self.count, self.open.day, self.open.how, self.ahead.back, self.ahead.record)
        bar = tool_bar(self.view, (self.filter, 1), None, *hands, is_framed=True)
        self._show_hands(is_open=False)
        self._views = QStackedWidget()
        w.fill(QVBoxLayout(self), [bar, (self._views, 1)], 0)
        yield
        self.body = Stage(choice)
        self._views.addWidget(self.body)
        self._views.addWidget(self.open)

    # the place asks ------------------------------------------------------------------------------------------------
    def label(self) -> str:
        """Return the word of the tab with how many sales need a person."""
        return f"{tr(self.title)}  {fmt.count(self._urgent)}" if self._urgent else tr(self.title)

    def take(self, found: TaxYear, asked: Asked) -> None:
        """Show the sales of a question."""
        self._found, self._asked = found, asked
        self.ahead.take(found, asked, follows=self._follows())
        if found.profile.method not in BY_LOT:
            self._show_averaged(found)
            return
        self.body.show_loading()
        self.shell.run(self._write(found), what=tr("Reading the sales"))
        if self.view.current == OPEN:
            self._read_open()

    def be_stale(self, *, is_stale: bool) -> None:
        """Show figures grey while they are old."""
        if is_stale != self.picker.is_stale:
            self.picker.is_stale = is_stale
            self.picker.redraw()

    def shown(self, detail: str = "") -> None:
        """Show the sale that `detail` names, or all open lots."""
        if detail == OPEN:
            self.view.choose(OPEN)
            self._choose_view(OPEN)
        elif detail:
            self._wanted = detail
            self.view.choose(SALES)
            self._choose_view(SALES)
            self._choose_wanted()

    def hidden(self) -> None:
        """Let the inspector go: the place closes it."""
        self.open.inspector.forget()

    def redraw(self) -> None:
        """Write every figure anew."""
        self.sales.redraw()
        self.picker.redraw()
        self.open.redraw()

    def main_part(self) -> QWidget:
        """Return the list of sales, or the table of open lots."""
        return self.open.table if self.view.current == OPEN else self.list

    def filter_field(self) -> QWidget | None:
        """Return the filter."""
        return self.filter

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return what is seen, raw: the lots of the sale, or all open ones."""
        if self.view.current == OPEN:
            return self.open.table.texts_of(self.open.model.fitting)
        return self.picker.lots.seen() if self.picker.shown is not None else None

    def figures(self) -> Mapping[str, str]:
        """Return the exact figures of the choice that is shown."""
        shown = self.picker.shown
        if shown is None:
            return {}
        weighed = shown.choosing.weigh(self.picker.lots_chosen())
        named = {"quantity": weighed.quantity, "cost": weighed.cost, "gain": weighed.gain}
        return {
            f"choice/{shown.sale.row}/{name}": "" if value is None else plain(value) for name, value in named.items()
        }

    # what is shown -------------------------------------------------------------------------------------------------
    def _show_averaged(self, found: TaxYear) -> None:
        rules = found.profile.jurisdiction
        told = tr("%c averages cost: there are no single lots.").replace("%c", rules.name)
        self.body.show_empty(told, f"{rules.law}.")
        self.open.stage.show_empty(told, f"{rules.law}.")
        self._urgent = 0
        self.count.setText("")
        self.header_changed.emit()

    async def _write(self, found: TaxYear) -> None:
        """Make the rows on another thread, and show them where they are still wanted."""
        workspace = self.shell.workspace
        accounts = {one.account_id: one.name for one in await workspace.portfolio.accounts()}
        make = asyncio.get_running_loop().run_in_executor
        made = await make(None, rows.sales, found, workspace.runtime.assets, accounts)
        if self._found is not found:
            return
        current = self._wanted or getattr(self.list.current(), "row", "")
        self.sales.show(made)
        self._urgent = sum(1 for one in made if one.tone in {"danger", "warn"})
        self.header_changed.emit()
        self._show_count(len(made))
        if not made:
            self.body.show_empty(tr("Nothing was sold in this year."), tr("Choose another year, or look at open lots."))
            return
        self.body.show_table()
        self._wanted = ""
        if not self.list.choose(current):
            self.list.choose(made[0].row)

    def _show_count(self, whole: int) -> None:
        told = fmt.counted(whole, tr("%s sale"), tr("%s sales"))
        if self._urgent:
            told += " · " + fmt.counted(self._urgent, tr("%s needs you"), tr("%s need you"))
        self.count.setText(told)

    def _choose_wanted(self) -> None:
        if self._wanted and self.list.choose(self._wanted):
            self._wanted = ""

    @Slot(str)
    def _show_sale(self, _row: str) -> None:
        found, sale = self._found, self.list.current()
        if found is None or sale is None:
            return
        self.side.show_loading()
        self.shell.run(self._read_sale(found, sale), what=tr("Reading the open lots"))

    async def _read_sale(self, found: TaxYear, sale: rows.SaleRow) -> None:
        try:
            choosing = await self.shell.workspace.lots.choosing(found.transactions, sale.row, found.profile)
        except CounterfoilError as fault:
            if self._found is found:
                self.side.show_fault(tr("The lots of this sale cannot be chosen."), fault)
            return
        shown = await asyncio.get_running_loop().run_in_executor(None, prepared, sale, choosing, found)
        current = self.list.current()
        if self._found is found and current is not None and current.row == sale.row:
            self._show_choosing(shown)

    def _show_choosing(self, shown: Shown) -> None:
        found, sale = shown.found, shown.sale
        self.picker.show_sale(shown, may_record=self._may_record(found))
        self._show_law(found, sale)
        self.picker.leave.setVisible(sale.identified is not None and self._may_record(found))
        self.side.show_table()

    def _follows(self) -> bool:
        """Tell whether the figures that are shown follow selections: nobody asked for another rule."""
        asked = self._asked
        return asked is not None and (asked.method is Method.SPEC_ID or (asked.method is None and asked.scope is None))

    def _may_record(self, found: TaxYear) -> bool:
        return self._follows() and Method.SPEC_ID in found.profile.jurisdiction.methods

    def _show_law(self, found: TaxYear, sale: rows.SaleRow) -> None:
        buttons: list[QWidget] = []
        if not self._follows():
            buttons.append(self._small(tr("Follow law or standing order"), self._by_law))
        elif notices.may_be_proven(found, sale):
            is_followed = found.profile.has("late-selection", "follow")
            words = tr("Set late ones aside") if is_followed else tr("Other books prove it: follow")
            buttons.append(self._small(words, partial(self._follow_late, not is_followed)))
        self.picker.show_notice(*notices.of(found, sale, follows=self._follows()), *buttons)

    @staticmethod
    def _small(words: str, then: Callable[[], None]) -> QWidget:
        made = w.button(words, size="small")
        made.clicked.connect(then)
        return made

    def _follow_late(self, follow: bool, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        """Ask for the figures in which late selections count, as a person must be able to prove, or do not."""
        if self._asked is not None:
            options = {name: value for name, value in self._asked.options.items() if name != "late-selection"}
            told = {**options, "late-selection": "follow"} if follow else options
            self.wanted.emit(replace(self._asked, options=told))

    @Slot(QModelIndex)
    def _go_right(self, _index: QModelIndex) -> None:
        self.picker.lots.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _by_law(self) -> None:
        if self._asked is not None:
            self.wanted.emit(replace(self._asked, method=None, scope=None))

    # all open lots -------------------------------------------------------------------------------------------------
    @Slot(str)
    def _choose_view(self, key: str) -> None:
        self._views.setCurrentIndex(1 if key == OPEN else 0)
        self._show_hands(is_open=key == OPEN)
        if key == OPEN:
            self._read_open()
        self._filtered(self.filter.text())

    def _show_hands(self, *, is_open: bool) -> None:
        """Show beside the filter what belongs to the view."""
        self.count.setVisible(not is_open)
        self.open.day.setVisible(is_open)
        self.open.how.setVisible(is_open)
        self.ahead.show(is_shown=is_open)

    @Slot()
    def _explain_choice(self) -> None:
        shown = self.picker.shown
        if shown is not None:
            told = explained(shown.choosing, shown.found, self.picker.choice, self.shell.workspace.runtime.assets)
            self.shell.explain(self.picker.how, told)

    @Slot()
    def _explain_open(self) -> None:
        if self._found is not None:
            self.shell.explain(self.open.how, self.open.explained(self._found.head))

    def _read_open(self) -> None:
        if self._found is not None and self._asked is not None:
            self.reader.read(self._found, self._asked)

    # hands ---------------------------------------------------------------------------------------------------------
    @Slot(str)
    def _filtered(self, text: str) -> None:
        if self.view.current == OPEN:
            self.open.set_filter(text)
            return
        current = getattr(self.list.current(), "row", "")
        self.sales.set_filter(text)
        if not self.list.choose(current) and self.sales.rowCount():
            self.list.choose(self.sales.sale(0).row)

    @Slot(int)
    def _copied(self, count: int) -> None:
        self.shell.toast(fmt.counted(count, tr("%s row copied."), tr("%s rows copied.")))

    @Slot()
    def _record(self) -> None:
        shown, asked = self.picker.shown, self._asked
        if shown is not None and asked is not None:
            self.picker.record.setEnabled(False)
            self.shell.run(self._select(shown, asked), what=tr("Recording the choice"))

    async def _select(self, shown: Shown, asked: Asked) -> None:
        lots = self.shell.workspace.lots
        try:
            made = await lots.select(asked, shown.sale.row, self.picker.lots_chosen(), preset=self.picker.preset)
        except CounterfoilError as fault:
            self._show_refusal(fault)
            return
        self.picker.is_touched = False
        default = rows.default_words(shown.found.profile, shown.sale.figures.wallet, shown.sale.figures.at)
        told = tr("Choice recorded; it is late, so %m stays.") if made.is_late else tr("Choice recorded.")
        self.shell.toast(told.replace("%m", default), tr("Undo"), partial(self._undo, _before(shown), made))

    @Slot()
    def _leave(self) -> None:
        shown, asked = self.picker.shown, self._asked
        if shown is not None and asked is not None:
            self.shell.run(self._give_back(shown, asked), what=tr("Taking the choice back"))

    async def _give_back(self, shown: Shown, asked: Asked) -> None:
        try:
            made = await self.shell.workspace.lots.clear(asked, shown.sale.row)
        except CounterfoilError as fault:
            self._show_refusal(fault)
            return
        self.picker.is_touched = False
        self.shell.toast(tr("Choice taken back."), tr("Undo"), partial(self._undo, _before(shown), made))

    def _undo(self, before: LotSelection | None, made: Selected) -> None:
        self.picker.is_touched = False
        self.shell.run(self.shell.workspace.lots.put_back(before, made), what=tr("Undoing the choice"))

    def _show_refusal(self, fault: CounterfoilError) -> None:
        self.picker.record.setEnabled(True)
        self.picker.show_notice("danger", "circle-alert", fault.message, hints.hint(fault))


def _before(shown: Shown) -> LotSelection | None:
    """Return what counted for the sale before; what was selected ahead of it counts again by itself."""
    known = shown.sale.identified
    return None if known is None or known.selection.wallet else known.selection
