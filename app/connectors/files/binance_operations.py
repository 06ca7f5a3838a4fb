"""What the words in Binance's column Operation mean; the words come from the venue's own exports over the years."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from app.core.ledger.entries import EntryKind, Role


class Group(Enum):
    """Which rows of one second belong together."""

    TRADE = "trade"
    CONVERSION = "conversion"
    MOVE = "move"
    SINGLE = "single"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Operation:
    """A meaning."""

    group: Group
    kind: EntryKind
    is_fee: bool = False
    gain: Role = Role.PRINCIPAL

    def role(self, quantity: Decimal) -> Role:
        """Return the role of a leg: a fee that is paid back is a rebate."""
        if self.is_fee:
            return Role.FEE if quantity < 0 else Role.REBATE
        return self.gain if quantity > 0 else Role.PRINCIPAL


_TRADE = Operation(Group.TRADE, EntryKind.TRADE)
_TRADE_FEE = Operation(Group.TRADE, EntryKind.TRADE, is_fee=True)
_CONVERSION = Operation(Group.CONVERSION, EntryKind.CONVERSION)
_MOVE = Operation(Group.MOVE, EntryKind.MOVE)
_DEPOSIT = Operation(Group.SINGLE, EntryKind.DEPOSIT)
_WITHDRAWAL = Operation(Group.SINGLE, EntryKind.WITHDRAWAL)
_REWARD = Operation(Group.SINGLE, EntryKind.REWARD, gain=Role.INTEREST)
_REBATE = Operation(Group.SINGLE, EntryKind.REWARD, gain=Role.REBATE)
_UNKNOWN = Operation(Group.UNKNOWN, EntryKind.OTHER)

_EXACT = {
    "buy": _TRADE,
    "sell": _TRADE,
    "transaction buy": _TRADE,
    "transaction sold": _TRADE,
    "transaction spend": _TRADE,
    "transaction revenue": _TRADE,
    "transaction related": _TRADE,
    "large otc trading": _TRADE,
    "fee": _TRADE_FEE,
    "transaction fee": _TRADE_FEE,
    "deposit": _DEPOSIT,
    "fiat deposit": _DEPOSIT,
    "buy crypto": _DEPOSIT,
    "crypto box": _DEPOSIT,
    "p2p trading": _DEPOSIT,
    "withdraw": _WITHDRAWAL,
    "withdrawal": _WITHDRAWAL,
    "fiat withdraw": _WITHDRAWAL,
    "fiat withdrawal": _WITHDRAWAL,
    "distribution": _REWARD,
    "airdrop assets": _REWARD,
    "cash voucher distribution": _REWARD,
    "token swap - distribution": _REWARD,
    "bnb vault rewards": _REWARD,
    "launchpool interest": _REWARD,
    "referral kickback": _REBATE,
    "referral commission": _REBATE,
    "commission history": _REBATE,
    "commission rebate": _REBATE,
    "commission fee shared with you": _REBATE,
}
_ENDINGS = {
    "interest": _REWARD,
    "rewards": _REWARD,
    "reward": _REWARD,
    "airdrop": _REWARD,
    "subscription": _MOVE,
    "redemption": _MOVE,
    "purchase": _MOVE,
}


def operation(word: str) -> Operation:
    """Return what a normalised word means; endings name whole families of earn products."""
    known = _EXACT.get(word)
    if known is not None:
        return known
    if "convert" in word or "small assets exchange" in word:
        return _CONVERSION
    if word.startswith("transfer ") or "transfer between" in word:
        return _MOVE
    return next((meaning for ending, meaning in _ENDINGS.items() if word.endswith(ending)), _UNKNOWN)
