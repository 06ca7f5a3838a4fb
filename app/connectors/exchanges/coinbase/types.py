"""What the types of Coinbase's wallet transactions mean.

The words are those of the venue's documentation and of answers seen over the years. Kinds and signs are those that the
statement has for the same event, so that a transaction read from both is one entry with one content.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from app.core.ledger.entries import EntryKind, Role


class Shape(Enum):
    """Where an event is told."""

    SINGLE = "single"
    """This transaction is all of it."""
    PAIR = "pair"
    """Two wallets tell one half each."""
    FILL = "fill"
    """The fills of the order tell it exactly."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """A meaning: the kind where something comes in, and where something goes out."""

    gain: EntryKind
    loss: EntryKind
    role: Role = Role.PRINCIPAL
    shape: Shape = Shape.SINGLE


def _both(kind: EntryKind, role: Role = Role.PRINCIPAL, shape: Shape = Shape.SINGLE) -> Meaning:
    return Meaning(kind, kind, role, shape)


_TRANSFER = Meaning(EntryKind.DEPOSIT, EntryKind.WITHDRAWAL)
_REWARD = _both(EntryKind.REWARD, Role.INTEREST)
_REBATE = _both(EntryKind.REWARD, Role.REBATE)
_MOVE = _both(EntryKind.MOVE)
_TRADE = _both(EntryKind.TRADE)
_CONVERSION = _both(EntryKind.CONVERSION)
_OTHER = _both(EntryKind.OTHER)

MEANINGS = {
    "advanced_trade_fill": _both(EntryKind.TRADE, shape=Shape.FILL),
    "trade": _both(EntryKind.CONVERSION, shape=Shape.PAIR),
    "buy": _TRADE,
    "sell": _TRADE,
    "send": _TRANSFER,
    "receive": _TRANSFER,
    "request": _TRANSFER,
    "fiat_deposit": _TRANSFER,
    "fiat_withdrawal": _TRANSFER,
    "pro_deposit": _TRANSFER,
    "pro_withdrawal": _TRANSFER,
    "exchange_deposit": _TRANSFER,
    "exchange_withdrawal": _TRANSFER,
    "prime_deposit": _TRANSFER,
    "prime_withdrawal": _TRANSFER,
    "intx_deposit": _TRANSFER,
    "intx_withdrawal": _TRANSFER,
    "cardspend": _TRANSFER,
    "unsupported_asset_recovery": _TRANSFER,
    "staking_reward": _REWARD,
    "inflation_reward": _REWARD,
    "interest": _REWARD,
    "earn_payout": _REWARD,
    "incentives_rewards_payout": _REWARD,
    "incentives_shared_clawback": _REWARD,
    "clawback": _REWARD,
    "cardbuyback": _REWARD,
    "subscription_rebate": _REBATE,
    "subscription": _both(EntryKind.FEE, Role.FEE),
    "transfer": _MOVE,
    "staking_transfer": _MOVE,
    "unstaking_transfer": _MOVE,
    "retail_staking_transfer": _MOVE,
    "retail_unstaking_transfer": _MOVE,
    "retail_eth2_deprecation": _MOVE,
    "vault_withdrawal": _MOVE,
    "wrap_asset": _CONVERSION,
    "unwrap_asset": _CONVERSION,
    "asset_migration": _CONVERSION,
    "retail_simple_dust": _CONVERSION,
    "admin_debit": _OTHER,
    "derivatives_settlement": _OTHER,
}

DONE = "completed"
OPEN = frozenset({"pending", "waiting_for_signature", "waiting_for_clearing", "created"})
VOID = frozenset({"failed", "expired", "canceled", "cancelled", "reversed"})
