"""What late history needs: when the entries of an asset last changed, the two ends of transfers, and checkpoints."""

from __future__ import annotations

from typing import Any

from app.core.journal.encoding import decode_unchecked
from app.core.ledger.entries import plain_hash

VERSION = 3
TITLE = "late history"

DERIVED = {
    # The newest record that changed what an asset's entries of a month say: written with that record.
    "asset_months": """(book INTEGER NOT NULL, asset INTEGER NOT NULL, month INTEGER NOT NULL,
        changed INTEGER NOT NULL, PRIMARY KEY (book, asset, month)) WITHOUT ROWID""",
    "ends": "(n INTEGER PRIMARY KEY, book INTEGER NOT NULL, tx_hash TEXT NOT NULL)",
    # What lots follow from, shortened; `seen` is the newest record that it takes in.
    "courses": """(course INTEGER PRIMARY KEY, book INTEGER NOT NULL, question BLOB NOT NULL, asset TEXT NOT NULL,
        seen INTEGER NOT NULL, UNIQUE (book, question, asset))""",
    "checkpoints": """(course INTEGER NOT NULL, at INTEGER NOT NULL, prices BLOB NOT NULL, content BLOB NOT NULL,
        PRIMARY KEY (course, at))""",
}
INDEXES = ("CREATE INDEX ends_by_hash ON ends (book, tx_hash)",)


DECISIONS = ("standing_order", "lot_selection")
"""Kinds of records that are few, and looked for with every figure."""

_MONTH = (
    "12 * CAST(strftime('%Y', at / 1000000000, 'unixepoch') AS INTEGER)"
    " + CAST(strftime('%m', at / 1000000000, 'unixepoch') AS INTEGER) - 1"
)
_MOVES = ("deposit", "withdrawal")


def apply(connection: Any) -> None:
    """Create the tables, and fill them for the entries that are there already."""
    create(connection)
    for kind in DECISIONS:
        connection.execute(f"CREATE INDEX {kind}s ON records (n) WHERE kind = '{kind}'")
    connection.execute(
        f"INSERT INTO asset_months SELECT book, asset, {_MONTH}, max(max(entries.n, current))"  # noqa: S608 - our own
        " FROM entries JOIN legs USING (n) GROUP BY 1, 2, 3"
    )
    rows = connection.execute(
        "SELECT entries.n, book, body FROM entries JOIN words ON number = kind JOIN bodies ON bodies.n = current"
        " WHERE state <> 3 AND word IN (?, ?)",
        _MOVES,
    ).fetchall()
    for n, book, content in rows:
        told = decode_unchecked(content)
        tx_hash = (told.get("revised") or told).get("references", {}).get("tx_hash")
        if tx_hash:
            connection.execute("INSERT INTO ends VALUES (?, ?, ?)", (n, book, plain_hash(tx_hash)))


def create(connection: Any) -> None:
    """Create the derived tables, empty."""
    for name, columns in DERIVED.items():
        connection.execute(f"CREATE TABLE {name} {columns}")
    for statement in INDEXES:
        connection.execute(statement)


def drop(connection: Any) -> None:
    """Drop the derived tables, where they are there."""
    for name in DERIVED:
        connection.execute(f"DROP TABLE IF EXISTS {name}")
