"""Records: the sealed lines of the journal, as headers that bind their bodies by a commitment."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.core.errors import ChainBrokenError
from app.core.journal.encoding import decode

VERSION = 1
GENESIS = bytes(32)
"""What the first record of a chain names as the one before it."""

HASH_BYTES = 32
DEVICE_BYTES = 16


class RecordKind(StrEnum):
    """Kinds that this version writes; the list is open: a kind that is not in it is kept and verified all the same."""

    DEVICE = "device"
    BOOK = "book"
    ACCOUNT = "account"
    OBSERVATION = "observation"
    ENTRY = "entry"
    EVIDENCE = "evidence"
    REVISION = "revision"
    BALANCE_READING = "balance_reading"
    NOTE = "note"
    STANDING_ORDER = "standing_order"
    LOT_SELECTION = "lot_selection"
    TRANSFER_LINK = "transfer_link"
    WAIVER = "waiver"
    PRICE_OVERRIDE = "price_override"
    PERIOD_SEAL = "period_seal"
    SEALED_FILE = "sealed_file"
    ALERT_RULE = "alert_rule"
    ALERT_EVENT = "alert_event"
    COMMIT = "commit"


@dataclass(frozen=True, slots=True)
class Header:
    """The part of a record that is hashed and chained.

    Attributes:
        seq: Place in the chain, from 1.
        prev: Hash of the record before it.
        kind: A RecordKind, or the word of a newer version.
        commitment: Binds the body.
    """

    book: str
    device: bytes
    seq: int
    prev: bytes
    kind: str
    recorded_at: int
    commitment: bytes
    version: int = VERSION


def record_hash(content: bytes) -> bytes:
    """Return SHA-256(0x00 ‖ header): what the next record and every pointer name."""
    return hashlib.sha256(b"\x00" + content).digest()


Upcaster = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Reads the fields of one version as those of the next; the sealed bytes stay as they are."""

HEADER_UPCASTERS: dict[int, Upcaster] = {}
"""By the version that is read. Version 1 is the first, so there is none yet."""


def parse_header(content: bytes, upcasters: Mapping[int, Upcaster] | None = None) -> Header:
    """Return the header of canonical bytes, of this version or an older one; anything else is ChainBrokenError."""
    fields = upcast(decode(content), HEADER_UPCASTERS if upcasters is None else upcasters)
    try:
        header = Header(
            book=fields["book"],
            device=fields["device"],
            seq=fields["seq"],
            prev=fields["prev"],
            kind=fields["kind"],
            recorded_at=fields["recorded_at"],
            commitment=fields["commitment"],
        )
    except KeyError as error:
        message = f"A header lacks its field {error}."
        raise ChainBrokenError(message, hint="Restore a backup made before the damage.") from error
    if len(header.prev) != HASH_BYTES or len(header.commitment) != HASH_BYTES or len(header.device) != DEVICE_BYTES:
        message = f"Header {header.seq} has a field of the wrong length."
        raise ChainBrokenError(message, hint="Restore a backup made before the damage.")
    return header


def upcast(fields: Any, upcasters: Mapping[int, Upcaster]) -> Mapping[str, Any]:
    """Return the fields in the shape of this version."""
    if not isinstance(fields, dict) or not isinstance(fields.get("v"), int):
        message = "A record carries no version."
        raise ChainBrokenError(message, hint="Restore a backup made before the damage.")
    shaped: Mapping[str, Any] = fields
    while shaped["v"] < VERSION and shaped["v"] in upcasters:
        shaped = upcasters[shaped["v"]](shaped)
    if shaped["v"] != VERSION:
        message = f"A record has version {shaped['v']}, this program reads up to {VERSION}."
        raise ChainBrokenError(message, hint="Open the vault with the newest Counterfoil.")
    return shaped
