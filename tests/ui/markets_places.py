"""Markets as they are opened in tests, and what is read of their table."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.core.model.views import Scope
from app.ui.screens import markets_rows as rows
from app.ui.screens.markets import MarketsScreen
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.table_screens import TableShell, shown


async def opened(
    qtbot: QtBot, fake: FakeWorkspace | None = None, detail: str = "bitcoin", scope: Scope | None = None
) -> tuple[TableShell, MarketsScreen, FakeWorkspace]:
    workspace = fake or FakeWorkspace()
    shell, screen = await shown(MarketsScreen, qtbot, workspace, detail=detail, scope=scope)
    await read(shell, screen)
    return shell, screen, workspace


async def read(shell: TableShell, screen: MarketsScreen) -> None:
    """Let the chosen row be read at once."""
    screen.desk._later.stop()
    screen.desk.load()
    await shell.settled()


def keys(screen: MarketsScreen) -> list[str]:
    return [line.key for line in screen.model.lines()]


def row(screen: MarketsScreen, key: str) -> rows.MarketRow:
    number = screen.model.number(key)
    assert number is not None
    found: rows.MarketRow = screen.model.line(number).row
    return found


def undo(shell: TableShell) -> None:
    assert shell.undo is not None
    shell.undo()
