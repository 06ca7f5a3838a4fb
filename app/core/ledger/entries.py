"""Entries and their legs: one economic event, as signed exact quantities of assets in accounts."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from app.core.clock import SECOND
from app.core.values import made_quickly

_ID_BYTES = 16


class EntryKind(StrEnum):
    """What kind of event an entry is."""

    TRADE = "trade"
    DEPOSIT = "deposit"
    WITHDRAWAL = "withdrawal"
    MOVE = "move"
    """Between sub-places of one account: spot to earn, earn to spot."""
    REWARD = "reward"
    CONVERSION = "conversion"
    FEE = "fee"
    OPENING = "opening"
    ADJUSTMENT = "adjustment"
    """Entered by a person, with a reason. Reading a source never makes one."""
    GIFT = "gift"
    """Given or received for nothing; this and all that follow but OTHER are what a person says an event was."""
    SPENDING = "spending"
    THEFT = "theft"
    LOSS = "loss"
    AIRDROP = "airdrop"
    FORK = "fork"
    MIGRATION = "migration"
    """One asset was replaced by another: a rename, a redenomination, a move to another chain."""
    WRAP = "wrap"
    """Into a token that stands for it, or back."""
    LIQUID_STAKING = "liquid-staking"
    """Staked for a token that stands for it, or back."""
    OTHER = "other"


class Role(StrEnum):
    """What a leg is in its entry."""

    PRINCIPAL = "principal"
    FEE = "fee"
    REBATE = "rebate"
    INTEREST = "interest"
    COLLATERAL = "collateral"
    DEBT = "debt"


@made_quickly
@dataclass(frozen=True, slots=True)
class Leg:
    """A signed exact quantity of one asset in one account and sub-place; what leaves is negative."""

    account: str
    sub_place: str
    asset: str
    quantity: Decimal
    role: Role = Role.PRINCIPAL


@made_quickly
@dataclass(frozen=True, slots=True)
class Identity:
    """What makes an event the same event whoever reads it: the venue's id space, its own id, and the part.

    Attributes:
        native_id: The venue's id; "" where the source gives none, and then the entry is known by its rows.
    """

    space: str
    native_id: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Stated:
    """The value that the source itself gave."""

    amount: Decimal
    currency: str


@made_quickly
@dataclass(frozen=True, slots=True)
class Entry:
    """One economic event.

    Attributes:
        at: Nanoseconds since 1970, UTC.
        resolution: Nanoseconds of the source's clock step (a CSV in whole seconds: 10^9).
        references: Words that point elsewhere: tx_hash, order, address, network, counterparty, note; and acquired,
            the day from which something counts as held.
        is_provisional: The source may still change it.
    """

    account: str
    at: int
    kind: EntryKind
    legs: tuple[Leg, ...]
    identity: Identity
    resolution: int = SECOND
    references: Mapping[str, str] = field(default_factory=dict)
    stated: Stated | None = None
    is_provisional: bool = False


def entry_id(book: str, account: str, identity: Identity) -> bytes:
    """Return the id of an entry: the first 16 bytes of SHA-256 over length-prefixed parts.

    The reader (key, file, interface) is no part of it, so an interface and a statement give one entry.
    """
    part = _prefixed(identity.part) if identity.part else _NO_PART
    parts = _id_start(book, account, identity.space) + _prefixed(identity.native_id) + part
    return hashlib.sha256(parts).digest()[:_ID_BYTES]


def _prefixed(part: str) -> bytes:
    encoded = part.encode()
    return len(encoded).to_bytes(4, "big") + encoded


_NO_PART = _prefixed("")


@functools.lru_cache(maxsize=1_024)
def _id_start(book: str, account: str, space: str) -> bytes:
    return _prefixed(book) + _prefixed(account) + _prefixed(space)


@dataclass(frozen=True, slots=True)
class RowKey:
    """How a row without a native id is known: the same row read twice has the same key."""

    account: str
    sub_place: str
    asset: str
    quantity: Decimal
    second: int


def row_keys(entry: Entry) -> tuple[RowKey, ...]:
    """Return one key per leg, in whole seconds: the coarsest clock of any statement."""
    second = entry.at // SECOND
    return tuple(RowKey(leg.account, leg.sub_place, leg.asset, leg.quantity, second) for leg in entry.legs)


def plain_hash(tx_hash: str) -> str:
    """Return a transaction's hash as all venues would write it: some leave the 0x away, or write capitals."""
    return tx_hash.strip().casefold().removeprefix("0x")
