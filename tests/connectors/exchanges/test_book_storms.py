"""Venues that break in the middle of a book, answer slowly or not, and close sockets: what is shown is theirs or none."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web

from app.connectors.exchanges import CcxtExchanges, books, guard
from app.connectors.exchanges.gate import Patience
from app.connectors.limits import Scheduler
from app.core.model.accounts import Connection
from app.core.model.order_books import BookView, Level
from app.demo.depth import LEVELS, DemoDepth
from app.demo.faults import Fault
from app.demo.instruments import lot_places, price_places
from app.demo.server import VenueServer, encoded
from app.demo.world import World
from tests.connectors.exchanges.reading import ASSETS
from tests.connectors.exchanges.simulated import VENUES, Running
from tests.demo.conftest import NOW

ASSET = "bitcoin"
_BEHIND = 60
"""Books of the venue before the newest one that may still be shown."""

ANSWERS = (
    (Fault.HANG, Fault.HTML, Fault.EMPTY), (Fault.EMPTY_OBJECT, Fault.NULL, Fault.TRUNCATED),
    (Fault.SERVER_ERROR, Fault.RATE_LIMITED, Fault.DUPLICATE_PAGE),
)  # fmt: skip
"""What a venue may answer, one time after the other, where its whole book is asked for apart."""

PLACES = {"change": "", "drop": "*", "answer": "/api/v3/depth"}
"""Where a fault strikes; "" is where changes of books are told."""

Sides = tuple[Sequence[Level], Sequence[Level]]


@dataclass
class Weather:
    """What befalls the frames of a venue that are about to be sent: "" lets them through."""

    server: VenueServer
    kind: str = ""
    told: int = 0

    def begin(self) -> None:
        """Stand between the venue and its sockets."""
        self._tell = self.server.tell
        self.server.tell = self.tell  # type: ignore[method-assign]

    async def tell(self, socket: web.WebSocketResponse, path: str, value: Any) -> bool:
        kind, self.kind = self.kind, ""
        if not kind:
            return await self._tell(socket, path, value)
        self.told += 1
        text, request = encoded(value).decode(), socket._req
        if kind == "slow":
            await asyncio.sleep(0.4)
            return await self._tell(socket, path, value)
        if kind == "twice":
            await self._tell(socket, path, value)
            return await self._tell(socket, path, value)
        if kind in {"half", "half and away"}:
            await socket.send_str(text[: len(text) // 2])
        if kind in {"away", "half and away"} and request is not None and request.transport is not None:
            # Without a word of parting, as where a cable is pulled.
            request.transport.abort()
            return False
        return True


FRAMES = ("slow", "twice", "half", "away", "half and away")


@dataclass
class Witness:
    """Looks at one book, and compares each that is told as whole with those that the venue has had."""

    server: VenueServer
    clock: Running
    quote: str
    shown: tuple[BookView, ...] = ()
    wrong: list[BookView] = field(default_factory=list)
    whole: int = 0
    more: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._depth = DemoDepth(self.server.market, self.server.venue)
        self._pair = (
            ASSET,
            self.quote,
            price_places(ASSET, "usd", self.server.venue),
            lot_places(ASSET, "usd", self.server.venue),
        )
        self._sides: dict[int, Sides] = {}

    def _of(self, number: int) -> Sides:
        if number not in self._sides:
            book = self._depth.book(self._pair, number)
            self._sides[number] = tuple(book.levels("bids", LEVELS)), tuple(book.levels("asks", LEVELS))
        return self._sides[number]

    def wanted(self) -> frozenset[str]:
        return frozenset({ASSET})

    def perpetuals(self) -> frozenset[str]:
        return frozenset()

    def show(self, views: Sequence[BookView]) -> None:
        for view in (view for view in views if view.is_whole and view not in self.shown):
            newest = self._depth.number(self.clock.now_ns())
            own = (self._of(number) for number in range(newest, newest - _BEHIND, -1))
            self.whole += 1
            if not any((view.bids, view.asks) == sides for sides in own):
                self.wrong.append(view)
        self.shown = tuple(views)
        self.more.set()

    async def until(self, done: Callable[[BookView], bool]) -> BookView:
        async with asyncio.timeout(30):
            while not (self.shown and done(self.shown[0])):
                self.more.clear()
                await self.more.wait()
        return self.shown[0]


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait moments instead of minutes."""
    for name, seconds in (("BEAT", 0.03), ("_STEADY", 0.1), ("_ANSWER", 0.6), ("_FIRST_CHANGE", 0.3)):
        monkeypatch.setattr(books, name, seconds)
    monkeypatch.setattr(guard, "_MILLISECONDS", 1_000)
    monkeypatch.setattr(books, "_PATIENCE", Patience(first=0.02, most=0.1))


@contextlib.asynccontextmanager
async def stormy(venue: str) -> AsyncIterator[tuple[Weather, Witness]]:
    clock = Running()
    kind, quote, _ = VENUES[venue]
    server = kind(World(7, 0.02, clock.now_ns))
    await server.start()
    weather = Weather(server)
    weather.begin()
    witness = Witness(server, clock, quote)
    exchange = CcxtExchanges(ASSETS, clock, Scheduler()).open(
        Connection("main", venue, "account", endpoint=server.endpoint), None
    )
    following = asyncio.create_task(exchange.books("usd", witness))
    try:
        yield weather, witness
        assert not following.done()
    finally:
        following.cancel()
        await asyncio.wait({following})
        await exchange.close()
        await server.stop()


@pytest.mark.parametrize("venue", sorted(VENUES))
async def test_whatever_befalls_a_venue_its_book_is_shown_as_it_is_or_not_at_all_and_comes_back(venue: str) -> None:
    dice = random.Random(f"{venue} {NOW}")  # noqa: S311
    path = VENUES[venue][2]
    befalls: list[tuple[str, tuple[Fault | str, ...]]] = [("frame", (kind,)) for kind in FRAMES]
    befalls += [("socket", ()), ("change", (Fault.SKIPPED_CHANGE,)), ("drop", (Fault.DROPPED_SOCKET,))]
    befalls += [("answer", faults) for faults in ANSWERS if venue == "binance"]
    dice.shuffle(befalls)

    async with stormy(venue) as (weather, witness):
        await witness.until(lambda view: view.is_whole)
        for where, what in befalls:
            before = witness.shown[0]
            if where == "frame":
                weather.kind = str(what[0])
            elif where == "socket":
                await weather.server.drop_sockets()
            for fault in what if where in PLACES else ():
                weather.server.faults.add(Fault(fault), PLACES[where] or path)
            if where == "answer":
                # The whole book is asked for once a change is missing.
                weather.server.faults.add(Fault.SKIPPED_CHANGE, path)
            await asyncio.sleep(dice.uniform(0.1, 0.5))
            await witness.until(lambda view, was=before.bids: view.is_whole and view.bids != was)  # type: ignore[misc]
        struck = {str(knob.fault) for knob in weather.server.faults.knobs if knob.happened}

    assert witness.wrong == []
    assert witness.whole > len(befalls)
    assert weather.told == len(FRAMES)
    assert {"skipped-change", "dropped-socket"} <= struck
