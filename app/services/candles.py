"""Candles of every venue: back-filled, checked for gaps, and grown from live prices a minute at a time."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.core.clock import iso
from app.core.errors import InputError, SourceError
from app.core.findings import Finding, Severity
from app.core.market.candles import INTERVALS, MINUTE, CandleBuilder, gaps, refusal
from app.core.model.market import Candle, Series, Tick
from app.core.ports import Exchange, OpenVault, Runtime
from app.services.sources import Sources
from app.services.threads import Threads

_NAMES = {length: name for name, length in INTERVALS.items()}


@dataclass(frozen=True, slots=True)
class Filled:
    """What a venue told when its candles were filled.

    Attributes:
        came: Candles that it told, without those that are refused or not over yet.
        gaps: What is missing in all that is kept of it, as first and last missing start.
        refused: Numbers of candles that are none, by why.
        fault: Why it could not be read; "" where it was.
    """

    series: Series
    came: int = 0
    gaps: tuple[tuple[int, int], ...] = ()
    refused: Mapping[str, int] = field(default_factory=dict)
    fault: str = ""


class CandleHistory:
    """Reads candles from venues into the vault's file of prices, and out of it."""

    def __init__(self, runtime: Runtime, vault: OpenVault, threads: Threads, sources: Sources) -> None:
        """Take where candles are kept and who tells them."""
        self._clock = runtime.clock
        self._currency = vault.book.base_currency
        self._store = vault.prices.candles
        self._threads = threads
        self._sources = sources
        self._growing: dict[tuple[str, str, str], CandleBuilder] = {}

    async def fill(self, asset: str, interval: int, since_ns: int) -> Sequence[Filled]:
        """Ask every venue for what is missing of its candles since a moment; each is asked once for what it has not."""
        _known(interval)
        venues = await self._venues()
        told = (
            self._fill(client, Series(asset, self._currency, venue, interval), since_ns) for venue, client in venues
        )
        return await asyncio.gather(*told)

    async def _venues(self) -> Sequence[tuple[str, Exchange]]:
        """Return one way to each venue: two accounts there are no two sources of its prices."""
        found: dict[str, Exchange] = {}
        for connection in await self._sources.connections():
            if not connection.is_paused and connection.venue not in found:
                found[connection.venue] = self._sources.prices(connection)
        return sorted(found.items())

    async def _fill(self, client: Exchange, series: Series, since_ns: int) -> Filled:
        first = -(-since_ns // series.interval) * series.interval
        last = self._clock.now_ns() // series.interval * series.interval - series.interval
        asked = await self._threads.read(self._store.asked, series)
        start = first if asked is None or first < asked[0] else asked[1] + series.interval
        sound: list[Candle] = []
        refused: Counter[str] = Counter()
        if start <= last:
            try:
                told = await client.candles(series.asset, series.currency, start, series.interval)
            except SourceError as error:
                return Filled(series, fault=error.line())
            for candle in told:
                why = refusal(candle, series.interval)
                if why:
                    refused[why] += 1
                elif start <= candle.at <= last:
                    sound.append(candle)
            await self._threads.write(self._store.add, series, sound, (start, last))
        missing = await self.gaps(series, first, last)
        return Filled(series, len(sound), missing, dict(refused))

    async def of(self, series: Series, since_ns: int, until_ns: int) -> Sequence[Candle]:
        """Return what is kept of a source, oldest first."""
        _known(series.interval)
        return await self._threads.read(self._store.of, series, since_ns, until_ns)

    async def sources(self, asset: str, interval: int) -> Sequence[str]:
        """Return who told candles of an asset in the base currency, by name."""
        _known(interval)
        return await self._threads.read(self._store.sources, asset, self._currency, interval)

    async def gaps(self, series: Series, first: int, last: int) -> tuple[tuple[int, int], ...]:
        """Return what is missing between two starts."""
        kept = await self.of(series, first, last)
        return tuple(gaps([candle.at for candle in kept], series.interval, first, last))

    def grow(self, tick: Tick) -> None:
        """Take a live price into the minute in which it came; what was traded is not known from it."""
        key = tick.venue, tick.base, tick.quote
        builder = self._growing.get(key)
        if builder is None:
            builder = self._growing[key] = CandleBuilder()
        builder.add(tick.at, tick.price)

    async def keep_grown(self) -> int:
        """Keep the minutes that are over; returns how many there were."""
        kept = 0
        for (venue, base, quote), builder in tuple(self._growing.items()):
            done = builder.finished()
            if done:
                await self._threads.write(self._store.add, Series(base, quote, venue, MINUTE), done)
                kept += len(done)
        return kept


def findings(filled: Sequence[Filled]) -> Sequence[Finding]:
    """Return what is missing or odd about candles, for a person to see."""
    return [*(_gap(one) for one in filled if one.gaps), *(_bad(one) for one in filled if one.refused)]


def _gap(one: Filled) -> Finding:
    series, missing = one.series, one.gaps
    count = sum((last - first) // series.interval + 1 for first, last in missing)
    first, last = missing[0]
    return Finding(
        Severity.INFO,
        "candle-gap",
        f"{series.source} has no candles of {series.asset} for {count:,} × {_NAMES[series.interval]}.",
        subject=f"{series.source}/{series.asset}/{_NAMES[series.interval]}",
        detail=f"{len(missing):,} gaps; the first from {iso(first)} to {iso(last)}. Nothing is filled in for them.",
        fix="Read another venue's candles",
        asset=series.asset,
    )


def _bad(one: Filled) -> Finding:
    series = one.series
    why = ", ".join(f"{count:,} {words}" for words, count in sorted(one.refused.items()))
    return Finding(
        Severity.WARNING,
        "candles-refused",
        f"{series.source} told candles of {series.asset} that are none: {why}.",
        subject=f"{series.source}/{series.asset}/{_NAMES[series.interval]}",
        detail="They were left out and are gaps.",
        fix="Compare the prices with the venue's own site",
        asset=series.asset,
    )


def _known(interval: int) -> None:
    if interval not in _NAMES:
        raise InputError(
            f"{interval} is no interval of candles that are kept", hint=f"There are: {', '.join(INTERVALS)}."
        )
