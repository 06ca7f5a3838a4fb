"""Rows of the ledger as calculations need them: quantities by place and by moment."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from app.core.money import EXACT


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """A summed quantity in the books."""

    account: str
    sub_place: str
    asset: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Reading:
    """The newest reported balance of an asset in a place."""

    account: str
    sub_place: str
    asset: str
    quantity: Decimal
    at: int


@dataclass(frozen=True, slots=True)
class Compared:
    """What a source reported of one place at one moment, beside what the ledger says of that moment now."""

    account: str
    sub_place: str
    asset: str
    at: int
    reported: Decimal
    ledger: Decimal

    @property
    def difference(self) -> Decimal:
        """Return how much more the ledger holds."""
        return EXACT.subtract(self.ledger, self.reported)


@dataclass(frozen=True, slots=True)
class LegRow:
    """One leg in time order, as the equity curve needs it."""

    at: int
    account: str
    sub_place: str
    asset: str
    quantity: Decimal
    kind: str
    role: str
    entry_id: str


@dataclass(frozen=True, slots=True)
class DayChange:
    """What one UTC day (days since 1970) added to the quantity of an asset over all places."""

    day: int
    asset: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class DayEarning:
    """What one UTC day brought of an asset by itself, or cost in fees: never negative for a plain fee or reward."""

    day: int
    asset: str
    quantity: Decimal
    is_fee: bool


@dataclass(frozen=True, slots=True)
class FlowRow:
    """What a deposit or withdrawal moved into (positive) or out of an account; fees are not part of it."""

    at: int
    entry_id: str
    account: str
    asset: str
    quantity: Decimal
    tx_hash: str
