"""What a person says of an entry changes lots, also those that are derived bit by bit."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from app.core.ledger.entries import EntryKind, Stated
from app.services.tax_years import Asked
from app.services.workspace import Workspace
from tests.services.books import NOW
from tests.services.tax_trades import BOUGHT, keep, trade

GENERIC = Asked("generic", currency="usd")
MIGRATED = trade("m1", ("bitcoin", "-0.5"), ("ethereum", "50"), days_ago=20, kind=EntryKind.MIGRATION)


async def held(workspace: Workspace, at: int | None = None) -> list[tuple[str, Decimal, Decimal | None]]:
    found = await workspace.lots.open(GENERIC, at)
    return sorted((one.figures.asset, one.figures.quantity, one.figures.cost) for one in found.lots)


async def test_lots_of_now_and_of_the_whole_history_agree_where_one_asset_became_another(workspace: Workspace) -> None:
    await keep(workspace, BOUGHT)
    before = await held(workspace)
    await keep(workspace, MIGRATED)

    expected = [("bitcoin", Decimal("0.5"), Decimal(15_000)), ("ethereum", Decimal(50), Decimal(15_000))]
    assert before == [("bitcoin", Decimal(1), Decimal(30_000))]
    assert (await held(workspace), await held(workspace, NOW)) == (expected, expected)


async def test_an_earlier_purchase_changes_what_another_asset_cost(workspace: Workspace) -> None:
    await keep(workspace, BOUGHT, MIGRATED)
    await held(workspace)
    await keep(workspace, trade("b0", ("bitcoin", "0.5"), ("usd", "-1000"), days_ago=60))

    assert await held(workspace) == await held(workspace, NOW)
    assert ("ethereum", Decimal(50), Decimal(1_000)) in await held(workspace)


async def test_another_country_reads_the_same_gift_otherwise(workspace: Workspace) -> None:
    gift = trade("g1", ("bitcoin", "-0.25"), days_ago=10, kind=EntryKind.GIFT)
    await keep(workspace, BOUGHT, replace(gift, stated=Stated(Decimal(12_000), "usd")))

    found = [(await workspace.tax.compute(Asked(code, currency="usd"))).figures for code in ("us", "uk", "us")]

    assert [one.totals.gain for one in found] == [Decimal(0), Decimal(4_500), Decimal(0)]
    assert [one.cost for one in found[0].departures] == [Decimal(7_500)]
