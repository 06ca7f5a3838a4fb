"""What tests read simulated venues with: a clock that stands, and limits that nobody reaches."""

from __future__ import annotations

from app.demo.kraken_access import Tier
from app.demo.world import World

GENEROUS = Tier(most=10**6, per_second=10**6)
"""Waiting takes no time here, so the venue's own counter must not."""


class Now:
    """The moment at which the world stands."""

    def __init__(self, world: World) -> None:
        self._moment = world.now()

    def now_ns(self) -> int:
        return self._moment
