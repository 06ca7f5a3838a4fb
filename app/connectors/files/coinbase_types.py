"""What Coinbase's transaction types mean; the words come from the venue's own exports over the years."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from app.core.ledger.entries import EntryKind, Role


class Shape(Enum):
    """How many legs a row has."""

    SINGLE = "single"
    """The row is one transaction of one wallet."""
    ORDER = "order"
    """The row is a filled order: asset, cash and fee."""
    CONVERT = "convert"
    """The row names both assets in its notes."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """A meaning; sign 0 leaves the quantity's own sign (older files write all quantities without one)."""

    kind: EntryKind
    sign: int = 0
    role: Role = Role.PRINCIPAL
    shape: Shape = Shape.SINGLE


_REWARD = Meaning(EntryKind.REWARD, 1, Role.INTEREST)
_MOVE = Meaning(EntryKind.MOVE)
_IN = Meaning(EntryKind.DEPOSIT, 1)
_OUT = Meaning(EntryKind.WITHDRAWAL, -1)
_ORDER_BUY = Meaning(EntryKind.TRADE, 1, shape=Shape.ORDER)
_ORDER_SELL = Meaning(EntryKind.TRADE, -1, shape=Shape.ORDER)

UNKNOWN = Meaning(EntryKind.OTHER)

MEANINGS = {
    "buy": Meaning(EntryKind.TRADE, 1),
    "sell": Meaning(EntryKind.TRADE, -1),
    "advanced trade buy": _ORDER_BUY,
    "advance trade buy": _ORDER_BUY,
    "advanced trade sell": _ORDER_SELL,
    "advance trade sell": _ORDER_SELL,
    "convert": Meaning(EntryKind.CONVERSION, shape=Shape.CONVERT),
    "deposit": _IN,
    "fiat deposit": _IN,
    "receive": _IN,
    "pro withdrawal": _IN,
    "exchange withdrawal": _IN,
    "prime withdrawal": _IN,
    "withdrawal": _OUT,
    "fiat withdrawal": _OUT,
    "send": _OUT,
    "pro deposit": _OUT,
    "exchange deposit": _OUT,
    "prime deposit": _OUT,
    "card spend": _OUT,
    "coinbase earn": _REWARD,
    "learning reward": _REWARD,
    "rewards income": _REWARD,
    "reward income": _REWARD,
    "staking income": _REWARD,
    "staking reward": _REWARD,
    "inflation reward": _REWARD,
    "interest": _REWARD,
    "incentives rewards payout": _REWARD,
    "card buy back": _REWARD,
    "subscription rebate": Meaning(EntryKind.REWARD, 1, Role.REBATE),
    "subscription rebates (24 hours)": Meaning(EntryKind.REWARD, 1, Role.REBATE),
    "subscription": Meaning(EntryKind.FEE, -1, Role.FEE),
    "staking transfer": _MOVE,
    "unstaking transfer": _MOVE,
    "retail staking transfer": _MOVE,
    "retail unstaking transfer": _MOVE,
    "retail eth2 deprecation": _MOVE,
    "vault withdrawal": _MOVE,
    "asset migration": Meaning(EntryKind.CONVERSION),
    "admin debit": Meaning(EntryKind.OTHER, -1),
}
