"""A window with made-up books on the loop of Qt and asyncio, and ways to read what it shows."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any, cast

import qasync
from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QLabel, QLineEdit, QWidget

from app.core.ports import Runtime
from app.services.workspace import Workspace
from app.ui import format as fmt
from app.ui import theme
from app.ui.application import open_window
from app.ui.application import settle as settle_slowly
from app.ui.main_window import MainWindow
from app.ui.preferences import Preferences
from app.ui.screens.base import Screen
from app.ui.shell.desk import Desk
from app.ui.shell.palette import Palette
from app.ui.wizards.connect_form import ConnectForm
from app.ui.wizards.first_run import FirstRun
from tests.ui.fake_vaults import FakeVaults, runtime_with_vaults
from tests.ui.fake_workspace import FakeWorkspace

Story = Callable[[MainWindow, FakeWorkspace], Awaitable[None]]
PATIENCE_S = 60


async def settle(window: MainWindow) -> None:
    """Wait until nothing is being read; made-up books answer at once."""
    await settle_slowly(window, calm_s=0.01)


def on_loop(story: Coroutine[Any, Any, None]) -> None:
    """Run a story on the loop that the window runs on."""
    loop = qasync.QEventLoop(QApplication.instance())
    asyncio.set_event_loop(loop)
    with loop:
        loop.run_until_complete(asyncio.wait_for(story, PATIENCE_S))
    asyncio.set_event_loop(None)


def play(  # noqa: PLR0913
    folder: Path,
    story: Story,
    *,
    place: str = "overview",
    workspace: FakeWorkspace | None = None,
    vaults: FakeVaults | None = None,
    size: tuple[int, int] = (1440, 900),
    **chosen: str | int,
) -> None:
    """Open a window on a place, let it load, and tell the story; `chosen` are preferences (look__mode="light")."""

    async def whole() -> None:
        runtime: Runtime = runtime_with_vaults(folder, vaults)
        preferences = Preferences(folder)
        preferences.keep("look/mode", "dark")
        for name, value in chosen.items():
            preferences.keep(name.replace("__", "/"), value)
        books = workspace or FakeWorkspace(runtime=runtime)
        window = open_window(runtime, cast("Workspace", books), place)
        try:
            window.resize(*size)
            window.show()
            window.activateWindow()
            await settle(window)
            await story(window, books)
        finally:
            await window.end()
            window.close()
            fmt.set_mask(fmt.Mask.NOTHING)
            theme.use(mode="dark", scheme="standard", is_reduced=False)

    on_loop(whole())


def desk(window: MainWindow) -> Desk:
    """Return what an unlocked window shows."""
    assert window.desk is not None
    return window.desk


def screen(window: MainWindow) -> Screen:
    """Return the screen that is shown."""
    found = desk(window).screen
    assert found is not None
    return found


def floating(window: MainWindow) -> QWidget:
    """Return what floats above the screen."""
    layer = desk(window).layer
    assert layer is not None
    return layer.content


def connecting(window: MainWindow, workspace: FakeWorkspace) -> tuple[FirstRun, ConnectForm]:
    """Show the first run with an open vault, at the step where sources are added."""
    wizard = window.show_first_run(Path("/home/me/books.vault"))
    wizard.use(cast("Workspace", workspace))
    assert wizard.form is not None
    return wizard, wizard.form


def palette(window: MainWindow) -> Palette:
    """Return the open palette."""
    found = floating(window)
    assert isinstance(found, Palette)
    return found


def shown(root: QWidget) -> Iterator[QWidget]:
    """Go through every widget that can be seen."""
    for widget in root.findChildren(QWidget):
        if widget.isVisible():
            yield widget


def _of_model(model: QAbstractItemModel | None, parent: QModelIndex) -> Iterator[str]:
    if model is None:
        return
    for row in range(min(model.rowCount(parent), 60)):
        for column in range(model.columnCount(parent)):
            index = model.index(row, column, parent)
            for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
                found = index.data(role)
                if isinstance(found, str):
                    yield found
        yield from _of_model(model, model.index(row, 0, parent))


def texts(root: QWidget) -> list[str]:
    """Return everything that is written in a window: labels, buttons, fields, tooltips, names, cells."""
    found = [root.windowTitle()]
    for widget in shown(root):
        found += [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription()]
        if isinstance(widget, (QLabel, QAbstractButton)):
            found.append(widget.text())
        if isinstance(widget, QLineEdit):
            found += [widget.displayText(), widget.placeholderText()]
        if isinstance(widget, QAbstractItemView):
            found += _of_model(widget.model(), QModelIndex())
    return [text for text in found if text]


# A level such as 97.5 % and the parameter of a model are parts of their names.
_MONTH = "(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_ALLOWED = re.compile(
    rf"\b20\d\d-\d\d\b(-\d\d)?|\d\d:\d\d(:\d\d)?|\b\d{{1,2}}(( to |–)\d{{1,2}})? {_MONTH}( \d{{4}})?"
    r"|\b\d+[ \u2009](ms|s|min|h|d)\b|\b\d+[MYDmhdw]\b|\b20\d\d to date|\b(Last )?\d+ (months|days?|hours)\b"
    rf"|\b9[579](\.5)?{fmt.THIN}%|\(0\.\d+\)|Ctrl\+\S+|Alt\+\d|UTC[+-]\d+"
)


def digits(text: str) -> str:
    """Return the digits of a text that are neither date nor time, nor the name of a period or a key."""
    return "".join(re.findall(r"\d+", _ALLOWED.sub("", text)))
