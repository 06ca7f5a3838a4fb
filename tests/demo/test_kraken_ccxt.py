"""ccxt's own client of Kraken reads the truth from the simulated one, digit for digit."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import ccxt.pro
import pytest

from app.demo.kraken import KrakenServer
from app.demo.world import World
from tests.demo.conftest import NOW, PATIENT

CODES = {"bitcoin": "BTC", "dogecoin": "DOGE", "eur": "EUR", "usd": "USD", "ripple": "XRP"}


@pytest.fixture
async def opened() -> AsyncIterator[list[Any]]:
    clients: list[Any] = []
    yield clients
    for client in clients:
        await client.close()


async def connected(server: KrakenServer, opened: list[Any]) -> Any:
    client = ccxt.pro.kraken({**server.credentials["read"], "enableRateLimit": False})
    client.urls["api"].update(public=server.endpoint, private=server.endpoint)
    client.urls["api"]["ws"]["publicV2"] = server.endpoint.replace("http", "ws") + "/v2"
    opened.append(client)
    # ccxt cannot load markets once its numbers are decimals.
    await client.load_markets()
    client.number = Decimal
    return client


async def test_balances_are_the_truth(kraken: KrakenServer, opened: list[Any], small_world: World) -> None:
    client = await connected(kraken, opened)
    told = (await client.fetch_balance())["total"]
    truth = small_world.balances("kraken")

    for asset, code in CODES.items():
        assert told[code] == truth["spot", asset]
    assert told["DOT28.S"] == truth["staked", "polkadot"]
    assert not any(isinstance(quantity, float) for quantity in told.values())


async def test_the_ledger_is_the_truth(kraken: KrakenServer, opened: list[Any], small_world: World) -> None:
    client = await connected(kraken, opened)
    rows: dict[str, Any] = {}
    count = 1
    while len(rows) < count:
        page = await client.fetch_ledger(params={"ofs": len(rows)})
        count = client.parse_json(client.last_http_response)["result"]["count"]
        rows |= {row["id"]: row["info"] for row in page}
    euros = [row for row in rows.values() if row["asset"] == "ZEUR"]

    assert (
        sum(Decimal(row["amount"]) - Decimal(row["fee"]) for row in euros)
        == small_world.balances("kraken")["spot", "eur"]
    )
    assert {row["refid"] for row in rows.values() if row["type"] == "trade"} == {
        event.native_id for event in small_world.events("kraken") if event.kind == "trade"
    }


async def test_trades_and_transfers_are_the_truth(kraken: KrakenServer, opened: list[Any], small_world: World) -> None:
    client = await connected(kraken, opened)
    events = {event.native_id: event for event in small_world.events("kraken")}
    trades = await client.fetch_my_trades()
    transfers = [*(await client.fetch_deposits()), *(await client.fetch_withdrawals())]

    assert len(trades) == 50
    for trade in trades:
        event = events[trade["id"]]
        assert (trade["side"], trade["price"], trade["amount"], trade["order"]) == (
            event.side,
            event.price,
            event.quantity,
            event.order_id,
        )
    for transfer in transfers:
        event = events[transfer["id"]]
        assert (transfer["amount"], transfer["fee"]["cost"]) == (event.quantity, event.fee)
        assert transfer["timestamp"] == event.at // 10**9 * 1000


async def test_tickers_and_candles_are_the_truth(kraken: KrakenServer, opened: list[Any], small_world: World) -> None:
    client = await connected(kraken, opened)
    tickers = await client.fetch_tickers(["BTC/USD", "DOGE/USD", "ETH/EUR", "ETH/BTC"])
    candles = await client.fetch_ohlcv("BTC/USD", "1d")
    market = small_world.market

    assert tickers["BTC/USD"]["last"] == market.price("bitcoin", "usd", NOW, "kraken")
    assert tickers["DOGE/USD"]["last"] == market.price("dogecoin", "usd", NOW, "kraken")
    assert tickers["ETH/EUR"]["last"] == market.price("ethereum", "eur", NOW, "kraken")
    assert tickers["ETH/BTC"]["last"] == market.price("ethereum", "bitcoin", NOW, "kraken")
    assert candles[-1][4] == tickers["BTC/USD"]["last"]


async def test_live_prices_reach_ccxt_while_the_market_moves(opened: list[Any]) -> None:
    server = KrakenServer(World(seed=7, scale=0.02, now=time.time_ns), tier=PATIENT)
    await server.start()
    client = await connected(server, opened)
    seen: dict[str, set[Decimal]] = {"BTC/USD": set(), "ETH/EUR": set()}
    async with asyncio.timeout(20):
        while min(map(len, seen.values())) < 3:
            for symbol, ticker in (await client.watch_tickers(list(seen))).items():
                seen[symbol].add(ticker["last"])
    await client.close()
    await server.stop()

    assert all(isinstance(price, Decimal) for prices in seen.values() for price in prices)
