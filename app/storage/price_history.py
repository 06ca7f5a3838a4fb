"""Daily closes by source and what they agree on, and the last marks, in an encrypted file that can be deleted."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.core.clock import DAY
from app.core.errors import VaultDamagedError, VaultLockedError
from app.core.money import plain
from app.core.ports import Clock
from app.core.valuation.closes import LEFT_OUT, WEEK, words
from app.core.valuation.closes import closes as agreed_closes
from app.storage.candles import TABLES as CANDLES
from app.storage.candles import SqlCandles
from app.storage.database import SALT_BYTES, Database
from app.storage.files import make_private
from app.storage.keys import DataKey
from app.storage.places import remove_database
from app.storage.spreads import TABLES as SPREADS
from app.storage.spreads import SqlSpreads

_VERSION = 4
_OTHER_RULES = 3
"""The same tables, with closes that sources agreed on by other rules."""

_TABLES = (
    """CREATE TABLE closes (
        asset TEXT NOT NULL, currency TEXT NOT NULL, day INTEGER NOT NULL, source TEXT NOT NULL, close TEXT NOT NULL,
        is_final INTEGER NOT NULL, PRIMARY KEY (asset, currency, day, source)) WITHOUT ROWID""",
    # What follows from the closes of all sources: so that a figure costs one look, not a comparison of sources.
    """CREATE TABLE agreed (
        asset TEXT NOT NULL, currency TEXT NOT NULL, day INTEGER NOT NULL, close TEXT, how TEXT NOT NULL,
        PRIMARY KEY (asset, currency, day)) WITHOUT ROWID""",
    # For which days an authority was asked; what venues were asked for lies beside their candles.
    """CREATE TABLE asked (
        asset TEXT NOT NULL, currency TEXT NOT NULL, source TEXT NOT NULL, first INTEGER NOT NULL,
        last INTEGER NOT NULL, PRIMARY KEY (asset, currency, source)) WITHOUT ROWID""",
    # Official rates of money: units for one euro.
    """CREATE TABLE official (
        source TEXT NOT NULL, currency TEXT NOT NULL, day INTEGER NOT NULL, rate TEXT NOT NULL,
        PRIMARY KEY (source, currency, day)) WITHOUT ROWID""",
    """CREATE TABLE marks (
        asset TEXT PRIMARY KEY, price TEXT NOT NULL, source TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID""",
)

_KEEP = (
    "INSERT INTO closes VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
    " close = excluded.close, is_final = excluded.is_final WHERE NOT closes.is_final"
)
_REMEMBER = (
    "INSERT INTO asked VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
    " first = min(first, excluded.first), last = max(last, excluded.last)"
)
_KEEP_MARK = (
    "INSERT INTO marks VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
    " price = excluded.price, source = excluded.source, at = excluded.at WHERE excluded.at >= marks.at"
)

_OFFICIAL = "official"
"""Stands for asset and currency where it is told for which days an authority was asked."""


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
        self.candles = SqlCandles(self._read, self._write)
        self.spreads = SqlSpreads(self._read, self._write)
        self._known: dict[tuple[int, str, str], tuple[tuple[Database | None, int], Mapping[int, Decimal]]] = {}

    def daily(self, asset_id: str, currency: str) -> Mapping[int, Decimal]:
        """Return what the sources agree on, by day number (days since 1970), oldest first."""
        asked = "SELECT day, close FROM agreed WHERE asset = ? AND currency = ? AND close NOT NULL ORDER BY day"
        # What another connection writes changes this number, which each connection counts for itself.
        place, ((version,),) = (threading.get_ident(), asset_id, currency), self._read("PRAGMA data_version")
        known = self._known.get(place)
        if known is None or known[0] != (self._database, version):
            closes = {day: Decimal(close) for day, close in self._read(asked, asset_id, currency)}
            known = self._known[place] = (self._database, version), closes
        return known[1]

    def how(self, asset_id: str, currency: str) -> Mapping[int, str]:
        """Return by day number from whom a close is, or why there is none though sources told some."""
        asked = "SELECT day, how FROM agreed WHERE asset = ? AND currency = ?"
        return dict(self._read(asked, asset_id, currency))

    def doubted(self, currency: str) -> Mapping[str, Sequence[int]]:
        """Return by asset the days of which some source was not believed, oldest first."""
        asked = (
            "SELECT asset, day FROM agreed WHERE currency = ? AND (close IS NULL OR instr(how, ?)) ORDER BY asset, day"
        )
        found: dict[str, list[int]] = {}
        for asset, day in self._read(asked, currency, LEFT_OUT):
            found.setdefault(asset, []).append(day)
        return found

    def told(self, asset_id: str, currency: str) -> Mapping[str, Mapping[int, Decimal]]:
        """Return the closes of each source by day number, oldest first."""
        asked = "SELECT source, day, close FROM closes WHERE asset = ? AND currency = ? ORDER BY day"
        return _by_source(self._read(asked, asset_id, currency))

    def add(self, asset_id: str, currency: str, source: str, closes: Mapping[int, Decimal]) -> None:
        """Keep closes; a closed day of a source that is already there stays, one that was not over yet is replaced."""
        today = self._clock.now_ns() // DAY
        rows = [(asset_id, currency, day, source, plain(close), day < today) for day, close in sorted(closes.items())]
        if not rows:
            return

        def kept(connection: Any) -> None:
            connection.executemany(_KEEP, rows)
            _agree(connection, (asset_id, currency), min(closes), max(closes))

        self._write(kept)

    def official(self, source: str) -> Mapping[str, Mapping[int, Decimal]]:
        """Return by currency and day the units for one euro that an authority published."""
        asked = "SELECT currency, day, rate FROM official WHERE source = ? ORDER BY currency, day"
        return _by_source(self._read(asked, source))

    def official_days(self, source: str) -> tuple[int, int] | None:
        """Return the first and last day for which an authority was asked; None where it never was."""
        rows = self._read("SELECT first, last FROM asked WHERE asset = ? AND source = ?", _OFFICIAL, source)
        return (rows[0][0], rows[0][1]) if rows else None

    def keep_official(self, source: str, per_euro: Mapping[str, Mapping[int, Decimal]], asked: tuple[int, int]) -> None:
        """Keep published rates in the place of those of before, and for which days the authority was asked."""
        rows = [(source, code, day, plain(rate)) for code, days in per_euro.items() for day, rate in days.items()]

        def kept(connection: Any) -> None:
            connection.executemany("INSERT OR REPLACE INTO official VALUES (?, ?, ?, ?)", rows)
            connection.execute(_REMEMBER, (_OFFICIAL, _OFFICIAL, source, *asked))

        self._write(kept)

    def marks(self) -> Mapping[str, tuple[Decimal, str, int]]:
        """Return the last kept mark of each asset: price, source, moment."""
        rows = self._read("SELECT asset, price, source, at FROM marks")
        return {asset: (Decimal(price), source, at) for asset, price, source, at in rows}

    def keep_marks(self, marks: Mapping[str, tuple[Decimal, str, int]]) -> None:
        """Keep the last marks for the next start; an older one does not replace a newer one."""
        rows = [(asset, plain(price), source, at) for asset, (price, source, at) in marks.items()]
        self._write(lambda connection: connection.executemany(_KEEP_MARK, rows))

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

    def _write(self, change: Callable[[Any], object]) -> None:
        database = self._opened()
        try:
            _changed(database, change)
        except VaultDamagedError:
            _changed(self._reopened(database), change)

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
                elif version == _OTHER_RULES:
                    _agree_anew(connection)
                elif version != _VERSION:
                    message = f"The price history has version {version}, not {_VERSION}."
                    raise VaultDamagedError(message, where=str(self._path))  # noqa: TRY301 - as any other damage
                for statement in (*CANDLES, *SPREADS):
                    connection.execute(statement)
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


def _changed(database: Database, change: Callable[[Any], object]) -> None:
    with database.write() as connection:
        change(connection)


def _by_source(rows: Iterable[tuple[str, int, str]]) -> dict[str, dict[int, Decimal]]:
    found: dict[str, dict[int, Decimal]] = {}
    for source, day, close in rows:
        found.setdefault(source, {})[day] = Decimal(close)
    return found


def _agree_anew(connection: Any) -> None:
    pairs = connection.execute("SELECT asset, currency, min(day), max(day) FROM closes GROUP BY asset, currency")
    for asset, currency, first, last in pairs.fetchall():
        _agree(connection, (asset, currency), first, last)
    connection.execute(f"PRAGMA user_version = {_VERSION}")


def _agree(connection: Any, of_pair: tuple[str, str], first: int, last: int) -> None:
    """Write anew what the sources agree on, as far as new closes reach: each day is held against the week around it.

    A day on which they do not agree has no close, and says why.
    """
    told = "SELECT source, day, close FROM closes WHERE asset = ? AND currency = ? AND day BETWEEN ? AND ?"
    found = agreed_closes(_by_source(connection.execute(told, (*of_pair, first - 2 * WEEK, last + 2 * WEEK))))
    rows = [
        (*of_pair, day, None if close.price is None else plain(close.price), words(close))
        for day, close in found.items()
        if first - WEEK <= day <= last + WEEK
    ]
    gone = "DELETE FROM agreed WHERE asset = ? AND currency = ? AND day BETWEEN ? AND ?"
    connection.execute(gone, (*of_pair, first - WEEK, last + WEEK))
    connection.executemany("INSERT INTO agreed VALUES (?, ?, ?, ?, ?)", rows)
