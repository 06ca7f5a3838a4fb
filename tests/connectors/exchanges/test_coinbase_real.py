"""Real answers of Coinbase through the real client: recorded ones, and those that ccxt keeps in its sources."""

from __future__ import annotations

import asyncio
from pathlib import Path

from app.core.clock import SECOND
from tests.connectors.exchanges.coinbase_case import SmallCoinbase
from tests.connectors.exchanges.contract import Case, read
from tests.connectors.exchanges.reading import ccxt_samples, in_json, recorded, shown
from tests.storage.journal_books import Books

VENUE = SmallCoinbase


async def test_recorded_accounts_count_what_is_on_hold(case: Case, server: SmallCoinbase, data_folder: Path) -> None:
    answer = in_json(recorded(data_folder, "coinbase", "http_accounts.json"))
    server._accounts = lambda: answer  # type: ignore[method-assign]
    server.wallets = {}
    held = {(one.sub_place, one.asset): str(one.quantity) for one in (await case.open().balances()).balances}

    assert held == {("spot", "bitcoin"): "1.23956789", ("spot", "usd"): "10450.50"}


async def test_recorded_fills_reach_the_books(
    case: Case, server: SmallCoinbase, books: Books, data_folder: Path
) -> None:
    server.fills = in_json(recorded(data_folder, "coinbase", "http_fills.json"))["fills"][::-1]
    for row in server.fills:
        row["trade_time"] = row["trade_time"].replace("2024-01-15", "2023-11-15")
    server.wallets = {}
    for page in await read(case.open()):
        books.writer.append_page("coinbase", "account", page)

    assert books.balances() == {"spot/bitcoin": "0.005", "spot/ethereum": "-0.0325", "spot/usd": "-127.25735"}
    assert books.verify().first_break == ""


async def test_a_sample_of_wallets_has_shells_that_are_not_asked(case: Case, server: SmallCoinbase) -> None:
    (shell,) = next(one for one in ccxt_samples("coinbase", "fetch_accounts_v2") if isinstance(one, dict))["data"]
    server.wallets = {}
    server.shells = ["XLM"]
    server._wallet = lambda _: in_json(shell)  # type: ignore[method-assign, assignment]
    await read(case.open())

    assert [one.path for one in server.asked if "/transactions" in one.path] == []


async def test_recorded_candles_are_in_order_of_time(case: Case, server: SmallCoinbase, data_folder: Path) -> None:
    server.products = in_json(recorded(data_folder, "coinbase", "http_products.json"))["products"]
    server.candles = in_json(recorded(data_folder, "coinbase", "http_candles.json"))["candles"]
    candles = await case.open().candles("bitcoin", "usd", 0)
    asked = next(one.fields for one in server.asked if one.path.endswith("candles"))

    assert [(one.at, str(one.close)) for one in candles] == [
        (1_712_188_800 * SECOND, "66314.59"),
        (1_712_192_400 * SECOND, "66181.6"),
    ]
    assert asked["granularity"] == "ONE_DAY"


async def test_recorded_products_are_tickers(case: Case, server: SmallCoinbase, data_folder: Path) -> None:
    server.products = in_json(recorded(data_folder, "coinbase", "http_products.json"))["products"]
    (tick,) = await case.open().tickers(["bitcoin"], "usd")

    assert (tick.base, tick.quote, str(tick.price)) == ("bitcoin", "usd", "68925.98")


async def test_a_recorded_message_is_a_live_price(case: Case, server: SmallCoinbase, data_folder: Path) -> None:
    server.products = in_json(recorded(data_folder, "coinbase", "http_products.json"))["products"]
    message = in_json(recorded(data_folder, "coinbase", "ws_ticker.json"))
    server.on_socket_message = lambda said: [message | {"channel": said["channel"]}]
    async with asyncio.timeout(3):
        seen = await anext(case.open().watch(["bitcoin"], "usd"))

    assert (seen.base, seen.quote, str(seen.price)) == ("bitcoin", "usd", "68900.50")


async def test_samples_of_older_transactions_are_read(case: Case, server: SmallCoinbase) -> None:
    samples = [one for one in ccxt_samples("coinbase", "parse_transaction") if isinstance(one, dict)]
    sent = in_json(next(one for one in samples if one.get("type") == "send"))
    server.fills, server.wallets = [], {"USDC": [sent | {"status": "completed", "created_at": "2023-11-15T01:27:31Z"}]}
    pages = await read(case.open())

    assert [shown(one.entry) for page in pages for one in page.candidates] == [
        "withdrawal transaction:a1794ecf-5693-55fa-70cf-ef731748ed82: -14.008308 usd-coin"
    ]
