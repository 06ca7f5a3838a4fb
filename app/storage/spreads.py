"""Spreads by instrument and minute, as sums, in the encrypted file of prices: an hour of each, and no more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from app.core.model.market import SpreadMinute

TABLES = (
    """CREATE TABLE IF NOT EXISTS spreads (
        venue TEXT NOT NULL, base TEXT NOT NULL, quote TEXT NOT NULL, start INTEGER NOT NULL,
        first INTEGER NOT NULL, last INTEGER NOT NULL, count INTEGER NOT NULL, total REAL NOT NULL,
        squares REAL NOT NULL, PRIMARY KEY (venue, base, quote, start)) WITHOUT ROWID""",
)

# Two programs may see the same minute: who saw more of it tells it.
_KEEP = (
    "INSERT INTO spreads VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
    " first = excluded.first, last = excluded.last, count = excluded.count, total = excluded.total,"
    " squares = excluded.squares WHERE excluded.count >= spreads.count"
)
_OF = "venue = ? AND base = ? AND quote = ?"
_TRIM = (
    f"DELETE FROM spreads WHERE {_OF} AND start <"  # noqa: S608 - words of our own
    f" (SELECT start FROM spreads WHERE {_OF} ORDER BY start DESC LIMIT 1 OFFSET ?)"
)

Read = Callable[..., list[tuple[Any, ...]]]
Write = Callable[[Callable[[Any], object]], None]


class SqlSpreads:
    """Reads and writes through whoever keeps the file."""

    def __init__(self, read: Read, write: Write) -> None:
        """Take how the file is read and written."""
        self._read, self._write = read, write

    def all(self) -> Sequence[SpreadMinute]:
        """Return what is kept of every instrument, oldest first."""
        return [SpreadMinute(*row) for row in self._read("SELECT * FROM spreads ORDER BY venue, base, quote, start")]

    def keep(self, minutes: Sequence[SpreadMinute], most: int, oldest: int) -> None:
        """Keep minutes, of each instrument so many of the newest, and none that begins before a moment."""
        rows = [
            (one.venue, one.base, one.quote, one.start, one.first, one.last, one.count, one.total, one.squares)
            for one in minutes
        ]
        instruments = dict.fromkeys(row[:3] for row in rows)

        def kept(connection: Any) -> None:
            connection.executemany(_KEEP, rows)
            connection.executemany(_TRIM, [(*one, *one, most - 1) for one in instruments])
            connection.execute("DELETE FROM spreads WHERE start < ?", (oldest,))

        self._write(kept)
