"""A database of the seam without lock files or migrations, for tests of the journal alone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from app.storage.migrations import m0001_journal, m0003_late_history, m0004_decisions, m0005_alerts

_KEY = "PRAGMA key = \"x'" + "11" * 32 + "22" * 16 + "'\""


class PlainDatabase:
    """SQLCipher with WAL and synchronous=FULL, as the vault sets it up."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._readers = threading.local()
        self._writer = self._connect()
        if not self._writer.execute("PRAGMA user_version").fetchone()[0]:
            self._writer.execute("BEGIN IMMEDIATE")
            m0001_journal.apply(self._writer)
            m0003_late_history.apply(self._writer)
            m0004_decisions.apply(self._writer)
            m0005_alerts.apply(self._writer)
            self._writer.execute("PRAGMA user_version = 1")
            self._writer.execute("COMMIT")

    def _connect(self) -> Any:
        connection = dbapi2.connect(str(self.path), isolation_level=None, timeout=10, check_same_thread=False)
        for pragma in ("cipher_log_level = NONE", "journal_mode = WAL", "synchronous = FULL", "temp_store = MEMORY"):
            if pragma.startswith("cipher"):
                connection.execute(_KEY)
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("PRAGMA cache_size = -65536")
        return connection

    @contextmanager
    def write(self) -> Iterator[Any]:
        self._writer.execute("BEGIN IMMEDIATE")
        try:
            yield self._writer
            self._writer.execute("COMMIT")
        except BaseException:
            self._writer.execute("ROLLBACK")
            raise

    @contextmanager
    def read(self) -> Iterator[Any]:
        if not hasattr(self._readers, "connection"):
            self._readers.connection = self._connect()
        connection = self._readers.connection
        connection.execute("BEGIN")
        try:
            yield connection
        finally:
            connection.execute("ROLLBACK")
