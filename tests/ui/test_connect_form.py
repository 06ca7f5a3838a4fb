"""Connecting: nothing is kept before the key was tried, and no key that may withdraw without insisting."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from app.core.model.views import ConnectionView
from app.ui.main_window import MainWindow
from app.ui.wizards.connect_form import ConnectForm, as_key
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import desk, play, settle, texts

pytestmark = pytest.mark.usefixtures("qapp")


async def tried(window: MainWindow, secret: str) -> ConnectForm:
    form = ConnectForm(desk(window).workspace.connections, window.run, taken=("kraken-main",))
    form.resize(900, 700)
    form.show()
    form.choose("kraken")
    for field in form._fields.values():
        field.setText(secret)
    form.try_key()
    await settle(window)
    return form


def test_a_key_that_can_only_read_is_added_and_forgotten_by_the_form(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        form = await tried(window, "harmless")
        verdict = form.panel.verdict
        added: list[ConnectionView] = []
        form.added.connect(added.append)
        form.add()
        await settle(window)

        assert verdict == "The key works and can only read."
        assert [view.connection.name for view in added] == ["kraken-2"]
        assert [field.text() for field in form._fields.values()] == ["", ""]
        assert not books.connections.rows["kraken-2"].connection.allow_withdraw
        form.deleteLater()

    play(tmp_path, story)


def test_the_form_is_filled_in_by_keyboard_from_above_to_below(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        desk(window).go("connections/add")
        await settle(window)
        visited = []
        for text in ("", "key", "secret"):
            focused = window.focusWidget()
            visited.append(focused.accessibleName())
            QTest.keyClicks(focused, text)
            QTest.keyClick(focused, Qt.Key.Key_Tab if text != "secret" else Qt.Key.Key_Return)
        await settle(window)
        visited.append(window.focusWidget().accessibleName())

        assert visited == ["Venue", "API key", "Secret", "Add Binance"]

    play(tmp_path, story)


def test_a_key_that_may_withdraw_is_added_only_when_a_person_insists(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        form = await tried(window, "may withdraw")
        before = form.is_ready
        buttons = {one.text(): one for one in form.panel.findChildren(QPushButton)}
        buttons["Use it anyway…"].click()
        asked = form.is_ready
        buttons["Yes, keep a key that may move funds"].click()
        form.add()
        await settle(window)

        assert [before, asked] == [False, False]
        assert "kraken-2" in books.connections.rows
        form.deleteLater()

    play(tmp_path, story)


def test_a_key_that_was_changed_after_trying_must_be_tried_again(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        form = await tried(window, "harmless")
        before = form.is_ready
        next(iter(form._fields.values())).setText("another")

        assert [before, form.is_ready] == [True, False]
        form.deleteLater()

    play(tmp_path, story)


def test_a_refused_key_is_told_with_what_to_do(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        form = await tried(window, "wrong")

        assert form.panel.verdict == "kraken refuses this key."
        assert "Copy it once more; nothing was saved." in texts(form)
        assert not form.is_ready
        form.deleteLater()

    play(tmp_path, story)


def test_a_private_key_pasted_into_one_line_gets_its_lines_back() -> None:
    one_line = "-----BEGIN EC PRIVATE KEY----- MHcCAQEE AwEHoUQD -----END EC PRIVATE KEY-----"
    escaped = "-----BEGIN EC PRIVATE KEY-----\\nMHcCAQEE\\nAwEHoUQD\\n-----END EC PRIVATE KEY-----\\n"
    whole = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\nAwEHoUQD\n-----END EC PRIVATE KEY-----\n"

    assert [whole, whole, whole] == [as_key(one_line), as_key(escaped), as_key(whole)]
    assert as_key(" plain+key/= ") == "plain+key/="
