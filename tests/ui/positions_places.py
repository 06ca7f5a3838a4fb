"""The activity of the Positions screen, opened and read."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.core.model.views import Scope
from app.ui.screens.activity import Activity
from app.ui.screens.positions import ACTIVITY, PositionsScreen
from tests.ui.table_screens import TableShell, shown


async def activity(
    qtbot: QtBot, detail: str = "", scope: Scope | None = None
) -> tuple[TableShell, PositionsScreen, Activity]:
    shell, screen = await shown(PositionsScreen, qtbot, scope=scope)
    screen.show_tab(ACTIVITY)
    screen.activate(detail)
    await shell.settled()
    return shell, screen, screen.activity
