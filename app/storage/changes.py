"""When what the books say of an asset last changed, month by month: written with every change, in its transaction.

Whatever is derived from entries of a time compares these numbers with the newest record that it has seen. So a crash
between a change and what follows from it leaves nothing that is too new, and neither does another process.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from app.core.clock import DAY, SECOND, from_datetime
from app.core.ledger.entries import Entry, EntryKind, plain_hash
from app.storage.bodies import portions

_MOVES = (EntryKind.DEPOSIT, EntryKind.WITHDRAWAL)
_MONTHS = 12


def month_of(at: int) -> int:
    """Return the month of a moment in UTC, counted from the year 0."""
    moment = datetime.fromtimestamp(at // SECOND, UTC)
    return moment.year * _MONTHS + moment.month - 1


def start_of(month: int) -> int:
    """Return the first moment of a month, in nanoseconds."""
    return from_datetime(datetime(month // _MONTHS, month % _MONTHS + 1, 1, tzinfo=UTC))


class Changes:
    """Notes of one book inside one transaction; `flush` writes them."""

    def __init__(self, connection: Any, book: int) -> None:
        """Take the transaction's connection and the number of the book."""
        self._connection = connection
        self._book = book
        self._months: dict[int, int] = {}
        self._changed: dict[tuple[int, int], int] = {}
        self._ends: list[tuple[int, int, str]] = []
        self._hashes: set[str] = set()
        self._moved: set[int] = set()
        self._newest = 0

    def note(self, at: int, assets: Iterable[int], record: int) -> None:
        """Note that a record changed what happened to assets at a moment."""
        day = at // DAY
        month = self._months.get(day)
        if month is None:
            month = self._months[day] = month_of(at)
        for asset in assets:
            self._changed[asset, month] = record
        if record > self._newest:  # noqa: PLR1730 - a call of max for each of millions of entries
            self._newest = record

    def note_entry(self, n: int, entry: Entry, assets: Iterable[int], record: int) -> None:
        """Note a new version of an entry; where it is one end of a transfer, the other end concerns it too."""
        self.note(entry.at, assets, record)
        if entry.kind in _MOVES:
            self._moved.add(n)
        if entry.references and entry.kind in _MOVES:
            tx_hash = plain_hash(entry.references.get("tx_hash", ""))
            if tx_hash:
                self._ends.append((n, self._book, tx_hash))
                self._hashes.add(tx_hash)

    def note_bound(self, entries: Iterable[int], record: int) -> None:
        """Note that a record says of entries whether they are a transfer: those they were one with concern it too."""
        for n in entries:
            self._note(n, record)
            row = self._connection.execute("SELECT tx_hash FROM ends WHERE n = ?", (n,)).fetchone()
            if row is not None:
                self._hashes.add(row[0])

    def _note(self, n: int, record: int) -> None:
        (at,) = self._connection.execute("SELECT at FROM entries WHERE n = ?", (n,)).fetchone()
        self.note(at, self._assets(n), record)
        self._moved.add(n)

    def note_left(self, n: int, record: int) -> None:
        """Note that the version of an entry that is in the tables now counts no more."""
        self._note(n, record)
        self._write_ends()
        row = self._connection.execute("SELECT tx_hash FROM ends WHERE n = ?", (n,)).fetchone()
        if row is not None:
            self._connection.execute("DELETE FROM ends WHERE n = ?", (n,))
            self._hashes.add(row[0])

    def flush(self) -> None:
        """Write what was noted; whether entries with one hash are a transfer depends on all of them."""
        self._write_ends()
        for tx_hash in self._hashes:
            rows = self._connection.execute(
                "SELECT n, at FROM ends JOIN entries USING (n) WHERE ends.book = ? AND tx_hash = ?",
                (self._book, tx_hash),
            ).fetchall()
            for n, at in rows:
                self.note(at, self._assets(n), self._newest)
        self._hashes.clear()
        for n, at in self._bound():
            self.note(at, self._assets(n), self._newest)
        self._moved.clear()
        self._connection.executemany(
            "INSERT INTO asset_months VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
            " changed = max(changed, excluded.changed)",
            [(self._book, asset, month, record) for (asset, month), record in self._changed.items()],
        )
        self._changed.clear()

    def _bound(self) -> list[tuple[int, int]]:
        """Return entries that a person ever named together with one that changed, and when they were."""
        if not self._moved or self._connection.execute("SELECT 1 FROM bonds LIMIT 1").fetchone() is None:
            return []
        found: list[tuple[int, int]] = []
        for part in portions(sorted(self._moved)):
            marks = ",".join("?" * len(part))
            found += self._connection.execute(
                "SELECT DISTINCT entries.n, at FROM bonds CROSS JOIN bonds AS bound ON bound.record = bonds.record"  # noqa: S608 - marks
                f" CROSS JOIN entries ON entries.n = bound.n WHERE bonds.n IN ({marks})",
                part,
            ).fetchall()
        return found

    def _write_ends(self) -> None:
        self._connection.executemany("INSERT OR REPLACE INTO ends VALUES (?, ?, ?)", self._ends)
        self._ends.clear()

    def _assets(self, n: int) -> list[int]:
        return [asset for (asset,) in self._connection.execute("SELECT DISTINCT asset FROM legs WHERE n = ?", (n,))]
