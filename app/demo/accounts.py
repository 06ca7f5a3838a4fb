"""One demo account: what it holds, and how an event changes that, to the venue's last decimal place."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from typing import Any

from app.core.money import ZERO, add
from app.demo import ids
from app.demo.events import Event, Kind, Move
from app.demo.market import Market

SPOT, EARN, STAKED = "spot", "earn", "staked"
FIAT = ("usd", "eur")
CASH = (*FIAT, "tether", "usd-coin")
_KRAKEN_FINE = ("bitcoin", "ethereum", "polkadot", "solana", "chainlink", "litecoin", "uniswap", "aave")


def places_of(venue: str, asset: str) -> int:
    """Return the decimal places in which a venue keeps balances of an asset."""
    if venue != "kraken":
        return 8
    if asset in FIAT:
        return 4
    return 10 if asset in _KRAKEN_FINE else 8


def rounded(value: Decimal | float, places: int) -> Decimal:
    """Return the value to so many places, half up."""
    number = Decimal(repr(value)) if isinstance(value, float) else value
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def cut(value: Decimal | float, places: int) -> Decimal:
    """Return the value to so many places, towards zero."""
    number = Decimal(repr(value)) if isinstance(value, float) else value
    return number.quantize(Decimal(1).scaleb(-places), ROUND_DOWN)


@dataclass(slots=True)
class Account:
    """A person's account at one venue, as the simulation runs through it."""

    venue: str
    market: Market
    rng: random.Random
    balances: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    counters: dict[str, int] = field(default_factory=dict)
    rates: Mapping[str, float] = field(default_factory=dict)
    equity: float = 0.0
    day: int = 0

    @property
    def seed(self) -> int:
        """Return the seed of the market, which decides the ids too."""
        return self.market.seed

    def start_day(self, day: int, rates: Mapping[str, float], rng: random.Random) -> None:
        """Take the day's opening prices in dollars, value the account with them, and take the day's chance."""
        self.day, self.rates, self.rng = day, rates, rng
        self.equity = sum(float(held) * rates[asset] for (_, asset), held in self.balances.items())

    def held(self, asset: str, place: str = SPOT) -> Decimal:
        """Return what is held of an asset in a sub-place."""
        return self.balances.get((place, asset), ZERO)

    def worth(self, asset: str) -> float:
        """Return the dollars that all of an asset is worth at the day's opening."""
        return sum(float(self.held(asset, place)) for place in (SPOT, EARN, STAKED)) * self.rates[asset]

    def cut(self, value: Decimal | float, asset: str) -> Decimal:
        """Return a quantity as the venue keeps it, never more than the value."""
        return cut(value, places_of(self.venue, asset))

    def next_number(self, name: str, least: int = 1, most: int = 1) -> int:
        """Return the next number of a series that only grows."""
        start = self.counters.get(name)
        if start is None:
            start = int(ids.number(self.seed, 8, self.venue, name))
        self.counters[name] = start + self.rng.randint(least, most)
        return self.counters[name]

    def record(  # noqa: PLR0913 - what every event has
        self, at: int, kind: Kind, native_id: str, moves: Sequence[Move], *, base: str, quantity: Decimal, **words: Any
    ) -> Event:
        """Apply an event and keep it; no event of an account is older than the one before."""
        kept = tuple(move for move in moves if move.quantity)
        for move in kept:
            key = move.place, move.asset
            self.balances[key] = add(self.balances.get(key, ZERO), move.quantity)
        if self.events:
            at = max(at, self.events[-1].at)
        event = Event(self.venue, len(self.events), at, kind, native_id, base, quantity, kept, **words)
        self.events.append(event)
        return event
