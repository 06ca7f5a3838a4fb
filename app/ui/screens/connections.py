"""Connections: every source, how it is doing, and what its key may do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QPoint, QTimer, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QStackedLayout, QWidget
from shiboken6 import isValid

from app.core.errors import CounterfoilError
from app.core.model.views import ConnectionView, ImportReport
from app.services.events import ConnectionsChanged, RecordsAppended
from app.ui import format as fmt
from app.ui.screens import connections_rows as rows
from app.ui.screens.base import Screen, Shell
from app.ui.screens.connections_connect import ConnectPage
from app.ui.screens.connections_import import ImportPage
from app.ui.screens.connections_list import SourceList
from app.ui.screens.connections_rows import SourceRow
from app.ui.screens.inspector_connection import ConnectionPanel
from app.ui.widgets import basics as w
from app.ui.words import tr

SOON = 250
"""Milliseconds in which changes of connections are gathered before they are read again."""


class ConnectionsScreen(Screen):
    """The sources of the books."""

    place: ClassVar[str] = "connections"
    title: ClassVar[str] = "Connections"
    icon: ClassVar[str] = "plug"

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is loaded yet."""
        super().__init__(shell)
        self._views: tuple[ConnectionView, ...] | None = None
        self._quit: list[Callable[[], None]] = []
        self._detail = ""
        self._panel: ConnectionPanel | None = None
        self.list = SourceList(shell)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.list)
        self._make_actions()
        self._listen()
        self._soon = QTimer(self, singleShot=True, interval=SOON)
        self._soon.timeout.connect(self._load)
        self.setAcceptDrops(True)

    def _make_actions(self) -> None:
        self.import_button = w.button(tr("Import file…"), "", "upload", tip=tr("A statement as CSV; or drop it here"))
        self.read_button = w.button(tr("Read all"), "", "refresh-cw")
        self.connect_button = w.button(tr("Connect…"), "primary", "plus")
        self.import_button.clicked.connect(self.ask_file)
        self.read_button.clicked.connect(self.read_all)
        self.connect_button.clicked.connect(self.ask_connection)

    def _listen(self) -> None:
        self.list.table.opened.connect(self.inspect)
        self.list.table.previewed.connect(self.inspect)
        self.list.table.chosen.connect(self._follow)
        self.list.table.acted.connect(self._acted)
        self.list.table.menu_asked.connect(self._ask_row)

    # the window asks -----------------------------------------------------------------------------------------------
    def note(self) -> str:
        """Return how many sources there are."""
        if not self._views:
            return ""
        return fmt.counted(len(self._views), tr("%s source"), tr("%s sources"))

    def header_actions(self) -> Sequence[QWidget]:
        """Return import, read all, connect."""
        return (self.import_button, self.read_button, self.connect_button)

    def activate(self, detail: str = "") -> None:
        """Subscribe and load; `detail` names a connection, or is "add" or "import"."""
        self._detail = detail
        events = self.shell.workspace.events
        if not self._quit:
            self._quit = [
                events.subscribe(ConnectionsChanged, self._changed),
                events.subscribe(RecordsAppended, self._changed),
            ]
        self._load()
        if detail == "add":
            self.ask_connection()
        elif detail == "import":
            self.ask_file()

    def deactivate(self) -> None:
        """Unsubscribe: a hidden screen costs nothing."""
        for quit_ in self._quit:
            quit_()
        self._quit = []
        self._soon.stop()
        self._panel = None
        self._show_list()

    def scope_changed(self) -> None:
        """Load anew; connections themselves have no period."""
        self._load()

    def masking_changed(self) -> None:
        """Write every figure anew."""
        self._show()
        self.list.model.redraw()
        page = self._pages.currentWidget()
        if isinstance(page, ImportPage):
            page.redraw()
        panel = self._shown_panel()
        if panel is not None:
            panel.redraw()
        self.header_changed.emit()

    def main_part(self) -> QWidget:
        """Return the table of the sources."""
        return self.list.table

    def filter_field(self) -> QWidget | None:
        """Return the field that Ctrl+F and "/" put the cursor into."""
        return self.list.filter

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return what is seen, raw."""
        return self.list.table.seen()

    def figures(self) -> Mapping[str, str]:
        """Return records and breaks of each connection, as the table holds them."""
        made = {}
        for row in self.list.model.rows():
            made[f"connection/{row.name}/records"] = str(row.view.records)
            made[f"connection/{row.name}/breaks"] = str(row.view.breaks)
        return made

    # loading -------------------------------------------------------------------------------------------------------
    @Slot()
    def _load(self) -> None:
        if self._views is None:
            self.list.stage.show_loading()
        self.shell.run(self._read(), what=tr("Reading the connections"))

    async def _read(self) -> None:
        try:
            self._views = await self.shell.workspace.connections.all()
        except Exception as fault:  # noqa: BLE001
            again = w.button(tr("Read again"), "primary", "rotate-cw")
            again.clicked.connect(self._load)
            self.list.stage.show_fault(tr("The connections could not be read."), fault, again)
            return
        self._show()
        detail, self._detail = self._detail, ""
        if detail and self.list.table.choose(detail):
            self.inspect(detail)
        self.header_changed.emit()

    def _show(self) -> None:
        if self._views is None:
            return
        self.list.show_views(self._views)
        if not self._views:
            self._show_empty()
        panel = self._shown_panel()
        row = None if panel is None else self.list.row(panel.name)
        if panel is not None and row is not None:
            panel.show_row(row)

    def _show_empty(self) -> None:
        connect = w.button(tr("Connect…"), "primary", "plus")
        connect.clicked.connect(self.ask_connection)
        file = w.button(tr("Import file…"), "", "upload")
        file.clicked.connect(self.ask_file)
        words = tr("A key that can only read, or a statement file; drop the file here.")
        self.list.stage.show_empty(tr("This vault has no source yet."), words, connect, file)

    def _changed(self, _event: object) -> None:
        if not self._soon.isActive():
            self._soon.start()

    # the inspector -------------------------------------------------------------------------------------------------
    def _shown_panel(self) -> ConnectionPanel | None:
        if self._panel is not None and (not isValid(self._panel) or self._panel.parent() is None):
            self._panel = None
        return self._panel

    @Slot(str)
    def inspect(self, name: str) -> None:
        """Show a connection at the right."""
        row = self.list.row(name)
        if row is None:
            return
        panel = self._shown_panel()
        if panel is None:
            panel = ConnectionPanel(self.shell)
            panel.closed.connect(self._close_inspector)
            panel.acted.connect(self._acted)
        panel.show_row(row)
        self._panel = panel
        self.shell.inspect(panel)

    @Slot(str)
    def _follow(self, name: str) -> None:
        if name and self._shown_panel() is not None:
            self.inspect(name)

    @Slot()
    def _close_inspector(self) -> None:
        if self._shown_panel() is not None:
            self._panel = None
            self.shell.inspect(None)

    # hands ---------------------------------------------------------------------------------------------------------
    @Slot(str, str)
    def _acted(self, name: str, action: str) -> None:
        if action == "more":
            self.list.table.choose(name)
            self._ask_row(name, self.list.menu_place(name))
        else:
            self.act(action, name)

    @Slot(str, QPoint)
    def _ask_row(self, name: str, at: QPoint) -> None:
        row = self.list.row(name)
        if row is not None:
            self.row_menu(row).popup(at)

    def row_menu(self, row: SourceRow) -> QMenu:
        """Return what can be done with a connection."""
        menu = QMenu(self)
        pause = ("resume", tr("Resume")) if row.is_paused else ("pause", tr("Pause"))
        for action, words in (
            ("read", tr("Read now")),
            ("probe", tr("Check key")),
            pause,
            ("entries", tr("Show entries")),
            ("rotate", tr("Replace key…")),
            ("remove", tr("Remove…")),
        ):
            menu.addAction(words).triggered.connect(partial(self.act, action, row.name))
        menu.aboutToHide.connect(menu.deleteLater)
        return menu

    def act(self, action: str, name: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        """Do something with a connection: read, probe, pause, resume, entries, rotate, remove."""
        row = self.list.row(name)
        if action == "read":
            self.shell.workspace.ingest.start([name])
        elif action == "probe":
            self.shell.run(self._probe(name), what=tr("Checking the key"))
        elif action in {"pause", "resume"}:
            self.shell.run(self._pause(name, paused=action == "pause"), what=tr("Changing the connection"))
        elif action == "entries" and row is not None:
            self.shell.go(f"activity/account:{row.view.connection.account_id}")
        elif action in {"rotate", "remove"}:
            self.inspect(name)
            if self._panel is not None:
                (self._panel.ask_key if action == "rotate" else self._panel.ask_removal)()

    async def _probe(self, name: str) -> None:
        try:
            scope = await self.shell.workspace.connections.probe(name)
        except CounterfoilError as fault:
            self.shell.toast(f"{name}: {fault.message}")
            self._load()
            return
        self.shell.toast(tr("%n: the key works; %s.").replace("%n", name).replace("%s", rows.scope_words(scope)))
        self._load()

    async def _pause(self, name: str, *, paused: bool) -> None:
        await self.shell.workspace.connections.pause(name, paused=paused)
        words = tr("%s paused.") if paused else tr("%s goes on.")
        self.shell.toast(
            words.replace("%s", name), tr("Undo"), partial(self.act, "resume" if paused else "pause", name)
        )

    @Slot()
    def read_all(self) -> None:
        """Read every source that is not paused."""
        self.shell.workspace.ingest.start()

    # pages in place of the list ------------------------------------------------------------------------------------
    def _put(self, page: QWidget) -> None:
        self._show_list()
        self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)

    @Slot()
    def _show_list(self) -> None:
        page = self._pages.currentWidget()
        had_focus = page is not None and page.isAncestorOf(QApplication.focusWidget() or self.window())
        self._pages.setCurrentWidget(self.list)
        if page is not None and page is not self.list:
            self._pages.removeWidget(page)
            page.hide()
            page.deleteLater()
        if had_focus:
            self.list.table.setFocus()

    @Slot()
    def ask_connection(self) -> None:
        """Show the form that connects a venue."""
        taken = [view.connection.name for view in self._views or ()]
        page = ConnectPage(self.shell, taken)
        page.closed.connect(self._show_list)
        page.added.connect(self._added)
        self._put(page)
        page.form.venue.setFocus()

    @Slot(object)
    def _added(self, view: ConnectionView) -> None:
        self._show_list()
        self.list.table.setFocus()
        self._detail = view.connection.name
        self._load()
        self.shell.workspace.ingest.start([view.connection.name])
        self.shell.toast(tr("%s connected; its history is being read.").replace("%s", view.connection.name))

    @Slot()
    def ask_file(self) -> None:
        """Ask for a statement file."""
        dialog = QFileDialog(self, tr("Import a statement"), str(Path.home()))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([tr("Statements (*.csv *.txt)"), tr("All files (*)")])
        dialog.fileSelected.connect(self._file_chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def _file_chosen(self, name: str) -> None:
        self.shell.run(self.preview(Path(name)), what=tr("Reading the statement"))

    async def preview(self, file: Path) -> None:
        """Show what importing a file would do."""
        accounts = await self.shell.workspace.portfolio.accounts()
        page = ImportPage(self.shell)
        page.closed.connect(self._show_list)
        page.imported.connect(self._imported)
        self._put(page)
        page.show_file(file, accounts)
        page.setFocus()

    @Slot(object)
    def _imported(self, report: ImportReport) -> None:
        self._show_list()
        words = fmt.counted(report.recorded, tr("%s entry imported."), tr("%s entries imported."))
        self.shell.toast(words, tr("Show"), partial(self.shell.go, "activity"))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take a file of this computer."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Preview the file that was dropped; nothing is kept by dropping."""
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self._file_chosen(files[0])
