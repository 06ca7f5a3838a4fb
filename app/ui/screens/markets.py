"""Markets: watchlists with live marks that say where they come from, and the chart of the chosen one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import ClassVar

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.errors import CounterfoilError
from app.core.findings import Severity
from app.core.model.assets import Asset
from app.services.events import AlertsChanged, MarksChanged, RecordsAppended
from app.ui import format as fmt
from app.ui import theme
from app.ui.models.live import LiveModel
from app.ui.screens import markets_rows as rows
from app.ui.screens.base import Banner, Screen, Shell
from app.ui.screens.markets_bar import NEW, ListBar
from app.ui.screens.markets_chart import MarketChart
from app.ui.screens.markets_desk import ChartDesk
from app.ui.screens.markets_keeper import ListKeeper
from app.ui.screens.markets_panel import MarkPanel
from app.ui.widgets import basics as w
from app.ui.widgets.parted import Parted
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_layout import TableLook
from app.ui.widgets.tables_states import Stage
from app.ui.words import tr

TICK = 100
"""Milliseconds in which what is told of one asset is gathered; the table follows the marks as they are told."""
BEAT = 1_000
"""Milliseconds between two sorts of the table; ages grow by as much."""
_WEEK = 8
_KEYS = {Qt.Key.Key_M: ("1m", "5m", "15m"), Qt.Key.Key_H: ("1h", "4h"), Qt.Key.Key_D: ("1d", "1w")}
"""Lengths of candles by key; pressed again, a key takes the next of its own."""
_SIDE = 0.48


class MarketsScreen(Screen):
    """Table at the left, chart at the right."""

    place: ClassVar[str] = "markets"
    title: ClassVar[str] = "Markets"
    icon: ClassVar[str] = "chart-candlestick"

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is read yet."""
        super().__init__(shell)
        self._assets: dict[str, Asset] = {}
        self._weeks: dict[str, tuple[Decimal, ...]] = {}
        self._courses: dict[str, tuple[Decimal, ...]] = {}
        self._wanted = ""
        self._question = 0
        self._quit: list[Callable[[], None]] = []
        self.panel: MarkPanel | None = None
        self._tick = QTimer(self, singleShot=True, interval=TICK)
        self._tick.timeout.connect(self.follow_asset)
        self._beat = QTimer(self, interval=BEAT)
        self._beat.timeout.connect(self.beat)

    def pieces(self) -> Iterator[None]:
        """Make the table, the lists above it, and the chart."""
        self.model = LiveModel(rows.columns(), rows.name, search=rows.search_text)
        look = TableLook(settings=self.shell.workspace.runtime.settings_folder)
        self.table = Table(self.model, "markets", tr("Markets"), look)
        self.model.watch(self.table.seen_rows)
        yield
        self.bar = ListBar()
        self.stage = Stage(self.table)
        left = w.frame("panel", self.bar, w.hline(), (self.stage, 1), spacing=0, margins=(1, 1, 1, 1))
        left.setMinimumWidth(theme.px(250))
        yield
        self.chart = MarketChart()
        self.chart.setMinimumWidth(theme.px(280))
        yield
        self.desk, self.keeper = ChartDesk(self.shell, self.chart, self), ListKeeper(self.shell, self.bar, self)
        self._connect()
        w.fill(QVBoxLayout(self), [Parted(left, self.chart, _SIDE)], 0, (16, 12, 16, 14))

    def _connect(self) -> None:
        self.table.chosen.connect(self._chosen)
        self.table.opened.connect(self._opened)
        self.table.previewed.connect(self._previewed)
        self.table.copied.connect(self._copied)
        self.chart.entry_picked.connect(self._entry_picked)
        self.keeper.changed.connect(self._lists_changed)
        self.bar.asset_removed.connect(self._asset_removed)
        self.bar.filtered.connect(self._filtered)

    # the window asks -----------------------------------------------------------------------------------------------
    def note(self) -> str:
        """Return how many markets are watched."""
        return fmt.counted(len(self._assets), tr("%s market"), tr("%s markets")) if self._assets else ""

    def main_part(self) -> QWidget:
        """Return the table."""
        return self.table

    def filter_field(self) -> QWidget:
        """Return the filter."""
        return self.bar.filter

    def activate(self, detail: str = "") -> None:
        """Listen and load; `detail` is the asset to look at."""
        self._wanted = detail
        if not self._quit:
            events = self.shell.workspace.events
            self._quit = [
                events.subscribe(MarksChanged, self._marks_moved),
                events.subscribe(RecordsAppended, self._books_moved),
                events.subscribe(AlertsChanged, self._alerts_moved),
            ]
        if self.model.is_empty():
            self.stage.show_loading()
        self._beat.start()
        self._load()
        self.desk.load()

    def deactivate(self) -> None:
        """Listen no more, and stop every timer."""
        self._question += 1
        for stop in self._quit:
            stop()
        self._quit = []
        self._tick.stop()
        self._beat.stop()
        self.desk.rest()
        self.panel = None

    def scope_changed(self) -> None:
        """What is held in other accounts is another list, with other fills."""
        self._load()
        self.desk.load()

    def prices_came(self) -> None:
        """Show what was read, with the closes that came."""
        self._load()

    def masking_changed(self) -> None:
        """Write every figure anew."""
        self.model.redraw()
        self.chart.redraw()
        self._show_panel(redraw=True)
        self.header_changed.emit()

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return the rows that are seen, raw."""
        return None if self.model.is_empty() else self.table.seen()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer t, the lengths of candles (m, h, d), and Delete on an own list."""
        key = Qt.Key(event.key())
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().keyPressEvent(event)
        elif key in _KEYS:
            lengths, current = _KEYS[key], self.chart.interval.current
            now = lengths.index(current) if current in lengths else -1
            self.chart.interval.choose(lengths[(now + 1) % len(lengths)])
            self.desk.load()
        elif key == Qt.Key.Key_Delete and self.table.hasFocus():
            self._asset_removed()
        elif not self.chart.press(key):
            super().keyPressEvent(event)

    # reading -------------------------------------------------------------------------------------------------------
    def _books_moved(self, _event: RecordsAppended) -> None:
        self._load()

    def _alerts_moved(self, _event: AlertsChanged) -> None:
        self.shell.run(self.desk.show_lines(), what=tr("Reading alerts"))

    @Slot()
    def _load(self) -> None:
        self._question += 1
        self.shell.run(self._read(self._question), what=tr("Reading markets"))

    async def _read(self, question: int) -> None:
        workspace = self.shell.workspace
        try:
            await self.keeper.read()
            found = await workspace.portfolio.positions(self.shell.scope)
            held = {row.asset.asset_id: row.asset for row in found.positions}
            weeks = {row.asset.asset_id: row.sparkline for row in found.positions}
            shown = self.keeper.lists.shown
            if shown is not None:
                assets = {key: workspace.runtime.assets.asset(key) for key in shown.assets}
                for key in (key for key in assets if key not in weeks):
                    weeks[key] = tuple(close for _, close in (await workspace.portfolio.closes(key))[-_WEEK:])
            else:
                assets = {key: asset for key, asset in held.items() if key != workspace.book.base_currency}
        except CounterfoilError as fault:
            if question == self._question:
                self.stage.show_fault(tr("The markets could not be read."), fault)
            return
        if question == self._question:
            self._show(assets, weeks)

    def _show(self, assets: dict[str, Asset], weeks: dict[str, tuple[Decimal, ...]]) -> None:
        is_other = assets.keys() != self._assets.keys()
        self._assets, self._weeks = assets, weeks
        self._draw_courses(assets)
        self.model.show(rows.branches(self._rows(assets)), fresh=is_other)
        self.header_changed.emit()
        if not assets:
            self._show_none()
            return
        self.stage.show_table()
        key = self._wanted or self.table.current_key()
        self._wanted = ""
        if not (key and self.table.choose(key)):
            self.table.choose(self.model.line(0).key if self.model.rowCount() else "")
        if key and key not in assets and self.desk.asset is None:
            self.desk.show_asset(self.shell.workspace.runtime.assets.asset(key))

    def _show_none(self) -> None:
        if self.keeper.lists.shown is not None:
            self.stage.show_empty(tr("This list is empty."), tr("Type a symbol above and press Enter: BTC."))
            return
        connect = w.button(tr("Show connections"), "primary", "plug")
        connect.clicked.connect(self._go_connections)
        new = w.button(tr("New list"), "", "list-plus")
        new.clicked.connect(self._new_list)
        help_ = tr("Connect a source, or watch markets in a list of your own.")
        self.stage.show_empty(tr("Nothing is held yet."), help_, connect, new)
        self.chart.say(tr("No market is chosen."), "")

    # live ----------------------------------------------------------------------------------------------------------
    def _rows(self, keys: Iterable[str]) -> list[rows.MarketRow]:
        """Return rows of what is known now."""
        workspace, wanted = self.shell.workspace, [key for key in keys if key in self._assets]
        board = workspace.market_data.board
        found = rows.Board(
            workspace.market_data.marks(), rows.spreads(board.newest().values(), wanted), board.disputed,
            workspace.book.base_currency, workspace.runtime.clock.now_ns(),
        )  # fmt: skip
        return [rows.row_of(self._assets[key], found, self._courses.get(key, ())) for key in wanted]

    def _draw_courses(self, keys: Iterable[str]) -> None:
        """Let courses end in the marks of now; each second, since no tick can be told apart in them."""
        marks = self.shell.workspace.market_data.marks()
        self._courses |= {key: rows.course(self._weeks.get(key, ()), marks.get(key)) for key in keys}

    def _renew(self, keys: Iterable[str]) -> None:
        self.model.move({row.asset.asset_id: row for row in self._rows(keys)})

    def _marks_moved(self, event: MarksChanged) -> None:
        # Rows keep their place until they are sorted.
        self._renew(event.asset_ids & self._assets.keys())
        asset = self.desk.asset
        if asset is not None and asset.asset_id in event.asset_ids and not self._tick.isActive():
            self._tick.start()

    @Slot()
    def follow_asset(self) -> None:
        """Show the newest mark of the asset that is looked at."""
        self.desk.show_last()
        self._show_panel()

    @Slot()
    def beat(self) -> None:
        """Let ages grow where they are seen, sort what has moved, and tell of venues that are silent."""
        first, last = self.table.seen_rows()
        seen = [self.model.line(number).key for number in range(first, last + 1)]
        self._draw_courses(seen)
        self._renew(seen)
        self.model.settle()
        self.desk.beat()
        self._show_panel()
        self._tell_silence()

    def _tell_silence(self) -> None:
        silent = [one for one in self.shell.workspace.market_data.findings() if one.code == "prices-unreachable"]
        if not silent:
            self.shell.banner(None)
            return
        first = silent[0]
        what = first.message if len(silent) == 1 else tr("Prices of %s sources cannot be read.").replace(
            "%s", fmt.count(len(silent)))  # fmt: skip
        meaning = tr("Marks that are there stay, with their age.")
        self.shell.banner(Banner(Severity.WARNING, what, f"{first.detail} {meaning}", tr("Show connections"),
                                 self._go_connections))  # fmt: skip

    # hands ---------------------------------------------------------------------------------------------------------
    @Slot()
    def _go_connections(self) -> None:
        self.shell.go("connections")

    @Slot()
    def _new_list(self) -> None:
        self.bar.ask_name(NEW)

    @Slot(str)
    def _chosen(self, key: str) -> None:
        if key in self._assets:
            self.desk.show_asset(self._assets[key])
            self._show_panel()

    @Slot(str)
    def _opened(self, _key: str) -> None:
        if self.chart.plot is not None and self.chart.plot.isVisible():
            self.chart.plot.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(str)
    def _previewed(self, key: str) -> None:
        if self.panel is not None and self.panel.key == key:
            self._close_panel()
            return
        if self.panel is None:
            self.panel = MarkPanel()
            self.panel.closed.connect(self._close_panel)
            self.shell.inspect(self.panel)
        self._show_panel()

    @Slot()
    def _close_panel(self) -> None:
        self.panel = None
        self.shell.inspect(None)

    def _show_panel(self, *, redraw: bool = False) -> None:
        number = self.model.number(self.table.current_key())
        if self.panel is not None and number is not None:
            row = self.model.line(number).row
            self.panel.show_row(row, self.shell.workspace.market_data.board.refused, redraw=redraw)

    @Slot(str)
    def _entry_picked(self, entry: str) -> None:
        self.shell.go(f"activity/{entry}")

    @Slot(int)
    def _copied(self, count: int) -> None:
        self.shell.toast(fmt.counted(count, tr("%s row copied."), tr("%s rows copied.")))

    @Slot(str)
    def _filtered(self, text: str) -> None:
        self.model.set_filter(text)
        # What was filtered away heard of no mark meanwhile.
        self._renew(self._assets)

    @Slot(str)
    def _lists_changed(self, asset: str) -> None:
        """Show the lists as they are now, and an asset that came onto one."""
        self._wanted = asset
        self._load()

    @Slot()
    def _asset_removed(self) -> None:
        key = self.table.current_key()
        if key:
            self.keeper.take_off(self._assets[key])
