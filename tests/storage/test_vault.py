"""Vaults: made, opened, remembered, described, closed, destroyed."""

from __future__ import annotations

import resource
from decimal import Decimal
from pathlib import Path

import pytest

from app.core.errors import CounterfoilError, InputError, VaultLockedError, WrongPassphraseError
from app.core.model.accounts import Account, Connection, Credentials
from app.storage import header as headers
from app.storage.header import keys_path
from app.storage.keys import DataKey
from app.storage.open_vault import SqlVault
from app.storage.vault_store import SqlVaultStore
from tests.storage.journal_books import ACCOUNT
from tests.storage.vaults import BOOK, NEW, PASSPHRASE, MemoryKeyring, flip, opened, silent, store, write_page


def test_what_was_written_is_there_after_opening_again(closed: Path) -> None:
    again = opened(closed)

    assert again.book == BOOK
    assert again.reader.counts() == {"records": 115, "entries": 100, f"account:{ACCOUNT}": 100}
    assert list(again.reader.accounts()) == [Account(ACCOUNT, "Kraken main", "kraken")]
    assert again.verify(silent).is_valid
    again.close()


def test_a_vault_is_only_for_its_owner_and_leaves_nothing_else_behind(closed: Path) -> None:
    files = {path.name: path.stat().st_mode & 0o777 for path in closed.parent.iterdir() if path.is_file()}

    assert files == {"a.vault": 0o600, "a.vault-keys": 0o600, "a.vault-lock": 0o600}


def test_an_open_vault_keeps_its_log_to_its_owner_too(closed: Path) -> None:
    again = opened(closed)
    write_page(again, 9)
    modes = {path.stat().st_mode & 0o777 for path in closed.parent.iterdir() if path.is_file()}
    again.close()

    assert modes == {0o600}


def test_a_vault_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(VaultLockedError, match="no vault at"):
        store(tmp_path).open(tmp_path / "none.vault", PASSPHRASE)


def test_a_taken_path_is_refused(closed: Path) -> None:
    with pytest.raises(InputError, match="exists already"):
        store(closed.parent).create(closed, PASSPHRASE, BOOK)


def test_a_weak_passphrase_makes_no_vault(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="too weak"):
        store(tmp_path).create(tmp_path / "a.vault", b"short", BOOK)

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")

    with pytest.raises(CounterfoilError, match="file system refused"):
        store(tmp_path).create(tmp_path / "file" / "a.vault", PASSPHRASE, BOOK)


def test_what_a_killed_creation_left_is_in_nobodys_way(closed: Path) -> None:
    # Killed after the keys had their name and before the vault had its own.
    closed.rename(closed.with_name("a.vault-partial"))
    made = store(closed.parent).create(closed, NEW, BOOK)

    assert made.reader.counts()["entries"] == 0
    made.close()


def test_keys_without_their_vault_are_not_overwritten(closed: Path) -> None:
    closed.rename(closed.with_name("elsewhere.vault"))

    with pytest.raises(InputError, match=r"a\.vault-keys exists already"):
        store(closed.parent).create(closed, NEW, BOOK)


def test_a_book_is_chosen_by_id_or_name_and_an_unknown_one_lists_them(closed: Path) -> None:
    for name in ("main", "Main"):
        again = store(closed.parent).open(closed, PASSPHRASE, book=name)
        assert again.book == BOOK
        again.close()
    with pytest.raises(InputError) as refused:
        store(closed.parent).open(closed, PASSPHRASE, book="other")

    assert refused.value.line().endswith("The vault has no book 'other'. There are: Main.")


def test_a_new_passphrase_opens_and_the_old_one_does_not(closed: Path) -> None:
    again = opened(closed)
    before = closed.read_bytes()
    again.change_passphrase(PASSPHRASE, NEW)
    again.close()

    assert closed.read_bytes() == before
    store(closed.parent).open(closed, NEW).close()
    with pytest.raises(WrongPassphraseError):
        opened(closed)


def test_a_passphrase_is_changed_only_by_who_knows_the_old_one(closed: Path) -> None:
    again = opened(closed)
    before = keys_path(closed).read_bytes()
    with pytest.raises(WrongPassphraseError, match="nothing was changed"):
        again.change_passphrase(NEW, NEW)
    with pytest.raises(InputError, match="too weak"):
        again.change_passphrase(PASSPHRASE, b"short")
    again.close()

    assert keys_path(closed).read_bytes() == before


