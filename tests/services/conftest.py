"""An open vault with an empty book or one that alerts can watch, the script of its venue; a file of prices."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from app.services.workspace import Workspace
from tests.services.books import KEY, Script, candles, deposit, new_workspace, no_progress, page, tick
from tests.services.risk_holdings import closes


@pytest_asyncio.fixture
async def script() -> Script:
    """Return what the venue has and does."""
    return Script()


@pytest_asyncio.fixture
async def workspace(tmp_path: Path, script: Script) -> AsyncIterator[Workspace]:
    """Return the open vault; it is locked afterwards."""
    opened = await new_workspace(tmp_path, script)
    yield opened
    await opened.lock()


@pytest_asyncio.fixture
async def watched(workspace: Workspace, script: Script) -> Workspace:
    """Return books of 2 BTC at 50 USD and 100 USD at one venue."""
    await workspace.connections.add(venue="kraken", name="main", credentials=KEY)
    script.pages = [page(deposit("a", "2"), deposit("b", "100", "usd"), cursor="1")]
    script.held = {"bitcoin": "2", "usd": "100"}
    script.ticks = [tick("bitcoin", "50")]
    script.candles = {"bitcoin": candles("30", "38", "50")}
    await workspace.ingest.sync([], no_progress)
    await workspace.market_data.refresh()
    return workspace


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """Return prices of two assets."""
    path = tmp_path / "prices.csv"
    path.write_text("\n".join(["date,asset,close", *closes("BTC", 7_000, 0.04), *closes("ETH", 130, 0.06)]), "utf-8")
    return path
