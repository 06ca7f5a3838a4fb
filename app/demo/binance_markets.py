"""Markets of the simulated Binance: what is listed, and what its prices, candles and books say."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.core.clock import DAY, SECOND
from app.demo.binance_wire import Row, eight, milliseconds
from app.demo.depth import DemoBook, DemoDepth
from app.demo.instruments import INSTRUMENTS, lot_places, price_places, symbol
from app.demo.market import START_NS, Market, Period

VENUE = "binance"
_MINUTE = 60 * SECOND
_HOUR = 60 * _MINUTE
INTERVALS = {
    "1s": SECOND,
    "1m": _MINUTE,
    "3m": 3 * _MINUTE,
    "5m": 5 * _MINUTE,
    "15m": 15 * _MINUTE,
    "30m": 30 * _MINUTE,
    "1h": _HOUR,
    "2h": 2 * _HOUR,
    "4h": 4 * _HOUR,
    "6h": 6 * _HOUR,
    "8h": 8 * _HOUR,
    "12h": 12 * _HOUR,
    "1d": DAY,
    "3d": 3 * DAY,
    "1w": 7 * DAY,
}
_QUOTES = ("tether", "usd-coin", "eur", "bitcoin", "ethereum", "bnb")
_UNLISTED = 320
"""Markets that are listed and no longer trade, so that the list has the length of a real one."""
_SYLLABLES = ("ba", "ce", "di", "fo", "gu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "xu", "za")
_ORDER_TYPES = [
    "LIMIT",
    "LIMIT_MAKER",
    "MARKET",
    "STOP_LOSS",
    "STOP_LOSS_LIMIT",
    "TAKE_PROFIT",
    "TAKE_PROFIT_LIMIT",
]
_PREVENTION = ["NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH", "DECREMENT", "TRANSFER"]
_STEP_QUANTITY = Decimal("0.35")


@dataclass(frozen=True, slots=True)
class Listing:
    """One market of the venue; one that no longer trades has no assets of the demo behind it."""

    symbol: str
    base: str
    quote: str
    base_symbol: str
    quote_symbol: str
    price_places: int
    lot_places: int

    @property
    def trades(self) -> bool:
        """Tell whether it has prices."""
        return bool(self.base)


def _traded() -> Iterator[Listing]:
    for quote in _QUOTES:
        for instrument in INSTRUMENTS:
            base = instrument.asset
            if base == quote or (instrument.is_money and not _quotes_money(base, quote)):
                continue
            places = price_places(base, quote, VENUE)
            yield Listing(
                instrument.symbol + symbol(quote),
                base,
                quote,
                instrument.symbol,
                symbol(quote),
                places,
                lot_places(base, quote, VENUE),
            )


def _quotes_money(base: str, quote: str) -> bool:
    """Tell whether money is sold for money: EURUSDT and USDCUSDT are listed, the other way round is not."""
    return (base, quote) in {("eur", "tether"), ("usd-coin", "tether"), ("eur", "usd-coin")}


def _made_up(number: int) -> str:
    """Return the ticker of a coin that never was."""
    count = len(_SYLLABLES)
    return (_SYLLABLES[number % count] + _SYLLABLES[number // count % count] + "z").upper()


@functools.cache
def listings() -> dict[str, Listing]:
    """Return all markets by their symbol."""
    found = {listing.symbol: listing for listing in _traded()}
    for number in range(_UNLISTED):
        base, quote = _made_up(number), ("USDT", "BTC")[number % 2]
        found[base + quote] = Listing(base + quote, "", "", base, quote, 8 if quote == "BTC" else 4, 1)
    return found


def exchange_info(now_ns: int, symbols: list[Listing]) -> Row:
    """Return /api/v3/exchangeInfo."""
    return {
        "timezone": "UTC",
        "serverTime": milliseconds(now_ns),
        "rateLimits": [
            {"rateLimitType": "REQUEST_WEIGHT", "interval": "MINUTE", "intervalNum": 1, "limit": 6000},
            {"rateLimitType": "ORDERS", "interval": "SECOND", "intervalNum": 10, "limit": 100},
            {"rateLimitType": "ORDERS", "interval": "DAY", "intervalNum": 1, "limit": 200000},
            {"rateLimitType": "RAW_REQUESTS", "interval": "MINUTE", "intervalNum": 5, "limit": 61000},
        ],
        "exchangeFilters": [],
        "symbols": [_symbol_row(listing) for listing in symbols],
        "sors": [{"baseAsset": "BTC", "symbols": ["BTCUSDT", "BTCUSDC"]}],
    }


def _symbol_row(listing: Listing) -> Row:
    return {
        "symbol": listing.symbol,
        "status": "TRADING" if listing.trades else "BREAK",
        "baseAsset": listing.base_symbol,
        "baseAssetPrecision": 8,
        "quoteAsset": listing.quote_symbol,
        "quotePrecision": 8,
        "quoteAssetPrecision": 8,
        "baseCommissionPrecision": 8,
        "quoteCommissionPrecision": 8,
        "orderTypes": _ORDER_TYPES,
        "icebergAllowed": True,
        "ocoAllowed": True,
        "otoAllowed": True,
        "opoAllowed": True,
        "quoteOrderQtyMarketAllowed": True,
        "allowTrailingStop": True,
        "cancelReplaceAllowed": True,
        "amendAllowed": True,
        "pegInstructionsAllowed": True,
        "isSpotTradingAllowed": True,
        "isMarginTradingAllowed": False,
        "filters": _filters(listing),
        "permissions": [],
        "permissionSets": [["SPOT"]],
        "defaultSelfTradePreventionMode": "EXPIRE_MAKER",
        "allowedSelfTradePreventionModes": _PREVENTION,
    }


def _filters(listing: Listing) -> list[Row]:
    tick, lot = eight(Decimal(1).scaleb(-listing.price_places)), eight(Decimal(1).scaleb(-listing.lot_places))
    return [
        {"filterType": "PRICE_FILTER", "minPrice": tick, "maxPrice": "1000000.00000000", "tickSize": tick},
        {"filterType": "LOT_SIZE", "minQty": lot, "maxQty": "9000000.00000000", "stepSize": lot},
        {"filterType": "ICEBERG_PARTS", "limit": 10},
        {
            "filterType": "MARKET_LOT_SIZE",
            "minQty": "0.00000000",
            "maxQty": "900000.00000000",
            "stepSize": "0.00000000",
        },
        {
            "filterType": "NOTIONAL",
            "minNotional": "5.00000000",
            "applyMinToMarket": True,
            "maxNotional": "9000000.00000000",
            "applyMaxToMarket": False,
            "avgPriceMins": 5,
        },
        {"filterType": "MAX_NUM_ORDERS", "maxNumOrders": 200},
        {"filterType": "MAX_NUM_ALGO_ORDERS", "maxNumAlgoOrders": 5},
    ]


@dataclass(frozen=True, slots=True)
class DayFigures:
    """What the last 24 hours of a market were."""

    opening: Decimal
    high: Decimal
    low: Decimal
    volume: Decimal


class BinanceMarkets:
    """Prices of all listings at a moment, rendered."""

    def __init__(self, market: Market) -> None:
        """Take the demo's market."""
        self._market = market
        self.depth = DemoDepth(market, VENUE)
        self._day: dict[str, tuple[int, DayFigures]] = {}

    def price(self, listing: Listing, now_ns: int) -> Decimal:
        """Return the last price; a market that no longer trades keeps its last one."""
        if not listing.trades:
            return last_ever(listing)
        return self._market.price(listing.base, listing.quote, now_ns, VENUE)

    def klines(self, listing: Listing, step: int, since: int, until: int) -> list[Period]:
        """Return candles that start in [since, until), oldest first."""
        if not listing.trades:
            return []
        return self._market.candles(listing.base, listing.quote, since, until, step, venue=VENUE)

    def figures(self, listing: Listing, now_ns: int) -> DayFigures:
        """Return the last 24 hours; they are worked out once a minute."""
        minute = now_ns // _MINUTE
        known = self._day.get(listing.symbol)
        if known is None or known[0] != minute:
            known = minute, self._figures(listing, minute * _MINUTE)
            self._day[listing.symbol] = known
        figures, last = known[1], self.price(listing, now_ns)
        return DayFigures(figures.opening, max(figures.high, last), min(figures.low, last), figures.volume)

    def _figures(self, listing: Listing, now_ns: int) -> DayFigures:
        if not listing.trades:
            last = last_ever(listing)
            return DayFigures(last, last, last, Decimal(0))
        since = max(START_NS, now_ns - DAY)
        candles = self.klines(listing, 6 * _HOUR, since, now_ns)
        opening = self.price(listing, since)
        return DayFigures(
            opening,
            max([opening, *(candle.high for candle in candles)]),
            min([opening, *(candle.low for candle in candles)]),
            sum((candle.volume for candle in candles), Decimal(0)),
        )

    def ticker(self, listing: Listing, now_ns: int) -> Row:
        """Return one row of /api/v3/ticker/24hr."""
        last, day = self.price(listing, now_ns), self.figures(listing, now_ns)
        bid, ask = self.quote(listing, now_ns)
        change = last - day.opening
        mean = (day.high + day.low + last + day.opening) / 4
        quantity = _STEP_QUANTITY if listing.trades else Decimal(0)
        count = int(day.volume % 500_000)
        return {
            "symbol": listing.symbol,
            "priceChange": eight(change),
            "priceChangePercent": f"{change / day.opening * 100:.3f}",
            "weightedAvgPrice": eight(mean),
            "prevClosePrice": eight(day.opening),
            "lastPrice": eight(last),
            "lastQty": eight(quantity),
            "bidPrice": eight(bid),
            "bidQty": eight(quantity),
            "askPrice": eight(ask),
            "askQty": eight(quantity),
            "openPrice": eight(day.opening),
            "highPrice": eight(day.high),
            "lowPrice": eight(day.low),
            "volume": eight(day.volume),
            "quoteVolume": eight(day.volume * mean),
            "openTime": milliseconds(now_ns - DAY),
            "closeTime": milliseconds(now_ns),
            "firstId": 0 if count else -1,
            "lastId": count - 1,
            "count": count,
        }

    def mini(self, listing: Listing, now_ns: int) -> Row:
        """Return the event of <symbol>@miniTicker."""
        last, day = self.price(listing, now_ns), self.figures(listing, now_ns)
        return {
            "e": "24hrMiniTicker",
            "E": milliseconds(now_ns),
            "s": listing.symbol,
            "c": eight(last),
            "o": eight(day.opening),
            "h": eight(day.high),
            "l": eight(day.low),
            "v": eight(day.volume),
            "q": eight(day.volume * (day.high + day.low) / 2),
        }

    def full(self, listing: Listing, now_ns: int) -> Row:
        """Return the event of <symbol>@ticker."""
        row = self.ticker(listing, now_ns)
        return {
            "e": "24hrTicker",
            "E": milliseconds(now_ns),
            "s": listing.symbol,
            **{short: row[name] for short, name in _SHORT.items()},
        }

    def quote(self, listing: Listing, now_ns: int) -> tuple[Decimal, Decimal]:
        """Return the best bid and ask."""
        if not listing.trades:
            tick = Decimal(1).scaleb(-listing.price_places)
            return last_ever(listing) - tick, last_ever(listing) + tick
        number = self.depth.number(now_ns)
        return self.depth.quote(listing.base, listing.quote, listing.price_places, number)

    def demo_book(self, listing: Listing, number: int) -> DemoBook:
        """Return the order book of a number; one without levels where the market no longer trades."""
        if not listing.trades:
            return DemoBook(number, listing.price_places, listing.lot_places)
        pair = listing.base, listing.quote, listing.price_places, listing.lot_places
        return self.depth.book(pair, number)

    def book(self, listing: Listing, now_ns: int, levels: int) -> Row:
        """Return /api/v3/depth."""
        number = self.depth.number(now_ns)
        book = self.demo_book(listing, number)
        return {"lastUpdateId": number, "bids": rows(book.levels("bids", levels)),
                "asks": rows(book.levels("asks", levels))}  # fmt: skip


