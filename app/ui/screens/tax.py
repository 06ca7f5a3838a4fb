"""Tax & reports: one question (year, country, method, scope) at the top, its answer in tabs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout

from app.core.model.views import ActivityFilter
from app.core.tax.calendar import Calendar
from app.core.tax.jurisdictions import JURISDICTIONS
from app.core.tax.profile import profile
from app.services.tax_years import Asked
from app.ui.screens.base import Shell
from app.ui.screens.tabbed import TabbedScreen
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
from app.ui.words import tr

PANES: Sequence[type[Pane]] = (
    SummaryPane, DisposalsPane, LotsPane, IncomePane, HarvestPane, FormsPane, StatementsPane, ComparePane,
)  # fmt: skip
SETTING = "tax/country"
"""Name under which the vault keeps which country a person files in."""


class TaxScreen(TabbedScreen[Pane]):
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
        super().__init__(shell, PANES)
        self.bar = QuestionBar()
        self.computing = Computing(shell, self)
        self.seal_line = SealLine(shell)
        self.seal_line.close_wanted.connect(self._close_year)
        self.seal_line.amend_wanted.connect(self._amend_year)
        w.fill(QVBoxLayout(self), [self.bar, w.hline(), self.seal_line, (self.stage, 1)], 0)
        self._first = self._last = 0
        self._detail = ""
        self.bar.asked.connect(self._ask)
        self.bar.renewed.connect(self.computing.compute)
        self.bar.stopped.connect(self.computing.stop)
        self.computing.changed.connect(self._show)

    # the window asks -----------------------------------------------------------------------------------------------
    def tabs(self) -> Sequence[str]:
        """Return the words of the tabs, with their counts where they have one."""
        made = self._made
        return tuple(made[at].label() if at in made else word for at, word in enumerate(super().tabs()))

    def _adopt(self, pane: Pane) -> None:
        pane.header_changed.connect(self.header_changed)
        pane.wanted.connect(self._ask)

    def _leave(self) -> None:
        """Close the inspector too, since it belongs to the tab."""
        self.shell.inspect(None)
        self._hide_pane()

    def _hide_pane(self) -> None:
        if self._is_shown and self.pane is not None:
            self.pane.hidden()

    def _entered(self) -> None:
        if self.pane is not None:
            self.pane.shown(self._detail)
            self._detail = ""
            self._show()

    def activate(self, detail: str = "") -> None:
        """Subscribe and compute; `detail` names a tab, and after a "/" what it shall show."""
        word, _, rest = detail.partition("/")
        index, self._detail = self.tab_named(word), rest
        was_shown = self._is_shown
        if index != self.tab():
            self.show_tab(index)
            self.header_changed.emit()
        self._is_shown = True
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
        super().masking_changed()

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
        if not self._is_shown or self._is_making:
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
        if answer is None or pane is None:
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
        self._show_pane(pane)

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
