"""Days of what is held, read in the background as far back as risk looks: once, the newest first, and resumed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from decimal import Decimal

import pytest

from app.core.clock import DAY
from app.core.errors import RetryableError
from app.core.market.candles import HOUR
from app.core.model.market import Candle, Series
from app.core.risk.study import Question
from app.services.back_fill import HORIZON, HOURS
from app.services.events import ClosesKept, MarksChanged, PricesRead
from app.services.jobs import Job, JobState
from app.services.workspace import Workspace
from tests.services.books import KEY, NOW, Clock, Script, ScriptedExchange, deposit, no_progress, page, tick

TODAY = NOW // DAY
FIRST = TODAY - HORIZON
ASSETS = ("bitcoin", "ethereum", "solana")


def days(first: int, last: int = TODAY - 1) -> list[Candle]:
    return [Candle(day * DAY, *(Decimal(100 + day % 7),) * 4, Decimal(1)) for day in range(first, last + 1)]


async def held(workspace: Workspace, script: Script, *assets: str, since: int = FIRST - 100) -> None:
    """Connect a venue that has some days of some assets, and hold SOL for three days."""
    await workspace.connections.add(venue="kraken", name="main", credentials=KEY)
    script.pages = [page(deposit("a", "2", "solana"), cursor="1")]
    script.held, script.ticks = {"solana": "2"}, [tick("solana", "50")]
    script.candles = {asset: days(since) for asset in assets}
    await workspace.ingest.sync([], no_progress)


async def done(workspace: Workspace) -> Job:
    return await workspace.jobs.finished(await workspace.back_fill.begin())


async def kept(workspace: Workspace, asset: str) -> Sequence[int]:
    found = await workspace.candles.of(Series(asset, "usd", "kraken", DAY), 0, NOW)
    return [candle.at // DAY for candle in found]


async def test_five_years_of_what_is_held_and_of_the_benchmarks_are_read_the_newest_first(
    workspace: Workspace, script: Script
) -> None:
    await held(workspace, script, *ASSETS)
    job = await done(workspace)

    assert [await kept(workspace, asset) for asset in ASSETS] == 3 * [list(range(FIRST, TODAY))]
    assert script.spans == [
        *3 * [((TODAY - 1_000) * DAY, (TODAY - 1) * DAY)],
        *3 * [((TODAY - 1_300) * DAY, (TODAY - 1_001) * DAY)],
        *3 * [(FIRST * DAY, (TODAY - 1_301) * DAY)],
    ]
    assert job.outcome == f"{3 * HORIZON:,} new days of 3 assets: Kraken since 2021-09-22."
    assert len((await workspace.market_data.closes(["solana"]))["solana"]) == HORIZON


async def test_books_that_are_older_than_risk_looks_back_are_read_from_their_first_day(
    workspace: Workspace, script: Script
) -> None:
    await held(workspace, script, *ASSETS, since=FIRST - 900)
    script.pages.append(page(deposit("b", "1", "solana", days_ago=HORIZON + 500), cursor="2"))
    await workspace.ingest.sync([], no_progress)
    await done(workspace)

    assert (await kept(workspace, "bitcoin"))[0] == FIRST - 500


async def test_what_the_books_needed_already_is_not_read_twice(workspace: Workspace, script: Script) -> None:
    await held(workspace, script, *ASSETS)
    await workspace.market_data.refresh()
    script.spans.clear()
    await done(workspace)

    assert script.spans.count(((TODAY - 303) * DAY, (TODAY - 4) * DAY)) == 1
    assert await kept(workspace, "solana") == list(range(FIRST, TODAY))


async def test_nothing_is_begun_where_nothing_is_missing(workspace: Workspace, script: Script) -> None:
    await held(workspace, script, *ASSETS)
    await done(workspace)
    script.spans.clear()

    assert (await workspace.back_fill.begin(), script.spans) == (0, [])


async def test_a_day_later_only_that_day_is_read(workspace: Workspace, script: Script) -> None:
    await held(workspace, script, *ASSETS)
    await done(workspace)
    clock = workspace.runtime.clock
    assert isinstance(clock, Clock)
    clock.now += DAY
    script.candles = {asset: days(FIRST, TODAY) for asset in ASSETS}
    script.spans.clear()
    await done(workspace)

    assert script.spans == 3 * [(TODAY * DAY, TODAY * DAY)]


async def test_a_venue_that_has_less_says_so_and_is_not_asked_before_its_first_day_again(
    workspace: Workspace, script: Script
) -> None:
    await held(workspace, script, *ASSETS, since=TODAY - 400)
    job = await done(workspace)
    asked = len(script.spans)

    assert job.outcome == "1,200 new days of 3 assets: Kraken since 2025-08-17."
    assert (asked, await workspace.back_fill.begin()) == (6, 0)


async def test_an_asset_that_no_venue_quotes_is_asked_for_once(workspace: Workspace, script: Script) -> None:
    await held(workspace, script, "bitcoin")
    await done(workspace)

    assert script.candles_asked.count(("solana", TODAY - 1_000)) == 1
    assert await workspace.back_fill.begin() == 0


async def test_what_is_watched_is_read_too_and_what_was_sold_is_not(workspace: Workspace, script: Script) -> None:
    await held(workspace, script, *ASSETS)
    script.pages += [page(deposit("b", "1", "cardano"), cursor="2"), page(deposit("c", "-1", "cardano"), cursor="3")]
    await workspace.ingest.sync([], no_progress)
    workspace.market_data.watch_also(["dogecoin"])
    await done(workspace)

    assert {asset for asset, _ in script.candles_asked} == {*ASSETS, "dogecoin"}


async def test_a_venue_that_fails_is_told_rests_and_is_gone_on_with(workspace: Workspace, script: Script) -> None:
    await held(workspace, script, *ASSETS)
    script.candles_fault = RetryableError("Kraken did not answer.")
    job = await done(workspace)
    at_once = await workspace.back_fill.begin()
    clock = workspace.runtime.clock
    assert isinstance(clock, Clock)
    clock.now += DAY // 24
    script.candles_fault = None
    await done(workspace)

    assert job.outcome.endswith("Kraken could not be read: Kraken did not answer.")
    assert (job.state, at_once) == (JobState.DONE, 0)
    assert len(await kept(workspace, "solana")) == HORIZON


@pytest.mark.parametrize("calls", [1, 3, 5])
async def test_one_that_is_stopped_keeps_what_it_has_and_the_next_goes_on(
    workspace: Workspace, script: Script, monkeypatch: pytest.MonkeyPatch, calls: int
) -> None:
    await held(workspace, script, *ASSETS)
    reached = asyncio.Event()
    told = ScriptedExchange.candles

    async def slow(exchange: ScriptedExchange, *asked: object) -> Sequence[Candle]:
        if len(script.spans) == calls:
            reached.set()
            await asyncio.Event().wait()
        return await told(exchange, *asked)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(ScriptedExchange, "candles", slow)
        job_id = await workspace.back_fill.begin()
        await reached.wait()
        workspace.jobs.cancel(job_id)
        stopped = await workspace.jobs.finished(job_id)
    await done(workspace)

    assert stopped.state is JobState.CANCELLED
    assert [await kept(workspace, asset) for asset in ASSETS] == 3 * [list(range(FIRST, TODAY))]
    assert sum((last - first) // DAY + 1 for first, last in script.spans) == 3 * HORIZON


async def test_a_new_asset_has_a_risk_by_what_stands_in_for_it_though_that_is_not_held(
    workspace: Workspace, script: Script
) -> None:
    await held(workspace, script, "bitcoin", "ethereum")
    script.candles["solana"] = days(TODAY - 3)
    await workspace.market_data.refresh()
    before = await workspace.risk.report(Question())
    await done(workspace)
    after = await workspace.risk.report(Question())
    tail = after.study.tail()

    assert (before.study.scenarios.outcomes, after.study.scenarios.outcomes) == (2, 500)
    assert tail.basis.coverage.share == 1.0
    assert any("solana" in said and "bitcoin" in said for said in tail.basis.assumptions)


async def test_marks_are_told_before_any_day_is_asked_for(workspace: Workspace, script: Script) -> None:
    await held(workspace, script, *ASSETS)
    heard: list[int] = []
    workspace.events.subscribe(MarksChanged, lambda _: heard.append(len(script.candles_asked)))
    await workspace.market_data.refresh()

    assert heard[0] == 0
    assert script.candles_asked


async def test_a_day_that_is_not_over_has_no_close_though_an_official_rate_stands_for_it(workspace: Workspace) -> None:
    rates = {"usd": {TODAY - 3: Decimal("1.2")}}
    workspace._vault.prices.keep_official("ECB", rates, (TODAY - 3, TODAY - 3))

    assert list((await workspace.market_data.closes(["eur"]))["eur"]) == [TODAY - 3, TODAY - 2, TODAY - 1]


async def test_without_a_venue_nothing_is_begun_and_that_is_said(workspace: Workspace) -> None:
    assert await workspace.back_fill.begin() == 0
    assert (await workspace.back_fill.fill(no_progress)).words().startswith("No venue is connected")


def hours(count: int) -> list[Candle]:
    newest = NOW // HOUR - 1
    return [Candle((newest - back) * HOUR, *(Decimal(100),) * 4, Decimal(1)) for back in reversed(range(count))]


async def hours_done(workspace: Workspace) -> Job:
    return await workspace.jobs.finished(await workspace.back_fill.begin_hours())


async def test_hours_of_what_is_held_are_read_apart_a_thousand_at_a_time_the_newest_first(
    workspace: Workspace, script: Script
) -> None:
    await held(workspace, script, *ASSETS)
    script.candles = {asset: hours(HOURS * 24 + 500) for asset in ASSETS}
    job = await hours_done(workspace)
    newest, first = NOW // HOUR - 1, (TODAY - HOURS) * DAY
    kept_ones = await workspace.candles.of(Series("solana", "usd", "kraken", HOUR), 0, NOW)

    assert script.spans[:3] == 3 * [((newest - 999) * HOUR, newest * HOUR)]
    assert [one.at for one in kept_ones] == list(range(first, NOW // HOUR * HOUR, HOUR))
    assert job.title == "Read hours of prices"
    assert job.outcome == f"{3 * len(kept_ones):,} new hours of 3 assets: Kraken since 2026-06-23."


async def test_hours_are_no_days_and_are_no_news_to_what_is_computed_of_days(
    workspace: Workspace, script: Script
) -> None:
    await held(workspace, script, *ASSETS)
    script.candles = {asset: hours(300) for asset in ASSETS}
    heard: list[object] = []
    for event in (PricesRead, ClosesKept):
        workspace.events.subscribe(event, heard.append)
    await hours_done(workspace)

    assert (heard, await kept(workspace, "solana")) == ([], [])
    assert (await workspace.market_data.closes(["solana"]))["solana"] == {}


async def test_new_hours_are_read_by_themselves_twice_a_day(workspace: Workspace, script: Script) -> None:
    await held(workspace, script, *ASSETS)
    script.candles = {asset: hours(300) for asset in ASSETS}
    await hours_done(workspace)
    clock, begun = workspace.runtime.clock, []
    assert isinstance(clock, Clock)
    for later in (2, 8, 15):
        clock.now = NOW + later * HOUR
        begun.append(bool(await workspace.back_fill.begin_hours()))

    assert begun == [False, False, True]


async def test_hours_that_are_stopped_keep_what_they_have_and_are_gone_on_with(
    workspace: Workspace, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    await held(workspace, script, *ASSETS)
    script.candles = {asset: hours(HOURS * 24 + 500) for asset in ASSETS}
    reached, told = asyncio.Event(), ScriptedExchange.candles

    async def slow(exchange: ScriptedExchange, *asked: object) -> Sequence[Candle]:
        if len(script.spans) == 4:
            reached.set()
            await asyncio.Event().wait()
        return await told(exchange, *asked)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(ScriptedExchange, "candles", slow)
        job_id = await workspace.back_fill.begin_hours()
        await reached.wait()
        workspace.jobs.cancel(job_id)
        await workspace.jobs.finished(job_id)
    before = list(script.spans)
    await hours_done(workspace)
    asked = [span for span in script.spans if span[1] - span[0] > 0]

    assert len(before) == 4
    assert sum((last - first) // HOUR + 1 for first, last in asked) == 3 * (NOW // HOUR - (TODAY - HOURS) * 24)


async def test_one_that_rests_begins_nothing_by_itself_and_fills_where_it_is_asked(
    workspace: Workspace, script: Script
) -> None:
    await held(workspace, script, *ASSETS)
    workspace.back_fill.rest()
    begun = await workspace.back_fill.begin(), await workspace.back_fill.begin_hours()
    found = await workspace.back_fill.fill(no_progress)

    assert begun == (0, 0)
    assert found.came == 3 * HORIZON


async def test_hours_wait_while_days_are_read(workspace: Workspace, script: Script) -> None:
    await held(workspace, script, *ASSETS)
    days_job = await workspace.back_fill.begin()
    at_once = await workspace.back_fill.begin_hours()
    await workspace.jobs.finished(days_job)

    assert at_once == 0
    assert await workspace.back_fill.begin_hours() > 0
