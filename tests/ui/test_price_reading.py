"""What the window reads of prices, and when: marks first, then days in the background, then hours."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.core.ports import Progress
from app.ui.shell.prices import Prices
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.table_screens import TableShell


class Filling:
    """History of which days are missing, or nothing but hours."""

    def __init__(self, workspace: FakeWorkspace, *, has_days: bool) -> None:
        self.begun: list[str] = []
        self._workspace, self._has_days = workspace, has_days

    async def _work(self, _progress: Progress) -> str:
        return "read"

    async def begin(self) -> int:
        self.begun.append("days")
        return self._workspace.jobs.start("days", self._work) if self._has_days else 0

    async def begin_hours(self) -> int:
        self.begun.append("hours")
        return 0


@pytest.mark.parametrize("has_days", [True, False])
async def test_hours_are_begun_once_all_days_are_there(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, *, has_days: bool
) -> None:
    workspace = FakeWorkspace()
    shell, parent = TableShell(workspace), QObject()
    filling = Filling(workspace, has_days=has_days)
    monkeypatch.setattr(workspace, "back_fill", filling)
    prices = Prices(workspace, shell.run, parent)  # type: ignore[arg-type]
    prices.start()
    await shell.settled()
    for job in workspace.jobs.all():
        await workspace.jobs.finished(job.job_id)
    await shell.settled()
    prices.stop()

    assert filling.begun == ["days", "hours"]