def test_the_keyring_opens_until_it_is_told_to_forget(closed: Path) -> None:
    keyring = MemoryKeyring("Test keyring")
    here = store(closed.parent, keyring)
    again = opened(closed, keyring)
    assert not here.has_keyring_slot(closed)
    again.remember(remembered=True)
    assert again.info().key_slots == ("passphrase", "keyring")
    again.close()

    assert here.has_keyring_slot(closed)
    by_keyring = here.open(closed, None)
    assert by_keyring.reader.counts()["entries"] == 100
    by_keyring.remember(remembered=False)
    by_keyring.close()

    assert not here.has_keyring_slot(closed)
    assert [key for key in keyring.secrets if key.startswith("unlock/")] == []
    with pytest.raises(VaultLockedError, match="keyring of this computer does not open"):
        here.open(closed, None)


def test_a_keyring_that_lost_its_secret_leaves_the_passphrase(closed: Path) -> None:
    keyring = MemoryKeyring("Test keyring")
    again = opened(closed, keyring)
    again.remember(remembered=True)
    again.close()
    keyring.secrets.clear()

    assert not store(closed.parent, keyring).has_keyring_slot(closed)
    opened(closed, keyring).close()


def test_without_a_keyring_nothing_is_remembered(closed: Path) -> None:
    again = opened(closed)
    with pytest.raises(InputError, match="has no keyring"):
        again.remember(remembered=True)
    again.close()


def test_info_counts_and_names(closed: Path) -> None:
    again = opened(closed)
    info = again.info()
    locked = store(closed.parent).describe(closed)
    again.close()

    assert (info.is_locked, info.records, info.entries, info.books) == (False, 115, 100, ("Main",))
    assert (info.head, info.anchor, len(info.devices)) == (again_head(closed), "settings folder", 1)
    assert (locked.is_locked, locked.vault_id, locked.version) == (True, info.vault_id, info.version)
    assert (locked.key_slots, locked.size_bytes) == (("passphrase",), closed.stat().st_size)


def again_head(closed: Path) -> str:
    again = opened(closed)
    try:
        return again.reader.head()
    finally:
        again.close()


def test_settings_are_kept(closed: Path) -> None:
    again = opened(closed)
    assert again.setting("theme") is None
    again.set_setting("theme", "dark")
    again.set_setting("theme", "light")
    again.close()
    again = opened(closed)

    assert again.setting("theme") == "light"
    again.close()


def test_a_closed_vault_gives_nothing_and_closes_twice(closed: Path) -> None:
    again = opened(closed)
    again.close()
    again.close()

    for ask in (again.reader.head, lambda: again.setting("x"), lambda: write_page(again, 1), again.prices.marks):
        with pytest.raises(VaultLockedError):
            ask()


def test_a_destroyed_vault_leaves_nothing_here(closed: Path) -> None:
    keyring = MemoryKeyring("Test keyring")
    again = opened(closed, keyring)
    again.remember(remembered=True)
    again.prices.keep_marks({})
    again.close()
    store(closed.parent, keyring).destroy(closed)

    assert [path.name for path in closed.parent.rglob("*") if path.is_file()] == []
    assert keyring.secrets == {}


def test_a_vault_with_damaged_keys_can_be_destroyed(closed: Path) -> None:
    flip(keys_path(closed), 30)
    store(closed.parent).destroy(closed)

    assert not closed.exists()
    assert not keys_path(closed).exists()


def test_nothing_lies_on_the_disk_in_clear(closed: Path) -> None:
    secret = "seldom-seen-secret-0123456789"
    again = opened(closed)
    again.connections.save(Connection("kraken", "kraken", ACCOUNT), Credentials({"apiKey": "key", "secret": secret}))
    again.set_setting("note", "a seldom seen setting")
    again.prices.add("bitcoin", "usd", "seldom seen source", {1: Decimal(2)})
    write_page(again, 7)
    again.backup(closed.parent / "b.backup", silent)
    files = [path for path in closed.parent.rglob("*") if path.is_file()]
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


def test_no_core_is_dumped_once_a_vault_was_opened(closed: Path) -> None:
    opened(closed).close()

    assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)


def test_a_store_measures_the_costs_of_a_passphrase_by_itself(tmp_path: Path) -> None:
    around = store(tmp_path)._around
    measured = SqlVaultStore(around.clock, around.keyring, around.assets, around.settings_folder)
    measured.create(tmp_path / "m.vault", PASSPHRASE, BOOK).close()
    fields = headers.read(headers.load(tmp_path / "m.vault"), "").slots[0].fields

    assert fields["memory_kib"] >= 65_536
    assert fields["passes"] >= 3
