"""What kind of income a receipt is, as far as its source or a person says it."""

from __future__ import annotations

from enum import StrEnum

from app.core.ledger.entries import Entry, EntryKind, Role


class IncomeKind(StrEnum):
    """Kinds of income that are told apart."""

    REWARD = "reward"
    """For staking, lending or learning: sources do not tell these from interest."""
    REBATE = "rebate"
    AIRDROP = "airdrop"
    FORK = "fork"


def income_kind(entry: Entry) -> IncomeKind:
    """Return the kind of what an entry brought in."""
    if entry.kind is EntryKind.AIRDROP:
        return IncomeKind.AIRDROP
    if entry.kind is EntryKind.FORK:
        return IncomeKind.FORK
    return IncomeKind.REBATE if all(leg.role is Role.REBATE for leg in entry.legs) else IncomeKind.REWARD
