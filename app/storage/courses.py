"""What late history is read with: what changed since a record, the entries of one asset, and kept checkpoints."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

from app.core.ledger.entries import Entry, EntryKind, plain_hash
from app.core.model.accounts import Book
from app.core.model.checkpoints import Kept
from app.core.ports import AssetRegistry
from app.storage.bodies import Blob, portions, told
from app.storage.changes import start_of
from app.storage.projections import State
from app.storage.words import Words

_VOID = int(State.VOID)
_MOVES = (EntryKind.DEPOSIT, EntryKind.WITHDRAWAL)


class Databases(Protocol):
    """The database, as far as courses need it."""

    def write(self) -> AbstractContextManager[Any]:
        """Begin a writing transaction: committed at the end, rolled back on any exception."""

    def read(self) -> AbstractContextManager[Any]:
        """Begin a reading transaction on one consistent state."""


class SqlCourses:
    """Reads and keeps courses of one book."""

    def __init__(self, database: Databases, book: Book, assets: AssetRegistry) -> None:
        """Take the database, which gives each thread a reading connection of its own."""
        self._database = database
        self._book = book
        self._assets = assets

    def newest(self) -> int:
        """Return the number of the newest record of the vault."""
        with self._database.read() as connection:
            return int(connection.execute("SELECT coalesce(max(n), 0) FROM records").fetchone()[0])

    def first_change(self, asset: str, seen: int) -> int | None:
        """Return the start of the first month in which entries of an asset changed after a record; None for none."""
        with self._database.read() as connection:
            words = Words(connection, self._assets)
            (month,) = connection.execute(
                "SELECT min(month) FROM asset_months WHERE book = ? AND asset = ? AND changed > ?",
                (words.find(self._book.book_id), words.find_asset(asset), seen),
            ).fetchone()
        return None if month is None else start_of(month)

    def entries(self, asset: str, since_ns: int | None) -> Sequence[tuple[str, Entry]]:
        """Return current entries that touch an asset since a moment, in the order of time.

        Where one is an end of a transfer, the other end comes with it, whenever that was.
        """
        with self._database.read() as connection:
            words = Words(connection, self._assets)
            book, number = words.find(self._book.book_id), words.find_asset(asset)
            rows = connection.execute(
                "SELECT id, body FROM entries CROSS JOIN bodies ON bodies.n = current"
                " WHERE book = ? AND at >= ? AND state <> ? AND instr(touches, ?)",
                (book, -(2**63) if since_ns is None else since_ns, _VOID, f",s{number},"),
            )
            found = list(told(rows))
            found += told(self._other_ends(connection, book, found))
        return sorted(found, key=lambda one: one[1].at)

    def _other_ends(self, connection: Any, book: int, found: Sequence[tuple[str, Entry]]) -> list[tuple[bytes, bytes]]:
        hashes = sorted({
            plain_hash(entry.references["tx_hash"])
            for _, entry in found
            if entry.kind in _MOVES and entry.references.get("tx_hash")
        })  # fmt: skip
        rows: list[tuple[bytes, bytes]] = []
        for part in portions(hashes):
            marks = ",".join("?" * len(part))
            rows += connection.execute(
                "SELECT id, body FROM ends JOIN entries USING (n) JOIN bodies ON bodies.n = current"  # noqa: S608 - marks
                f" WHERE ends.book = ? AND tx_hash IN ({marks})",
                (book, *part),
            ).fetchall()
        for moved in portions([bytes.fromhex(entry_id) for entry_id, entry in found if entry.kind in _MOVES]):
            marks = ",".join("?" * len(moved))
            rows += connection.execute(
                # From the few ids on, in this order: left to itself SQLite reads every entry of the book.
                "SELECT DISTINCT other.id, body FROM entries CROSS JOIN bonds ON bonds.n = entries.n"  # noqa: S608 - marks
                " CROSS JOIN bonds AS bound ON bound.record = bonds.record"
                " CROSS JOIN entries AS other ON other.n = bound.n CROSS JOIN bodies ON bodies.n = other.current"
                f" WHERE entries.id IN ({marks}) AND other.state <> ?",
                (*moved, _VOID),
            ).fetchall()
        known = {entry_id for entry_id, _ in found}
        return [*{row[0]: row for row in rows if row[0].hex() not in known}.values()]

    def seen(self, question: bytes, asset: str) -> int | None:
        """Return the newest record that the kept checkpoints take in; None where there are none."""
        with self._database.read() as connection:
            row = connection.execute(
                "SELECT seen FROM courses WHERE book = ? AND question = ? AND asset = ?",
                (self._number(connection), question, asset),
            ).fetchone()
        return None if row is None else int(row[0])

    def latest(self, question: bytes, asset: str, until_ns: int) -> Sequence[Kept]:
        """Return kept checkpoints until a moment, the newest first, a few at most."""
        with self._database.read() as connection:
            rows = connection.execute(
                "SELECT at, prices, content FROM checkpoints JOIN courses USING (course)"
                " WHERE book = ? AND question = ? AND asset = ? AND at <= ? ORDER BY at DESC LIMIT 3",
                (self._number(connection), question, asset, until_ns),
            ).fetchall()
        return [Kept(*row) for row in rows]

    def keep(self, question: bytes, asset: str, seen: int, after_ns: int | None, made: Sequence[Kept]) -> None:
        """Keep checkpoints in place of all after a moment (None: of all); belongs on the storage thread."""
        with self._database.write() as connection:
            book = self._number(connection)
            connection.execute(
                "INSERT INTO courses (book, question, asset, seen) VALUES (?, ?, ?, ?)"
                " ON CONFLICT DO UPDATE SET seen = excluded.seen",
                (book, question, asset, seen),
            )
            (course,) = connection.execute(
                "SELECT course FROM courses WHERE book = ? AND question = ? AND asset = ?", (book, question, asset)
            ).fetchone()
            after = -(2**63) if after_ns is None else after_ns
            connection.execute("DELETE FROM checkpoints WHERE course = ? AND at > ?", (course, after))
            connection.executemany(
                "INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?, ?)",
                [(course, one.at, Blob(one.prices), Blob(one.content)) for one in made],
            )
            _forget_old(connection, book)

    def _number(self, connection: Any) -> int:
        return Words(connection, self._assets).find(self._book.book_id)


def _forget_old(connection: Any, book: int) -> None:
    """Forget the checkpoints of questions that were asked long ago: each can be derived again."""
    old = connection.execute(
        "SELECT question FROM courses WHERE book = ? GROUP BY question ORDER BY max(course) DESC LIMIT -1 OFFSET ?",
        (book, _QUESTIONS),
    ).fetchall()
    for (question,) in old:
        connection.execute(
            "DELETE FROM checkpoints WHERE course IN (SELECT course FROM courses WHERE book = ? AND question = ?)",
            (book, question),
        )
        connection.execute("DELETE FROM courses WHERE book = ? AND question = ?", (book, question))


_QUESTIONS = 4
"""Questions whose checkpoints are kept: a country with its options, or a comparison with another method."""
