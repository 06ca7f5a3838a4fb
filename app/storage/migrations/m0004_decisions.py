"""One index of the kinds of records that are few and looked for on their own, and every reading of balances as rows."""

from __future__ import annotations

from typing import Any

from app.core.journal.bodies import read_decimal
from app.core.journal.encoding import decode_unchecked
from app.core.money import SCALE, ZERO, add, plain

VERSION = 4
TITLE = "decisions"

KINDS = (
    "balance_reading", "lot_selection", "period_seal", "price_override", "sealed_file", "standing_order",
    "transfer_link", "waiver",
)  # fmt: skip
IS_FEW = f"kind IN ({', '.join(repr(kind) for kind in KINDS)})"
"""Stands word for word in every query that the index shall serve: SQLite compares a partial index by its text."""

BEFORE = ("standing_orders", "lot_selections")
"""Indexes of one kind each, whose work this one does."""

DERIVED = {
    # Entries of which a person said in one record whether they are a transfer: each concerns the others.
    "bonds": "(record INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (record, n)) WITHOUT ROWID",
    "balance_readings": "(n INTEGER PRIMARY KEY, book INTEGER NOT NULL, account INTEGER NOT NULL, at INTEGER NOT NULL)",
    "reported": """(n INTEGER NOT NULL, sub_place INTEGER NOT NULL, asset INTEGER NOT NULL, quantity TEXT NOT NULL,
        PRIMARY KEY (n, sub_place, asset)) WITHOUT ROWID""",
}


def apply(connection: Any) -> None:
    """Replace an index a kind by one for all, also for the kinds to come, and write down what readings said."""
    for name in BEFORE:
        connection.execute(f"DROP INDEX IF EXISTS {name}")
    connection.execute(f"CREATE INDEX decisions ON records (kind, n) WHERE {IS_FEW}")
    create(connection)
    rows = connection.execute(
        f"SELECT n, book, body FROM records CROSS JOIN chains USING (chain) CROSS JOIN bodies USING (n)"  # noqa: S608 - our own words
        f" WHERE {IS_FEW} AND kind = 'balance_reading' ORDER BY n"
    ).fetchall()
    for n, book, content in rows:
        _keep(connection, n, book, decode_unchecked(content))


def _keep(connection: Any, n: int, book: str, fields: dict[str, Any]) -> None:
    row = (n, _word(connection, book), _word(connection, fields["account"]), fields["at"])
    connection.execute("INSERT INTO balance_readings VALUES (?, ?, ?, ?)", row)
    sums: dict[tuple[int, int], Any] = {}
    for sub_place, asset, quantity in fields["balances"]:
        place = _word(connection, sub_place), _asset(connection, asset)
        sums[place] = add(sums.get(place, ZERO), read_decimal(quantity))
    connection.executemany(
        "INSERT INTO reported VALUES (?, ?, ?, ?)", [(n, *place, plain(quantity)) for place, quantity in sums.items()]
    )


def _word(connection: Any, word: str) -> int:
    connection.execute("INSERT OR IGNORE INTO words SELECT coalesce(max(number), 0) + 1, ? FROM words", (word,))
    return int(connection.execute("SELECT number FROM words WHERE word = ?", (word,)).fetchone()[0])


def _asset(connection: Any, asset: str) -> int:
    # An asset that no row knows has no legs, whose limbs would tell its scale.
    connection.execute(
        "INSERT OR IGNORE INTO assets SELECT coalesce(max(number), 0) + 1, ?, ? FROM assets", (asset, SCALE)
    )
    return int(connection.execute("SELECT number FROM assets WHERE asset_id = ?", (asset,)).fetchone()[0])


def create(connection: Any) -> None:
    """Create the derived tables, empty."""
    for name, columns in DERIVED.items():
        connection.execute(f"CREATE TABLE {name} {columns}")
    connection.execute("CREATE INDEX bonds_of_entries ON bonds (n)")


def drop(connection: Any) -> None:
    """Drop the derived tables, where they are there."""
    for name in DERIVED:
        connection.execute(f"DROP TABLE IF EXISTS {name}")
