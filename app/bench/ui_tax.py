"""The tax place over large books: how long the window stands still while it opens, compares ways and makes a form.

Each figure is the longest standstill of its step, the median of rounds in windows that are new: so it holds the first
visit of each tab, and whatever the computation beside it keeps the main thread from.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import median

from app.bench.figures import AT_MOST, Figure
from app.bench.late_books import build
from app.bench.vaults import PASSPHRASE
from app.bench.windows import Watched
from app.core.ports import Runtime
from app.services.vault import VaultService
from app.ui.screens.tax import TaxScreen
from app.ui.screens.tax_compare import ComparePane
from app.ui.screens.tax_forms import FormsPane
from app.ui.screens.tax_pane import Pane
from app.ui.screens.tax_summary import SummaryPane
from app.ui.watch import Stalls

_GOAL = 50.0
_AFTER = 0.2
"""Seconds after a step in which what it left behind may still be in the way."""

Found = dict[str, list[float]]
"""Seconds of the rounds by step."""


async def standstills(runtime: Runtime, path: Path, entries: int, rounds: int) -> Found:
    """Return the longest standstill of each step in each round, on a vault that is made for it."""
    build(runtime, path, entries)
    found: Found = {}
    for _ in range(rounds):
        workspace = await VaultService(runtime).unlock(path, PASSPHRASE)
        watched = Watched(runtime)
        try:
            watched.window.show_workspace(workspace)
            await watched.show()
            await watched.settled()
            await _round(watched, found)
        finally:
            await watched.end()
    return found


async def _round(watched: Watched, found: Found) -> None:
    desk = watched.desk
    await _step(watched, found, "the tax place opens", partial(desk.go, "tax"), lambda: _is_there(watched, SummaryPane))
    await _step(
        watched, found, "the comparison opens", partial(desk.go, "tax/compare"), lambda: _is_there(watched, ComparePane)
    )
    compare = _tax(watched).pane
    if isinstance(compare, ComparePane):
        await _step(watched, found, "all ways are compared", compare.run.click, lambda: _is_idle(watched))
    await _step(
        watched, found, "the audit form is made", partial(desk.go, "tax/forms/audit"), lambda: _is_made(watched)
    )


def _tax(watched: Watched) -> TaxScreen:
    screen = watched.desk.screen
    if not isinstance(screen, TaxScreen):
        raise TypeError("The tax place is not what is shown.")
    return screen


def _is_there(watched: Watched, kind: type[Pane]) -> bool:
    screen = _tax(watched)
    if screen.computing.fault is not None:
        raise screen.computing.fault
    return screen.computing.answer is not None and screen.stage.state == "table" and isinstance(screen.pane, kind)


def _is_idle(watched: Watched) -> bool:
    return all(job.ended_ns is not None for job in watched.desk.workspace.jobs.all())


def _is_made(watched: Watched) -> bool:
    pane = _tax(watched).pane
    is_audit = isinstance(pane, FormsPane) and pane.report is not None and pane.report.form == "audit"
    return isinstance(pane, FormsPane) and is_audit and pane.stage.state == "table"


async def _step(
    watched: Watched, found: Found, name: str, act: Callable[[], object], is_done: Callable[[], bool]
) -> None:
    stalls = Stalls()
    act()
    await watched.until(is_done, f"The end of what was measured while {name}")
    await watched.settled()
    await asyncio.sleep(_AFTER)
    found.setdefault(name, []).append(stalls.ended())


def figures(found: Mapping[str, Sequence[float]], entries: int) -> list[Figure]:
    """Return what was measured."""
    return [
        Figure(f"standstill while {name}, {entries:,} entries", median(several) * 1_000, "ms", (AT_MOST, _GOAL))
        for name, several in found.items()
    ]
