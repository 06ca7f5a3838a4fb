"""The window: holds the unlock screen, the first run or the desk; locks by itself; remembers where it stood."""

from __future__ import annotations

from collections.abc import Coroutine
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QSize, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeySequence, QPixmapCache, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QPushButton, QWidget

from app.core.clock import SECOND
from app.core.ports import Runtime
from app.services.vault import VaultService
from app.ui import collector, look, theme
from app.ui import format as fmt
from app.ui.aio import Tasks
from app.ui.charts.ahead import load_ahead
from app.ui.preferences import Preferences
from app.ui.screens.unlock import UnlockScreen
from app.ui.shell.bindings import Bindings
from app.ui.shell.desk import Desk
from app.ui.wizards.first_run import FirstRun
from app.ui.words import tr

if TYPE_CHECKING:
    from app.services.workspace import Workspace

_TITLE_BAR = 40
"""What a title bar may take of a screen."""
_USABLE = QSize(800, 560)
_TYPING_MS = 300
"""Milliseconds after which the unlock screen is painted and somebody types: time to load what charts need."""
_ALONE_NS, _SEARCHED_NS = 5 * 60 * SECOND, 60 * 60 * SECOND
"""How long nobody touches the window before all cycles are searched, which takes a tenth of a second; and how long it
takes until they are searched again."""

_TOUCHES = (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel)


