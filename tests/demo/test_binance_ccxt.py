"""The real client reads the simulated Binance as it reads the real one, and what it reads is the world's truth."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import aiohttp
import pytest
from ccxt import async_support as ccxt
from ccxt import pro

from app.core.clock import DAY, MILLISECOND, SECOND, from_datetime
from app.demo.binance import BinanceServer
from app.demo.events import Kind
from app.demo.faults import Fault
from app.demo.world import World
from tests.demo.binance_loopback import Moment, opened

START = from_datetime(dt.datetime(2024, 6, 1, 12, tzinfo=dt.UTC))
SETTINGS = {"options": {"fetchMarkets": ["spot"], "fetchMargins": True}}


@pytest.fixture
def moment() -> Any:
    return Moment(START)


@pytest.fixture
async def server(moment: Moment) -> AsyncIterator[BinanceServer]:
    venue = BinanceServer(World(7, 0.5, now=moment))
    venue.stream.interval = 0.02
    await venue.start()
    yield venue
    await venue.stop()


@pytest.fixture
async def client(server: BinanceServer, moment: Moment) -> AsyncIterator[Any]:
    async with opened(ccxt.binance, server, moment, SETTINGS) as one:
        yield one


@pytest.fixture
async def live(server: BinanceServer, moment: Moment) -> AsyncIterator[Any]:
    async with opened(pro.binance, server, moment, SETTINGS) as one:
        yield one


async def test_markets_and_currencies_are_read_with_a_key(client: Any) -> None:
    markets = await client.load_markets()

    assert {"BTC/USDT", "ETH/BTC", "EUR/USDT", "BTC/EUR"} < set(markets)
    assert client.currencies["BTC"]["networks"]["BTC"]["fee"] == Decimal("0.0001")


async def test_balances_are_the_world_s_and_a_locked_product_has_no_receipt(client: Any, server: BinanceServer) -> None:
    told = (await client.fetch_balance())["total"]

    expected = {
        ("LD" if place == "earn" else "") + SYMBOLS[asset]: quantity
        for (place, asset), quantity in server.world.balances("binance").items()
        if (place, asset) not in {("earn", "bnb"), ("earn", "solana")}
    }
    assert expected == {name: quantity for name, quantity in told.items() if quantity}


SYMBOLS = {
    "bitcoin": "BTC", "ethereum": "ETH", "solana": "SOL", "ripple": "XRP", "cardano": "ADA", "polkadot": "DOT",
    "chainlink": "LINK", "dogecoin": "DOGE", "bnb": "BNB", "tether": "USDT", "usd-coin": "USDC", "eur": "EUR",
    "ethereum-classic": "ETC", "stellar": "XLM", "near": "NEAR", "algorand": "ALGO", "tezos": "XTZ",
}  # fmt: skip


async def test_trades_are_the_world_s(client: Any, server: BinanceServer) -> None:
    told = await client.fetch_my_trades("ETH/USDT", limit=1000)

    events = [
        event
        for event in server.world.events("binance", kinds=(Kind.TRADE,))
        if (event.base, event.quote) == ("ethereum", "tether")
    ]
    assert [(e.native_id, e.order_id, e.side, e.price, e.quantity, e.cost) for e in events] == [
        (row["id"], row["order"], row["side"], row["price"], row["amount"], row["cost"]) for row in told
    ]
    assert [e.fee for e in events] == [Decimal(row["info"]["commission"]) for row in told]


async def test_deposits_and_withdrawals_are_the_world_s(client: Any, server: BinanceServer) -> None:
    since = START - 89 * DAY
    deposits = await client.fetch_deposits(since=since // MILLISECOND)
    withdrawals = await client.fetch_withdrawals(since=since // MILLISECOND)

    for kind, told in ((Kind.DEPOSIT, deposits), (Kind.WITHDRAWAL, withdrawals)):
        events = server.world.events("binance", since, START, (kind,))
        assert {(event.native_id, event.quantity, event.tx_hash) for event in events} == {
            (row["id"], row["amount"], row["txid"]) for row in told
        }
    assert {Decimal(row["info"]["transactionFee"]) for row in withdrawals} == {
        event.fee for event in server.world.events("binance", since, START, (Kind.WITHDRAWAL,))
    }


async def test_bank_transfers_and_sweeps_are_the_world_s(client: Any, server: BinanceServer) -> None:
    bank = await client.fetch_deposits("EUR", since=0)
    dust = await client.fetch_my_dust_trades()

    world = server.world
    assert len(world.events("binance", kinds=(Kind.FIAT_DEPOSIT,))) == len(bank)
    assert len(world.events("binance", kinds=(Kind.DUST,))) == len(dust)


async def test_tickers_are_the_market_s_price_of_this_moment(client: Any, server: BinanceServer) -> None:
    tickers = await client.fetch_tickers(["BTC/USDT", "ETH/BTC", "SOL/EUR"])

    assert {symbol: row["last"] for symbol, row in tickers.items()} == {
        "BTC/USDT": server.market.price("bitcoin", "tether", START, "binance"),
        "ETH/BTC": server.market.price("ethereum", "bitcoin", START, "binance"),
        "SOL/EUR": server.market.price("solana", "eur", START, "binance"),
    }


async def test_candles_start_where_they_are_asked_for_and_join(client: Any, server: BinanceServer) -> None:
    rows = await client.fetch_ohlcv("BTC/USDT", "1d", since=(START - 40 * DAY) // MILLISECOND, limit=30)

    first = -(-(START - 40 * DAY) // DAY) * DAY
    expected = server.market.candles("bitcoin", "tether", first, first + 30 * DAY, DAY, venue="binance")
    assert [[c.at // MILLISECOND, c.open, c.high, c.low, c.close, c.volume] for c in expected] == rows
    assert [row[4] for row in rows[:-1]] == [row[1] for row in rows[1:]]


async def test_what_happens_while_one_reads_is_told_at_the_next_reading(
    client: Any, server: BinanceServer, moment: Moment
) -> None:
    before = await client.fetch_my_trades("BTC/USDT", limit=1000)
    moment.now += 30 * DAY
    after = await client.fetch_my_trades("BTC/USDT", limit=1000)

    assert len(after) > len(before)
    assert before == after[: len(before)]


async def test_live_tickers_follow_the_market(live: Any, server: BinanceServer, moment: Moment) -> None:
    async with asyncio.timeout(5):
        first = await live.watch_ticker("BTC/USDT")
        moment.now += 60 * SECOND
        second = await live.watch_ticker("BTC/USDT")

    assert first["last"] == server.market.price("bitcoin", "tether", START, "binance")
    assert second["last"] == server.market.price("bitcoin", "tether", START + 60 * SECOND, "binance")


async def test_several_live_tickers_come_over_one_socket(live: Any, server: BinanceServer, moment: Moment) -> None:
    seen: dict[str, Any] = {}
    async with asyncio.timeout(5):
        while len(seen) < 3:
            seen |= await live.watch_tickers(["BTC/USDT", "ETH/USDT", "EUR/USDT"])
            moment.now += SECOND

    for symbol, asset in (("BTC/USDT", "bitcoin"), ("ETH/USDT", "ethereum"), ("EUR/USDT", "eur")):
        at = seen[symbol]["timestamp"] * MILLISECOND
        assert seen[symbol]["last"] == server.market.price(asset, "tether", at, "binance")


async def test_a_socket_can_be_dropped_and_opened_again(live: Any, server: BinanceServer, moment: Moment) -> None:
    async with asyncio.timeout(5):
        await live.watch_ticker("BTC/USDT")
        waiting = asyncio.ensure_future(live.watch_ticker("BTC/USDT"))
        await asyncio.sleep(0)
        dropped = await server.drop_sockets()
        with pytest.raises(ccxt.NetworkError):
            await waiting
        again = await live.watch_ticker("BTC/USDT")

    assert dropped == 1
    assert again["last"] == server.market.price("bitcoin", "tether", START, "binance")


async def test_combined_and_raw_streams_follow_the_venue_s_forms(server: BinanceServer) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(f"{server.endpoint}/stream?streams=btcusdt@miniTicker") as socket:
            combined = await socket.receive_json(timeout=5)
        async with session.ws_connect(f"{server.endpoint}/ws/btcusdt@ticker") as socket:
            raw = await socket.receive_json(timeout=5)
            await socket.send_json({"method": "LIST_SUBSCRIPTIONS", "id": 3})
            listed = await socket.receive_json(timeout=5)
            await socket.send_str("nonsense")
            refused = await socket.receive_json(timeout=5)

    assert (combined["stream"], combined["data"]["e"]) == ("btcusdt@miniTicker", "24hrMiniTicker")
    assert (raw["e"], raw["s"]) == ("24hrTicker", "BTCUSDT")
    assert listed == {"result": ["btcusdt@ticker"], "id": 3}
    assert refused["error"]["code"] == 3


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.RATE_LIMITED, ccxt.DDoSProtection),
        (Fault.SERVER_ERROR, ccxt.ExchangeNotAvailable),
        (Fault.TRUNCATED, ccxt.ExchangeError),
    ],
)
async def test_faults_reach_the_client_as_the_venue_s_would(
    client: Any, server: BinanceServer, fault: Any, error: Any
) -> None:
    await client.load_markets()
    server.faults.add(fault, "/api/v3/account")

    with pytest.raises(error):
        await client.fetch_balance()

    assert (await client.fetch_balance())["total"]["BTC"]


async def test_a_page_for_people_looks_like_an_empty_account_to_the_bare_client(
    client: Any, server: BinanceServer
) -> None:
    await client.load_markets()
    server.faults.add(Fault.HTML, "/api/v3/account")

    assert (await client.fetch_balance())["total"] == {}


async def test_a_limit_is_told_with_the_seconds_to_wait(client: Any, server: BinanceServer) -> None:
    await client.load_markets()
    server.limits.ip_per_minute = 20

    with pytest.raises(ccxt.DDoSProtection):
        await client.fetch_balance()

    assert client.last_response_headers["Retry-After"] == "60"
    assert int(client.last_response_headers["X-MBX-USED-WEIGHT-1M"]) > 20


async def test_a_clock_that_is_off_is_told_as_one(client: Any, server: BinanceServer) -> None:
    await client.load_markets()
    server.faults.skew_clock(60)

    with pytest.raises(ccxt.InvalidNonce):
        await client.fetch_balance()
