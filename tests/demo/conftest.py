"""A small world at a moment that stands still, and a Kraken that may be asked without waiting."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator

import pytest

from app.core.clock import from_datetime
from app.demo.kraken import KrakenServer
from app.demo.kraken_access import Tier
from app.demo.world import World

NOW = from_datetime(dt.datetime(2026, 11, 24, 12, 34, 56, 789_000, tzinfo=dt.UTC))
PATIENT = Tier(most=1_000_000)


@pytest.fixture(scope="session")
def small_world() -> World:
    return World(seed=7, scale=0.02, now=lambda: NOW)


@pytest.fixture
async def kraken(small_world: World) -> AsyncIterator[KrakenServer]:
    server = KrakenServer(small_world, tier=PATIENT)
    await server.start()
    yield server
    await server.stop()
