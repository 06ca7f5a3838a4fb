"""What the simulated Kraken tells everybody: the time, assets, pairs, tickers and candles."""

from __future__ import annotations

import datetime as dt
import email.utils
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from app.core.clock import DAY, SECOND, to_datetime
from app.demo.depth import DemoDepth
from app.demo.kraken_access import KrakenError
from app.demo.kraken_names import BY_NAME, PAIRS, VENUE, Pair, asset_pair, assets
from app.demo.market import Market, Period

_MOST_CANDLES = 720
_MINUTES = (1, 5, 15, 30, 60, 240, 1440, 10080, 21600)
_TRADES_A_DAY = 12_000
_QUANTITY = 8


class PublicAnswers:
    """Answers that need no key."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self._depth = DemoDepth(market, VENUE)

    def time(self, _: Mapping[str, str], now: int) -> Any:
        """Return the answer of Time."""
        return {"unixtime": now // SECOND, "rfc1123": email.utils.format_datetime(to_datetime(now), usegmt=False)}

    def status(self, _: Mapping[str, str], now: int) -> Any:
        """Return the answer of SystemStatus."""
        return {"status": "online", "timestamp": to_datetime(now).strftime("%Y-%m-%dT%H:%M:%SZ")}

    def assets(self, asked: Mapping[str, str], _: int) -> Any:
        """Return the answer of Assets."""
        known = assets()
        if not asked.get("asset"):
            return known
        by_name = {name: row for key, row in known.items() for name in (key, row["altname"])}
        keys = {name: key for key, row in known.items() for name in (key, row["altname"])}
        wanted = asked["asset"].split(",")
        if not set(wanted) <= by_name.keys():
            raise KrakenError("EQuery:Unknown asset")
        return {keys[name]: by_name[name] for name in wanted}

    def asset_pairs(self, asked: Mapping[str, str], _: int) -> Any:
        """Return the answer of AssetPairs."""
        return {pair.pair_id: asset_pair(pair) for pair in _asked_pairs(asked)}

    def ticker(self, asked: Mapping[str, str], now: int) -> Any:
        """Return the answer of Ticker."""
        return {pair.pair_id: self._ticker(pair, now) for pair in _asked_pairs(asked)}

    def ohlc(self, asked: Mapping[str, str], now: int) -> Any:
        """Return the answer of OHLC: at most 720 candles, the newest ones, the last of them still open."""
        (pair,) = _asked_pairs(asked)
        minutes = int(asked.get("interval", "1"))
        if minutes not in _MINUTES:
            raise KrakenError("EGeneral:Invalid arguments")
        step = minutes * 60 * SECOND
        oldest = now - _MOST_CANDLES * step
        since = max(oldest, int(asked.get("since") or 0) * SECOND + 1)
        candles = self._market.candles(pair.base, pair.quote, since, now, step, venue=VENUE)
        rows = [_candle_row(pair, candle) for candle in candles[-_MOST_CANDLES:]]
        return {pair.pair_id: rows, "last": rows[-2][0] if len(rows) > 1 else now // SECOND}

    def spread(self, pair: Pair, now: int) -> tuple[Decimal, Decimal, Decimal]:
        """Return bid, ask and last price."""
        last = self._market.price(pair.base, pair.quote, now, VENUE)
        return *self._depth.quote(pair.base, pair.quote, pair.places, self._depth.number(now)), last

    def last_day(self, pair: Pair, now: int) -> Period:
        """Return the last 24 hours as one candle."""
        return self._market.period(pair.base, pair.quote, now - DAY, now, venue=VENUE)

    def _ticker(self, pair: Pair, now: int) -> dict[str, Any]:
        bid, ask, last = self.spread(pair, now)
        today = self._market.period(pair.base, pair.quote, now // DAY * DAY, now, venue=VENUE)
        whole = self.last_day(pair, now)
        both = (today, whole)
        return {
            "a": [_price(pair, ask), "3", "3.000"],
            "b": [_price(pair, bid), "2", "2.000"],
            "c": [_price(pair, last), "0.04408910"],
            "v": [_volume(candle.volume) for candle in both],
            "p": [_price(pair, average(candle)) for candle in both],
            "t": [_TRADES_A_DAY * (now % DAY) // DAY, _TRADES_A_DAY],
            "l": [_price(pair, min(candle.low, last)) for candle in both],
            "h": [_price(pair, max(candle.high, last)) for candle in both],
            "o": _price(pair, today.open),
        }


def average(candle: Period) -> Decimal:
    """Return a price that stands for the candle's average."""
    return (candle.high + candle.low + candle.close) / 3


def _price(pair: Pair, value: Decimal) -> str:
    return f"{value:.{max(5, pair.places)}f}"


def _volume(value: Decimal) -> str:
    return f"{value:.{_QUANTITY}f}"


def _candle_row(pair: Pair, candle: Period) -> list[Any]:
    prices = [f"{value:.{pair.places}f}" for value in (candle.open, candle.high, candle.low, candle.close)]
    trades = int(candle.volume) % 900 + 1
    return [candle.at // SECOND, *prices, f"{average(candle):.{pair.places}f}", _volume(candle.volume), trades]


def _asked_pairs(asked: Mapping[str, str]) -> Sequence[Pair]:
    names: Iterable[str] = filter(None, asked.get("pair", "").split(","))
    found = [BY_NAME.get(name) for name in names]
    if None in found:
        raise KrakenError("EQuery:Unknown asset pair")
    return [pair for pair in found if pair is not None] or PAIRS


def stamp(now: int) -> str:
    """Return a moment as WebSocket messages write it."""
    return to_datetime(now).astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
