"""What Kraken's ledger says, whoever reads it: interface and statement must make one and the same entry of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Protocol

from app.core.ledger.entries import EntryKind, Leg, Role

SPACE = "ledger"
"""The id space of refids."""

_KINDS = {
    "deposit": EntryKind.DEPOSIT,
    "withdrawal": EntryKind.WITHDRAWAL,
    "trade": EntryKind.TRADE,
    "spend": EntryKind.CONVERSION,
    "receive": EntryKind.CONVERSION,
    "conversion": EntryKind.CONVERSION,
    "sale": EntryKind.CONVERSION,
    "staking": EntryKind.REWARD,
    "dividend": EntryKind.REWARD,
    "reward": EntryKind.REWARD,
    "transfer": EntryKind.MOVE,
    "rollover": EntryKind.FEE,
    "margin": EntryKind.OTHER,
    "settled": EntryKind.OTHER,
    "adjustment": EntryKind.OTHER,
    "credit": EntryKind.OTHER,
}
_SUFFIX = re.compile(r"(?P<asset>.+?)(?P<days>\d{2})?\.(?P<mark>[SFBMP])")
_SUB_PLACES = {"S": "staked", "P": "staked", "F": "earn", "B": "earn", "M": "earn"}


class Line(Protocol):
    """One row, as far as its legs need it."""

    @property
    def kind(self) -> EntryKind:
        """Return what kind of event it is."""

    @property
    def sub_place(self) -> str:
        """Return how the asset is held."""

    @property
    def asset(self) -> str:
        """Return the asset's id."""

    @property
    def amount(self) -> Decimal:
        """Return what was moved; what leaves is negative."""

    @property
    def fee(self) -> Decimal:
        """Return what was taken on top."""


def kind_of(word: str, subtype: str) -> EntryKind | None:
    """Return the kind of a type; None for one that is new to us."""
    if word == "earn":
        return EntryKind.REWARD if subtype in {"", "reward"} else EntryKind.MOVE
    return _KINDS.get(word)


def held_as(asset: str, wallet: str) -> tuple[str, str]:
    """Return (sub-place, Kraken's id) of an asset's name: its ending says how it is held, in newer rows the wallet."""
    match = _SUFFIX.fullmatch(asset)
    if match is not None:
        return _SUB_PLACES[match["mark"]], match["asset"]
    word = wallet.partition("/")[0].strip().lower()
    return ("earn" if word == "earn" else "spot"), asset


def legs(account: str, rows: Iterable[Line]) -> tuple[Leg, ...]:
    """Return the legs of rows, each fee beside what it was taken from."""
    found: list[Leg] = []
    # Members of an enumeration are looked up slowly, and there are rows by the hundred thousand.
    reward, principal, fee = EntryKind.REWARD, Role.PRINCIPAL, Role.FEE
    for row in rows:
        role = Role.INTEREST if row.kind is reward else principal
        if row.amount:
            found.append(Leg(account, row.sub_place, row.asset, row.amount, role))
        if row.fee:
            found.append(Leg(account, row.sub_place, row.asset, row.fee.copy_negate(), fee))
    return tuple(found)
