"""The depth streams of the simulated Binance: changes of order books with the numbers of their first and last one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from aiohttp import web

from app.core.clock import SECOND
from app.demo.binance_markets import BinanceMarkets, Listing, listings, rows
from app.demo.binance_wire import milliseconds
from app.demo.faults import Fault
from app.demo.market import TICK_NS
from app.demo.server import VenueServer

PATH = "/ws/depth"
"""As which faults are switched on for changes of books."""

_KINDS = ("depth", "depth@100ms")

Wanted = Callable[[], tuple[Sequence[str], bool]]


class BinanceDepths:
    """Tells what changed since a client was told last, four times a second; the first telling is of what comes next."""

    def __init__(self, server: VenueServer, markets: BinanceMarkets) -> None:
        """Take the server whose sockets and clock these are."""
        self._server = server
        self._markets = markets

    async def tell(self, socket: web.WebSocketResponse, wanted: Wanted, *, is_futures: bool = False) -> None:
        """Tell a client until it leaves; each change of futures names the last number of the one before."""
        told: dict[str, int] = {}
        while not socket.closed:
            streams, is_combined = wanted()
            names = [name for name in streams if name.partition("@")[2] in _KINDS]
            number = self._markets.depth.number(self._server.now_ns())
            told = {name: told.get(name, number) for name in names}
            for name in names:
                event, before = self._event(name, told[name], number), told[name]
                told[name] = number
                if event is not None and is_futures:
                    event["pu"] = before
                if event is None or self._server.faults.strike(PATH, (Fault.SKIPPED_CHANGE,)):
                    continue
                value = {"stream": name, "data": event} if is_combined else event
                if not await self._server.tell(socket, "/ws", value):
                    return
            await asyncio.sleep(TICK_NS / SECOND)

    def _event(self, name: str, before: int, number: int) -> dict[str, Any] | None:
        """Return what changed between two numbers; None where there is no such market, or nothing did."""
        listing = listings().get(name.partition("@")[0].upper())
        if listing is None or before == number:
            return None
        bids, asks = (self._changed(listing, side, before, number) for side in ("bids", "asks"))
        return {
            "e": "depthUpdate",
            "E": milliseconds(self._server.now_ns()),
            "s": listing.symbol,
            "U": before + 1,
            "u": number,
            "b": rows(bids),
            "a": rows(asks),
        }

    def _changed(self, listing: Listing, side: str, before: int, number: int) -> list[tuple[Decimal, Decimal]]:
        """Return every level that changed at any number after the one before, as it is at the last.

        Whoever took a whole book in between may have a level that is in neither of the two at the ends.
        """
        touched: dict[Decimal, Decimal] = {}
        was = self._markets.demo_book(listing, before)
        for one in range(before + 1, number + 1):
            now = self._markets.demo_book(listing, one)
            touched |= now.since(was, side)
            was = now
        return list(touched.items())
