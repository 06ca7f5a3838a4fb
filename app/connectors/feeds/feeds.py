"""Raw feeds as a port: frames are understood here, and recordings are read in a process of their own."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from app.connectors.feeds import recordings
from app.connectors.feeds.binance import BinanceFrames
from app.core.clock import SECOND
from app.core.errors import InputError
from app.core.feed_ports import FASTEST, FrameDecoder, FrameMarket, FramePipe
from app.core.ports import AssetRegistry

CHUNK = 64 * 1024
"""Bytes that are handed on at once; the reader holds the state of the market for as long as it takes to read them."""

_PAUSE = 0.004
_ENDING_SECONDS = 5.0
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
        return Replaying(tuple(files), speed)


class Replaying:
    """A process that reads recordings and keeps the pace; a slow reader makes it wait, and nothing is dropped."""

    def __init__(self, files: tuple[Path, ...], speed: float) -> None:
        context = multiprocessing.get_context("spawn")
        self._ours, theirs = context.Pipe(duplex=False)
        self._process = context.Process(target=_hand_on, args=(theirs, files, speed), name="replay", daemon=True)
        self._process.start()
        theirs.close()

    def receive(self) -> bytes:
        """Wait for the next lines; b"" once there is no more."""
        try:
            lines = self._ours.recv_bytes()
        except (EOFError, OSError):
            return b""
        if lines.startswith(_FAULT):
            raise InputError(lines[1:].decode(), hint="What came before it was replayed.")
        return lines

    def stop(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.join(_ENDING_SECONDS)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._ours.close()


def _hand_on(pipe: Connection, files: Sequence[Path], speed: float) -> None:
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
        waiting += b"%d %d %b" % (number, at, payload)
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
