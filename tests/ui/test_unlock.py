"""Unlocking: every fault has its own words and ways out; the real vault opens and locks."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from app.connectors.clock import SystemClock
from app.core.errors import (
    ChainBrokenError,
    CounterfoilError,
    VaultDamagedError,
    VaultLockedError,
    VaultRolledBackError,
    VaultTooNewError,
    WrongPassphraseError,
)
from app.core.model.accounts import Book
from app.services.vault import VaultService
from app.storage.vault_store import SqlVaultStore
from app.ui.main_window import MainWindow
from app.ui.preferences import Preferences
from app.ui.screens.troubles import trouble
from app.ui.screens.unlock import UnlockScreen
from app.ui.shell.desk import Desk
from tests.ui.fake_runtime import fake_runtime
from tests.ui.fake_vaults import PASSPHRASE, FakeKeyring, FakeVaults, runtime_with_vaults
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.made_up_books import REGISTRY
from tests.ui.windows import on_loop, play, settle, texts

pytestmark = pytest.mark.usefixtures("qapp")


async def locked(window: MainWindow) -> UnlockScreen:
    screen = window.show_unlock(Path("/home/me/books.vault"))
    await settle(window)
    return screen


def test_a_hint_is_said_only_for_the_vault_that_it_is_about(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        window.unlock_hints[Path("/home/me/books.vault")] = "Demo passphrase: it is known"
        screen = await locked(window)
        said = "Demo passphrase: it is known" in texts(screen)
        screen.show_vault(Path("/home/me/other.vault"))

        assert said
        assert "Demo passphrase: it is known" not in texts(screen)

    play(tmp_path, story)


@pytest.mark.parametrize(
    ("fault", "what", "ways"),
    [
        (VaultRolledBackError("old"), "This is an older copy of the vault.", ("other", "restore", "older")),
        (VaultDamagedError("torn"), "The vault is damaged.", ("restore", "other", "retry")),
        (ChainBrokenError("torn"), "The chain of records is broken.", ("restore", "other")),
        (VaultTooNewError("new"), "This Counterfoil is too old for the vault.", ("other",)),
        (VaultLockedError("No vault at /x.", hint="Make one."), "No vault at /x.", ("other", "new", "retry")),
        (CounterfoilError("The disk is full.", hint="Make room."), "The disk is full.", ("retry", "other")),
    ],
)  # fmt: skip
def test_each_fault_says_what_is_so_and_offers_its_ways_out(fault: Exception, what: str, ways: tuple[str, ...]) -> None:
    found = trouble(fault)

    assert what == found.what
    assert ways == found.ways
    assert found.meaning


def test_a_wrong_passphrase_is_said_beside_the_field_and_can_be_typed_again(tmp_path: Path) -> None:
    vaults = FakeVaults({"open": WrongPassphraseError("no")})

    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        screen = await locked(window)
        screen.form.field.setText("not this one")
        QTest.keyClick(screen.form.field, Qt.Key.Key_Return)
        is_busy = screen.form.go.isEnabled()
        await settle(window)

        assert any("does not open the vault" in text for text in texts(screen))
        assert screen.form.field.selectedText() == "not this one"
        assert [(screen.path, b"not this one", None, False)] == vaults.asked
        assert is_busy

    play(tmp_path, story, vaults=vaults)


def test_an_older_copy_is_opened_only_after_saying_so(tmp_path: Path) -> None:
    vaults = FakeVaults({"open": VaultRolledBackError("12 records are missing")})

    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        screen = await locked(window)
        screen.form.tried.emit(PASSPHRASE)
        await settle(window)
        go_on = next(one for one in screen.findChildren(QPushButton) if one.text().startswith("Go on with this copy"))
        go_on.click()
        screen.form.tried.emit(PASSPHRASE)
        await settle(window)

        assert [accepts for *_, accepts in vaults.asked] == [False, True]

    play(tmp_path, story, vaults=vaults)


def test_the_keyring_is_offered_only_where_it_opens_the_vault(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        screen = await locked(window)

        assert not screen.form.keyring.isVisible()

    async def other(window: MainWindow, _books: FakeWorkspace) -> None:
        screen = await locked(window)

        assert screen.form.keyring.isVisible()

    play(tmp_path, story, vaults=FakeVaults())
    play(tmp_path, other, vaults=FakeVaults(slots=("passphrase", "keyring")))


def test_a_damaged_file_is_told_before_a_passphrase_is_asked_for(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        screen = await locked(window)

        assert "The vault is damaged." in texts(screen)
        assert not screen.form.field.isVisible()

    play(tmp_path, story, vaults=FakeVaults({"describe": VaultDamagedError("header", hint="Restore.")}))


def test_caps_lock_is_noticed_by_the_letters(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        screen = await locked(window)
        QTest.keyClicks(screen.form.field, "ab")
        before = "Caps Lock is on" in texts(screen)
        QTest.keyClicks(screen.form.field, "C", Qt.KeyboardModifier.NoModifier)
        during = "Caps Lock is on" in texts(screen)
        QTest.keyClicks(screen.form.field, "D", Qt.KeyboardModifier.ShiftModifier)

        assert [before, during, "Caps Lock is on" in texts(screen)] == [False, True, False]

    play(tmp_path, story)


def test_a_fault_of_the_program_is_shown_too(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        screen = await locked(window)
        screen.form.tried.emit(PASSPHRASE)
        await settle(window)

        assert "The vault could not be opened." in texts(screen)

    play(tmp_path, story, vaults=FakeVaults({"open": ValueError("a fault")}))


def test_a_real_vault_opens_and_locks_again(tmp_path: Path) -> None:
    clock, keyring = SystemClock(), FakeKeyring()
    runtime = runtime_with_vaults(tmp_path)
    runtime = type(runtime)(
        **{
            **{name: getattr(runtime, name) for name in runtime.__dataclass_fields__},
            "clock": clock,
            "vaults": SqlVaultStore(clock, keyring, REGISTRY, tmp_path),
            "exchanges": fake_runtime().exchanges,
        }
    )
    path = tmp_path / "books.vault"

    async def whole() -> None:
        made = await VaultService(runtime).create(path, PASSPHRASE, Book("main", "My portfolio", "usd"))
        await made.lock()
        window = MainWindow(runtime, Preferences(tmp_path))
        screen = window.show_unlock(path)
        window.show()
        screen.form.field.setText(PASSPHRASE)
        screen.form.go.click()
        await settle(window)
        is_open = isinstance(window.centralWidget(), Desk)
        title = window.windowTitle()
        window.lock()
        await settle(window)
        await window.end()
        window.close()

        assert is_open
        assert title == "My portfolio – Counterfoil"

    on_loop(whole())
