"""History that fills itself in the background: days of what is held, as far back as risk looks, then recent hours."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.core.clock import DAY, EPOCH
from app.core.market.candles import HOUR
from app.core.model.futures import assets_in
from app.core.model.market import Series
from app.core.ports import Exchange, OpenVault, Progress, Runtime
from app.services.candle_findings import Words
from app.services.candles import CandleHistory, Filled
from app.services.closes import first_day
from app.services.events import Events, PricesRead
from app.services.jobs import Jobs
from app.services.market_data import MarketData
from app.services.threads import Threads

HORIZON = 5 * 365
"""Days that risk may look back, whatever the age of the books: a window of 500, a report card over years beside it,
and a search for the worst year."""

BENCHMARKS = ("bitcoin", "ethereum")
"""What a book is held against, and what stands in for assets without a history: read whether they are held or not."""

HOURS = 90
"""Days of which hours are read before anybody looks at them; a chart that is looked at asks for older ones."""

TITLE, TITLE_HOURS = "Read price history", "Read hours of prices"

_BATCH = 1_000
"""Candles that are asked for and kept at once: one call to most venues, and what is lost where it is stopped."""

_PROBE = 300
"""Candles that are asked for first of what is older than all that is known: most that is missing there never was."""

_BEHIND = {DAY: 0, HOUR: 12 * HOUR}
"""So far may the newest that was asked for lie back before it is asked for by itself: hours come every hour."""

_REST = 600 * 1_000_000_000
"""So long nothing is begun by itself after a venue could not be read."""


@dataclass(slots=True)
class Outcome:
    """What came of filling.

    Attributes:
        came: How many candles were told.
        venues: How many venues are connected.
        assets: How many assets were asked about.
        begins: The first day that each venue tells of any of them, by its name; None where it tells none.
        faults: Why venues could not be read, by their name.
        unit: What the candles are.
    """

    came: int = 0
    venues: int = 0
    assets: int = 0
    begins: dict[str, int | None] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    unit: str = "days"

    def words(self) -> str:
        """Return it in a sentence, with how far back each venue reaches."""
        if not self.venues:
            return "No venue is connected whose history could be read."
        if not self.assets:
            wanted = (
                "All of the history that risk looks back to was" if self.unit == "days" else "All recent hours were"
            )
            return f"{wanted} asked for already."
        since = ", ".join(
            f"{name} since {date.fromordinal(EPOCH + day)}" if day is not None else f"{name} has none of them"
            for name, day in sorted(self.begins.items())
        )
        failed = "".join(f" {name} could not be read: {why}" for name, why in sorted(self.faults.items()))
        return f"{self.came:,} new {self.unit} of {self.assets} assets: {since}.{failed}"


class BackFill:
    """Reads what is missing of the last years, the newest first; what is kept is never asked for again."""

    def __init__(  # noqa: PLR0913, PLR0917 - what is wired once
        self,
        runtime: Runtime,
        vault: OpenVault,
        threads: Threads,
        events: Events,
        jobs: Jobs,
        market_data: MarketData,
        candles: CandleHistory,
    ) -> None:
        """Begin nothing by itself."""
        self._runtime = runtime
        self._vault = vault
        self._threads = threads
        self._events = events
        self._jobs = jobs
        self._market_data = market_data
        self._candles = candles
        self._store = vault.prices.candles
        self._currency = vault.book.base_currency
        self._job = 0
        self._resting_until = 0
        self._is_resting = False

    async def begin(self) -> int:
        """Fill days as a job that can be stopped; returns its id, 0 where nothing is missing or it runs already."""
        return await self._begin(DAY, TITLE, self._days)

    async def begin_hours(self) -> int:
        """Fill hours as a job that can be stopped, once days are there; returns its id, 0 where there is none to do."""
        return await self._begin(HOUR, TITLE_HOURS, self._hours)

    def rest(self) -> None:
        """Begin nothing by itself any more: whoever looks at the window alone has read what it needs."""
        self._is_resting = True

    async def _begin(self, interval: int, title: str, work: Callable[[Progress], Awaitable[str]]) -> int:
        now = self._runtime.clock.now_ns()
        if self._is_resting or now < self._resting_until or self._is_running() or not await self._missing(interval):
            return 0
        if not self._is_running():
            self._job = self._jobs.start(title, work)
        return self._job

    def _is_running(self) -> bool:
        return any(job.job_id == self._job and job.ended_ns is None for job in self._jobs.all())

    async def _days(self, progress: Progress) -> str:
        return (await self.fill(progress)).words()

    async def _hours(self, progress: Progress) -> str:
        return (await self.fill(progress, HOUR)).words()

    async def fill(self, progress: Progress, interval: int = DAY) -> Outcome:
        """Ask every venue for the candles that nobody asked it for yet; one that fails does not hold the others."""
        horizon, missing = await self._horizon(interval), await self._missing(interval)
        venues = await self._candles.venues()
        found = Outcome(venues=len(venues), assets=len({series.asset for series in missing}))
        found.unit = "days" if interval == DAY else "hours"
        steps = _Steps(progress, len(missing), Words.of(self._runtime))
        asked = {venue: [one for one in missing if one.source == venue] for venue, _ in venues}
        await asyncio.gather(*(self._venue(client, asked[venue], horizon, (found, steps)) for venue, client in venues))
        for venue, series in asked.items():
            if series:
                found.begins[steps.words.venue(venue)] = await self._threads.read(self._begins, series)
        if found.faults:
            self._resting_until = self._runtime.clock.now_ns() + _REST
        if found.came and interval == DAY:
            self._events.publish(PricesRead())
        return found

    async def _venue(
        self, client: Exchange, waiting: Sequence[Series], horizon: int, told: tuple[Outcome, _Steps]
    ) -> None:
        """Read a batch of each asset, then an older one of each, until there is no more."""
        (found, steps), reaching = told, set[Series]()
        while waiting:
            older: list[Series] = []
            for series in waiting:
                steps.tell(series)
                read, is_more = await self._batch(client, series, horizon, reaching)
                found.came += read.came
                if read.fault:
                    found.faults[steps.words.venue(series.source)] = read.fault
                    return
                if is_more:
                    older.append(series)
                else:
                    steps.done += 1
            waiting = older

    async def _batch(
        self, client: Exchange, series: Series, horizon: int, reaching: set[Series]
    ) -> tuple[Filled, bool]:
        """Read the next batch of a series; tells whether there may be an older one.

        A venue that tells nothing of a whole batch has nothing before it either: it is not asked. `reaching` are those
        that were found to have more than was known.
        """
        interval = series.interval
        newest = self._candles.newest(interval)
        asked = await self._threads.read(self._store.asked, series)
        size = _BATCH if asked is None or series in reaching else _PROBE
        first = max(horizon, (newest + interval if asked is None else asked[0]) - size * interval)
        read = await self._candles.read(client, series, (first, newest))
        if read.fault or first <= horizon:
            return read, False
        if not read.came:
            await self._threads.write(self._store.add, series, (), (horizon, first))
        elif asked is not None:
            reaching.add(series)
        return read, bool(read.came)

    async def _missing(self, interval: int) -> list[Series]:
        """Return the series of which a candle was never asked for, what others are held against first."""
        first, last = await self._horizon(interval), self._candles.settled(interval) - _BEHIND[interval]
        asked = await self._threads.read(self._store.all_asked)
        venues = [venue for venue, _ in await self._candles.venues()]
        return [
            series
            for asset in await self._assets()
            for series in (Series(asset, self._currency, venue, interval) for venue in venues)
            if (span := asked.get(series)) is None or span[0] > first or span[1] < last
        ]

    async def _horizon(self, interval: int) -> int:
        """Return the first candle that is wanted.

        Of days it is the one risk looks back to, or that of the books if it is older.
        """
        yesterday = self._candles.newest(DAY) // DAY
        if interval == HOUR:
            return (yesterday - HOURS + 1) * DAY
        books, horizon = await self._threads.read(first_day, self._vault.reader), yesterday - HORIZON + 1
        return (horizon if books is None else min(books, horizon)) * DAY

    async def _assets(self) -> Sequence[str]:
        rows = await self._threads.read(self._vault.reader.balances)
        beside = assets_in(await self._threads.read(self._vault.reader.futures))
        held = sorted(beside | {row.asset for row in rows if row.quantity})
        wanted = dict.fromkeys([*BENCHMARKS, *held, *sorted(self._market_data.watched)])
        return [asset for asset in wanted if asset != self._currency]

    def _begins(self, asked: Sequence[Series]) -> int | None:
        starts = (self._store.starts(series, 0, self._candles.newest(series.interval)) for series in asked)
        return min((one[0] // DAY for one in starts if one), default=None)


@dataclass(slots=True)
class _Steps:
    """How far it is, by assets and venues that are done."""

    progress: Progress
    of: int
    words: Words
    done: int = 0

    def tell(self, series: Series) -> None:
        """Say what is read now."""
        share = self.done / self.of if self.of else None
        self.progress(share, f"{self.words.symbol(series.asset)} from {self.words.venue(series.source)}")
