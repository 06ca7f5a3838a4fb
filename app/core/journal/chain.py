"""One chain per (book, device): every record names the hash of the one before it."""

from __future__ import annotations

from typing import NamedTuple

from app.core.journal.commitments import SALT_BYTES, commitment
from app.core.journal.encoding import integer, octets, text
from app.core.journal.records import GENESIS, VERSION, record_hash

SIGNING_CONTEXT = b"counterfoil/commit\x00"
"""Set before the hash that is signed, so that no signature of a commit is one of anything else."""


class Sealed(NamedTuple):
    """A record ready to be kept: its header, its hash, and the body with the salt that opens the commitment.

    A tuple, like the other values made once per entry: a frozen dataclass takes three times as long to make.
    """

    seq: int
    kind: str
    hash: bytes
    header: bytes
    salt: bytes
    body: bytes


class Chain:
    """Appends to one chain from its head on.

    The parts of a header that all records of a transaction share are encoded once: an entry costs three hashes and
    one concatenation.
    """

    def __init__(self, book: str, device: bytes, *, length: int = 0, head: bytes = GENESIS, now: int) -> None:
        """Take up a chain at its head; `now` is the moment that its next records carry."""
        self.length = length
        self.head = head
        self._start = b"\xa8\x61v" + integer(VERSION) + b"\x63seq"
        self._book = b"\x64book" + text(book) + b"\x64kind"
        self._device = b"\x66device" + octets(device) + b"\x6acommitment\x58\x20"
        self._end = b"\x6brecorded_at" + integer(now)
        self._kinds: dict[str, bytes] = {}

    def seal(self, kind: str, body: bytes, salt: bytes) -> Sealed:
        """Return the next record of the chain, which is its head from now on."""
        if len(salt) != SALT_BYTES:
            message = f"a salt has {SALT_BYTES} bytes, this one {len(salt)}"
            raise ValueError(message)
        middle = self._kinds.get(kind)
        if middle is None:
            middle = self._kinds[kind] = self._book + text(kind) + b"\x64prev\x58\x20"
        seq = self.length = self.length + 1
        parts = (self._start, integer(seq), middle, self.head, self._device, commitment(salt, body), self._end)
        header = b"".join(parts)
        sealed = self.head = record_hash(header)
        return Sealed(seq, kind, sealed, header, salt, body)
