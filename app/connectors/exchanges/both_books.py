"""The order books of a venue's spot market and of its perpetuals: two sockets, told as one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from app.connectors.exchanges.base import Endpoint, Params, Venue
from app.connectors.exchanges.books import BookFollower
from app.connectors.exchanges.instruments import Instrument
from app.connectors.http import HttpSession
from app.connectors.limits import Scheduler
from app.core.book_ports import BookWatch
from app.core.errors import SourceError
from app.core.model.order_books import BookView
from app.core.ports import Clock

_LOOK = 0.5
"""Seconds between two looks whether a perpetual is wanted; until one is its socket stays closed."""
_AGAIN = 60.0
"""Seconds after which perpetuals are tried again that the venue does not give: spot books go on meanwhile."""

Find = Callable[[str], Awaitable[Instrument | None]]


class BothBooks:
    """Follows both for one watch until it is cancelled."""

    def __init__(
        self,
        venue: Venue,
        session: HttpSession,
        ask: Callable[[Endpoint, Params], Awaitable[Any]],
        clock: Clock,
        scheduler: Scheduler,
    ) -> None:
        """Take the venue, its sockets and its budgets."""
        self._venue, self._sleep = venue, scheduler.sleep
        self._with = session, ask, clock, scheduler

    async def follow(self, spot: Find, perpetual: Find, watch: BookWatch) -> None:
        """Follow what is looked at; the two take how markets are found. Raises what a person must fix of spot."""
        told = _Told(watch)
        tasks = []
        if self._venue.books is not None:
            look = _Half(watch.wanted, told.spot)
            tasks.append(asyncio.create_task(self._follower(spot).follow(self._venue.books, look)))
        if self._venue.perpetual_books is not None:
            tasks.append(asyncio.create_task(self._perpetuals(perpetual, watch, told)))
        if not tasks:
            return
        try:
            ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _follower(self, find: Find) -> BookFollower:
        session, ask, clock, scheduler = self._with
        return BookFollower(self._venue, session, find, ask, clock, scheduler.now, scheduler.sleep)

    async def _perpetuals(self, find: Find, watch: BookWatch, told: _Told) -> None:
        wire = self._venue.perpetual_books
        while wire is not None:
            while not watch.perpetuals():
                await self._sleep(_LOOK)
            try:
                await self._follower(find).follow(wire, _Half(watch.perpetuals, told.perpetuals))
            except SourceError as error:
                told.perpetuals([view.lost(error.line()) for view in told.last_perpetuals])
            await self._sleep(_AGAIN)


class _Half:
    """One of the two looks."""

    def __init__(self, wanted: Callable[[], frozenset[str]], show: Callable[[Sequence[BookView]], None]) -> None:
        self.wanted, self.show = wanted, show


class _Told:
    """What both told last, for whoever watches all of it."""

    def __init__(self, watch: BookWatch) -> None:
        self._watch = watch
        self._spot: Sequence[BookView] = ()
        self.last_perpetuals: Sequence[BookView] = ()

    def spot(self, views: Sequence[BookView]) -> None:
        self._spot = views
        self._watch.show((*self._spot, *self.last_perpetuals))

    def perpetuals(self, views: Sequence[BookView]) -> None:
        self.last_perpetuals = views
        self._watch.show((*self._spot, *self.last_perpetuals))
