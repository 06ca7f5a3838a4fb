"""The book channel of the simulated Kraken: the whole book, then its changes, each with a sum over the best levels."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.demo.depth import DemoBook, DemoDepth
from app.demo.kraken_names import VENUE, Pair
from app.demo.kraken_public import stamp
from app.demo.market import Market
from app.demo.server import Written

_SUMMED = 10
_LOT = 8


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A book that a client hears of: so many levels of it, and which one it was told last."""

    pair: Pair
    depth: int
    told: DemoBook


class KrakenBookChannel:
    """Messages of the channel."""

    def __init__(self, market: Market) -> None:
        """Take the market."""
        self._depth = DemoDepth(market, VENUE)

    def whole(self, pair: Pair, depth: int, now: int) -> tuple[Subscribed, dict[str, Any]]:
        """Return what a client is told first."""
        book = self._book(pair, now)
        row = _row(pair, book, book.levels("bids", depth), book.levels("asks", depth))
        return Subscribed(pair, depth, book), {"channel": "book", "type": "snapshot", "data": [row]}

    def change(self, one: Subscribed, now: int) -> tuple[Subscribed, dict[str, Any] | None]:
        """Return what changed since a client was told last; None where nothing did."""
        book = self._book(one.pair, now)
        bids, asks = (book.since(one.told, side, one.depth) for side in ("bids", "asks"))
        if not bids and not asks:
            return one, None
        row = _row(one.pair, book, bids, asks) | {"timestamp": stamp(now)}
        return Subscribed(one.pair, one.depth, book), {"channel": "book", "type": "update", "data": [row]}

    def _book(self, pair: Pair, now: int) -> DemoBook:
        return self._depth.book((pair.base, pair.quote, pair.places, _LOT), self._depth.number(now))


def _row(
    pair: Pair, book: DemoBook, bids: Sequence[tuple[Decimal, Decimal]], asks: Sequence[tuple[Decimal, Decimal]]
) -> dict[str, Any]:
    return {
        "symbol": pair.symbol,
        "bids": [_level(*level) for level in bids],
        "asks": [_level(*level) for level in asks],
        "checksum": _sum(book),
    }


def _level(price: Decimal, size: Decimal) -> dict[str, Written]:
    return {"price": Written(f"{price:f}"), "qty": Written(f"{size:f}")}


def _sum(book: DemoBook) -> int:
    """Return the CRC-32 over digits of the best asks, then bids, as the venue describes it."""
    digits = []
    for side in ("asks", "bids"):
        for level in book.levels(side, _SUMMED):
            digits += [f"{value:f}".replace(".", "").lstrip("0") for value in level]
    return zlib.crc32("".join(digits).encode())
