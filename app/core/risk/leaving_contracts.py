"""Closing perpetuals: each through the market of its own contract at its own venue, never through that of the coin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.core.risk.exposures import Exposure
from app.core.risk.leaving_facts import Facts, Observed, PerpetualMarket, Volume
from app.core.risk.metrics.liquidity import DEVIATIONS, days_to_liquidate, exit_at_once

_UNKNOWN = PerpetualMarket()


@dataclass(frozen=True, slots=True)
class Closing:
    """How the perpetuals on one asset at one venue are closed; what is open there both ways is netted.

    Attributes:
        value: Notional, negative where it is short.
        cost: Of closing at once through the order book of the contract; None where it is not known.
        filled: Part of the notional that finds a counterpart there.
        at: When that book changed last.
        spread_cost: Half of the widened spread on the notional; None where it is not known how it varies.
        days: That closing takes at a share of the contract's daily volume; None where that is not known.
    """

    venue: str
    value: float
    cost: float | None = None
    filled: float = 0.0
    at: int | None = None
    spread: Observed | None = None
    spread_cost: float | None = None
    days: float | None = None
    volume: Volume | None = None


@dataclass(frozen=True, slots=True)
class Closings:
    """All perpetuals on one asset."""

    parts: tuple[Closing, ...] = ()

    @property
    def gross(self) -> float:
        """Return the notional where each venue's is closed by itself."""
        return sum(abs(one.value) for one in self.parts)

    @property
    def cost(self) -> float | None:
        """Return what closing those costs whose order books are known; None where none is."""
        return added(one.cost for one in self.parts)

    @property
    def filled(self) -> float:
        """Return the part of the notional that finds a counterpart."""
        return sum(one.filled for one in self.parts)

    @property
    def is_partial(self) -> bool:
        """Tell whether some of the notional finds no counterpart in books that are known."""
        return self.gross - self.filled > 1e-9 * self.gross

    @property
    def venues(self) -> tuple[str, ...]:
        """Return whose order books they go through."""
        return tuple(sorted(one.venue for one in self.parts if one.cost is not None))

    @property
    def at(self) -> int | None:
        """Return when the oldest of those books changed last."""
        return min((one.at for one in self.parts if one.at is not None), default=None)

    @property
    def spread_cost(self) -> float | None:
        """Return half of the widened spreads that are known; None where none is."""
        return added(one.spread_cost for one in self.parts)

    @property
    def days(self) -> float | None:
        """Return the days until the last is closed; None where one is not known, or there is none."""
        known = [one.days for one in self.parts if one.days is not None]
        return max(known) if known and len(known) == len(self.parts) else None


NONE_OPEN = Closings()


def closings(contracts: Sequence[Exposure], facts: Facts, price: float | None, participation: float) -> Closings:
    """Return how the perpetuals on one asset are closed."""
    return Closings(
        tuple(
            _closing(venue, value, facts.perpetuals.get((venue, contracts[0].asset), _UNKNOWN), price, participation)
            for venue, value in by_venue(contracts).items()
            if value
        )
    )


def _closing(venue: str, value: float, known: PerpetualMarket, price: float | None, participation: float) -> Closing:
    spread, book, volume = known.spread, known.depth, known.volume
    spread_cost = None if spread is None else widened(spread, value)
    made = Closing(venue, value, spread=spread, spread_cost=spread_cost, volume=volume)
    if price is None or not price > 0:
        return made
    days = days_to_liquidate(value / price, None if volume is None else volume.daily, participation)
    if book is None:
        return replace(made, days=days)
    exit_ = exit_at_once(value / price, book.bids if value > 0 else book.asks, book.middle)
    cost, filled = exit_.cost / book.middle * price, exit_.filled * price
    return replace(made, cost=cost, filled=filled, at=book.at, days=days)


def widened(spread: Observed, value: float) -> float | None:
    """Return half of a widened spread on a value; None where it is not known how it varies."""
    if spread.deviation is None:
        return None
    return abs(value) * (spread.mean + DEVIATIONS * spread.deviation) / 2


def by_venue(lines: Sequence[Exposure]) -> Mapping[str, float]:
    """Return the value of lines by venue."""
    held: dict[str, float] = {}
    for one in lines:
        held[one.places.venue] = held.get(one.places.venue, 0.0) + one.value
    return held


def added(parts: Iterable[float | None]) -> float | None:
    """Return the sum of what is known; None where nothing is."""
    known = [one for one in parts if one is not None]
    return sum(known) if known else None
