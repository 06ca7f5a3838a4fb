"""Order books over real sockets: in step with the venue, mended where they are not, closed where nobody looks."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from app.connectors.exchanges import CcxtExchanges, books
from app.connectors.exchanges.asked_books import AskedBookWire
from app.connectors.exchanges.base import Endpoint, Params
from app.connectors.exchanges.base import Venue as Base
from app.connectors.exchanges.binance import Binance
from app.connectors.exchanges.instruments import Instrument as Listed
from app.connectors.exchanges.kraken import Kraken
from app.connectors.http import HttpSession
from app.connectors.limits import Scheduler
from app.core.model.accounts import Connection
from app.core.model.order_books import BookState, BookView
from app.core.ports import Exchange
from app.demo.binance import BinanceServer
from app.demo.depth import LEVELS, DemoDepth
from app.demo.faults import Fault
from app.demo.instruments import lot_places, price_places
from app.demo.server import VenueServer
from app.demo.world import World
from tests.connectors.exchanges.reading import ASSETS
from tests.connectors.exchanges.simulated import VENUES, Running
from tests.demo.conftest import NOW


@dataclass
class Looker:
    """Looks at books, and remembers how often it saw each state."""

    assets: set[str]
    shown: Sequence[BookView] = ()
    states: list[BookState] = field(default_factory=list)
    more: asyncio.Event = field(default_factory=asyncio.Event)

    def wanted(self) -> frozenset[str]:
        return frozenset(self.assets)

    def perpetuals(self) -> frozenset[str]:
        return frozenset()

    def show(self, views: Sequence[BookView]) -> None:
        self.shown = tuple(views)
        self.states += [view.state for view in views]
        self.more.set()

    async def until(self, done: Callable[[Sequence[BookView]], bool]) -> Sequence[BookView]:
        async with asyncio.timeout(20):
            while not done(self.shown):
                self.more.clear()
                await self.more.wait()
        return self.shown


@dataclass
class Venue:
    """A demo venue with a connection to it."""

    server: VenueServer
    exchange: Exchange
    clock: Running
    quote: str
    path: str

    @contextlib.asynccontextmanager
    async def followed(self, look: Looker) -> AsyncIterator[None]:
        task = asyncio.create_task(self.exchange.books("usd", look))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.wait({task})


@pytest.fixture(scope="module")
def clock() -> Running:
    return Running()


@pytest.fixture(scope="module")
def world(clock: Running) -> World:
    return World(7, 0.02, clock.now_ns)


@pytest.fixture(params=sorted(VENUES))
async def venue(request: pytest.FixtureRequest, world: World, clock: Running) -> AsyncIterator[Venue]:
    kind, quote, path = VENUES[request.param]
    server = kind(world)
    await server.start()
    exchanges = CcxtExchanges(ASSETS, clock, Scheduler())
    exchange = exchanges.open(Connection("main", request.param, "account", endpoint=server.endpoint), None)
    yield Venue(server, exchange, clock, quote, path)
    await exchange.close()
    await server.stop()


def in_step(views: Sequence[BookView]) -> bool:
    return bool(views) and all(view.is_whole for view in views)


def assets_of(views: Iterable[BookView]) -> set[str]:
    return {view.instrument.base for view in views}


async def test_a_book_is_the_venues_own_level_for_level(venue: Venue) -> None:
    look = Looker({"bitcoin"})
    async with venue.followed(look):
        (first,) = await look.until(in_step)
        (view,) = await look.until(lambda views: in_step(views) and views[0].bids != first.bids)
    depth = DemoDepth(venue.server.market, venue.server.venue)
    places, lot = price_places("bitcoin", "usd", venue.server.venue), lot_places("bitcoin", "usd", venue.server.venue)
    ahead = depth.number(venue.clock.now_ns())
    told = [depth.book(("bitcoin", venue.quote, places, lot), number) for number in range(ahead, ahead - 40, -1)]
    whole = [(tuple(book.levels("bids", LEVELS)), tuple(book.levels("asks", LEVELS))) for book in told]

    assert (view.bids, view.asks) in whole
    assert (view.instrument.venue, view.instrument.quote, view.gaps) == (venue.server.venue, venue.quote, 0)
    assert view.at is not None
    assert venue.clock.now_ns() - view.at < 5 * 10**9


async def test_a_change_that_is_lost_is_noticed_and_the_book_fetched_anew(venue: Venue) -> None:
    look = Looker({"bitcoin"})
    async with venue.followed(look):
        await look.until(in_step)
        venue.server.faults.add(Fault.SKIPPED_CHANGE, venue.path)
        (view,) = await look.until(lambda views: in_step(views) and views[0].gaps == 1)
    venue.server.faults.clear()

    assert view.is_whole


async def test_a_dropped_socket_is_opened_again(venue: Venue) -> None:
    look = Looker({"bitcoin"})
    async with venue.followed(look):
        await look.until(in_step)
        await venue.server.drop_sockets()
        (lost,) = await look.until(lambda views: bool(views[0].fault))
        (view,) = await look.until(in_step)

    assert (lost.state, lost.bids) == (BookState.LOST, ())
    assert view.fault == ""


async def test_only_what_is_looked_at_is_followed(venue: Venue) -> None:
    look = Looker({"bitcoin"})
    async with venue.followed(look):
        await look.until(in_step)
        look.assets = {"ethereum", "solana", "kraken:NOTHING"}
        views = await look.until(lambda views: assets_of(views) == {"ethereum", "solana"} and in_step(views))
        look.assets = set()
        none = await look.until(lambda views: not views)

    assert assets_of(views) == {"ethereum", "solana"}
    assert none == ()


async def test_who_stops_looking_closes_the_socket(venue: Venue) -> None:
    look = Looker({"bitcoin"})
    async with venue.followed(look):
        await look.until(in_step)

    assert [one for one in asyncio.all_tasks() if "_Talk" in repr(one.get_coro())] == []


async def test_a_market_that_the_venue_does_not_have_has_no_book(venue: Venue) -> None:
    look = Looker({"kraken:NOTHING"})
    async with venue.followed(look):
        async with asyncio.timeout(20):
            await look.more.wait()

    assert look.shown == ()


async def test_what_is_asked_for_again_and_again_is_asked_for_ever_later(
    world: World, clock: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(books, "BEAT", 0.02)
    server = BinanceServer(world)
    await server.start()
    exchange = CcxtExchanges(ASSETS, clock, Scheduler()).open(
        Connection("main", "binance", "account", endpoint=server.endpoint), None
    )
    server.faults.add(Fault.SKIPPED_CHANGE, "/ws/depth", count=None, probability=0.5)
    look = Looker({"bitcoin"})
    task = asyncio.create_task(exchange.books("usd", look))
    (view,) = await look.until(lambda views: bool(views) and views[0].gaps >= 4)
    asked = server.requests["/api/v3/depth"]
    task.cancel()
    await asyncio.wait({task})
    await exchange.close()
    await server.stop()

    assert view.gaps <= asked <= view.gaps + 4


async def test_a_whole_book_that_is_no_answer_is_told_as_the_fault_of_that_book(world: World, clock: Running) -> None:
    server = BinanceServer(world)
    await server.start()
    exchange = CcxtExchanges(ASSETS, clock, Scheduler()).open(
        Connection("main", "binance", "account", endpoint=server.endpoint), None
    )
    server.faults.add(Fault.HTML, "/api/v3/depth", count=None)
    look = Looker({"bitcoin"})
    task = asyncio.create_task(exchange.books("usd", look))
    (view,) = await look.until(lambda views: bool(views) and bool(views[0].fault))
    asked = server.requests["/api/v3/depth"]
    task.cancel()
    await asyncio.wait({task})
    await exchange.close()
    await server.stop()

    assert not view.is_whole
    assert "Binance answered with what is no answer: the answer is a page" in view.fault
    assert asked == 2


@dataclass
class Line:
    """A socket that only takes what is sent."""

    sent: list[str] = field(default_factory=list)

    async def send_str(self, text: str) -> None:
        self.sent.append(text)


@pytest.mark.parametrize("venue", [Binance(), Kraken()])
async def test_a_book_that_stays_out_of_step_costs_ever_fewer_calls(venue: Base) -> None:
    now, asked = [0.0], list[float]()

    async def find(asset: str) -> Listed:
        return Listed("BTC/USD", asset, "usd", "BTCUSDT")

    async def whole(_endpoint: Endpoint, _params: Params) -> dict[str, object]:
        asked.append(now[0])
        # Older than every change that came: it can never be brought into step.
        return {"lastUpdateId": 1, "bids": [["99", "1"]], "asks": [["101", "1"]]}

    async def sleep(_seconds: float) -> None:
        raise AssertionError

    assert venue.books is not None
    wire, line = venue.books(), Line()
    follower = books.BookFollower(venue, HttpSession(), find, whole, Running(), lambda: now[0], sleep)
    talk = books._Talk(follower, wire, Looker({"bitcoin"}))
    await talk._settle(line)  # type: ignore[arg-type]
    (book,) = wire.books.values()
    for step in range(2_400):
        now[0] = step / 4
        if isinstance(wire, AskedBookWire):
            book.change((10 * step, 10 * step, None), [], [], (0, NOW))
        before = len(line.sent)
        await talk._mend(line)  # type: ignore[arg-type]
        if len(line.sent) > before:
            asked.append(now[0])
        await asyncio.sleep(0)
        await talk._read()
    waits = [later - earlier for earlier, later in pairwise(asked)]

    # Ten minutes: without patience it would be thousands of calls, each of a part of the venue's budget.
    assert 5 <= len(asked) <= 40
    assert waits[-1] >= 15
    assert waits[-1] >= waits[0]
