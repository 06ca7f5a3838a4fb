"""Ctrl-C where there is nothing to interrupt: while the program is being loaded, and while a person is asked."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from app.cli.arguments import wants_json
from app.core.errors import InterruptedByUserError


def end_at_once() -> None:
    """Let Ctrl-C end the process in one line; whoever started it may have decided to ignore Ctrl-C, which stays."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _end)


def end_in_order() -> None:
    """Let Ctrl-C interrupt what is done from now on."""
    if signal.getsignal(signal.SIGINT) is _end:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def asking() -> Iterator[None]:
    """Let Ctrl-C end a question: the loop's own handler would wait for the answer first."""
    before = signal.getsignal(signal.SIGINT)
    if not callable(before):
        yield
        return
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _end(number: int, frame: FrameType | None) -> None:
    del number, frame
    error = InterruptedByUserError("Interrupted.", hint="Nothing was begun.")
    if wants_json(sys.argv[1:]):
        os.write(1, f"{json.dumps({'error': error.as_json()}, indent=2)}\n".encode())
    else:
        os.write(2, f"counterfoil: {error.line()}\n".encode())
    os._exit(error.exit_status)
