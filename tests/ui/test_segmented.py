"""A choice of a few words, and the same where there is no room for each of them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton
from pytestqt.qtbot import QtBot

from app.ui.widgets.segmented import Segmented


@pytest.fixture
def choice(qtbot: QtBot) -> Segmented:
    made = Segmented((("1h", "1h"), ("4h", "4h"), ("1d", "1d")), "1d", "Length")
    qtbot.addWidget(made)
    made.show()
    return made


def seen(choice: Segmented) -> list[str]:
    return [made.text() for made in choice.findChildren(QPushButton) if made.isVisible()]


def test_a_folded_choice_shows_what_is_chosen_and_unfolds_to_all(choice: Segmented) -> None:
    wide = choice.sizeHint().width()
    choice.fold(is_folded=True)
    folded, narrow = seen(choice), choice.sizeHint().width()
    choice.choose("4h")
    moved = seen(choice)
    choice.fold(is_folded=False)

    assert folded == ["1d ▾"]
    assert moved == ["4h ▾"]
    assert narrow < wide / 2
    assert seen(choice) == ["1h", "4h", "1d"]


def test_a_folded_choice_is_made_in_a_menu(choice: Segmented, qtbot: QtBot) -> None:
    choice.offer("4h", "4h", is_offered=False)
    choice.fold(is_folded=True)
    (button,) = (made for made in choice.findChildren(QPushButton) if made.isVisible())

    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    menu = choice.findChild(QMenu)
    assert menu is not None
    offered = [(action.text(), action.isChecked()) for action in menu.actions()]
    with qtbot.waitSignal(choice.chosen) as told:
        menu.actions()[0].trigger()
    menu.close()

    assert offered == [("1h", False), ("1d", True)]
    assert told.args == ["1h"]
    assert seen(choice) == ["1h ▾"]


def test_arrow_keys_choose_while_it_is_folded(choice: Segmented, qtbot: QtBot) -> None:
    choice.fold(is_folded=True)

    with qtbot.waitSignal(choice.chosen) as told:
        QTest.keyClick(choice, Qt.Key.Key_Left)

    assert told.args == ["4h"]
    assert seen(choice) == ["4h ▾"]


def test_where_nothing_is_chosen_all_that_is_offered_is_seen(choice: Segmented) -> None:
    choice.choose("")
    choice.fold(is_folded=True)

    assert seen(choice) == ["1h", "4h", "1d"]
