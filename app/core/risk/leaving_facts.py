"""What is known of the markets that a book would be closed in: order books, spreads, volumes, each with its moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.core.risk.metrics.liquidity import Levels


@dataclass(frozen=True, slots=True)
class Depth:
    """An order book that is in step: (price, quantity), the best first, in its own quote."""

    venue: str
    symbol: str
    bids: Levels
    asks: Levels
    middle: float
    at: int


@dataclass(frozen=True, slots=True)
class Observed:
    """Spreads of one market over a window; the deviation is None where they are too few."""

    venue: str
    mean: float
    deviation: float | None
    count: int
    since: int
    until: int


@dataclass(frozen=True, slots=True)
class Volume:
    """Units that are traded in a day, on average over so many days, at so many venues together."""

    daily: float
    days: int
    venues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PerpetualMarket:
    """What is known of the market of a venue's perpetuals on an asset: of their own contract."""

    depth: Depth | None = None
    spread: Observed | None = None
    volume: Volume | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of markets, by asset.

    Attributes:
        prices: Money per unit, in the currency of the exposures.
        is_watched: Whether order books were looked at, so that what is missing there is missing at the venues.
        unwatched: Assets whose order books are not looked at though others' are: only those of the largest are.
        is_waiting: Whether some of those are still on their way.
        faults: Why order books of venues cannot be read, by venue.
        now: When all of it was so; 0 where it is no moment of now.
        perpetuals: Markets of their own contracts, by venue and asset.
    """

    prices: Mapping[str, float] = field(default_factory=dict)
    depths: Mapping[str, Sequence[Depth]] = field(default_factory=dict)
    spreads: Mapping[str, Sequence[Observed]] = field(default_factory=dict)
    volumes: Mapping[str, Volume] = field(default_factory=dict)
    is_watched: bool = False
    unwatched: tuple[str, ...] = ()
    is_waiting: bool = False
    faults: Mapping[str, str] = field(default_factory=dict)
    now: int = 0
    perpetuals: Mapping[tuple[str, str], PerpetualMarket] = field(default_factory=dict)
