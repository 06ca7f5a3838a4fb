"""Coinbase's order books: the channel level2, whose messages are counted through all channels of a socket.

A number that is missing may have been any book's, so all of them are asked for anew. Numbers belong to the socket and
not to a book, which is why each book counts its own updates here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

import orjson

from app.connectors.exchanges.book_wire import BookWire
from app.core.clock import parse_iso

Sides = tuple[list[tuple[str, str]], list[tuple[str, str]]]
"""Bids and asks as the venue wrote them."""

_LARGE = 128 * 1024
"""Characters of a message that are parsed at once."""
_UPDATES = '"updates":['
_SIDES = {"bid": 0, "offer": 1, "ask": 1}
_ALIAS = "-USD", "-USDC"
"""A market in USDC has the book of the one in dollars, under whose name it may be told."""


class CoinbaseBooks(BookWire):
    """Without a key: this channel is open to everybody."""

    address: ClassVar[str] = "wss://advanced-trade-ws.coinbase.com"

    def __init__(self) -> None:
        """Start before the first message of a socket."""
        super().__init__()
        self._number: int | None = None

    def greeting(self) -> Sequence[str]:
        """Return the subscription that keeps a quiet socket open."""
        return [json.dumps({"type": "subscribe", "channel": "heartbeats"})]

    def subscribing(self, names: Sequence[str]) -> Sequence[str]:
        """Return one message for all of them; each is answered by its whole book."""
        return [json.dumps({"type": "subscribe", "product_ids": list(names), "channel": "level2"})]

    def leaving(self, names: Sequence[str]) -> Sequence[str]:
        """Return one message for all of them."""
        return [json.dumps({"type": "unsubscribe", "product_ids": list(names), "channel": "level2"})]

    def read(self, text: str, received_ns: int) -> None:
        """Take what a message tells of books; its number counts whatever it tells of."""
        text, updates = _apart(text) if len(text) > _LARGE else (text, None)
        told = orjson.loads(text)
        if told.get("type") == "error":
            self._refuse(str(told.get("message")))
            return
        self._count(told["sequence_num"])
        if told.get("channel") == "l2_data":
            event_ns = parse_iso(told["timestamp"])[0]
            for event in told["events"]:
                # What was taken apart is that of the first event, which a whole book comes in.
                self._take(event, updates or _sides(event["updates"]), (event_ns, received_ns))
                updates = None

    def _count(self, number: int) -> None:
        is_missed = self._number is not None and number != self._number + 1
        self._number = number
        if is_missed:
            for book in self.books.values():
                book.book.lose()

    def _refuse(self, message: str) -> None:
        """Note why there is no book: of all that wait for one, since the message names none."""
        for book in self.books.values():
            if book.at is None:
                book.fault = f"Coinbase gives no book: {message}."

    def _take(self, event: Mapping[str, Any], sides: Sides, times: tuple[int, int]) -> None:
        name = str(event["product_id"])
        dollars, coins = _ALIAS
        book = self.books.get(name) or self.books.get(name.removesuffix(dollars) + coins)
        if book is None:
            return
        number = book.book.number + 1
        if event["type"] == "snapshot":
            book.snapshot(number, *sides, times[1])
        else:
            book.change((number, number, None), *sides, times)


def _sides(updates: Iterable[Mapping[str, Any]]) -> Sides:
    sides: Sides = [], []
    for one in updates:
        sides[_SIDES[one["side"]]].append((one["price_level"], one["new_quantity"]))
    return sides


def _apart(text: str) -> tuple[str, Sides | None]:
    """Return a message without the levels of its first event, and those: they are parsed a part at a time.

    The whole book of a market takes megabytes, and a parser holds the interpreter's lock until it is through.
    """
    start = text.find(_UPDATES)
    if start < 0:
        return text, None
    start += len(_UPDATES)
    end = text.index("]", start)
    sides: Sides = [], []
    at = start
    while at < end:
        cut = text.find("},", at + _LARGE, end)
        stop = end if cut < 0 else cut + 1
        for known, part in zip(sides, _sides(orjson.loads(f"[{text[at:stop]}]")), strict=True):
            known.extend(part)
        at = stop + 1
    return text[:start] + text[end:], sides
