"""States of the Overview: old prices, no source, a fault, not read to the end, waiting for an answer."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from app.core.clock import DAY, SECOND
from app.core.errors import SourceError
from app.core.model.accounts import ConnectionState
from app.core.model.views import Scope
from app.core.money import plain
from app.ui.screens.overview import OverviewScreen
from app.ui.screens.overview_states import EmptyPage
from tests.ui import made_up_books as books
from tests.ui.fake_shell import FakeShell
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.overview_places import opened, words

D = Decimal
FAULT = SourceError("The price file has a damaged page for 2026-07", hint="Read the prices again.")


async def test_old_marks_are_grey_with_their_age_and_exact_cash_stays_bright(qtbot: QtBot) -> None:
    screen = await opened(qtbot, FakeShell(FakeWorkspace(stale_ns=34 * 60 * SECOND)))
    strip = screen.board.figures

    assert strip.value.pill.isVisibleTo(screen)
    assert strip.value.pill.text() == "as of 13:58:07 UTC · 34 min old"
    assert [block.figure.property("tone") for block in (strip.value, strip.year, strip.cash)] == [
        "text_3",
        "text_3",
        "text",
    ]
    assert strip.year.note.text() == "TWR · to 13:58"


async def test_one_old_mark_is_named_and_does_not_grey_the_whole(qtbot: QtBot) -> None:
    shell = FakeShell()
    shell.fake.move_marks({"dogecoin": D("0.2214")})
    marks = shell.fake.market_data._marks
    marks["dogecoin"] = type(marks["dogecoin"])("dogecoin", D("0.2214"), "usd", "Binance", books.NOW - DAY)
    screen = await opened(qtbot, shell)

    assert "old mark: DOGE" in screen.board.figures.value.note.text()
    assert screen.board.figures.value.figure.property("tone") == "text"


async def test_a_vault_without_a_source_shows_the_ways_in(qtbot: QtBot) -> None:
    shell = FakeShell(FakeWorkspace(empty=True))
    screen = await opened(qtbot, shell)

    page = screen.pages.currentWidget()
    assert isinstance(page, EmptyPage)
    QTest.keyClick(screen, Qt.Key.Key_1)
    page.primary.click()

    assert shell.gone == ["connections/add", "connections/add"]
    assert screen.header_actions() == ()
    assert screen.figures() == {}
    assert screen.export_rows() is None


async def test_a_fault_is_said_in_place_and_reading_again_heals_it(qtbot: QtBot) -> None:
    shell = FakeShell(FakeWorkspace(failing={"overview": FAULT}))
    screen = await opened(qtbot, shell)

    said = " ".join(words(screen))
    shell.fake.answers.failing.clear()
    again = next(button for button in screen._other.findChildren(QAbstractButton) if "again" in button.text())
    again.click()
    await shell.settled()

    assert "The overview could not be read." in said
    assert "Your books are not affected." in said
    assert shell.faults == []
    assert screen.pages.currentWidget() is screen._scroll


async def test_a_fault_while_reading_anew_keeps_the_old_figures_in_grey(qtbot: QtBot) -> None:
    shell = FakeShell()
    screen = await opened(qtbot, shell)
    before = screen.board.figures.value.figure.text()
    shell.fake.answers.failing["overview"] = FAULT

    screen.load()
    await shell.settled()

    assert before == screen.board.figures.value.figure.text()
    assert screen.board.figures.value.figure.property("tone") == "text_3"
    assert "The overview could not be read." in " ".join(words(screen.board.chart))


async def test_bars_come_only_after_a_moment_without_an_answer(qtbot: QtBot) -> None:
    shell = FakeShell()
    shell.fake.hold()
    screen = OverviewScreen(shell)
    qtbot.addWidget(screen)
    screen.show()
    screen.activate()
    await asyncio.sleep(0)

    first = screen.pages.currentWidget()
    qtbot.waitUntil(lambda: screen.pages.currentWidget() is screen._bars, timeout=2_000)
    shell.fake.release()
    await shell.settled()

    assert first is not screen._bars
    assert screen.pages.currentWidget() is screen._scroll


async def test_an_answer_to_an_older_question_is_dropped(qtbot: QtBot) -> None:
    shell = FakeShell()
    screen = await opened(qtbot, shell)
    shell.fake.hold()
    screen.load()
    await asyncio.sleep(0)
    shell.scope = Scope(accounts=("kraken-main",), period="ytd")
    screen.scope_changed()
    await asyncio.sleep(0)

    shell.fake.release()
    await shell.settled()

    wanted = await shell.fake.portfolio.positions(shell.scope)
    assert plain(wanted.value or D(0)) == screen.figures()["value"]


async def test_no_return_and_no_curve_of_half_a_history(qtbot: QtBot) -> None:
    shell = FakeShell()
    first = next(iter(shell.fake.connections.rows.values()))
    shell.fake.connections.rows[first.connection.name] = replace(
        first, state=ConnectionState.READING, last_read_ns=None
    )
    screen = await opened(qtbot, shell)
    held_back = screen.figures()
    shown = [label.text() for label in screen.findChildren(QLabel)]
    shell.fake.connections.rows[first.connection.name] = replace(first, state=ConnectionState.OK, last_read_ns=1)
    screen.load()
    await shell.settled()

    assert "TWR · when all is read" in shown
    assert "Not every source was read to its end yet." in shown
    assert held_back["value"] == screen.figures()["value"]
    assert "year_to_date" not in held_back
    assert "year_to_date" in screen.figures()
