"""The program's first word: no word opens the window, demo and bench have their own, the rest is the command line."""

from __future__ import annotations

import multiprocessing
import sys

from app.bootstrap import runtime
from app.cli.arguments import split
from app.cli.main import guarded, run


def main() -> int:
    """Run the program and return its exit status."""
    multiprocessing.freeze_support()
    argv, outside = sys.argv[1:], runtime()
    first = next((word for word in argv if not word.startswith("-")), "")
    # What a command does not need is not loaded: the window, the demo's servers, the benchmarks.
    if not argv or argv[0] == "--vault":
        from app.ui.application import main as window  # noqa: PLC0415

        return guarded(argv, outside, lambda _: window(outside, vault=split(argv)[0].vault))
    if first == "demo":
        from app.demo.run import main as demo  # noqa: PLC0415

        return guarded(argv, outside, lambda _: demo(argv[1:], outside))
    if first == "bench":
        from app.bench import main as bench  # noqa: PLC0415

        return guarded(argv, outside, lambda _: bench(argv[1:], outside))
    return run(argv, outside)


if __name__ == "__main__":
    sys.exit(main())
