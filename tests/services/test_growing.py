"""Candles that are not over: asked of their venue, grown by its live prices, and never kept or counted."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from msgspec import structs

from app.core.clock import DAY, SECOND
from app.core.errors import RetryableError
from app.core.market.candles import HOUR, MINUTE
from app.core.model.market import Candle, Series
from app.services.workspace import Workspace
from tests.services.books import KEY, NOW, Clock, Script, tick

D = Decimal
START = NOW // DAY * DAY
TODAY = Candle(START, D(100), D(110), D(95), D(105), D(7))


@pytest.fixture
async def books(workspace: Workspace, script: Script) -> Workspace:
    """Return books whose venue tells yesterday and today, as it was when it was asked."""
    await workspace.connections.add(venue="kraken", name="main", credentials=KEY)
    script.candles = {"bitcoin": [replace(TODAY, at=START - DAY), TODAY]}
    return workspace


def live(workspace: Workspace, price: str, later: int = SECOND, *, quote: str = "usd", venue: str = "kraken") -> None:
    """Let a venue tell a price some time after now."""
    workspace.market_data.board.take(structs.replace(tick("bitcoin", price, quote=quote, venue=venue), at=NOW + later))


def clock(workspace: Workspace) -> Clock:
    found = workspace.runtime.clock
    assert isinstance(found, Clock)
    return found


async def test_a_venue_tells_how_today_is_so_far_and_nothing_else(books: Workspace, script: Script) -> None:
    await books.growing.ask("bitcoin", "kraken", DAY)
    found = books.growing.now("bitcoin", "kraken", DAY)

    assert found is not None
    assert (found.candle, found.at, script.spans) == (TODAY, NOW, [(START, START)])


async def test_live_prices_grow_it_and_an_older_one_does_not(books: Workspace) -> None:
    await books.growing.ask("bitcoin", "kraken", DAY)
    before = books.growing.now("bitcoin", "kraken", DAY)
    seen = []
    for second, price in enumerate(("112", "90", "101"), start=1):
        live(books, price, second * SECOND)
        found = books.growing.now("bitcoin", "kraken", DAY)
        assert found is not None
        seen.append((found.candle.high, found.candle.low, found.candle.close, found.at - NOW))
    live(books, "500", -SECOND)
    after = books.growing.now("bitcoin", "kraken", DAY)

    assert before is not None
    assert after is not None
    assert seen == [
        (D(112), D(95), D(112), SECOND), (D(112), D(90), D(90), 2 * SECOND), (D(112), D(90), D(101), 3 * SECOND)
    ]  # fmt: skip
    assert after.candle == replace(TODAY, high=D(112), low=D(90), close=D(101))


async def test_only_prices_of_its_own_venue_and_money_grow_it(books: Workspace) -> None:
    await books.growing.ask("bitcoin", "kraken", DAY)
    live(books, "300", venue="binance")
    live(books, "0.5", quote="ethereum")
    found = books.growing.now("bitcoin", "kraken", DAY)

    assert found is not None
    assert found.candle == TODAY


async def test_where_a_venue_has_no_dollars_its_stablecoin_grows_it(books: Workspace) -> None:
    await books.growing.ask("bitcoin", "kraken", DAY)
    live(books, "111", quote="tether")
    found = books.growing.now("bitcoin", "kraken", DAY)

    assert found is not None
    assert found.candle.high == D(111)


async def test_it_is_kept_nowhere_and_no_day_that_risk_reads(books: Workspace) -> None:
    await books.growing.ask("bitcoin", "kraken", DAY)
    live(books, "112")
    books.growing.now("bitcoin", "kraken", DAY)
    await books.candles.fill("bitcoin", DAY, START - DAY)
    kept = await books.candles.of(Series("bitcoin", "usd", "kraken", DAY), 0, NOW + DAY)
    closes = (await books.market_data.closes(["bitcoin"]))["bitcoin"]

    assert [one.at for one in kept] == [START - DAY]
    assert list(closes) == [START // DAY - 1]


async def test_a_venue_is_asked_once_a_minute_and_again_for_the_next_day(books: Workspace, script: Script) -> None:
    for later in (0, 30 * SECOND, 61 * SECOND, 90 * SECOND):
        clock(books).now = NOW + later
        await books.growing.ask("bitcoin", "kraken", DAY)
    within = len(script.spans)
    clock(books).now = START + DAY + SECOND
    ended = books.growing.now("bitcoin", "kraken", DAY)
    await books.growing.ask("bitcoin", "kraken", DAY)

    assert (within, ended) == (2, None)
    assert script.spans[-1] == (START + DAY, START + DAY)


async def test_days_and_hours_are_asked_for_longer_ones(books: Workspace, script: Script) -> None:
    for interval, kept in ((7 * DAY, DAY), (4 * HOUR, HOUR), (5 * MINUTE, MINUTE)):
        await books.growing.ask("bitcoin", "kraken", interval)

        assert script.spans[-1] == (NOW // kept * kept,) * 2


async def test_a_venue_that_cannot_be_read_or_is_none_leaves_it_unknown(books: Workspace, script: Script) -> None:
    script.candles_fault = RetryableError("Kraken is away.", hint="Try again later.")
    await books.growing.ask("bitcoin", "kraken", DAY)
    await books.growing.ask("bitcoin", "elsewhere", DAY)

    assert [books.growing.now("bitcoin", source, DAY) for source in ("kraken", "elsewhere")] == [None, None]


async def test_what_is_no_candle_is_not_believed(books: Workspace, script: Script) -> None:
    script.candles = {"bitcoin": [replace(TODAY, low=D(200))]}
    await books.growing.ask("bitcoin", "kraken", DAY)

    assert books.growing.now("bitcoin", "kraken", DAY) is None


async def test_of_closes_the_mark_of_today_is_all_that_is_known(books: Workspace) -> None:
    live(books, "112")
    books.market_data.board.settle()
    found = books.growing.marked("bitcoin")
    clock(books).now = START + DAY

    assert found is not None
    assert found.candle == Candle(START, D(112), D(112), D(112), D(112), None)
    assert books.growing.marked("bitcoin") is None
