"""Daily closes and the last marks, in an encrypted file of their own that can be deleted at any time."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.core.clock import DAY
from app.core.errors import VaultDamagedError, VaultLockedError
from app.core.money import plain
from app.core.ports import Clock
from app.storage.database import SALT_BYTES, Database
from app.storage.files import make_private
from app.storage.keys import DataKey
from app.storage.places import remove_database

_VERSION = 1
_TABLES = (
    """CREATE TABLE closes (
        asset TEXT NOT NULL, currency TEXT NOT NULL, day INTEGER NOT NULL, close TEXT NOT NULL, source TEXT NOT NULL,
        is_final INTEGER NOT NULL, PRIMARY KEY (asset, currency, day)) WITHOUT ROWID""",
    """CREATE TABLE marks (
        asset TEXT PRIMARY KEY, price TEXT NOT NULL, source TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID""",
)


class SqlPriceHistory:
    """Opens its file at the first call; one that is missing or damaged starts empty."""

    def __init__(self, path: Path, key: DataKey, clock: Clock) -> None:
        """Take the file's path and the key from which the file's own follows."""
        self._path = path
        self._key = key
        self._clock = clock
        self._lock = threading.Lock()
        self._database: Database | None = None
        self._identity: tuple[int, int] | None = None
        self._is_closed = False
        self._known: dict[tuple[int, str, str], tuple[tuple[Database | None, int], Mapping[int, Decimal]]] = {}

    def daily(self, asset_id: str, currency: str) -> Mapping[int, Decimal]:
        """Return closes by day number (days since 1970), oldest first."""
        asked = "SELECT day, close FROM closes WHERE asset = ? AND currency = ? ORDER BY day"
        # What another connection writes changes this number, which each connection counts for itself.
        place, ((version,),) = (threading.get_ident(), asset_id, currency), self._read("PRAGMA data_version")
        known = self._known.get(place)
        if known is None or known[0] != (self._database, version):
            closes = {day: Decimal(close) for day, close in self._read(asked, asset_id, currency)}
            known = self._known[place] = (self._database, version), closes
        return known[1]

    def add(self, asset_id: str, currency: str, source: str, closes: Mapping[int, Decimal]) -> None:
        """Keep closes; a closed day that is already there stays, one that was not over yet is replaced."""
        today = self._clock.now_ns() // DAY
        rows = [(asset_id, currency, day, plain(close), source, day < today) for day, close in sorted(closes.items())]
        self._write(
            "INSERT INTO closes VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
            " close = excluded.close, source = excluded.source, is_final = excluded.is_final WHERE NOT closes.is_final",
            rows,
        )

    def marks(self) -> Mapping[str, tuple[Decimal, str, int]]:
        """Return the last kept mark of each asset: price, source, moment."""
        rows = self._read("SELECT asset, price, source, at FROM marks")
        return {asset: (Decimal(price), source, at) for asset, price, source, at in rows}

    def keep_marks(self, marks: Mapping[str, tuple[Decimal, str, int]]) -> None:
        """Keep the last marks for the next start; an older one does not replace a newer one."""
        rows = [(asset, plain(price), source, at) for asset, (price, source, at) in marks.items()]
        self._write(
            "INSERT INTO marks VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
            " price = excluded.price, source = excluded.source, at = excluded.at WHERE excluded.at >= marks.at",
            rows,
        )

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._is_closed = True
            if self._database is not None:
                self._database.close()
                self._database = None
            self._known.clear()

    def _read(self, asked: str, *parameters: Any) -> list[tuple[Any, ...]]:
        database = self._opened()
        try:
            return _rows(database, asked, parameters)
        except VaultDamagedError:
            return _rows(self._reopened(database), asked, parameters)

    def _write(self, statement: str, rows: list[tuple[Any, ...]]) -> None:
        database = self._opened()
        try:
            _insert(database, statement, rows)
        except VaultDamagedError:
            _insert(self._reopened(database), statement, rows)

    def _opened(self) -> Database:
        with self._lock:
            if self._is_closed:
                raise VaultLockedError("The vault is closed.", hint="Unlock it again.", where=str(self._path))
            if self._database is not None and _identity(self._path) != self._identity:
                # Deleted or replaced while it was open: what is written to it now would be lost.
                self._database.close()
                self._database = None
            if self._database is None:
                self._database = self._open()
            return self._database

    def _reopened(self, used: Database) -> Database:
        """Return the history made anew, where no other thread did that already."""
        with self._lock:
            if self._database is used or self._database is None:
                used.close()
                remove_database(self._path)
                self._database = self._open()
            return self._database

    def _open(self) -> Database:
        try:
            return self._prepared()
        except VaultDamagedError:
            remove_database(self._path)
            return self._prepared()

    def _prepared(self) -> Database:
        make_private(self._path)
        salt = self._key.derive(b"prices/salt", SALT_BYTES)
        database = Database(self._path, self._key.derive(b"prices"), salt, is_precious=False)
        try:
            with database.write() as connection:
                (version,) = connection.execute("PRAGMA user_version").fetchone()
                if not version:
                    for statement in (*_TABLES, f"PRAGMA user_version = {_VERSION}"):
                        connection.execute(statement)
                elif version != _VERSION:
                    message = f"The price history has version {version}, not {_VERSION}."
                    raise VaultDamagedError(message, where=str(self._path))  # noqa: TRY301 - as any other damage
        except BaseException:
            database.close()
            raise
        self._identity = _identity(self._path)
        return database


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another one of the same name; None where there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _rows(database: Database, asked: str, parameters: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    with database.read() as connection:
        return list(connection.execute(asked, parameters).fetchall())


def _insert(database: Database, statement: str, rows: list[tuple[Any, ...]]) -> None:
    with database.write() as connection:
        connection.executemany(statement, rows)
