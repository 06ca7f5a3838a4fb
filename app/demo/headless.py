"""The demo without a display: venues, vault, reading, window and reports, and a summary of all of it."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.core.clock import to_datetime
from app.core.errors import InputError, VaultError
from app.core.model.views import Positions, SourceReport
from app.core.money import plain
from app.core.ports import Runtime
from app.core.reports.catalog import report
from app.core.tax.profile import profile
from app.demo import books, defective
from app.demo.pictures import Figures, Pictures
from app.demo.serve import DemoVenues
from app.services.tax_reports import source_of
from app.services.tax_years import Asked
from app.services.workspace import Workspace
from app.ui import loop
from app.ui.application import prepare

VAULT = "demo.vault"
_REPORTS = ("ledger.csv", "positions.csv", "reconciliation.csv")
_FORMS = {"us": "us-8949", "uk": "uk-sa108", "de": "de-anlage-so"}
"""Forms of this year, each in its country's own money."""


@dataclass(slots=True)
class Run:
    """One run and what it left."""

    out: Path
    world: tuple[int, float]
    with_defects: bool = False
    started: float = field(default_factory=time.monotonic)
    sources: Sequence[SourceReport] = ()
    entries: int = 0
    positions: Positions | None = None
    risk: str | None = None
    figures: Figures = field(default_factory=dict)
    screens: Sequence[Path] = ()
    reports: Sequence[Path] = ()
    defects: int = 0


def main(
    runtime: Runtime, out: Path, world: tuple[int, float], *, with_defects: bool = False, is_json: bool = False
) -> int:
    """Run the demo of a world, which is its seed and scale, into a folder.

    The status is 0 where every source was read, the figures agree, and nothing breaks that was not seeded to.
    """
    # No display is asked for, whether there is one or not.
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    run = Run(out.absolute(), world, with_defects)
    try:
        _clear(runtime, run.out)
    except OSError as error:
        message = f"The folder cannot be made ready: {error.strerror}."
        raise InputError(message, hint="Choose another one with --out.", where=str(run.out)) from error
    application, _ = prepare(runtime)
    loop.run(application, lambda: _run(runtime, run))
    summary = _summary(run)
    (run.out / "summary.json").write_text(json.dumps(summary, indent=2) + "\n", "utf-8")
    if is_json:
        print(json.dumps(summary, indent=2, ensure_ascii=False))
    else:
        _tell(run, summary)
    return int(bool(_faults(run)))


def _clear(runtime: Runtime, out: Path) -> None:
    """Make the folder, without what an earlier run left there."""
    vault = out / VAULT
    if vault.exists():
        # A damaged one cannot be destroyed in the ordinary way; its files go all the same.
        with suppress(VaultError):
            runtime.vaults.destroy(vault)
    (out / defective.LIST).unlink(missing_ok=True)
    for name in ("screens", "reports", defective.STATEMENTS):
        shutil.rmtree(out / name, ignore_errors=True)
    for name in ("screens", "reports"):
        (out / name).mkdir(parents=True)


async def _run(runtime: Runtime, run: Run) -> None:
    async with DemoVenues.spawned(*run.world, with_defects=run.with_defects) as venues:
        if run.with_defects:
            run.defects = defective.write(venues.truth, run.out)
        workspace = await books.opened(runtime, run.out / VAULT)
        pictures: Pictures | None = None
        try:
            await books.connect(workspace, venues)
            run.sources = await books.read(workspace, _say)
            # Before the pictures: what the window would read beside them would move their figures.
            await workspace.back_fill.fill(_say)
            workspace.back_fill.rest()
            await books.set_limits(workspace)
            pictures = Pictures(runtime, workspace, run.out / "screens")
            await pictures.take()
            run.positions = await workspace.portfolio.positions()
            run.risk = await _value_at_risk(workspace)
            run.entries = (await workspace.info()).entries
            run.reports = await _reports(workspace, run.out / "reports")
            run.screens, run.figures = tuple(pictures.files), pictures.figures
        finally:
            if pictures is not None:
                await pictures.close()
            await workspace.lock()
            shutil.rmtree(run.out / "screens" / ".window", ignore_errors=True)


