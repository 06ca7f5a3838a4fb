"""Vaults: made, opened, refused, described, destroyed; every damaged region is told from a wrong passphrase."""

from __future__ import annotations

import hashlib
import os
import resource
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import (
    CounterfoilError,
    InputError,
    VaultDamagedError,
    VaultLockedError,
    VaultTooNewError,
    WrongPassphraseError,
)
from app.core.journal.encoding import decode, encode
from app.core.model.accounts import Account, Connection, Credentials
from app.storage import header as headers
from app.storage.header import keys_path
from app.storage.keys import DataKey
from app.storage.open_vault import SqlVault
from app.storage.vault_store import SqlVaultStore
from tests.storage.journal_books import ACCOUNT
from tests.storage.vaults import BOOK, NEW, PASSPHRASE, MemoryKeyring, silent, store, vault_in, write_page

PAGE = 4_096


@pytest.fixture(scope="module")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a closed vault of a few pages."""
    folder = tmp_path_factory.mktemp("made")
    made = vault_in(folder)
    for number in range(5):
        write_page(made, number, rows=20)
    made.close()
    return folder


@pytest.fixture
def vault(made_once: Path, tmp_path: Path) -> Path:
    """The vault, for one test."""
    shutil.copytree(made_once, tmp_path, dirs_exist_ok=True)
    return tmp_path / "a.vault"


def opened(vault: Path, keyring: MemoryKeyring | None = None) -> SqlVault:
    return store(vault.parent, keyring).open(vault, PASSPHRASE)


def flip(path: Path, place: int) -> None:
    """Change one bit of a file."""
    content = bytearray(path.read_bytes())
    content[place] ^= 0x10
    path.write_bytes(content)


def rewritten(vault: Path, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Write the keys file anew as a forger could: the checksum fits, the tag cannot."""
    content = keys_path(vault).read_bytes()
    told = decode(content[12:-64])
    body = encode(change(told))
    forged = content[:8] + len(body).to_bytes(4, "big") + body + content[-64:-32]
    keys_path(vault).write_bytes(forged + hashlib.sha256(forged).digest())


def test_what_was_written_is_there_after_opening_again(vault: Path) -> None:
    again = opened(vault)

    assert again.book == BOOK
    assert again.reader.counts() == {"records": 115, "entries": 100, f"account:{ACCOUNT}": 100}
    assert list(again.reader.accounts()) == [Account(ACCOUNT, "Kraken main", "kraken")]
    assert again.verify(silent).is_valid
    again.close()


def test_a_vault_is_only_for_its_owner_and_leaves_nothing_else_behind(vault: Path) -> None:
    files = {path.name: path.stat().st_mode & 0o777 for path in vault.parent.iterdir() if path.is_file()}

    assert files == {"a.vault": 0o600, "a.vault-keys": 0o600, "a.vault-lock": 0o600}


def test_an_open_vault_keeps_its_log_to_its_owner_too(vault: Path) -> None:
    again = opened(vault)
    write_page(again, 9)
    modes = {path.stat().st_mode & 0o777 for path in vault.parent.iterdir() if path.is_file()}
    again.close()

    assert modes == {0o600}


def test_another_passphrase_is_told_as_such(vault: Path) -> None:
    with pytest.raises(WrongPassphraseError, match="keys file is sound"):
        store(vault.parent).open(vault, PASSPHRASE + b"!")


@pytest.mark.parametrize("passphrase", [PASSPHRASE, PASSPHRASE + b"!"])
def test_every_changed_byte_of_the_keys_file_is_damage_whatever_the_passphrase(vault: Path, passphrase: bytes) -> None:
    content = keys_path(vault).read_bytes()
    for place in range(len(content)):
        keys_path(vault).write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(VaultDamagedError):
            store(vault.parent).open(vault, passphrase)


@pytest.mark.parametrize("length", [0, 1, 40, 200, -1])
def test_a_cut_keys_file_is_damage(vault: Path, length: int) -> None:
    keys_path(vault).write_bytes(keys_path(vault).read_bytes()[:length])

    with pytest.raises(VaultDamagedError):
        opened(vault)


