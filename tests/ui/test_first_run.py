"""First run: a real vault is made, a source added, and the overview opened."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtTest import QTest

from app.connectors.clock import SystemClock
from app.storage.vault_store import SqlVaultStore
from app.ui import look
from app.ui.main_window import MainWindow
from app.ui.passphrases import strength
from app.ui.preferences import Preferences
from app.ui.shell.desk import Desk
from app.ui.wizards.first_run import CONNECT, READ
from tests.ui.fake_vaults import PASSPHRASE, FakeKeyring, runtime_with_vaults
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.made_up_books import REGISTRY
from tests.ui.windows import connecting, on_loop, play, settle, texts

pytestmark = pytest.mark.usefixtures("qapp")


def test_a_vault_is_made_with_its_passphrase_and_book(tmp_path: Path) -> None:
    clock = SystemClock()
    vaults = SqlVaultStore(clock, FakeKeyring(), REGISTRY, tmp_path)
    runtime = replace(runtime_with_vaults(tmp_path), clock=clock, vaults=vaults)

    async def whole() -> None:
        window = MainWindow(runtime, Preferences(tmp_path))
        wizard = window.show_first_run(tmp_path / "books.vault")
        window.show()
        page = wizard.vault_page
        page.name.setText("My books")
        page.currency.setCurrentIndex(page.currency.findData("eur"))
        page.passphrase.setText(PASSPHRASE)
        is_ready_with_one = wizard.primary.isEnabled()
        QTest.keyClicks(page.again, PASSPHRASE)
        wizard.primary.click()
        await settle(window)
        assert wizard.workspace is not None
        book = wizard.workspace.book
        is_forgotten = page.passphrase.text()
        wizard._skip.click()
        await settle(window)
        content = window.centralWidget()
        await window.end()
        window.close()

        assert not is_ready_with_one
        assert (book.name, book.base_currency) == ("My books", "eur")
        assert is_forgotten == ""
        assert isinstance(content, Desk)
        assert (tmp_path / "books.vault").is_file()

    on_loop(whole())


def test_a_source_that_is_added_is_read_at_once_and_seen_in_the_list(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        source = FakeWorkspace(empty=True, runtime=window.runtime)
        wizard, form = connecting(window, source)
        for field in form._fields.values():
            field.setText("harmless")
        form.try_key()
        await settle(window)
        form.add()
        await settle(window)
        step = wizard._step
        wizard._skip.click()

        assert step == CONNECT
        assert wizard._step == READ
        assert wizard.sources.count == 1
        assert [job.title for job in source.jobs.all()]
        assert any("1 source" in text for text in texts(wizard))

    play(tmp_path, story)


@pytest.mark.parametrize(
    ("passphrase", "words", "is_enough"),
    [
        ("", "At least 12 characters", False),
        ("short", "Too short", False),
        ("password12345", "Weak", True),
        ("aaaaaaaaaaaaaaa", "Weak", True),
        (PASSPHRASE, "Fair", True),
        ("seven quiet otters borrow my violin", "Strong", True),
        ("q9!Vt#2mXz&7Lp@4Rw%8", "Very strong", True),
    ],
)
def test_the_strength_of_a_passphrase_is_said_in_words(passphrase: str, words: str, *, is_enough: bool) -> None:
    found = strength(passphrase)

    assert found.words.startswith(words)
    assert is_enough == found.is_enough


def _until(happened: Callable[[], bool]) -> None:
    while not happened():
        time.sleep(0.01)


def test_the_demo_is_started_once_and_said_to_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = tmp_path / "told"
    code = f"import pathlib; pathlib.Path({str(told)!r}).write_text('started')"
    monkeypatch.setattr(look, "demo_command", lambda: (sys.executable, ["-c", code]))

    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        wizard = window.show_first_run(tmp_path / "books.vault")
        wizard.demo.click()
        await asyncio.to_thread(_until, told.exists)

        assert wizard.demo.text() == "The demo opens in its own window…"
        assert not wizard.demo.isEnabled()

    play(tmp_path, story)
