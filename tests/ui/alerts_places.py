"""Alerts as they are opened in tests, and a sentence as it is typed."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.ui.screens.alerts import AlertsScreen
from tests.ui.fake_shell import FakeShell
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.made_up_alerts import FakeAlerts
from tests.ui.table_screens import TableShell, shown


async def opened(qtbot: QtBot, detail: str = "", *, empty: bool = False) -> tuple[TableShell, AlertsScreen, FakeAlerts]:
    workspace = FakeWorkspace(empty=empty)
    if not empty:
        workspace.alerts.forget_seen()
    shell, screen = await shown(AlertsScreen, qtbot, workspace, detail=detail)
    return shell, screen, workspace.alerts


async def written(shell: FakeShell, screen: AlertsScreen, text: str) -> None:
    """Type a sentence into the line."""
    screen.builder.line.setText(text)
    screen.builder.line.textEdited.emit(text)
    screen.builder._ask()
    await shell.settled()
