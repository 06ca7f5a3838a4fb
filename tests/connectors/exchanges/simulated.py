"""What tests read simulated venues with: clocks that stand or run, and limits that nobody reaches."""

from __future__ import annotations

import time

from app.demo.binance import BinanceServer
from app.demo.coinbase import CoinbaseServer
from app.demo.kraken import KrakenServer
from app.demo.kraken_access import Tier
from app.demo.server import VenueServer
from app.demo.world import World
from tests.demo.conftest import NOW

GENEROUS = Tier(most=10**6, per_second=10**6)
"""Waiting takes no time here, so the venue's own counter must not."""


class Now:
    """The moment at which the world stands."""

    def __init__(self, world: World) -> None:
        self._moment = world.now()

    def now_ns(self) -> int:
        return self._moment


VENUES: dict[str, tuple[type[VenueServer], str, str]] = {
    "binance": (BinanceServer, "tether", "/ws/depth"),
    "coinbase": (CoinbaseServer, "usd", "/ws/level2"),
    "kraken": (KrakenServer, "usd", "/v2/book"),
}
"""Server, quote of bitcoin's market there, and how faults of changes are named."""


class Running:
    """A clock that began at a moment of the demo's world."""

    def __init__(self) -> None:
        self._begun = time.monotonic_ns()

    def now_ns(self) -> int:
        return NOW + time.monotonic_ns() - self._begun
