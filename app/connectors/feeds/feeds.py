"""Raw feeds as a port: frames are understood here, and recordings are read in a process of their own."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from app.connectors.feeds import recordings
from app.connectors.feeds.binance import BinanceFrames
from app.core.clock import SECOND
from app.core.errors import InputError, SourceError
from app.core.feed_ports import FASTEST, FrameDecoder, FrameMarket, FramePipe
from app.core.ports import AssetRegistry

CHUNK = 64 * 1024
"""Bytes that are handed on at once; the reader holds the state of the market for as long as it takes to read them."""

_PAUSE = 0.012
"""Seconds for which frames are gathered; to wake the reader costs it as much as to read a hundred of them."""

_ENDING_SECONDS = 5.0
_LESS_URGENT = 10
_FAULT = b"\x00"
"""Begins a message that tells what was wrong with a file."""


class RawFeeds:
    """Feeds of venues whose frames are known."""

    def __init__(self, assets: AssetRegistry) -> None:
        self._assets = assets

    def decoder(self, market: FrameMarket) -> FrameDecoder:
        """Return what understands frames."""
        return BinanceFrames(market, self._assets)

    def replayed(self, files: Sequence[Path], speed: float) -> FramePipe:
        """Hand on recorded files by receive time, so many times as fast as they came, or at `FASTEST`."""
        if speed < 0:
            raise InputError(f"{speed:g} is no speed", hint="Give a number above 0, such as 10, or max.")
        recordings.check(files)
        return OtherProcess("replay", _hand_on, tuple(files), speed)


class OtherProcess:
    """A process that hands on lines; a slow reader makes it wait, and nothing is dropped.

    It begins with the first `receive`, so that no time has passed for whoever reads later. What it runs takes the end
    of the pipe that it writes to, then its own words, and must be found by name in a module.
    """

    def __init__(self, name: str, runs: Callable[..., None], *words: object) -> None:
        self._name, self._runs, self._words = name, runs, words
        self._lock = threading.Lock()
        self._is_stopped = False
        self._running: tuple[BaseProcess, Connection] | None = None

    def receive(self) -> bytes:
        """Wait for the next lines; b"" once there is no more."""
        running = self._begun()
        if running is None:
            return b""
        process, pipe = running
        try:
            lines = pipe.recv_bytes()
        except (EOFError, OSError):
            self._check_ended(process)
            return b""
        if lines.startswith(_FAULT):
            raise InputError(lines[1:].decode(), hint="What came before it was replayed.")
        return lines

    def _check_ended(self, process: BaseProcess) -> None:
        """Raise where the process ended otherwise than by coming to its end: what is missing would not be seen."""
        process.join(_ENDING_SECONDS)
        if process.exitcode and not self._is_stopped:
            raise SourceError(
                f"the process that hands on the {self._name} ended with status {process.exitcode}",
                hint="What came before it was taken. Start it again.",
            )

    def _begun(self) -> tuple[BaseProcess, Connection] | None:
        with self._lock:
            if self._running is None and not self._is_stopped:
                context = multiprocessing.get_context("spawn")
                ours, theirs = context.Pipe(duplex=False)
                words = (theirs, *self._words)
                process = context.Process(target=self._runs, args=words, name=self._name, daemon=True)
                process.start()
                theirs.close()
                self._running = process, ours
            return None if self._is_stopped else self._running

    def stop(self) -> None:
        """End the process; whoever waits for lines gets the end of them."""
        with self._lock:
            self._is_stopped = True
        if self._running is not None:
            process, _ = self._running
            process.terminate()
            process.join(_ENDING_SECONDS)
            if process.is_alive():
                process.kill()
                process.join()


def _hand_on(pipe: Connection, files: Sequence[Path], speed: float) -> None:
    if sys.platform != "win32":
        # A recording can wait; whoever looks at it should not.
        os.nice(_LESS_URGENT)
    try:
        for chunk in _chunks(recordings.merged(files), speed):
            pipe.send_bytes(chunk)
    except InputError as error:
        pipe.send_bytes(_FAULT + error.line().encode())
    except (BrokenPipeError, KeyboardInterrupt):
        # Whoever read is gone, or the person at the terminal ended all of it.
        return
    finally:
        pipe.close()


def _chunks(frames: Iterator[recordings.Frame], speed: float) -> Iterator[bytes]:
    """Yield lines in chunks: full ones at any speed, and what is due as often as a screen could show it."""
    waiting = bytearray()
    pace = _Pace(speed)
    for at, number, payload in frames:
        if waiting and (len(waiting) >= CHUNK or pace.is_early(at)):
            yield bytes(waiting)
            waiting.clear()
        pace.wait_for(at)
        waiting += b"[%d,%d,%b]\n" % (number, at, payload)
    if waiting:
        yield bytes(waiting)


class _Pace:
    """When a frame is due."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._begun: tuple[int, float] | None = None

    def is_early(self, at: int) -> bool:
        return self._left(at) > _PAUSE

    def wait_for(self, at: int) -> None:
        left = self._left(at)
        if left > _PAUSE:
            time.sleep(left)

    def _left(self, at: int) -> float:
        if self._speed == FASTEST:
            return 0.0
        if self._begun is None:
            self._begun = at, time.monotonic()
        first, begun = self._begun
        return begun + (at - first) / SECOND / self._speed - time.monotonic()
