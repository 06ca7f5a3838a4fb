"""The journal, and the projections that are derived from it."""

from __future__ import annotations

from typing import Any

VERSION = 1
TITLE = "journal and projections"

JOURNAL = (
    "CREATE TABLE chains (chain INTEGER PRIMARY KEY, book TEXT NOT NULL, device BLOB NOT NULL, UNIQUE (book, device))",
    """CREATE TABLE records (
        n INTEGER PRIMARY KEY, chain INTEGER NOT NULL, seq INTEGER NOT NULL, kind TEXT NOT NULL,
        hash BLOB NOT NULL, header BLOB NOT NULL, signature BLOB)""",
    "CREATE UNIQUE INDEX records_by_seq ON records (chain, seq)",
    "CREATE TABLE bodies (n INTEGER PRIMARY KEY, salt BLOB NOT NULL, body BLOB NOT NULL)",
    "CREATE TABLE tombstones (n INTEGER PRIMARY KEY, erased_at INTEGER NOT NULL, reason TEXT NOT NULL)",
)

WORKING = (
    # Numbers of words are no part of any record: they only keep the rows of projections short.
    "CREATE TABLE words (number INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE)",
    "CREATE TABLE assets (number INTEGER PRIMARY KEY, asset_id TEXT NOT NULL UNIQUE, scale INTEGER NOT NULL)",
    # How far a stream was read moves on even where nothing new was found, and then no record is written.
    """CREATE TABLE cursors (
        book INTEGER NOT NULL, source INTEGER NOT NULL, stream INTEGER NOT NULL, cursor TEXT NOT NULL,
        read_at INTEGER NOT NULL, PRIMARY KEY (book, source, stream)) WITHOUT ROWID""",
)

PROJECTIONS = {
    "books": """(book_id TEXT PRIMARY KEY, name TEXT NOT NULL, base_currency TEXT NOT NULL,
        simulated INTEGER NOT NULL) WITHOUT ROWID""",
    "accounts": """(book INTEGER NOT NULL, account INTEGER NOT NULL, name TEXT NOT NULL, venue TEXT NOT NULL,
        PRIMARY KEY (book, account)) WITHOUT ROWID""",
    "observations": """(n INTEGER PRIMARY KEY, book INTEGER NOT NULL, source INTEGER NOT NULL,
        stream INTEGER NOT NULL, read_at INTEGER NOT NULL, entries INTEGER NOT NULL, digest BLOB NOT NULL)""",
    "entries": """(n INTEGER PRIMARY KEY, id BLOB NOT NULL, book INTEGER NOT NULL, account INTEGER NOT NULL,
        at INTEGER NOT NULL, resolution INTEGER NOT NULL, kind INTEGER NOT NULL, state INTEGER NOT NULL,
        weak INTEGER NOT NULL, current INTEGER NOT NULL, observation INTEGER, content BLOB NOT NULL,
        touches TEXT NOT NULL, told_account INTEGER NOT NULL, told_second INTEGER NOT NULL)""",
    "texts": "(n INTEGER PRIMARY KEY, text TEXT NOT NULL)",
    "legs": """(n INTEGER NOT NULL, i INTEGER NOT NULL, account INTEGER NOT NULL, sub_place INTEGER NOT NULL,
        asset INTEGER NOT NULL, role INTEGER NOT NULL, high INTEGER NOT NULL, middle INTEGER NOT NULL,
        low INTEGER NOT NULL, PRIMARY KEY (n, i)) WITHOUT ROWID""",
    "balances": """(book INTEGER NOT NULL, account INTEGER NOT NULL, sub_place INTEGER NOT NULL,
        asset INTEGER NOT NULL, high INTEGER NOT NULL, middle INTEGER NOT NULL, low INTEGER NOT NULL,
        PRIMARY KEY (book, account, sub_place, asset)) WITHOUT ROWID""",
    "asset_entries": """(book INTEGER NOT NULL, asset INTEGER NOT NULL, entries INTEGER NOT NULL,
        PRIMARY KEY (book, asset)) WITHOUT ROWID""",
    "readings": """(book INTEGER NOT NULL, account INTEGER NOT NULL, sub_place INTEGER NOT NULL,
        asset INTEGER NOT NULL, quantity TEXT NOT NULL, at INTEGER NOT NULL, n INTEGER NOT NULL,
        PRIMARY KEY (book, account, sub_place, asset)) WITHOUT ROWID""",
    "aliases": "(id BLOB PRIMARY KEY, n INTEGER NOT NULL, record INTEGER NOT NULL) WITHOUT ROWID",
    "claims": """(record INTEGER NOT NULL, i INTEGER NOT NULL, book INTEGER NOT NULL, owner INTEGER NOT NULL,
        second INTEGER NOT NULL, account INTEGER NOT NULL, sub_place INTEGER NOT NULL, asset INTEGER NOT NULL,
        quantity TEXT NOT NULL, PRIMARY KEY (record, i)) WITHOUT ROWID""",
    "links": "(n INTEGER NOT NULL, record INTEGER NOT NULL, PRIMARY KEY (n, record)) WITHOUT ROWID",
    "findings": """(n INTEGER NOT NULL, i INTEGER NOT NULL, book INTEGER NOT NULL, finding BLOB NOT NULL,
        PRIMARY KEY (n, i)) WITHOUT ROWID""",
}

INDEXES = (
    "CREATE UNIQUE INDEX entries_by_id ON entries (id)",
    "CREATE INDEX entries_by_time ON entries (book, at)",
    "CREATE INDEX weak_entries ON entries (book, told_account, told_second) WHERE weak = 1",
    "CREATE INDEX observations_by_digest ON observations (digest)",
    "CREATE INDEX claims_by_second ON claims (book, owner, second)",
)


def apply(connection: Any) -> None:
    """Create everything, empty."""
    for statement in (*JOURNAL, *WORKING):
        connection.execute(statement)
    create_projections(connection)


def create_projections(connection: Any) -> None:
    """Create the derived tables, empty: at the start, and where they are rebuilt from the journal."""
    for name, columns in PROJECTIONS.items():
        connection.execute(f"CREATE TABLE {name} {columns}")
    for statement in INDEXES:
        connection.execute(statement)


def drop_projections(connection: Any) -> None:
    """Drop everything that can be derived again."""
    for name in PROJECTIONS:
        connection.execute(f"DROP TABLE IF EXISTS {name}")
