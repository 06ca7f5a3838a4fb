"""Candles of every venue: back-filled, checked for gaps, and grown from live prices a minute at a time."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.core.clock import DAY
from app.core.errors import InputError, SourceError
from app.core.findings import Finding
from app.core.market.candles import HOUR, INTERVALS, MINUTE, CandleBuilder, gaps, refusal, unasked
from app.core.model.market import Candle, Series, Tick
from app.core.ports import Exchange, OpenVault, Runtime
from app.services import candle_findings
from app.services.events import ClosesKept, Events, PricesRead
from app.services.sources import Sources
from app.services.threads import Threads

_NAMES = {length: name for name, length in INTERVALS.items()}

_LATE = {MINUTE: 5 * MINUTE, HOUR: 30 * MINUTE, DAY: 6 * HOUR}
"""So long after its end a candle may still come; a venue that has not told it by then has none."""

_AGAIN = HOUR
"""Gaps of a series are asked for again at most so often."""

_MOST_GAPS = 8
"""So many gaps are asked for again at once, the newest first."""

Span = tuple[int, int]
"""First and last start, both included."""


@dataclass(slots=True)
class Filled:
    """What a venue told when its candles were filled.

    Attributes:
        came: Candles that it told, without those that are refused or not over yet.
        kept: How many are kept of it in all, of the time that was asked about.
        gaps: What is missing in all that is kept of it, as first and last missing start; () where nobody looked.
        refused: Numbers of candles that are none, by why.
        fault: Why it could not be read; "" where it was.
    """

    series: Series
    came: int = 0
    kept: int = 0
    gaps: tuple[Span, ...] = ()
    refused: Counter[str] = field(default_factory=Counter)
    fault: str = ""


class CandleHistory:
    """Reads candles from venues into the vault's file of prices, and out of it; closes of days follow from them."""

    def __init__(self, runtime: Runtime, vault: OpenVault, threads: Threads, events: Events, sources: Sources) -> None:
        """Take where candles are kept and who tells them."""
        self._runtime = runtime
        self._clock = runtime.clock
        self._currency = vault.book.base_currency
        self._prices = vault.prices
        self._store = vault.prices.candles
        self._threads = threads
        self._events = events
        self._sources = sources
        self._growing: dict[tuple[str, str, str], CandleBuilder] = {}
        self._locks: dict[Series, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._asked_again: dict[Series, int] = {}
        self._refused: dict[Series, Counter[str]] = defaultdict(Counter)

    async def fill(self, asset: str, interval: int, since_ns: int, *, again: bool = False) -> Sequence[Filled]:
        """Ask every venue for what is missing of its candles since a moment; each is asked once for what it has not.

        Where `again`, gaps are asked for once more, at most once an hour.
        """
        _known(interval)
        first = -(-since_ns // interval) * interval
        span = first, self.newest(interval)
        told = (
            self._filled(client, Series(asset, self._currency, venue, interval), span, again=again)
            for venue, client in await self.venues()
        )
        return await asyncio.gather(*told)

    async def _filled(self, client: Exchange, series: Series, span: Span, *, again: bool) -> Filled:
        found = await self.read(client, series, span)
        if again and not found.fault:
            await self._read_gaps(client, found, span)
        starts = await self._threads.read(self._store.starts, series, *span)
        found.kept, found.gaps = len(starts), tuple(gaps(starts, series.interval, *span))
        return found

    async def venues(self) -> Sequence[tuple[str, Exchange]]:
        """Return one way to each venue: two accounts there are no two sources of its prices."""
        found: dict[str, Exchange] = {}
        for connection in await self._sources.connections():
            if not connection.is_paused and connection.venue not in found:
                found[connection.venue] = self._sources.prices(connection)
        return sorted(found.items())

    def newest(self, interval: int) -> int:
        """Return the start of the newest candle that is over."""
        return (self._clock.now_ns() // interval - 1) * interval

    def settled(self, interval: int) -> int:
        """Return the start of the newest candle that no venue tells late any more."""
        return ((self._clock.now_ns() - _LATE[interval]) // interval - 1) * interval

    async def read(self, client: Exchange, series: Series, span: Span) -> Filled:
        """Ask a venue for what it was not asked for yet, the newest first; each part is kept before the next."""
        found = Filled(series)
        # Who else wants the same waits for it, and finds it asked for.
        async with self._locks[series]:
            asked = await self._threads.read(self._store.asked, series)
            for part in unasked(asked, span, series.interval):
                if not await self._take(client, found, part):
                    break
        return found

    async def _read_gaps(self, client: Exchange, found: Filled, span: Span) -> None:
        series, now = found.series, self._clock.now_ns()
        if now - self._asked_again.get(series, 0) < _AGAIN:
            return
        self._asked_again[series] = now
        starts = await self._threads.read(self._store.starts, series, *span)
        holes = gaps(starts, series.interval, starts[0], span[1]) if starts else []
        missing = candle_findings.telling(holes, series.interval)
        before = found.came
        for part in reversed(missing[-_MOST_GAPS:]):
            if not await self._take(client, found, part):
                break
        if found.came > before:
            self._events.publish(PricesRead())

    async def _take(self, client: Exchange, found: Filled, part: Span) -> bool:
        """Ask for one part and keep what is sound; tells whether the venue could be read."""
        series = found.series
        try:
            told = await client.candles(series.asset, series.currency, part[0], series.interval, part[1])
        except SourceError as error:
            found.fault = error.line()
            return False
        sound, refused = await self._threads.read(_judged, told, series.interval, part)
        found.refused += refused
        self._refused[series] += refused
        found.came += len(sound)
        await self._threads.write(self._keep, series, sound, self._covered(series.interval, sound, part))
        if sound and series.interval == DAY:
            self._events.publish(ClosesKept(series.asset))
        return True

    def _covered(self, interval: int, sound: Sequence[Candle], part: Span) -> Span | None:
        """Return what the venue need not be asked for again: the newest candles may come late."""
        newest = max((candle.at for candle in sound), default=0)
        last = min(part[1], max(newest, self.settled(interval)))
        return (part[0], last) if last >= part[0] else None

    def _keep(self, series: Series, sound: Sequence[Candle], asked: Span | None) -> None:
        # That it was asked for is written last: what is cut off in between is asked for once more, and stays once.
        if series.interval == DAY:
            closes = {candle.at // DAY: candle.close for candle in sound}
            self._prices.add(series.asset, series.currency, series.source, closes)
        if sound or asked:
            self._store.add(series, sound, asked)

    async def of(self, series: Series, since_ns: int, until_ns: int) -> Sequence[Candle]:
        """Return what is kept of a source, oldest first."""
        _known(series.interval)
        return await self._threads.read(self._store.of, series, since_ns, until_ns)

    async def sources(self, asset: str, interval: int) -> Sequence[str]:
        """Return who told candles of an asset in the base currency, by name."""
        _known(interval)
        return await self._threads.read(self._store.sources, asset, self._currency, interval)

    async def gaps(self, series: Series, first: int, last: int) -> tuple[Span, ...]:
        """Return what is missing between two starts."""
        _known(series.interval)
        starts = await self._threads.read(self._store.starts, series, first, last)
        return tuple(gaps(starts, series.interval, first, last))

    async def findings(self) -> Sequence[Finding]:
        """Return what is missing or odd about the candles that are kept, one finding a market."""
        words = candle_findings.Words.of(self._runtime)
        missing = await self._threads.read(candle_findings.missing, self._store)
        return [*candle_findings.of_gaps(missing, words), *candle_findings.of_refused(self._refused, words)]

    def findings_of(self, filled: Sequence[Filled]) -> Sequence[Finding]:
        """Return what is missing or odd about candles that were just filled; what a venue does not quote is neither."""
        words, told = candle_findings.Words.of(self._runtime), [one for one in filled if one.kept or one.refused]
        missing = {one.series: one.gaps for one in told if one.kept}
        refused = {one.series: one.refused for one in told}
        return [*candle_findings.of_gaps(missing, words), *candle_findings.of_refused(refused, words)]

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


def _judged(told: Sequence[Candle], interval: int, part: Span) -> tuple[list[Candle], Counter[str]]:
    """Return the sound candles of a part, and how many are none by why: a month of minutes takes a twentieth second."""
    sound: list[Candle] = []
    refused = Counter[str]()
    for candle in told:
        why = refusal(candle, interval)
        if why:
            refused[why] += 1
        elif part[0] <= candle.at <= part[1]:
            sound.append(candle)
    return sound, refused


def _known(interval: int) -> None:
    if interval not in _NAMES:
        raise InputError(
            f"{interval} is no interval of candles that are kept", hint=f"There are: {', '.join(INTERVALS)}."
        )
