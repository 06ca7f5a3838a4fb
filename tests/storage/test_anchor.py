"""The rollback anchor: older copies are refused, and neither a crash nor a second writer raises it too far."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.core.errors import CounterfoilError, VaultRolledBackError
from app.storage.anchor import Anchor, chains, difference
from app.storage.keys import DataKey
from app.storage.open_vault import SqlVault
from tests.storage.vaults import PASSPHRASE, MemoryKeyring, flip, silent, store, vault_in, write_page


def copied(folder: Path, target: Path) -> Path:
    """Copy the files of the vault, as a backup program does."""
    target.mkdir()
    for path in folder.glob("a.vault*"):
        shutil.copy(path, target / path.name)
    return target


def put_back(copy: Path, folder: Path) -> None:
    for path in folder.glob("a.vault*"):
        path.unlink()
    for path in copy.iterdir():
        shutil.copy(path, folder / path.name)


def opened(folder: Path, keyring: MemoryKeyring | None = None, *, accept_older: bool = False) -> SqlVault:
    return store(folder, keyring).open(folder / "a.vault", PASSPHRASE, accept_older=accept_older)


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A vault with three pages in the folder, and an older copy with two beside it."""
    vault = vault_in(tmp_path)
    write_page(vault, 1)
    write_page(vault, 2)
    vault.close()
    copy = copied(tmp_path, tmp_path / "copy")
    vault = opened(tmp_path)
    write_page(vault, 3)
    vault.close()
    return copy


def test_an_older_copy_is_refused(tmp_path: Path, older: Path) -> None:
    put_back(older, tmp_path)

    with pytest.raises(VaultRolledBackError, match=r"had 26 records and has 19"):
        opened(tmp_path)


def test_the_newest_copy_is_welcome_again(tmp_path: Path, older: Path) -> None:
    newest = copied(tmp_path, tmp_path / "newest")
    put_back(older, tmp_path)
    put_back(newest, tmp_path)
    vault = opened(tmp_path)

    assert vault.reader.counts()["entries"] == 15
    vault.close()


def test_an_accepted_older_copy_goes_on_as_a_new_device_on_a_chain_of_its_own(tmp_path: Path, older: Path) -> None:
    newest = copied(tmp_path, tmp_path / "newest")
    put_back(older, tmp_path)
    vault = opened(tmp_path, accept_older=True)
    write_page(vault, 4)
    assert len(vault.info().devices) == 2
    assert vault.verify(silent).is_valid
    vault.close()
    opened(tmp_path).close()
    # The newer one has kept its own anchor and is as welcome as before.
    put_back(newest, tmp_path)
    vault = opened(tmp_path)

    assert len(vault.info().devices) == 1
    vault.close()


def test_a_copy_that_went_on_by_itself_is_refused(tmp_path: Path, older: Path) -> None:
    put_back(older, tmp_path)
    shutil.copytree(tmp_path / "here", tmp_path / "kept")
    for path in (tmp_path / "here" / "vaults").glob("*.anchor"):
        path.unlink()
    vault = opened(tmp_path)
    write_page(vault, 30)
    vault.close()
    shutil.rmtree(tmp_path / "here")
    (tmp_path / "kept").rename(tmp_path / "here")

    with pytest.raises(VaultRolledBackError, match=r"record 26 of device .* is another than it was"):
        opened(tmp_path)


def test_a_lost_write_ahead_log_is_a_rollback(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    vault._database.checkpoint()
    write_page(vault, 1)
    copy = copied(tmp_path, tmp_path / "copy")
    vault.close()
    (copy / "a.vault-wal").unlink()
    put_back(copy, tmp_path)

    with pytest.raises(VaultRolledBackError):
        opened(tmp_path)


def test_on_another_computer_a_copy_is_a_new_device(tmp_path: Path, older: Path) -> None:
    vault = store(tmp_path, computer="there").open(older / "a.vault", PASSPHRASE)
    write_page(vault, 5)

    assert len(vault.info().devices) == 2
    vault.close()


def test_on_the_same_computer_it_stays_one_device(tmp_path: Path, older: Path) -> None:
    vault = opened(tmp_path)
    write_page(vault, 5)

    assert len(vault.info().devices) == 1
    vault.close()


def test_the_keyring_alone_tells_an_older_copy(tmp_path: Path) -> None:
    keyring = MemoryKeyring("Test keyring")
    vault = vault_in(tmp_path, keyring)
    write_page(vault, 1)
    vault.close()
    copy = copied(tmp_path, tmp_path / "copy")
    vault = opened(tmp_path, keyring)
    write_page(vault, 2)
    assert vault.info().anchor == "keyring"
    vault.close()
    put_back(copy, tmp_path)
    for path in (tmp_path / "here" / "vaults").glob("*.anchor"):
        path.unlink()

    with pytest.raises(VaultRolledBackError):
        opened(tmp_path, keyring)


def test_a_keyring_that_fails_leaves_the_file_and_the_commit(tmp_path: Path) -> None:
    class Failing(MemoryKeyring):
        def write(self, key: str, secret: bytes) -> None:
            raise CounterfoilError("locked")

    vault = vault_in(tmp_path, Failing("Failing keyring"))
    write_page(vault, 1)

    assert vault.info().anchor == "settings folder"
    assert vault.reader.counts()["entries"] == 5
    vault.close()


def test_a_forged_anchor_is_not_taken_for_one(tmp_path: Path, older: Path) -> None:
    (anchor,) = (tmp_path / "here" / "vaults").glob("*.anchor")
    flip(anchor, 5)

    with pytest.raises(VaultRolledBackError, match="changed by somebody else"):
        opened(tmp_path)
    opened(tmp_path, accept_older=True).close()


@pytest.mark.parametrize("left", [b"", bytes(100)])
def test_what_a_power_cut_leaves_of_an_anchor_is_none(tmp_path: Path, older: Path, left: bytes) -> None:
    (anchor,) = (tmp_path / "here" / "vaults").glob("*.anchor")
    anchor.write_bytes(left)
    opened(tmp_path).close()

    assert any(anchor.read_bytes())


def test_a_commit_outlives_an_anchor_that_cannot_be_written(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    shutil.rmtree(tmp_path / "here" / "vaults")
    (tmp_path / "here" / "vaults").write_text("no folder")
    write_page(vault, 1)

    assert vault.reader.counts()["entries"] == 5
    vault.close()


def test_an_anchor_is_only_ever_raised(tmp_path: Path) -> None:
    key = DataKey(bytes(32), bytes(16))
    one, other = (Anchor(tmp_path / "x.anchor", MemoryKeyring("Ring"), key) for _ in range(2))
    one.raise_to({("book", "d1"): (4, "aa")})
    other.committed("book", "d1", 9, "bb")
    one.committed("book", "d1", 7, "cc")
    one.committed("book", "d2", 1, "dd")
    one.close()
    other.close()

    assert other.known() == {("book", "d1"): (9, "bb"), ("book", "d2"): (1, "dd")}


def test_comparing_takes_no_longer_for_a_longer_journal(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)

    def steps() -> int:
        taken: list[None] = []
        with vault._database.read() as connection:
            connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            connection.set_progress_handler(lambda: taken.append(None), 1)
            assert difference(connection, chains(connection)) == ""
            connection.set_progress_handler(None, 0)
        return len(taken)

    short = steps()
    write_page(vault, 1, rows=2_000)

    assert steps() == short
    vault.close()
