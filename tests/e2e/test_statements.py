"""One account by interface and by statement, in whichever order: each balance as it really is, and all exported."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
import pytest_asyncio

from app.bootstrap import runtime
from app.core.ports import Runtime
from app.demo import books, statements
from app.demo.serve import DemoVenues
from app.demo.world import World
from app.services.workspace import Workspace

SCALE = 0.03
VENUES = {"binance": statements.binance, "coinbase": statements.coinbase, "kraken": statements.kraken}

Held = dict[tuple[str, str, str], Decimal]


@pytest.fixture
def apart(tmp_path: Path) -> Runtime:
    return replace(runtime(), data_folder=tmp_path, settings_folder=tmp_path)


@pytest_asyncio.fixture
async def venues() -> AsyncIterator[DemoVenues]:
    started = DemoVenues()
    await started.start(scale=SCALE)
    yield started
    await started.stop()


async def read_statements(workspace: Workspace, folder: Path, world: World) -> list[str]:
    """Import the statement of every venue; returns what was not as it should be."""
    told: list[str] = []
    for venue, statement in VENUES.items():
        file = folder / f"{venue}.csv"
        file.write_text(statement(world), encoding="utf-8")
        report = await workspace.imports.commit(file)
        told += [finding.message for finding in report.findings]
    return told


async def read_interfaces(workspace: Workspace, venues: DemoVenues) -> list[str]:
    """Connect and read every venue; returns what was not as it should be."""
    await books.connect(workspace, venues)
    reports = await workspace.ingest.sync([], lambda _share, _doing: None)
    return [
        f"{report.name}: {report.error}, {report.breaks} breaks" for report in reports if report.error or report.breaks
    ]


async def held(workspace: Workspace) -> Held:
    """Return what the books say is held."""
    rows = await workspace.reconciliation.reconcile()
    return {(row.account_id, row.sub_place, row.asset.asset_id): row.ledger for row in rows if row.ledger}


def truth(world: World) -> Held:
    """Return what is really held."""
    return {
        (venue, place, asset): quantity
        for venue in VENUES
        for (place, asset), quantity in world.balances(venue).items()
    }


@pytest.mark.parametrize("first", ["interface", "statement"])
async def test_each_event_counts_once_and_the_export_holds_all_of_it(
    apart: Runtime, venues: DemoVenues, tmp_path: Path, first: str
) -> None:
    workspace = await books.opened(apart, tmp_path / "demo.vault")
    other = await books.opened(apart, tmp_path / "other.vault")
    try:
        odd = await read_interfaces(workspace, venues) if first == "interface" else []
        odd += await read_statements(workspace, tmp_path, venues.truth)
        odd += await read_interfaces(workspace, venues) if first == "statement" else []
        again = await read_statements(workspace, tmp_path, venues.truth)
        await workspace.exports.ledger_csv(tmp_path / "ledger.csv")
        copied = await other.imports.commit(tmp_path / "ledger.csv")
        await other.exports.ledger_csv(tmp_path / "copy.csv")
        found, copy = await held(workspace), await held(other)
    finally:
        await workspace.lock()
        await other.lock()

    assert (odd, again, list(copied.findings)) == ([], [], [])
    assert found == copy == truth(venues.truth)
    assert (tmp_path / "copy.csv").read_bytes() == (tmp_path / "ledger.csv").read_bytes()