def test_a_missing_keys_file_is_named(vault: Path) -> None:
    keys_path(vault).unlink()

    with pytest.raises(VaultDamagedError, match=r"a\.vault-keys is missing"):
        opened(vault)


@pytest.mark.parametrize("place", [0, 7, 15])
def test_a_changed_salt_is_damage(vault: Path, place: int) -> None:
    flip(vault, place)

    with pytest.raises(VaultDamagedError, match="first bytes"):
        opened(vault)


@pytest.mark.parametrize("place", [16, 100, 2_000, PAGE - 80, PAGE - 1])
def test_a_changed_first_page_is_damage(vault: Path, place: int) -> None:
    flip(vault, place)

    with pytest.raises(VaultDamagedError, match="first page"):
        opened(vault)


@pytest.mark.parametrize("size", [0, 10, 16, PAGE // 2])
def test_a_vault_cut_in_its_first_page_is_damage(vault: Path, size: int) -> None:
    os.truncate(vault, size)

    with pytest.raises(VaultDamagedError):
        opened(vault)


def test_a_changed_page_is_named_by_the_audit(vault: Path) -> None:
    last = vault.stat().st_size // PAGE
    for page in (last - 4, last - 2):
        flip(vault, (page - 1) * PAGE + 100)

    try:
        again = opened(vault)
    except VaultDamagedError:
        pytest.fail("these pages are not read at opening")
    found = again.verify(silent)
    again.close()

    assert not found.is_valid
    assert found.first_break.startswith(f"pages {last - 4}, {last - 2} of the file changed or cut")


def test_every_changed_page_is_found_at_opening_or_by_the_audit(vault: Path) -> None:
    content = vault.read_bytes()
    unseen = []
    for start in range(PAGE, len(content), 5 * PAGE):
        vault.write_bytes(content)
        flip(vault, start + 50)
        try:
            again = opened(vault)
        except VaultDamagedError:
            continue
        if again.verify(silent).is_valid:
            unseen.append(start // PAGE + 1)
        again.close()

    assert unseen == []


def test_a_broken_chain_is_told_from_a_damaged_page(vault: Path) -> None:
    again = opened(vault)
    with again._database.write() as connection:
        connection.execute("UPDATE bodies SET body = x'00' WHERE n = 40")
    found = again.verify(silent)
    again.close()

    assert not found.is_valid
    assert found.first_break.startswith("record 40 of device ")


def test_a_slot_that_asks_for_less_work_is_refused(vault: Path) -> None:
    def cheaper(told: dict[str, Any]) -> dict[str, Any]:
        told["slots"][0]["fields"]["memory_kib"] = 1_024
        return told

    rewritten(vault, cheaper)
    with pytest.raises(VaultDamagedError, match=r"memory \(KiB\) 1,024; allowed are 65,536"):
        opened(vault)


def test_a_keys_file_rewritten_without_the_key_is_refused(vault: Path) -> None:
    rewritten(vault, lambda told: {**told, "instance": bytes(16)})

    with pytest.raises(VaultDamagedError, match="rewritten by somebody"):
        opened(vault)


def test_a_keys_file_of_a_later_format_is_refused(vault: Path) -> None:
    rewritten(vault, lambda told: {**told, "format": 9})

    with pytest.raises(VaultTooNewError, match="format 9"):
        opened(vault)


def test_the_keys_of_another_vault_are_damage(vault: Path, tmp_path: Path) -> None:
    store(tmp_path).create(tmp_path / "b.vault", PASSPHRASE, BOOK).close()
    keys_path(vault).write_bytes(keys_path(tmp_path / "b.vault").read_bytes())

    with pytest.raises(VaultDamagedError):
        opened(vault)


def test_a_vault_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(VaultLockedError, match="no vault at"):
        store(tmp_path).open(tmp_path / "none.vault", PASSPHRASE)


def test_a_taken_path_is_refused(vault: Path) -> None:
    with pytest.raises(InputError, match="exists already"):
        store(vault.parent).create(vault, PASSPHRASE, BOOK)


def test_a_weak_passphrase_makes_no_vault(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="too weak"):
        store(tmp_path).create(tmp_path / "a.vault", b"short", BOOK)

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")

    with pytest.raises(CounterfoilError, match="file system refused"):
        store(tmp_path).create(tmp_path / "file" / "a.vault", PASSPHRASE, BOOK)


def test_what_a_killed_creation_left_is_in_nobodys_way(vault: Path) -> None:
    # Killed after the keys had their name and before the vault had its own.
    vault.rename(vault.with_name("a.vault-partial"))
    made = store(vault.parent).create(vault, NEW, BOOK)

    assert made.reader.counts()["entries"] == 0
    made.close()


def test_keys_without_their_vault_are_not_overwritten(vault: Path) -> None:
    vault.rename(vault.with_name("elsewhere.vault"))

    with pytest.raises(InputError, match=r"a\.vault-keys exists already"):
        store(vault.parent).create(vault, NEW, BOOK)


def test_a_book_is_chosen_by_id_or_name_and_an_unknown_one_lists_them(vault: Path) -> None:
    for name in ("main", "Main"):
        again = store(vault.parent).open(vault, PASSPHRASE, book=name)
        assert again.book == BOOK
        again.close()
    with pytest.raises(InputError) as refused:
        store(vault.parent).open(vault, PASSPHRASE, book="other")

    assert refused.value.line().endswith("The vault has no book 'other'. There are: Main.")


def test_a_new_passphrase_opens_and_the_old_one_does_not(vault: Path) -> None:
    again = opened(vault)
    before = vault.read_bytes()
    again.change_passphrase(PASSPHRASE, NEW)
    again.close()

    assert vault.read_bytes() == before
    store(vault.parent).open(vault, NEW).close()
    with pytest.raises(WrongPassphraseError):
        opened(vault)


def test_a_passphrase_is_changed_only_by_who_knows_the_old_one(vault: Path) -> None:
    again = opened(vault)
    before = keys_path(vault).read_bytes()
    with pytest.raises(WrongPassphraseError, match="nothing was changed"):
        again.change_passphrase(NEW, NEW)
    with pytest.raises(InputError, match="too weak"):
        again.change_passphrase(PASSPHRASE, b"short")
    again.close()

    assert keys_path(vault).read_bytes() == before


def test_the_keyring_opens_until_it_is_told_to_forget(vault: Path) -> None:
    keyring = MemoryKeyring("Test keyring")
    here = store(vault.parent, keyring)
    again = opened(vault, keyring)
    assert not here.has_keyring_slot(vault)
    again.remember(remembered=True)
    assert again.info().key_slots == ("passphrase", "keyring")
    again.close()

    assert here.has_keyring_slot(vault)
    by_keyring = here.open(vault, None)
    assert by_keyring.reader.counts()["entries"] == 100
    by_keyring.remember(remembered=False)
    by_keyring.close()

    assert not here.has_keyring_slot(vault)
    assert [key for key in keyring.secrets if key.startswith("unlock/")] == []
    with pytest.raises(VaultLockedError, match="keyring of this computer does not open"):
        here.open(vault, None)


def test_a_keyring_that_lost_its_secret_leaves_the_passphrase(vault: Path) -> None:
    keyring = MemoryKeyring("Test keyring")
    again = opened(vault, keyring)
    again.remember(remembered=True)
    again.close()
    keyring.secrets.clear()

    assert not store(vault.parent, keyring).has_keyring_slot(vault)
    opened(vault, keyring).close()


def test_without_a_keyring_nothing_is_remembered(vault: Path) -> None:
    again = opened(vault)
    with pytest.raises(InputError, match="has no keyring"):
        again.remember(remembered=True)
    again.close()


def test_info_counts_and_names(vault: Path) -> None:
    again = opened(vault)
    info = again.info()
    locked = store(vault.parent).describe(vault)
    again.close()

    assert (info.is_locked, info.records, info.entries, info.books) == (False, 115, 100, ("Main",))
    assert (info.head, info.anchor, len(info.devices)) == (again_head(vault), "settings folder", 1)
    assert (locked.is_locked, locked.vault_id, locked.version) == (True, info.vault_id, info.version)
    assert (locked.key_slots, locked.size_bytes) == (("passphrase",), vault.stat().st_size)


def again_head(vault: Path) -> str:
    again = opened(vault)
    try:
        return again.reader.head()
    finally:
        again.close()


def test_settings_are_kept(vault: Path) -> None:
    again = opened(vault)
    assert again.setting("theme") is None
    again.set_setting("theme", "dark")
    again.set_setting("theme", "light")
    again.close()
    again = opened(vault)

    assert again.setting("theme") == "light"
    again.close()


def test_a_closed_vault_gives_nothing_and_closes_twice(vault: Path) -> None:
    again = opened(vault)
    again.close()
    again.close()

    for ask in (again.reader.head, lambda: again.setting("x"), lambda: write_page(again, 1), again.prices.marks):
        with pytest.raises(VaultLockedError):
            ask()


def test_a_destroyed_vault_leaves_nothing_here(vault: Path) -> None:
    keyring = MemoryKeyring("Test keyring")
    again = opened(vault, keyring)
    again.remember(remembered=True)
    again.prices.keep_marks({})
    again.close()
    store(vault.parent, keyring).destroy(vault)

    assert [path.name for path in vault.parent.rglob("*") if path.is_file()] == []
    assert keyring.secrets == {}


def test_a_vault_with_damaged_keys_can_be_destroyed(vault: Path) -> None:
    flip(keys_path(vault), 30)
    store(vault.parent).destroy(vault)

    assert not vault.exists()
    assert not keys_path(vault).exists()


def test_nothing_lies_on_the_disk_in_clear(vault: Path) -> None:
    secret = "seldom-seen-secret-0123456789"
    again = opened(vault)
    again.connections.save(Connection("kraken", "kraken", ACCOUNT), Credentials({"apiKey": "key", "secret": secret}))
    again.set_setting("note", "a seldom seen setting")
    again.prices.add("bitcoin", "usd", "seldom seen source", {1: Decimal(2)})
    write_page(again, 7)
    again.backup(vault.parent / "b.backup", silent)
    files = [path for path in vault.parent.rglob("*") if path.is_file()]
    words = (secret.encode(), b"seldom", b"bitcoin", b"Kraken", b"SQLite format", PASSPHRASE, again._key.whole())
    found = [(path.name, word) for path in files for word in words if word in path.read_bytes()]
    inside = b"".join(row[0] for row in _secrets(again))
    shown = repr(again), repr(again._key), repr(again._database), str(again.info())
    again.close()

    assert found == []
    assert secret.encode() not in inside
    assert not any(secret in text or "x'" in text for text in shown)


def _secrets(vault: SqlVault) -> list[tuple[bytes]]:
    with vault._database.read() as connection:
        return list(connection.execute("SELECT sealed FROM secrets").fetchall())


def test_a_data_key_that_was_forgotten_is_gone() -> None:
    key = DataKey(bytes(range(32)), b"vault")
    kept = key._key
    key.forget()

    assert kept == bytearray(32)
    with pytest.raises(VaultLockedError):
        key.derive(b"database")


def test_no_core_is_dumped_once_a_vault_was_opened(vault: Path) -> None:
    opened(vault).close()

    assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)


def test_a_store_measures_the_costs_of_a_passphrase_by_itself(tmp_path: Path) -> None:
    around = store(tmp_path)._around
    measured = SqlVaultStore(around.clock, around.keyring, around.assets, around.settings_folder)
    measured.create(tmp_path / "m.vault", PASSPHRASE, BOOK).close()
    fields = headers.read(headers.load(tmp_path / "m.vault"), "").slots[0].fields

    assert fields["memory_kib"] >= 65_536
    assert fields["passes"] >= 3


def test_figures_that_differ_from_the_journal_are_derived_anew(tmp_path: Path) -> None:
    made = vault_in(tmp_path)
    write_page(made, 1)
    sound = made.reader.balances()
    with made._database.write() as connection:
        connection.execute("UPDATE balances SET low = low + 1")
    broken = made.verify(silent)
    made.rebuild()

    assert (broken.is_valid, made.verify(silent).is_valid, made.reader.balances()) == (False, True, sound)
    made.close()
