"""The WebSocket of the simulated Binance: raw and combined streams, and subscribing while it is open."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from aiohttp import web

from app.demo.binance_depths import BinanceDepths
from app.demo.binance_markets import BinanceMarkets, Listing, listings
from app.demo.binance_wire import eight
from app.demo.server import VenueServer

_BOOKS = ("bookTicker",)
_KINDS = ("miniTicker", "ticker", *_BOOKS)
_ALL = {"!miniTicker@arr": "miniTicker", "!ticker@arr": "ticker"}


@dataclass(slots=True)
class _Client:
    """One connection: what it listens to, and the last price that it was told of each market."""

    socket: web.WebSocketResponse
    is_combined: bool
    streams: list[str] = field(default_factory=list)
    told: dict[tuple[str, str], str] = field(default_factory=dict)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def wanted(self) -> tuple[Sequence[str], bool]:
        """Return what it listens to, and whether events come with the names of their streams."""
        return tuple(self.streams), self.is_combined


class BinanceStream:
    """Serves market streams; the first event of a stream comes at once, then those whose price has moved.

    Attributes:
        interval: Seconds between two events of a stream.
    """

    def __init__(self, server: VenueServer, markets: BinanceMarkets) -> None:
        """Take the server whose sockets and clock these are."""
        self.interval = 1.0
        self._server = server
        self._markets = markets
        self._depths = BinanceDepths(server, markets)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until either side closes it."""
        socket = await self._server.socket(request)
        is_futures = request.headers.get("X-Forwarded-Host", "").startswith("fstream.")
        client = _Client(socket, is_combined=request.path == "/stream")
        named = request.match_info.get("streams", "") or request.query.get("streams", "")
        client.streams.extend(name for name in named.split("/") if _is_stream(name))
        depths = self._depths.tell(client.socket, client.wanted, is_futures=is_futures)
        telling = asyncio.gather(self._tell(client), depths)
        return await self._server.converse(socket, telling, partial(self._heed, client))

    async def _heed(self, client: _Client, text: str) -> None:
        """Do what a message asks for, and answer it."""
        try:
            asked = json.loads(text)
            method, names, number = asked["method"], asked.get("params", []), asked.get("id")
        except (ValueError, KeyError, TypeError, AttributeError):
            await client.socket.send_json({"error": {"code": 3, "msg": "Invalid JSON: expected value at line 1"}})
            return
        if method == "LIST_SUBSCRIPTIONS":
            await client.socket.send_json({"result": client.streams, "id": number})
            return
        if method not in {"SUBSCRIBE", "UNSUBSCRIBE"} or not isinstance(names, list):
            error = {"code": 2, "msg": f"Invalid request: unknown variant `{method}`"}
            await client.socket.send_json({"error": error, "id": number})
            return
        kept = [name for name in client.streams if name not in names]
        client.streams = [*kept, *map(str, names)] if method == "SUBSCRIBE" else kept
        client.told = {key: price for key, price in client.told.items() if key[0] not in names}
        await client.socket.send_json({"result": None, "id": number})
        client.changed.set()

    async def _tell(self, client: _Client) -> None:
        """Send what has moved, at the interval and whenever the streams have changed."""
        while not client.socket.closed:
            client.changed.clear()
            for name in tuple(client.streams):
                event = self._event(client, name)
                if event is None:
                    continue
                value = {"stream": name, "data": event} if client.is_combined else event
                if not await self._server.tell(client.socket, "/ws", value):
                    return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(client.changed.wait(), self.interval)

    def _event(self, client: _Client, name: str) -> Any:
        """Return the event of a stream; None where it has nothing new to say."""
        if name in _ALL:
            rows = [
                self._row(listing, _ALL[name])
                for listing in listings().values()
                if listing.trades and self._has_moved(client, name, listing)
            ]
            return rows or None
        symbol, _, kind = name.partition("@")
        listing = listings().get(symbol.upper())
        if listing is None or not listing.trades or kind not in _KINDS:
            return None
        return self._row(listing, kind) if self._has_moved(client, name, listing) else None

    def _has_moved(self, client: _Client, name: str, listing: Listing) -> bool:
        price = eight(self._markets.price(listing, self._server.now_ns()))
        key = name, listing.symbol
        if client.told.get(key) == price:
            return False
        client.told[key] = price
        return True

    def _row(self, listing: Listing, kind: str) -> Any:
        now_ns = self._server.now_ns()
        if kind == "miniTicker":
            return self._markets.mini(listing, now_ns)
        if kind == "ticker":
            return self._markets.full(listing, now_ns)
        book = self._markets.book(listing, now_ns, 1)
        (bid, bid_quantity), (ask, ask_quantity) = book["bids"][0], book["asks"][0]
        names: Sequence[tuple[str, Any]] = (
            ("u", book["lastUpdateId"]),
            ("s", listing.symbol),
            ("b", bid),
            ("B", bid_quantity),
            ("a", ask),
            ("A", ask_quantity),
        )
        return dict(names)


def _is_stream(name: str) -> bool:
    """Tell a stream's name from the number that some clients put there instead."""
    return "@" in name
