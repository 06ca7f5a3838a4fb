"""Seals and their proofs: files under a seal, what was recorded after one, and records as others can check them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, Protocol

from app.core.errors import ChainBrokenError, RefusedError
from app.core.journal.commitments import opens
from app.core.journal.encoding import decode_unchecked
from app.core.journal.records import RecordKind, parse_header, record_hash
from app.core.journal.told import Symbol
from app.core.model.accounts import Book
from app.core.model.audit_log import LogFilter, LogLine
from app.core.model.period_seals import LaterRecord, PeriodSeal, SealedPart
from app.core.model.proofs import ChainProof, RecordProof
from app.core.seal.hashes import digest, seal_of
from app.storage import record_log
from app.storage.bodies import portions
from app.storage.decisions import recorded
from app.storage.decisions.seals import file_fields, read_file, seal_fields
from app.storage.migrations.m0005_alerts import IS_FEW
from app.storage.work import Work

_DECISIONS = (
    RecordKind.LOT_SELECTION,
    RecordKind.PRICE_OVERRIDE,
    RecordKind.STANDING_ORDER,
    RecordKind.TRANSFER_LINK,
    RecordKind.WAIVER,
)

_HINT = "Run counterfoil vault verify, and restore a backup made before the damage."


class Readings(Protocol):
    """The database, as far as reading needs it."""

    def read(self) -> AbstractContextManager[Any]:
        """Begin a reading transaction on one consistent state."""


def append_seal(work: Work, book: str, seal: PeriodSeal, files: Mapping[str, bytes]) -> str:
    """Seal every file and then the seal that names them, in one transaction; returns the record's hash."""
    made = recorded(work.connection, book, PeriodSeal)
    newest = max(
        (one.version for one in made if (one.jurisdiction, one.year) == (seal.jurisdiction, seal.year)), default=0
    )
    if seal.version != newest + 1:
        message = f"{seal.jurisdiction.upper()} {seal.year} was sealed as version {newest} meanwhile."
        raise RefusedError(message, hint="Look at that version first: counterfoil tax seals.")
    parts = [
        replace(part, record=work.seal(RecordKind.SEALED_FILE, file_fields(part.name, files[part.name]))[1].hex())
        for part in seal.parts
    ]
    return work.seal(RecordKind.PERIOD_SEAL, seal_fields(replace(seal, parts=tuple(parts))))[1].hex()


