"""General ledgers of a real vault: the way to the records, what is not replaced, and what is cancelled."""

from __future__ import annotations

import asyncio
import csv
from datetime import date
from pathlib import Path

import pytest

from app.core.errors import InputError, RefusedError
from app.services.general_ledger import Format, Wanted
from app.services.tax_years import Asked
from app.services.workspace import Workspace
from tests.services.books import no_progress
from tests.services.tax_trades import BOUGHT, DEARER, SOLD, keep

ALL = Wanted(Asked("us"))


def files_of(folder: Path, stem: str) -> list[str]:
    """Return the names of the files that begin so."""
    return [file.name for file in folder.glob(f"{stem}*")]


async def test_every_entry_names_the_record_that_proves_it(workspace: Workspace, tmp_path: Path) -> None:
    await keep(workspace, BOUGHT, DEARER, SOLD)
    file = tmp_path / "books.csv"

    written = await workspace.general_ledger.export(ALL, Format.QUICKBOOKS, file, no_progress)

    trail = tmp_path / "books-trail.csv"
    rows = list(csv.DictReader(trail.read_text().splitlines()))
    proofs = await workspace.portfolio.proofs(sorted({row["entry"] for row in rows}))
    assert (written.files, written.transactions, len(proofs)) == ((file, trail), 3, 3)
    assert [row["record"] for row in rows] == [proofs[row["entry"]].record_hash for row in rows]


async def test_it_says_what_it_does_and_how_far_it_is(workspace: Workspace, tmp_path: Path) -> None:
    await keep(workspace, BOUGHT)
    told: list[tuple[float | None, str]] = []

    def progress(share: float | None, doing: str) -> None:
        told.append((share, doing))

    await workspace.general_ledger.export(ALL, Format.HLEDGER, tmp_path / "books.journal", progress)

    assert told == [(None, "costs, gains and income of all entries"), (0.8, "writing for hledger")]


async def test_who_cancels_gets_no_file(workspace: Workspace, tmp_path: Path) -> None:
    await keep(workspace, BOUGHT, DEARER)
    begun = asyncio.Event()

    def progress(_share: float | None, _doing: str) -> None:
        begun.set()

    export = workspace.general_ledger.export(ALL, Format.XERO, tmp_path / "books.csv", progress)
    task = asyncio.create_task(export)
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    assert files_of(tmp_path, "books") == []


async def test_what_goes_with_a_file_is_replaced_only_together_with_it(workspace: Workspace, tmp_path: Path) -> None:
    await keep(workspace, BOUGHT)
    file, chart = tmp_path / "books.csv", tmp_path / "books-accounts.csv"
    chart.write_text("my own")

    with pytest.raises(RefusedError, match=r"books-accounts\.csv is there already"):
        await workspace.general_ledger.export(ALL, Format.XERO, file, no_progress)
    assert (chart.read_text(), file.exists()) == ("my own", False)

    chart.unlink()
    await workspace.general_ledger.export(ALL, Format.XERO, file, no_progress)
    before = chart.read_text()
    await workspace.general_ledger.export(ALL, Format.XERO, file, no_progress)
    assert chart.read_text() == before


async def test_a_period_that_ends_before_it_begins_is_refused(workspace: Workspace, tmp_path: Path) -> None:
    wanted = Wanted(Asked("us"), date(2026, 2, 1), date(2026, 1, 1))

    with pytest.raises(InputError, match="before it begins"):
        await workspace.general_ledger.export(wanted, Format.BEANCOUNT, tmp_path / "x.beancount", no_progress)
    assert files_of(tmp_path, "x") == []
