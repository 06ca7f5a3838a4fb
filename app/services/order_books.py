"""Order books of what somebody looks at: followed while anybody does, over one socket a venue."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.core.errors import SourceError
from app.core.market.spreads import perpetual
from app.core.model.accounts import Connection
from app.core.model.order_books import BookView, best_of
from app.core.ports import Exchange, Runtime
from app.services.contract_volumes import Contract, ContractVolumes
from app.services.events import BooksChanged, Events
from app.services.market_data import MarketData
from app.services.sources import Sources

MOST = 25
"""Assets that one looker may follow: a venue's socket and its budget are shared with prices."""

_LINGER = 20.0
"""Seconds for which books are followed after the last looker went: who walks through a list comes back, and a whole
book costs a part of the venue's budget."""
_LOOK = 0.25
_AGAIN = 5.0


@dataclass(frozen=True, slots=True)
class BookLook:
    """What is known of an asset's order books now.

    Attributes:
        views: One a venue that has a market of it.
        is_replay: Whether they are those of a recording.
        is_waiting: Whether a venue did not answer yet, so that there may be one more.
        faults: Why venues cannot be read, by their names.
    """

    views: tuple[BookView, ...] = ()
    is_waiting: bool = False
    is_replay: bool = False
    faults: Mapping[str, str] | None = None

    def best(self, now_ns: int) -> BookView | None:
        """Return the book to show, or to sell into."""
        return best_of(self.views, now_ns)


