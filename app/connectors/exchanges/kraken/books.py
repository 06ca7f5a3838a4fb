"""Kraken's order books (WebSocket, second version): no numbers, but a sum over the ten best levels of each side.

The sum is a CRC-32 over prices and sizes as the venue writes them, without points and leading zeros, so digits are kept
as they stand in the frame. A book whose sum differs is asked for anew.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, ClassVar

from app.connectors.exchanges.book_wire import BookWire
from app.core.clock import parse_iso
from app.core.market.live_book import LiveBook
from app.core.model.order_books import Level

CHECKED = 10
"""Levels a side that the sum is over."""


class KrakenBooks(BookWire):
    """The channel `book`; each update is numbered here as it comes, because the venue tells no numbers."""

    address: ClassVar[str] = "wss://ws.kraken.com/v2"
    most: ClassVar[int | None] = 1_000

    def name(self, symbol: str, native_id: str) -> str:
        """Return the symbol: the second version names markets as ccxt does."""
        del native_id
        return symbol

    def subscribing(self, names: Sequence[str]) -> Sequence[str]:
        """Return one message for all of them; each is answered by its whole book."""
        return [self._said("subscribe", names)]

    def leaving(self, names: Sequence[str]) -> Sequence[str]:
        """Return one message for all of them."""
        return [self._said("unsubscribe", names)]

    def _said(self, method: str, names: Sequence[str]) -> str:
        return json.dumps(
            {"method": method, "params": {"channel": "book", "symbol": list(names), "depth": self.most or 0}}
        )

    def read(self, text: str, received_ns: int) -> None:
        """Take the whole book, a change, a heartbeat, or why there is no book."""
        # Digits of a number matter to the sum, so that numbers stay texts.
        told = json.loads(text, parse_float=str, parse_int=str)
        if told.get("channel") == "book":
            for row in told["data"]:
                book = self.books.get(row["symbol"])
                if book is not None:
                    _take(book, str(told["type"]), row, received_ns)
        elif told.get("method") == "subscribe" and told.get("success") is False:
            book = self.books.get(told.get("symbol", ""))
            if book is not None:
                book.fault = f"Kraken gives no book: {told.get('error')}."


def _take(book: LiveBook, kind: str, row: Mapping[str, Any], received_ns: int) -> None:
    bids, asks = ([(level["price"], level["qty"]) for level in row.get(side, ())] for side in ("bids", "asks"))
    number = book.book.number + 1
    if kind == "snapshot":
        book.snapshot(number, bids, asks, received_ns)
    else:
        told = row.get("timestamp")
        event_ns = parse_iso(told)[0] if told else 0
        book.change((number, number, None), bids, asks, (event_ns, received_ns))
    if book.is_in_step and checksum(*book.book.depth(CHECKED)) != int(row["checksum"]):
        book.book.lose()


def checksum(bids: Sequence[Level], asks: Sequence[Level]) -> int:
    """Return the sum over the best levels: asks from the lowest up, then bids from the highest down."""
    return zlib.crc32("".join(_digits(value) for level in (*asks, *bids) for value in level).encode())


def _digits(value: Decimal) -> str:
    """Return a number as it was written, without its point and the zeros before it."""
    return f"{value:f}".replace(".", "").lstrip("0")
