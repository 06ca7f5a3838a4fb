"""Backups: whole, checked, encrypted, made while others write; nothing unchecked is put in place."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import CounterfoilError, InputError, StorageFullError, VaultDamagedError, WrongPassphraseError
from app.storage.open_vault import SqlVault
from tests.storage.vaults import NEW, PASSPHRASE, MemoryKeyring, flip, silent, store, vault_in, write_page

if sys.platform != "win32":
    import resource


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[SqlVault]:
    made = vault_in(tmp_path)
    for number in range(5):
        write_page(made, number, rows=20)
    yield made
    made.close()


def state(vault: SqlVault) -> tuple[Any, ...]:
    """Everything that a person sees, and the head that stands for the rest."""
    return vault.reader.head(), dict(vault.reader.counts()), vault.reader.balances(), vault.reader.export_entries()


def test_a_restored_backup_has_the_same_state(vault: SqlVault, tmp_path: Path) -> None:
    vault.backup(tmp_path / "b.backup", silent)
    there = store(tmp_path, computer="there")
    info = there.restore(tmp_path / "b.backup", tmp_path / "new" / "r.vault", PASSPHRASE)
    restored = there.open(tmp_path / "new" / "r.vault", PASSPHRASE)

    assert state(vault) == state(restored)
    assert (info.records, info.entries, info.head, info.books) == (115, 100, vault.reader.head(), ("Main",))
    restored.close()


def test_a_restored_copy_writes_to_a_chain_of_its_own_even_here(vault: SqlVault, tmp_path: Path) -> None:
    vault.backup(tmp_path / "b.backup", silent)
    write_page(vault, 50)
    store(tmp_path).restore(tmp_path / "b.backup", tmp_path / "r.vault", PASSPHRASE)
    restored = store(tmp_path).open(tmp_path / "r.vault", PASSPHRASE)
    write_page(restored, 51)

    assert len(restored.info().devices) == 2
    assert restored.verify(silent).is_valid
    restored.close()


def test_a_backup_is_one_file_and_leaves_no_other(vault: SqlVault, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    vault.backup(tmp_path / "there" / "b.backup", silent)

    assert [path.name for path in (tmp_path / "there").iterdir()] == ["b.backup"]
    assert (tmp_path / "there" / "b.backup").stat().st_mode & 0o777 == 0o600


def test_a_backup_replaces_nothing(vault: SqlVault, tmp_path: Path) -> None:
    (tmp_path / "b.backup").write_text("somebody's")
    with pytest.raises(InputError, match="never replaces"):
        vault.backup(tmp_path / "b.backup", silent)

    assert (tmp_path / "b.backup").read_text() == "somebody's"


def test_a_backup_into_a_folder_that_is_not_there_is_told(vault: SqlVault, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file or directory"):
        vault.backup(tmp_path / "none" / "b.backup", silent)


def test_a_backup_tells_its_progress(vault: SqlVault, tmp_path: Path) -> None:
    heard: list[float] = []
    vault.backup(tmp_path / "b.backup", lambda share, _: heard.append(share or 0.0))

    assert heard == sorted(heard)
    assert heard[-1] == 1.0


def test_a_backup_under_write_load_is_one_moment_of_the_vault(vault: SqlVault, tmp_path: Path) -> None:
    is_over = threading.Event()

    def write() -> None:
        number = 100
        while not is_over.is_set():
            write_page(vault, number, rows=20)
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        infos = []
        for number in range(5):
            target = tmp_path / f"{number}.backup"
            vault.backup(target, silent)
            infos.append(store(tmp_path).restore(target, tmp_path / f"{number}.vault", PASSPHRASE))
    finally:
        is_over.set()
        writer.join()
    entries = [info.entries for info in infos]

    assert all(count % 20 == 0 for count in entries)
    assert entries == sorted(set(entries))


@pytest.fixture
def backup(vault: SqlVault, tmp_path: Path) -> Path:
    vault.backup(tmp_path / "b.backup", silent)
    return tmp_path / "b.backup"


def test_another_passphrase_restores_nothing(backup: Path, tmp_path: Path) -> None:
    with pytest.raises(WrongPassphraseError):
        store(tmp_path).restore(backup, tmp_path / "r.vault", NEW)

    assert not list(tmp_path.glob("r.vault*"))


def test_a_backup_opens_with_the_passphrase_it_was_made_under(vault: SqlVault, backup: Path, tmp_path: Path) -> None:
    vault.change_passphrase(PASSPHRASE, NEW)
    store(tmp_path).restore(backup, tmp_path / "r.vault", PASSPHRASE)

    store(tmp_path).open(tmp_path / "r.vault", PASSPHRASE).close()


def test_every_changed_byte_of_a_backup_is_found_and_nothing_is_put_in_place(backup: Path, tmp_path: Path) -> None:
    content = backup.read_bytes()
    # Pages of the database, one place in each; then every 29th byte of keys and end.
    places = [*range(50, len(content) - 600, 40 * 4_096), *range(len(content) - 600, len(content), 29)]
    accepted = []
    for place in places:
        backup.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        try:
            store(tmp_path).restore(backup, tmp_path / "r.vault", PASSPHRASE)
            accepted.append(place)
        except CounterfoilError:
            pass

    assert accepted == []
    assert not list(tmp_path.glob("r.vault*"))


@pytest.mark.parametrize("cut", [1, 52, 600, 4_096])
def test_a_cut_backup_is_refused(backup: Path, tmp_path: Path, cut: int) -> None:
    backup.write_bytes(backup.read_bytes()[:-cut])
    with pytest.raises(InputError, match="its end is cut off"):
        store(tmp_path).restore(backup, tmp_path / "r.vault", PASSPHRASE)


def test_a_file_with_something_in_the_middle_is_refused(backup: Path, tmp_path: Path) -> None:
    content = backup.read_bytes()
    backup.write_bytes(content[:9_000] + b"x" + content[9_000:])
    with pytest.raises(VaultDamagedError, match="names other lengths"):
        store(tmp_path).restore(backup, tmp_path / "r.vault", PASSPHRASE)


def test_a_taken_place_is_refused(backup: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="exists already"):
        store(tmp_path).restore(backup, tmp_path / "a.vault", PASSPHRASE)


def test_a_backup_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        store(tmp_path).restore(tmp_path / "none", tmp_path / "r.vault", PASSPHRASE)


def test_a_vault_with_a_damaged_page_gives_no_backup(vault: SqlVault, tmp_path: Path) -> None:
    vault._database.checkpoint()
    path = tmp_path / "a.vault"
    flip(path, -4_000)
    again = store(tmp_path).open(path, PASSPHRASE)
    with pytest.raises(VaultDamagedError):
        again.backup(tmp_path / "b.backup", silent)
    again.close()

    assert not list(tmp_path.glob("b.backup*"))


def test_a_broken_chain_gives_no_backup(vault: SqlVault, tmp_path: Path) -> None:
    with vault._database.write() as connection:
        connection.execute("UPDATE bodies SET body = x'00' WHERE n = 40")
    with pytest.raises(CounterfoilError, match="does not verify: record 40"):
        vault.backup(tmp_path / "b.backup", silent)

    assert not list(tmp_path.glob("b.backup*"))


def test_the_keyrings_slot_stays_at_home(tmp_path: Path) -> None:
    keyring = MemoryKeyring("Test keyring")
    vault = vault_in(tmp_path, keyring)
    vault.remember(remembered=True)
    vault.backup(tmp_path / "b.backup", silent)
    vault.close()
    info = store(tmp_path, keyring).restore(tmp_path / "b.backup", tmp_path / "r.vault", PASSPHRASE)

    assert info.key_slots == ("passphrase",)


def test_a_damaged_vault_is_named_and_not_its_copy(vault: SqlVault, tmp_path: Path) -> None:
    vault._database.checkpoint()
    path = tmp_path / "a.vault"
    flip(path, -2_000)

    with pytest.raises(VaultDamagedError) as told:
        store(tmp_path).open(path, PASSPHRASE).backup(tmp_path / "b.backup", silent)

    assert told.value.where == str(path)
    assert "vault" in told.value.message
    assert [one.name for one in tmp_path.glob("b.backup*")] == []


@pytest.mark.skipif(sys.platform == "win32", reason="limits of files are those of POSIX")
def test_a_disk_that_fills_up_during_a_backup_is_told_and_nothing_is_left(vault: SqlVault, tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1_024, before[1]))
    try:
        with pytest.raises(StorageFullError):
            vault.backup(tmp_path / "b.backup", silent)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert [one.name for one in tmp_path.glob("b.backup*")] == []
