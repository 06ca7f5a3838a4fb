"""Filling history from the simulated venues through the real clients: how many calls it takes, and none for nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.connectors.exchanges import CcxtExchanges
from app.core.clock import DAY, SECOND
from app.core.market.candles import HOUR, MINUTE, refusal
from app.core.model.accounts import Book, Credentials
from app.core.model.market import Series
from app.demo.binance import BinanceServer
from app.demo.coinbase import CoinbaseServer
from app.demo.kraken import KrakenServer
from app.demo.kraken_access import Tier
from app.demo.market import START_DAY
from app.demo.server import VenueServer
from app.demo.world import World
from app.services.vault import VaultService
from app.services.workspace import Workspace
from tests.connectors.exchanges.scripted import VirtualTime
from tests.services.books import ASSETS, Clock, Script, make_runtime, no_progress

TODAY = START_DAY + 1_200
NOW = TODAY * DAY + DAY // 2


@pytest.fixture
def waiting() -> VirtualTime:
    """Return time that jumps ahead where a client waits for its budget; the venues count by the same."""
    return VirtualTime()


@pytest.fixture
async def venues(waiting: VirtualTime) -> AsyncIterator[dict[str, VenueServer]]:
    begun = waiting.now()
    world = World(7, 0.05, now=lambda: NOW + round((waiting.now() - begun) * SECOND))
    kraken = KrakenServer(world, tier=Tier(most=10**6, per_second=10**6))
    made: dict[str, VenueServer] = {
        "binance": BinanceServer(world), "coinbase": CoinbaseServer(world), "kraken": kraken,
    }  # fmt: skip
    for venue in made.values():
        await venue.start()
    yield made
    for venue in made.values():
        await venue.stop()


@pytest.fixture
async def connected(tmp_path: Path, venues: dict[str, VenueServer], waiting: VirtualTime) -> AsyncIterator[Workspace]:
    clock = Clock(NOW)
    exchanges = CcxtExchanges(ASSETS, clock, waiting.scheduler())
    service = VaultService(replace(make_runtime(tmp_path, Script()), exchanges=exchanges, clock=clock))
    opened = await service.create(
        service.default_path(), "four white barges under the bridge", Book("main", "Main", "usd")
    )
    for name, venue in venues.items():
        key = Credentials(dict(venue.credentials["read"]))
        await opened.connections.add(venue=name, name=name, credentials=key, endpoint=venue.endpoint)
    yield opened
    await opened.lock()


async def calls(workspace: Workspace) -> dict[str, int]:
    """Return how many calls the clients without a key have made."""
    known = await workspace._sources.connections()
    return {one.name: workspace._sources.prices(one).calls().calls for one in known}


async def test_a_few_calls_an_asset_bring_all_that_each_venue_has_and_none_is_made_for_nothing(
    connected: Workspace,
) -> None:
    await connected.market_data.refresh()
    before = await calls(connected)
    found = await connected.back_fill.fill(no_progress)
    after = await calls(connected)
    again = await connected.back_fill.begin()
    kept = {
        venue: len(await connected.candles.of(Series("bitcoin", "usd", venue, DAY), 0, NOW))
        for venue in ("binance", "coinbase", "kraken")
    }

    assert found.faults == {}
    assert kept == {"binance": 1_200, "coinbase": 1_200, "kraken": 719}
    assert found.begins == {"Binance": START_DAY, "Coinbase": START_DAY, "Kraken": TODAY - 719}
    # Bitcoin and ether: Binance tells a thousand days a call, Coinbase three hundred, Kraken all it has at once.
    made = {name: after[name] - before[name] for name in after}
    assert (made["binance"], made["kraken"]) == (6, 2)
    # In time that jumps, a call may meet the venue's limit of a second, and is made again then.
    assert made["coinbase"] in {14, 15}
    assert (again, await calls(connected)) == (0, after)


async def test_recent_hours_take_a_few_calls_an_asset_and_none_for_what_a_venue_never_tells(
    connected: Workspace,
) -> None:
    await connected.market_data.refresh()
    before = await calls(connected)
    found = await connected.back_fill.fill(no_progress, HOUR)
    after = await calls(connected)
    again = await connected.back_fill.begin_hours()
    kept = {
        venue: len(await connected.candles.of(Series("bitcoin", "usd", venue, HOUR), 0, NOW))
        for venue in ("binance", "coinbase", "kraken")
    }
    made = {name: after[name] - before[name] for name in after}

    assert found.faults == {}
    assert kept == {"binance": 2_172, "coinbase": 2_172, "kraken": 719}
    assert (again, await calls(connected)) == (0, after)
    # Bitcoin and ether: 2,172 hours in batches of a thousand, three hundred, and the rest.
    assert (made["binance"], made["kraken"]) == (6, 2)
    assert made["coinbase"] in {16, 17}


async def test_every_venue_tells_in_one_call_how_a_candle_is_that_is_not_over(connected: Workspace) -> None:
    await connected.market_data.refresh()
    for interval in (DAY, HOUR, MINUTE):
        for venue in ("binance", "coinbase", "kraken"):
            before = await calls(connected)
            await connected.growing.ask("bitcoin", venue, interval)
            found, after = connected.growing.now("bitcoin", venue, interval), await calls(connected)

            assert found is not None
            assert (found.candle.at, refusal(found.candle, interval)) == (NOW // interval * interval, "")
            assert after[venue] - before[venue] == 1
