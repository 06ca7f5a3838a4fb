"""Work on the journal: everything that one writing transaction needs, and its end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.core.journal.bodies import Origin
from app.core.journal.encoding import encode
from app.core.journal.records import RecordKind
from app.core.ports import AssetRegistry
from app.storage.known import Books
from app.storage.planning import Planner, Prepared
from app.storage.projections import EntryRow
from app.storage.replay import Replay
from app.storage.sealing import Signer, Transaction
from app.storage.words import Words

Cursor = tuple[str, str, str, int]
"""(source, stream, how far, read at)."""


class Work:
    """One writing transaction over one book; where nothing is sealed, nothing of the journal is written."""

    def __init__(self, connection: Any, book: str, signer: Signer, now: int, assets: AssetRegistry) -> None:
        """Take the connection inside its writing transaction."""
        self.connection = connection
        self.words = Words(connection, assets)
        self.now = now
        self._book = book
        self._signer = signer
        self._transaction: Transaction | None = None
        self._replay: Replay | None = None
        self._cursor: Cursor | None = None

    @property
    def books(self) -> Books:
        """Return what is known, as this transaction sees it."""
        return Books(self.connection, self.words, self._book)

    @property
    def transaction(self) -> Transaction:
        """Return the transaction on the chain, begun with its first record."""
        if self._transaction is None:
            self._transaction = Transaction(self.connection, self._book, self._signer, self.now)
        return self._transaction

    @property
    def replay(self) -> Replay:
        """Return the projections' side."""
        if self._replay is None:
            self._replay = Replay(self.connection, self.words, self._book)
        return self._replay

    def seal(self, kind: str, fields: Mapping[str, Any]) -> tuple[int, bytes]:
        """Seal a record and apply it to the projections; returns its number and hash."""
        number, sealed = self.transaction.seal(kind, encode(dict(fields)))
        self.replay.apply(number, kind, fields)
        return number, sealed

    def seal_entries(
        self, new: Sequence[Prepared], observation: tuple[int, bytes], normaliser: str, planner: Planner
    ) -> None:
        """Seal entries that were read in an observation."""
        number, pointer = observation
        encode_body = planner.encoder.body
        bodies = [encode_body(one.entry, one.legs, Origin(pointer, one.row, normaliser)) for one in new]
        numbers = self.transaction.seal_all(RecordKind.ENTRY, bodies)
        self.replay.projection.record(
            [
                EntryRow(n, one.entry_id, one.entry, not one.entry.identity.native_id, one.content, number)
                for n, one in zip(numbers, new, strict=True)
            ],
        )

    def move_cursor(self, cursor: Cursor) -> None:
        """Keep how far a stream was read, in the table and in the commit where there will be one."""
        source, stream, how_far, read_at = cursor
        row = (self.words.number(self._book), self.words.number(source), self.words.number(stream), how_far, read_at)
        self.connection.execute("INSERT OR REPLACE INTO cursors VALUES (?, ?, ?, ?, ?)", row)
        self._cursor = cursor

    def finish(self) -> tuple[int, str] | None:
        """Sign and write what was sealed; returns length and head of the chain, None where nothing was."""
        if self._transaction is None:
            return None
        if self._replay is not None:
            self._replay.projection.flush()
        head = self._transaction.finish(self._cursor)
        return self._transaction.chain.length, head.hex()


def newest_head(connection: Any, book: str) -> str:
    """Return the hash of a book's newest record; "" where it has none."""
    heads = [
        connection.execute("SELECT n, hash FROM records WHERE chain = ? ORDER BY seq DESC LIMIT 1", (chain,)).fetchone()
        for (chain,) in connection.execute("SELECT chain FROM chains WHERE book = ?", (book,)).fetchall()
    ]
    known = [row for row in heads if row is not None]
    return max(known)[1].hex() if known else ""
