"""Ctrl-C in the terminal, and a polite kill: while a window is open both close it in order.

Python's own answer to Ctrl-C is an exception in whatever runs just then; inside Qt that is some event, and the
exception ends nothing but that event.
"""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def told_to_end(end: Callable[[], None]) -> Iterator[None]:
    """Call `end` on the running loop where the process is told to end; what was ignored before stays ignored."""
    loop = asyncio.get_running_loop()
    ours, pythons = socket.socketpair()
    for side in (ours, pythons):
        side.settimeout(0)

    def answer(_number: int, _frame: FrameType | None) -> None:
        end()

    before = {one: signal.getsignal(one) for one in _SIGNALS}
    taken = [one for one, handler in before.items() if handler is not signal.SIG_IGN]
    for one in taken:
        signal.signal(one, answer)
    # A loop that waits inside Qt runs no Python, and so no answer: a byte in the pipe makes it turn once.
    woken = signal.set_wakeup_fd(pythons.fileno(), warn_on_full_buffer=False)
    loop.add_reader(ours.fileno(), ours.recv, 64)
    try:
        yield
    finally:
        loop.remove_reader(ours.fileno())
        signal.set_wakeup_fd(woken)
        for one in taken:
            signal.signal(one, before[one])
        ours.close()
        pythons.close()
