"""Products of the simulated Coinbase: what is listed, and what its prices, candles and books say."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from app.core.clock import DAY, MICROSECOND, SECOND, iso
from app.core.money import plain
from app.demo.coinbase_wire import VENUE, Row, currency_name
from app.demo.depth import DemoBook, DemoDepth
from app.demo.instruments import INSTRUMENTS, USD, lot_places, price_places, symbol
from app.demo.market import START_NS, Market, Period

_MINUTE = 60 * SECOND
_HOUR = 60 * _MINUTE
GRANULARITIES = {
    "ONE_MINUTE": _MINUTE,
    "FIVE_MINUTE": 5 * _MINUTE,
    "FIFTEEN_MINUTE": 15 * _MINUTE,
    "THIRTY_MINUTE": 30 * _MINUTE,
    "ONE_HOUR": _HOUR,
    "TWO_HOUR": 2 * _HOUR,
    "FOUR_HOUR": 4 * _HOUR,
    "SIX_HOUR": 6 * _HOUR,
    "ONE_DAY": DAY,
}
_QUOTES = (USD, "usd-coin", "eur", "bitcoin")
_SIZE = Decimal("0.1718")
_WEEKS = 52
_BIGGEST = "150000000"


@dataclass(frozen=True, slots=True)
class Product:
    """One market; those against USDC share their book with those against the dollar."""

    product_id: str
    base: str
    quote: str
    priced_in: str
    places: int
    lot: int

    @property
    def tick(self) -> Decimal:
        """Return the step of its price."""
        return Decimal(1).scaleb(-self.places)


def _listed() -> Iterator[Product]:
    for quote in _QUOTES:
        priced_in = USD if quote == "usd-coin" else quote
        for row in INSTRUMENTS:
            if row.asset in {quote, "eur"} or (row.asset == "usd-coin" and priced_in == USD):
                continue
            if row.is_money and quote == "bitcoin":
                continue
            places, lot = price_places(row.asset, priced_in, VENUE), lot_places(row.asset, priced_in, VENUE)
            yield Product(f"{row.symbol}-{symbol(quote)}", row.asset, quote, priced_in, places, lot)


@functools.cache
def products() -> dict[str, Product]:
    """Return all products by their id."""
    return {product.product_id: product for product in _listed()}


@dataclass(frozen=True, slots=True)
class Figures:
    """The last day and the last year of a product."""

    opening: Decimal
    high: Decimal
    low: Decimal
    volume: Decimal
    year_high: Decimal
    year_low: Decimal


class CoinbaseMarkets:
    """Prices of all products at a moment, rendered."""

    def __init__(self, market: Market) -> None:
        """Take the demo's market."""
        self.market = market
        self.depth = DemoDepth(market, VENUE)
        self._known: dict[str, tuple[int, Figures]] = {}

    def price(self, product: Product, now_ns: int) -> Decimal:
        """Return the last price."""
        return self.market.price(product.base, product.priced_in, now_ns, VENUE)

    def candles(self, product: Product, since: int, until: int, step: int) -> list[Period]:
        """Return candles that start in [since, until), oldest first."""
        return self.market.candles(product.base, product.priced_in, since, until, step, venue=VENUE)

    def figures(self, product: Product, now_ns: int) -> Figures:
        """Return the last day and year; they are worked out once a minute."""
        minute = now_ns // _MINUTE
        known = self._known.get(product.product_id)
        if known is None or known[0] != minute:
            known = minute, self._figures(product, minute * _MINUTE)
            self._known[product.product_id] = known
        return known[1]

    def _figures(self, product: Product, now_ns: int) -> Figures:
        since = max(START_NS, now_ns - DAY)
        day = self.candles(product, since, now_ns, 6 * _HOUR)
        year = self.candles(product, now_ns - 7 * _WEEKS * DAY, now_ns, 7 * DAY)
        opening = self.price(product, since)
        high = max([opening, *(candle.high for candle in day)])
        low = min([opening, *(candle.low for candle in day)])
        return Figures(
            opening,
            high,
            low,
            sum((candle.volume for candle in day), Decimal(0)),
            max([high, *(candle.high for candle in year)]),
            min([low, *(candle.low for candle in year)]),
        )

    def product_row(self, product: Product, now_ns: int) -> Row:
        """Return one product as /api/v3/brokerage/products gives it."""
        last, day = self.price(product, now_ns), self.figures(product, now_ns)
        is_shared = product.quote == "usd-coin"
        base, quote = symbol(product.base), symbol(product.quote)
        twin = f"{base}-USD" if is_shared else f"{base}-USDC"
        lot = plain(Decimal(1).scaleb(-product.lot))
        return {
            **_USUAL,
            "product_id": product.product_id,
            "price": plain(last),
            "price_percentage_change_24h": plain((last / day.opening - 1) * 100),
            "volume_24h": plain(day.volume),
            "base_increment": lot,
            "quote_increment": plain(product.tick),
            "base_min_size": lot,
            "base_name": currency_name(product.base),
            "quote_name": currency_name(product.quote),
            "quote_currency_id": quote,
            "base_currency_id": base,
            "alias": twin if is_shared else "",
            "alias_to": [twin] if product.quote == USD and twin in products() else [],
            "base_display_symbol": base,
            "quote_display_symbol": "USD" if is_shared else quote,
            "price_increment": plain(product.tick),
            "display_name": product.product_id,
            "approximate_quote_24h_volume": f"{day.volume * last:.2f}",
        }

    def ticker_row(self, product: Product, now_ns: int) -> Row:
        """Return one ticker of the WebSocket."""
        last, day = self.price(product, now_ns), self.figures(product, now_ns)
        bid, ask = self.quote(product, now_ns)
        return {
            "type": "ticker",
            "product_id": product.product_id,
            "price": plain(last),
            "volume_24_h": plain(day.volume),
            "low_24_h": plain(min(day.low, last)),
            "high_24_h": plain(max(day.high, last)),
            "low_52_w": plain(min(day.year_low, last)),
            "high_52_w": plain(max(day.year_high, last)),
            "price_percent_chg_24_h": plain((last / day.opening - 1) * 100),
            "best_bid": plain(bid),
            "best_bid_quantity": plain(_SIZE),
            "best_ask": plain(ask),
            "best_ask_quantity": plain(_SIZE),
        }

    def trades_row(self, product: Product, now_ns: int, limit: int) -> Row:
        """Return the last market trades and the best prices of products/{id}/ticker."""
        bid, ask = self.quote(product, now_ns)
        trades = [self._trade(product, now_ns, step) for step in range(limit)]
        return {"trades": trades, "best_bid": plain(bid), "best_ask": plain(ask)}

    def _trade(self, product: Product, now_ns: int, step: int) -> Row:
        at = now_ns - step * SECOND
        return {
            "trade_id": str(at // SECOND),
            "product_id": product.product_id,
            "price": plain(self.price(product, at)),
            "size": plain(_SIZE),
            "time": iso(at, MICROSECOND),
            "side": ("BUY", "SELL")[at // SECOND % 2],
            "bid": "",
            "ask": "",
            "exchange": "coinbase",
        }

    def book_row(self, product: Product, now_ns: int, levels: int) -> Row:
        """Return a price book."""
        book = self.demo_book(product, now_ns)
        return {
            "product_id": product.product_id,
            **{
                side: [{"price": plain(price), "size": plain(size)} for price, size in book.levels(side, levels)]
                for side in ("bids", "asks")
            },
            "time": iso(now_ns, MICROSECOND),
        }

    def quote(self, product: Product, now_ns: int) -> tuple[Decimal, Decimal]:
        """Return the best bid and ask."""
        return self.depth.quote(product.base, product.priced_in, product.places, self.depth.number(now_ns))

    def demo_book(self, product: Product, now_ns: int) -> DemoBook:
        """Return the order book of a moment."""
        pair = product.base, product.priced_in, product.places, product.lot
        return self.depth.book(pair, self.depth.number(now_ns))


_USUAL: Row = {
    "volume_percentage_change_24h": "0",
    "quote_min_size": "1",
    "quote_max_size": _BIGGEST,
    "base_max_size": _BIGGEST,
    "status": "online",
    "product_type": "SPOT",
    "product_venue": "CBE",
    "fcm_trading_session_details": None,
    "new_at": "2023-01-01T00:00:00Z",
    **dict.fromkeys(("watched", "is_disabled", "new", "cancel_only", "limit_only", "post_only"), False),
    **dict.fromkeys(("trading_disabled", "auction_mode", "view_only", "is_alpha_testing"), False),
    **dict.fromkeys(("mid_market_price", "market_cap", "base_cbrn", "quote_cbrn", "product_cbrn"), ""),
    **dict.fromkeys(("icon_color", "icon_url", "display_name_overwrite", "about_description"), ""),
    **dict.fromkeys(("best_bid_price", "best_ask_price"), ""),
}
"""What all products have in common."""


def candle_row(candle: Period) -> Row:
    """Return one candle: all its figures are texts."""
    return {
        "start": str(candle.at // SECOND),
        "low": plain(candle.low),
        "high": plain(candle.high),
        "open": plain(candle.open),
        "close": plain(candle.close),
        "volume": plain(candle.volume),
    }
