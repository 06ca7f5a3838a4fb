"""Migrations: after a verified copy, in one transaction, never backwards."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.core.errors import VaultTooNewError
from app.core.ledger.entries import EntryKind
from app.storage import header as headers
from app.storage import migrations
from app.storage.database import connect
from app.storage.migrations import m0002_vault, m0003_late_history, m0004_decisions
from tests.storage.journal_books import ACCOUNT, SOURCE, entry, page
from tests.storage.vaults import PASSPHRASE, silent, store, vault_in, write_page

ROOT = Path(__file__).parents[2]
THIRD = (
    *(f"DROP TABLE {name}" for name in (*m0003_late_history.DERIVED, *m0004_decisions.DERIVED)),
    "DROP INDEX decisions",
)
"""What takes the third version and the one after it back."""

# BEGIN, what version, four tables, version, COMMIT
STATEMENTS = 8


def raw(path: Path) -> Any:
    """A connection past the store, with the vault's key."""
    header, key = headers.unlock(headers.load(path), PASSPHRASE, store(path.parent)._around.keyring, "")
    return connect(path, key.derive(b"database"), header.salt)


def version(path: Path) -> int:
    connection = raw(path)
    try:
        return migrations.version(connection)
    finally:
        connection.close()


def set_back(path: Path, statements: tuple[str, ...]) -> None:
    connection = raw(path)
    for statement in statements:
        connection.execute(statement)
    connection.close()


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """A vault as the first version left it."""
    vault = vault_in(tmp_path)
    write_page(vault, 1)
    vault.close()
    tables = [statement.split()[2] for statement in reversed(m0002_vault.TABLES)]
    set_back(tmp_path / "a.vault", (*THIRD, *[f"DROP TABLE {name}" for name in tables], "PRAGMA user_version = 1"))
    return tmp_path / "a.vault"


def test_an_older_vault_is_brought_up_to_date(first: Path) -> None:
    vault = store(first.parent).open(first, PASSPHRASE)

    assert (vault.info().version, vault.reader.counts()["entries"]) == (migrations.LATEST, 5)
    assert vault.verify(silent).is_valid
    assert vault.setting("theme") is None
    vault.close()


def test_the_copy_from_before_can_be_restored(first: Path) -> None:
    here = store(first.parent)
    here.open(first, PASSPHRASE).close()
    copy = first.with_name("a.vault-before-2")
    assert version_inside(copy) == 1
    info = here.restore(copy, first.with_name("r.vault"), PASSPHRASE)

    assert (info.version, info.entries) == (migrations.LATEST, 5)
    here.destroy(first)
    assert not copy.exists()


def version_inside(copy: Path) -> int:
    header, key = headers.unlock(_keys(copy), PASSPHRASE, store(copy.parent)._around.keyring, "")
    plain = copy.with_name("inside.vault")
    plain.write_bytes(copy.read_bytes())
    connection = connect(plain, key.derive(b"database"), header.salt)
    try:
        return migrations.version(connection)
    finally:
        connection.close()
        plain.unlink()


def _keys(copy: Path) -> bytes:
    from app.storage import backup  # noqa: PLC0415 - only here

    return backup.parts(copy).keys


@pytest.mark.parametrize("statement", range(1, STATEMENTS + 1))
def test_killed_at_any_statement_it_is_the_old_vault_and_then_the_new(first: Path, statement: int) -> None:
    command = [sys.executable, "-m", "tests.storage.migration_process", str(first), str(statement)]
    ended = subprocess.run(command, cwd=ROOT, check=False)  # noqa: S603 - our own
    assert ended.returncode == -9
    assert version(first) == 1
    vault = store(first.parent).open(first, PASSPHRASE)

    assert (vault.info().version, vault.reader.counts()["entries"]) == (migrations.LATEST, 5)
    assert vault.verify(silent).is_valid
    vault.close()


def test_a_migration_that_fails_leaves_the_old_vault_and_its_copy(first: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(m0002_vault, "TABLES", (*m0002_vault.TABLES[:2], "CREATE TABLE"))
    with pytest.raises(Exception, match="incomplete input"):
        store(first.parent).open(first, PASSPHRASE)

    assert version(first) == 1
    assert first.with_name("a.vault-before-2").exists()


def test_a_newer_vault_is_refused_and_not_changed(tmp_path: Path) -> None:
    vault_in(tmp_path).close()
    path = tmp_path / "a.vault"
    set_back(path, ("PRAGMA user_version = 99",))
    before = path.read_bytes()
    with pytest.raises(VaultTooNewError, match="version 99; this Counterfoil knows versions up to 5"):
        store(tmp_path).open(path, PASSPHRASE)

    assert path.read_bytes() == before


def test_versions_follow_one_another() -> None:
    assert [migration.VERSION for migration in migrations.ALL] == list(range(1, migrations.LATEST + 1))


def test_what_late_history_needs_is_derived_from_the_entries_that_are_there(tmp_path: Path) -> None:
    vault = vault_in(tmp_path)
    write_page(vault, 1)
    moves = [
        replace(entry(f"M{row}", row, "1 bitcoin"), kind=EntryKind.DEPOSIT, references={"tx_hash": f"0xAB{row}"})
        for row in (40, 90)
    ]
    vault.writer.append_page(SOURCE, ACCOUNT, page(*moves, cursor="2"))
    vault.writer.revise_entry(vault.reader.export_entries()[-1][0], None, "not mine")
    vault.close()
    before = late_history(tmp_path / "a.vault")
    set_back(tmp_path / "a.vault", (*THIRD, "PRAGMA user_version = 2"))
    store(tmp_path).open(tmp_path / "a.vault", PASSPHRASE).close()

    assert before == late_history(tmp_path / "a.vault")
    assert [row[2] for row in before[1]] == ["ab40"]


def late_history(path: Path) -> tuple[list[Any], list[Any]]:
    """Return what is kept of months and of ends of transfers."""
    connection = raw(path)
    try:
        # By which record a month last changed matters to what is derived from then on only.
        months = connection.execute("SELECT book, asset, month FROM asset_months ORDER BY 1, 2, 3").fetchall()
        return months, connection.execute("SELECT * FROM ends ORDER BY 1").fetchall()
    finally:
        connection.close()
