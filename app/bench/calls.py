"""Calls to the simulated venues, full and incremental, beside a naive client's; and how fast the portfolio answers.

The naive client makes the unified calls over the traded symbols until it knows as much; connections count for it what
it would have needed. A second sync is read by a program that was started anew: what it knows is in the vault.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from app.bench.figures import Figure, percentile
from app.bench.sources import WatchedExchanges
from app.bench.vaults import apart, silent
from app.core.errors import SourceError
from app.core.model.venues import CallCount
from app.core.ports import Runtime
from app.demo import books
from app.demo.serve import SEED, DemoVenues
from app.services.workspace import Workspace

_SCALE, _SMALL = 1.0, 0.02
_ANSWERS, _FEW = 200, 20
_REFERENCE = "a naive client"


@dataclass(frozen=True, slots=True)
class _Sync:
    """One sync of all venues."""

    calls: Mapping[str, CallCount]
    recorded: Mapping[str, int]
    seconds: float


def run(runtime: Runtime, *, quick: bool) -> Sequence[Figure]:
    """Measure calls, weight and the answers of the portfolio."""
    with apart(runtime) as (here, folder):
        del folder
        return asyncio.run(_measured(here, quick=quick))


async def _measured(runtime: Runtime, *, quick: bool) -> Sequence[Figure]:
    watched = WatchedExchanges(runtime.exchanges)
    here = replace(runtime, exchanges=watched)
    path = here.data_folder / "bench.vault"
    async with DemoVenues.spawned(SEED, _SMALL if quick else _SCALE) as venues:
        workspace = await books.opened(here, path)
        try:
            await books.connect(workspace, venues)
            full = await _synced(workspace, watched)
        finally:
            await workspace.lock()
        workspace = await books.opened(here, path)
        try:
            again = await _synced(workspace, watched)
            await workspace.market_data.refresh()
            answers = await _answers(workspace, _FEW if quick else _ANSWERS)
        finally:
            await workspace.lock()
    return [
        *_figures("full", full),
        *_figures("incremental", again),
        Figure(f"portfolio answer, p95 of {len(answers)}", percentile(answers, 0.95) * 1_000, "ms"),
    ]


async def _synced(workspace: Workspace, watched: WatchedExchanges) -> _Sync:
    started = time.perf_counter()
    reports = await workspace.ingest.sync([], silent)
    seconds = time.perf_counter() - started
    wrong = [f"{report.name}: {report.error}" for report in reports if report.error]
    if wrong:
        # Calls of a sync that broke off compare with nothing.
        raise SourceError("; ".join(wrong), hint="Run the benchmark again.")
    return _Sync(
        {name: opened.calls() for name, opened in sorted(watched.opened.items())},
        {report.name: report.recorded for report in reports},
        seconds,
    )


def _figures(what: str, sync: _Sync) -> Sequence[Figure]:
    found = [Figure(f"{what} sync", sync.seconds, "s")]
    for name, count in sync.calls.items():
        of = f"{what}, {name}"
        found += [
            Figure(f"{of}: calls", count.calls, "calls", None, _REFERENCE, count.naive),
            Figure(f"{of}: weight", count.weight, "weight"),
            Figure(f"{of}: shared", count.saved, "calls"),
            Figure(f"{of}: new records", sync.recorded[name], "records"),
        ]
    made = sum(count.calls for count in sync.calls.values())
    naive = sum(count.naive for count in sync.calls.values())
    return [*found, Figure(f"{what}, all: calls", made, "calls", None, _REFERENCE, naive)]


async def _answers(workspace: Workspace, times: int) -> Sequence[float]:
    """Return the seconds that each of several answers of the portfolio took."""
    found = []
    for _ in range(times):
        started = time.perf_counter()
        await workspace.portfolio.positions()
        found.append(time.perf_counter() - started)
    return found