def rows(levels: Sequence[tuple[Decimal, Decimal]]) -> list[list[str]]:
    """Return levels as the venue writes them."""
    return [[eight(price), eight(size)] for price, size in levels]


_SHORT = {
    "p": "priceChange",
    "P": "priceChangePercent",
    "w": "weightedAvgPrice",
    "x": "prevClosePrice",
    "c": "lastPrice",
    "Q": "lastQty",
    "b": "bidPrice",
    "B": "bidQty",
    "a": "askPrice",
    "A": "askQty",
    "o": "openPrice",
    "h": "highPrice",
    "l": "lowPrice",
    "v": "volume",
    "q": "quoteVolume",
    "O": "openTime",
    "C": "closeTime",
    "F": "firstId",
    "L": "lastId",
    "n": "count",
}


def last_ever(listing: Listing) -> Decimal:
    """Return the price at which a market stopped."""
    number = int.from_bytes(hashlib.sha256(listing.symbol.encode()).digest()[:4])
    return Decimal(number % 90_000 + 10_000).scaleb(-listing.price_places)


def kline_row(candle: Period, step: int) -> list[Any]:
    """Return one candle as /api/v3/klines gives it: an array."""
    middle = (candle.high + candle.low) / 2
    return [
        milliseconds(candle.at),
        eight(candle.open),
        eight(candle.high),
        eight(candle.low),
        eight(candle.close),
        eight(candle.volume),
        milliseconds(candle.at + step) - 1,
        eight(candle.volume * middle),
        int(candle.volume % 500_000),
        eight(candle.volume / 2),
        eight(candle.volume * middle / 2),
        "0",
    ]
