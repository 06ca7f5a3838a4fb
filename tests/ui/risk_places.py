"""The Risk place as it is opened in tests."""

from __future__ import annotations

from typing import Any

from pytestqt.qtbot import QtBot

from app.core.model.views import Scope
from app.ui.screens.risk import RiskScreen
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.table_screens import TableShell


async def opened(
    qtbot: QtBot, fake: FakeWorkspace | None = None, detail: str = "", scope: Scope | None = None
) -> tuple[TableShell, Any]:
    """Return a window and the Risk place after its first answer."""
    shell = TableShell(fake, scope)
    screen = RiskScreen(shell)
    qtbot.addWidget(shell.host)
    qtbot.addWidget(screen, before_close_func=lambda _: screen.deactivate())
    screen.resize(1240, 760)
    screen.show()
    screen.activate(detail)
    await answered(shell, screen)
    return shell, screen


async def answered(shell: TableShell, screen: RiskScreen) -> None:
    """Wait until nothing is computed any more."""
    await shell.settled()
    assert screen.reading.job is None
    assert shell.faults == []


def choose(control: Any, key: str) -> None:
    """Choose a word of a row of words, as a click does."""
    control.choose(key)
    control.chosen.emit(key)
