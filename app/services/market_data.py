"""Marks and price history: asked of every connected venue, brought to one mark per asset, kept for the next start."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal

from app.core.clock import DAY
from app.core.errors import SourceError
from app.core.findings import Finding, Severity
from app.core.market.board import MarkBoard
from app.core.market.spreads import OLDEST, WINDOW, Spreads
from app.core.model.accounts import Connection
from app.core.model.futures import assets_in
from app.core.model.market import Mark, Series, Tick
from app.core.model.order_books import BookView
from app.core.ports import Exchange, OpenVault, Runtime
from app.services import market_findings
from app.services.candles import CandleHistory
from app.services.closes import Closes, first_day
from app.services.events import ClosesKept, Events, MarksChanged, PricesRead
from app.services.rates import Rates
from app.services.replay import LiveReplay
from app.services.sources import Sources
from app.services.threads import Threads

_FRAME, _BITE = 1 / 30, 0.005
"""Seconds between two bites of a recording, and how long one takes: the window has the rest, at any speed."""

_PART, _LONGEST = 50, 0.2
"""To make marks and tell them takes a fiftieth of the time at most, and five times a second they are told at least."""

_KEPT_EVERY = 30.0
"""Seconds between two keepings of the last marks in the vault's price file."""

_RETRY_AFTER = 5.0
_REPLAY = "the replay"


