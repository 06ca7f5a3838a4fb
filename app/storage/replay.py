"""Replay: what a record means for the projections, the same when it is written and when all is rebuilt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.core.journal.bodies import EntryEncoder, content_digest, read_decimal, read_entry, read_origin
from app.core.journal.encoding import encode
from app.core.journal.records import RecordKind
from app.core.ledger.dedupe import Claim, is_weak, weak_identity
from app.core.ledger.entries import entry_id
from app.core.model.accounts import Account, Book
from app.core.model.pages import Balance
from app.core.ports import AssetRegistry
from app.storage.bodies import body
from app.storage.migrations import m0003_late_history, m0004_decisions
from app.storage.migrations.m0001_journal import create_projections, drop_projections
from app.storage.projections import EntryRow, Projection
from app.storage.words import Words

_ABOUT = {RecordKind.NOTE.value: "entry", RecordKind.LOT_SELECTION.value: "disposal"}
"""Kinds that only tell something of one entry, with the field that names it."""


class Replay:
    """Applies records of one book, in the order in which they were written."""

    def __init__(self, connection: Any, words: Words, book: str) -> None:
        """Take the transaction's connection and words."""
        self._connection = connection
        self._book = book
        self._encoder = EntryEncoder()
        self._observations: dict[bytes, int] = {}
        self.projection = Projection(connection, words, book)

    def apply(self, n: int, kind: str, fields: Mapping[str, Any]) -> None:
        """Apply one record; kinds that are of no concern to projections, or unknown, are passed over."""
        match kind:
            case RecordKind.BOOK:
                named = fields["book"], fields["name"], fields["base_currency"], fields["simulated"]
                self.projection.set_book(Book(*named))
            case RecordKind.ACCOUNT:
                self.projection.open_account(Account(fields["account"], fields["name"], fields["venue"]))
            case RecordKind.OBSERVATION:
                named = fields["source"], fields["stream"], fields["read_at"], fields["digest"]
                self.projection.observe(n, *named)
                self._find(n, fields)
            case RecordKind.ENTRY:
                self.projection.record([self.entry_row(n, fields)])
            case RecordKind.REVISION:
                self._revise(n, fields)
            case RecordKind.EVIDENCE:
                self._evidence(n, fields)
            case RecordKind.BALANCE_READING:
                self._read_balances(n, fields)
            case RecordKind.TRANSFER_LINK:
                ids = [*fields["withdrawals"], *fields["deposits"]]
                self.projection.bind(self.projection.numbers(ids).values(), n)
            case _ if kind in _ABOUT:
                self.projection.link(self.projection.numbers([fields[_ABOUT[kind]]]).values(), n)

    def entry_row(self, n: int, fields: Mapping[str, Any]) -> EntryRow:
        """Return the row of a decoded entry."""
        entry = read_entry(fields)
        weak = is_weak(entry.identity)
        identity = weak_identity(entry) if weak else entry.identity
        known_as = entry_id(self._book, entry.account, identity)
        origin = read_origin(fields)
        observation = None if origin is None else self._observation(origin.observation)
        return EntryRow(n, known_as, entry, weak, content_digest(entry, self._encoder.legs(entry)), observation)

    def _observation(self, pointer: bytes) -> int | None:
        known = self._observations.get(pointer)
        if known is None:
            row = self._connection.execute(
                "SELECT n FROM observations JOIN records USING (n) WHERE hash = ?", (pointer,)
            ).fetchone()
            known = self._observations[pointer] = row[0] if row else 0
        return known or None

    def _find(self, n: int, fields: Mapping[str, Any]) -> None:
        self.projection.find(n, [encode(finding) for finding in fields["findings"]])

    def _revise(self, n: int, fields: Mapping[str, Any]) -> None:
        revised = None if fields["revised"] is None else read_entry(fields["revised"])
        is_told = revised is not None and "observation" in fields["revised"]
        content = b"" if revised is None else content_digest(revised, self._encoder.legs(revised))
        for number in self.projection.numbers([fields["entry"]]).values():
            self.projection.revise(number, n, revised, content, is_told=is_told)

    def _evidence(self, n: int, fields: Mapping[str, Any]) -> None:
        if "rows" in fields:
            known = {entry for _, entries in fields["rows"] for entry in entries}
            self.projection.link(self.projection.numbers(sorted(known)).values(), n)
            return
        parts = tuple((tuple(place), read_decimal(quantity)) for *place, quantity in fields["claims"])
        claim = Claim(tuple(known.hex() for known in fields["entries"]), parts)
        self.projection.alias(fields["id"], (fields["account"], fields["second"]), claim, n)

    def _read_balances(self, n: int, fields: Mapping[str, Any]) -> None:
        balances = [
            Balance(sub_place, asset, read_decimal(quantity)) for sub_place, asset, quantity in fields["balances"]
        ]
        self.projection.read_balances(n, fields["account"], fields["at"], balances)
        self.projection.observe(n, fields["source"], "balances", fields["at"], fields["digest"])
        self._find(n, fields)


def rebuild(database: Any, assets: AssetRegistry) -> int:
    """Derive all projections anew from the journal, in one transaction; returns the number of records read.

    Cursors stay as they are: how far a stream was read is no figure, and may have moved on without a record.
    """
    with database.write() as connection:
        drop_projections(connection)
        create_projections(connection)
        m0003_late_history.drop(connection)
        m0003_late_history.create(connection)
        m0004_decisions.drop(connection)
        m0004_decisions.create(connection)
        words = Words(connection, assets)
        replays: dict[str, Replay] = {}
        count = 0
        for n, kind, book in connection.execute(
            "SELECT n, kind, book FROM records JOIN chains USING (chain) ORDER BY n"
        ).fetchall():
            count += 1
            if kind in (RecordKind.COMMIT, RecordKind.DEVICE):
                continue
            fields = body(connection, n)
            if fields is None:
                continue
            replay = replays.get(book)
            if replay is None:
                replay = replays[book] = Replay(connection, words, book)
            replay.apply(n, kind, fields)
        for replay in replays.values():
            replay.projection.flush()
        return count
