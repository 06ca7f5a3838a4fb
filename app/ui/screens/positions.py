"""Positions: what is held, and every entry that led there, with an inspector down to the record and its hash."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import ClassVar

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QStackedLayout, QWidget
from shiboken6 import isValid

from app.services.events import MarksChanged, RecordsAppended
from app.ui import format as fmt
from app.ui.screens.activity import Activity
from app.ui.screens.base import Screen, Shell
from app.ui.screens.inspector_entry import EntryPanel
from app.ui.screens.inspector_position import PositionPanel
from app.ui.screens.positions_holdings import Holdings
from app.ui.widgets import basics as w
from app.ui.widgets.tables import Table
from app.ui.words import tr

HOLDINGS, ACTIVITY = 0, 1
ACCOUNT = "account:"
"""Begins a detail of the activity that names an account instead of an asset."""


def _tab_names() -> Sequence[str]:
    return tr("Holdings"), tr("Activity")


class _StandIn(Screen):
    """Stands in for the place while its pieces are made."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._tab = HOLDINGS

    def tabs(self) -> Sequence[str]:
        return _tab_names()

    def tab(self) -> int:
        return self._tab

    def show_tab(self, index: int) -> None:
        self._tab = index


class PositionsScreen(Screen):
    """Holdings and activity."""

    place: ClassVar[str] = "positions"
    title: ClassVar[str] = "Positions"
    icon: ClassVar[str] = "wallet"
    also: ClassVar[Mapping[str, int]] = {"activity": ACTIVITY}

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is loaded yet."""
        super().__init__(shell)
        self._counts: dict[int, int] = {}
        self._quit: list[Callable[[], None]] = []
        self._detail = ""
        self._panel: PositionPanel | EntryPanel | None = None
        self._due = QTimer(self, singleShot=True, interval=0)
        self._due.timeout.connect(self._load)
        self.inspect_button = w.icon_button("panel-right", tr("Inspector (I)"), tone="accent")
        self.inspect_button.clicked.connect(self._toggle_inspector)

    def pieces(self) -> Iterator[None]:
        """Make the holdings, then the activity: each is as large as other places."""
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self.holdings = Holdings(self.shell)
        self._pages.addWidget(self.holdings)
        yield
        self.activity = Activity(self.shell)
        self._pages.addWidget(self.activity)
        self._connect()

    def stand_in(self) -> Screen:
        """Return what has the same tabs, so that they stay where they are."""
        return _StandIn(self.shell)

    def _connect(self) -> None:
        self.holdings.counted.connect(self._assets_counted)
        self.activity.counted.connect(self._entries_counted)
        self.holdings.table.opened.connect(self._open_entries)
        self.holdings.table.previewed.connect(self._preview)
        self.holdings.table.chosen.connect(self._follow)
        self.activity.table.opened.connect(self._preview)
        self.activity.table.previewed.connect(self._preview)
        self.activity.table.chosen.connect(self._follow)
        for table in (self.holdings.table, self.activity.table):
            table.copied.connect(self._copied)

    # the window asks -----------------------------------------------------------------------------------------------
    def tabs(self) -> Sequence[str]:
        """Return the tabs with their counts."""
        return tuple(
            f"{name}  {fmt.count(self._counts[place])}" if place in self._counts else name
            for place, name in enumerate(_tab_names())
        )

    def tab(self) -> int:
        """Return the tab that is shown."""
        return self._pages.currentIndex()

    def show_tab(self, index: int) -> None:
        """Show a tab; the inspector closes, since it belongs to the other one's selection."""
        if index == self.tab():
            return
        self._close_inspector()
        self._pages.setCurrentIndex(index)
        if self._quit:
            self._due.start()

    def main_part(self) -> QWidget:
        """Return the table of the tab that is shown."""
        return self._table()

    def _table(self) -> Table:
        return self.activity.table if self.tab() == ACTIVITY else self.holdings.table

    def header_actions(self) -> Sequence[QWidget]:
        """Return the button that opens and closes the inspector."""
        return (self.inspect_button,)

    def activate(self, detail: str = "") -> None:
        """Subscribe and load; `detail` names an asset, or an entry in the activity."""
        self._due.stop()
        self._detail = detail
        events = self.shell.workspace.events
        if not self._quit:
            self._quit = [
                events.subscribe(MarksChanged, self._marks_changed),
                events.subscribe(RecordsAppended, self._records_appended),
            ]
        self._load()

    def deactivate(self) -> None:
        """Unsubscribe: a hidden screen costs nothing."""
        for quit_ in self._quit:
            quit_()
        self._quit = []
        self._due.stop()
        self.holdings.rest()
        self.activity.rest()
        self._panel = None

    def scope_changed(self) -> None:
        """Load anew."""
        self._load()

    def prices_came(self) -> None:
        """Value the holdings anew; no entry has changed."""
        self.shell.run(self._read_positions(), what=tr("Reading the positions"))

    def masking_changed(self) -> None:
        """Write every figure anew."""
        self.holdings.redraw()
        self.activity.redraw()
        panel = self._shown_panel()
        if panel is not None:
            panel.redraw()
        self.header_changed.emit()

    def filter_field(self) -> QWidget | None:
        """Return the field that Ctrl+F and "/" put the cursor into."""
        return self.activity.filter if self.tab() == ACTIVITY else self.holdings.filter

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return what is seen, raw."""
        return (self.activity if self.tab() == ACTIVITY else self.holdings).table.seen()

    async def whole_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return what is seen, raw; of the activity every entry that fits the filters."""
        if self.tab() == HOLDINGS:
            return self.export_rows()
        return self.activity.table.texts_of(await self.activity.everything())

    def figures(self) -> Mapping[str, str]:
        """Return the exact figures that the tables hold."""
        made = self.holdings.figures()
        if self.activity.total is not None:
            made["entries"] = str(self.activity.total)
        return made

    # loading -------------------------------------------------------------------------------------------------------
    @Slot()
    def _load(self) -> None:
        if self.tab() == ACTIVITY:
            # The entries are what a person waits for here; they are asked for before what the filters offer.
            self._load_activity()
        elif self.holdings.found is None:
            self.holdings.stage.show_loading()
        self.shell.run(self._read_positions(), what=tr("Reading the positions"))

    def _load_activity(self) -> None:
        detail, self._detail = self._detail, ""
        if detail.startswith(ACCOUNT):
            self.activity.show_account(detail.removeprefix(ACCOUNT))
        elif detail and self._is_entry_id(detail):
            self.activity.wanted = detail
            self._inspect_entry(detail)
        elif detail:
            self.activity.show_asset(detail)
        self.activity.show_anew()

    @staticmethod
    def _is_entry_id(detail: str) -> bool:
        return len(detail) == 32 and all(letter in "0123456789abcdef" for letter in detail)  # noqa: PLR2004

    async def _read_positions(self) -> None:
        workspace = self.shell.workspace
        try:
            found, accounts = await asyncio.gather(
                workspace.portfolio.positions(self.shell.scope), workspace.portfolio.accounts()
            )
        except Exception as fault:  # noqa: BLE001
            again = w.button(tr("Read again"), "primary", "rotate-cw")
            again.clicked.connect(self._load)
            self.holdings.stage.show_fault(tr("The positions could not be read."), fault, again)
            return
        titles = {venue.venue_id: venue.name for venue in workspace.connections.venues()}
        venues = {one.account_id: titles.get(one.venue, one.venue) for one in accounts}
        if self.tab() == HOLDINGS or self.holdings.found is None:
            self.holdings.show_positions(found, venues)
        else:
            self._assets_counted(len(found.positions))  # the holdings are out of sight, and read anew when they come
        assets = {row.asset.asset_id: f"{row.asset.symbol} · {row.asset.name}" for row in found.positions}
        self.activity.chips.offer({one.account_id: one.name for one in accounts}, assets)
        if not found.positions:
            self._show_empty()
        elif self._detail and self.tab() == HOLDINGS:
            detail, self._detail = self._detail, ""
            if self.holdings.table.choose(detail):
                self._preview(detail)
        self._refresh_panel()
        if self.tab() == HOLDINGS or not self.activity.chips.choice.is_empty:
            await self.activity.read_count()

    def _show_empty(self) -> None:
        connect = w.button(tr("Connect a source"), "primary", "plug")
        connect.clicked.connect(self._go_connect)
        self.holdings.stage.show_empty(
            tr("Nothing is held yet."),
            tr("Connect a source or import a statement, and what it holds fills in."),
            connect,
        )

    def _marks_changed(self, _event: MarksChanged) -> None:
        if self.tab() == HOLDINGS:
            self.holdings.marks_moved()
            self._refresh_panel()

    def _records_appended(self, _event: RecordsAppended) -> None:
        self.shell.run(self._read_positions(), what=tr("Reading the positions"))
        if self.tab() == ACTIVITY:
            self.activity.books_changed()

    # the inspector -------------------------------------------------------------------------------------------------
    def _shown_panel(self) -> PositionPanel | EntryPanel | None:
        """Return the panel while it is open; the window may have closed it in the meantime."""
        if self._panel is not None and (not isValid(self._panel) or self._panel.parent() is None):
            self._panel = None
        return self._panel

    def _refresh_panel(self) -> None:
        panel, found = self._shown_panel(), self.holdings.found
        if isinstance(panel, PositionPanel) and found is not None:
            row = self.holdings.position(panel.asset_id)
            if row is not None:
                panel.show_position(row, found)

    @Slot(str)
    def _preview(self, key: str) -> None:
        if self.tab() == ACTIVITY:
            self._inspect_entry(key)
        else:
            self._inspect_position()

    @Slot(str)
    def _follow(self, key: str) -> None:
        if self._shown_panel() is not None and key:
            self._preview(key)

    def _inspect_position(self) -> None:
        asset_id, found = self.holdings.current_asset(), self.holdings.found
        row = self.holdings.position(asset_id)
        if row is None or found is None:
            return
        panel = self._shown_panel()
        if not isinstance(panel, PositionPanel):
            panel = PositionPanel(self.shell)
            panel.closed.connect(self._close_inspector)
            panel.entries_asked.connect(self._go_entries)
            panel.entry_asked.connect(self._inspect_entry)
        panel.show_position(row, found)
        self._panel = panel
        self.shell.inspect(panel)

    @Slot(str)
    def _inspect_entry(self, entry_id: str) -> None:
        panel = self._shown_panel()
        if not isinstance(panel, EntryPanel):
            panel = EntryPanel(self.shell)
            panel.closed.connect(self._close_inspector)
            panel.changed.connect(panel.reload)
        entry = self.activity.entry(entry_id)
        if entry is not None:
            panel.show_entry(entry)
        else:
            panel.entry_id = entry_id
            panel.reload()
        self._panel = panel
        self.shell.inspect(panel)

    @Slot()
    def _close_inspector(self) -> None:
        if self._shown_panel() is not None:
            self._panel = None
            self.shell.inspect(None)

    @Slot()
    def _toggle_inspector(self) -> None:
        table = self._table()
        if self._shown_panel() is not None:
            self._close_inspector()
        elif table.current_key() or self._choose_first():
            self._preview(table.current_key())

    def _choose_first(self) -> bool:
        table = self._table()
        keys = (line.key for line in table.table_model.lines() if not line.is_heading)
        return table.choose(next(keys, ""))

    # hands ---------------------------------------------------------------------------------------------------------
    @Slot(int)
    def _assets_counted(self, count: int) -> None:
        self._count(HOLDINGS, count)

    @Slot(int)
    def _entries_counted(self, count: int) -> None:
        self._count(ACTIVITY, count)

    def _count(self, tab: int, count: int) -> None:
        if self._counts.get(tab) != count:
            self._counts[tab] = count
            self.header_changed.emit()

    @Slot()
    def _go_connect(self) -> None:
        self.shell.go("connections")

    @Slot(str)
    def _open_entries(self, key: str) -> None:
        asset = self.holdings.current_asset()
        if asset:
            self._go_entries(asset)
        else:
            self.holdings.model.toggle(key)

    @Slot(str)
    def _go_entries(self, asset_id: str) -> None:
        self.shell.go(f"activity/{asset_id}")

    @Slot(int)
    def _copied(self, rows: int) -> None:
        words = fmt.counted(rows, tr("%s row copied."), tr("%s rows copied."))
        if fmt.mask() is not fmt.Mask.NOTHING:
            words += " " + tr("Amounts are hidden, so the copy has none.")
        self.shell.toast(words)
