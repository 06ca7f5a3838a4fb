"""One transaction of the journal: records sealed one after the other, ended by a signed commit."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Protocol

from app.core.journal.chain import SIGNING_CONTEXT, Chain, Sealed
from app.core.journal.commitments import SALT_BYTES
from app.core.journal.encoding import encode
from app.core.journal.records import GENESIS, RecordKind
from app.storage.bodies import Blob


class Signer(Protocol):
    """The device that writes."""

    @property
    def fingerprint(self) -> str:
        """Return 16 bytes of the hash of the public key, in hex."""

    @property
    def public_key(self) -> bytes:
        """Return the Ed25519 public key."""

    def sign(self, message: bytes) -> bytes:
        """Return the signature of a message."""


class Transaction:
    """Seals records at the head of this device's chain; nothing is written before `finish`."""

    def __init__(self, connection: Any, book: str, signer: Signer, now: int) -> None:
        """Take up the chain at its head, inside the writing transaction that the caller holds."""
        self._connection = connection
        self._signer = signer
        self._now = now
        device = bytes.fromhex(signer.fingerprint)
        self._chain_number = self._find_chain(book, device)
        length, head, self._previous = self._heads()
        self.chain = Chain(book, device, length=length, head=head, now=now)
        (self._next,) = connection.execute("SELECT coalesce(max(n), 0) + 1 FROM records").fetchone()
        self._records: list[tuple[int, int, int, str, Blob, Blob]] = []
        self._bodies: list[tuple[int, Blob, Blob]] = []
        if not length:
            self.seal(RecordKind.DEVICE, encode({"public_key": signer.public_key, "signature": "ed25519"}))

    def _find_chain(self, book: str, device: bytes) -> int:
        asked = "SELECT chain FROM chains WHERE book = ? AND device = ?"
        row = self._connection.execute(asked, (book, device)).fetchone()
        if row is None:
            self._connection.execute("INSERT INTO chains (book, device) VALUES (?, ?)", (book, device))
            row = self._connection.execute(asked, (book, device)).fetchone()
        return int(row[0])

    def _heads(self) -> tuple[int, bytes, bytes | None]:
        newest = "SELECT seq, hash FROM records WHERE chain = ? ORDER BY seq DESC LIMIT 1"
        row = self._connection.execute(newest, (self._chain_number,)).fetchone()
        # The newest record of a chain is always a commit: each transaction ends in one.
        return (0, GENESIS, None) if row is None else (row[0], row[1], row[1])

    def seal(self, kind: str, body: bytes) -> tuple[int, bytes]:
        """Return the number and hash of the next record."""
        return self._add(self.chain.seal(kind, body, os.urandom(SALT_BYTES)))

    def seal_all(self, kind: str, bodies: Sequence[bytes]) -> range:
        """Return the numbers of the next records, one per body."""
        salts = os.urandom(SALT_BYTES * len(bodies))
        numbers = range(self._next, self._next + len(bodies))
        for place, body in enumerate(bodies):
            self._add(self.chain.seal(kind, body, salts[place * SALT_BYTES : (place + 1) * SALT_BYTES]))
        return numbers

    def _add(self, sealed: Sealed) -> tuple[int, bytes]:
        number = self._next
        self._next = number + 1
        seq, kind, hashed, header, salt, body = sealed
        self._records.append((number, self._chain_number, seq, kind, Blob(hashed), Blob(header)))
        self._bodies.append((number, Blob(salt), Blob(body)))
        return number, hashed

    def finish(self, cursor: tuple[str, str, str, int] | None = None) -> bytes:
        """Seal and sign the commit, write all records, and return the new head.

        `cursor` is (source, stream, how far, read at): it stands in the commit of the records that it covers.
        """
        content: dict[str, Any] = {"count": len(self._records), "previous": self._previous}
        if cursor is not None:
            content["cursor"] = list(cursor)
        sealed = self.chain.seal(RecordKind.COMMIT, encode(content), os.urandom(SALT_BYTES))
        self._add(sealed)
        *unsigned, commit = self._records
        signed = (*commit, self._signer.sign(SIGNING_CONTEXT + sealed.hash))
        self._connection.executemany("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, NULL)", unsigned)
        self._connection.execute("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?)", signed)
        self._connection.executemany("INSERT INTO bodies VALUES (?, ?, ?)", self._bodies)
        return sealed.hash
