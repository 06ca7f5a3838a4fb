"""A statement of 100,000 rows: preview and commit, beside reading the same file with the standard library alone."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Sequence
from pathlib import Path

from app.bench.figures import AT_MOST, Figure, best_of, timed
from app.bench.statements import kraken_ledgers
from app.bench.vaults import apart, opened
from app.core.ports import Runtime

_ROWS, _FEW = 100_000, 2_000
_REFERENCE = "csv.reader over the file"


def run(runtime: Runtime, *, quick: bool) -> Sequence[Figure]:
    """Measure preview and commit."""
    rows = _FEW if quick else _ROWS
    with apart(runtime) as (here, folder):
        file = kraken_ledgers(folder / "ledgers.csv", rows)
        plain = best_of(3, lambda: _parsed(file))
        preview, commit, entries = asyncio.run(_measured(here, folder, file))
    return [
        Figure(f"preview of {rows:,} rows", preview, "s", (AT_MOST, 3), _REFERENCE, plain),
        Figure(f"commit of {rows:,} rows", commit, "s", (AT_MOST, 10), _REFERENCE, plain),
        Figure("entries", entries, "entries"),
    ]


def _parsed(file: Path) -> int:
    with file.open(encoding="utf-8", newline="") as stream:
        return sum(1 for _ in csv.reader(stream))


async def _measured(runtime: Runtime, folder: Path, file: Path) -> tuple[float, float, int]:
    async with opened(runtime, folder / "bench.vault") as workspace:
        with timed() as preview:
            await workspace.imports.preview(file, account="kraken")
        with timed() as commit:
            report = await workspace.imports.commit(file, account="kraken")
    return preview.seconds, commit.seconds, report.recorded
