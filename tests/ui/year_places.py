"""The wizard that closes a tax year, opened at a step, and the keys that go through it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.services.tax_years import Asked
from app.ui.main_window import MainWindow
from app.ui.screens.year_close import CloseScreen
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import desk, settle

US_2025 = Asked("us", year=2025)
CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


async def ready(window: MainWindow, books: FakeWorkspace) -> None:
    """Wait until the year is computed and its step is shown."""
    for _ in range(3):
        await settle(window)
        for job in books.jobs.all():
            await books.jobs.finished(job.job_id)
    await settle(window)


async def closing(window: MainWindow, books: FakeWorkspace, step: str = "", year: int = 2025) -> CloseScreen:
    desk(window).go("/".join(filter(None, ("close", "us", str(year), step))))
    await ready(window, books)
    found = desk(window).screen
    assert isinstance(found, CloseScreen)
    return found


async def waive_all(books: FakeWorkspace) -> None:
    for one in await books.findings.everything():
        if one.code == "break":
            await books.findings.waive(one.name, "below one dollar")


def focused(window: MainWindow) -> QWidget:
    return window.focusWidget()


def press(window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(focused(window), key, modifier)


def states(screen: CloseScreen) -> list[str]:
    return [button.look.state for button in screen.steps.buttons]
