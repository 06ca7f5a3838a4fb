"""What the desk of risk knows of the markets of a vault: depth while it looks, spreads and volumes that were seen."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from app.cli.leaving_words import document, show
from app.cli.output import Output
from app.core.clock import DAY, SECOND
from app.core.errors import RetryableError
from app.core.market.candles import HOUR
from app.core.market.spreads import perpetual
from app.core.model.futures import FuturesPosition, MarginWallet, Part, Told
from app.core.model.market import Candle, Instrument
from app.core.model.order_books import SILENT_NS, BookState, BookView
from app.core.model.pages import BalancePage
from app.core.risk.leaving import Knows
from app.core.risk.study import Question
from app.services import order_books, risk
from app.services.contract_volumes import DAYS
from app.services.events import BooksChanged
from app.services.risk import Report
from app.services.risk_leaving import LEAST, volume_of
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

LONG = 200
ASKED = Question(window=100)


def closes(start: float) -> list[str]:
    return [f"{start + start / 5 * math.sin(day * day / 3):.2f}" for day in range(LONG)]


def depth(asset: str, middle: str, *, size: str = "1", at: int = NOW) -> BookView:
    """Return three levels a side, one per cent apart."""
    around = Decimal(middle)
    steps = [around / 100 * place for place in range(1, 4)]
    bids, asks = (tuple((around + sign * step, Decimal(size)) for step in steps) for sign in (-1, 1))
    return BookView(Instrument("kraken", f"{asset}/USD", asset, "usd"), BookState.IN_STEP, bids, asks, at)


@pytest.fixture
async def books(workspace: Workspace, script: Script) -> Workspace:
    """Return two bitcoins and ten ether, marked at 100 and 10, with half a year of closes."""
    script.pages = [page(deposit("b", "2", days_ago=LONG), deposit("e", "10", "ethereum", days_ago=LONG), cursor="1")]
    script.held = {"bitcoin": "2", "ethereum": "10"}
    script.ticks = [tick("bitcoin", "100"), tick("ethereum", "10")]
    script.candles = {"bitcoin": candles(*closes(100)), "ethereum": candles(*closes(10))}
    await workspace.connections.add(venue="kraken", name="main", credentials=KEY)
    await workspace.ingest.sync([], no_progress)
    await workspace.market_data.refresh()
    return workspace


async def looked(workspace: Workspace, script: Script, *views: BookView) -> Report:
    """Look until the books are there, and report."""
    script.books = list(views)
    moved = asyncio.Event()
    workspace.events.subscribe(BooksChanged, lambda _event: moved.set())
    workspace.risk.look_at((await workspace.portfolio.positions()).positions)
    async with asyncio.timeout(20):
        while not all(workspace.order_books.look(view.instrument.base).views for view in views):
            moved.clear()
            await moved.wait()
    return await workspace.risk.report(ASKED)


async def test_nobody_looked_so_costs_are_unknown_and_days_follow_from_candles(books: Workspace) -> None:
    left = (await books.risk.report(ASKED)).leaving
    days = {way.asset: way.days for way in left.ways}

    assert not left.is_watched
    assert (left.exit_cost.value, left.spread_cost.value) == (None, None)
    # One unit is traded in a day: two bitcoins take twenty days at a tenth of it, ten ether a hundred.
    assert days == {"bitcoin": pytest.approx(20), "ethereum": pytest.approx(100)}


async def test_depth_that_is_looked_at_tells_what_closing_costs(books: Workspace, script: Script) -> None:
    found = await looked(books, script, depth("bitcoin", "100", size="2"))
    bitcoin, ether = found.leaving.ways
    named = found.leaving.exit_cost.basis.coverage

    assert (bitcoin.knows, bitcoin.venues) == (Knows.DEPTH, ("kraken",))
    assert bitcoin.cost == pytest.approx(2.0)
    assert (ether.knows, ether.cost) == (Knows.NOTHING, None)
    assert named.left_out == ("ethereum",)
    assert named.share == pytest.approx(2 / 3)
    assert found.leaving.is_watched


async def test_a_book_that_nothing_was_heard_of_is_not_believed(books: Workspace, script: Script) -> None:
    found = await looked(books, script, depth("bitcoin", "100", at=NOW - 2 * SILENT_NS))

    assert found.leaving.exit_cost.value is None


async def test_why_there_are_no_books_is_told_beside_what_is_known(books: Workspace, script: Script) -> None:
    script.books_fault = RetryableError("Kraken is away.", hint="Try again later.")
    moved = asyncio.Event()
    books.events.subscribe(BooksChanged, lambda _event: moved.set())
    books.risk.look_at((await books.portfolio.positions()).positions)
    async with asyncio.timeout(20):
        await moved.wait()
    facts = (await books.risk.report(ASKED)).book.facts

    assert (facts.is_watched, facts.is_waiting) == (True, False)
    assert facts.faults == {"kraken": "Kraken is away. Try again later."}


async def test_only_the_largest_are_looked_at_and_the_others_named(
    books: Workspace, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_books, "MOST", 1)
    facts = (await looked(books, script, depth("bitcoin", "100"))).book.facts

    assert facts.unwatched == ("ethereum",)


async def test_who_looks_away_lets_the_books_go(books: Workspace, script: Script) -> None:
    await looked(books, script, depth("bitcoin", "100"))
    books.risk.look_at(())

    assert books.order_books.looked_at() == frozenset()


async def test_spreads_that_were_seen_widen_value_at_risk(books: Workspace, script: Script) -> None:
    for second in range(8):
        half = Decimal("0.5") + second % 2
        key, at = ("kraken", "bitcoin", "usd"), NOW - (60 - second) * SECOND
        books.market_data.spreads.saw(key, at, 100 - half, 100 + half)
    found = await books.risk.report(ASKED)
    tail, left = found.study.tail(), found.leaving
    cost = left.ways[0].spread_cost

    assert cost is not None
    assert left.adjusted(tail).value == pytest.approx((tail.value_at_risk or 0) + cost)
    assert left.spread_cost.basis.coverage.left_out == ("ethereum",)


async def kept_of(books: Workspace) -> list[str]:
    """Return of which assets spreads are kept."""
    return [one.base for one in await books._threads.read(books._vault.prices.spreads.all)]


async def test_spreads_are_kept_while_books_are_watched_before_a_report(
    books: Workspace, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(risk, "_KEPT_EVERY", 0.02)
    script.books = [depth("bitcoin", "100")]
    watching = asyncio.create_task(books.risk.watch(60))
    async with asyncio.timeout(20):
        while not await kept_of(books):  # noqa: ASYNC110 - a file tells nobody
            await asyncio.sleep(0.02)
    script.books_fault = RetryableError("Kraken is away.", hint="Try again later.")
    async with asyncio.timeout(20):
        while not books.order_books.look("bitcoin").faults:  # noqa: ASYNC110 - it publishes no event
            await asyncio.sleep(0.02)
    is_watching = not watching.done()
    watching.cancel()
    await asyncio.wait({watching})

    assert (is_watching, await kept_of(books)) == (True, ["bitcoin"])
    assert (await books.risk.report(ASKED)).leaving.ways[0].spread is not None


async def test_spreads_of_the_last_time_are_there_at_the_next_start_with_their_age(
    books: Workspace, script: Script, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for second in range(8):
        half = Decimal("0.5") + second % 2
        key, at = ("kraken", "bitcoin", "usd"), NOW - 5 * HOUR + second * SECOND
        books.market_data.spreads.saw(key, at, 100 - half, 100 + half)
    before = (await books.risk.report(ASKED)).leaving
    await books.lock()
    again = await VaultService(make_runtime(tmp_path, script)).unlock(books.path, PASSPHRASE)
    found = await again.risk.report(ASKED)
    await again.lock()
    show(Output(is_json=False), found)
    printed = capsys.readouterr().out
    bitcoin, ether = document(found)["assets"]
    (said,) = [one for one in found.leaving.spread_cost.basis.assumptions if "seen last" in one]

    assert before.spread_cost.value == found.leaving.spread_cost.value
    assert document(found)["var"] is not None
    assert (bitcoin["spread"]["age_seconds"], ether["spread"]) == (5 * 3_600 - 7, None)
    assert "the oldest 5.0 h ago" in printed
    assert said.startswith("Spreads of bitcoin ")


async def test_what_a_recording_told_of_spreads_is_not_kept(books: Workspace) -> None:
    books.market_data._replayed.add("bitcoin")
    for asset in ("bitcoin", "ethereum"):
        books.market_data.spreads.saw(("kraken", asset, "usd"), NOW, Decimal(99), Decimal(101))
    await books.market_data.keep_spreads()

    assert [one.base for one in books._vault.prices.spreads.all()] == ["ethereum"]


async def test_the_command_line_tells_unknown_as_null_and_in_words(
    books: Workspace, script: Script, capsys: pytest.CaptureFixture[str]
) -> None:
    found = await looked(books, script, depth("bitcoin", "100", size="1"))
    told = json.loads(json.dumps(document(found)))
    show(Output(is_json=False), found)
    printed = capsys.readouterr().out
    bitcoin, ether = told["assets"]

    assert (told["exit_cost"], told["var"], told["books_read"]) == ("3", None, True)
    assert (bitcoin["exit_cost"], bitcoin["known"], bitcoin["venues"]) == ("3", "depth", ["kraken"])
    assert (ether["exit_cost"], ether["filled"], ether["spread"]) == (None, None, None)
    assert "Liquidity-adjusted VaR is unknown" in printed
    assert "Closing at once costs 3.00" in printed


def told(count: int, volume: str | None, first: int = 0) -> Sequence[Candle]:
    one = Decimal(1)
    traded = None if volume is None else Decimal(volume)
    return [Candle((first + day) * DAY, one, one, one, one, traded) for day in range(count)]


def test_the_volume_of_a_day_is_the_mean_of_each_venue_added_up() -> None:
    found = volume_of({"kraken": told(DAYS, "10"), "binance": told(LEAST, "30"), "coinbase": told(LEAST - 1, "1000")})

    assert found is not None
    assert (found.daily, found.days, found.venues) == (40.0, DAYS, ("binance", "kraken"))


def test_a_day_without_a_candle_is_one_without_a_trade() -> None:
    found = volume_of({"kraken": [*told(5, "10"), *told(5, "10", first=15)]})

    assert found is not None
    assert (found.daily, found.days) == (5.0, 20)


def test_volumes_that_nobody_told_are_none() -> None:
    assert volume_of({"kraken": told(DAYS, None)}) is None
    assert volume_of({}) is None


async def hedged(books: Workspace) -> None:
    """Let the account be short of a bitcoin by a perpetual."""
    short = FuturesPosition("PF_XBTUSD", "bitcoin", Decimal(-1), "usd", Decimal(100))
    wallet = MarginWallet((("usd", Decimal(500)),), (short,))
    reading = BalancePage(b"{}", "application/json", NOW + 1, (), beside=[Told(Part.FUTURES, (wallet,))])
    await books._threads.write(books._vault.writer.append_balances, "main", "main", reading)


def contract() -> BookView:
    view = depth("bitcoin", "100")
    return replace(view, instrument=replace(view.instrument, symbol="PF_XBTUSD", is_perpetual=True))


async def until_looked(books: Workspace, is_there: Callable[[], bool]) -> None:
    """Look at everything until something is there."""
    moved = asyncio.Event()
    books.events.subscribe(BooksChanged, lambda _event: moved.set())
    books.risk.look_at((await books.portfolio.positions()).positions, await books.risk.perpetuals())
    async with asyncio.timeout(20):
        while not is_there():
            moved.clear()
            await moved.wait()


async def test_a_hedge_is_closed_through_the_book_of_its_own_contract_while_it_is_looked_at(
    books: Workspace, script: Script
) -> None:
    await hedged(books)
    before = await books.risk.report(ASKED)
    script.books = [contract()]
    wanted = await books.risk.perpetuals()
    await until_looked(books, lambda: books.order_books.perpetual(("kraken", "PF_XBTUSD")) is not None)
    after = await books.risk.report(ASKED)
    ways = {way.asset: way for way in after.leaving.ways}

    assert wanted == {("kraken", "PF_XBTUSD")}
    assert before.leaving.exit_cost.value is None
    # One is bought back one per cent above the middle; what is held has no book that is known.
    assert ways["bitcoin"].perpetuals.cost == pytest.approx(1.0)
    assert ways["bitcoin"].cost is None
    assert after.leaving.exit_cost.value == pytest.approx(1.0)


async def test_spreads_of_a_hedge_are_those_of_its_contract_and_of_nothing_else(
    books: Workspace, script: Script
) -> None:
    await hedged(books)
    for second in range(5):
        half = Decimal(second + 1) / 10
        books.market_data.spreads.saw(
            ("kraken", perpetual("PF_XBTUSD"), "usd"), NOW + second * SECOND, 100 - half, 100 + half
        )
    found = (await books.risk.report(ASKED)).leaving
    ways = {way.asset: way for way in found.ways}
    (closing,) = ways["bitcoin"].perpetuals.parts

    assert (closing.venue, ways["bitcoin"].spread, ways["bitcoin"].spread_cost) == ("kraken", None, None)
    assert closing.spread is not None
    assert closing.spread.mean == pytest.approx(0.006)
    assert found.spread_cost.value == closing.spread_cost


async def test_days_to_close_a_hedge_follow_what_is_traded_of_its_contract_which_is_asked_once(
    books: Workspace, script: Script
) -> None:
    await hedged(books)
    script.traded = {"PF_XBTUSD": {NOW // DAY - day: Decimal(4) for day in range(1, 31)}}
    await until_looked(books, lambda: bool(books.order_books.traded(("kraken", "PF_XBTUSD"))))
    found = {way.asset: way for way in (await books.risk.report(ASKED)).leaving.ways}["bitcoin"]

    # One, at a tenth of four a day; of the coin itself one is traded in a day, and two are held.
    assert (found.perpetuals.days, found.days, found.longest) == pytest.approx((2.5, 20.0, 20.0))
    assert script.traded_asked == ["PF_XBTUSD"]


async def test_a_venue_that_does_not_tell_what_is_traded_leaves_the_days_unknown(
    books: Workspace, script: Script
) -> None:
    await hedged(books)
    script.traded_fault = RetryableError("Kraken is away.", hint="Try again later.")
    script.books = [contract()]
    await until_looked(books, lambda: books.order_books.perpetual(("kraken", "PF_XBTUSD")) is not None)
    made = await books.risk.report(ASKED)
    found = {way.asset: way for way in made.leaving.ways}["bitcoin"]

    assert made.book.facts.faults == {"kraken": "Kraken is away. Try again later."}
    assert (found.perpetuals.days, found.longest) == (None, None)
    assert found.perpetuals.cost == pytest.approx(1.0)
