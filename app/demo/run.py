"""counterfoil demo: a vault of simulated books, in the window or into a folder, or the venues alone."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.core.errors import InputError, UsageError
from app.core.ports import Runtime
from app.demo import books
from app.services.replay import LiveReplay, parsed_speed, recordings

DEFAULT_SEED = 7


class _Words(argparse.ArgumentParser):
    """Says what is wrong as a fault of our own."""

    def error(self, message: str) -> Any:
        """Raise instead of leaving the process."""
        raise UsageError(f"demo: {message}.", hint="counterfoil demo --help lists the words.")


def _parsed(argv: list[str]) -> argparse.Namespace:
    words = _Words(prog="counterfoil demo", description="Simulated books against simulated venues on this computer.")
    words.add_argument("--headless", action="store_true", help="no window: pictures, reports and summary.json")
    words.add_argument("--out", type=Path, metavar="DIR", help="where --headless writes (default: build/demo)")
    words.add_argument("--serve", action="store_true", help="only the venues; prints their addresses and made-up keys")
    words.add_argument("--seed", type=int, default=DEFAULT_SEED, metavar="N", help="which simulated world")
    words.add_argument("--scale", type=float, default=1.0, metavar="X", help="a smaller world, such as 0.05")
    words.add_argument(
        "--defects", action="store_true", help="the venues tell some of it wrongly; defects.json says what"
    )
    words.add_argument(
        "--replay", type=Path, nargs="+", metavar="FILE", help="recorded feeds in place of the venues' live prices"
    )
    words.add_argument("--speed", default="1", metavar="N", help="of --replay: 1 to 100 times as fast, or max")
    words.add_argument("--json", action="store_true", help=argparse.SUPPRESS)
    return words.parse_args(argv)


def main(argv: list[str], runtime: Runtime) -> int:
    """Run what is asked for and return the exit status."""
    asked = _parsed(argv)
    if not 0 < asked.scale <= 1:
        message = f"--scale {asked.scale} is not a share of the world."
        raise InputError(message, hint="Use a number above 0 and up to 1.")
    if asked.replay and (asked.serve or asked.headless):
        raise UsageError("--replay needs the window.", hint="Without one: counterfoil replay FILE…")
    # Servers need no window, and the window no servers of its own: each loads what it needs.
    if asked.serve:
        from app.demo.serve import serve_main  # noqa: PLC0415

        return serve_main(seed=asked.seed, scale=asked.scale, with_defects=asked.defects)
    if asked.headless:
        from app.demo.headless import main as headless  # noqa: PLC0415

        out, world = asked.out or Path("build/demo"), (asked.seed, asked.scale)
        return headless(runtime, out, world, with_defects=asked.defects, is_json=asked.json)
    from app.demo.window import main as window  # noqa: PLC0415

    path = books.vault_path(runtime, asked.seed, asked.scale, with_defects=asked.defects)
    replay = None
    if asked.replay:
        replay = LiveReplay(runtime, recordings(asked.replay), parsed_speed(asked.speed))
    return window(runtime, path, (asked.seed, asked.scale), with_defects=asked.defects, replay=replay)
