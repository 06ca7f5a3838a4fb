"""The simulated Coinbase writes what recorded answers of the venue have: the same fields, the same kinds of values."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from typing import Any

import aiohttp
import pytest

from app.core.clock import from_datetime
from app.demo import coinbase_wire as wire
from app.demo.coinbase import CoinbaseServer
from app.demo.coinbase_books import CoinbaseBooks
from app.demo.coinbase_markets import CoinbaseMarkets, candle_row, products
from app.demo.world import World

NOW = from_datetime(dt.datetime(2024, 6, 1, 12, tzinfo=dt.UTC))


@pytest.fixture(scope="module")
def world() -> Any:
    return World(7, 0.1, now=lambda: NOW)


@pytest.fixture(scope="module")
def books(world: World) -> Any:
    kept = CoinbaseBooks(world.seed)
    kept.take(world.events("coinbase"))
    return kept


@pytest.fixture(scope="module")
def markets(world: World) -> Any:
    return CoinbaseMarkets(world.market)


@pytest.fixture
def recorded(data_folder: Any) -> Any:
    return lambda name: json.loads((data_folder / "exchanges" / "coinbase" / f"{name}.json").read_text())


def shape(value: Any) -> Any:
    """Return the kinds of all values; of a list, that of its first element."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return type(value).__name__


def test_trading_accounts(recorded: Any, books: Any) -> None:
    ours = wire.trading_account_row(7, "bitcoin", books.balances["bitcoin"], books.times["bitcoin"])

    # The venue has named the platform since; the recorded answer is older.
    del ours["platform"]
    assert shape(recorded("http_accounts")["accounts"][0]) == shape(ours)


def test_fills(recorded: Any, books: Any) -> None:
    ours = wire.fill_row(7, books.fills[0])

    # The same holds for where a fill came from.
    del ours["fillSource"]
    assert shape(recorded("http_fills")["fills"][0]) == shape(ours)


@pytest.mark.parametrize(("place", "name"), [(0, "BTC-USD"), (1, "BTC-USDC")])
def test_products(recorded: Any, markets: Any, place: Any, name: Any) -> None:
    ours = markets.product_row(products()[name], NOW)

    assert shape(recorded("http_products")["products"][place]) == shape(ours)
    assert recorded("http_products")["products"][place]["alias_to"] == ours["alias_to"]
    assert recorded("http_products")["products"][place]["alias"] == ours["alias"]


def test_candles(recorded: Any, markets: Any) -> None:
    (candle,) = markets.candles(products()["BTC-USD"], NOW - 3_600 * 10**9, NOW, 3_600 * 10**9)

    assert shape(recorded("http_candles")["candles"][0]) == shape(candle_row(candle))


def test_market_trades(recorded: Any, markets: Any) -> None:
    assert shape(recorded("http_ticker")) == shape(markets.trades_row(products()["BTC-USD"], NOW, 3))


async def test_answers_and_messages(recorded: Any, world: World) -> None:
    server = CoinbaseServer(world)
    await server.start()
    base, told = f"{server.endpoint}/api/v3/brokerage/market", {}
    async with aiohttp.ClientSession() as session:
        for name, path in (("http_products", "products"), ("http_product_book", "product_book?product_id=BTC-USD")):
            async with session.get(f"{base}/{path}") as reply:
                told[name] = await reply.json()
        async with asyncio.timeout(5), session.ws_connect(server.endpoint) as socket:
            for channel in ("ticker", "heartbeats"):
                await socket.send_json({"type": "subscribe", "channel": channel, "product_ids": ["BTC-USD"]})
                told["ws_subscriptions"] = await socket.receive_json()
                told[f"ws_{channel}"] = await socket.receive_json()
    await server.stop()

    # Which channels are subscribed to is the subscriber's own choice.
    told["ws_subscriptions"]["events"][0]["subscriptions"] = recorded("ws_subscriptions")["events"][0]["subscriptions"]
    for name, ours in told.items():
        assert shape(recorded(name)) == shape(ours), name
