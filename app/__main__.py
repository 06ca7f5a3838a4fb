"""The program's first word: no word opens the window, demo and bench have their own, the rest is the command line."""

from __future__ import annotations

import multiprocessing
import os
import sys

from app.cli.arguments import Globals, split
from app.cli.interrupts import end_at_once, end_in_order
from app.cli.streams import hold_standard_streams
from app.core.errors import UsageError


def main() -> int:
    """Run the program and return its exit status."""
    multiprocessing.freeze_support()
    # Read once, when numpy is first imported. Several threads slow small products down a hundredfold on a busy machine.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    hold_standard_streams()
    end_at_once()
    # Loading takes most of a second: a person may press Ctrl-C before it is over.
    from app.bootstrap import runtime  # noqa: PLC0415
    from app.cli.main import guarded, run  # noqa: PLC0415

    end_in_order()
    argv, outside = sys.argv[1:], runtime()
    words, rest = _understood(argv)
    # What a command does not need is not loaded: the window, the demo's servers, the benchmarks.
    if not rest and words == Globals(vault=words.vault):
        from app.ui.application import main as window  # noqa: PLC0415

        return guarded(argv, outside, lambda _: window(outside, vault=words.vault))
    if rest[:1] == ["demo"]:
        from app.demo.run import main as demo  # noqa: PLC0415

        return guarded(argv, outside, lambda _: demo(_without("demo", argv), outside))
    if rest[:1] == ["bench"]:
        from app.bench import main as bench  # noqa: PLC0415

        return guarded(argv, outside, lambda _: bench(_without("bench", argv), outside))
    return run(argv, outside)


def _understood(argv: list[str]) -> tuple[Globals, list[str]]:
    """Return the words that every command takes and the others; what makes no sense is told by the command line."""
    try:
        return split(argv)
    except UsageError:
        return Globals(), argv


def _without(command: str, argv: list[str]) -> list[str]:
    at = argv.index(command)
    return [*argv[:at], *argv[at + 1 :]]


if __name__ == "__main__":
    sys.exit(main())
