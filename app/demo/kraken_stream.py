"""The simulated Kraken's WebSocket, second version: subscriptions, live tickers, heartbeats and pings."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import orjson
from aiohttp import web

from app.core.clock import SECOND
from app.demo.faults import Fault
from app.demo.kraken_books import KrakenBookChannel, Subscribed
from app.demo.kraken_names import BY_SYMBOL, Pair
from app.demo.kraken_public import PublicAnswers, average, stamp
from app.demo.market import TICK_NS

if TYPE_CHECKING:
    from app.demo.server import VenueServer

PATH = "/v2"
BOOK_PATH = "/v2/book"
"""As which faults are switched on for changes of books."""

Heard = tuple[dict[str, Pair], dict[str, Subscribed]]
"""Pairs whose ticker a client hears, and books."""

_TICKS_A_BEAT = SECOND // TICK_NS


class KrakenStream:
    """Serves one socket after the other; each has its own subscriptions."""

    def __init__(self, server: VenueServer, public: PublicAnswers) -> None:
        self._server = server
        self._public = public
        self._books = KrakenBookChannel(server.market)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Talk with one client until it leaves."""
        socket = await self._server.socket(request)
        pairs: dict[str, Pair] = {}
        books: dict[str, Subscribed] = {}
        await self._tell(socket, {"channel": "status", "type": "update", "data": [_STATUS]})
        telling = asyncio.ensure_future(self._tick(socket, pairs, books))
        return await self._server.converse(socket, telling, partial(self._hear, socket, (pairs, books)))

    async def _hear(self, socket: web.WebSocketResponse, heard: Heard, text: str) -> None:
        try:
            asked = orjson.loads(text)
        except orjson.JSONDecodeError:
            asked = None
        if not isinstance(asked, dict):
            await self._tell(socket, {"error": "Malformed request", "success": False, **self._times()})
            return
        method, request_id = asked.get("method"), asked.get("req_id")
        known = {} if request_id is None else {"req_id": request_id}
        if method == "ping":
            await self._tell(socket, {"method": "pong", **known, **self._times()})
        elif method in {"subscribe", "unsubscribe"}:
            await self._subscribe(socket, heard, str(method), asked.get("params") or {}, known)
        else:
            error = {"error": "Unknown method", "method": method, "success": False}
            await self._tell(socket, {**error, **known, **self._times()})

    async def _subscribe(
        self,
        socket: web.WebSocketResponse,
        heard: Heard,
        method: str,
        terms: Mapping[str, Any],
        known: Mapping[str, Any],
    ) -> None:
        channel, told = terms.get("channel"), {"method": method, **known}
        if channel not in {"ticker", "book"}:
            error = {"error": f"Channel {channel} is not simulated", "success": False}
            await self._tell(socket, {**told, **error, **self._times()})
            return
        added: list[Pair] = []
        for symbol in terms.get("symbol") or []:
            pair = BY_SYMBOL.get(symbol)
            if pair is None:
                error = {"error": f"Currency pair not supported {symbol}", "success": False, "symbol": symbol}
                await self._tell(socket, {**told, **error, **self._times()})
                continue
            result = {"channel": channel, "snapshot": terms.get("snapshot", True), "symbol": symbol}
            await self._tell(socket, {**told, "result": result, "success": True, **self._times()})
            added.append(pair)
        pairs, books = heard
        for pair in added:
            if method == "unsubscribe":
                (pairs if channel == "ticker" else books).pop(pair.symbol, None)
            elif channel == "book":
                books[pair.symbol], whole = self._books.whole(pair, int(terms.get("depth", 10)), self._server.now_ns())
                await self._tell(socket, whole)
            else:
                if terms.get("snapshot", True):
                    await self._tell(socket, self._ticker(pair, "snapshot"))
                pairs[pair.symbol] = pair

    async def _tell_books(self, socket: web.WebSocketResponse, books: dict[str, Subscribed]) -> None:
        """Tell what changed in each book; a change may get lost on its way."""
        for symbol, one in tuple(books.items()):
            now_one, message = self._books.change(one, self._server.now_ns())
            if symbol in books and books[symbol] is one:
                books[symbol] = now_one
                if message is not None and not self._server.faults.strike(BOOK_PATH, (Fault.SKIPPED_CHANGE,)):
                    await self._tell(socket, message)

    async def _tick(
        self, socket: web.WebSocketResponse, pairs: Mapping[str, Pair], books: dict[str, Subscribed]
    ) -> None:
        """Tell each pair whose price has moved, four times a second, and a heartbeat every second."""
        told: dict[str, Any] = {}
        beat = 0
        while not socket.closed:
            await asyncio.sleep(TICK_NS / SECOND)
            for symbol, pair in list(pairs.items()):
                message = self._ticker(pair, "update")
                price = message["data"][0]["last"]
                if told.get(symbol) != price:
                    told[symbol] = price
                    await self._tell(socket, message)
            await self._tell_books(socket, books)
            beat += 1
            if beat % _TICKS_A_BEAT == 0:
                await self._tell(socket, {"channel": "heartbeat"})

    def _ticker(self, pair: Pair, kind: str) -> dict[str, Any]:
        now = self._server.now_ns()
        bid, ask, last = self._public.spread(pair, now)
        day = self._public.last_day(pair, now)
        change = last - day.open
        row = {
            "symbol": pair.symbol,
            "bid": bid,
            "bid_qty": round(day.volume / 5_000, 8),
            "ask": ask,
            "ask_qty": round(day.volume / 4_000, 8),
            "last": last,
            "volume": day.volume,
            "vwap": round(average(day), pair.places),
            "low": min(day.low, last),
            "high": max(day.high, last),
            "change": change,
            "change_pct": round(change / day.open * 100, 2),
            "timestamp": stamp(now),
        }
        return {"channel": "ticker", "type": kind, "data": [row]}

    def _times(self) -> dict[str, str]:
        moment = stamp(self._server.now_ns())
        return {"time_in": moment, "time_out": moment}

    async def _tell(self, socket: web.WebSocketResponse, message: Mapping[str, Any]) -> None:
        await self._server.tell(socket, PATH, message)


_STATUS: Mapping[str, Any] = {
    "version": "2.0.10",
    "system": "online",
    "api_version": "v2",
    "connection_id": 6_447_481_662_169_813_000,
}
__all__: Sequence[str] = ["PATH", "KrakenStream"]
