"""Overview: what is it worth, what changed, what needs me."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.core.clock import DAY
from app.core.model.views import ActivityFilter, EquityCurve, Overview, Positions
from app.core.valuation import positions as valuation
from app.services.events import ClosedYearsCompared, ConnectionsChanged, MarksChanged, RecordsAppended
from app.ui import format as fmt
from app.ui import theme
from app.ui.screens import overview_reading
from app.ui.screens.base import Shell
from app.ui.screens.overview_board import Board
from app.ui.screens.overview_explained import explained
from app.ui.screens.overview_risk import RiskTile
from app.ui.screens.overview_seen import Files, seen, shown
from app.ui.screens.overview_states import EmptyPage, fault_notice, skeleton
from app.ui.screens.overview_tabs import OverviewPlace
from app.ui.widgets import basics as ui
from app.ui.widgets.tables_states import message
from app.ui.words import tr

FRAME = 100
"""Milliseconds between two paintings of moving figures."""
CHART_FRAME = 400
"""Milliseconds between two drawings of the chart's newest point."""
RELOAD = 1_000
"""Milliseconds in which changes of the books are gathered before they are read."""
RETURNS = 60_000
"""Milliseconds after which returns are computed anew while prices move."""


class OverviewScreen(OverviewPlace):
    """What it is worth, what changed, what needs me."""

    place: ClassVar[str] = "overview"
    title: ClassVar[str] = "Overview"
    icon: ClassVar[str] = "layout-dashboard"

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is loaded yet."""
        super().__init__(shell)
        self.overview: Overview | None = None
        self._positions: Positions | None = None
        self._venues: dict[str, tuple[str, str]] = {}
        self._sources: set[str] = set()
        self._is_empty = self._is_partial = self._is_reading = False
        self._question, self._range_question = 0, 0
        self._range = shell.scope.period
        self._quit: list[Callable[[], None]] = []
        self.board = Board(self._range)
        self._risk = RiskTile(shell, self.board.risk, self)
        self._scroll = ui.scroll(self.board, tr("Overview"))
        self._bars, self._other = skeleton(), QWidget()
        self.pages = QStackedWidget()
        for page in (QWidget(), self._scroll, self._bars, self._other):
            self.pages.addWidget(page)
        ui.fill(QVBoxLayout(self), [(self.pages, 1)], 0)
        self._read = ui.text("", "caption", "text_3")
        self._refresh = ui.button(tr("Refresh"), "", "refresh-cw")
        self._export = ui.button(tr("Export"), "", "download")
        self._files = Files(shell, self)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._make_timers()
        self._connect()

    def _make_timers(self) -> None:
        self._frame = QTimer(self, singleShot=True, interval=FRAME)
        self._chart_frame = QTimer(self, singleShot=True, interval=CHART_FRAME)
        self._bars_later = QTimer(self, singleShot=True, interval=theme.motion("skeleton_delay"))
        self._reload = QTimer(self, singleShot=True, interval=RELOAD)
        self._returns = QTimer(self, singleShot=True, interval=RETURNS)
        self._second = QTimer(self, interval=1_000)
        self._frame.timeout.connect(self._revalue)
        self._chart_frame.timeout.connect(self._move_chart)
        self._bars_later.timeout.connect(self._show_bars)
        self._reload.timeout.connect(self.load)
        self._returns.timeout.connect(self.load)
        self._second.timeout.connect(self._tick)

    def _connect(self) -> None:
        board = self.board
        board.figures.asked.connect(self._explain)
        board.chart.range_asked.connect(self._choose_range)
        board.chart.picked.connect(self._open_day)
        board.chart.file_asked.connect(self._save_chart)
        board.allocation.opened.connect(self._open_position)
        board.movers.opened.connect(self._open_entries)
        board.held.opened.connect(self._open_held)
        board.attention.opened.connect(self.shell.go)
        self._refresh.clicked.connect(self._read_sources)
        self._export.clicked.connect(self._export_seen)

    # the window asks ---
    def header_actions(self) -> Sequence[QWidget]:
        """Return when it was read, Refresh and Export."""
        return () if self._is_empty else (self._read, self._refresh, self._export)

    def _set_empty(self, *, is_empty: bool) -> None:
        if is_empty != self._is_empty:
            self._is_empty = is_empty
            self.header_changed.emit()

    def activate(self, detail: str = "") -> None:  # noqa: ARG002 - the Overview has no details
        """Subscribe and load."""
        events = self.shell.workspace.events
        if not self._quit:
            self._quit = [
                events.subscribe(MarksChanged, self._marks_changed),
                events.subscribe(RecordsAppended, self._books_changed),
                events.subscribe(ConnectionsChanged, self._books_changed),
                events.subscribe(ClosedYearsCompared, self._books_changed),
            ]
        self._second.start()
        self.load()

    def deactivate(self) -> None:
        """Unsubscribe: a hidden screen costs nothing."""
        for quit_ in self._quit:
            quit_()
        self._quit = []
        self._risk.rest()
        for timer in (self._frame, self._chart_frame, self._bars_later, self._reload, self._returns, self._second):
            timer.stop()

    def scope_changed(self) -> None:
        """Load anew for other accounts or another period."""
        self._range = self.shell.scope.period
        self.board.chart.ranges.choose(self._range)
        self.load()

    def prices_came(self) -> None:
        """Draw the curve with the closes that are there now, and take back what was said of missing prices."""
        self.load()

    def masking_changed(self) -> None:
        """Write every figure anew."""
        board = self.board
        for target in (board.allocation.list, board.movers.list, board.held.list):
            target.measure_anew()
        board.attention.redraw()
        board.chart.redraw()
        if self.overview is not None:
            self._show(self.overview, self._positions or self.overview.positions)

    # reading ---
    @property
    def _now(self) -> int:
        return self.shell.workspace.runtime.clock.now_ns()

    def load(self) -> None:
        """Read everything anew; figures that are there stay until the new ones come."""
        self._question += 1
        self._reload.stop()
        self._bars_later.start()
        self.shell.run(self._load(self._question), what=tr("Reading the overview"))

    async def _load(self, question: int) -> None:
        workspace, scope = self.shell.workspace, overview_reading.ranged(self.shell.scope, self._range, self._now)
        try:
            overview, accounts, connections = await asyncio.gather(
                workspace.portfolio.overview(scope), workspace.portfolio.accounts(), workspace.connections.all()
            )
        except Exception as fault:  # noqa: BLE001 - shown in place of the figures, with its details
            if question == self._question:
                self._show_fault(fault)
            return
        if question != self._question:
            return
        self._bars_later.stop()
        self._sources = {row.connection.name for row in connections}
        names = {info.venue_id: info.name for info in workspace.connections.venues()}
        self._venues = {one.account_id: (one.venue, names.get(one.venue, one.venue)) for one in accounts}
        self._is_partial = overview_reading.is_partial(connections)
        self._is_reading = overview_reading.is_reading(connections)
        self.overview = overview = overview_reading.held_back(overview) if self._is_partial else overview
        self.board.figures.set_dimmed(is_dimmed=False)
        if not overview.positions.positions:
            self._show_empty(has_source=bool(connections))
            return
        self._set_empty(is_empty=False)
        self._show(overview, overview.positions)
        self.pages.setCurrentWidget(self._scroll)
        # The chart is drawn in a turn of its own.
        await asyncio.sleep(0)
        if question == self._question:
            self._show_curve(overview.curve)
            self._risk.ask(overview.positions)

    def _show_curve(self, curve: EquityCurve) -> None:
        if self._is_partial:
            read = ui.button(tr("Read all sources"), "primary", "refresh-cw")
            read.clicked.connect(self._read_sources)
            self.board.chart.show_notice(overview_reading.notice(*([] if self._is_reading else [read])))
        else:
            self.board.show_curve(curve)

    def _show(self, overview: Overview, found: Positions) -> None:
        self._positions = found
        self.board.show_overview(overview, self._now)
        self._show_moved(found)
        self._tick()

    def _show_moved(self, found: Positions) -> None:
        self.board.show_positions(found, self._now)
        by_venue = valuation.shares(found, "venue", self._venues)
        self.board.show_shares(by_venue, valuation.shares(found, "kind"))

    @Slot()
    def _show_bars(self) -> None:
        """After a moment without an answer: bars, or the old figures in grey."""
        if self.overview is None:
            self.pages.setCurrentWidget(self._bars)
        elif self._positions is not None:
            self.board.figures.set_dimmed(is_dimmed=True)
            self._show(self.overview, self._positions)

    def _put(self, other: QWidget) -> None:
        self._bars_later.stop()
        self.pages.removeWidget(self._other)
        self._other.deleteLater()
        self._other = other
        self.pages.addWidget(other)
        self.pages.setCurrentWidget(other)

    def _show_empty(self, *, has_source: bool) -> None:
        self._positions = None
        self._set_empty(is_empty=not has_source)
        if not has_source:
            page = EmptyPage([info.name for info in self.shell.workspace.connections.venues()])
            page.chosen.connect(self.shell.go)
            self._put(page)
            return
        connections = ui.button(tr("Show connections"), "primary", "plug")
        connections.clicked.connect(partial(self._go, "connections"))
        sentence = tr("Nothing is held in this scope.")
        self._put(message(sentence, tr("Values appear here as entries are read."), buttons=[connections]))

    def _show_fault(self, fault: BaseException) -> None:
        again = ui.button(tr("Read again"), "primary", "refresh-cw")
        again.clicked.connect(self.load)
        notice = fault_notice(tr("The overview could not be read."), fault, again)
        if self.overview is None or not self.overview.positions.positions:
            self._put(notice)
            return
        self._bars_later.stop()
        self.board.figures.set_dimmed(is_dimmed=True)
        self._show(self.overview, self._positions or self.overview.positions)
        self.board.chart.show_notice(notice)

    # live ---
    def _marks_changed(self, _event: MarksChanged) -> None:
        if not self._frame.isActive():
            self._frame.start()
        if not self._returns.isActive():
            self._returns.start()

    def _books_changed(self, _event: object) -> None:
        if not self._reload.isActive():
            self._reload.start()

    @Slot()
    def _revalue(self) -> None:
        """Show the same quantities at the newest marks; reads nothing."""
        if self._positions is None or self.overview is None:
            return
        self._positions = self.shell.workspace.portfolio.revalued(self._positions)
        self._show_moved(self._positions)
        if not self._chart_frame.isActive():
            self._chart_frame.start()

    @Slot()
    def _move_chart(self) -> None:
        if self._positions is not None:
            self.board.chart.show_last(self._positions.value)

    @Slot()
    def _tick(self) -> None:
        """Let ages grow."""
        if self._positions is None:
            return
        self._read.setText(tr("Read %s UTC").replace("%s", fmt.time(self._positions.as_of_ns)))
        ages = self.board.ages(self._positions, self._now)
        ui.set_tone(self._read, "warn" if ages.is_stale else "text_3")
        self._risk.show()

    # the chart ---
    @Slot(str)
    def _choose_range(self, wanted: str) -> None:
        self._range = wanted
        self._range_question += 1
        self.shell.run(self._load_range(self._range_question), what=tr("Reading the value chart"))

    async def _load_range(self, question: int) -> None:
        try:
            scope = overview_reading.ranged(self.shell.scope, self._range, self._now)
            curve = (await self.shell.workspace.portfolio.overview(scope)).curve
        except Exception as fault:  # noqa: BLE001 - shown in place of the chart
            if question == self._range_question:
                again = ui.button(tr("Draw again"), "primary", "refresh-cw")
                again.clicked.connect(partial(self._again, self._range))
                self.board.chart.show_notice(fault_notice(tr("The value chart could not be drawn."), fault, again))
            return
        if question == self._range_question:
            self._show_curve(curve)

    def _again(self, wanted: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - the signal's own argument
        self._choose_range(wanted)

    @Slot(str)
    def _save_chart(self, kind: str) -> None:
        self.shell.run(self._files.save_chart(self.board.chart, kind), what=tr("Saving the chart"))

    # hands ---
    def _go(self, place: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - the signal's own argument
        self.shell.go(place)

    @Slot(str)
    def _open_position(self, asset_id: str) -> None:
        self.shell.go(f"positions/{asset_id}")

    @Slot(str)
    def _open_entries(self, asset_id: str) -> None:
        self.shell.go(f"activity/{asset_id}")

    @Slot(str, str)
    def _open_held(self, grouping: str, key: str) -> None:
        accounts = [account for account, (venue, _) in self._venues.items() if venue == key]
        is_one = grouping == "venue" and len(accounts) == 1
        self.shell.go(f"connections/{accounts[0]}" if is_one and accounts[0] in self._sources else "positions")

    @Slot(object)
    def _open_day(self, at: int) -> None:
        self.shell.run(self._entries_of_day(at), what=tr("Opening the entries of a day"))

    async def _entries_of_day(self, at: int) -> None:
        """Open the newest entry of a day among its neighbours; a day without entries says so."""
        start = at // DAY * DAY
        asked = ActivityFilter(accounts=self.shell.scope.accounts, since_ns=start, until_ns=start + DAY - 1)
        page = await self.shell.workspace.portfolio.activity(asked, 0, 1)
        if page.entries:
            self.shell.go(f"activity/{page.entries[0].entry_id}")
        else:
            self.shell.toast(tr("No entry on %s.").replace("%s", fmt.day(at)))

    @Slot(str)
    def _explain(self, kind: str) -> None:
        self.shell.run(self._explained(kind), what=tr("Explaining a figure"))

    async def _explained(self, kind: str) -> None:
        head = (await self.shell.workspace.info()).head
        if self.overview is not None and self._positions is not None:
            anchor = self.board.figures.block(kind).info
            self.shell.explain(anchor, explained(kind, self.overview, self._positions, head))

    @Slot()
    def _read_sources(self) -> None:
        self.shell.run(self._read_all(), what=tr("Reading the sources"))

    async def _read_all(self) -> None:
        workspace = self.shell.workspace
        if any(not row.connection.is_paused for row in await workspace.connections.all()):
            workspace.ingest.start()
        await workspace.market_data.refresh()
        self.load()

    @Slot()
    def _export_seen(self) -> None:
        rows = self.export_rows()
        if rows is not None:
            self.shell.run(self._files.save_rows("overview", *rows), what=tr("Exporting"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer single keys: ranges and table of the chart, numbers of the ways in."""
        if event.modifiers() == Qt.KeyboardModifier.NoModifier:
            page = self.pages.currentWidget()
            if isinstance(page, EmptyPage) and page.press(event.key()):
                return
            if page is self._scroll and self.board.chart.press(event.key()):
                return
        super().keyPressEvent(event)

    # what it shows ---
    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return every figure that is seen, raw."""
        return None if self._positions is None else seen(self.board, self._positions.currency)

    def figures(self) -> Mapping[str, str]:
        """Return the exact figures that the widgets hold."""
        return shown(self.board)
