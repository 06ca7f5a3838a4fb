"""Prices of a venue through ccxt's unified calls, without any key."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple

from app.connectors.exchanges import errors
from app.connectors.exchanges.base import Urgency, Venue
from app.connectors.exchanges.desk import Desk
from app.connectors.exchanges.flow import ended_after
from app.connectors.exchanges.gate import Caller, Counts, milliseconds, on_behalf
from app.connectors.exchanges.instruments import Instrument, Instruments
from app.connectors.exchanges.live import LivePrices, Ticker
from app.core.clock import MILLISECOND
from app.core.errors import CounterfoilError
from app.core.market.candles import INTERVALS
from app.core.market.clock_offset import ClockOffset
from app.core.model.market import Candle, Tick
from app.core.money import exact
from app.core.ports import AssetRegistry, Clock

_TIMEFRAMES = {length: name for name, length in INTERVALS.items()}
_OPEN, _HIGH, _LOW, _CLOSE, _VOLUME = 1, 2, 3, 4, 5


class Span(NamedTuple):
    """Which candles are wanted: from the first start to the last, both included; None for all until now."""

    since_ns: int
    until_ns: int | None
    interval: int

    def since(self, start: int) -> Span:
        """Return what is left of it from a start on."""
        return Span(start, self.until_ns, self.interval)


class Prices:
    """Tickers, candles and live prices by assets of the registry."""

    def __init__(self, desk: Desk, assets: AssetRegistry, clock: Clock) -> None:
        """Take the desk whose instance without a key is asked."""
        self._desk = desk
        self._venue: Venue = desk.venue
        self._assets = assets
        self._clock = clock
        self._known: tuple[Any, Instruments] | None = None
        self._offset = ClockOffset()

    async def tickers(self, assets: Sequence[str], currency: str, counts: Counts) -> Sequence[Tick]:
        """Return the newest prices of assets; what the venue does not quote is left out."""
        instruments = await self._instruments(counts)
        wanted = instruments.pricing(assets, currency)
        if not wanted:
            return []
        symbols = sorted(one.symbol for one in wanted)
        for symbol in symbols:
            counts.would_need(f"fetchTicker {symbol}", 1, 1)
        client = await self._desk.public()
        named = None if self._venue.is_ticker_bulk else symbols

        async def fetch() -> Any:
            return await self._unified(lambda: client.fetch_tickers(named), counts)

        found, is_shared = await self._desk.price_flights.run(f"tickers {named}", fetch)
        counts.saved += is_shared
        ticks = (self._tick(one, found.get(one.symbol)) for one in wanted)
        return [tick for tick in ticks if tick is not None]

    async def candles(self, asset: str, currency: str, asked: Span, counts: Counts) -> Sequence[Candle]:
        """Return candles that start in a span, oldest first.

        A dollar stablecoin stands in where the venue does not quote dollars. Nothing is asked that the venue never
        tells: where it only has the newest candles, older ones cost no call.
        """
        instruments = await self._instruments(counts)
        one = instruments.in_currency(asset, currency)
        if one is None or asset == currency:
            return []
        interval, venue = asked.interval, self._venue
        now = self._clock.now_ns()
        until = now if asked.until_ns is None else min(asked.until_ns, now)
        if venue.candle_reach is not None and until // interval <= now // interval - venue.candle_reach:
            return []
        start, found = asked.since_ns // interval * interval, dict[int, Candle]()
        while start <= until:
            rows = await self._candles(one.symbol, asked.since(start), counts)
            # A page is a thousand rows of exact numbers: several milliseconds that the loop need not wait.
            fresh = await asyncio.to_thread(_read, rows, start)
            is_more = bool(fresh.keys() - found.keys())
            found |= fresh
            if venue.is_candle_windowed:
                start += venue.candle_limit * interval
            elif is_more and len(rows) >= venue.candle_limit:
                start = max(fresh) + interval
            else:
                break
        return [found[at] for at in sorted(found) if asked.until_ns is None or at <= asked.until_ns]

    async def _candles(self, symbol: str, asked: Span, counts: Counts) -> Sequence[Sequence[Any]]:
        counts.would_need(f"fetchOHLCV {symbol}", 1, 1)
        client = await self._desk.public()
        since, limit = milliseconds(asked.since_ns), self._venue.candle_limit
        is_ended = self._venue.may_end_candles and asked.until_ns is not None
        params = {"until": milliseconds(asked.until_ns or 0)} if is_ended else {}

        async def fetch() -> Any:
            return await self._unified(
                lambda: client.fetch_ohlcv(symbol, _TIMEFRAMES[asked.interval], since, limit, params),
                counts,
                Urgency.HISTORY,
            )

        name = f"candles {symbol} {asked.interval} {since} {params}"
        found, is_shared = await self._desk.price_flights.run(name, fetch)
        counts.saved += is_shared
        rows: Sequence[Sequence[Any]] = found
        return rows

    async def quoted(self, asset: str, currency: str, counts: Counts) -> Instrument | None:
        """Return the market of an asset whose order book is looked at; None where the venue has none."""
        return None if asset == currency else (await self._instruments(counts)).quoted(asset, currency)

    async def watch(
        self, live: LivePrices, assets: Sequence[str], currency: str, counts: Counts
    ) -> AsyncIterator[Tick]:
        """Yield live prices; ends at once where the venue quotes none of the assets."""
        instruments = await self._instruments(counts)
        wanted = {one.symbol: one for one in instruments.pricing(assets, currency)}
        if not wanted:
            return
        async with ended_after(live.tickers(sorted(wanted))) as tickers:
            async for ticker in tickers:
                one = wanted.get(str(ticker.get("symbol")))
                tick = None if one is None else self._tick(one, ticker, self._offset)
                if tick is not None:
                    yield tick

    async def _instruments(self, counts: Counts) -> Instruments:
        if not self._venue.info.reads["live"]:
            # Which markets a venue has is not asked where it is no source of prices.
            return Instruments(self._venue, (), self._assets)
        client = await on_behalf(Caller(counts, Urgency.PRICES), self._desk.public())
        if self._known is None or self._known[0] is not client.markets:
            markets: Mapping[str, Mapping[str, Any]] = client.markets
            found = Instruments(self._venue, markets.values(), self._assets)
            self._known = (client.markets, found)
        return self._known[1]

    async def _unified(
        self, call: Callable[[], Awaitable[Any]], counts: Counts, urgency: Urgency = Urgency.PRICES
    ) -> Any:
        """Make a unified call of ccxt, whose parsers raise whatever an odd answer makes them."""
        try:
            return await on_behalf(Caller(counts, urgency), call())
        except CounterfoilError:
            raise
        except Exception as error:  # noqa: BLE001
            raise errors.lost(self._venue, error) from None

    def _tick(self, one: Instrument, ticker: Ticker | None, offset: ClockOffset | None = None) -> Tick | None:
        """Return a tick at a moment of this computer's clock; None where there is no price.

        A live price comes at once, and teaches how far the venue's clock is off. What is asked for may be the trade of
        an hour ago, so its moment is believed as far as it is not in the future: it would make all others look old.
        """
        price = None if ticker is None else ticker.get("last") or ticker.get("close")
        if ticker is None or price is None:
            return None
        told, bid, ask, now = ticker.get("timestamp"), ticker.get("bid"), ticker.get("ask"), self._clock.now_ns()
        at = now if told is None else int(told) * MILLISECOND
        if told is not None and offset is not None:
            offset.saw(at, now)
            at = offset.here(at)
        return Tick(
            venue=self._venue.info.venue_id,
            base=one.base,
            quote=one.quote,
            price=exact(str(price)),
            at=min(at, now),
            open_24h=self._venue.open_24h(ticker),
            bid=exact(str(bid)) if bid else None,
            ask=exact(str(ask)) if ask else None,
        )


def _read(rows: Sequence[Sequence[Any]], start: int) -> dict[int, Candle]:
    """Return the candles of rows by their starts, none from before a moment."""
    return {candle.at: candle for row in rows if (candle := _candle(row)) is not None and candle.at >= start}


def _candle(row: Sequence[Any]) -> Candle | None:
    """Return a candle; None for a row with a gap in it."""
    if any(value is None for value in row[: _CLOSE + 1]):
        return None
    volume = row[_VOLUME] if len(row) > _VOLUME else None
    return Candle(
        at=int(row[0]) * MILLISECOND,
        open=exact(str(row[_OPEN])),
        high=exact(str(row[_HIGH])),
        low=exact(str(row[_LOW])),
        close=exact(str(row[_CLOSE])),
        volume=None if volume is None else exact(str(volume)),
    )
