"""Places and sections that are made a piece a turn: how much one turn makes, counted in widgets instead of time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.ui.main_window import MainWindow
from app.ui.screens.base import Screen
from app.ui.screens.overview import OverviewScreen
from app.ui.screens.overview_tabs import TABS
from app.ui.screens.performance import PerformanceScreen
from app.ui.screens.positions import PositionsScreen
from app.ui.screens.risk import PANES
from app.ui.screens.section import Section
from app.ui.screens.track import TrackScreen
from app.ui.shell.places import SCREENS
from app.ui.words import tr
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import desk, play, screen, settle

pytestmark = pytest.mark.usefixtures("qapp")

MOST = 100
"""Widgets that may be made in one turn: more have stood the window still for longer than it may."""
MADE: Sequence[type[Screen | Section]] = (*(kind for kind in SCREENS if kind is not OverviewScreen), *PANES)
"""All but the Overview, which comes with the window itself."""


def largest_turn(made: Screen | Section, before: int) -> int:
    """Return the most widgets that one turn makes, of those since there were so many."""
    counts = [before, *(len(QApplication.allWidgets()) for _ in made.pieces()), len(QApplication.allWidgets())]
    return max(after - before for before, after in pairwise(counts))


def test_no_turn_makes_more_of_a_place_than_it_may(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        largest = {}
        for kind in MADE:
            before = len(QApplication.allWidgets())
            made = kind(desk(window))
            largest[kind.__name__] = largest_turn(made, before)
            made.deleteLater()

        assert min(largest.values()) > 0
        assert {name: count for name, count in largest.items() if count > MOST} == {}

    play(tmp_path, story)


@pytest.mark.parametrize(("word", "tab"), [("positions", 0), ("activity", 1)])
def test_the_tabs_of_positions_stay_while_they_are_made(word: str, tab: int, tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        desk(window).go(word)
        told = []
        while not isinstance(screen(window), PositionsScreen):
            told.append((screen(window).tabs(), screen(window).tab()))
            await asyncio.sleep(0)
        await settle(window)

        assert len(told) > 1
        assert set(told) == {((tr("Holdings"), tr("Activity")), tab)}
        assert screen(window).tab() == tab

    play(tmp_path, story)


@pytest.mark.parametrize("kind", [PerformanceScreen, TrackScreen])
def test_the_tabs_of_the_overview_stay_while_one_of_them_is_made(kind: type[Screen], tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        def tabs() -> list[tuple[str, bool]]:
            shown = desk(window).header._tabs
            return [] if shown is None else [(one.text(), one.isChecked()) for one in shown.buttons]

        wanted = [(tr(title), place == kind.place) for place, title in TABS]
        desk(window).go(kind.place)
        told = []
        while not isinstance(screen(window), kind):
            told.append(tabs())
            await asyncio.sleep(0)
        await settle(window)

        assert len(told) > 1
        assert all(one == wanted for one in [*told, tabs()])

    play(tmp_path, story)
