"""Market facts: marks, candles, ticks. Prices are exact as the venue wrote them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Tick:
    """The newest price of one instrument at one venue, in units of the quote asset."""

    venue: str
    base: str
    quote: str
    price: Decimal
    at: int
    open_24h: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """The price we value with: money per unit of the asset, with its source and its moment."""

    asset_id: str
    price: Decimal
    currency: str
    source: str
    at: int
    change_24h: Decimal | None = None
    """Share of the price 24 hours before: 0.0142 is +1.42 %."""


@dataclass(frozen=True, slots=True)
class Candle:
    """Prices of one period that starts at `at`."""

    at: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
