"""The database: one writer, readers on one state, a full disk and a busy lock are told and undone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from app.core.errors import StorageFullError, VaultDamagedError, VaultError, VaultLockedError
from app.storage import database as module
from app.storage.database import Database
from app.storage.faults import fault
from app.storage.files import FileLock

KEY, SALT = bytes(range(32)), bytes(range(16))


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(tmp_path / "a.vault", KEY, SALT)
    with made.write() as connection:
        connection.execute("CREATE TABLE t (n INTEGER PRIMARY KEY, content BLOB)")
    yield made
    made.close()


def count(database: Database) -> int:
    with database.read() as connection:
        return int(connection.execute("SELECT count(*) FROM t").fetchone()[0])


def insert(database: Database, rows: int = 1) -> None:
    with database.write() as connection:
        connection.executemany("INSERT INTO t (content) VALUES (zeroblob(3000))", [()] * rows)


def test_it_is_set_up_as_a_ledger_needs_it(database: Database) -> None:
    with database.write() as connection:
        asked = ("journal_mode", "synchronous", "temp_store", "foreign_keys")
        found = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in asked]
        found.append(connection.execute("PRAGMA cipher_settings").fetchall()[0][0])

    assert found[:4] == ["wal", 2, 2, 1]


def test_an_exception_undoes_everything(database: Database) -> None:
    def fail() -> None:
        with database.write() as connection:
            connection.execute("INSERT INTO t VALUES (1, x'00')")
            raise KeyError

    with pytest.raises(KeyError):
        fail()

    assert count(database) == 0


def test_a_full_disk_is_told_undone_and_got_over(database: Database) -> None:
    insert(database, 3)
    (pages,) = database._writer.execute("PRAGMA page_count").fetchone()
    database._writer.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StorageFullError) as told:
        insert(database, 100)
    assert count(database) == 3
    database._writer.execute("PRAGMA max_page_count = 100000")
    insert(database)

    assert count(database) == 4
    assert told.value.line().endswith(
        "a.vault: The disk is full; nothing of this step was kept. Free some space and try again."
    )


def test_readers_change_nothing(database: Database) -> None:
    with pytest.raises(VaultError, match="SQLITE_READONLY"), database.read() as connection:
        connection.execute("DELETE FROM t")


def test_a_read_sees_one_state_while_others_write(database: Database) -> None:
    with database.read() as connection:
        before = connection.execute("SELECT count(*) FROM t").fetchone()
        insert(database)
        after = connection.execute("SELECT count(*) FROM t").fetchone()
        with database.read() as inner:
            nested = inner.execute("SELECT count(*) FROM t").fetchone()

    assert before == after == nested == (0,)
    assert count(database) == 1


def test_each_thread_reads_on_a_connection_of_its_own(database: Database) -> None:
    found = []

    def read() -> None:
        with database.read() as connection:
            found.append(connection)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({id(connection) for connection in found}) == 3


def test_the_connection_of_a_thread_that_ended_is_let_go(database: Database) -> None:
    thread = threading.Thread(target=count, args=(database,))
    thread.start()
    thread.join()

    assert len(database._readers) == 0


def test_two_openings_write_one_after_the_other(database: Database) -> None:
    other = Database(database.path, KEY, SALT)

    def write(one: Database) -> None:
        for _ in range(50):
            insert(one)

    writers = [threading.Thread(target=write, args=(one,)) for one in (database, other)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    assert count(other) == 100
    other.close()


def test_a_lock_that_is_not_let_go_is_told(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE", 0.05)
    lock = FileLock(module.lock_path(database.path))
    with lock.held(1), pytest.raises(VaultLockedError, match=r"more than 0\.05 seconds"):
        insert(database)
    lock.close()
    insert(database)

    assert count(database) == 1


def test_exclusive_work_may_write_inside(database: Database) -> None:
    other = FileLock(module.lock_path(database.path))
    with database.exclusively():
        insert(database)
        with pytest.raises(VaultLockedError), other.held(0.01):
            pass
    with other.held(1):
        pass
    other.close()

    assert count(database) == 1


def test_a_checkpoint_moves_everything_into_the_file(database: Database) -> None:
    insert(database, 20)
    log = database.path.with_name("a.vault-wal")
    assert log.stat().st_size > 0
    assert database.checkpoint()

    assert log.stat().st_size == 0


def test_another_key_does_not_open(database: Database) -> None:
    with pytest.raises(VaultDamagedError):
        Database(database.path, KEY[::-1], SALT)


def test_closing_interrupts_a_long_read(database: Database) -> None:
    insert(database, 50)
    is_reading = threading.Event()
    told: list[BaseException] = []

    def read() -> None:
        try:
            with database.read() as connection:
                connection.set_progress_handler(is_reading.set, 1_000)
                connection.execute(
                    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
                )
        except VaultLockedError as error:
            told.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    is_reading.wait()
    database.close()
    reader.join()

    assert [str(error) for error in told] == ["The vault was closed meanwhile."]


@pytest.mark.parametrize(
    ("code", "is_writing", "kind"),
    [
        (13, True, StorageFullError),
        (10, True, StorageFullError),
        (778, True, StorageFullError),
        (10, False, VaultError),
        (11, True, VaultDamagedError),
        (26, False, VaultDamagedError),
        (5, True, VaultLockedError),
        (517, True, VaultLockedError),
        (9, False, VaultLockedError),
        (14, False, VaultError),
        (8, True, VaultError),
        (1, True, None),
        (19, True, None),
    ],
)
def test_each_code_of_sqlite_has_its_error(tmp_path: Path, code: int, *, is_writing: bool, kind: type | None) -> None:
    error = dbapi2.OperationalError("x")
    error.sqlite_errorcode = code

    assert type(fault(error, tmp_path, is_writing=is_writing)) is (kind or type(None))
