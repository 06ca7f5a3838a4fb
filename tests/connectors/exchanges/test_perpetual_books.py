"""Order books of perpetuals: beside those of spot, by their own socket and their own numbers, and only while wanted."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.connectors.exchanges import CcxtExchanges, both_books
from app.connectors.exchanges.base import Reader
from app.connectors.exchanges.binance import Binance
from app.connectors.exchanges.binance.books import BinancePerpetualBooks
from app.connectors.exchanges.binance.calls import PERPETUAL_DEPTH
from app.connectors.exchanges.binance.contract_days import traded_in_days
from app.connectors.exchanges.kraken import Kraken
from app.connectors.limits import Scheduler
from app.core.clock import DAY, MILLISECOND
from app.core.errors import BadResponseError, SourceError
from app.core.model.accounts import Connection
from app.core.model.market import Instrument
from app.core.model.order_books import BookState, BookView
from app.core.ports import Exchange
from app.demo.binance import BinanceServer
from app.demo.faults import Fault
from app.demo.world import World
from tests.connectors.exchanges.reading import ASSETS
from tests.connectors.exchanges.simulated import Running

NOW = 1_790_000_000 * 10**9


@dataclass
class Both:
    """Looks at spot and perpetuals."""

    assets: set[str] = field(default_factory=set)
    contracts: set[str] = field(default_factory=set)
    shown: Sequence[BookView] = ()
    more: asyncio.Event = field(default_factory=asyncio.Event)

    def wanted(self) -> frozenset[str]:
        return frozenset(self.assets)

    def perpetuals(self) -> frozenset[str]:
        return frozenset(self.contracts)

    def show(self, views: Sequence[BookView]) -> None:
        self.shown = tuple(views)
        self.more.set()

    def whole(self) -> set[tuple[str, bool]]:
        return {(view.instrument.symbol, view.instrument.is_perpetual) for view in self.shown if view.is_whole}

    async def until(self, done: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not done():
                self.more.clear()
                await self.more.wait()


@pytest.fixture
async def server() -> AsyncIterator[BinanceServer]:
    made = BinanceServer(World(7, 0.02, Running().now_ns))
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def exchange(server: BinanceServer) -> AsyncIterator[Exchange]:
    exchanges = CcxtExchanges(ASSETS, Running(), Scheduler())
    opened = exchanges.open(Connection("main", "binance", "account", endpoint=server.endpoint), None)
    yield opened
    await opened.close()


@contextlib.asynccontextmanager
async def followed(exchange: Exchange, look: Both) -> AsyncIterator[None]:
    task = asyncio.create_task(exchange.books("usd", look))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


async def test_the_book_of_a_contract_comes_beside_that_of_the_coin_and_each_is_told_for_what_it_is(
    exchange: Exchange,
) -> None:
    look = Both({"bitcoin"}, {"BTCUSDT"})
    async with followed(exchange, look):
        await look.until(lambda: look.whole() == {("BTCUSDT", False), ("BTCUSDT", True)})
    (contract,) = [view.instrument for view in look.shown if view.instrument.is_perpetual]

    assert contract == Instrument("binance", "BTCUSDT", "bitcoin", "tether", is_perpetual=True)


async def test_a_change_of_a_contract_that_is_lost_is_noticed_and_its_book_fetched_anew(
    server: BinanceServer, exchange: Exchange
) -> None:
    look = Both(contracts={"SOLUSDT"})
    async with followed(exchange, look):
        await look.until(lambda: look.whole() == {("SOLUSDT", True)})
        server.faults.add(Fault.SKIPPED_CHANGE, "/ws/depth")
        await look.until(lambda: bool(look.whole()) and look.shown[0].gaps == 1)
        server.faults.clear()

    assert look.shown[0].is_whole


async def test_no_socket_is_opened_before_a_contract_is_wanted(exchange: Exchange) -> None:
    look = Both({"bitcoin"})
    async with followed(exchange, look):
        await look.until(lambda: bool(look.whole()))
        before = [one for one in asyncio.all_tasks() if "_receive" in repr(one.get_coro())]
        look.contracts = {"BTCUSDT"}
        await look.until(lambda: len(look.whole()) == 2)
        after = [one for one in asyncio.all_tasks() if "_receive" in repr(one.get_coro())]

    assert (len(before), len(after)) == (1, 2)


async def test_contracts_that_the_venue_does_not_give_leave_the_books_of_spot_alone(
    server: BinanceServer, exchange: Exchange, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(both_books, "_AGAIN", 0.1)
    look = Both({"bitcoin"}, {"NOSUCHUSDT", "BTCUSD_PERP"})
    async with followed(exchange, look):
        await look.until(lambda: look.whole() == {("BTCUSDT", False)})
        first = look.shown[0].bids
        await look.until(lambda: bool(look.whole()) and look.shown[0].bids != first)

    assert look.whole() == {("BTCUSDT", False)}


@pytest.mark.parametrize(
    ("symbol", "pair"),
    [
        ("BTCUSDT", ("bitcoin", "tether")),
        ("ETHUSDC", ("ethereum", "usd-coin")),
        ("1000SHIBUSDT", None),
        ("BTCUSD_PERP", None),
    ],
)
def test_only_contracts_on_single_units_have_a_book_that_prices_units(
    symbol: str, pair: tuple[str, str] | None
) -> None:
    def asset(native_id: str) -> str:
        return ASSETS.resolve("binance", native_id).asset_id

    assert Binance().perpetual(symbol, asset) == pair
    assert Kraken().perpetual("PF_XBTUSD", asset) is None


def change(first: int, last: int, before: int, bid: str) -> str:
    data = {"e": "depthUpdate", "E": 1, "T": 1, "s": "BTCUSDT", "U": first, "u": last, "pu": before,
            "b": [[bid, "1"]], "a": []}  # fmt: skip
    return json.dumps({"stream": "btcusdt@depth@100ms", "data": data})


def test_changes_of_a_contract_go_on_from_the_number_before_and_not_from_the_next() -> None:
    """Between two of them numbers are left out, which would be a gap on the spot market."""
    wire = BinancePerpetualBooks()
    wire.add("BTCUSDT", Instrument("binance", "BTCUSDT", "bitcoin", "tether", is_perpetual=True))
    book = wire.books["BTCUSDT"]
    states = []
    whole = {"lastUpdateId": 12, "bids": [["1", "1"]], "asks": [["9", "1"]]}
    wire.take([(change(10, 15, 8, "2"), NOW)])
    wire.take_whole("BTCUSDT", whole, NOW)
    states.append((book.book.state, book.view(5).bids[0][0]))
    wire.take([(change(20, 25, 15, "3"), NOW)])
    states.append((book.book.state, book.view(5).bids[0][0]))
    wire.take([(change(30, 35, 26, "4"), NOW)])

    assert [(state, int(bid)) for state, bid in states] == [(BookState.IN_STEP, 2), (BookState.IN_STEP, 3)]
    assert (book.book.state, book.book.gaps) == (BookState.LOST, 1)
    assert wire.whole("BTCUSDT") == (PERPETUAL_DEPTH, {"symbol": "BTCUSDT", "limit": 1_000})


async def test_what_is_traded_of_a_contract_is_told_of_whole_days_alone(exchange: Exchange) -> None:
    today = Running().now_ns() // DAY
    told = await exchange.traded("BTCUSDT", 30)
    spot = await exchange.candles("bitcoin", "tether", (today - 30) * DAY)

    assert sorted(told) == list(range(today - 30, today))
    # In the simulated market a contract is traded as its coin is.
    assert {one.at // DAY: one.volume for one in spot if one.at // DAY < today} == told


async def test_of_a_contract_that_is_not_about_single_units_nothing_is_asked(exchange: Exchange) -> None:
    before = exchange.calls().calls

    assert (await exchange.traded("1000SHIBUSDT", 30), await exchange.traded("BTCUSD_PERP", 30)) == ({}, {})
    assert exchange.calls().calls == before


async def test_a_contract_that_the_venue_does_not_know_is_a_fault_that_names_the_venue(exchange: Exchange) -> None:
    with pytest.raises(SourceError, match="Binance"):
        await exchange.traded("NOSUCHUSDT", 30)


class Told:
    """Answers whatever is asked with the same rows."""

    def __init__(self, rows: Sequence[object]) -> None:
        self.rows = rows

    def now_ns(self) -> int:
        return 20_000 * DAY + 5

    async def ask(self, *_words: object, **_more: object) -> Any:
        return SimpleNamespace(data=self.rows)


def day(number: int, volume: object) -> list[object]:
    return [number * DAY // MILLISECOND, "1", "1", "1", "1", volume, 0]


async def test_days_that_are_not_over_not_asked_for_or_below_nothing_do_not_count() -> None:
    rows = [day(19_989, "7"), day(19_998, "-1"), day(19_999, "2.5"), day(20_000, "9")]
    found = await traded_in_days(cast("Reader", Told(rows)), "BTCUSDT", 10)

    assert found == {19_999: Decimal("2.5")}


@pytest.mark.parametrize(
    "row", [[], day(19_999, None), day(19_999, "much"), day(19_999, 2.5), ["soon", 1, 1, 1, 1, "1"]]
)
async def test_a_day_that_cannot_be_read_is_told_and_not_taken_for_a_day_without_a_trade(row: list[object]) -> None:
    with pytest.raises(BadResponseError, match="days of BTCUSDT that cannot be read"):
        await traded_in_days(cast("Reader", Told([row])), "BTCUSDT", 10)
