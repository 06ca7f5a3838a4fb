"""The palette: every action, assets and entries, found while one types."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.ui.actions import all_actions
from app.ui.main_window import MainWindow
from app.ui.shell import hits
from app.ui.shell.hit_lines import HIT
from app.ui.shell.palette import Palette
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import desk, palette, play, settle

pytestmark = pytest.mark.usefixtures("qapp")


def test_the_palette_knows_every_action_and_answers_at_once(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        desk(window).commands.run("palette")
        await settle(window)
        shown_palette = palette(window)
        missing, slowest = [], 0.0
        for action in all_actions():
            began = time.perf_counter()
            shown_palette.field.setText(action.title)
            slowest = max(slowest, time.perf_counter() - began)
            found = [
                shown_palette.model.index(row, 0).data(Qt.ItemDataRole.DisplayRole)
                for row in shown_palette.model.hit_rows()
            ]
            if not any(action.title in line for line in found):
                missing.append(action.action_id)

        assert missing == []
        assert slowest < 0.05

    play(tmp_path, story)


def test_the_palette_finds_assets_and_entries_and_goes_there(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
        await settle(window)
        shown_palette = palette(window)
        QTest.keyClicks(shown_palette.field, "btc")
        await settle(window)
        groups = {
            shown_palette.model.index(row, 0).data(Qt.ItemDataRole.UserRole + 1).group
            for row in shown_palette.model.hit_rows()
        }
        QTest.keyClick(shown_palette.field, Qt.Key.Key_Return)
        await settle(window)

        assert {hits.ASSETS, hits.ENTRIES} <= groups
        assert desk(window).place == "positions/bitcoin"
        assert desk(window).layer is None

    play(tmp_path, story, place="settings")


def test_the_palette_grows_with_the_entries_that_are_found(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        desk(window).commands.run("palette")
        await settle(window)
        found = palette(window)
        QTest.keyClicks(found.field, "eth")
        await settle(window)

        assert any(hit.group == hits.ENTRIES for hit in shown_hits(found))
        assert found.list.height() >= min(found.model.height(), 300)
        assert found.height() >= found.sizeHint().height()

    play(tmp_path, story)


def shown_hits(found: Palette) -> list[hits.Hit]:
    return [found.model.index(row, 0).data(HIT) for row in found.model.hit_rows()]


def test_a_prefix_asks_for_one_kind_only() -> None:
    known = [
        hits.Hit(hits.ACTIONS, "Lock", "", "action:lock", "lock"),
        hits.Hit(hits.PLACES, "Lockheed account", "", "connections/l", "plug"),
    ]

    assert [hit.title for hit in hits.search(known, ">lock")] == ["Lock"]
    assert [hit.title for hit in hits.search(known, "@lock")] == ["Lockheed account"]
    assert hits.search(known, "#lock") == []
