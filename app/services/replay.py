"""Raw frames of another process, through the one path that live prices take: decode, keep the newest, mark."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty, Queue

from msgspec import structs

from app.core.errors import CounterfoilError, InputError
from app.core.feed_ports import FASTEST, Feeds, FramePipe
from app.core.market.board import MarkBoard
from app.core.market.live import LiveMarket
from app.core.model.market import Tick
from app.core.model.order_books import BookState, BookView
from app.core.ports import Clock, Runtime

SLOWEST, HIGHEST = 1.0, 100.0
_ENDING_SECONDS = 5.0
_LEVELS = 1_000
_BACKLOG = 64
"""Receipts that wait to be decoded at most; whoever hands them on waits then."""

_LOOK = 0.05
"""Seconds between two looks at whether the thread has ended."""


@dataclass(frozen=True, slots=True)
class _End:
    """Stands after the last lines; `fault` says why they ended before their end."""

    fault: str


class Feed:
    """Frames brought into the state of live markets.

    A thread receives them, and whoever shows them decodes what came (`catch_up`). A thread that decoded beside a window
    would take the interpreter from it at moments of its own, and after each short sleep it would cost twice as much.

    Attributes:
        fault: Why it ended before its end; "" where it did not.
    """

    def __init__(self, feeds: Feeds, pipe: FramePipe) -> None:
        self.market = LiveMarket()
        self.fault = ""
        self.first_ns = self.last_ns = 0
        self._decoder = feeds.decoder(self.market)
        self._pipe = pipe
        self._received = Queue[bytes | _End](_BACKLOG)
        self._has_begun, self._is_over = threading.Event(), threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def is_over(self) -> bool:
        """Tell whether everything was decoded and there is no more to come."""
        return self._is_over.is_set()

    def start(self) -> None:
        """Receive on a thread of its own."""
        self._thread = threading.Thread(target=self._receive, name="feed", daemon=True)
        self._thread.start()

    def step(self) -> bool:
        """Receive and decode the next lines here and now; False once there are no more."""
        lines = self._pipe.receive()
        self._decode(lines)
        return bool(lines)

    def catch_up(self, seconds: float = math.inf) -> bool:
        """Decode what was received, for about so long; what is left waits for the next time.

        Returns:
            Whether anything was there.
        """
        until, found = time.perf_counter() + seconds, False
        while not self._received.empty() and not self.is_over:
            got, found = self._received.get_nowait(), True
            if isinstance(got, _End):
                self.fault = got.fault
                self._is_over.set()
            else:
                self._decode(got)
            if time.perf_counter() >= until:
                break
        return found

    def wait(self, seconds: float) -> bool:
        """Wait until everything was decoded, at most so long; tells whether that is so."""
        return self._is_over.wait(seconds)

    def wait_for_first(self) -> None:
        """Wait until anything came, or the end did."""
        self._has_begun.wait()

    def take(self) -> list[Tick]:
        """Return the newest price of each instrument that has another one than when it was taken last."""
        return self.market.take()

    def books(self, base: str, count: int) -> list[BookView]:
        """Return the best levels of every order book of an asset that changes were told of."""
        lines = [line for line in self.market.lines() if line.instrument.base == base]
        return [
            BookView(
                line.instrument, line.book.state, *line.book.depth(count), line.at or None,
                gaps=line.book.gaps + line.book.refused,
            )
            for line in lines
            if line.book.state is not BookState.WAITING
        ]  # fmt: skip

    def venues(self) -> frozenset[str]:
        """Return whose frames came so far."""
        return frozenset(line.instrument.venue for line in self.market.lines())

    def stop(self) -> None:
        """End the other process, and the thread with it; what nobody decoded is dropped."""
        self._pipe.stop()
        if self._thread is None:
            return
        until = time.monotonic() + _ENDING_SECONDS
        while self._thread.is_alive() and time.monotonic() < until:
            with suppress(Empty):
                self._received.get_nowait()
            self._thread.join(_LOOK)

    def _receive(self) -> None:
        fault = ""
        try:
            while lines := self._pipe.receive():
                self._received.put(lines)
                self._has_begun.set()
        except CounterfoilError as error:
            fault = error.line()
        except Exception as error:
            fault = f"It stopped: {error!r}. Start it again."
            raise
        finally:
            self._received.put(_End(fault))
            self._has_begun.set()

    def _decode(self, lines: bytes) -> None:
        told = self._decoder.take(lines)
        if told is not None:
            self.first_ns, self.last_ns = self.first_ns or told[0], told[1]


class LiveReplay:
    """A recording as if it happened now: its moments are moved to the present and keep their distances."""

    def __init__(self, runtime: Runtime, files: Sequence[Path], speed: float) -> None:
        self._clock: Clock = runtime.clock
        self._speed = checked_speed(speed)
        self._began: int | None = None
        feeds = _feeds(runtime)
        self.feed = Feed(feeds, feeds.replayed(files, speed))

    def start(self) -> None:
        """Begin."""
        self.feed.start()

    def take(self) -> list[Tick]:
        """Return the newest prices, at the moments at which they would have come had they come now."""
        return [structs.replace(tick, at=self._here(tick.at)) for tick in self.feed.take()]

    def books(self, base: str) -> list[BookView]:
        """Return the order books of an asset, at the moments at which their newest prices would have come."""
        found = self.feed.books(base, _LEVELS)
        return [replace(one, at=None if one.at is None else self._here(one.at)) for one in found]

    def _here(self, at: int) -> int:
        now = self._clock.now_ns()
        if self._speed == FASTEST:
            return now
        since = int((at - self.feed.first_ns) / self._speed)
        if self._began is None:
            # With the first price, not before it: the process that reads the files takes its time to start.
            self._began = now - since
        return min(now, self._began + since)


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a recording came to.

    Attributes:
        tellings: How often marks changed.
    """

    market: LiveMarket
    board: MarkBoard
    tellings: int
    span_ns: int


