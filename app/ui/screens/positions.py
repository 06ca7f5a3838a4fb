"""Positions: what is held, and every entry that led there, with an inspector down to the record and its hash."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QStackedLayout, QWidget

from app.services.events import MarksChanged, RecordsAppended
from app.ui import format as fmt
from app.ui.screens.base import Screen, Shell
from app.ui.screens.positions_holdings import Holdings
from app.ui.widgets import basics as w
from app.ui.words import tr

HOLDINGS, ACTIVITY = 0, 1


class PositionsScreen(Screen):
    """Holdings and activity."""

    place: ClassVar[str] = "positions"
    title: ClassVar[str] = "Positions"
    icon: ClassVar[str] = "wallet"
    also: ClassVar[Mapping[str, int]] = {"activity": ACTIVITY}

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is loaded yet."""
        super().__init__(shell)
        self.holdings = Holdings(shell)
        self._assets: int | None = None
        self._pages = QStackedLayout(self)
        self._pages.setContentsMargins(0, 0, 0, 0)
        self._pages.addWidget(self.holdings)
        self._quit: list[Callable[[], None]] = []
        self._detail = ""
        self.holdings.counted.connect(self._counted)
        self.holdings.table.opened.connect(self._open_entries)

    # the window asks -----------------------------------------------------------------------------------------------
    def tabs(self) -> Sequence[str]:
        """Return the tabs with their counts."""
        assets = "" if self._assets is None else f"  {fmt.count(self._assets)}"
        return (tr("Holdings") + assets,)

    def tab(self) -> int:
        """Return the tab that is shown."""
        return self._pages.currentIndex()

    def show_tab(self, index: int) -> None:
        """Show a tab."""
        self._pages.setCurrentIndex(index)

    def activate(self, detail: str = "") -> None:
        """Subscribe and load; `detail` names an asset."""
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
        self.holdings.rest()

    def scope_changed(self) -> None:
        """Load anew."""
        self._load()

    def masking_changed(self) -> None:
        """Write every figure anew."""
        self.holdings.redraw()
        self.header_changed.emit()

    def filter_field(self) -> QWidget | None:
        """Return the field that Ctrl+F and "/" put the cursor into."""
        return self.holdings.filter

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return what is seen, raw."""
        return self.holdings.table.seen()

    def figures(self) -> Mapping[str, str]:
        """Return the exact figures that the tables hold."""
        return self.holdings.figures()

    # loading -------------------------------------------------------------------------------------------------------
    def _load(self) -> None:
        if self.holdings.found is None:
            self.holdings.stage.show_loading()
        self.shell.run(self._read_positions(), what=tr("Reading the positions"))

    async def _read_positions(self) -> None:
        workspace = self.shell.workspace
        try:
            found = await workspace.portfolio.positions(self.shell.scope)
            accounts = await workspace.portfolio.accounts()
        except Exception as fault:  # noqa: BLE001
            again = w.button(tr("Read again"), "primary", "rotate-cw")
            again.clicked.connect(self._load)
            self.holdings.stage.show_fault(tr("The positions could not be read."), fault, again)
            return
        titles = {venue.venue_id: venue.name for venue in workspace.connections.venues()}
        venues = {one.account_id: titles.get(one.venue, one.venue) for one in accounts}
        self.holdings.show_positions(found, venues)
        if not found.positions:
            self._show_empty()
        elif self._detail:
            self._show_detail()

    def _show_empty(self) -> None:
        connect = w.button(tr("Connect a source"), "primary", "plug")
        connect.clicked.connect(self._go_connect)
        self.holdings.stage.show_empty(
            tr("Nothing is held yet."),
            tr("Connect a source or import a statement, and what it holds fills in."),
            connect,
        )

    def _show_detail(self) -> None:
        self.holdings.table.choose(self._detail)
        self._detail = ""

    def _marks_changed(self, _event: MarksChanged) -> None:
        self.holdings.marks_moved()

    def _records_appended(self, _event: RecordsAppended) -> None:
        self._load()

    # hands ---------------------------------------------------------------------------------------------------------
    @Slot(int)
    def _counted(self, assets: int) -> None:
        if assets != self._assets:
            self._assets = assets
            self.header_changed.emit()

    @Slot()
    def _go_connect(self) -> None:
        self.shell.go("connections")

    @Slot(str)
    def _open_entries(self, _key: str) -> None:
        asset = self.holdings.current_asset()
        if asset:
            self.shell.go(f"activity/{asset}")
