"""One SQLCipher file: opened with a raw key, one writer at a time over all processes, a reader per thread."""

from __future__ import annotations

import contextlib
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from app.core.errors import VaultLockedError
from app.storage.faults import translated
from app.storage.files import FileLock

SALT_BYTES = 16
_PATIENCE = 30.0
_LARGEST_LOG = 64 * 1_024 * 1_024
_CHECKPOINT_PAGES = _LARGEST_LOG // 4_096
"""A page that is written again and again is encrypted into the file once, when the log has reached what it may keep."""
"""What the write-ahead log is cut back to after a big import."""
_WRITER_CACHE_KIB = 64 * 1_024
_READER_CACHE_KIB = 16 * 1_024


def connect(path: Path, key: bytes, salt: bytes, *, cache_kib: int = _READER_CACHE_KIB) -> Any:
    """Return a connection; no page is read yet, so a wrong key is told by the first statement."""
    with translated(path):
        connection = dbapi2.connect(str(path), isolation_level=None, timeout=_PATIENCE, check_same_thread=False)
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{key.hex()}{salt.hex()}'\"")
        for pragma in ("temp_store = MEMORY", "foreign_keys = ON", f"cache_size = -{cache_kib}"):
            connection.execute(f"PRAGMA {pragma}")
    return connection


class _Reader:
    """A reading connection of one thread; its lock keeps `close` from cutting a read in two."""

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.lock = threading.RLock()


class Database:
    """Gives out transactions; every error of SQLCipher leaves it translated."""

    def __init__(self, path: Path, key: bytes, salt: bytes, *, is_precious: bool = True) -> None:
        """Open the file for writing; `is_precious`: each commit is on the disk before it is acknowledged."""
        self.path = path
        self._key = key
        self._salt = salt
        self._writer_lock = threading.RLock()
        self._local = threading.local()
        self._readers: weakref.WeakSet[_Reader] = weakref.WeakSet()
        self._is_closed = False
        self._depth = 0
        self._file_lock = FileLock(lock_path(path))
        try:
            self._writer = connect(path, key, salt, cache_kib=_WRITER_CACHE_KIB)
            with translated(path):
                self._writer.execute("PRAGMA journal_mode = WAL").fetchone()
                self._writer.execute(f"PRAGMA journal_size_limit = {_LARGEST_LOG}")
                self._writer.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}").fetchone()
                self._writer.execute(f"PRAGMA synchronous = {'FULL' if is_precious else 'NORMAL'}")
        except BaseException:
            self.close()
            raise

    def __repr__(self) -> str:
        return f"Database({str(self.path)!r})"

    @contextmanager
    def exclusively(self) -> Iterator[None]:
        """Keep every other writer away, in this process and in others; may be held within itself."""
        with self._writer_lock:
            self._check_open()
            with nullcontext() if self._depth else self._file_lock.held(_PATIENCE):
                self._depth += 1
                try:
                    yield
                finally:
                    self._depth -= 1

    @contextmanager
    def write(self) -> Iterator[Any]:
        """Begin a writing transaction: committed at the end, rolled back on any exception."""
        with self.exclusively(), translated(self.path, is_writing=True):
            writer = self._writer
            writer.execute("BEGIN IMMEDIATE")
            try:
                yield writer
                writer.execute("COMMIT")
            except BaseException:
                # A full disk may have rolled back already.
                if writer.in_transaction:
                    writer.execute("ROLLBACK")
                raise

    @contextmanager
    def read(self) -> Iterator[Any]:
        """Begin a reading transaction on one consistent state; one inside another sees the same state."""
        reader = self._reader()
        connection = reader.connection
        with reader.lock, translated(self.path):
            self._check_open()
            if connection.in_transaction:
                yield connection
                return
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

    def connection(self) -> Any:
        """Return a connection of its own for a long piece of work; whoever asks closes it."""
        self._check_open()
        return connect(self.path, self._key, self._salt)

    def checkpoint(self) -> bool:
        """Move everything from the write-ahead log into the file; tell whether all of it could be moved."""
        with self.exclusively(), translated(self.path, is_writing=True):
            (is_busy, *_) = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not is_busy

    def close(self) -> None:
        """Close every connection; reads that still run are interrupted."""
        self._is_closed = True
        for reader in list(self._readers):
            with contextlib.suppress(dbapi2.Error):
                reader.connection.interrupt()
            with reader.lock:
                reader.connection.close()
        self._local = threading.local()
        with self._writer_lock:
            if hasattr(self, "_writer"):
                self._writer.close()
            self._file_lock.close()
            self._key = b""

    def _reader(self) -> _Reader:
        self._check_open()
        known = getattr(self._local, "reader", None)
        if known is None:
            connection = self.connection()
            with translated(self.path):
                connection.execute("PRAGMA query_only = ON")
            known = self._local.reader = _Reader(connection)
            self._readers.add(known)
        return known

    def _check_open(self) -> None:
        if self._is_closed:
            raise VaultLockedError("The vault is closed.", hint="Unlock it again.", where=str(self.path))


def lock_path(path: Path) -> Path:
    """Return the lock file of a database file."""
    return path.with_name(f"{path.name}-lock")