def replay(runtime: Runtime, files: Sequence[Path], speed: float, currency: str) -> Replayed:
    """Bring recordings to their end, marks made all along as they are in the window."""
    checked_speed(speed)
    feeds = _feeds(runtime)
    feed, board, tellings = Feed(feeds, feeds.replayed(files, speed)), MarkBoard(currency, runtime.assets), 0
    try:
        while feed.step():
            for tick in feed.take():
                board.take(tick)
            if board.is_fresh:
                tellings += bool(board.settle())
    finally:
        feed.stop()
    return Replayed(feed.market, board, tellings, feed.last_ns - feed.first_ns)


def recordings(named: Sequence[Path]) -> list[Path]:
    """Return the files that are meant: a folder stands for the recordings in it, by name."""
    found: list[Path] = []
    for path in named:
        inside = sorted(one for one in path.iterdir() if _is_recording(one)) if path.is_dir() else [path]
        if not inside:
            raise InputError(
                "the folder has no recording", hint="Recordings end in .gz, .jsonl, .ndjson or .txt.", where=str(path)
            )
        found += inside
    return found


def checked_speed(speed: float) -> float:
    """Return the speed; InputError where it is none."""
    if speed != FASTEST and not SLOWEST <= speed <= HIGHEST:
        raise InputError(
            f"{speed:g} is no speed of a replay", hint=f"Give {SLOWEST:g} to {HIGHEST:g}, or max for no waiting."
        )
    return speed


def parsed_speed(text: str) -> float:
    """Return the speed that a person wrote."""
    if text == "max":
        return FASTEST
    try:
        return checked_speed(float(text) or -1.0)
    except ValueError as error:
        raise InputError(f"{text!r} is no speed", hint="Give a number such as 10, or max.") from error


def _is_recording(path: Path) -> bool:
    """Tell by its name whether a file may be one: market folders hold tables beside them."""
    ends = path.suffixes[-2:]
    return path.is_file() and (
        path.suffix in {".jsonl", ".ndjson", ".txt"} or (path.suffix == ".gz" and ".csv" not in ends)
    )


def _feeds(runtime: Runtime) -> Feeds:
    if runtime.feeds is None:
        raise InputError("no feeds can be read here", hint="Start the program as it was installed.")
    return runtime.feeds
