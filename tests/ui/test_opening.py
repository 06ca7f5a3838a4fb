"""Screens that are made a piece a turn: what stands in for them, and what is shown once they are whole."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from itertools import pairwise
from typing import ClassVar

import pytest
from PySide6.QtWidgets import QStackedWidget
from pytestqt.qtbot import QtBot

from app.ui.screens.base import Screen, Shell
from app.ui.shell.opening import Opening
from tests.ui.fake_shell import FakeShell


class Small(Screen):
    place: ClassVar[str] = "small"


class Large(Screen):
    place: ClassVar[str] = "large"
    title: ClassVar[str] = "Large"
    pieces_made: ClassVar[list[int]] = []
    fails: ClassVar[bool] = False

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.pieces_made.clear()

    def pieces(self) -> Iterator[None]:
        for number in range(4):
            if self.fails and number == 2:
                raise RuntimeError("a piece that cannot be made")
            self.pieces_made.append(number)
            yield


@pytest.fixture
def shell() -> FakeShell:
    return FakeShell()


@pytest.fixture
def opening(qtbot: QtBot, shell: FakeShell) -> Opening:
    stack = QStackedWidget()
    qtbot.addWidget(stack)
    return Opening(shell, stack, stack)


async def test_a_small_screen_is_there_at_once_and_made_once(opening: Opening) -> None:
    first = opening.screen(Small)

    assert isinstance(first, Small)
    assert opening.screen(Small) is first


async def test_a_large_screen_is_made_a_piece_a_turn_behind_what_stands_in_for_it(
    shell: FakeShell, opening: Opening
) -> None:
    told: list[object] = []
    opening.made.connect(told.append)
    stand_in = opening.screen(Large)
    seen = []
    while not told:
        seen.append(len(Large.pieces_made))
        await asyncio.sleep(0)

    assert not isinstance(stand_in, Large)
    assert stand_in.accessibleName() == "Large"
    assert set(seen) == {1, 2, 3, 4}
    assert max(after - before for before, after in pairwise(seen)) == 1
    assert told == [stand_in]
    assert isinstance(opening.screen(Large), Large)
    await shell.settled()
    assert shell.faults == []


async def test_who_asks_again_meanwhile_gets_the_same_and_no_second_one_is_made(
    shell: FakeShell, opening: Opening
) -> None:
    stand_in = opening.screen(Large)
    await asyncio.sleep(0)

    assert opening.screen(Large) is stand_in
    await shell.settled()
    assert Large.pieces_made == [0, 1, 2, 3]
    assert len(list(opening.all())) == 1


async def test_a_screen_that_cannot_be_made_is_told_and_tried_anew(
    shell: FakeShell, opening: Opening, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Large, "fails", True)
    opening.screen(Large)
    await shell.settled()

    assert [str(fault) for _, fault in shell.faults] == ["a piece that cannot be made"]
    assert list(opening.all()) == []
    shell.faults.clear()
    monkeypatch.setattr(Large, "fails", False)
    opening.screen(Large)
    await shell.settled()
    assert isinstance(opening.screen(Large), Large)
