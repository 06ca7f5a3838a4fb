"""Candles of a stretch of time: no call for what a venue never tells, and no end where it only traded nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest

from app.connectors.exchanges import CcxtExchanges
from app.core.clock import DAY
from app.core.model.accounts import Connection
from app.core.ports import Exchange
from app.demo.binance import BinanceServer
from app.demo.coinbase import CoinbaseServer
from app.demo.kraken import KrakenServer
from app.demo.market import START_DAY
from app.demo.world import World
from tests.connectors.exchanges.reading import ASSETS
from tests.connectors.exchanges.scripted import VirtualTime
from tests.connectors.exchanges.simulated import GENEROUS, Now
from tests.storage.journal_books import FixedClock

TODAY = START_DAY + 1_000
Open = Callable[[str], Exchange]


class Late(FixedClock):
    """A thousand days after the market began."""

    def now_ns(self) -> int:
        return TODAY * DAY + DAY // 2


@pytest.fixture
async def venues() -> AsyncIterator[dict[str, Any]]:
    world = World(7, 0.05, now=Late().now_ns)
    made = {"binance": BinanceServer(world), "coinbase": CoinbaseServer(world)}
    made["kraken"] = KrakenServer(world, tier=GENEROUS)
    for venue in made.values():
        await venue.start()
    yield made
    for venue in made.values():
        await venue.stop()


@pytest.fixture
async def opened(venues: dict[str, Any]) -> AsyncIterator[Open]:
    exchanges = CcxtExchanges(ASSETS, Now(venues["kraken"].world), VirtualTime().scheduler())
    known: dict[str, Exchange] = {}

    def of(venue: str) -> Exchange:
        about = Connection("main", venue, "account", endpoint=venues[venue].endpoint)
        return known.setdefault(venue, exchanges.open(about, None))

    yield of
    for exchange in known.values():
        await exchange.close()


async def days(exchange: Exchange, first: int, last: int | None = None) -> tuple[list[int], int]:
    """Return the days that a venue tells of, and how many calls it took once the markets are known."""
    await exchange.tickers(["bitcoin"], "usd")
    before = exchange.calls().calls
    until = None if last is None else last * DAY
    found = await exchange.candles("bitcoin", "usd", first * DAY, DAY, until)
    return [candle.at // DAY for candle in found], exchange.calls().calls - before


@pytest.mark.parametrize(("venue", "calls"), [("binance", 1), ("coinbase", 1), ("kraken", 1)])
async def test_a_stretch_is_told_to_its_last_day_and_no_further(opened: Open, venue: str, calls: int) -> None:
    expected = list(range(TODAY - 500, TODAY - 400))

    assert (expected, calls) == await days(opened(venue), expected[0], expected[-1])


@pytest.mark.parametrize(("venue", "first", "calls"), [
    ("binance", START_DAY, 2), ("coinbase", START_DAY, 4), ("kraken", TODAY - 719, 1),
])  # fmt: skip
async def test_a_long_history_is_read_in_pages_as_far_as_the_venue_has_it(
    opened: Open, venue: str, first: int, calls: int
) -> None:
    assert (list(range(first, TODAY + 1)), calls) == await days(opened(venue), START_DAY)


async def test_older_candles_than_a_venue_ever_tells_cost_no_call(opened: Open) -> None:
    assert await days(opened("kraken"), START_DAY, TODAY - 800) == ([], 0)


async def test_days_without_trades_and_before_the_listing_are_no_end(opened: Open, venues: dict[str, Any]) -> None:
    markets = venues["coinbase"]._trading._markets
    whole, listed = markets.candles, TODAY - 350
    halted = set(range(TODAY - 250, TODAY - 200))

    def holed(*asked: Any) -> list[Any]:
        return [replace(one) for one in whole(*asked) if one.at >= listed * DAY and one.at // DAY not in halted]

    markets.candles = holed
    found, _ = await days(opened("coinbase"), START_DAY)

    assert [day for day in range(listed, TODAY + 1) if day not in halted] == found
