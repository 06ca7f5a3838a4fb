"""All demo venues together: in this process, in one of their own, or as a command that serves until it is stopped."""

from __future__ import annotations

import asyncio
import contextlib
import json
import multiprocessing
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

from app.demo.binance import BinanceServer
from app.demo.coinbase import CoinbaseServer
from app.demo.defects import Defects
from app.demo.ecb import EcbServer
from app.demo.faults import Fault, Faults
from app.demo.kraken import KrakenServer
from app.demo.seeding import seeded
from app.demo.server import VenueServer
from app.demo.world import World

SEED = 7
_SERVERS: tuple[type[VenueServer], ...] = (BinanceServer, CoinbaseServer, KrakenServer)
_ENDING_SECONDS = 5.0
_SKIPPED = 0.004
"""Share of the changes of order books that a venue with defects never sends: one a minute of a book."""

Now = Callable[[], int] | int | None
"""The demo's clock: a function, one moment at which it stands still, or None for this computer's."""

Credentials = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Venue → what the key may do (read, trade, withdraw) → the fields that the venue asks for."""


def _clock(now: Now) -> Callable[[], int]:
    if now is None:
        return time.time_ns
    return now if callable(now) else lambda: now


class DemoVenues:
    """The venues of one world, served in this process."""

    def __init__(self) -> None:
        self.servers: dict[str, VenueServer] = {}
        self.bank: EcbServer | None = None
        self.defects = Defects()
        self._world: World | None = None

    async def start(self, seed: int = SEED, scale: float = 1.0, now: Now = None, *, with_defects: bool = False) -> None:
        """Live the world up to now and open the venues on free ports of 127.0.0.1."""
        self._world = World(seed, scale, _clock(now))
        if with_defects:
            self.defects = seeded(self._world)
            self._world.market.lies = self.defects.lies
        for kind in _SERVERS:
            self._world.balances(kind.venue)
            self.servers[kind.venue] = kind(self._world)
            self.servers[kind.venue].seed(self.defects)
            if with_defects:
                self.servers[kind.venue].faults.add(Fault.SKIPPED_CHANGE, count=None, probability=_SKIPPED)
        self.bank = EcbServer(self._world)
        for server in (*self.servers.values(), self.bank):
            await server.start()

    async def stop(self) -> None:
        """Close every venue."""
        served = [*self.servers.values(), *([self.bank] if self.bank is not None else [])]
        await asyncio.gather(*(server.stop() for server in served))

    @property
    def truth(self) -> World:
        """Return the world that the venues tell of."""
        if self._world is None:
            raise RuntimeError("The demo venues are not started.")
        return self._world

    @property
    def endpoints(self) -> Mapping[str, str]:
        """Return the address of each venue."""
        return {venue: server.endpoint for venue, server in self.servers.items()}

    @property
    def rates(self) -> str:
        """Return the address of the simulated central bank."""
        return "" if self.bank is None else self.bank.endpoint

    @property
    def credentials(self) -> Mapping[str, Mapping[str, str]]:
        """Return a made-up key for each venue that can only read."""
        return {venue: keys["read"] for venue, keys in self.all_credentials.items()}

    @property
    def all_credentials(self) -> Credentials:
        """Return every made-up key: of each venue one that reads, one that trades, one that withdraws."""
        return {venue: server.credentials for venue, server in self.servers.items()}

    def faults(self, venue_id: str) -> Faults:
        """Return the knobs of a venue, or of the central bank."""
        if self.bank is not None and venue_id == self.bank.venue:
            return self.bank.faults
        return self.servers[venue_id].faults

    @staticmethod
    def spawned(
        seed: int = SEED, scale: float = 1.0, now: int | None = None, *, with_defects: bool = False
    ) -> SpawnedVenues:
        """Return the venues in a process of their own, for `with` and `async with`."""
        return SpawnedVenues(seed, scale, now, with_defects)


@dataclass(slots=True)
class SpawnedVenues:
    """The venues in a process of their own, which ends when this one does, however it ends."""

    seed: int = SEED
    scale: float = 1.0
    now: int | None = None
    with_defects: bool = False
    endpoints: Mapping[str, str] = field(default_factory=dict)
    all_credentials: Credentials = field(default_factory=dict)
    rates: str = ""
    _truth: World | None = None
    _process: Any = None
    _pipe: Connection | None = None

    def start(self) -> None:
        """Start the process and wait until every venue can be reached."""
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=_child,
            args=(theirs, self.seed, self.scale, self.now, self.with_defects),
            name="demo venues",
            daemon=True,
        )
        self._process.start()
        theirs.close()
        try:
            self.endpoints, self.all_credentials, self.rates = self._pipe.recv()
        except EOFError as error:
            raise RuntimeError("The process of the demo venues ended before they were open.") from error

    def stop(self) -> None:
        """End the process."""
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.join(_ENDING_SECONDS)
            if self._process.is_alive():
                self._process.kill()
                self._process.join()
            self._process.close()
        self._pipe = self._process = None

    @property
    def credentials(self) -> Mapping[str, Mapping[str, str]]:
        """Return a made-up key for each venue that can only read."""
        return {venue: keys["read"] for venue, keys in self.all_credentials.items()}

    @property
    def truth(self) -> World:
        """Return the world that the venues tell of, lived through again in this process."""
        if self._truth is None:
            self._truth = World(self.seed, self.scale, _clock(self.now))
        return self._truth

    def add_fault(self, venue_id: str, fault: Fault, pattern: str = "*", **terms: float | None) -> None:
        """Switch a fault on at a venue."""
        self._order("add", venue_id, fault.value, pattern, terms)

    def skew_clock(self, venue_id: str, seconds: float) -> None:
        """Make a venue's clock run ahead, or behind where negative."""
        self._order("skew", venue_id, seconds)

    def clear_faults(self, venue_id: str) -> None:
        """Make everything right again at a venue."""
        self._order("clear", venue_id)

    def drop_sockets(self, venue_id: str) -> None:
        """Close every WebSocket of a venue."""
        self._order("drop", venue_id)

    def _order(self, *words: object) -> None:
        """Tell the other process to do something, and wait until it has."""
        if self._pipe is None:
            raise RuntimeError("The demo venues are not started.")
        self._pipe.send(words)
        self._pipe.recv()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self.start)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.stop)


