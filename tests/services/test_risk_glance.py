"""Risk at a glance of a real vault: the figures of the desk, from positions that were read already."""

from __future__ import annotations

import math

import pytest

from app.core.errors import InputError
from app.core.risk.study import Question
from app.services.workspace import Workspace
from tests.services.books import KEY, Script, candles, deposit, no_progress, page, tick

DAYS = 120
CLOSES = [f"{100 + 20 * math.sin(day * day):.2f}" for day in range(DAYS)]


@pytest.fixture
async def books(workspace: Workspace, script: Script) -> Workspace:
    """Return two bitcoins and ten ether with closes of four months."""
    script.pages = [page(deposit("b", "2", days_ago=90), deposit("e", "10", "ethereum", days_ago=90), cursor="1")]
    script.held = {"bitcoin": "2", "ethereum": "10"}
    script.ticks = [tick("bitcoin", "500"), tick("ethereum", "50")]
    script.candles = {"bitcoin": candles(*CLOSES), "ethereum": candles(*reversed(CLOSES))}
    await workspace.connections.add(venue="kraken", name="main", credentials=KEY)
    await workspace.ingest.sync([], no_progress)
    await workspace.market_data.refresh()
    return workspace


async def test_its_figures_are_those_of_the_desk(books: Workspace) -> None:
    study = (await books.risk.report(Question())).study
    found = await books.risk_glance.glance(await books.portfolio.positions())

    assert found.value_at_risk.value_at_risk == pytest.approx(study.tail("fhs", 0.99).value_at_risk)
    assert found.shortfall.expected_shortfall == pytest.approx(study.tail("fhs", 0.975).expected_shortfall)
    assert (found.value, found.names["bitcoin"]) == (1_500.0, "BTC")
    assert found.closes_until == study.as_of


async def test_the_market_is_kept_until_a_close_is_read_anew(books: Workspace) -> None:
    held = await books.portfolio.positions()
    await books.risk_glance.glance(held)
    kept = books.risk_glance._kept
    await books.risk_glance.glance(held)
    assert kept is not None
    assert books.risk_glance._kept is kept

    books.market_data.forget_closes("bitcoin")
    await books.risk_glance.glance(held)
    assert books.risk_glance._kept is not kept


async def test_nothing_held_or_without_a_history_is_told(workspace: Workspace) -> None:
    with pytest.raises(InputError, match="nothing that is held has a price"):
        await workspace.risk_glance.glance(await workspace.portfolio.positions())
