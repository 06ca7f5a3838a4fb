"""The application: Qt and asyncio on one loop, unlock or first run, then the window; every fault is shown."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from app.core.errors import InputError
from app.core.ports import Runtime
from app.services.threads import hand_over_soon
from app.ui import collector, look, loop, style, theme
from app.ui import format as fmt
from app.ui.endings import told_to_end
from app.ui.main_window import MainWindow
from app.ui.preferences import FOLLOW_SYSTEM, Preferences
from app.ui.traces import trace
from app.ui.widgets.marks import paint_logo
from app.ui.words import tr

if TYPE_CHECKING:
    from app.services.workspace import Workspace

_CALM_ROUNDS = 3
_PAINTED = 0.02
"""Seconds in which the loop of Qt paints what is due."""


def prepare(runtime: Runtime) -> tuple[QApplication, Preferences]:
    """Return the application with name, locale, icon and look; one that is there already is used."""
    found = QApplication.instance()
    application = found if isinstance(found, QApplication) else _made()
    collector.watch_over(application)
    hand_over_soon()
    application.setApplicationName("counterfoil")
    application.setApplicationDisplayName("Counterfoil")
    application.setDesktopFileName("counterfoil")
    application.setQuitOnLastWindowClosed(False)
    preferences = Preferences(runtime.settings_folder)
    fmt.use_locale(_locale())
    look.apply(application, preferences)
    application.setWindowIcon(_window_icon())
    return application, preferences


def require_display() -> None:
    """Raise InputError where this session has no display: Qt itself would end the process with a signal."""
    is_linux = sys.platform.startswith("linux")
    if is_linux and not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
        message = "There is no display for the window: neither DISPLAY nor WAYLAND_DISPLAY is set."
        raise InputError(
            message, hint="Use the command line (counterfoil --help), or for pictures: counterfoil demo --headless."
        )


def _made() -> QApplication:
    require_display()
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    return QApplication(sys.argv[:1])


def _locale() -> QLocale:
    """Return the person's locale; a computer without one writes as English does."""
    system = QLocale.system()
    return QLocale(QLocale.Language.English) if system.language() == QLocale.Language.C else system


def _window_icon() -> QIcon:
    made = QIcon()
    for side in (16, 24, 32, 48, 64, 128, 256):
        pixmap = QPixmap(side, side)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_logo(painter, side)
        painter.end()
        made.addPixmap(pixmap)
    return made


def main(runtime: Runtime, *, vault: Path | None = None) -> int:
    """Open the window and return the exit status once it is closed."""
    application, preferences = prepare(runtime)
    loop.run(application, partial(_run, runtime, preferences, vault))
    return 0


async def _run(runtime: Runtime, preferences: Preferences, vault: Path | None) -> None:
    window = MainWindow(runtime, preferences)
    watch = _show_all_faults(window)
    _follow_system(window)
    window.restore_geometry()
    is_new = not (vault or window.vaults.recent() or window.vaults.exists(window.vaults.default_path()))
    if is_new:
        window.show_first_run()
    else:
        window.show_unlock(vault)
    window.show()
    await until_closed(window)
    await shut_down(window)
    watch()


def _follow_system(window: MainWindow) -> None:
    def changed(_scheme: object) -> None:
        if window.preferences.mode == FOLLOW_SYSTEM:
            window.apply_look()

    QGuiApplication.styleHints().colorSchemeChanged.connect(changed)


def _show_all_faults(window: MainWindow) -> Callable[[], None]:
    """Show what nobody awaits: faults in slots and in callbacks of the loop. Returns what ends it."""
    running, before = asyncio.get_running_loop(), sys.excepthook

    def of_loop(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        fault = context.get("exception")
        if isinstance(fault, BaseException):
            window.show_fault("", fault)

    def of_slot(kind: type[BaseException], fault: BaseException, where: TracebackType | None) -> None:
        if not issubclass(kind, Exception):
            before(kind, fault, where)
            return
        sys.stderr.write(f"{trace(fault)}\n")
        window.show_fault("", fault)

    running.set_exception_handler(of_loop)
    sys.excepthook = of_slot

    def end() -> None:
        sys.excepthook = before
        running.set_exception_handler(None)

    return end


async def until_closed(window: MainWindow) -> None:
    """Wait until a person closes the window, or ends the program where it was started from."""
    closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def tell() -> None:
        if not closed.done():
            closed.set_result(None)

    window.closed.connect(tell)
    with told_to_end(tell):
        await closed


async def shut_down(window: MainWindow) -> None:
    """End what runs, lock the vault, let the window go."""
    await window.end()


def open_window(runtime: Runtime, workspace: Workspace, place: str = "overview") -> MainWindow:
    """Return a window with an unlocked vault, inside a loop that runs already; `show` it, then `settle`."""
    _application, preferences = prepare(runtime)
    window = MainWindow(runtime, preferences)
    window.show_workspace(workspace, place)
    return window


async def settle(window: MainWindow, *, calm_s: float = 0.17) -> None:
    """Wait until nothing is being read any more and all of it is painted, so that a picture is whole.

    It has to stay so for three times `calm_s`, since live prices and coalesced events come a little later.
    """
    calm = 0
    while calm < _CALM_ROUNDS:
        await window.settled()
        await asyncio.sleep(calm_s)
        calm = 0 if window.is_busy else calm + 1
    # Never by processing events from here: a task that is due meanwhile would be entered inside this one, which asyncio
    # refuses, and its step would be lost. Once the loop of Qt has had its turn, all is painted.
    await asyncio.sleep(_PAINTED)


def _at_density(window: QWidget, density: float | None) -> None:
    theme.use(density=density)
    for widget in window.findChildren(QWidget):
        style.tint(widget)


def grab(window: QWidget, path: Path, *, density: float = 1.0) -> None:
    """Save a picture of a window as PNG, at `density` device pixels a logical pixel."""
    before = theme.look().density
    _at_density(window, density)
    pixmap = QPixmap(window.size() * density)
    pixmap.setDevicePixelRatio(density)
    pixmap.fill(theme.color("canvas"))
    window.render(pixmap, QPoint(0, 0))
    _at_density(window, before)
    path.parent.mkdir(parents=True, exist_ok=True)
    if not pixmap.save(str(path)):
        message = tr("The picture could not be written to %s").replace("%s", str(path))
        raise OSError(message)
