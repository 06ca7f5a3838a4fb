"""The channel level2 of the simulated Coinbase: the whole book of a product, then what changed in it."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from app.core.clock import MICROSECOND, iso
from app.core.money import plain
from app.demo.coinbase_markets import CoinbaseMarkets, Product
from app.demo.depth import LEVELS, DemoBook

_SIDES = (("bid", "bids"), ("offer", "asks"))
_LONG_AGO = "1970-01-01T00:00:00Z"


class CoinbaseDepths:
    """Events of books; a client's books by product are what it was told last."""

    def __init__(self, markets: CoinbaseMarkets) -> None:
        """Take the venue's markets."""
        self._markets = markets

    def event(self, product: Product, told: dict[str, DemoBook], now: int) -> dict[str, Any] | None:
        """Return the next event of a product, and note it as told; None where nothing changed."""
        book = self._markets.demo_book(product, now)
        before = told.get(product.product_id)
        told[product.product_id] = book
        if before is None:
            updates = [row for word, side in _SIDES for row in _rows(word, book.levels(side, LEVELS), _LONG_AGO)]
            return {"type": "snapshot", "product_id": product.product_id, "updates": updates}
        at = iso(now, MICROSECOND)
        updates = [row for word, side in _SIDES for row in _rows(word, book.since(before, side), at)]
        return {"type": "update", "product_id": product.product_id, "updates": updates} if updates else None


def _rows(side: str, levels: Iterable[tuple[Decimal, Decimal]], at: str) -> Iterable[dict[str, str]]:
    for price, size in levels:
        yield {"side": side, "event_time": at, "price_level": plain(price), "new_quantity": plain(size)}
