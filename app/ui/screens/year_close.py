"""A tax year is closed in seven steps; each shows only what matters to that year, and can be left and resumed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QWidget

from app.core.findings import Severity
from app.core.model.period_seals import PeriodSeal
from app.core.tax.jurisdictions import JURISDICTIONS
from app.core.tax.profile import profile
from app.services.seals import question_of
from app.services.tax_years import Asked
from app.ui import theme
from app.ui.screens import tax_words as words
from app.ui.screens.base import Banner, Screen, Shell
from app.ui.screens.year_closing import Closing
from app.ui.screens.year_foot import BACK_KEYS, NEXT_KEYS, Foot
from app.ui.screens.year_page import HealthPage, LotsPage, Page, PricesPage, TransfersPage
from app.ui.screens.year_review import ReviewPage
from app.ui.screens.year_scope import ScopePage
from app.ui.screens.year_seal import SealPage
from app.ui.screens.year_sealed import year_name
from app.ui.screens.year_steps import YearSteps, results
from app.ui.widgets import basics as w
from app.ui.widgets.marks import Pill
from app.ui.widgets.tables_states import Stage
from app.ui.words import tr

PAGES: Sequence[type[Page]] = (
    ScopePage, HealthPage, TransfersPage, PricesPage, LotsPage, ReviewPage, SealPage,
)  # fmt: skip
WORDS = [kind.word for kind in PAGES]
_ROOMY = 660
"""Height from which on every step has room for its head."""


class CloseScreen(Screen):
    """The wizard; "close/us/2025/prices" opens a step of a year, "close" goes on where it was left.

    "close/transfers/proposed/KEY" opens a step of the year that is being closed, and chooses something in it.
    """

    place: ClassVar[str] = "close"
    title: ClassVar[str] = "Close a tax year"
    rail: ClassVar[str] = "tax"
    icon: ClassVar[str] = "stamp"

    def __init__(self, shell: Shell) -> None:
        """Take the window; no year is meant yet."""
        super().__init__(shell)
        self.closing = Closing(shell, self)
        self.closing.changed.connect(self._show)
        self.is_under_way = False
        self._is_shown = False
        self._step, self._within = 0, ""
        self._made: dict[int, Page] = {}
        self._entered: Page | None = None
        self._is_making = False
        self.steps = YearSteps([(kind.word, tr(kind.title)) for kind in PAGES])
        self.steps.chosen.connect(self.show_step)
        self._blank, self._pages = QWidget(), QStackedWidget()
        self._pages.addWidget(self._blank)
        self.stage = Stage(self._pages)
        self.head, self.lead = w.text("", "heading"), w.elided("", "cell", "text_2")
        self.state = Pill("", "text_3")
        self._lay_out()
        for keys in NEXT_KEYS:
            self._shortcut(keys).activated.connect(self.go_on)
        for keys in BACK_KEYS:
            self._shortcut(keys).activated.connect(self.go_back)

    def _shortcut(self, keys: str) -> QShortcut:
        made = QShortcut(QKeySequence(keys), self)
        made.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        return made

    def _lay_out(self) -> None:
        self.foot = Foot()
        self.foot.left.connect(self.end)
        self.foot.stopped.connect(self.closing.stop)
        self.foot.renewed.connect(self.closing.compute)
        self.foot.back_wanted.connect(self.go_back)
        self.foot.next_wanted.connect(self.go_on)
        self.top = w.column(
            w.row(self.head, (self.lead, 1), spacing=12, margins=(16, 12, 16, 12)), w.hline(), spacing=0
        )
        right = w.column(self.top, (self.stage, 1), w.hline(), self.foot, spacing=0)
        w.fill(QHBoxLayout(self), [self.steps, (right, 1)], 0)

    # the window asks -----------------------------------------------------------------------------------------------
    def note(self) -> str:
        """Return which year is closed."""
        asked = self.closing.asked
        return "" if asked is None else year_name(asked.jurisdiction, asked.year or 0)

    def header_actions(self) -> Sequence[QWidget]:
        """Return in a word how the year stands."""
        return (self.state,)

    def way_back(self) -> Banner | None:
        """Return what leads back here while a year is being closed."""
        asked = self.closing.asked
        if not self.is_under_way or asked is None:
            return None
        standing = self.closing.standing
        is_sealed = standing is not None and standing.seal is not None
        what = tr("%y is being amended.") if is_sealed else tr("%y is being closed.")
        what = what.replace("%y", year_name(asked.jurisdiction, asked.year or 0))
        meaning = tr("Step %n of 7, %s, is where you left it.").replace("%n", str(self._step + 1))
        meaning = meaning.replace("%s", tr(PAGES[self._step].title))
        action = tr("Back to amending %y") if is_sealed else tr("Back to closing %y")
        action = action.replace("%y", words.year(JURISDICTIONS[asked.jurisdiction], asked.year))
        return Banner(Severity.INFO, what, meaning, action, self.resume, "stamp")

    def resume(self) -> None:
        """Go on where it was left."""
        self.shell.go(self.place)

    def activate(self, detail: str = "") -> None:
        """Go on, or begin with the year that `detail` names."""
        self._is_shown = self.is_under_way = True
        self.closing.listen()
        country, _, rest = detail.partition("/")
        year, _, step = rest.partition("/")
        wanted, _, within = (step if country in JURISDICTIONS else detail).partition("/")
        if wanted in WORDS:
            self._lead_to(WORDS.index(wanted), within)
        if country in JURISDICTIONS and year.isdecimal():
            self._begin(country, int(year), self._step if wanted in WORDS else 0)
        elif self.closing.asked is None:
            self.stage.show_loading()
            self.shell.run(self._find_year(), what=tr("Reading the books"))
        else:
            self._show()
            if wanted in WORDS and not self._is_in_rail():
                self._take_focus()

    def _lead_to(self, index: int, within: str = "") -> None:
        """Show a step next, and what is to be chosen in it."""
        if index != self._step or within:
            self.shell.inspect(None)
            self._quit_page()
        self._put(index)
        self._within = within

    def deactivate(self) -> None:
        """Let the step rest; what is computed goes on."""
        self._quit_page()
        self._is_shown = False
        self.closing.rest()

    def scope_changed(self) -> None:
        """A year is closed as a whole, whatever accounts and period are chosen above."""

    def masking_changed(self) -> None:
        """Write every figure anew."""
        for page in self._made.values():
            page.redraw()
        self._show()

    def main_part(self) -> QWidget:
        """Return what the keyboard acts on in the step that is shown."""
        page = self.page
        return page.main_part() if page is not None and self.stage.state == "table" else self.stage

    def filter_field(self) -> QWidget | None:
        """Return the filter of the step."""
        page = self.page
        return None if page is None else page.filter_field()

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return what the step shows, raw."""
        page = self.page
        return page.export_rows() if page is not None and self.stage.state == "table" else None

    # which year ----------------------------------------------------------------------------------------------------
    async def _find_year(self) -> None:
        """Begin with the newest year that is over, of the country that was chosen last."""
        workspace = self.shell.workspace
        country = await workspace.tax.country()
        year = profile(country).calendar.year_of(workspace.runtime.clock.now_ns()) - 1
        if self.closing.asked is None:
            self._begin(country, year, self._step)

    def _begin(self, country: str, year: int, step: int = 0) -> None:
        before = self.closing.asked
        if before is None or (before.jurisdiction, before.year) != (country, year):
            self.steps.start()
            self._put(step)
            self.stage.show_loading()
        self.shell.run(self._ask(country, year), what=tr("Reading the seals"))

    async def _ask(self, country: str, year: int) -> None:
        """Ask as the year was sealed before, else as law and standing orders say."""
        versions = await self.shell.workspace.seals.versions(year, country)
        self.closing.ask(question_of(versions[-1]) if versions else Asked(country, year=year))
        self.header_changed.emit()
        self._show()

    # steps ---------------------------------------------------------------------------------------------------------
    @property
    def page(self) -> Page | None:
        """Return the step that is shown; None before it was made."""
        return self._made.get(self._step)

    @property
    def step(self) -> str:
        """Return the word of the step that is shown."""
        return WORDS[self._step]

    async def _make(self, index: int) -> None:
        made = PAGES[index](self.shell)
        # Put in its place while there is nothing in it: what is in it would be styled anew.
        self._pages.addWidget(made)
        for _ in made.pieces():
            await asyncio.sleep(0)
        self._made[index] = made
        made.step_wanted.connect(self._go_to)
        if isinstance(made, SealPage):
            made.began.connect(self._hold)
            made.ended.connect(self._let_go)
            made.sealed.connect(self._sealed)

    async def _make_page(self) -> None:
        """Make the step that is shown, and fill it in the turn after: both together would hold the window up."""
        is_by_rail = self._is_in_rail()
        await asyncio.sleep(0)
        if self.page is None:
            await self._make(self._step)
        self._is_making = False
        await asyncio.sleep(0)
        self._show()
        if self._is_shown and not is_by_rail:
            self._take_focus()

    def _is_in_rail(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and self.steps.isAncestorOf(focused)

    @Slot(int)
    def show_step(self, index: int) -> None:
        """Show a step, with the keyboard in it."""
        if index == self._step:
            return
        is_by_rail = self._is_in_rail()
        self._lead_to(index)
        self._show()
        if not is_by_rail:
            self._take_focus()

    def _quit_page(self) -> None:
        if self._entered is not None:
            self._entered.hidden()
            self._entered = None

    def _take_focus(self) -> None:
        """Give the keyboard to what the step is about, or to what stands in its place."""
        part: QWidget | None = self.main_part()
        while part is not None and part is not self and not part.isVisible():
            part = part.parentWidget()
        (part or self).setFocus(Qt.FocusReason.OtherFocusReason)

    def _put(self, index: int) -> None:
        self._step = index
        self._pages.setCurrentWidget(self._made.get(index, self._blank))

    @Slot(str)
    def _go_to(self, word: str) -> None:
        self.show_step(WORDS.index(word))

    @Slot()
    def go_on(self) -> None:
        """Show the next step; the last one is left by sealing."""
        if self._step < len(PAGES) - 1:
            self.show_step(self._step + 1)

    @Slot()
    def go_back(self) -> None:
        """Show the step before."""
        if self._step:
            self.show_step(self._step - 1)

    @Slot()
    def end(self) -> None:
        """Leave; what was decided stays decided."""
        self.is_under_way = False
        self.shell.go("tax")

    # what is known -------------------------------------------------------------------------------------------------
    @Slot()
    def _show(self) -> None:
        if not self._is_shown:
            return
        closing = self.closing
        standing, asked = closing.standing, closing.asked
        kind = PAGES[self._step]
        self.head.setText(tr(kind.title))
        self.lead.setText(tr(kind.lead))
        self._fit()
        self.foot.show_job(closing.job, is_stale=closing.is_stale)
        following = PAGES[self._step + 1 : self._step + 2]
        self.foot.show_step(is_first=not self._step, following=tr(following[0].title) if following else "")
        self.steps.show_step(self._step, {} if standing is None else results(standing))
        self.state.show_state(*_state(closing))
        if closing.fault is not None:
            again = w.button(tr("Compute again"), "primary", "rotate-cw")
            again.clicked.connect(closing.compute)
            self.stage.show_fault(tr("This year was not computed."), closing.fault, again)
        elif standing is not None and asked is not None:
            self._show_page()
        elif closing.job is None and asked is not None:
            again = w.button(tr("Compute"), "primary", "calculator")
            again.clicked.connect(closing.compute)
            told = tr("The computation was stopped; your books are as they were.")
            self.stage.show_empty(tr("Not computed."), told, again)
        elif self.stage.state != "loading":
            self.stage.show_loading()

    def _show_page(self) -> None:
        standing, asked = self.closing.standing, self.closing.asked
        if standing is None or asked is None:
            return
        page = self.page
        if page is None:
            if not self._is_making:
                self._is_making = True
                self.shell.run(self._make_page(), what=tr("Opening the step"))
            return
        page.be_stale(is_stale=self.closing.is_stale)
        page.take(standing, asked)
        self._pages.setCurrentWidget(page)
        had_focus = self.stage.hasFocus()
        self.stage.show_table()
        if self._entered is not page:
            self._entered = page
            page.within, self._within = self._within, ""
            page.shown()
        if had_focus:
            self._take_focus()

    def _fit(self) -> None:
        """Leave the head out where a step needs the whole height of a small window: the rail names the step too."""
        self.top.setVisible(not PAGES[self._step].is_tall or self.height() >= theme.px(_ROOMY))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit."""
        super().resizeEvent(event)
        self._fit()

    @Slot()
    def _hold(self) -> None:
        self.closing.is_sealing = True

    @Slot()
    def _let_go(self) -> None:
        self.closing.is_sealing = False

    @Slot(object)
    def _sealed(self, versions: tuple[PeriodSeal, ...]) -> None:
        self.is_under_way = False
        self.closing.take_seal(versions)
        self.header_changed.emit()


def _state(closing: Closing) -> tuple[str, str]:
    """Return in a word how the year stands, with its tone."""
    standing = closing.standing
    if standing is None:
        return (tr("computing"), "text_3") if closing.job is not None else (tr("open"), "text_3")
    if closing.is_stale:
        return tr("stale"), "warn"
    if standing.seal is not None:
        return tr("sealed"), "ok"
    if standing.refused:
        return tr("not over"), "warn"
    return (tr("blocked"), "danger") if standing.blocking else (tr("ready to seal"), "ok")
