"""Candles that are not over yet: asked of their venue, grown by its live prices, kept nowhere and counted in nothing.

What is stored, and what risk, taxes and reports read, ends with the last candle that is over.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.core.clock import DAY, SECOND
from app.core.errors import SourceError
from app.core.market.candles import grown, kept_for, refusal
from app.core.model.market import Candle, Series, Tick
from app.core.ports import Clock
from app.services.candles import CandleHistory
from app.services.market_data import MarketData

_AGAIN = 60 * SECOND
"""A venue is asked at most so often what a candle is so far: in between, its live prices tell."""

_DOLLARS = ("usd", "tether", "usd-coin")
"""In what a venue quotes a market whose candles are in dollars, the dollar first."""


@dataclass(frozen=True, slots=True)
class SoFar:
    """A candle that is not over.

    Attributes:
        at: Up to which moment it is so.
    """

    candle: Candle
    at: int


class GrowingCandles:
    """The candles of now that somebody looks at; of lengths that are kept."""

    def __init__(self, clock: Clock, candles: CandleHistory, market_data: MarketData) -> None:
        """Know none yet."""
        self._clock = clock
        self._candles = candles
        self._market_data = market_data
        self._known: dict[Series, SoFar] = {}
        self._asked: dict[Series, int] = {}

    async def ask(self, asset: str, source: str, interval: int) -> None:
        """Ask a venue how its candle is so far, at most once a minute; while a recording is replayed none is asked."""
        series = self._series(asset, source, interval)
        now = self._clock.now_ns()
        start = now // series.interval * series.interval
        asked = self._asked.get(series, 0)
        if self._market_data.is_replaying or (now - asked < _AGAIN and asked >= start):
            return
        clients = dict(await self._candles.venues())
        if source not in clients:
            return
        self._asked[series] = now
        try:
            told = await clients[source].candles(asset, series.currency, start, series.interval, start)
        except SourceError:
            # That its prices cannot be read is told of the venue; what is known of the candle has its moment beside it.
            return
        for one in told:
            if one.at == start and not refusal(one, series.interval):
                self._known[series] = SoFar(one, self._clock.now_ns())

    def now(self, asset: str, source: str, interval: int) -> SoFar | None:
        """Return the candle of now as far as it is known, with the newest live price in it; None where none is."""
        series = self._series(asset, source, interval)
        known, now = self._known.get(series), self._clock.now_ns()
        if known is None or self._market_data.is_replaying or now >= known.candle.at + series.interval:
            return None
        tick = self._tick(series)
        if tick is not None and known.at < tick.at < known.candle.at + series.interval:
            known = self._known[series] = SoFar(grown(known.candle, tick.price), tick.at)
        return known

    def marked(self, asset: str) -> SoFar | None:
        """Return the day of now where nothing but its mark is known; None where that is of another day."""
        mark, start = self._market_data.marks().get(asset), self._clock.now_ns() // DAY * DAY
        if mark is None or mark.at < start or self._market_data.is_replaying:
            return None
        return SoFar(Candle(start, mark.price, mark.price, mark.price, mark.price, None), mark.at)

    def _tick(self, series: Series) -> Tick | None:
        """Return the newest price of the market that candles of a venue are of."""
        newest = self._market_data.board.newest()
        quotes = _DOLLARS if series.currency == "usd" else (series.currency,)
        found = (newest.get((series.source, series.asset, quote, False)) for quote in quotes)
        return next((tick for tick in found if tick is not None), None)

    def _series(self, asset: str, source: str, interval: int) -> Series:
        return Series(asset, self._market_data.currency, source, kept_for(interval))
