"""Live order books of a venue: one raw socket for all that is looked at, and whole books anew where step is lost.

ccxt's own order books are not used: it keeps Binance's levels as floats, cannot check Kraken's sums, because trailing
zeros are gone before it computes them, and does not look at Coinbase's numbers, so that a gap goes unseen.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from app.connectors.exchanges.asked_books import AskedBookWire
from app.connectors.exchanges.base import Endpoint, Params, Venue
from app.connectors.exchanges.book_wire import BookWire
from app.connectors.exchanges.gate import Patience
from app.connectors.exchanges.instruments import Instrument as Listed
from app.connectors.exchanges.live import raise_lasting
from app.connectors.http import HttpSession
from app.connectors.limits import Sleep
from app.core.errors import BadResponseError, CounterfoilError, RetryableError
from app.core.market.live_book import LiveBook
from app.core.model.market import Instrument
from app.core.model.order_books import BookView
from app.core.ports import Clock

if TYPE_CHECKING:
    import aiohttp

    Socket = aiohttp.ClientWebSocketResponse[bool]

BEAT = 0.2
"""Seconds in which frames are gathered, read on a thread and shown: as often as marks are told."""
CALM = 1.0
"""Seconds instead, where more than `FEW` books are followed: those are computed with, and nobody watches each."""
FEW = 6
SHOWN = 1_000
"""Levels a side that are shown and computed with."""
SILENCE = 90.0
"""Seconds without any frame after which the socket counts as dead, though it answers pings."""

_PATIENCE = Patience(first=0.5, most=60.0)
_STEADY = 60.0
"""Seconds in step after which a book, or a socket, is fetched again without waiting."""
_ANSWER = 15.0
"""Seconds in which a whole book has to come."""
_FIRST_CHANGE = 2.0
"""Seconds for which a whole book waits for a first change, so that it is not older than that."""
_REFUSED = 300.0
_MOST_FRAMES = 50_000
"""Frames that wait to be read; older ones are let go, which the venue's own numbers or sums then tell as a gap."""
_LARGEST = 64 * 1024 * 1024
"""Bytes of a frame: the whole book of a market at Coinbase takes several megabytes."""
_PING = 20.0


class Look(Protocol):
    """Who looks at the books of one socket."""

    def wanted(self) -> frozenset[str]:
        """Return what is looked at now; it is asked several times a second."""

    def show(self, views: Sequence[BookView]) -> None:
        """Take the books as they are now."""


@dataclass(slots=True)
class _Care:
    """How a book is kept in step.

    Attributes:
        due: When its whole is asked for, if it is not in step then.
        tried: How often it was asked for since it was steady.
        steady_since: Since when it is in step; None while it is not.
    """

    due: float
    tried: int = 0
    steady_since: float | None = None


class BookFollower:
    """Follows the books of one venue until it is cancelled; sockets that break are made anew."""

    def __init__(  # noqa: PLR0913, PLR0917 - what is wired once
        self,
        venue: Venue,
        session: HttpSession,
        find: Callable[[str], Awaitable[Listed | None]],
        ask: Callable[[Endpoint, Params], Awaitable[Any]],
        clock: Clock,
        now: Callable[[], float],
        sleep: Sleep,
    ) -> None:
        """Take how the market of an asset is found, and how the venue is asked where its socket tells no whole book."""
        self.venue = venue
        self.session = session
        self.ask = ask
        self.clock = clock
        self.now = now
        self._find = find
        self._sleep = sleep
        self._listed: dict[str, Listed | None] = {}

    async def follow(self, wire: type[BookWire], watch: Look) -> None:
        """Follow what is looked at over one socket; raises what waiting does not mend."""
        tried = 0
        while True:
            began, talk = self.now(), _Talk(self, wire(), watch)
            try:
                await talk.run()
            except Exception as error:  # noqa: BLE001 - sockets and parsers raise whatever they meet
                raise_lasting(self.venue, error)
                watch.show([view.lost(f"{self.venue.info.name} cannot be reached.") for view in talk.views()])
            tried = 1 if self.now() - began > _STEADY else tried + 1
            await self._sleep(_PATIENCE.pause(tried))

    async def listed(self, asset: str) -> Listed | None:
        """Return the market of an asset; None where the venue has none."""
        if asset not in self._listed:
            self._listed[asset] = await self._find(asset)
        return self._listed[asset]


