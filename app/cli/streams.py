"""The three streams that a process is started with: there, even where whoever started it closed them."""

from __future__ import annotations

import io
import os
import sys

_STREAMS = (("stdin", "r"), ("stdout", "w"), ("stderr", "w"))


class ReaderGoneError(Exception):
    """Whoever read our output has stopped reading."""


def hold_standard_streams() -> None:
    """Put nothing in the place of a closed stream, so that no file of the vault gets its number."""
    for number, (name, mode) in enumerate(_STREAMS):
        try:
            os.fstat(number)
        except OSError:
            # The lowest free number is given out, and those below are taken.
            os.open(os.devnull, os.O_RDWR)
        if getattr(sys, name) is None:
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 - a number


def show_every_sign() -> None:
    """Write signs that the terminal's encoding lacks as their code instead of failing at them."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def let_go_of_output() -> None:
    """Forget what could not be written: Python must not try it again at its end."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
    os.close(nothing)
