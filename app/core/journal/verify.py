"""Re-checking a chain record by record: the first break is named by its place and its kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from typing import Any, NamedTuple

from app.core.errors import ChainBrokenError
from app.core.journal.commitments import opens
from app.core.journal.encoding import decode, decode_unchecked, integer, octets, text
from app.core.journal.records import DEVICE_BYTES, GENESIS, HASH_BYTES, VERSION, RecordKind, parse_header

VerifySignature = Callable[[bytes, bytes, bytes], bool]
"""(public key, message, signature) to whether it is genuine."""

_POINTING = (RecordKind.ENTRY, RecordKind.REVISION, RecordKind.EVIDENCE)
_ENTRY = RecordKind.ENTRY.value
_MOMENT = b"\x6brecorded_at"
_OBSERVATION = b"\x6bobservation\x58\x20"
"""The key of a body that points to an observation, and the head of the hash after it."""


class Stored(NamedTuple):
    """A record as it lies in the vault, in this order; salt and body are None where the body is not there."""

    seq: int
    kind: str
    hash: bytes
    header: bytes
    signature: bytes | None
    salt: bytes | None
    body: bytes | None
    is_erased: int = False


Row = tuple[int, str, bytes, bytes, bytes | None, bytes | None, bytes | None, int]
"""The fields of a `Stored`, as a database gives them."""


class ChainCheck:
    """Follows one chain from its start.

    A record that is what it must be costs two hashes and one comparison: its header is built again from what is
    known and compared byte for byte. Only where they differ is the reason looked for.
    """

    def __init__(self, book: str, device: bytes, context: bytes, verify_signature: VerifySignature) -> None:
        """Take the chain's book and device, and what signatures of commits are made over."""
        self._device = device
        self._book = book
        self._context = context
        self._verify_signature = verify_signature
        self._start = b"\xa8\x61v" + integer(VERSION) + b"\x63seq"
        self._middle = b"\x64book" + text(book) + b"\x64kind"
        self._owner = b"\x66device" + octets(device) + b"\x6acommitment\x58\x20"
        self._kinds: dict[str, bytes] = {}
        self._public_key = b""
        self._moment = b""
        self._last_commit = 0
        self._previous_commit: bytes | None = None
        self.length = 0
        self.head = GENESIS
        self.commits = 0
        self.erased = 0
        self.kinds: Counter[str] = Counter()
        self.observations: set[bytes] = set()
        self.pointers: dict[bytes, int] = {}
        """Observation hashes that records name, with the first record that does."""

    def check(self, record: Row) -> str:
        """Return what is wrong with the next record, the fields of a `Stored` in order; "" where it is sound."""
        seq, kind, sealed, header, _, salt, body, _ = record
        if kind == _ENTRY and seq == self.length + 1 and salt is not None and body is not None:
            # This is what nearly every record of a large vault takes: it is written out here, call for call.
            middle = self._kinds.get(kind) or self._kind(kind)
            committed = sha256(salt + body).digest()
            known = b"".join((self._start, integer(seq), middle, self.head, self._owner, committed, _MOMENT))
            is_known = header == known + self._moment and self._points_where_others_do(body)
            if is_known and sha256(b"\x00" + header).digest() == sealed:
                self.length, self.head = seq, sealed
                self.kinds[kind] += 1
                return ""
        return self._check(Stored._make(record))

    def _check(self, record: Stored) -> str:
        seq, kind = record.seq, record.kind
        if seq != self.length + 1:
            return f"is missing, the next one is {seq}" if seq > self.length + 1 else "occurs twice"
        wrong = self._header_fault(record) or self._meaning_fault(record)
        if wrong:
            return wrong
        self.length = seq
        self.head = record.hash
        self.kinds[kind] += 1
        return ""

    def _points_where_others_do(self, body: bytes) -> bool:
        """Tell whether a body names one observation that records before it name: it need not be decoded for that."""
        at = body.find(_OBSERVATION)
        if at < 0 or body.rfind(_OBSERVATION) != at:
            return False
        start = at + len(_OBSERVATION)
        return body[start : start + HASH_BYTES] in self.pointers

    def _kind(self, kind: str) -> bytes:
        made = self._kinds[kind] = self._middle + text(kind) + b"\x64prev\x58\x20"
        return made

    def end(self) -> str:
        """Return what is wrong with the end of the chain."""
        return "" if self._last_commit == self.length else "is not covered by a signed commit"

    def _header_fault(self, record: Stored) -> str:
        if sha256(b"\x00" + record.header).digest() != record.hash:
            return "has a header that does not give its hash: one of both was changed"
        if record.salt is None or record.body is None:
            self.erased += 1
            return self._difference(record) if record.is_erased else "has lost its body without a tombstone"
        middle = self._kinds.get(record.kind) or self._kind(record.kind)
        committed = sha256(record.salt + record.body).digest()
        known = b"".join((self._start, integer(record.seq), middle, self.head, self._owner, committed, _MOMENT))
        if record.header.startswith(known) and _is_moment(record.header[len(known) :]):
            # Records of one transaction have one moment: it is decoded once.
            self._moment = record.header[len(known) :]
            return ""
        return self._difference(record)

    def _difference(self, record: Stored) -> str:
        """Return where a header differs from what must be; "" for a sound one of another version or without a body."""
        try:
            header = parse_header(record.header)
        except ChainBrokenError as error:
            return f"has a header that cannot be read: {error.message}"
        is_open = record.body is None or opens(header.commitment, record.salt or b"", record.body)
        checks = (
            (header.prev == self.head, "does not follow from the one before it"),
            (header.seq == record.seq, f"calls itself record {header.seq}"),
            (header.kind == record.kind, f"is kept as {record.kind} and sealed as {header.kind}"),
            ((header.book, header.device) == (self._book, self._device), "belongs to another chain"),
            (is_open, "has a body that was changed"),
        )
        return next((words for is_sound, words in checks if not is_sound), "")

    def _meaning_fault(self, record: Stored) -> str:
        if record.seq == 1:
            return self._device_fault(record)
        if record.kind == RecordKind.COMMIT:
            return self._commit_fault(record)
        if record.kind in (RecordKind.OBSERVATION, RecordKind.BALANCE_READING):
            self.observations.add(record.hash)
        elif record.kind in _POINTING and record.body is not None:
            for pointer in _pointers(decode_unchecked(record.body)):
                self.pointers.setdefault(pointer, record.seq)
        return ""

    def _device_fault(self, record: Stored) -> str:
        if record.kind != RecordKind.DEVICE or record.body is None:
            return "is not the record of its device, with which a chain starts"
        self._public_key = decode(record.body).get("public_key", b"")
        if sha256(self._public_key).digest()[:DEVICE_BYTES] != self._device:
            return "holds a key that is not the device's"
        return ""

    def _commit_fault(self, record: Stored) -> str:
        if record.signature is None:
            return "is a commit without a signature"
        if not self._verify_signature(self._public_key, self._context + record.hash, record.signature):
            return "has a signature that is not the device's"
        if record.body is not None:
            told = decode(record.body)
            if told["count"] != record.seq - self._last_commit - 1 or told["previous"] != self._previous_commit:
                return "does not cover the records since the last commit"
        self._last_commit = record.seq
        self._previous_commit = record.hash
        self.commits += 1
        return ""


def _is_moment(encoded: bytes) -> bool:
    value = decode_unchecked(encoded) if encoded else None
    return type(value) is int and integer(value) == encoded


def _pointers(told: Any) -> list[bytes]:
    nested = told.get("revised") or {}
    return [pointer for pointer in (told.get("observation"), nested.get("observation")) if pointer is not None]
