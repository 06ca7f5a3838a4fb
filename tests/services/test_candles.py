"""Candles from venues and from live prices: asked once, checked, gaps told and never filled in."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal

import pytest
from msgspec import structs

from app.core.clock import DAY
from app.core.errors import InputError, RetryableError
from app.core.market.candles import HOUR, MINUTE
from app.core.model.market import Candle, Series
from app.services.candle_findings import Words, missing, of_gaps
from app.services.events import MarksChanged
from app.services.workspace import Workspace
from tests.services.books import ASSETS, KEY, NOW, Clock, Script, candles, tick

HOURS = Series("bitcoin", "usd", "kraken", HOUR)
LAST = NOW // HOUR * HOUR - HOUR


def hours(*ago: int) -> list[Candle]:
    return [Candle(LAST - back * HOUR, *(Decimal(100 + back),) * 4, Decimal(1)) for back in sorted(ago, reverse=True)]


async def connected(workspace: Workspace, script: Script, *ago: int) -> None:
    await workspace.connections.add(venue="kraken", name="main", credentials=KEY)
    script.candles = {"bitcoin": hours(*ago)}


async def test_candles_are_filled_and_gaps_are_told_and_stay_gaps(workspace: Workspace, script: Script) -> None:
    await connected(workspace, script, 0, 1, 4, 5)
    (filled,) = await workspace.candles.fill("bitcoin", HOUR, LAST - 6 * HOUR)
    kept = await workspace.candles.of(HOURS, 0, NOW)

    assert (filled.came, filled.gaps) == (
        4,
        ((LAST - 6 * HOUR, LAST - 6 * HOUR), (LAST - 3 * HOUR, LAST - 2 * HOUR)),
    )
    assert kept == hours(0, 1, 4, 5)
    assert [finding.code for finding in workspace.candles.findings_of([filled])] == ["candle-gap"]


async def test_a_venue_is_asked_once_for_what_it_has_not(workspace: Workspace, script: Script) -> None:
    await connected(workspace, script, 0, 1)
    for _ in range(3):
        await workspace.candles.fill("bitcoin", HOUR, LAST - 3 * HOUR)
    asked_again = len(script.candles_asked)
    await workspace.candles.fill("bitcoin", HOUR, LAST - 9 * HOUR)

    assert asked_again == 1
    assert len(script.candles_asked) == 2


async def test_what_lies_before_and_after_what_was_asked_for_is_asked_for_apart_the_newest_first(
    workspace: Workspace, script: Script
) -> None:
    await connected(workspace, script, *range(10))
    clock = workspace.runtime.clock
    assert isinstance(clock, Clock)
    clock.now -= 4 * HOUR
    await workspace.candles.fill("bitcoin", HOUR, LAST - 6 * HOUR)
    clock.now += 4 * HOUR
    script.spans.clear()
    await workspace.candles.fill("bitcoin", HOUR, LAST - 9 * HOUR)

    assert script.spans == [(LAST - 3 * HOUR, LAST), (LAST - 9 * HOUR, LAST - 7 * HOUR)]
    assert await workspace.candles.of(HOURS, 0, NOW) == hours(*range(10))


async def test_a_candle_that_comes_late_is_asked_for_until_it_is_there_or_too_old(
    workspace: Workspace, script: Script
) -> None:
    await connected(workspace, script, 1)
    clock = workspace.runtime.clock
    assert isinstance(clock, Clock)
    clock.now = LAST + HOUR + MINUTE
    await workspace.candles.fill("bitcoin", HOUR, LAST - HOUR)
    script.candles = {"bitcoin": hours(0, 1)}
    (late,) = await workspace.candles.fill("bitcoin", HOUR, LAST - HOUR)
    script.candles, clock.now = {}, LAST + 2 * HOUR + 40 * MINUTE
    await workspace.candles.fill("bitcoin", HOUR, LAST - HOUR)
    script.spans.clear()
    (given_up,) = await workspace.candles.fill("bitcoin", HOUR, LAST - HOUR)

    assert (late.came, late.gaps) == (1, ())
    assert (script.spans, given_up.gaps) == ([], ((LAST + HOUR, LAST + HOUR),))


async def test_gaps_are_asked_for_again_on_wish_and_not_more_than_once_an_hour(
    workspace: Workspace, script: Script
) -> None:
    await connected(workspace, script, 0, 1, 4, 5)
    first = LAST - 9 * HOUR
    await workspace.candles.fill("bitcoin", HOUR, first)
    script.candles = {"bitcoin": hours(*range(6))}
    script.spans.clear()
    (filled,) = await workspace.candles.fill("bitcoin", HOUR, first, again=True)
    await workspace.candles.fill("bitcoin", HOUR, first, again=True)

    assert script.spans == [(LAST - 3 * HOUR, LAST - 2 * HOUR)]
    assert (filled.came, filled.gaps) == (2, ((first, LAST - 6 * HOUR),))


async def test_gaps_and_candles_that_are_none_are_one_finding_a_market(workspace: Workspace, script: Script) -> None:
    await connected(workspace, script, 0, 4, 5, 9)
    script.candles["bitcoin"] += candles("5", "6", last_days_ago=4)
    script.candles["bitcoin"] += candles("7")
    script.candles["bitcoin"] += [replace(hours(2)[0], close=Decimal("NaN"))]
    await workspace.candles.fill("bitcoin", HOUR, LAST - 12 * HOUR)
    await workspace.candles.fill("bitcoin", DAY, NOW - 30 * DAY)
    told = {one.code: one for one in await workspace.findings.all()}

    assert told.keys() == {"candle-gap", "candles-refused"}
    assert told["candle-gap"].message == "Kraken has no candles of BTC for 2 days and 6 hours."
    assert told["candle-gap"].detail.endswith("No other connected venue has them either; nothing is filled in.")
    assert (told["candle-gap"].fix, told["candle-gap"].place) == ("Fill again", "markets/bitcoin")
    assert told["candles-refused"].message == "Kraken told candles of BTC that are none: 1 not a number."


def test_that_another_venue_has_what_is_missing_is_said() -> None:
    words = Words({"kraken": "Kraken", "binance": "Binance"}, ASSETS)
    here, there = HOURS, replace(HOURS, source="binance")
    (found,) = of_gaps({here: [(0, HOUR)], there: []}, words)

    assert found.detail.endswith("Binance has them.")


async def test_the_hour_that_is_not_over_is_not_kept(workspace: Workspace, script: Script) -> None:
    await connected(workspace, script, -1, 0)
    (filled,) = await workspace.candles.fill("bitcoin", HOUR, LAST)

    assert (filled.came, await workspace.candles.of(HOURS, 0, 2 * NOW)) == (1, hours(0))


async def test_candles_that_are_none_are_refused_by_why_and_told(workspace: Workspace, script: Script) -> None:
    await connected(workspace, script, 0)
    good = script.candles["bitcoin"][0]
    script.candles["bitcoin"] += [
        replace(good, at=LAST - HOUR, close=Decimal("NaN")),
        replace(good, at=LAST - 2 * HOUR, low=Decimal(-1)),
        replace(good, at=LAST - 3 * HOUR + MINUTE),
    ]
    (filled,) = await workspace.candles.fill("bitcoin", HOUR, LAST - 3 * HOUR)

    assert dict(filled.refused) == {"not a number": 1, "not above zero": 1, "not at the start of its interval": 1}
    assert filled.gaps == ((LAST - 3 * HOUR, LAST - HOUR),)
    assert [finding.code for finding in workspace.candles.findings_of([filled])] == ["candle-gap", "candles-refused"]


async def test_a_venue_that_cannot_be_read_is_asked_again_the_next_time(workspace: Workspace, script: Script) -> None:
    await connected(workspace, script, 0)
    script.candles_fault = RetryableError("Kraken did not answer.")
    (failed,) = await workspace.candles.fill("bitcoin", HOUR, LAST)
    script.candles_fault = None
    (filled,) = await workspace.candles.fill("bitcoin", HOUR, LAST)

    assert (failed.fault, failed.came) == ("Kraken did not answer.", 0)
    assert filled.came == 1


async def test_an_interval_that_is_not_kept_is_told(workspace: Workspace) -> None:
    with pytest.raises(InputError, match="no interval of candles"):
        await workspace.candles.fill("bitcoin", 7, 0)


async def test_live_prices_grow_minutes_without_a_volume(workspace: Workspace) -> None:
    for minute, price in enumerate(("100", "103", "101", "104")):
        workspace.candles.grow(structs.replace(tick("bitcoin", price), at=NOW + minute * MINUTE))
    kept = await workspace.candles.keep_grown()
    found = await workspace.candles.of(Series("bitcoin", "usd", "kraken", MINUTE), 0, NOW + DAY)

    assert (kept, [one.close for one in found], {one.volume for one in found}) == (
        2,
        [Decimal(100), Decimal(103)],
        {None},
    )


async def test_the_prices_of_a_connection_grow_minutes(workspace: Workspace, script: Script) -> None:
    await workspace.connections.add(venue="kraken", name="main", credentials=KEY)
    script.held = {"bitcoin": "1"}
    script.ticks = [structs.replace(tick("bitcoin", "50"), at=NOW + minute * MINUTE) for minute in range(5)]
    heard = asyncio.Queue[MarksChanged]()
    workspace.events.subscribe(MarksChanged, heard.put_nowait)
    await workspace.ingest.sync([], lambda *_: None)
    workspace.market_data.start_live()
    await asyncio.wait_for(heard.get(), 10)

    assert await workspace.candles.keep_grown() == 3


async def test_only_long_gaps_of_minutes_are_told(workspace: Workspace) -> None:
    store, first = workspace._vault.prices.candles, NOW // DAY * DAY
    minutes = replace(HOURS, interval=MINUTE)
    told = [Candle(first + one * MINUTE, *(Decimal(1),) * 4, Decimal(1)) for one in (0, 30, 31, 100)]
    store.add(minutes, told, (first, first + 100 * MINUTE))

    assert missing(store) == {minutes: [(first + 32 * MINUTE, first + 99 * MINUTE)]}
