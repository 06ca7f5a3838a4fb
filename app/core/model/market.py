"""Market facts: marks, candles, ticks. Prices are exact as the venue wrote them.

What comes thousands of times a second is a struct: it is made in a fifth of the time of a frozen dataclass.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from msgspec import Struct


@dataclass(frozen=True, slots=True)
class Instrument:
    """What is traded: a pair of assets at a venue, under the venue's symbol."""

    venue: str
    symbol: str
    base: str
    quote: str
    is_perpetual: bool = False


class Tick(Struct, frozen=True):
    """The newest price of one instrument at one venue, in units of the quote asset.

    Attributes:
        price: What it last traded at; of a raw feed, the middle of bid and ask as soon as somebody quotes.
        at: When the venue said so, by this computer's clock.
        depth: Units of the base that can be had at the best bid and ask together.
        is_perpetual: A swap that never settles: its price is near that of the asset, and not the same.
    """

    venue: str
    base: str
    quote: str
    price: Decimal
    at: int
    open_24h: Decimal | None = None
    bid: Decimal | None = None
    ask: Decimal | None = None
    depth: Decimal | None = None
    is_perpetual: bool = False


@dataclass(frozen=True, slots=True)
class SpreadMinute:
    """Relative spreads of one instrument in one minute, as sums: enough for their mean and deviation.

    Attributes:
        start: Of the minute; `first` and `last` are the moments of the quotes in it.
        squares: Sum of their squares.
    """

    venue: str
    base: str
    quote: str
    start: int
    first: int
    last: int
    count: int
    total: float
    squares: float


class Contribution(Struct, frozen=True):
    """What one source said of a mark: with which share it took part, or why it did not.

    Attributes:
        left_out: "" where it took part.
    """

    source: str
    price: Decimal
    at: int
    share: Decimal = Decimal(0)
    left_out: str = ""


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
    parts: tuple[Contribution, ...] = field(default=(), compare=False)
    """Every source that was looked at; empty where the mark was kept from the last time."""


@dataclass(frozen=True, slots=True)
class Candle:
    """Prices of one period that starts at `at`."""

    at: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal | None


@dataclass(frozen=True, slots=True)
class Series:
    """Candles that belong together: of one asset in one money, from one source, each so many nanoseconds long."""

    asset: str
    currency: str
    source: str
    interval: int
