"""Binance's order books: changes of 100 ms over the socket, the whole book by REST, kept in step by update numbers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import orjson

from app.connectors.exchanges.asked_books import AskedBookWire
from app.connectors.exchanges.base import Endpoint, Params
from app.connectors.exchanges.binance import calls
from app.core.clock import MILLISECOND

LEVELS = 1_000
"""Levels a side of a snapshot; it weighs 50 of 6,000 a minute."""


class BinanceBooks(AskedBookWire):
    """Combined streams of the spot market."""

    address: ClassVar[str] = "wss://stream.binance.com:9443/stream"

    def __init__(self) -> None:
        """Start without a book."""
        super().__init__()
        self._sent = 0

    def subscribing(self, names: Sequence[str]) -> Sequence[str]:
        """Return one message for all of them."""
        return [self._said("SUBSCRIBE", names)]

    def leaving(self, names: Sequence[str]) -> Sequence[str]:
        """Return one message for all of them."""
        return [self._said("UNSUBSCRIBE", names)]

    def _said(self, method: str, names: Sequence[str]) -> str:
        self._sent += 1
        return json.dumps(
            {"method": method, "params": [f"{name.lower()}@depth@100ms" for name in names], "id": self._sent}
        )

    def read(self, text: str, received_ns: int) -> None:
        """Take a change, or why there is none; other answers to what was sent say nothing of books."""
        told = orjson.loads(text)
        if "error" in told:
            for one in self.books.values():
                one.fault = f"Binance gives no book: {told['error'].get('msg')}."
        data = told.get("data")
        if data is None or data.get("e") != "depthUpdate":
            return
        book = self.books.get(data["s"])
        if book is not None:
            numbers = data["U"], data["u"], data.get("pu")
            book.change(numbers, data["b"], data["a"], (data["E"] * MILLISECOND, received_ns))

    def whole(self, name: str) -> tuple[Endpoint, Params]:
        """Return the call for so many levels that changes seldom lie beyond them."""
        return calls.DEPTH, {"symbol": name, "limit": LEVELS}

    def take_whole(self, name: str, told: Mapping[str, Any], received_ns: int) -> None:
        """Take the whole book; changes that came meanwhile are judged by its number."""
        book = self.books.get(name)
        if book is not None:
            book.snapshot(told["lastUpdateId"], told["bids"], told["asks"], received_ns)


class BinancePerpetualBooks(BinanceBooks):
    """Combined streams of USD-M futures: each change names the last number of the one before.

    Address, weight of the call and numbers are from the venue's documentation; no frame of its own was recorded.
    """

    address: ClassVar[str] = "wss://fstream.binance.com/stream"

    def whole(self, name: str) -> tuple[Endpoint, Params]:
        """Return the call for so many levels that changes seldom lie beyond them."""
        return calls.PERPETUAL_DEPTH, {"symbol": name, "limit": LEVELS}
