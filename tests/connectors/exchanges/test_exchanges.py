"""What all venues share: desks, sockets, markets, exact numbers, and the window's loop that must not wait."""

from __future__ import annotations

import asyncio
import gc
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest

from app.connectors.exchanges.guard import guarded
from app.core.errors import BadResponseError, CounterfoilError, InputError
from app.core.model.accounts import Connection, Credentials
from tests.connectors.exchanges.contract import Case
from tests.connectors.exchanges.kraken_case import PAIRS, SmallKraken
from tests.connectors.exchanges.scripted import Reply

VENUE = SmallKraken

MANY = 1500
_LONGEST_STALL = 0.12
"""A machine that is busy with other things is given more than a frame."""


def test_venues_are_listed_by_name_with_what_they_read(case: Case) -> None:
    venues = case.exchanges.venues()
    words = {"balances", "trades", "deposits", "withdrawals", "fees", "rewards", "conversions", "funding", "futures"}
    words.add("live")

    assert [one.venue_id for one in venues] == ["binance", "coinbase", "kraken", "krakenfutures"]
    assert [set(one.reads) for one in venues] == [words] * 4
    assert all(one.key_help and one.importer and one.history for one in venues)


def test_a_venue_that_is_not_there_is_named_with_those_that_are(case: Case) -> None:
    with pytest.raises(InputError) as refused:
        case.exchanges.open(Connection("main", "mtgox", "account"), Credentials({}))

    assert "There are: binance, coinbase, kraken, krakenfutures." in refused.value.line()


async def test_opening_sends_nothing(case: Case, server: SmallKraken) -> None:
    case.open()

    assert server.asked == []


async def test_a_key_is_printed_nowhere(case: Case) -> None:
    exchange = case.open()
    await exchange.balances()
    shown = repr(exchange) + repr(vars(exchange)["_key"]) + repr(Credentials(dict(case.credentials)))

    assert [word for word in case.credentials.values() if word in shown] == []


async def test_a_desk_is_closed_with_its_last_connection_and_its_budget_is_remembered(case: Case) -> None:
    one, other = case.open("one"), case.open("other")
    await one.balances()
    used = one.budget_used()
    await one.close()
    await other.balances()
    await other.close()
    case.opened.clear()
    again = case.open()

    assert Decimal(0) < used < 1
    assert again.budget_used() >= used - Decimal("0.01")


async def test_closing_twice_leaves_the_others_open(case: Case) -> None:
    one, other = case.open("one"), case.open("other")
    await one.close()
    await one.close()

    assert (await other.balances()).balances


async def test_equal_keys_draw_on_one_budget_and_others_on_their_own(case: Case) -> None:
    one = case.open("one")
    await one.balances()
    other_key = Credentials({**case.credentials, "apiKey": "another"})
    other = case.exchanges.open(Connection("x", "kraken", "a", endpoint=case.server.endpoint), other_key)
    case.opened.append(other)

    assert case.open("two").budget_used() == pytest.approx(one.budget_used(), abs=Decimal("0.01"))
    assert other.budget_used() == 0


@pytest.mark.parametrize("venue", ["binance", "coinbase", "kraken"])
def test_a_client_without_a_key_has_used_none_of_a_keys_budgets(case: Case, venue: str) -> None:
    exchange = case.exchanges.open(Connection("x", venue, "a", endpoint=case.server.endpoint), None)
    case.opened.append(exchange)

    assert exchange.budget_used() == 0


async def test_requests_with_a_key_arrive_in_the_order_of_their_nonces(case: Case, server: SmallKraken) -> None:
    exchanges = [case.open(str(number)) for number in range(4)]
    await asyncio.gather(*(one.balances() for one in exchanges), *(one.probe() for one in exchanges))
    nonces = [int(one.fields["nonce"]) for one in server.asked]

    assert len(nonces) == 16
    assert nonces == sorted(nonces)


