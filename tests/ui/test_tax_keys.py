"""The whole tax place by keyboard alone: every tab from the palette, Tab without a trap, Enter, Space, Esc, arrows."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from app.ui.main_window import MainWindow
from app.ui.screens.tax import PANES, TaxScreen
from app.ui.screens.tax_forms import FormsPane
from app.ui.screens.tax_lots import LotsPane
from app.ui.shell.places import SCREENS
from app.ui.shell.reading_order import focus_stops
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import desk, palette, play, settle

PLACES = ("summary", "disposals", "lots", "lots/open", "income", "losses", "forms/us-8949", "compare")
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
MOST = 60
"""Stops of a window that nobody would go through."""

pytestmark = pytest.mark.usefixtures("qapp")


def focused(window: MainWindow) -> QWidget:
    found = cast("QWidget | None", window.focusWidget())
    assert found is not None
    return found


def press(window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(focused(window), key, modifier)


async def ready(window: MainWindow, books: FakeWorkspace) -> None:
    """Wait until the figures are there and everything that follows from them is shown."""
    for _ in range(2):
        await settle(window)
        for job in books.jobs.all():
            await books.jobs.finished(job.job_id)
    await settle(window)


async def go(window: MainWindow, books: FakeWorkspace, place: str) -> TaxScreen:
    desk(window).go(f"tax/{place}")
    await ready(window, books)
    found = desk(window).screen
    assert isinstance(found, TaxScreen)
    return found


async def type_into_palette(window: MainWindow, books: FakeWorkspace, words: str) -> str:
    """Open the palette, type, take the first hit, and return where that leads."""
    press(window, Qt.Key.Key_K, CTRL)
    QTest.keyClicks(palette(window).field, words)
    press(window, Qt.Key.Key_Return)
    await ready(window, books)
    return desk(window).place


def walked(window: MainWindow, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> list[QWidget]:
    """Go round the window once by Tab, and return what had the focus."""
    key = Qt.Key.Key_Backtab if modifier == SHIFT else Qt.Key.Key_Tab
    seen = [focused(window)]
    for _ in range(MOST):
        press(window, key, modifier)
        if focused(window) is seen[0]:
            break
        seen.append(focused(window))
    return seen


def test_the_palette_reaches_every_tab_of_every_place(tmp_path: Path) -> None:
    wanted = [part for kind in SCREENS for part in kind.parts]
    reached: list[str] = []

    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        for place, title in wanted:
            reached.append(await type_into_palette(window, books, f"@{title}"))
            assert place.split("/")[0] == desk(window).place.split("/")[0]

    play(tmp_path, story)

    assert [place for place, _ in wanted] == reached
    assert {f"tax/{kind.word}" for kind in PANES} <= set(reached)


def test_every_screen_is_found_by_its_name(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        for kind in SCREENS:
            place = await type_into_palette(window, books, f"@{kind.title}")

            assert kind.place == place.partition("/")[0]

    play(tmp_path, story)


@pytest.mark.parametrize("place", PLACES)
def test_tab_goes_round_without_a_trap_and_stops_at_everything_as_it_is_read(tmp_path: Path, place: str) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        screen = await go(window, books, place)
        forward, back = walked(window), walked(window, SHIFT)
        stops = focus_stops(desk(window))

        assert screen.isAncestorOf(forward[0])
        assert len(forward) < MOST
        assert {id(one) for one in stops} == {id(one) for one in forward}
        assert [forward[0], *reversed(forward[1:])] == back
        assert [one for one in forward if one.visibleRegion().isEmpty()] == []
        assert [type(one).__name__ for one in forward if not one.accessibleName()] == []
        # Rail, scope, tabs, question, content.
        at = stops.index(forward[0])
        assert stops.index(screen.bar.year) < at

    play(tmp_path, story)


def looks(widget: QWidget) -> bytes:
    """Return the pixels of a widget."""
    QApplication.processEvents()
    image = widget.grab().toImage()
    return bytes(image.constBits())


@pytest.mark.parametrize("place", PLACES)
def test_whatever_has_the_focus_shows_it(tmp_path: Path, place: str) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        await go(window, books, place)
        unmarked = []
        for stop in focus_stops(desk(window)):
            desk(window).setFocus()
            before = looks(stop)
            stop.setFocus(Qt.FocusReason.TabFocusReason)
            unmarked += [stop.accessibleName()] if looks(stop) == before else []

        assert unmarked == []

    play(tmp_path, story)


@pytest.mark.parametrize("place", PLACES)
def test_the_keyboard_waits_at_what_the_tab_is_about(tmp_path: Path, place: str) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        screen = await go(window, books, place)

        assert focused(window) is screen.main_part()

    play(tmp_path, story)


def test_arrows_go_through_the_tabs_and_keep_the_focus_there(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        screen = await go(window, books, "summary")
        tabs: Any = desk(window).header
        tabs._tabs.buttons[0].setFocus(Qt.FocusReason.TabFocusReason)
        seen = []
        for _ in range(len(PANES)):
            press(window, Qt.Key.Key_Right)
            await ready(window, books)
            seen.append((screen.tab(), tabs._tabs.focused()))

        last = len(PANES) - 1
        assert seen == [(index, index) for index in (*range(1, len(PANES)), last)]

    play(tmp_path, story)


@pytest.mark.parametrize("place", ["disposals", "lots/open", "income"])
def test_space_shows_what_a_row_follows_from_enter_its_entry_and_esc_goes_back(tmp_path: Path, place: str) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        screen = await go(window, books, place)
        press(window, Qt.Key.Key_Down)
        press(window, Qt.Key.Key_Space)
        await settle(window)
        proof = type(desk(window).inspector.panel).__name__
        press(window, Qt.Key.Key_Return)
        await settle(window)
        entry = type(desk(window).inspector.panel).__name__
        press(window, Qt.Key.Key_F6)
        in_panel = desk(window).inspector.isAncestorOf(focused(window))
        press(window, Qt.Key.Key_Escape)
        await settle(window)

        assert (proof, entry) == ("DisposalPanel" if place == "disposals" else "ProofPanel", "EntryPanel")
        assert in_panel
        assert desk(window).inspector.panel is None
        assert focused(window) is screen.main_part()

    play(tmp_path, story)


def test_lots_are_chosen_and_recorded_without_a_mouse(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        screen = await go(window, books, "lots")
        pane = screen.pane
        assert isinstance(pane, LotsPane)
        for _ in range(4):
            press(window, Qt.Key.Key_Down)
            await settle(window)
        sale = pane.list.current()
        press(window, Qt.Key.Key_Return)
        at_lots = focused(window) is pane.picker.lots
        press(window, Qt.Key.Key_Backtab, SHIFT)
        for _ in range(3):
            if pane.picker.way != "hifo":
                press(window, Qt.Key.Key_Right)
        way = pane.picker.way
        while focused(window) is not pane.picker.record:
            press(window, Qt.Key.Key_Tab)
        press(window, Qt.Key.Key_Space)
        await ready(window, books)

        assert sale is not None
        assert (at_lots, way) == (True, "hifo")
        assert [(one.preset, one.disposal) for one in books.tax.selections] == [("hifo", sale.row.partition("/")[0])]

    play(tmp_path, story)


def test_parts_of_lots_are_selected_ahead_without_a_mouse(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        screen = await go(window, books, "lots/open")
        pane = screen.pane
        assert isinstance(pane, LotsPane)
        press(window, Qt.Key.Key_End)
        press(window, Qt.Key.Key_Home)
        while focused(window) is not pane.ahead.record:
            press(window, Qt.Key.Key_Backtab, SHIFT)
        press(window, Qt.Key.Key_Space)
        in_field = focused(window) is pane.ahead.panel.fields[0] if pane.ahead.panel else False
        QTest.keyClicks(focused(window), "0.125")
        press(window, Qt.Key.Key_Return)
        await ready(window, books)

        assert in_field
        assert [str(units) for _, units in books.tax.selections[-1].lots] == ["0.125"]
        assert desk(window).inspector.panel is None

    play(tmp_path, story)


def test_forms_are_chosen_by_arrows_and_how_computed_closes_by_esc(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        screen = await go(window, books, "forms/us-8949")
        pane = screen.pane
        assert isinstance(pane, FormsPane)
        press(window, Qt.Key.Key_Down)
        await settle(window)
        chosen = (pane.report.form if pane.report else "", focused(window) is pane.main_part())
        screen = await go(window, books, "income")
        button = cast("QPushButton", cast("Any", screen.pane).how)
        while focused(window) is not button:
            press(window, Qt.Key.Key_Backtab, SHIFT)
        press(window, Qt.Key.Key_Space)
        await asyncio.sleep(0)
        is_open = desk(window).layer is not None
        press(window, Qt.Key.Key_Escape)

        assert chosen == ("us-schedule-d", True)
        assert is_open
        assert desk(window).layer is None
        assert focused(window) is button

    play(tmp_path, story)
