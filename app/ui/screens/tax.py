"""Tax & reports: one question (year, country, method, scope) at the top, its answer in tabs."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from app.core.model.views import ActivityFilter
from app.core.tax.calendar import Calendar
from app.core.tax.jurisdictions import JURISDICTIONS
from app.core.tax.profile import profile
from app.services.tax_years import Asked
from app.ui.screens.base import Screen, Shell
from app.ui.screens.tax_bar import QuestionBar
from app.ui.screens.tax_compare import ComparePane
from app.ui.screens.tax_computing import Computing
from app.ui.screens.tax_disposals import DisposalsPane
from app.ui.screens.tax_forms import FormsPane
from app.ui.screens.tax_harvest import HarvestPane
from app.ui.screens.tax_income import IncomePane
from app.ui.screens.tax_lots import LotsPane
from app.ui.screens.tax_pane import Pane
from app.ui.screens.tax_statements import StatementsPane
from app.ui.screens.tax_summary import SummaryPane
from app.ui.screens.year_line import SealLine
from app.ui.widgets import basics as w
from app.ui.widgets.tables_states import Stage
from app.ui.words import tr

PANES: Sequence[type[Pane]] = (
    SummaryPane, DisposalsPane, LotsPane, IncomePane, HarvestPane, FormsPane, StatementsPane, ComparePane,
)  # fmt: skip
SETTING = "tax/country"
"""Name under which the vault keeps which country a person files in."""


class TaxScreen(Screen):
    """The tax place; "tax/forms" opens a tab of it."""

    place: ClassVar[str] = "tax"
    title: ClassVar[str] = "Tax & reports"
    icon: ClassVar[str] = "landmark"
    parts: ClassVar[Sequence[tuple[str, str]]] = (
        *((f"tax/{kind.word}", kind.title) for kind in PANES),
        ("tax/lots/open", "Open lots"),
    )

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is asked yet."""
        super().__init__(shell)
        self.bar = QuestionBar()
        self.computing = Computing(shell, self)
        self._made: dict[int, Pane] = {}
        self._pages = QStackedWidget()
        for _kind in PANES:
            self._pages.addWidget(QWidget())
        self.stage = Stage(self._pages)
        self.seal_line = SealLine(shell)
        self.seal_line.close_wanted.connect(self._close_year)
        self.seal_line.amend_wanted.connect(self._amend_year)
        w.fill(QVBoxLayout(self), [self.bar, w.hline(), self.seal_line, (self.stage, 1)], 0)
        self._first = self._last = 0
        self._is_shown = self._is_entering = False
        self._detail = ""
        self._taken: dict[int, object] = {}
        self.bar.asked.connect(self._ask)
        self.bar.renewed.connect(self.computing.compute)
        self.bar.stopped.connect(self.computing.stop)
        self.computing.changed.connect(self._show)

    @property
    def panes(self) -> Sequence[Pane]:
        """Return the tabs that were shown so far."""
        return tuple(self._made.values())

    @property
    def pane(self) -> Pane:
        """Return the tab that is shown; a tab is made when it is shown for the first time."""
        return self._made.get(self.tab()) or self._make(self.tab())

    def _make(self, index: int) -> Pane:
        made = self._made[index] = PANES[index](self.shell)
        made.header_changed.connect(self.header_changed)
        made.wanted.connect(self._ask)
        stand_in = self._pages.widget(index)
        self._pages.insertWidget(index, made)
        self._pages.setCurrentWidget(made)
        if stand_in is not None:
            self._pages.removeWidget(stand_in)
            stand_in.deleteLater()
        return made

    # the window asks -----------------------------------------------------------------------------------------------
    def tabs(self) -> Sequence[str]:
        """Return the words of the tabs."""
        return tuple(
            self._made[index].label() if index in self._made else tr(kind.title) for index, kind in enumerate(PANES)
        )

    def tab(self) -> int:
        """Return the tab that is shown."""
        return self._pages.currentIndex()

    def show_tab(self, index: int) -> None:
        """Show a tab; the inspector closes, since it belongs to the other one."""
        if index == self.tab():
            return
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self.isAncestorOf(focused)
        self.shell.inspect(None)
        self._hide_pane()
        self._pages.setCurrentIndex(index)
        if self._is_shown:
            self._enter()
            if had_focus:
                self._take_focus()

    def _hide_pane(self) -> None:
        if self._is_shown and self.tab() in self._made:
            self.pane.hidden()

    def _enter(self) -> None:
        """Let the tab that is shown begin; one that is not made yet is made in a turn of its own."""
        if self.tab() in self._made:
            self._begin_pane()
        elif not self._is_entering:
            self._is_entering = True
            self.shell.run(self._make_pane(), what=tr("Opening the tab"))

    async def _make_pane(self) -> None:
        had_focus = self.stage.hasFocus()
        if self.tab() not in self._made:
            self._make(self.tab())
        # What it shows is put into it in the turn after.
        await asyncio.sleep(0)
        self._is_entering = False
        if self._is_shown:
            self._begin_pane()
            if had_focus:
                self._take_focus()

    def _begin_pane(self) -> None:
        self.pane.shown(self._detail)
        self._detail = ""
        self._show()

    def _take_focus(self) -> None:
        """Give the keyboard to what the tab is about, or to what stands in its place until it is read."""
        part: QWidget | None = self.main_part()
        while part is not None and part is not self and not part.isVisible():
            part = part.parentWidget()
        (part or self).setFocus(Qt.FocusReason.OtherFocusReason)

    def activate(self, detail: str = "") -> None:
        """Subscribe and compute; `detail` names a tab, and after a "/" what it shall show."""
        word, _, rest = detail.partition("/")
        index = next((index for index, kind in enumerate(PANES) if kind.word == word), self.tab())
        self._detail = rest
        was_shown, self._is_shown = self._is_shown, True
        if index != self.tab():
            if not was_shown:
                self._pages.setCurrentIndex(index)
            self.show_tab(index)
            self.header_changed.emit()
        if not was_shown or self._detail:
            self._enter()
        self.computing.listen()
        self.seal_line.listen()
        if self.computing.asked is None:
            self.stage.show_loading()
            self.shell.run(self._begin(), what=tr("Reading the books"))
        self._show()

    def deactivate(self) -> None:
        """Unsubscribe; what is being computed goes on."""
        self._hide_pane()
        self._is_shown = False
        self.computing.rest()
        self.seal_line.rest()

    def scope_changed(self) -> None:
        """Tax figures are of the whole book, whatever accounts and period are chosen above."""

    def masking_changed(self) -> None:
        """Write every figure anew."""
        self.seal_line.redraw()
        for pane in self.panes:
            pane.redraw()

    def main_part(self) -> QWidget:
        """Return what the keyboard acts on in the tab that is shown; what stands in its place before it is there."""
        index = self._pages.currentIndex()
        return self.pane.main_part() if index in self._made and self.stage.state == "table" else self.stage

    def filter_field(self) -> QWidget | None:
        """Return the filter of the tab that is shown."""
        return self.pane.filter_field()

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return what the tab shows, raw."""
        return self.pane.export_rows() if self.stage.state == "table" else None

    def figures(self) -> Mapping[str, str]:
        """Return the exact figures of the tab that is shown."""
        return self.pane.figures()

    def closing_place(self, step: str = "") -> str:
        """Return the place in which the year that is shown is closed, at one of its steps."""
        asked = self.computing.asked
        if asked is None or asked.year is None:
            return "close"
        return "/".join(filter(None, ("close", asked.jurisdiction, str(asked.year), step)))

    @Slot()
    def _close_year(self) -> None:
        self.shell.go(self.closing_place())

    @Slot()
    def _amend_year(self) -> None:
        self.shell.go(self.closing_place("review"))

    # the question --------------------------------------------------------------------------------------------------
    async def _begin(self) -> None:
        """Ask the first question: this year, in the country that was chosen last, else in that of the currency."""
        workspace = self.shell.workspace
        kept = await workspace.setting(SETTING)
        code = kept if kept in JURISDICTIONS else _country_of(workspace.book.base_currency)
        await self._read_span()
        if self.computing.asked is None and self._last:
            self._ask(Asked(code, year=self._year_of(code, self._last)))
        self._show()

    async def _read_span(self) -> None:
        """Find out from which moment to which the books go."""
        page = await self.shell.workspace.portfolio.activity(ActivityFilter(), 0, 1)
        if page.total:
            oldest = await self.shell.workspace.portfolio.activity(ActivityFilter(), page.total - 1, 1)
            now = self.shell.workspace.runtime.clock.now_ns()
            self._first, self._last = oldest.entries[-1].at, max(now, page.entries[0].at)

    def _year_of(self, code: str, at: int) -> int:
        return _calendar(code).year_of(at)

    @Slot(object)
    def _ask(self, asked: Asked) -> None:
        before = self.computing.asked
        first, last = (self._year_of(asked.jurisdiction, at) for at in (self._first, self._last))
        if asked.year is not None and not first <= asked.year <= last:
            asked = replace(asked, year=last)
        if before is None or before.jurisdiction != asked.jurisdiction:
            self.bar.show_years(first, last, asked)
            if before is not None:
                keep = self.shell.workspace.set_setting(SETTING, asked.jurisdiction)
                self.shell.run(keep, what=tr("Keeping the country"))
        self.bar.show_asked(asked)
        self.seal_line.show_year(asked)
        self.computing.ask(asked)

    # the answer ----------------------------------------------------------------------------------------------------
    @Slot()
    def _show(self) -> None:
        if not self._is_shown or self._is_entering:
            return
        computing = self.computing
        answer, asked = computing.answer, computing.asked
        now = self.shell.workspace.runtime.clock.now_ns()
        is_open = asked is not None and (asked.year is None or self._year_of(asked.jurisdiction, now) <= asked.year)
        self.bar.show_state(answer, computing.job, now, is_stale=computing.is_stale, is_open=is_open)
        if computing.fault is not None:
            self._show_fault(computing.fault)
        elif answer is not None:
            self._show_answer()
        elif computing.job is not None:
            if self.stage.state == "table":
                self.stage.show_loading()
        elif asked is not None:
            self._show_stopped()
        elif not self._last:
            self._show_empty()

    def _show_answer(self) -> None:
        answer, pane = self.computing.answer, self.pane
        if answer is None:
            return
        if pane.needs_year and answer.asked.year is None:
            self.stage.show_empty(
                tr("This needs one tax year."), tr("Choose the year above; the whole history is no return.")
            )
            return
        pane.be_stale(is_stale=self.computing.is_stale)
        if self._taken.get(self.tab()) is not answer:
            self._taken[self.tab()] = answer
            pane.take(answer.found, answer.asked)
        had_focus = self.stage.hasFocus()
        self.stage.show_table()
        if had_focus:
            self._take_focus()

    def _show_fault(self, fault: Exception) -> None:
        again = w.button(tr("Compute again"), "primary", "rotate-cw")
        again.clicked.connect(self.computing.compute)
        law = w.button(tr("Follow law or standing order"))
        law.clicked.connect(self._by_law)
        asked = self.computing.asked
        has_choice = asked is not None and (asked.method is not None or asked.scope is not None)
        self.stage.show_fault(tr("These figures were not computed."), fault, *((law,) if has_choice else ()), again)

    def _show_stopped(self) -> None:
        again = w.button(tr("Compute"), "primary", "calculator")
        again.clicked.connect(self.computing.compute)
        self.stage.show_empty(
            tr("Not computed."), tr("The computation was stopped; your books are as they were."), again
        )

    def _show_empty(self) -> None:
        connect = w.button(tr("Add a source"), "primary", "plus")
        connect.clicked.connect(self._go_connect)
        self.stage.show_empty(
            tr("There is no tax year yet: this vault has no entries."),
            tr("Connect a source or import a statement; gains, income and forms follow from its entries."),
            connect,
        )

    @Slot()
    def _go_connect(self) -> None:
        self.shell.go("connections/add")

    @Slot()
    def _by_law(self) -> None:
        asked = self.computing.asked
        if asked is not None:
            self._ask(replace(asked, method=None, scope=None))


def _country_of(currency: str) -> str:
    """Return the country whose money a book is kept in; where several share it, none is guessed."""
    found = [code for code, rules in JURISDICTIONS.items() if rules.currency.lower() == currency.lower()]
    return found[0] if len(found) == 1 else "generic"


def _calendar(code: str) -> Calendar:
    return profile(code).calendar
