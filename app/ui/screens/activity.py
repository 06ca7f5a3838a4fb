"""The activity: every entry by day, filtered in words, fetched a page at a time as the person scrolls."""

from __future__ import annotations

from time import perf_counter

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.model.views import ActivityFilter, ActivityPage, EntryView
from app.ui import format as fmt
from app.ui import theme
from app.ui.models.table import TableModel
from app.ui.screens import activity_rows as rows
from app.ui.screens.activity_filters import Choice, FilterBar
from app.ui.screens.base import Shell
from app.ui.widgets import basics as w
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_layout import TableLook
from app.ui.widgets.tables_states import Stage, offer_clearing, tool_bar
from app.ui.words import tr

PAGE = 200
MOST = 2_000
"""Entries of a page that nobody waits to see."""
TYPING = 150
"""Milliseconds without a key after which a text is asked for."""
REFRESH = 1_000
"""Milliseconds between two readings while the books grow."""


class Activity(QWidget):
    """Filters, entries and their count.

    Signals:
        counted: How many entries there are in scope, without any filter.
    """

    counted = Signal(int)

    def __init__(self, shell: Shell) -> None:
        """Take the window."""
        super().__init__()
        self._shell = shell
        self._entries: dict[str, EntryView] = {}
        self._total: int | None = None
        self._all: int | None = None
        self._took_ms = 0
        self._question = 0
        self._answered: ActivityFilter | None = None
        self._is_reading = False
        self.wanted = ""
        self.model = TableModel(rows.columns(), rows.row_name)
        self.model.comes_sorted(self.model.column_number("time"), descending=True)
        look = TableLook(settings=shell.workspace.runtime.settings_folder)
        self.table = Table(self.model, "activity", tr("Activity"), look)
        self.table.near_end.connect(self._read_on)
        self.stage = Stage(self.table)
        self._make_bar()
        w.fill(QVBoxLayout(self), [self.bar, w.hline(), (self.stage, 1)], 0)
        self._typed = QTimer(self, singleShot=True, interval=TYPING)
        self._typed.timeout.connect(self._take_text)
        self._later = QTimer(self, singleShot=True, interval=REFRESH)
        self._later.timeout.connect(self._refresh)

    def _make_bar(self) -> None:
        self.filter = w.field("", tr("Text, hash, address"), icon="search", name=tr("Filter entries"))
        self.filter.setFixedWidth(theme.px(210))
        offer_clearing(self.filter)
        self.filter.textChanged.connect(self._typing)
        self.chips = FilterBar(self._shell.workspace.runtime.clock.now_ns())
        self.chips.changed.connect(self.read)
        self.count = w.text("", "caption", "text_3")
        self.columns = w.icon_button("columns-3", tr("Show and hide columns"))
        self.columns.clicked.connect(self._ask_columns)
        self.bar = tool_bar(self.filter, (self.chips, 1), self.count, self.columns)

    # what is shown -------------------------------------------------------------------------------------------------
    def entry(self, entry_id: str) -> EntryView | None:
        """Return a loaded entry."""
        return self._entries.get(entry_id)

    @property
    def total(self) -> int | None:
        """Return how many entries match; None before the first answer."""
        return self._total

    @property
    def loaded(self) -> int:
        """Return how many entries are here."""
        return len(self._entries)

    def asked(self) -> ActivityFilter:
        """Return what is asked for."""
        return self.chips.choice.asked(self._shell.scope, self._shell.workspace.runtime.clock.now_ns())

    def show_asset(self, asset_id: str) -> None:
        """Show the entries of one asset, and nothing else is filtered."""
        self._show_only(Choice(assets=(asset_id,)))

    def show_account(self, account_id: str) -> None:
        """Show the entries of one account, and nothing else is filtered."""
        self._show_only(Choice(accounts=(account_id,)))

    def _show_only(self, choice: Choice) -> None:
        self.filter.blockSignals(True)  # noqa: FBT003
        self.filter.clear()
        self.filter.blockSignals(False)  # noqa: FBT003
        self.chips.set_choice(choice)

    def redraw(self) -> None:
        """Write every figure anew, because more or less is hidden."""
        self._show(fresh=False)
        self.model.redraw()

    # reading -------------------------------------------------------------------------------------------------------
    @Slot()
    def read(self) -> None:
        """Ask anew, from the first page on."""
        self._question += 1
        self._is_reading = True
        if self.model.is_empty():
            self.stage.show_loading()
        self._shell.run(self._read_first(self._question), what=tr("Reading the entries"))

    def show_anew(self) -> None:
        """Show what is asked for, now that this is seen again: what is still right stays, scroll and selection too."""
        if self.wanted or self.model.is_empty() or self.asked() != self._answered:
            self.read()
        elif not self._is_reading:
            self._refresh()

    async def read_count(self) -> None:
        """Read how many entries there are in scope, without any filter."""
        now = self._shell.workspace.runtime.clock.now_ns()
        page = await self._shell.workspace.portfolio.activity(Choice().asked(self._shell.scope, now), 0, 1)
        self._all = page.total
        self.counted.emit(page.total)

    async def _read_first(self, question: int) -> None:
        began, asked = perf_counter(), self.asked()
        try:
            page = await self._shell.workspace.portfolio.activity(asked, 0, PAGE)
        except Exception as fault:  # noqa: BLE001
            if question == self._question:
                self._is_reading = False
                again = w.button(tr("Read again"), "primary", "rotate-cw")
                again.clicked.connect(self.read)
                self.stage.show_fault(tr("The entries could not be read."), fault, again)
            return
        if question != self._question:
            return
        self._took_ms = round((perf_counter() - began) * 1_000)
        self._is_reading = False
        self._answered = asked
        self._entries = {entry.entry_id: entry for entry in page.entries}
        self._take_count(page)
        self._show(fresh=True)
        wanted, self.wanted = self.wanted, ""
        if wanted:
            self.table.choose(wanted)

    @Slot()
    def _read_on(self) -> None:
        if self._is_reading or self._total is None or self.loaded >= self._total:
            return
        self._is_reading = True
        self._shell.run(self._read_page(self._question), what=tr("Reading more entries"))

    async def _read_page(self, question: int) -> None:
        try:
            page = await self._shell.workspace.portfolio.activity(self.asked(), self.loaded, PAGE)
        finally:
            if question == self._question:
                self._is_reading = False
        if question == self._question and page.entries:
            self._entries.update((entry.entry_id, entry) for entry in page.entries)
            self._take_count(page)
            self._show(fresh=False)

    async def everything(self) -> list[EntryView]:
        """Return every entry that matches, also those that were not scrolled to yet."""
        found: list[EntryView] = []
        while True:
            page = await self._shell.workspace.portfolio.activity(self.asked(), len(found), MOST)
            found += page.entries
            if not page.entries or len(found) >= page.total:
                return found

    def books_changed(self) -> None:
        """Read again soon what is loaded: rows come and go, selection and scroll stay."""
        if not self._later.isActive():
            self._later.start()

    @Slot()
    def _refresh(self) -> None:
        if self._is_reading:
            self._later.start()
            return
        self._question += 1
        self._is_reading = True
        self._shell.run(self._read_again(self._question, max(PAGE, self.loaded)), what=tr("Reading new entries"))

    async def _read_again(self, question: int, wanted: int) -> None:
        found: dict[str, EntryView] = {}
        page: ActivityPage | None = None
        try:
            for offset in range(0, wanted, PAGE):
                page = await self._shell.workspace.portfolio.activity(self.asked(), offset, PAGE)
                found.update((entry.entry_id, entry) for entry in page.entries)
                if question != self._question or len(page.entries) < PAGE:
                    break
        finally:
            if question == self._question:
                self._is_reading = False
        if question == self._question and page is not None:
            self._entries = found
            self._take_count(page)
            self._show(fresh=False)

    def _take_count(self, page: ActivityPage) -> None:
        self._total = page.total
        if self.chips.choice.is_empty:
            self._all = page.total
            self.counted.emit(page.total)

    def _show(self, *, fresh: bool) -> None:
        if self._total is None:
            return
        self.model.show(rows.by_day(self._entries.values(), is_whole=self.loaded >= self._total), fresh=fresh)
        words = fmt.counted(self._total, tr("%s entry"), tr("%s entries"))
        if not self.chips.choice.is_empty and self._all is not None:
            both = tr("%s of %t entries")
            words = both.replace("%s", fmt.count(self._total)).replace("%t", fmt.count(self._all))
        self.count.setText(f"{words} · {self._took_ms}{fmt.THIN}ms")
        if self._total:
            self.stage.show_table()
        elif self.chips.choice.is_empty:
            self.stage.show_empty(
                tr("No entry in this period."), tr("The period and the accounts are chosen at the top.")
            )
        else:
            clear = w.button(tr("Clear filters"), "primary", "x")
            clear.clicked.connect(self.clear)
            self.stage.show_empty(tr("No entry fits these filters."), tr("Take one away to see more."), clear)

    # hands ---------------------------------------------------------------------------------------------------------
    @Slot(str)
    def _typing(self, _text: str) -> None:
        self._typed.start()

    @Slot()
    def _take_text(self) -> None:
        choice = self.chips.choice
        changed = Choice(choice.kinds, choice.accounts, choice.assets, choice.period, self.filter.text().strip())
        self.chips.set_choice(changed)

    @Slot()
    def clear(self) -> None:
        """Take every filter away."""
        self.filter.clear()
        self.chips.set_choice(Choice())

    @Slot()
    def _ask_columns(self) -> None:
        self.table.column_menu().popup(self.columns.mapToGlobal(self.columns.rect().bottomLeft()))

    def rest(self) -> None:
        """Stop all timers: the screen is hidden."""
        self._later.stop()
        self._typed.stop()
