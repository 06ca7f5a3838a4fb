"""Closes of days that were not believed: told once a market, never part of a figure, gone once a person set a price."""

from __future__ import annotations

from decimal import Decimal

from app.core.clock import DAY
from app.core.findings import Finding
from app.core.model.price_overrides import PriceOverride
from app.services.events import PricesRead
from app.services.workspace import Workspace
from tests.services.books import KEY, NOW, Script, deposit, no_progress, page, tick

TODAY = NOW // DAY
CALM = {day: Decimal(100 + day % 3) for day in range(TODAY - 40, TODAY)}


async def told(workspace: Workspace, script: Script, *series: dict[int, Decimal]) -> None:
    """Hold bitcoin, and let so many sources tell its closes."""
    await workspace.connections.add(venue="kraken", name="main", credentials=KEY)
    script.pages, script.held = [page(deposit("a", "2"), cursor="1")], {"bitcoin": "2"}
    script.ticks = [tick("bitcoin", "101")]
    await workspace.ingest.sync([], no_progress)
    await workspace.market_data.refresh()
    for source, closes in zip(("kraken", "binance", "coinbase"), series, strict=False):
        workspace._vault.prices.add("bitcoin", "usd", source, closes)
    workspace.market_data.forget_closes("bitcoin")
    workspace.events.publish(PricesRead())


async def found(workspace: Workspace, code: str) -> list[Finding]:
    return [one for one in await workspace.findings.all() if one.code == code]


def lying(*days: int, times: str = "1.25") -> dict[int, Decimal]:
    return CALM | {day: CALM[day] * Decimal(times) for day in days}


async def test_a_venue_a_quarter_off_for_a_day_is_flagged_and_takes_no_part_in_closes_or_risk(
    workspace: Workspace, script: Script
) -> None:
    await told(workspace, script, lying(TODAY - 9), CALM, CALM)
    (flag,) = await found(workspace, "close-apart")
    book = await workspace.risk.book()
    prices = book.market.prices
    column = prices.closes[:, prices.assets.index("bitcoin")]

    assert flag.message == "Kraken told a close of BTC on 2026-09-12 that is not believed."
    assert flag.detail.endswith("which stands apart from the others. 102 stands, in which it took no part.")
    assert (await workspace.market_data.closes(["bitcoin"]))["bitcoin"] == CALM
    assert {float(price) for price in CALM.values()} == set(column)


async def test_of_two_venues_the_one_that_lies_for_a_day_is_named(workspace: Workspace, script: Script) -> None:
    await told(workspace, script, lying(TODAY - 9, TODAY - 20, times="0.75"), CALM)
    (flag,) = await found(workspace, "close-apart")

    assert flag.message == "Kraken told a close of BTC on 2 days until 2026-09-12 that is not believed."
    assert "which stands apart from binance and from the days around it" in flag.detail
    assert (await workspace.market_data.closes(["bitcoin"]))["bitcoin"] == CALM


async def test_a_day_that_nothing_decides_is_a_gap_until_a_person_sets_its_price(
    workspace: Workspace, script: Script
) -> None:
    first = min(CALM)
    await told(workspace, script, CALM, lying(first))
    (flag,) = await found(workspace, "closes-disagree")
    before = (await workspace.market_data.closes(["bitcoin"]))["bitcoin"]
    await workspace.prices.set_price(PriceOverride("bitcoin", first, Decimal(100), "usd", "the venue's own site"))

    assert (flag.fix, flag.place) == ("Set a price", "prices/bitcoin")
    assert first not in before
    assert await found(workspace, "closes-disagree") == []


async def test_sources_that_agree_are_no_finding(workspace: Workspace, script: Script) -> None:
    await told(workspace, script, CALM, {day: price * Decimal("1.001") for day, price in CALM.items()})

    assert await found(workspace, "close-apart") == await found(workspace, "closes-disagree") == []
