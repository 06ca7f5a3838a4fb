"""The whole way of a page into the books, and its storage stage beside plain inserts of the very same rows.

The storage stage is what appending costs beyond its plan (validation and deduplication, which write nothing): records
encoded, hashed, chained and signed, projections derived, rows encrypted, and the commit on the disk.
"""

from __future__ import annotations

import gc
import hashlib
import os
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.bench.figures import AT_LEAST, AT_MOST, Figure, timed
from app.bench.statements import HEADING, kraken_ledgers
from app.bench.vaults import BOOK, apart
from app.core.model.accounts import Account
from app.core.model.pages import Page
from app.core.ports import Runtime
from app.storage.database import Database
from app.storage.journal_store import SqlJournal
from app.storage.known import Books
from app.storage.migrations import m0001_journal, m0003_late_history, m0004_decisions, m0005_alerts
from app.storage.planning import Planner
from app.storage.words import Words

_ROWS, _FEW = 60_000, 3_000
_ROUNDS = 3
_PAGE = 1_000
"""Rows of a page, as the venues with the largest pages give them."""

_ACCOUNT = "kraken"
_TABLES = (
    "records", "bodies", "words", "assets", "cursors", "observations", "entries", "texts", "legs", "balances",
    "asset_entries",
)  # fmt: skip


class _Device:
    """A device with a key of its own."""

    def __init__(self) -> None:
        self._key = Ed25519PrivateKey.generate()
        self.public_key = self._key.public_key().public_bytes_raw()
        self.fingerprint = hashlib.sha256(self.public_key).digest()[:16].hex()

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)


def run(runtime: Runtime, *, quick: bool) -> Sequence[Figure]:
    """Measure whole path and storage stage."""
    with apart(runtime) as (here, folder):
        contents = _contents(kraken_ledgers(folder / "ledgers.csv", _FEW if quick else _ROWS))
        reader = next(form for form in here.statements if form.venue == "kraken")
        pages = [reader.read(content, f"{n}.csv", _ACCOUNT) for n, content in enumerate(contents)]
        ready = dict(zip(contents, pages, strict=True))
        # Nobody who reads a source has all pages in memory, for Python to search them for cycles again and again.
        gc.freeze()
        rounds = [_round(here, folder / str(n), contents, reader.read, ready) for n in range(1 if quick else _ROUNDS)]
        gc.unfreeze()
    entries = rounds[0].entries
    whole, planning, storage, plain = (
        median(getattr(one, name) for one in rounds) for name in ("whole", "planning", "storage", "plain")
    )
    reference = "plain sqlite3 inserts of the same rows"
    return [
        Figure(f"whole path, {entries:,} entries", entries / whole, "entries/s", (AT_LEAST, 10_000)),
        Figure("storage stage", storage, "s", (AT_MOST, 3), reference, plain, of_ratio=True),
        Figure("storage stage", entries / storage, "entries/s"),
        Figure("validation and deduplication", entries / planning, "entries/s"),
        Figure("rounds, of which the medians", len(rounds), "rounds"),
    ]


@dataclass(frozen=True, slots=True)
class _Round:
    """What each part took once, in seconds."""

    entries: int
    whole: float
    planning: float
    storage: float
    plain: float


def _round(runtime: Runtime, folder: Path, contents: Sequence[bytes], read: Any, ready: Mapping[bytes, Page]) -> _Round:
    """Measure every part once.

    Two runs are made of pages that were read before: planning a page first would leave numbers remembered that
    appending then gets for nothing.
    """

    def known(content: bytes, _name: str, _account: str) -> Page:
        return ready[content]

    folder.mkdir()
    whole = _appended(runtime, folder / "whole.db", contents, read)
    parts = _appended(runtime, folder / "parts.db", contents, known)
    planned = _appended(runtime, folder / "plan.db", contents, known, is_planned=True)
    plain = _inserted(folder / "plain.db", parts.rows, len(contents))
    storage = parts.appending - planned.planning
    return _Round(len(parts.rows["entries"]), whole.appending, planned.planning, storage, plain)


def _contents(file: Path) -> list[bytes]:
    lines = file.read_text("utf-8").splitlines(keepends=True)[1:]
    # A trade has two rows: pages of an even number of rows, after the one deposit, cut none in two.
    starts = range(1, len(lines), _PAGE)
    parts = [lines[:1], *(lines[start : start + _PAGE] for start in starts)]
    return [(HEADING + "".join(part)).encode() for part in parts]


@dataclass(slots=True)
class _Run:
    """What appending all pages took, in seconds, and every row that it left."""

    appending: float = 0.0
    planning: float = 0.0
    rows: dict[str, list[Any]] = field(default_factory=dict)


def _appended(runtime: Runtime, path: Path, contents: Sequence[bytes], read: Any, *, is_planned: bool = False) -> _Run:
    """Append all pages; with `is_planned` each is planned once before, which appending then does again."""
    run = _Run()
    with closing(Database(path, os.urandom(32), os.urandom(16))) as database:
        with database.write() as connection:
            m0001_journal.apply(connection)
            m0003_late_history.apply(connection)
            m0004_decisions.apply(connection)
            m0005_alerts.apply(connection)
        journal = SqlJournal(database, _Device(), BOOK, runtime.clock, runtime.assets, _silent)
        journal.set_book(BOOK)
        journal.open_account(Account(_ACCOUNT, "Kraken", "kraken"))
        for number, content in enumerate(contents):
            if is_planned:
                run.planning += _planned(runtime, database, read(content, "", _ACCOUNT))
            with timed() as watch:
                journal.append_page("bench", _ACCOUNT, read(content, f"{number}.csv", _ACCOUNT))
            run.appending += watch.seconds
        with database.read() as connection:
            run.rows = {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in _TABLES}  # noqa: S608
    return run


def _planned(runtime: Runtime, database: Database, page: Page) -> float:
    """Return the seconds that the plan of a page takes on the books as they are."""
    with database.read() as connection:
        words = Words(connection, runtime.assets)
        books = Books(connection, words, BOOK.book_id)
        with timed() as watch:
            Planner(BOOK.book_id).plan("bench", page, books, runtime.clock.now_ns(), words.scale)
    return watch.seconds


def _silent(length: int, head: str) -> None:
    del length, head


def _inserted(path: Path, rows: Mapping[str, Sequence[Any]], pages: int) -> float:
    """Return the seconds that plain inserts of the rows take, one transaction a page, on the disk after each."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "temp_store = MEMORY", "cache_size = -65536"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("BEGIN")
        m0001_journal.apply(connection)
        connection.execute("COMMIT")
        with timed() as watch:
            for page in range(pages):
                connection.execute("BEGIN IMMEDIATE")
                for table, all_rows in rows.items():
                    part = all_rows[page * len(all_rows) // pages : (page + 1) * len(all_rows) // pages]
                    if part:
                        marks = ",".join("?" * len(part[0]))
                        connection.executemany(f"INSERT INTO {table} VALUES ({marks})", part)  # noqa: S608
                connection.execute("COMMIT")
    return watch.seconds
