"""The WebSocket of the simulated Coinbase: tickers, tickers in batches and heartbeats."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from aiohttp import web

from app.core.clock import MICROSECOND, SECOND, iso, to_datetime
from app.core.money import plain
from app.demo.coinbase_access import TokenCheck, TokenError
from app.demo.coinbase_depths import CoinbaseDepths
from app.demo.coinbase_markets import CoinbaseMarkets, products
from app.demo.depth import DemoBook
from app.demo.faults import Fault
from app.demo.server import VenueServer

BOOKS = "level2"
_EVERY: Mapping[str, float] = {"ticker": 1, "ticker_batch": 5, "heartbeats": 1, BOOKS: 0.25}
"""Seconds between two messages of a channel."""

BOOK_PATH = "/ws/level2"
"""As which faults are switched on for changes of books."""


@dataclass(slots=True)
class _Client:
    """One connection: its channels with their products, and what it was told."""

    socket: web.WebSocketResponse
    channels: dict[str, list[str]] = field(default_factory=dict)
    due: dict[str, float] = field(default_factory=dict)
    told: dict[tuple[str, str], str] = field(default_factory=dict)
    books: dict[str, DemoBook] = field(default_factory=dict)
    sequence: int = 0
    beats: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class CoinbaseStream:
    """Serves market channels; the first message of a subscription is a snapshot and comes at once.

    Attributes:
        pace: How much faster than the venue messages come.
    """

    def __init__(self, server: VenueServer, markets: CoinbaseMarkets, tokens: TokenCheck) -> None:
        """Take the server whose sockets and clock these are, and what knows the keys."""
        self.pace = 1.0
        self._server = server
        self._markets = markets
        self._tokens = tokens
        self._depths = CoinbaseDepths(markets)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until either side closes it."""
        socket = await self._server.socket(request)
        client = _Client(socket)
        telling = asyncio.create_task(self._tell(client))
        return await self._server.converse(socket, telling, partial(self._heed, client))

    async def _heed(self, client: _Client, text: str) -> None:
        try:
            asked = json.loads(text)
            word, channel, names = asked["type"], asked["channel"], list(asked.get("product_ids", []))
        except (ValueError, KeyError, TypeError):
            await self._refuse(client, "failed to unmarshal the message")
            return
        if word not in {"subscribe", "unsubscribe"} or channel not in _EVERY:
            await self._refuse(client, f"channel {channel} is not supported")
            return
        if "jwt" in asked and not self._is_known(str(asked["jwt"])):
            await self._refuse(client, "authentication failure")
            return
        unknown = [name for name in names if name not in products()]
        if unknown:
            await self._refuse(client, f"{unknown[0]} is not a valid product")
            return
        self._change(client, word, channel, names)
        await self._send(client, "subscriptions", [{"subscriptions": dict(client.channels)}])
        client.changed.set()

    def _is_known(self, token: str) -> bool:
        try:
            self._tokens.check(token, (), self._server.now_ns() / SECOND)
        except TokenError:
            return False
        return True

    @staticmethod
    def _change(client: _Client, word: str, channel: str, names: Sequence[str]) -> None:
        kept = [name for name in client.channels.get(channel, []) if name not in names]
        client.told = {key: price for key, price in client.told.items() if key[0] != channel or key[1] not in names}
        if channel == BOOKS:
            client.books = {name: book for name, book in client.books.items() if name not in names}
        if word == "subscribe":
            client.channels[channel] = [*kept, *names]
            client.due[channel] = 0.0
        elif kept:
            client.channels[channel] = kept
        else:
            client.channels.pop(channel, None)

    async def _tell(self, client: _Client) -> None:
        """Send what each channel has to say when it is due."""
        loop = asyncio.get_running_loop()
        while not client.socket.closed:
            client.changed.clear()
            for channel in tuple(client.channels):
                if client.due.get(channel, 0.0) > loop.time():
                    continue
                client.due[channel] = loop.time() + _EVERY[channel] / self.pace
                for event in self._events(client, channel):
                    if not await self._send(client, channel, [event]):
                        return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(client.changed.wait(), min(_EVERY.values()) / self.pace)

    def _events(self, client: _Client, channel: str) -> list[Any]:
        """Return what a channel has to say: each product whose price has moved in a message of its own."""
        now = self._server.now_ns()
        if channel == "heartbeats":
            client.beats += 1
            text = to_datetime(now).strftime("%Y-%m-%d %H:%M:%S.%f000 +0000 UTC")
            return [{"current_time": text, "heartbeat_counter": client.beats}]
        if channel == BOOKS:
            found = (self._depths.event(products()[name], client.books, now) for name in client.channels[channel])
            return [event for event in found if event is not None]
        fresh: list[Any] = []
        for name in client.channels[channel]:
            product = products()[name]
            price, before = plain(self._markets.price(product, now)), client.told.get((channel, name))
            if price != before:
                client.told[channel, name] = price
                word = "snapshot" if before is None else "update"
                fresh.append({"type": word, "tickers": [self._markets.ticker_row(product, now)]})
        return fresh

    async def _send(self, client: _Client, channel: str, events: Sequence[Any]) -> bool:
        message = {
            "channel": "l2_data" if channel == BOOKS else channel,
            "client_id": "",
            "timestamp": iso(self._server.now_ns(), MICROSECOND),
            "sequence_num": client.sequence,
            "events": events,
        }
        client.sequence += 1
        if channel == BOOKS and self._server.faults.strike(BOOK_PATH, (Fault.SKIPPED_CHANGE,)):
            return not client.socket.closed
        return await self._server.tell(client.socket, "/ws", message)

    async def _refuse(self, client: _Client, message: str) -> None:
        await self._server.tell(client.socket, "/ws", {"type": "error", "message": message})
