"""Live prices: one WebSocket client of ccxt.pro that is made anew whenever it falls silent or breaks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any

from app.connectors.exchanges import errors
from app.connectors.exchanges.base import Venue
from app.connectors.exchanges.flow import ended_after
from app.connectors.exchanges.gate import Patience
from app.connectors.limits import Sleep
from app.core.errors import CounterfoilError, RetryableError

SILENCE = 90.0
"""Seconds without any price after which the socket counts as dead, though it answers pings."""

RENEWAL = 6 * 3600.0
"""Seconds after which a client is made anew: what ccxt remembers of a socket only grows."""

_PATIENCE = Patience(first=0.5, most=60.0)

Ticker = Mapping[str, Any]


class LivePrices:
    """Follows tickers of some symbols."""

    def __init__(
        self, venue: Venue, connect: Callable[[], Awaitable[Any]], now: Callable[[], float], sleep: Sleep
    ) -> None:
        """Take how a client is made, and the clock for waiting."""
        self._venue = venue
        self._connect = connect
        self._now = now
        self._sleep = sleep

    async def tickers(self, symbols: Sequence[str]) -> AsyncIterator[Ticker]:
        """Yield ccxt's tickers as they come; only the newest of a symbol is kept while nobody takes them."""
        tried = 0
        while True:
            client: Any = None
            try:
                client = await self._connect()
                async with ended_after(self._until_renewal(client, symbols)) as found:
                    async for ticker in found:
                        tried = 0
                        yield ticker
            except Exception as error:  # noqa: BLE001 - ccxt raises whatever its parsers meet
                raise_lasting(self._venue, error)
                tried += 1
                await self._sleep(_PATIENCE.pause(tried))
            finally:
                if client is not None:
                    await client.close()

    async def _until_renewal(self, client: Any, symbols: Sequence[str]) -> AsyncIterator[Ticker]:
        until = self._now() + RENEWAL
        while self._now() < until:
            async with asyncio.timeout(SILENCE):
                found = await client.watch_tickers(list(symbols))
            for ticker in found.values():
                yield ticker


def raise_lasting(venue: Venue, error: Exception) -> None:
    """Raise what waiting does not mend, of all that may break a socket."""
    if isinstance(error, CounterfoilError):
        if not isinstance(error, RetryableError):
            raise error
        return
    if isinstance(error, TimeoutError):
        return
    wrong = errors.lost(venue, error)
    if not isinstance(wrong, RetryableError):
        raise wrong from None
