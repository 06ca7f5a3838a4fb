"""What the simulated Binance tells anybody: its clock, its markets, their prices, candles and books."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from app.core.clock import MILLISECOND
from app.demo.binance_access import BinanceError, whole, word
from app.demo.binance_history import Asked
from app.demo.binance_markets import INTERVALS, BinanceMarkets, Listing, exchange_info, kline_row, listings
from app.demo.binance_wire import eight, milliseconds
from app.demo.market import START_NS

_MOST_CANDLES, _USUAL_CANDLES = 1_000, 500
_MOST_LEVELS, _USUAL_LEVELS = 5_000, 100


class PublicAnswers:
    """Answers of the endpoints that need no key."""

    def __init__(self, markets: BinanceMarkets) -> None:
        """Take the markets."""
        self._markets = markets

    def routes(self) -> Mapping[str, Callable[[Asked, int], Any]]:
        """Return what answers a GET of each path."""
        return {
            "/api/v3/ping": _ping,
            "/api/v3/time": _time,
            "/api/v3/exchangeInfo": _exchange_info,
            "/api/v3/ticker/24hr": self._tickers,
            "/api/v3/ticker/price": self._prices,
            "/api/v3/klines": self._klines,
            "/api/v3/depth": self._depth,
            # No contracts are listed; a client that loads every kind of market still gets an answer.
            "/fapi/v1/depth": self._perpetual_depth,
            "/fapi/v1/klines": self._klines,
            "/fapi/v1/exchangeInfo": _no_contracts,
            "/dapi/v1/exchangeInfo": _no_contracts,
        }

    def _tickers(self, asked: Asked, now_ns: int) -> Any:
        rows = [self._markets.ticker(listing, now_ns) for listing in _asked_for(asked)]
        return rows[0] if asked.get("symbol") else rows

    def _prices(self, asked: Asked, now_ns: int) -> Any:
        rows = [
            {"symbol": listing.symbol, "price": eight(self._markets.price(listing, now_ns))}
            for listing in _asked_for(asked)
        ]
        return rows[0] if asked.get("symbol") else rows

    def _klines(self, asked: Asked, now_ns: int) -> Any:
        listing = _market(word(asked, "symbol"))
        step = INTERVALS.get(word(asked, "interval"))
        if step is None:
            raise BinanceError(400, -1120, "Invalid interval.")
        limit = min(whole(asked, "limit") or _USUAL_CANDLES, _MOST_CANDLES)
        start, end = whole(asked, "startTime"), whole(asked, "endTime")
        last = now_ns if end is None else min(end * MILLISECOND, now_ns)
        since = (last // step - limit + 1) * step if start is None else start * MILLISECOND
        first = -(-max(since, START_NS) // step) * step
        until = min((last // step + 1) * step, first + limit * step, now_ns)
        return [kline_row(candle, step) for candle in self._markets.klines(listing, step, first, until)]

    def _depth(self, asked: Asked, now_ns: int) -> Any:
        levels = min(whole(asked, "limit") or _USUAL_LEVELS, _MOST_LEVELS)
        return self._markets.book(_market(word(asked, "symbol")), now_ns, levels)

    def _perpetual_depth(self, asked: Asked, now_ns: int) -> Any:
        """Return the book of a contract: its levels are those of the spot market here."""
        moment = now_ns // MILLISECOND
        return {**self._depth(asked, now_ns), "E": moment, "T": moment}


def _ping(_: Asked, __: int) -> Any:
    return {}


def _time(_: Asked, now_ns: int) -> Any:
    return {"serverTime": milliseconds(now_ns)}


def _exchange_info(asked: Asked, now_ns: int) -> Any:
    return exchange_info(now_ns, _asked_for(asked))


def _no_contracts(_: Asked, now_ns: int) -> Any:
    return exchange_info(now_ns, [])


def _market(name: str) -> Listing:
    listing = listings().get(name)
    if listing is None:
        raise BinanceError(400, -1121, "Invalid symbol.")
    return listing


def _asked_for(asked: Asked) -> list[Listing]:
    """Return the markets that a request names, by `symbol` or by a JSON list in `symbols`; all where it names none."""
    if asked.get("symbol"):
        return [_market(asked["symbol"])]
    if not asked.get("symbols"):
        return list(listings().values())
    try:
        names = json.loads(asked["symbols"])
    except ValueError as error:
        raise BinanceError(400, -1100, "Illegal characters found in parameter 'symbols'.") from error
    return [_market(str(name)) for name in names]
