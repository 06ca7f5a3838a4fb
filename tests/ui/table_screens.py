"""A window for the screens with tables: it has a real inspector, and lets Qt and the tasks come to rest."""

from __future__ import annotations

from typing import Any, TypeVar

from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from app.core.model.views import Scope
from app.ui.screens.base import Screen
from app.ui.shell.inspector import InspectorHost
from tests.ui.fake_shell import FakeShell
from tests.ui.fake_workspace import FakeWorkspace

S = TypeVar("S", bound=Screen)


class TableShell(FakeShell):
    """The shell with an inspector."""

    def __init__(self, fake: FakeWorkspace | None = None, scope: Scope | None = None) -> None:
        super().__init__(fake, scope or Scope(period="all"))
        self.host = InspectorHost(372)

    @property
    def panel(self) -> Any:
        """Return what the inspector shows."""
        return self.host.panel

    def inspect(self, panel: QWidget | None) -> None:
        super().inspect(panel)
        self.host.show_panel(panel)


def whole(screen: S) -> S:
    """Return a screen with all of its pieces."""
    for _ in screen.pieces():
        pass
    return screen


async def shown(
    screen_type: type[S],
    qtbot: QtBot,
    fake: FakeWorkspace | None = None,
    *,
    detail: str = "",
    scope: Scope | None = None,
) -> tuple[TableShell, S]:
    """Return a window and its screen after the first reading."""
    shell = TableShell(fake, scope)
    screen = whole(screen_type(shell))
    qtbot.addWidget(shell.host)
    qtbot.addWidget(screen, before_close_func=_quiet)
    screen.resize(1200, 760)
    screen.show()
    screen.activate(detail)
    await shell.settled()
    QApplication.processEvents()
    assert shell.faults == []
    return shell, screen


def _quiet(screen: QWidget) -> None:
    """Stop the timers of a screen, as the window does before it lets go of it."""
    if isinstance(screen, Screen):
        screen.deactivate()


def texts(widget: QWidget) -> list[str]:
    """Return every text that a widget and those in it show."""
    found = []
    for child in [widget, *widget.findChildren(QWidget)]:
        text = getattr(child, "text", None)
        if callable(text) and not child.isHidden():
            found.append(str(text()))
    return found
