"""Live prices over a real WebSocket: they come back by themselves, and end with who reads them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest

from app.connectors.exchanges.gate import Patience
from app.connectors.exchanges.kraken import Kraken
from app.connectors.exchanges.live import LivePrices
from app.core.errors import BadResponseError, CredentialsError, RetryableError
from app.core.model.market import Tick
from tests.connectors.exchanges.contract import Case
from tests.connectors.exchanges.kraken_case import SmallKraken
from tests.connectors.exchanges.scripted import VirtualTime

VENUE = SmallKraken


def price(last: float, symbol: str = "BTC/USD") -> dict[str, Any]:
    """Return a message of Kraken's ticker channel."""
    data = {"symbol": symbol, "bid": last, "bid_qty": 1, "ask": last, "ask_qty": 1, "last": last, "volume": 1.5}
    more = {"vwap": last, "low": last, "high": last, "change": 250.5, "change_pct": 0.24}
    return {"channel": "ticker", "type": "update", "data": [data | more]}


@pytest.fixture
def server(server: SmallKraken) -> SmallKraken:
    """Return a venue that tells a price for each subscription."""
    prices = iter(range(100, 10_000))
    server.on_socket_message = lambda said: [price(next(prices))] if said.get("method") == "subscribe" else []
    return server


async def take(ticks: AsyncIterator[Tick], count: int) -> list[Tick]:
    async with asyncio.timeout(10):
        return [await anext(ticks) for _ in range(count)]


async def test_prices_come_with_the_change_of_a_day(case: Case) -> None:
    (tick,) = await take(case.open().watch(["bitcoin", "kraken:NOTHING"], "usd"), 1)

    assert (tick.venue, tick.base, tick.quote, tick.price, tick.open_24h) == (
        "kraken",
        "bitcoin",
        "usd",
        Decimal(100),
        Decimal("-150.5"),
    )


async def test_after_a_dropped_socket_prices_go_on(case: Case, server: SmallKraken) -> None:
    ticks = case.open().watch(["bitcoin"], "usd")
    seen = await take(ticks, 1)
    await server.drop_sockets()
    seen += await take(ticks, 1)

    assert [one.price for one in seen] == [100, 101]
    assert len(case.time.slept) == 1


async def test_only_what_is_wanted_is_subscribed(case: Case, server: SmallKraken) -> None:
    await take(case.open().watch(["bitcoin"], "usd"), 1)

    assert [one["params"]["symbol"] for one in server.sent_on_sockets] == [["BTC/USD"]]


async def test_a_venue_that_quotes_nothing_of_it_ends_at_once(case: Case, server: SmallKraken) -> None:
    assert [tick async for tick in case.open().watch(["polkadot"], "usd")] == []
    assert server.sent_on_sockets == []


async def test_who_stops_reading_closes_the_socket(case: Case, server: SmallKraken) -> None:
    ticks = case.open().watch(["bitcoin"], "usd")
    task = asyncio.ensure_future(_follow(ticks))
    while not server.sent_on_sockets:  # noqa: ASYNC110 - a real socket is waited for
        await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    assert task.cancelled()
    assert [one for one in asyncio.all_tasks() if "tickers" in repr(one.get_coro())] == []


async def _follow(ticks: AsyncIterator[Tick]) -> None:
    async for _ in ticks:
        pass


class Client:
    """Stands for a client of ccxt.pro: gives what it is told to."""

    def __init__(self, *found: Any) -> None:
        self.found = list(found)
        self.is_closed = False

    async def watch_tickers(self, symbols: list[str]) -> Any:
        one = self.found.pop(0)
        if isinstance(one, Exception):
            raise one
        return {name: {"symbol": name, "last": one} for name in symbols}

    async def close(self) -> None:
        self.is_closed = True


def live(time: VirtualTime, *clients: Any) -> tuple[LivePrices, list[Client]]:
    left = list(clients)

    async def connect() -> Any:
        one = left.pop(0)
        if isinstance(one, Exception):
            raise one
        return one

    return LivePrices(Kraken(), connect, time.now, time.sleep), left


async def test_each_client_is_closed_before_the_next_is_made() -> None:
    time = VirtualTime()
    clients = [Client(1, RetryableError("away")), Client(2, RetryableError("away")), Client(3)]
    prices, _ = live(time, *clients)
    ticks = prices.tickers(["A"])
    seen = [(await anext(ticks))["last"] for _ in range(3)]
    await ticks.aclose()  # type: ignore[attr-defined]

    assert seen == [1, 2, 3]
    assert [client.is_closed for client in clients] == [True, True, True]


async def test_waits_grow_while_nothing_comes_and_begin_anew_after_a_price() -> None:
    time = VirtualTime()
    faults = [RetryableError("away")] * 8
    prices, _ = live(time, *faults, Client(1, RetryableError("away")), Client(2))
    ticks = prices.tickers(["A"])
    seen = [(await anext(ticks))["last"] for _ in range(2)]
    await ticks.aclose()  # type: ignore[attr-defined]

    assert seen == [1, 2]
    assert time.slept[0] <= 0.5
    assert 16 <= time.slept[6] <= 32
    assert time.slept[8] <= 0.5


@pytest.mark.parametrize("fault", [CredentialsError("no"), BadResponseError("odd")])
async def test_what_a_person_must_fix_is_raised(fault: Exception) -> None:
    prices, _ = live(VirtualTime(), fault)

    with pytest.raises(type(fault)):
        await anext(prices.tickers(["A"]))


def test_a_pause_stays_the_longest_however_often_it_was_tried() -> None:
    patience = Patience(first=0.5, most=60.0)

    assert all(30 <= patience.pause(tried) <= 60 for tried in (20, 1_025, 10**6))
    assert 0.25 <= patience.pause(1) <= 0.5