async def test_who_gives_up_on_a_silent_venue_leaves_no_thread_waiting(case: Case) -> None:
    asked, released, executor = asyncio.Event(), asyncio.Event(), ThreadPoolExecutor(1)
    asyncio.get_running_loop().set_default_executor(executor)

    async def silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await released.wait()
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        exchange = case.exchanges.open(Connection("x", "kraken", "a", endpoint=address), None)
        asking = asyncio.create_task(exchange.tickers(["bitcoin"], "usd"))
        await asyncio.wait_for(asked.wait(), 10)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)
        freed = await asyncio.wait_for(asyncio.to_thread(int, "1"), 10)
        released.set()
        await exchange.close()

    assert freed == 1


async def test_markets_that_make_no_sense_are_told_and_loaded_anew(case: Case, server: SmallKraken) -> None:
    server.next("AssetPairs", *[Reply({"error": [], "result": {"XXBTZUSD": {"base": "XXBT"}}})] * 2)
    exchange = case.open()
    with pytest.raises(BadResponseError):
        await exchange.tickers(["bitcoin"], "usd")

    assert len(await exchange.tickers(["bitcoin"], "usd")) == 1


async def test_a_price_of_garbage_is_a_fault_of_ours(case: Case, server: SmallKraken) -> None:
    server.results["Ticker"] = {"XXBTZUSD": {"c": "odd"}}
    server.results["OHLC"] = {"XXBTZUSD": [["odd"]], "last": 1}
    exchange = case.open()
    for ask in (exchange.tickers(["bitcoin"], "usd"), exchange.candles("bitcoin", "usd", 0)):
        try:
            found: Any = await ask
        except CounterfoilError:
            found = []

        assert list(found) == []


async def test_the_loop_goes_on_while_many_markets_are_loaded(case: Case, server: SmallKraken) -> None:
    pairs = {
        f"A{number}ZUSD": PAIRS["XXBTZUSD"] | {"base": f"A{number}", "wsname": f"A{number}/USD"}
        for number in range(MANY)
    }
    # Written before the clock runs: the server shares the loop with what is measured.
    server.next("AssetPairs", Reply(json.dumps({"error": [], "result": pairs | PAIRS})))
    exchange = case.open()
    # Loading ccxt's classes is done; what is left is the parsing.
    await exchange.balances()
    stalls: list[float] = []
    gc.collect()
    beat = asyncio.ensure_future(_beat(stalls))
    ticks = await exchange.tickers(["bitcoin"], "usd")
    beat.cancel()

    assert len(ticks) == 1
    assert max(stalls) < _LONGEST_STALL


async def _beat(stalls: list[float]) -> None:
    loop = asyncio.get_running_loop()
    while True:
        before = loop.time()
        await asyncio.sleep(0.001)
        stalls.append(loop.time() - before)


def test_exact_numbers_survive_that_ccxt_reads_its_own_results_again() -> None:
    exchange = guarded("kraken")({})
    exchange.number = Decimal
    price = Decimal("0.000000123456789012345678")
    row = {"a": price, "b": None, "c": 7, "d": ""}

    assert exchange.safe_ticker({"symbol": "A", "last": price, "close": price})["last"] == price
    assert [exchange.safe_string(row, key, "?") for key in "abcde"] == [
        "0.000000123456789012345678",
        "?",
        "7",
        "?",
        "?",
    ]
    assert exchange.safe_string_2(row, "b", "a") == exchange.safe_string_n(row, ["e", "a"]) == f"{price:f}"


def test_a_command_that_sends_nothing_loads_no_client() -> None:
    code = "import sys, app.connectors.exchanges; print([one for one in ('ccxt', 'aiohttp') if one in sys.modules])"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603

    assert said.stdout.strip() == "[]"


def test_one_venue_loads_no_other() -> None:
    code = (
        "import sys; from app.connectors.exchanges.guard import guarded; guarded('kraken', is_live=True);"
        " print(sorted(one for one in sys.modules if one.startswith('ccxt.pro.')))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603

    assert said.stdout.strip() == "['ccxt.pro.kraken']"
