"""The place of taxes with its tab of lots, as tests of it want it: after the answer to a question."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.core.money import plain
from app.services.tax_years import Asked
from app.ui.screens.tax import TaxScreen
from app.ui.screens.tax_lots import LotsPane
from app.ui.screens.tax_lots_picker import Picker
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.made_up_tax import tax_year
from tests.ui.table_screens import TableShell, shown

US = Asked("us", year=2026)


async def lots(
    qtbot: QtBot, fake: FakeWorkspace | None = None, *, asked: Asked = US, detail: str = "lots"
) -> tuple[TableShell, TaxScreen, LotsPane]:
    """Return the place with its tab of lots, after the answer to a question."""
    shell, screen = await shown(TaxScreen, qtbot, fake, detail=detail)
    screen._ask(asked)
    await answered(shell, screen)
    pane = screen.pane
    assert isinstance(pane, LotsPane)
    return shell, screen, pane


async def answered(shell: TableShell, screen: TaxScreen) -> None:
    """Wait until the figures of now are shown."""
    screen.computing.compute()
    job = screen.computing.job
    if job is not None:
        await shell.workspace.jobs.finished(job.job_id)
    await shell.settled()


def sale(asset: str, asked: Asked = US) -> str:
    """Return the row of the first sale of an asset in the year."""
    return next(one.row for one in tax_year(asked).figures.disposals if one.asset == asset)


async def choose(shell: TableShell, pane: LotsPane, asset: str, asked: Asked = US) -> Picker:
    pane.list.choose(sale(asset, asked))
    await shell.settled()
    return pane.picker


def button(picker: Picker, words: str) -> QPushButton:
    return next(one for one in picker.findChildren(QPushButton) if words in one.text())


def chosen(picker: Picker) -> list[str]:
    return [plain(used) for _, used in picker.lots_chosen()]