class OrderBooks:
    """The books of every connected venue; of a replay, those of its recordings."""

    def __init__(self, runtime: Runtime, events: Events, sources: Sources, market_data: MarketData) -> None:
        """Follow nothing yet."""
        self._runtime = runtime
        self._events = events
        self._sources = sources
        self._market_data = market_data
        self._wanted_by: dict[str, frozenset[str]] = {}
        self._perpetuals_by: dict[str, frozenset[Contract]] = {}
        self._views: dict[str, dict[str, BookView]] = {}
        self._perpetuals: dict[Contract, BookView] = {}
        self._volumes = ContractVolumes(runtime.clock)
        self._answered: dict[str, frozenset[str]] = {}
        self._faults: dict[str, str] = {}
        self._left: dict[str, float] = {}
        """Until when books are followed that nobody looks at any more."""
        self._task: asyncio.Task[None] | None = None

    # who looks -----------------------------------------------------------------------------------------------------
    def want(self, who: str, assets: Iterable[str], perpetuals: Iterable[Contract] = ()) -> None:
        """Let somebody look at these assets, the weightiest first, and perpetuals beside them.

        None at all lets the sockets be closed.
        """
        self._perpetuals_by[who] = frozenset(tuple(perpetuals)[:MOST])
        before, chosen = self.looked_at(), frozenset(tuple(assets)[:MOST])
        if chosen:
            self._wanted_by[who] = chosen
        else:
            self._wanted_by.pop(who, None)
        until = asyncio.get_running_loop().time() + _LINGER
        self._left |= dict.fromkeys(before - self.looked_at(), until)
        self._begin()

    def _begin(self) -> None:
        if self._task is None and self._is_wanted() and not self._market_data.is_replaying:
            self._task = asyncio.create_task(self._run())
            self._task.add_done_callback(self._ended)

    def _is_wanted(self) -> bool:
        return bool(self._wanted_by) or any(self._perpetuals_by.values())

    def perpetuals_of(self, venue: str) -> frozenset[str]:
        """Return the perpetuals of a venue that anybody looks at."""
        looked_at = frozenset[Contract]().union(*self._perpetuals_by.values())
        return frozenset(symbol for where, symbol in looked_at if where == venue)

    def perpetual(self, contract: Contract) -> BookView | None:
        """Return the book of a perpetual; None where its venue told none."""
        return self._perpetuals.get(contract)

    def traded(self, contract: Contract) -> Mapping[int, Decimal]:
        """Return the units of a perpetual that were traded on each of the last days; nothing where it is not known."""
        return self._volumes.of(contract)

    def traded_faults(self) -> Mapping[str, str]:
        """Return why venues do not tell what is traded of the perpetuals that anybody looks at, by venue."""
        return {venue: fault for venue, fault in self._volumes.faults.items() if self.perpetuals_of(venue)}

    def looked_at(self) -> frozenset[str]:
        """Return everything that anybody looks at."""
        return frozenset().union(*self._wanted_by.values())

    def wanted(self) -> frozenset[str]:
        """Return what is followed: everything that anybody looks at, or did a moment ago."""
        now = asyncio.get_running_loop().time()
        self._left = {asset: until for asset, until in self._left.items() if until > now}
        return self.looked_at() | self._left.keys()

    def look(self, asset: str) -> BookLook:
        """Return what is known of an asset's books; a recording takes the place of venues."""
        replayed = self._market_data.replayed_books(asset)
        if replayed is not None:
            return BookLook(tuple(replayed), is_replay=True)
        views = tuple(found for by_asset in self._views.values() if (found := by_asset.get(asset)) is not None)
        is_waiting = not self._answered or any(asset not in known for known in self._answered.values())
        return BookLook(views, is_waiting and asset in self.looked_at(), faults=dict(self._faults))

    async def stop(self) -> None:
        """Close every socket of books."""
        self._wanted_by.clear()
        self._perpetuals_by.clear()
        self._left.clear()
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait({task})

    # following -----------------------------------------------------------------------------------------------------
    async def _run(self) -> None:
        """Follow while anybody looks; connections that came or went are noticed within seconds."""
        while self._is_followed():
            venues = await self._venues()
            self._answered = {venue: frozenset() for venue in venues}
            async with asyncio.TaskGroup() as group:
                followed = [group.create_task(self._follow(venue, client)) for venue, client in venues.items()]
                followed += [group.create_task(self._read_volumes(venue, client)) for venue, client in venues.items()]
                await self._until_changed(venues)
                for task in followed:
                    task.cancel()

    def _is_followed(self) -> bool:
        return (bool(self.wanted()) or self._is_wanted()) and not self._market_data.is_replaying

    def _ended(self, task: asyncio.Task[None]) -> None:
        if self._task is not task:
            return
        self._task = None
        self._views, self._answered, self._perpetuals = {}, {}, {}
        self._faults = {}
        if not task.cancelled() and task.exception() is not None:
            # Nobody awaits it: the next look at a book tells, and the person's log has the rest.
            self._faults = {"order books": f"They stopped: {task.exception()!r}. Lock the vault and open it again."}
        else:
            self._begin()

    async def _venues(self) -> dict[str, Exchange]:
        """Return one way to each venue: two accounts there have the same books."""
        found: dict[str, Connection] = {}
        for connection in await self._sources.connections():
            if not connection.is_paused:
                found.setdefault(connection.venue, connection)
        return {venue: self._sources.prices(connection) for venue, connection in found.items()}

    async def _until_changed(self, venues: Mapping[str, Exchange]) -> None:
        """Return once other connections are there, or nothing is followed any more."""
        loop = asyncio.get_running_loop()
        checked = loop.time()
        while self._is_followed():
            await asyncio.sleep(_LOOK)
            if loop.time() - checked > _AGAIN:
                checked = loop.time()
                if await self._venues() != venues:
                    return

    async def _follow(self, venue: str, client: Exchange) -> None:
        watch = _Watch(self, venue)
        while True:
            try:
                await client.books(self._market_data.currency, watch)
            except SourceError as error:
                self._faults[venue] = error.line()
                watch.show([view.lost(error.line()) for view in self._views.get(venue, {}).values()])
            else:
                # Its books cannot be followed: there is none, and no more to wait for.
                self.take(venue, ())
            await asyncio.sleep(_AGAIN)

    async def _read_volumes(self, venue: str, client: Exchange) -> None:
        """Read how much is traded of the perpetuals that are looked at."""
        while True:
            changed = await self._volumes.read(venue, client, self.perpetuals_of(venue))
            if changed:
                self._events.publish(BooksChanged(frozenset()))
            await asyncio.sleep(_LOOK)

    def take(self, venue: str, views: Sequence[BookView]) -> None:
        """Take the books of a venue as they are now."""
        wanted = self.wanted()
        known = self._views.get(venue, {})
        moved = self._take_perpetuals(venue, [view for view in views if view.instrument.is_perpetual])
        spot = [view for view in views if not view.instrument.is_perpetual]
        now = {view.instrument.base: view for view in spot if view.instrument.base in wanted}
        is_first = self._answered.get(venue) != wanted
        self._views[venue], self._answered[venue] = now, wanted
        if any(view.is_whole for view in spot):
            self._faults.pop(venue, None)
        changed = moved | {asset for asset in known.keys() | now.keys() if known.get(asset) != now.get(asset)}
        for view in now.values():
            self._note_spread(view)
        if changed or is_first:
            self._events.publish(BooksChanged(changed))

    def _take_perpetuals(self, venue: str, views: Sequence[BookView]) -> frozenset[str]:
        """Take the books of perpetuals as they are now; returns the assets of those that are others."""
        now = {(venue, view.instrument.symbol): view for view in views}
        for view in views:
            self._note_spread(view)
        before = {contract: view for contract, view in self._perpetuals.items() if contract[0] == venue}
        self._perpetuals = {one: view for one, view in self._perpetuals.items() if one not in before} | now
        differing = [one for one in before.keys() | now.keys() if before.get(one) != now.get(one)]
        return frozenset((now.get(one) or before[one]).instrument.base for one in differing)

    def _note_spread(self, view: BookView) -> None:
        if view.is_whole and view.known_at is not None:
            one = view.instrument
            key = one.venue, perpetual(one.symbol) if one.is_perpetual else one.base, one.quote
            self._market_data.spreads.saw(key, view.known_at, view.bids[0][0], view.asks[0][0])


class _Watch:
    """One venue's look at what is wanted."""

    def __init__(self, books: OrderBooks, venue: str) -> None:
        self._books, self._venue = books, venue

    def wanted(self) -> frozenset[str]:
        """Return the assets whose books are looked at now."""
        return self._books.wanted()

    def perpetuals(self) -> frozenset[str]:
        """Return the venue's perpetuals whose books are looked at now."""
        return self._books.perpetuals_of(self._venue)

    def show(self, views: Sequence[BookView]) -> None:
        """Take the books as they are now."""
        self._books.take(self._venue, views)
