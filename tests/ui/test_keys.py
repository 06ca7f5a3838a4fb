"""The window by keyboard alone, from the moment it opens on the Overview."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from app.ui import format as fmt
from app.ui.main_window import MainWindow
from app.ui.screens.inspector_connection import ConnectionPanel
from app.ui.screens.inspector_position import PositionPanel
from app.ui.screens.overview import OverviewScreen
from app.ui.shell.keys_sheet import KeysSheet
from app.ui.shell.palette import Palette
from tests.ui.fake_vaults import runtime_with_vaults
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import desk, floating, play, settle

PLACES = (
    "overview", "performance", "track", "positions", "activity", "markets", "alerts", "connections", "connections/add",
    "findings", "reconciliation", "settings",
)  # fmt: skip
CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)

pytestmark = pytest.mark.usefixtures("qapp")


class Windows(QObject):
    """Notes every widget that is shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.shown.append(f"{type(watched).__name__} {watched.objectName()}")
        return False


def press(window: MainWindow, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the focus is, as a person does who has not clicked anywhere."""
    focused = cast("QWidget | None", window.focusWidget())
    QTest.keyClick(window if focused is None else focused, key, modifier)


def test_nothing_but_the_window_itself_is_ever_a_window(tmp_path: Path, qapp: QApplication) -> None:
    seen = Windows()
    qapp.installEventFilter(seen)

    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        for place in PLACES:
            desk(window).go(place)
            await settle(window)
        window.resize(1280, 720)
        desk(window).go("overview")
        await settle(window)

    try:
        play(tmp_path, story)
    finally:
        qapp.removeEventFilter(seen)

    assert seen.shown == ["MainWindow canvas"]


def test_keys_work_on_the_overview_right_after_the_start(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        press(window, Qt.Key.Key_K, CTRL)
        opened = [type(floating(window))]
        press(window, Qt.Key.Key_Escape)
        is_closed = desk(window).layer is None
        press(window, Qt.Key.Key_F1)
        opened.append(type(floating(window)))
        press(window, Qt.Key.Key_Escape)
        press(window, Qt.Key.Key_H, CTRL | SHIFT)
        masked = fmt.mask()
        press(window, Qt.Key.Key_J, CTRL)

        assert opened == [Palette, KeysSheet]
        assert is_closed
        assert masked is fmt.Mask.AMOUNTS
        assert desk(window).dock.isVisible()

    play(tmp_path, story)


def test_single_keys_reach_the_screen_before_anything_has_the_focus(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        press(window, Qt.Key.Key_1)
        await settle(window)
        chosen = cast("OverviewScreen", desk(window).screen).board.chart.ranges.current
        desk(window).setFocus()
        press(window, Qt.Key.Key_3)
        await settle(window)
        then = cast("OverviewScreen", desk(window).screen).board.chart.ranges.current

        assert (chosen, then) == ("1m", "3m")

    play(tmp_path, story)


def test_a_table_has_the_keyboard_as_soon_as_its_place_is_opened(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        press(window, Qt.Key.Key_2, ALT)
        await settle(window)
        press(window, Qt.Key.Key_Down)
        press(window, Qt.Key.Key_Space)
        await settle(window)
        shown = type(desk(window).inspector.panel)
        press(window, Qt.Key.Key_Return)
        await settle(window)
        place = desk(window).place.partition("/")[0]
        press(window, Qt.Key.Key_5, ALT)
        await settle(window)
        press(window, Qt.Key.Key_Down)
        press(window, Qt.Key.Key_Return)
        await settle(window)

        assert (shown, place) == (PositionPanel, "activity")
        assert isinstance(desk(window).inspector.panel, ConnectionPanel)

    play(tmp_path, story)


def test_the_locked_window_is_closed_by_its_key(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        window.show_unlock()
        await settle(window)
        press(window, Qt.Key.Key_Q, CTRL)

        assert not window.isVisible()

    play(tmp_path, story)


def test_the_ways_into_an_empty_vault_are_taken_by_their_numbers(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        press(window, Qt.Key.Key_1)
        await settle(window)

        assert desk(window).place == "connections/add"

    play(tmp_path, story, workspace=FakeWorkspace(empty=True, runtime=runtime_with_vaults(tmp_path)))


def test_places_are_reached_from_the_overview_by_their_keys(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        reached = []
        for letter in (Qt.Key.Key_P, Qt.Key.Key_S, Qt.Key.Key_O):
            press(window, Qt.Key.Key_G)
            press(window, letter)
            await settle(window)
            reached.append(desk(window).place)
        press(window, Qt.Key.Key_2, ALT)
        await settle(window)

        assert reached == ["positions", "connections", "overview"]
        assert desk(window).place == "positions"

    play(tmp_path, story)
