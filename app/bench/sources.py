"""Exchanges as the benchmarks see them: their counts of calls, and a feed of made-up ticks beside the real ones."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from decimal import Decimal
from itertools import count

from msgspec import structs

from app.core.book_ports import BookWatch
from app.core.clock import DAY
from app.core.model.accounts import Connection, Credentials, KeyScope
from app.core.model.market import Candle, Tick
from app.core.model.pages import BalancePage, Page
from app.core.model.venues import CallCount, VenueInfo
from app.core.ports import Clock, Exchange, Exchanges

_STEP = Decimal("0.0001")
_SWING = 40


class WatchedExchanges:
    """The real exchanges; whoever opened one can be asked for its counts afterwards."""

    def __init__(self, exchanges: Exchanges, wrap: Callable[[Connection, Exchange], Exchange] | None = None) -> None:
        """Take the real ones; `wrap` may put something in front of each that is opened."""
        self._exchanges = exchanges
        self._wrap = wrap
        self.opened: dict[str, Exchange] = {}

    def venues(self) -> Sequence[VenueInfo]:
        """Return what can be connected, by name."""
        return self._exchanges.venues()

    def open(self, connection: Connection, credentials: Credentials | None) -> Exchange:
        """Open a connection and remember it under its name."""
        made = self._exchanges.open(connection, credentials)
        self.opened[connection.name] = made if self._wrap is None else self._wrap(connection, made)
        return self.opened[connection.name]


class TickingExchange:
    """A real exchange whose live prices carry made-up ticks as well, at a rate of our own.

    Attributes:
        rate: Made-up ticks a second; 0 leaves the venue's own alone.
        told: Ticks that were handed on, the venue's own and the made-up.
    """

    def __init__(self, exchange: Exchange, clock: Clock) -> None:
        """Take the real exchange."""
        self._exchange = exchange
        self._clock = clock
        self.rate = 0.0
        self.told = 0

    async def probe(self) -> KeyScope:
        """Return what the key may do."""
        return await self._exchange.probe()

    def history(self, cursors: Mapping[str, str]) -> AsyncIterator[Page]:
        """Yield pages of every stream from its cursor on."""
        return self._exchange.history(cursors)

    async def balances(self) -> BalancePage:
        """Read all balances."""
        return await self._exchange.balances()

    async def tickers(self, assets: Sequence[str], currency: str) -> Sequence[Tick]:
        """Return the newest prices of assets."""
        return await self._exchange.tickers(assets, currency)

    async def candles(
        self, asset: str, currency: str, since_ns: int, interval: int = DAY, until_ns: int | None = None
    ) -> Sequence[Candle]:
        """Return candles, oldest first."""
        return await self._exchange.candles(asset, currency, since_ns, interval, until_ns)

    async def watch(self, assets: Sequence[str], currency: str) -> AsyncIterator[Tick]:
        """Yield the venue's own ticks and ours, as they come."""
        waiting: asyncio.Queue[Tick] = asyncio.Queue()
        known = await self._exchange.tickers(assets, currency)

        async def own() -> None:
            async for tick in self._exchange.watch(assets, currency):
                waiting.put_nowait(tick)

        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(own()), group.create_task(self._made_up(known, waiting))]
            try:
                while True:
                    tick = await waiting.get()
                    self.told += 1
                    yield tick
            finally:
                for task in tasks:
                    task.cancel()

    async def books(self, currency: str, watch: BookWatch) -> None:
        """Follow the venue's own order books."""
        await self._exchange.books(currency, watch)

    async def traded(self, contract: str, days: int) -> Mapping[int, Decimal]:
        """Return the venue's own days."""
        return await self._exchange.traded(contract, days)

    async def _made_up(self, known: Sequence[Tick], waiting: asyncio.Queue[Tick]) -> None:
        """Let the price of one asset after the other swing by parts of a thousand around what it was."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        for number in count():
            while not self.rate or not known:
                await asyncio.sleep(0.05)
                due = loop.time()
            due += 1 / self.rate
            await asyncio.sleep(max(0.0, due - loop.time()))
            tick = known[number % len(known)]
            swing = 1 + _STEP * (number // len(known) % _SWING - _SWING // 2)
            waiting.put_nowait(structs.replace(tick, price=tick.price * swing, at=self._clock.now_ns()))

    def calls(self) -> CallCount:
        """Return calls made and saved so far."""
        return self._exchange.calls()

    def budget_used(self) -> Decimal:
        """Return the share of the venue's request budget that is used now."""
        return self._exchange.budget_used()

    async def close(self) -> None:
        """Close sockets."""
        await self._exchange.close()