def _child(pipe: Connection, seed: int, scale: float, now: int | None, with_defects: bool) -> None:  # noqa: FBT001 - passed on by position
    """Serve until the other end of the pipe is closed, which the death of the parent does too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(_serve_pipe(pipe, seed, scale, now, with_defects=with_defects))


async def _serve_pipe(pipe: Connection, seed: int, scale: float, now: int | None, *, with_defects: bool) -> None:
    venues = DemoVenues()
    await venues.start(seed, scale, now, with_defects=with_defects)
    loop, ended = asyncio.get_running_loop(), asyncio.Event()

    def listen() -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                words = pipe.recv()
                asyncio.run_coroutine_threadsafe(_obey(venues, words), loop).result()
                pipe.send("done")
        loop.call_soon_threadsafe(ended.set)

    keys = {venue: dict(keys) for venue, keys in venues.all_credentials.items()}
    pipe.send((dict(venues.endpoints), keys, venues.rates))
    threading.Thread(target=listen, name="orders", daemon=True).start()
    await ended.wait()
    await venues.stop()


async def _obey(venues: DemoVenues, words: Sequence[Any]) -> None:
    order, venue, *rest = words
    faults = venues.faults(venue)
    if order == "add":
        faults.add(Fault(rest[0]), rest[1], **rest[2])
    elif order == "skew":
        faults.skew_clock(rest[0])
    elif order == "clear":
        faults.clear()
    elif order == "drop":
        await venues.servers[venue].drop_sockets()


def serve_main(*, seed: int = SEED, scale: float = 1.0, with_defects: bool = False) -> int:
    """Print the venues' addresses and made-up keys as JSON, and serve until Ctrl-C."""
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(seed, scale, with_defects=with_defects))
    return 0


async def _serve(seed: int, scale: float, *, with_defects: bool) -> None:
    venues = DemoVenues()
    await venues.start(seed, scale, with_defects=with_defects)
    shown = {
        venue: {"endpoint": venues.endpoints[venue], "credentials": keys}
        for venue, keys in venues.all_credentials.items()
    }
    told = {"simulated": True, "seed": seed, "scale": scale, "venues": shown, "rates": {"endpoint": venues.rates}}
    print(json.dumps(told, indent=2), flush=True)
    ended = asyncio.Event()
    if sys.platform != "win32":
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, ended.set)
    try:
        await ended.wait()
    finally:
        await venues.stop()
