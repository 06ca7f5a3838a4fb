"""Lists of markets: made, filled, kept, taken away and brought back."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.core.errors import InputError
from app.ui.screens.markets_lists import HELD, SETTING, Watchlists
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.markets_places import keys, opened, undo

KEY = Qt.Key


async def test_a_list_is_made_filled_and_kept_in_the_vault(qtbot: QtBot) -> None:
    shell, screen, workspace = await opened(qtbot)
    screen.bar.ask_name("new")
    QTest.keyClicks(screen.bar.name, "Layer ones")
    QTest.keyClick(screen.bar.name, KEY.Key_Return)
    await shell.settled()
    assert screen.stage.state == "message"
    for word in ("btc", "SOL", "litecoin"):
        screen.bar.asset.setText(word)
        QTest.keyClick(screen.bar.asset, KEY.Key_Return)
        await shell.settled()

    assert keys(screen) == ["bitcoin", "solana", "litecoin"]
    assert screen.table.current_key() == "litecoin"
    kept = json.loads(workspace.settings[SETTING])
    assert kept == {
        "lists": [{"name": "Layer ones", "assets": ["bitcoin", "solana", "litecoin"]}],
        "current": "Layer ones",
    }
    assert workspace.market_data.watched == {"bitcoin", "solana", "litecoin"}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("  ", "The list has no name."),
        ("x" * 50, "The name has 50 characters."),
        ("layer  ONES", "There is a list called layer ONES already."),
        ("what i hold", "There is a list called what i hold already."),
    ],
)
async def test_a_name_that_cannot_be_is_said_and_stays_to_be_typed(qtbot: QtBot, name: str, words: str) -> None:
    shell, screen, _ = await opened(qtbot)
    screen.keeper.keep(Watchlists().with_list("Layer ones"))
    await shell.settled()
    screen.bar.ask_name("new")
    QTest.keyClicks(screen.bar.name, name)
    QTest.keyClick(screen.bar.name, KEY.Key_Return)

    assert screen.bar.trouble.text().startswith(words)
    assert not screen.bar.name.isHidden()
    assert screen.keeper.lists.names == ["Layer ones"]


async def test_a_symbol_that_is_none_is_said_and_stays_in_the_field(qtbot: QtBot) -> None:
    shell, screen, workspace = await opened(qtbot)
    screen.keeper.keep(Watchlists().with_list("Mine"))
    await shell.settled()
    screen.bar.asset.setText("XYZQ")
    QTest.keyClick(screen.bar.asset, KEY.Key_Return)

    assert screen.bar.trouble.text() == "No asset is called XYZQ. Type its symbol, such as BTC, or its id."
    assert screen.bar.asset.text() == "XYZQ"
    assert json.loads(workspace.settings[SETTING])["lists"][0]["assets"] == []


async def test_an_asset_and_a_list_that_went_come_back_by_undo(qtbot: QtBot) -> None:
    shell, screen, workspace = await opened(qtbot)
    screen.keeper.keep(Watchlists().with_list("Mine", ["bitcoin", "solana"]))
    await shell.settled()
    screen.table.choose("solana")
    screen._asset_removed()
    await shell.settled()
    assert keys(screen) == ["bitcoin"]
    undo(shell)
    await shell.settled()
    assert keys(screen) == ["bitcoin", "solana"]
    screen.bar.list_deleted.emit()
    await shell.settled()
    assert (screen.keeper.lists.current, len(keys(screen))) == (HELD, 20)
    undo(shell)
    await shell.settled()
    assert keys(screen) == ["bitcoin", "solana"]
    assert json.loads(workspace.settings[SETTING])["current"] == "Mine"


async def test_what_is_held_cannot_be_taken_off(qtbot: QtBot) -> None:
    shell, screen, workspace = await opened(qtbot)
    screen._asset_removed()
    await shell.settled()

    assert len(keys(screen)) == 20
    assert SETTING not in workspace.settings


async def test_lists_that_cannot_be_read_are_said_and_what_is_held_is_shown(qtbot: QtBot) -> None:
    workspace = FakeWorkspace()
    workspace.settings[SETTING] = '{"lists": 3}'
    _, screen, _ = await opened(qtbot, workspace)

    assert screen.bar.trouble.text().startswith("The watchlists of this vault cannot be read.")
    assert len(keys(screen)) == 20


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "mine"])
def test_a_list_needs_a_name_of_its_own(name: str) -> None:
    with pytest.raises(InputError):
        Watchlists().with_list("Mine").with_list(name)


def test_lists_are_read_as_they_were_written() -> None:
    made = (
        Watchlists().with_list("Eins · №1", ["bitcoin", "bitcoin", "solana"]).with_list("Two").looking_at("Eins · №1")
    )

    assert Watchlists.parsed(made.written()) == made
    assert made.watched() == {"bitcoin", "solana"}
    assert made.renamed("Drei").shown == replace(made.lists[0], name="Drei")