def _say(share: float | None, doing: str) -> None:
    if sys.stderr.isatty():
        print(f"\r{'' if share is None else f'{share:4.0%} '}{doing:<60}", end="", file=sys.stderr)


async def _value_at_risk(workspace: Workspace) -> str | None:
    """Return value at risk at 99 % over a day by the default model; None where the history is too short."""
    from app.core.risk.study import Question  # noqa: PLC0415 - numeric libraries are loaded with the first question

    try:
        found = await workspace.risk.report(Question())
    except InputError:
        return None
    value = found.study.tail().value_at_risk
    return None if value is None else f"{value:.2f}"


async def _reports(workspace: Workspace, folder: Path) -> Sequence[Path]:
    await workspace.exports.ledger_csv(folder / _REPORTS[0])
    await workspace.exports.positions_csv(folder / _REPORTS[1])
    await workspace.exports.reconciliation_csv(folder / _REPORTS[2])
    return (*(folder / name for name in _REPORTS), *await _forms(workspace, folder))


async def _forms(workspace: Workspace, folder: Path) -> Sequence[Path]:
    """Write the tax forms of this year, as the window and the command line do."""
    runtime = workspace.runtime
    now = runtime.clock.now_ns()
    written, on = [], to_datetime(now).date()
    for country, form in _FORMS.items():
        year = profile(country).calendar.year_of(now)
        found = await workspace.tax.compute(Asked(country, year=year))
        written.append(folder / f"{form}.csv")
        runtime.reports["csv"].write(written[-1], report(form, source_of(found, year, runtime.assets)), on)
    return written


def _summary(run: Run) -> dict[str, Any]:
    """Return the shape that others read."""
    positions = run.positions
    return {
        "entries": run.entries,
        "sources": [
            {
                "name": source.name,
                "kind": source.kind,
                "records": source.recorded,
                "calls": source.calls,
                "calls_naive": source.calls_naive,
                "breaks": source.breaks,
                "error": source.error or None,
            }
            for source in run.sources
        ],
        "value": None if positions is None or positions.value is None else plain(positions.value),
        "currency": books.CURRENCY,
        "var_99_1d": run.risk,
        "screens": [str(path.relative_to(run.out)) for path in run.screens],
        "reports": [str(path.relative_to(run.out)) for path in run.reports],
        "figures": run.figures,
        "disagreements": disagreements(run.positions, run.figures),
        "simulated": True,
        "seed": run.world[0],
        "defects": run.defects,
        "elapsed_s": round(time.monotonic() - run.started, 1),
    }


def disagreements(positions: Positions | None, figures: Figures) -> list[str]:
    """Return figures of the widgets that are not those of the books."""
    if positions is None:
        return ["no positions"]
    expected: dict[str, str] = {} if positions.value is None else {"value": plain(positions.value)}
    for position in positions.positions:
        expected[f"position/{position.asset.asset_id}"] = plain(position.quantity)
    shown: Mapping[str, str] = {**figures.get("positions", {}), **figures.get("overview", {})}
    return [
        f"{name}: {shown.get(name)} is shown, {value} is booked"
        for name, value in expected.items()
        if shown.get(name) != value
    ]


def _faults(run: Run) -> list[str]:
    found = [f"{source.name}: {source.error}" for source in run.sources if source.error]
    if not run.with_defects:
        found += [f"{source.name}: {source.breaks} breaks" for source in run.sources if source.breaks]
    return found + disagreements(run.positions, run.figures)


def _tell(run: Run, summary: Mapping[str, Any]) -> None:
    value = summary["value"] or "unknown"
    print(f"{run.entries:,} entries from {len(run.sources)} simulated venues, worth {value} {books.CURRENCY.upper()}.")
    print(f"{len(run.screens)} pictures, {len(run.reports)} reports and summary.json are in {run.out}.")
    if run.defects:
        words = f"{defective.LIST} says which, and {defective.STATEMENTS}/ helps to mend them"
        print(f"{run.defects} defects were seeded: {words}.")
    for fault in _faults(run):
        print(f"fault: {fault}", file=sys.stderr)
