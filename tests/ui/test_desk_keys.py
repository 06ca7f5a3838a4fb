"""Tab through Markets, Risk, Alerts and what is beside them: no trap, each stop once, named, and as it is read."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.ui.main_window import MainWindow
from app.ui.shell.reading_order import focus_stops
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import desk, play

PLACES = (
    "overview", "performance", "track", "markets/bitcoin", "risk", "risk/correlation", "risk/contributions",
    "risk/drawdown", "risk/stress", "risk/concentration", "risk/liquidity", "risk/card", "alerts/new",
    "alerts/happened", "alerts/delivery",
)  # fmt: skip
MOST = 90
"""Stops of a window that nobody would go through."""

pytestmark = pytest.mark.usefixtures("qapp")


def walked(window: MainWindow) -> list[QWidget]:
    """Go round the window once by Tab, and return what had the focus."""
    stops, seen = focus_stops(desk(window)), list[QWidget]()
    stops[0].setFocus(Qt.FocusReason.TabFocusReason)
    while len(seen) < MOST:
        found = window.focusWidget()
        if found in seen:
            break
        seen.append(found)
        QTest.keyClick(found, Qt.Key.Key_Tab)
    return seen


@pytest.mark.parametrize("place", PLACES)
def test_tab_stops_at_everything_once_and_each_stop_has_a_name(tmp_path: Path, place: str) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        seen, stops = walked(window), focus_stops(desk(window))

        assert [one.accessibleName() for one in stops] == [one.accessibleName() for one in seen]
        assert [type(one).__name__ for one in stops if not one.accessibleName()] == []

    play(tmp_path, story, place=place)


def test_lists_of_markets_come_before_the_chart_at_their_right(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        names = [one.accessibleName() for one in focus_stops(desk(window))]

        assert names.index("Watchlist") < names.index("Save chart")

    play(tmp_path, story, place="markets/bitcoin")