class MainWindow(QMainWindow):
    """One window.

    Attributes:
        unlock_hints: What the unlock screen says below the field of a vault, such as the demo's passphrase.

    Signals:
        closed: A person closed it.
    """

    closed = Signal()

    def __init__(self, runtime: Runtime, preferences: Preferences) -> None:
        """Take the runtime and the preferences; one of the `show_…` methods gives it content."""
        super().__init__()
        self.runtime, self.preferences = runtime, preferences
        self.vaults = VaultService(runtime)
        self.unlock_hints: dict[Path, str] = {}
        self.tasks = Tasks(self.show_fault)
        self.desk: Desk | None = None
        self._bindings: Bindings | None = None
        self._touched_ns = self._searched_ns = runtime.clock.now_ns()
        self._is_locking = False
        self.setWindowTitle("Counterfoil")
        self.setAccessibleName("Counterfoil")
        self.setObjectName("canvas")
        self.setMinimumSize(self._smallest())
        self.resize(1440, 900)
        self._idle = QTimer(self)
        self._idle.setInterval(5000)
        self._idle.timeout.connect(self.check_idle)
        fmt.set_mask(preferences.mask)

    def _smallest(self) -> QSize:
        """Return the smallest size: that of the design, or less where the screen has less beside the title bar."""
        least = QSize(theme.size("breakpoint_min_w"), theme.size("breakpoint_min_h"))
        screens = QGuiApplication.screens()
        if not screens:
            return least
        room = screens[0].availableGeometry().size() - QSize(0, _TITLE_BAR)
        return least.boundedTo(room.expandedTo(_USABLE))

    # content ---------------------------------------------------------------------------------------------------------
    def _replace(self, content: QWidget) -> None:
        """Show another content; the one before is let go whole, with every figure in it."""
        old = self.takeCentralWidget()
        self.desk, self._bindings = None, None
        if old is not None:
            old.hide()
            if isinstance(old, Desk):
                old.stop()
                self.run(self._let_go(old), what=tr("Clearing the window"))
            else:
                old.deleteLater()
        QPixmapCache.clear()
        if not isinstance(content, Desk):
            QShortcut(QKeySequence("Ctrl+Q"), content, self.close)
        self.setCentralWidget(content)
        content.show()

    async def _let_go(self, desk: Desk) -> None:
        await desk.tasks.cancel()
        desk.deleteLater()

    def show_workspace(self, workspace: Workspace, place: str = "overview") -> None:
        """Show an unlocked vault."""
        load_ahead()
        desk = Desk(workspace, self.preferences)
        self._replace(desk)
        self.desk = desk
        self._bindings = Bindings(desk, self._leave)
        desk.lock_wanted.connect(self.lock)
        desk.book_wanted.connect(self._open_book)
        desk.vault_wanted.connect(self._open_vault)
        desk.look_changed.connect(self.apply_look)
        self.setWindowTitle(f"{workspace.book.name} – Counterfoil")
        self.touch()
        self._idle.start()
        desk.start(place)
        self.check_idle()

    def show_unlock(self, vault: Path | None = None, book: str | None = None) -> UnlockScreen:
        """Show the unlock screen; nothing of the books is in the window then."""
        screen = UnlockScreen(self.vaults, self.run, vault, book, hints=self.unlock_hints)
        screen.opened.connect(self.show_workspace)
        screen.new_wanted.connect(self.show_first_run)
        screen.demo_wanted.connect(partial(self._start_demo, screen.demo))
        self._idle.stop()
        self._replace(screen)
        self.setWindowTitle("Counterfoil")
        screen.focus()
        QTimer.singleShot(_TYPING_MS, screen, load_ahead)
        return screen

    def show_first_run(self, vault: Path | None = None) -> FirstRun:
        """Show the first run: make a vault, connect, read."""
        wizard = FirstRun(self.vaults, self.run, vault or self._free_path())
        wizard.done.connect(self.show_workspace)
        wizard.open_wanted.connect(self.show_unlock)
        wizard.demo_wanted.connect(partial(self._start_demo, wizard.demo))
        self._replace(wizard)
        return wizard

    def _start_demo(self, button: QPushButton) -> None:
        """Start the demo in a window of its own, which takes some seconds to come."""
        words = tr("The demo opens in its own window…") if look.start_demo() else tr("The demo could not be started")
        button.setText(words)
        button.setEnabled(False)

    def _free_path(self) -> Path:
        path = self.vaults.default_path()
        number = 2
        while self.vaults.exists(path):
            path = self.vaults.default_path().with_stem(f"{self.vaults.default_path().stem}-{number}")
            number += 1
        return path

    # locking ---------------------------------------------------------------------------------------------------------
    def lock(self) -> None:
        """Clear the window at once, then forget the keys."""
        if self.desk is not None:
            self._lock(self.desk.workspace.path, None)

    def _lock(self, path: Path, book: str | None) -> None:
        if self.desk is None or self._is_locking:
            return
        workspace = self.desk.workspace
        self._is_locking = True
        screen = self.show_unlock(path, book)
        screen.show_busy(tr("Locking…"))
        self.run(self._locked(workspace, screen), what=tr("Locking the vault"))

    async def _locked(self, workspace: Workspace, screen: UnlockScreen) -> None:
        try:
            await workspace.lock()
        finally:
            self._is_locking = False
            screen.show_ready()
            collector.search_all()

    def _open_book(self, book: str) -> None:
        if self.desk is not None:
            self._lock(self.desk.workspace.path, book)

    @Slot()
    def _open_vault(self) -> None:
        self.lock()
        content = self.centralWidget()
        if isinstance(content, UnlockScreen):
            content.ask_for_vault()

    @Slot()
    def check_idle(self) -> None:
        """Lock where nobody has touched anything for long enough, and search all cycles where nobody waits for it."""
        self._search_alone()
        minutes = self.preferences.lock_after
        if self.desk is None or not minutes:
            if self.desk is not None:
                self.desk.status.show_vault(None)
            return
        left = minutes * 60 * SECOND - (self.runtime.clock.now_ns() - self._touched_ns)
        if left <= 0:
            self.lock()
            return
        self.desk.status.show_vault(-(-left // (60 * SECOND)))

    def _search_alone(self) -> None:
        """Let a window that is never locked grow no larger by what the collector has left out."""
        now = self.runtime.clock.now_ns()
        if now - self._touched_ns >= _ALONE_NS and now - self._searched_ns >= _SEARCHED_NS:
            self._searched_ns = now
            collector.search_all()

    def touch(self) -> None:
        """Note that somebody is here."""
        self._touched_ns = self.runtime.clock.now_ns()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See every touch of the window's own surface."""
        if event.type() in _TOUCHES:
            self.touch()
        return super().eventFilter(watched, event)

    # tasks and faults ------------------------------------------------------------------------------------------------
    def run(self, work: Coroutine[Any, Any, None], *, what: str) -> None:
        """Run a task; a fault in it is shown."""
        self.tasks.run(work, what=what)

    def show_fault(self, what: str, fault: BaseException) -> None:
        """Show a fault that nobody else has shown."""
        content = self.centralWidget()
        if isinstance(content, (Desk, UnlockScreen, FirstRun)):
            content.show_fault(what, fault)

    @property
    def is_busy(self) -> bool:
        """Tell whether anything is being read."""
        is_desk_busy = self.desk is not None and bool(self.desk.tasks.count or self.desk.standing.is_pending())
        return bool(self.tasks.count) or is_desk_busy

    async def settled(self) -> None:
        """Wait until no task runs."""
        await self.tasks.settled()
        if self.desk is not None:
            await self.desk.tasks.settled()

    async def end(self) -> None:
        """End all tasks, lock the vault, let the content go."""
        workspace = self.desk.workspace if self.desk is not None else None
        content = self.centralWidget()
        if isinstance(content, FirstRun) and content.workspace is not None:
            workspace = content.workspace
        if self.desk is not None:
            self.desk.stop()
            await self.desk.tasks.cancel()
        await self.tasks.cancel()
        if workspace is not None:
            await workspace.lock()
        self.deleteLater()

    # look ------------------------------------------------------------------------------------------------------------
    @Slot()
    def apply_look(self) -> None:
        """Bring the chosen look to the screen, at once."""
        application = QApplication.instance()
        if isinstance(application, QApplication):
            look.apply(application, self.preferences)
        if self.desk is not None:
            self.desk.look_applied()

    @Slot()
    def _leave(self) -> None:
        self.close()

    def restore_geometry(self) -> None:
        """Stand where the window stood, if that is still on a screen."""
        kept = self.preferences.geometry()
        if kept is not None:
            self.restoreGeometry(kept)
        room, frame = self.screen().availableGeometry(), self.frameGeometry()
        if not room.contains(frame):
            self.resize(self.size().boundedTo(room.size() - QSize(0, _TITLE_BAR)))
            self.move(room.topLeft())

    def showEvent(self, event: QShowEvent) -> None:
        """Watch the window's surface for touches."""
        super().showEvent(event)
        handle = self.windowHandle()
        if handle is not None:
            handle.installEventFilter(self)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember where the window stands, and tell."""
        self.preferences.keep_geometry(self.saveGeometry())
        self.preferences.save()
        if self.desk is not None:
            self.desk.stop()
        super().closeEvent(event)
        self.closed.emit()
