"""The threads beside the loop: one that writes, a few that read. Nothing else touches the vault."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Concatenate, ParamSpec, TypeVar

from app.core.stopping import Alive, StoppedError

P = ParamSpec("P")
T = TypeVar("T")

_READERS = 2
_HANDOVER = 0.0001
"""Seconds after which a thread gives the interpreter to one that waits for it; Python's own are fifty times as many.

To make Prices takes 10 ms alone. Beside one thread that computes in Python it took 405 ms with Python's own, 47 to 76
with a millisecond, 34 with 0.2 ms, 27 to 35 with 0.1 ms and 25 to 30 with half of that; Settings 126 to 144 ms with a
millisecond and 34 to 43 with 0.1 ms. The other thread kept two fifths to a half of its pace meanwhile. Two threads that
compute against each other lose a tenth by 0.1 ms, and a fifth by half of it.
"""


def hand_over_soon() -> None:
    """Let threads give way sooner, for a window: each call into Qt lets go of the lock, and waits to get it back."""
    sys.setswitchinterval(min(sys.getswitchinterval(), _HANDOVER))


class Threads:
    """Runs storage calls away from the loop, in the order in which they came to each side."""

    def __init__(self) -> None:
        """Start no thread before it is needed."""
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="storage")
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="reader")

    async def write(self, call: Callable[P, T], *arguments: P.args, **words: P.kwargs) -> T:
        """Run a call on the storage thread."""
        return await asyncio.get_running_loop().run_in_executor(self._writer, lambda: call(*arguments, **words))

    async def read(self, call: Callable[P, T], *arguments: P.args, **words: P.kwargs) -> T:
        """Run a call on a reader thread."""
        return await asyncio.get_running_loop().run_in_executor(self._readers, lambda: call(*arguments, **words))

    async def work(self, call: Callable[Concatenate[Alive, P], T], *arguments: P.args, **words: P.kwargs) -> T:
        """Run long work on a reader thread; where whoever waits is cancelled, it ends the next time it asks."""
        is_dropped = threading.Event()

        def alive() -> None:
            if is_dropped.is_set():
                raise StoppedError

        try:
            return await self.read(call, alive, *arguments, **words)
        except asyncio.CancelledError:
            is_dropped.set()
            raise

    def close(self) -> None:
        """End the threads once what they do now is done; what waits is dropped."""
        self._readers.shutdown(wait=True, cancel_futures=True)
        self._writer.shutdown(wait=True, cancel_futures=True)
