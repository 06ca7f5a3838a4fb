"""Prices that a person sets: where no source knows a day's price, or those that do are wrong."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class PriceOverride:
    """The price of one unit of an asset on one day; a later one for the same asset and day replaces it.

    Attributes:
        day: In UTC, as days since 1970.
        price: None takes back what was set before.
        currency: The money of the price, as an asset id.
        reason: Why, and where the price comes from, in the person's words.
        recorded_ns: When the journal sealed it; 0 before.
        record: The hash of its record; "" before.
    """

    asset: str
    day: int
    price: Decimal | None
    currency: str
    reason: str
    recorded_ns: int = 0
    record: str = ""
