"""Marks and history: from every venue, newest first, kept for the next start."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from pathlib import Path

import pytest

from app.core.clock import DAY
from app.core.errors import RetryableError
from app.core.model.accounts import Credentials
from app.core.model.futures import MarginWallet, Part, Told
from app.core.model.pages import BalancePage
from app.core.model.views import Scope
from app.core.risk.exposures import Kind
from app.services import market_data
from app.services.events import MarksChanged
from app.services.vault import VaultService
from app.services.workspace import Workspace
from tests.services.books import (
    KEY,
    NOW,
    PASSPHRASE,
    Script,
    candles,
    deposit,
    make_runtime,
    no_progress,
    page,
    tick,
)


async def filled(workspace: Workspace, script: Script) -> None:
    """Connect and read two deposits three days ago: 2 BTC and 100 USD."""
    await workspace.connections.add(venue="kraken", name="main", credentials=KEY)
    script.pages = [page(deposit("a", "2"), deposit("b", "100", "usd"), cursor="1")]
    script.held = {"bitcoin": "2", "usd": "100"}
    script.ticks = [tick("bitcoin", "50", open_24h="40")]
    script.candles = {"bitcoin": candles("30", "35", "40")}
    await workspace.ingest.sync([], no_progress)


async def test_before_prices_are_read_the_value_is_unknown_and_named(workspace: Workspace, script: Script) -> None:
    await filled(workspace, script)
    found = await workspace.portfolio.positions()

    assert (found.value, found.unpriced) == (Decimal(100), ("BTC",))
    assert [finding.code for finding in await workspace.findings.all()] == ["no-price", "unpaired-deposit"]


async def test_an_overview_is_the_sum_of_what_was_read(workspace: Workspace, script: Script) -> None:
    await filled(workspace, script)
    await workspace.market_data.refresh()
    found = await workspace.portfolio.overview(Scope(period="all"))

    assert (found.positions.value, found.cash) == (Decimal(200), Decimal(100))
    assert [point.value for point in found.curve.points] == [Decimal(160), Decimal(170), Decimal(180), Decimal(200)]
    assert [flow.amount for flow in found.curve.flows] == [Decimal(60), Decimal(100)]
    assert [(share.label, share.value) for share in found.by_venue] == [("Kraken", Decimal(200))]
    assert [one.code for one in found.findings] == ["unpaired-deposit"]


async def test_history_is_asked_for_only_where_it_is_missing(workspace: Workspace, script: Script) -> None:
    await filled(workspace, script)
    await workspace.market_data.refresh()
    script.candles = {}
    await workspace.market_data.refresh()

    assert [close for _, close in await workspace.portfolio.closes("bitcoin")] == [
        Decimal(30),
        Decimal(35),
        Decimal(40),
    ]
    assert (await workspace.portfolio.closes("bitcoin"))[-1][0] == NOW // DAY * DAY


async def test_a_venue_is_asked_once_for_a_day_also_for_what_it_has_not(workspace: Workspace, script: Script) -> None:
    await filled(workspace, script)
    script.candles = {"bitcoin": candles("40")}
    await workspace.market_data.refresh()
    await workspace.market_data.refresh()

    assert script.candles_asked == [("bitcoin", NOW // DAY - 3)]


async def test_two_accounts_at_one_venue_are_one_source_of_its_prices(workspace: Workspace, script: Script) -> None:
    await filled(workspace, script)
    other = Credentials({"apiKey": "KLMNOPQRST", "secret": "another-secret-of-nobody"})
    await workspace.connections.add(venue="kraken", name="second", credentials=other)
    await workspace.market_data.refresh()

    assert script.candles_asked == [("bitcoin", NOW // DAY - 3)]
    assert list(workspace._vault.prices.told("bitcoin", "usd")) == ["kraken"]


async def test_a_day_on_which_the_sources_disagree_is_a_gap_in_the_course(workspace: Workspace, script: Script) -> None:
    await filled(workspace, script)
    other = {NOW // DAY - 3: Decimal(30), NOW // DAY - 2: Decimal(99), NOW // DAY - 1: Decimal(200)}
    await workspace._threads.write(workspace._vault.prices.add, "bitcoin", "usd", "elsewhere", other)
    await workspace.market_data.refresh()

    assert [close for _, close in await workspace.portfolio.closes("bitcoin")] == [Decimal(30)]


async def test_a_late_tick_never_wins(workspace: Workspace, script: Script) -> None:
    await filled(workspace, script)
    await workspace.market_data.refresh()
    old = tick("bitcoin", "9")
    script.ticks = [type(old)(old.venue, old.base, old.quote, old.price, NOW - 5)]
    await workspace.market_data.refresh()

    assert workspace.market_data.marks()["bitcoin"].price == Decimal(50)


async def test_live_prices_change_the_marks_and_revalue_without_reading(workspace: Workspace, script: Script) -> None:
    await filled(workspace, script)
    before = await workspace.portfolio.positions()
    heard = asyncio.Queue[MarksChanged]()
    workspace.events.subscribe(MarksChanged, heard.put_nowait)
    workspace.market_data.start_live()
    event = await asyncio.wait_for(heard.get(), 10)

    assert event.asset_ids == {"bitcoin"}
    assert workspace.portfolio.revalued(before).value == Decimal(200)


@pytest.mark.parametrize(("spent", "pause"), [(0.0, 1 / 30), (0.000_1, 1 / 30), (0.002, 0.1), (0.004, 0.2), (0.5, 0.2)])
def test_many_marks_are_told_less_often_than_a_few_and_five_times_a_second_at_least(spent: float, pause: float) -> None:
    assert pause == pytest.approx(market_data.pause_after(spent))


async def test_nothing_wakes_up_while_no_price_comes(
    workspace: Workspace, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    await filled(workspace, script)
    told = asyncio.Event()
    monkeypatch.setattr(workspace.market_data, "_tell", told.set)
    beat = asyncio.create_task(workspace.market_data._beat())
    await asyncio.sleep(0.2)
    before = told.is_set()
    workspace.market_data._came.set()
    await asyncio.wait_for(told.wait(), 10)
    beat.cancel()

    assert not before


async def test_a_venue_whose_prices_fail_is_a_finding_and_the_others_go_on(
    workspace: Workspace, script: Script
) -> None:
    await filled(workspace, script)
    script.prices_fault = RetryableError("Kraken did not answer.")
    await workspace.market_data.refresh()

    assert "prices-unreachable" in [finding.code for finding in await workspace.findings.all()]


async def test_prices_are_read_without_the_key(workspace: Workspace, script: Script) -> None:
    await filled(workspace, script)
    script.opened.clear()
    await workspace.market_data.refresh()

    assert [credentials for _, credentials in script.opened] == [None]


async def test_the_last_marks_are_there_at_the_next_start(workspace: Workspace, script: Script, tmp_path: Path) -> None:
    await filled(workspace, script)
    await workspace.market_data.refresh()
    await workspace.lock()
    again = await VaultService(make_runtime(tmp_path, script)).unlock(workspace.path, PASSPHRASE)
    try:
        mark = again.market_data.marks()["bitcoin"]
        assert (mark.price, mark.source, mark.at) == (Decimal(50), "kraken", NOW)
    finally:
        await again.lock()


async def test_closes_that_were_read_once_grow_with_what_is_kept_later(workspace: Workspace, script: Script) -> None:
    await filled(workspace, script)
    before = await workspace.portfolio.closes("bitcoin")
    await workspace.market_data.refresh()
    after = await workspace.portfolio.closes("bitcoin")

    assert before == ()
    assert [close for _, close in after] == [Decimal(30), Decimal(35), Decimal(40)]


async def test_what_a_person_watches_is_priced_without_being_held(workspace: Workspace, script: Script) -> None:
    await filled(workspace, script)
    script.ticks = [tick("bitcoin", "50"), tick("ethereum", "3")]
    await workspace.market_data.refresh()
    assert "ethereum" not in workspace.market_data.marks()

    workspace.market_data.watch_also(["ethereum"])
    await workspace.market_data.refresh()
    assert workspace.market_data.marks()["ethereum"].price == Decimal(3)
    assert [row.asset.asset_id for row in (await workspace.portfolio.positions()).positions] == ["bitcoin", "usd"]


async def test_what_was_borrowed_and_is_held_nowhere_is_priced(workspace: Workspace, script: Script) -> None:
    await filled(workspace, script)
    loan = MarginWallet((), (), (("dogecoin", Decimal(500)),))
    reading = BalancePage(b"{}", "application/json", NOW + 1, (), beside=[Told(Part.MARGIN, (loan,))])
    await workspace._threads.write(workspace._vault.writer.append_balances, "main", "main", reading)
    script.ticks = [tick("bitcoin", "50"), tick("dogecoin", "0.2")]
    script.candles["dogecoin"] = candles("0.1", "0.2")
    await workspace.market_data.refresh()
    found = await workspace.risk.book()

    assert [one.value for one in found.exposures if one.kind is Kind.DEBT] == [-100.0]
    assert found.value == pytest.approx(100)
    assert [one.code for one in found.findings] == ["futures-beside-books"]
    assert "dogecoin" in {asset for asset, _ in script.candles_asked}
