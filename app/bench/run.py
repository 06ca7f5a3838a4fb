"""counterfoil bench NAME|all [--quick]: finds the benchmark, runs it, prints its figures."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from app.bench.figures import Figure
from app.core.errors import UsageError
from app.core.ports import Runtime

NAMES = ("ingest", "unlock", "ui", "lots", "calls", "import", "books", "risk", "feed", "replay", "charts")
_MODULES = {
    **{name: f"app.bench.{name}" for name in NAMES},
    "import": "app.bench.import_",
    "books": "app.bench.books_figures",
}


_UNBROKEN = 200


class _Words(argparse.ArgumentParser):
    """Says what is wrong as a fault of our own."""

    def error(self, message: str) -> Any:
        """Raise instead of leaving the process."""
        raise UsageError(f"bench: {message}.", hint=f"There are: {', '.join((*NAMES, 'all'))}.")


def main(argv: list[str], runtime: Runtime) -> int:
    """Run one benchmark or all; status 0 also where a goal is missed: a figure is no verdict."""
    words = _Words(prog="counterfoil bench", description="Benchmarks with their references and goals.")
    words.add_argument("name", metavar="NAME", choices=(*NAMES, "all"), help=", ".join((*NAMES, "all")))
    words.add_argument("--quick", action="store_true", help="a smoke run on small data; its figures say little")
    words.add_argument("--seconds", type=int, help="feed: how long it lasts")
    words.add_argument(
        "--recordings", type=Path, nargs="+", metavar="FILE", help="replay: recorded feeds in place of made-up ones"
    )
    words.add_argument("--json", action="store_true", help="one JSON document")
    words.add_argument("--round", metavar="FOLDER", type=Path, help=argparse.SUPPRESS)
    asked = words.parse_args(argv)
    if asked.round is not None:
        print(json.dumps(_module(asked.name).round_in(runtime, asked.round)))
        return 0
    if asked.seconds is not None and (asked.name != "feed" or asked.seconds < 1):
        words.error("--seconds takes a number above 0, for the feed alone")
    if asked.recordings is not None and asked.name != "replay":
        words.error("--recordings are for the replay alone")
    more = {"seconds": asked.seconds, "recorded": asked.recordings}
    more = {name: value for name, value in more.items() if value is not None}
    chosen = NAMES if asked.name == "all" else (asked.name,)
    found = [(name, measure(name, runtime, quick=asked.quick, **more)) for name in chosen]
    if asked.json:
        documents = [{"name": name, "figures": [one.as_json() for one in figures]} for name, figures in found]
        print(json.dumps(documents if asked.name == "all" else documents[0], indent=2, ensure_ascii=False))
    else:
        for name, figures in found:
            _show(name, figures)
    return 0


def measure(name: str, runtime: Runtime, *, quick: bool, **more: object) -> Sequence[Figure]:
    """Run one benchmark; only its own module is loaded."""
    figures: Sequence[Figure] = _module(name).run(runtime, quick=quick, **more)
    return figures


def _module(name: str) -> Any:
    return importlib.import_module(_MODULES[name])


def _show(name: str, figures: Sequence[Figure]) -> None:
    table = Table(title=f"bench {name}", title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in ("figure", "value", "unit", "reference", "its value", "ratio", "goal", "met"):
        table.add_column(column, justify="right" if column in ("value", "its value", "ratio") else "left")
    for figure in figures:
        ratio, met = figure.ratio, figure.met
        table.add_row(
            figure.name,
            _number(figure.value),
            figure.unit,
            figure.reference,
            "" if figure.reference_value is None else _number(figure.reference_value),
            "" if ratio is None else f"{ratio:.2f}",
            figure.goal_words or "",
            "" if met is None else ("yes" if met else "NO"),
        )
    # In a file or a pipe a row stays on one line.
    Console(highlight=False, width=None if sys.stdout.isatty() else _UNBROKEN).print(table)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:,.3g}"  # noqa: PLR2004 - four figures are enough