class _Talk:
    """One socket, from its opening to its end."""

    def __init__(self, follower: BookFollower, wire: BookWire, watch: Look) -> None:
        self._follower = follower
        self._wire = wire
        self._watch = watch
        self._frames: deque[tuple[str, int]] = deque(maxlen=_MOST_FRAMES)
        self._answers: deque[Callable[[], None]] = deque()
        self._care: dict[str, _Care] = {}
        self._asking: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Talk until the socket ends; RetryableError then."""
        follower, wire = self._follower, self._wire
        how: dict[str, Any] = {"heartbeat": _PING, "max_msg_size": _LARGEST}
        async with follower.session.ws_connect(wire.address, **how) as socket:
            reading = asyncio.create_task(self._receive(socket))
            try:
                await _send(socket, wire.greeting())
                while not reading.done():
                    await self._settle(socket)
                    await self._read()
                    await self._mend(socket)
                    self._watch.show(self.views())
                    await asyncio.wait({reading}, timeout=BEAT if len(wire.books) <= FEW else CALM)
                await reading
            finally:
                for task in (reading, *self._asking):
                    task.cancel()
                await asyncio.gather(reading, *self._asking, return_exceptions=True)

    def views(self) -> list[BookView]:
        """Return the books as they are."""
        return [book.view(SHOWN) for book in self._wire.books.values()]

    async def _receive(self, socket: Socket) -> None:
        from aiohttp import WSMsgType  # noqa: PLC0415 - most commands of the program send nothing

        clock = self._follower.clock
        while True:
            message = await socket.receive(timeout=SILENCE)
            if message.type is WSMsgType.TEXT:
                self._frames.append((message.data, clock.now_ns()))
            elif message.type in {WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR}:
                name = self._follower.venue.info.name
                raise RetryableError(f"{name} closed the socket of its order books.", hint="It is opened again.")

    # what is looked at ---------------------------------------------------------------------------------------------
    async def _settle(self, socket: Socket) -> None:
        """Subscribe to what is looked at now, and to nothing else."""
        wanted = await self._wanted()
        wire, now = self._wire, self._follower.now()
        gone = [name for name in wire.books if name not in wanted]
        fresh = [name for name in wanted if name not in wire.books]
        for name in gone:
            wire.remove(name)
            self._care.pop(name, None)
        for name in fresh:
            wire.add(name, wanted[name])
            self._care[name] = _Care(now + (_FIRST_CHANGE if isinstance(wire, AskedBookWire) else _ANSWER))
        await _send(socket, wire.leaving(gone) if gone else ())
        await _send(socket, wire.subscribing(fresh) if fresh else ())

    async def _wanted(self) -> dict[str, Instrument]:
        found: dict[str, Instrument] = {}
        venue = self._follower.venue.info.venue_id
        for asset in sorted(self._watch.wanted()):
            listed = await self._follower.listed(asset)
            if listed is not None:
                name = self._wire.name(listed.symbol, listed.native_id)
                found[name] = Instrument(venue, name, listed.base, listed.quote, listed.is_perpetual)
        return found

    # in step -------------------------------------------------------------------------------------------------------
    async def _read(self) -> None:
        """Read on a thread what came: the whole book of a large market takes a tenth of a second."""
        frames, answers = tuple(self._frames), tuple(self._answers)
        self._frames.clear()
        self._answers.clear()
        if frames or answers:
            await asyncio.to_thread(_take, self._wire, frames, answers)

    async def _mend(self, socket: Socket) -> None:
        """Ask for the whole of books that are out of step, later each time while it does not help."""
        now, lost = self._follower.now(), list[str]()
        for name, book in self._wire.books.items():
            care = self._care[name]
            if book.is_in_step:
                _steady(care, now)
                continue
            if care.steady_since is not None:
                care.steady_since = None
                care.due = now + (_PATIENCE.pause(care.tried) if care.tried else 0.0)
            if now >= care.due or self._may_begin(book, care):
                care.tried += 1
                care.due = now + _ANSWER + _PATIENCE.pause(care.tried)
                lost.append(name)
        wire = self._wire
        if isinstance(wire, AskedBookWire):
            for name in lost:
                task = asyncio.create_task(self._ask(wire, name))
                self._asking.add(task)
                task.add_done_callback(self._asking.discard)
        elif lost:
            await _send(socket, (*wire.leaving(lost), *wire.subscribing(lost)))

    def _may_begin(self, book: LiveBook, care: _Care) -> bool:
        """Tell whether a book that is asked for apart has its first change, and was not asked for yet."""
        return isinstance(self._wire, AskedBookWire) and not care.tried and book.book.has_waiting

    async def _ask(self, wire: AskedBookWire, name: str) -> None:
        follower, care = self._follower, self._care[name]
        try:
            told = await follower.ask(*wire.whole(name))
        except CounterfoilError as error:
            # A page in place of an answer is what a venue shows while it is worked on: it goes away as time-outs do.
            is_passing = isinstance(error, (RetryableError, BadResponseError))
            care.due = follower.now() + (_PATIENCE.pause(care.tried) if is_passing else _REFUSED)
            book = wire.books.get(name)
            if book is not None and not isinstance(error, RetryableError):
                book.fault = error.line()
            return
        self._answers.append(partial(wire.take_whole, name, told, follower.clock.now_ns()))
        care.due = follower.now() + BEAT + _PATIENCE.pause(care.tried)


def _steady(care: _Care, now: float) -> None:
    if care.steady_since is None:
        care.steady_since = now
    elif now - care.steady_since > _STEADY:
        care.tried = 0


def _take(wire: BookWire, frames: Sequence[tuple[str, int]], answers: Sequence[Callable[[], None]]) -> None:
    """Read frames first: what came before a whole book is judged by it."""
    wire.take(frames)
    for take_whole in answers:
        take_whole()


async def _send(socket: Socket, texts: Sequence[str]) -> None:
    for text in texts:
        await socket.send_str(text)
