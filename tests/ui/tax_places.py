"""The place of taxes as tests want it: opened on a tab, and calm once its figures are there."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from app.services.tax_years import Asked
from app.ui.screens.tax import TaxScreen
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.table_screens import TableShell, shown

OF_2026 = Asked("us", year=2026)


async def calm(shell: TableShell, screen: TaxScreen) -> None:
    """Wait until nothing is computed and nothing is read."""
    for _ in range(3):
        job = screen.computing.job
        if job is not None:
            await shell.workspace.jobs.finished(job.job_id)
        await shell.settled()


async def opened(
    qtbot: QtBot, fake: FakeWorkspace | None = None, detail: str = "", asked: Asked | None = None
) -> tuple[TableShell, TaxScreen]:
    """Return the window and the place on a tab, after the answer to a question where one is asked."""
    shell, screen = await shown(TaxScreen, qtbot, fake, detail=detail)
    if asked is not None:
        screen._ask(asked)
    await calm(shell, screen)
    return shell, screen