class SqlProofs:
    """Reads one book."""

    def __init__(self, database: Readings, book: Book) -> None:
        """Take the database, which gives each thread a reading connection of its own."""
        self._database = database
        self._book = book.book_id

    def sealed_file(self, part: SealedPart) -> bytes:
        """Return the bytes of a file under a seal; ChainBrokenError where they are gone, or not what was sealed."""
        body = self._body(RecordKind.SEALED_FILE, part.record, f"The sealed file {part.name}")
        try:
            content = read_file(decode_unchecked(body))
        except ValueError as error:
            message = f"The sealed file {part.name} cannot be read: {error}."
            raise ChainBrokenError(message, hint=_HINT, where=f"record {part.record}") from error
        if digest(content) != part.hash:
            message = f"The sealed file {part.name} is not what its seal says."
            raise ChainBrokenError(message, hint=_HINT, where=f"record {part.record}")
        return content

    def check_seal(self, seal: PeriodSeal) -> None:
        """Raise ChainBrokenError where a seal is not the hash of its parts, or its record is not what was sealed."""
        self._body(RecordKind.PERIOD_SEAL, seal.record, f"The seal of {seal.name}")
        if seal_of((one.name, one.hash) for one in seal.parts) != seal.seal:
            message = f"The seal of {seal.name} is not the hash of its parts."
            raise ChainBrokenError(message, hint=_HINT, where=f"record {seal.record}")

    def _body(self, kind: RecordKind, record: str, what: str) -> bytes:
        """Return the body of a record, held against its header; that the chain goes through it `verify` checks."""
        asked = f"SELECT header, salt, body FROM records JOIN bodies USING (n) WHERE {IS_FEW} AND kind = ? AND hash = ?"  # noqa: S608
        with self._database.read() as connection:
            row = connection.execute(asked, (kind.value, bytes.fromhex(record))).fetchone()
        where = f"record {record}"
        if row is None:
            raise ChainBrokenError(f"{what} is not in the journal.", hint=_HINT, where=where)
        header, salt, body = row
        if record_hash(header).hex() != record or not opens(parse_header(header).commitment, salt, body):
            raise ChainBrokenError(f"{what} was changed after it was sealed.", hint=_HINT, where=where)
        return bytes(body)

    def later(self, head: str) -> Sequence[LaterRecord]:
        """Return what was recorded, corrected, voided or decided after a record, in the order of the journal."""
        with self._database.read() as connection:
            row = connection.execute("SELECT n FROM records WHERE hash = ?", (bytes.fromhex(head),)).fetchone()
            since = 0 if row is None else row[0]
            changed = connection.execute(_CHANGED, (self._book, since, self._book, since)).fetchall()
            decided = connection.execute(_DECIDED, (*(kind.value for kind in _DECISIONS), self._book, since)).fetchall()
        found = [
            (
                n,
                LaterRecord(
                    kind, seq, sealed.hex(), parse_header(header).recorded_at, entry_id.hex(), at, source or ""
                ),
            )
            for n, kind, seq, sealed, header, entry_id, at, source in changed
        ]
        found += [
            (n, LaterRecord(kind, seq, sealed.hex(), parse_header(header).recorded_at))
            for n, kind, seq, sealed, header in decided
        ]
        return [one for _, one in sorted(found, key=lambda one: one[0])]

    def log(self, asked: LogFilter, before: int | None, limit: int, symbol: Symbol = str) -> Sequence[LogLine]:
        """Return the newest records before one of them, or of all, with what they say; the newest first."""
        with self._database.read() as connection:
            return record_log.lines(connection, self._book, asked, before, limit, symbol)

    def kinds(self) -> Mapping[str, int]:
        """Return how many records there are of each kind, most first."""
        with self._database.read() as connection:
            return record_log.counts(connection, self._book)

    def records(self, entry_ids: Sequence[str]) -> Mapping[str, str]:
        """Return the hash of the record that says what each entry is now, by the id of the entry."""
        found: dict[str, str] = {}
        with self._database.read() as connection:
            for part in portions([bytes.fromhex(one) for one in entry_ids]):
                marks = ",".join("?" * len(part))
                rows = connection.execute(
                    f"SELECT id, hash FROM entries JOIN records ON records.n = current WHERE id IN ({marks})",  # noqa: S608
                    part,
                )
                found.update((entry_id.hex(), sealed.hex()) for entry_id, sealed in rows)
        return found

    def opened(self, hashes: Sequence[str]) -> Sequence[RecordProof]:
        """Return records with what opens their commitments, in the order of the journal."""
        wanted = {bytes.fromhex(one) for one in hashes}
        with self._database.read() as connection:
            numbers = [
                n for n, sealed in connection.execute("SELECT n, hash FROM records ORDER BY n") if sealed in wanted
            ]
            rows = [
                row
                for part in portions(numbers)
                for row in connection.execute(_OPENED.format(",".join("?" * len(part))), part)
            ]
        return [
            RecordProof(seq, kind, sealed.hex(), device.hex(), header, salt, body)
            for seq, kind, sealed, device, header, salt, body in rows
        ]

    def chains(self) -> Sequence[ChainProof]:
        """Return every chain of the book from its start: headers, and the signature of its newest commit."""
        with self._database.read() as connection:
            known = connection.execute("SELECT chain, device FROM chains WHERE book = ? ORDER BY chain", (self._book,))
            return [self._chain(connection, chain, device) for chain, device in known.fetchall()]

    @staticmethod
    def _chain(connection: Any, chain: int, device: bytes) -> ChainProof:
        rows = connection.execute(
            "SELECT header, signature FROM records WHERE chain = ? ORDER BY seq", (chain,)
        ).fetchall()
        (first,) = connection.execute(
            "SELECT body FROM records JOIN bodies USING (n) WHERE chain = ? ORDER BY seq LIMIT 1", (chain,)
        ).fetchone()
        key = decode_unchecked(first)["public_key"]
        return ChainProof(device.hex(), key, tuple(header for header, _ in rows), rows[-1][1])


_CHANGED = """
SELECT entries.n, 'entry', seq, hash, header, id, at, words.word
FROM entries JOIN records USING (n) JOIN words AS book ON book.number = entries.book
    LEFT JOIN observations ON observations.n = observation LEFT JOIN words ON words.number = source
WHERE book.word = ? AND entries.n > ?
UNION ALL
SELECT record, records.kind, seq, hash, header, id, at, NULL
FROM links JOIN records ON records.n = record JOIN entries ON entries.n = links.n
    JOIN words AS book ON book.number = entries.book
WHERE book.word = ? AND record > ? AND records.kind = 'revision'
"""

_DECIDED = f"""
SELECT records.n, kind, seq, hash, header FROM records JOIN chains USING (chain)
WHERE {IS_FEW} AND kind IN ({",".join("?" * len(_DECISIONS))}) AND book = ? AND records.n > ?
"""  # noqa: S608 - our own words

_OPENED = """
SELECT seq, kind, hash, device, header, salt, body
FROM records JOIN chains USING (chain) LEFT JOIN bodies USING (n) WHERE records.n IN ({}) ORDER BY records.n
"""
