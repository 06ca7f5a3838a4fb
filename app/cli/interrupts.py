"""Ctrl-C before there is anything to interrupt: while the program is still being loaded."""

from __future__ import annotations

import json
import os
import signal
import sys
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


def _end(number: int, frame: FrameType | None) -> None:
    del number, frame
    error = InterruptedByUserError("Interrupted.", hint="Nothing was begun.")
    if wants_json(sys.argv[1:]):
        os.write(1, f"{json.dumps({'error': error.as_json()}, indent=2)}\n".encode())
    else:
        os.write(2, f"counterfoil: {error.line()}\n".encode())
    os._exit(error.exit_status)