class MarketData:
    """The newest prices of what the books hold."""

    def __init__(  # noqa: PLR0913, PLR0917 - what is wired once
        self,
        runtime: Runtime,
        vault: OpenVault,
        threads: Threads,
        events: Events,
        sources: Sources,
        rates: Rates,
        candles: CandleHistory,
    ) -> None:
        """Start with the marks of the last time."""
        self._rates = rates
        self._candles = candles
        self._runtime = runtime
        self._vault = vault
        self._threads = threads
        self._events = events
        self._sources = sources
        self._currency = vault.book.base_currency
        self.board = MarkBoard(self._currency, runtime.assets)
        self.spreads = Spreads()
        self._closes_known: dict[str, dict[int, Decimal]] = {}
        self._live: list[asyncio.Task[None]] = []
        self._came = asyncio.Event()
        self._faults: dict[str, str] = {}
        self._watched: frozenset[str] = frozenset()
        self._replay: LiveReplay | None = None
        self._replayed: set[str] = set()
        events.subscribe(ClosesKept, self._closes_grew)

    async def load(self) -> None:
        """Read the marks and spreads that were kept; they are stale by their age, not unknown."""
        kept = await self._threads.read(self._vault.prices.marks)
        self.board.seed(Mark(asset, price, self._currency, source, at) for asset, (price, source, at) in kept.items())
        self.spreads.load(await self._threads.read(self._vault.prices.spreads.all))

    def marks(self) -> Mapping[str, Mark]:
        """Return the newest mark of each asset."""
        return self.board.marks

    @property
    def watched(self) -> frozenset[str]:
        """Return the assets that a person watches beside what the books hold."""
        return self._watched

    def watch_also(self, assets: Iterable[str]) -> None:
        """Read prices of assets too that the books do not hold: those that a person watches."""
        self._watched = frozenset(assets)

    @property
    def currency(self) -> str:
        """Return the money of the book."""
        return self._currency

    @property
    def is_replaying(self) -> bool:
        """Tell whether a recording stands in the place of venues."""
        return self._replay is not None

    def replayed_books(self, asset: str) -> Sequence[BookView] | None:
        """Return the order books of an asset in the recording that is replayed; None while none is."""
        return None if self._replay is None else self._replay.books(asset)

    def findings(self) -> Sequence[Finding]:
        """Return venues whose prices cannot be read now, and what is odd about those that can."""
        unreachable = [
            Finding(
                Severity.WARNING,
                "prices-unreachable",
                f"Prices of {name} cannot be read.",
                subject=name,
                detail=fault,
                fix="Check the connection",
                place=f"connections/{name}",
            )
            for name, fault in self._faults.items()
        ]
        return [*unreachable, *market_findings.of(self.board, self._runtime.assets)]

    async def refresh(self) -> None:
        """Ask every venue once for the prices of what is held, and for the daily closes that are missing."""
        assets = await self._assets()
        clients = await self._clients()
        if self._replay is None:
            await asyncio.gather(*(self._tickers(name, client, assets) for name, client in clients.items()))
        self.board.settle()
        await self._keep()
        # What is worth what is told before years of days are read.
        self._events.publish(MarksChanged(frozenset(self.board.marks)))
        await self._history(assets, clients)
        await self.refresh_rates()
        self._events.publish(PricesRead())

    async def refresh_rates(self) -> None:
        """Read official rates of money, where they are wanted and a day is missing."""
        if await self._rates.refresh():
            self._closes_known = {}

    async def _assets(self) -> tuple[str, ...]:
        """Return every asset that the books ever touched, that wallets beside them are about, or that a person watches.

        The base currency needs no price.
        """
        known = await self._threads.read(self._vault.reader.entries_per_asset)
        read = await self._threads.read(self._vault.reader.readings)
        beside = assets_in(await self._threads.read(self._vault.reader.futures))
        held = {*known, *beside, *self._watched, *(reading.asset for reading in read if reading.quantity)}
        return tuple(sorted(held - {self._currency}))

    async def _clients(self) -> dict[str, Exchange]:
        found: dict[str, Exchange] = {}
        for connection in await self._sources.connections():
            if not connection.is_paused:
                found[connection.name] = self._sources.prices(connection)
        return found

    async def _tickers(self, name: str, client: Exchange, assets: Sequence[str]) -> None:
        try:
            for tick in await client.tickers(assets, self._currency):
                self.board.take(tick)
        except SourceError as error:
            self._faults[name] = error.line()
        else:
            self._faults.pop(name, None)

    async def _keep(self) -> None:
        kept = {asset: (mark.price, mark.source, mark.at) for asset, mark in self.board.marks.items()}
        await self._threads.write(self._vault.prices.keep_marks, kept)

    async def keep_spreads(self) -> None:
        """Keep for the next start how wide venues quoted; a recording tells nothing of them."""
        grown = self.spreads.unkept(leave_out=frozenset(self._replayed))
        if grown:
            oldest = self._runtime.clock.now_ns() - OLDEST
            await self._threads.write(self._vault.prices.spreads.keep, grown, WINDOW + 1, oldest)
            self.spreads.note_kept(grown)

    async def _history(self, assets: Sequence[str], clients: Mapping[str, Exchange]) -> None:
        """Bring the days of every asset up to yesterday, from every venue: no single source is trusted.

        As far back as the books reach; what lies before them is read in the background (`back_fill`).
        """
        first = await self._threads.read(first_day, self._vault.reader)
        if first is not None:
            venues = await self._by_venue(clients)
            await asyncio.gather(*(self._days(venue, at, assets, first * DAY) for venue, at in venues.items()))

    async def _by_venue(self, clients: Mapping[str, Exchange]) -> dict[str, tuple[str, Exchange]]:
        """Return one connection a venue: two accounts there are no two sources of its prices."""
        found: dict[str, tuple[str, Exchange]] = {}
        for connection in await self._sources.connections():
            if connection.name in clients:
                found.setdefault(connection.venue, (connection.name, clients[connection.name]))
        return found

    async def _days(self, venue: str, reached: tuple[str, Exchange], assets: Sequence[str], first_ns: int) -> None:
        name, client = reached
        for asset in assets:
            span = first_ns, self._candles.newest(DAY)
            found = await self._candles.read(client, Series(asset, self._currency, venue, DAY), span)
            if found.fault:
                self._faults[name] = found.fault

    def _closes_grew(self, event: ClosesKept) -> None:
        self.forget_closes(event.asset)

    async def closes(self, assets: Sequence[str]) -> dict[str, dict[int, Decimal]]:
        """Return daily closes in the base currency by asset and day number; each is read once, and after it grew."""
        known = read = self._closes_known
        missing = tuple(asset for asset in assets if asset not in known)
        if missing:
            read = known | await self._threads.read(self._read_closes, missing)
            if self._closes_known is known:
                self._closes_known = read
        return {asset: read[asset] for asset in assets}

    def _read_closes(self, assets: tuple[str, ...]) -> dict[str, dict[int, Decimal]]:
        # A day that is not over has no close, also where an official rate stands for it already.
        closes = Closes(self._vault, self._runtime.clock.now_ns() // DAY - 1, official_first=False)
        return {asset: dict(closes[asset]) for asset in assets}

    def forget_closes(self, asset: str) -> None:
        """Read the closes of an asset again the next time: a person set one of them."""
        # A new dictionary: whoever reads at this moment goes on with the old one, and knows that it is old.
        self._closes_known = {one: known for one, known in self._closes_known.items() if one != asset}

    def start_live(self) -> None:
        """Follow live prices of every connection; marks are told as they change, at most thirty times a second."""
        if not self._live:
            self._live = [asyncio.create_task(self._follow_all()), asyncio.create_task(self._beat())]
            for task in self._live:
                task.add_done_callback(self._ended)

    async def follow(self, replay: LiveReplay) -> None:
        """Follow a recording in place of the connections' live prices; its assets are marked by it alone."""
        await self.stop_live()
        self._replay = replay
        replay.start()
        self._live = [asyncio.create_task(self._catch_up(replay)), asyncio.create_task(self._beat())]
        for task in self._live:
            task.add_done_callback(self._ended)

    def _take_replayed(self, replay: LiveReplay) -> None:
        ticks = replay.take()
        for base in {tick.base for tick in ticks} - self._replayed:
            self.board.leave_only(base, replay.feed.venues())
            self._replayed.add(base)
        for tick in ticks:
            self.board.take(tick)
            self._note_spread(tick)
        if replay.feed.fault:
            self._faults[_REPLAY] = replay.feed.fault

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Tell of live prices that stopped by a fault of the program: nobody awaits these tasks."""
        if not task.cancelled() and task.exception() is not None:
            self._faults["live prices"] = f"They stopped: {task.exception()!r}. Lock the vault and open it again."

    async def stop_live(self) -> None:
        """Stop following and keep the last marks."""
        tasks, self._live = self._live, []
        replay, self._replay = self._replay, None
        for task in tasks:
            task.cancel()
        if replay is not None:
            await asyncio.to_thread(replay.feed.stop)
        if tasks:
            await asyncio.wait(tasks)
            await self._keep()

    async def _follow_all(self) -> None:
        """Follow each connection; new connections and assets are noticed within a minute."""
        while True:
            assets = await self._assets()
            connections = [one for one in await self._sources.connections() if not one.is_paused]
            async with asyncio.TaskGroup() as group:
                followed = [group.create_task(self._follow(one, assets)) for one in connections]
                await self._until_changed(assets, connections)
                for task in followed:
                    task.cancel()

    async def _until_changed(self, assets: Sequence[str], connections: Sequence[Connection]) -> None:
        names = [connection.name for connection in connections]
        while True:
            await asyncio.sleep(_RETRY_AFTER)
            now = [one.name for one in await self._sources.connections() if not one.is_paused]
            if now != names or await self._assets() != tuple(assets):
                return

    async def _follow(self, connection: Connection, assets: Sequence[str]) -> None:
        while True:
            try:
                client = self._sources.prices(connection)
                async for tick in client.watch(assets, self._currency):
                    if self.board.take(tick):
                        self._candles.grow(tick)
                        self._note_spread(tick)
                        self._came.set()
                    self._faults.pop(connection.name, None)
            except SourceError as error:
                self._faults[connection.name] = error.line()
            await asyncio.sleep(_RETRY_AFTER)

    def _note_spread(self, tick: Tick) -> None:
        if tick.bid is not None and tick.ask is not None and not tick.is_perpetual:
            self.spreads.saw((tick.venue, tick.base, tick.quote), tick.at, tick.bid, tick.ask)

    async def _catch_up(self, replay: LiveReplay) -> None:
        while not replay.feed.is_over:
            if replay.feed.catch_up(_BITE):
                self._came.set()
            await asyncio.sleep(_FRAME)

    async def _beat(self) -> None:
        kept_at = time.monotonic()
        while True:
            await self._news()
            began = time.perf_counter()
            self._tell()
            spent = time.perf_counter() - began
            if time.monotonic() - kept_at > _KEPT_EVERY:
                kept_at = time.monotonic()
                await self._keep()
                await self.keep_spreads()
                await self._candles.keep_grown()
            await asyncio.sleep(pause_after(spent))

    async def _news(self) -> None:
        """Wait until a price came, or it is time to keep what is there."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_KEPT_EVERY):
                await self._came.wait()
        self._came.clear()

    def _tell(self) -> None:
        if self._replay is not None:
            self._take_replayed(self._replay)
        if self.board.is_fresh:
            changed = self.board.settle()
            if changed:
                self._events.publish(MarksChanged(changed))


def pause_after(spent: float) -> float:
    """Return the seconds until marks are told again, where to make and to tell them took so many."""
    return min(_LONGEST, max(_FRAME, _PART * spent))
