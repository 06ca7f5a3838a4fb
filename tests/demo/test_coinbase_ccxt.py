"""The real client reads the simulated Coinbase as it reads the real one, and what it reads is the world's truth."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import aiohttp
import pytest
from ccxt import async_support as ccxt
from ccxt import pro

from app.core.clock import DAY, MILLISECOND, SECOND, from_datetime, parse_iso
from app.demo.coinbase import CoinbaseServer
from app.demo.events import Kind
from app.demo.faults import Fault
from app.demo.instruments import symbol
from app.demo.world import World
from tests.demo.binance_loopback import Moment, opened

START = from_datetime(dt.datetime(2024, 6, 1, 12, tzinfo=dt.UTC))
CENTS = Decimal("0.01")


@pytest.fixture
def moment() -> Any:
    return Moment(START)


@pytest.fixture
async def server(moment: Moment) -> AsyncIterator[CoinbaseServer]:
    venue = CoinbaseServer(World(7, 0.5, now=moment))
    venue.limits.public_per_second = venue.limits.private_per_second = 1_000
    venue.stream.pace = 50.0
    await venue.start()
    yield venue
    await venue.stop()


@pytest.fixture
async def client(server: CoinbaseServer, moment: Moment) -> AsyncIterator[Any]:
    async with opened(ccxt.coinbase, server, moment, {}) as one:
        yield one


@pytest.fixture
async def live(server: CoinbaseServer, moment: Moment) -> AsyncIterator[Any]:
    async with opened(pro.coinbase, server, moment, {}) as one:
        yield one


def happened(server: CoinbaseServer, *kinds: Any) -> Any:
    return server.world.events("coinbase", kinds=kinds)


async def all_transactions(client: Any, limit: Any = 100) -> Any:
    """Read every wallet to its end by the links of its pages."""
    found, after = [], None
    wallets = await client.v2PrivateGetAccounts({"limit": 100})
    for wallet in wallets["data"]:
        after = None
        while True:
            asked = {"account_id": wallet["id"], "limit": limit}
            body = await client.v2PrivateGetAccountsAccountIdTransactions(
                {**asked, **({"starting_after": after} if after else {})}
            )
            found.extend(body["data"])
            after = body["pagination"]["next_starting_after"]
            if body["pagination"]["next_uri"] is None:
                break
    return found


async def all_fills(client: Any, limit: Any = 100, **asked: Any) -> Any:
    found, cursor = [], ""
    while True:
        page = await client.v3PrivateGetBrokerageOrdersHistoricalFills({"limit": limit, "cursor": cursor, **asked})
        found.extend(page["fills"])
        cursor = page["cursor"]
        if not cursor:
            return found


async def test_markets_and_currencies_are_read(client: Any) -> None:
    markets = await client.load_markets()

    assert {"BTC/USD", "BTC/USDC", "BTC/EUR", "ETH/BTC", "USDT/USD"} < set(markets)
    assert markets["BTC/USD"]["taker"] == Decimal("0.006")
    assert client.currencies["BTC"]["type"] == "crypto"


async def test_trading_accounts_hold_the_world_s_balances(client: Any, server: CoinbaseServer) -> None:
    rows = (await client.v3PrivateGetBrokerageAccounts({"limit": 250}))["accounts"]

    expected = {symbol(asset): held for (_, asset), held in server.world.balances("coinbase").items()}
    told = {row["currency"]: Decimal(row["available_balance"]["value"]) for row in rows}
    assert expected == {code: held for code, held in told.items() if held}


async def test_wallets_show_money_in_cents(client: Any, server: CoinbaseServer) -> None:
    told = (await client.fetch_balance())["total"]

    held = server.world.balances("coinbase")
    assert held["spot", "usd"].quantize(CENTS) == told["USD"]
    assert held["spot", "bitcoin"] == told["BTC"]


async def test_wallets_come_in_pages_and_some_were_never_used(client: Any) -> None:
    first = await client.v2PrivateGetAccounts()
    second = await client.v2PrivateGetAccounts({"starting_after": first["pagination"]["next_starting_after"]})

    rows = first["data"] + second["data"]
    assert (len(first["data"]), second["pagination"]["next_uri"]) == (25, None)
    assert len(rows) == len({row["id"] for row in rows})
    assert {row["id"] for row in rows if row["created_at"] is None} == {
        row["currency"]["code"] for row in rows if row["created_at"] is None
    }
    assert (await client.v2PrivateGetAccountsAccountIdTransactions({"account_id": "FIL"}))["data"] == []


async def test_trading_accounts_come_in_pages(client: Any) -> None:
    whole = await client.v3PrivateGetBrokerageAccounts({"limit": 250})
    first = await client.v3PrivateGetBrokerageAccounts({"limit": 3})
    rest = await client.v3PrivateGetBrokerageAccounts({"limit": 250, "cursor": first["cursor"]})

    assert (first["has_next"], rest["has_next"]) == (True, False)
    assert whole["accounts"] == first["accounts"] + rest["accounts"]


async def test_fills_are_the_world_s_newest_first(client: Any, server: CoinbaseServer) -> None:
    told = await all_fills(client)

    events = list(reversed(happened(server, Kind.TRADE)))
    assert [(e.native_id, e.order_id, e.side.upper(), e.price, e.quantity, e.fee) for e in events] == [
        (
            row["trade_id"],
            row["order_id"],
            row["side"],
            *(Decimal(row[name]) for name in ("price", "size", "commission")),
        )
        for row in told
    ]
    assert [e.at // MILLISECOND for e in events] == [parse_iso(row["trade_time"])[0] // MILLISECOND for row in told]


async def test_fills_of_a_product_and_a_time(client: Any, server: CoinbaseServer) -> None:
    since = START - 60 * DAY
    told = await client.fetch_my_trades("ETH/USD", since=since // MILLISECOND)

    events = [
        event
        for event in server.world.events("coinbase", since, START, (Kind.TRADE,))
        if (event.base, event.quote) == ("ethereum", "usd")
    ]
    assert len(events) < 100
    assert {event.native_id for event in events} == {row["id"] for row in told}


async def test_pages_stay_in_step_while_new_fills_arrive(client: Any, server: CoinbaseServer, moment: Moment) -> None:
    first = await client.v3PrivateGetBrokerageOrdersHistoricalFills({"limit": 50})
    known = happened(server, Kind.TRADE)
    moment.now += 20 * DAY
    second = await client.v3PrivateGetBrokerageOrdersHistoricalFills({"limit": 50, "cursor": first["cursor"]})

    assert len(happened(server, Kind.TRADE)) > len(known)
    assert [event.native_id for event in reversed(known[-100:])] == [
        row["trade_id"] for row in first["fills"] + second["fills"]
    ]


async def test_transactions_and_fills_sum_up_to_the_balances(client: Any, server: CoinbaseServer) -> None:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for row in await all_transactions(client):
        if row["type"] != "advanced_trade_fill":
            sums[row["amount"]["currency"]] += Decimal(row["amount"]["amount"])
    for row in await all_fills(client, limit=1000):
        base, quote = row["product_id"].split("-")
        sign = 1 if row["side"] == "BUY" else -1
        sums[base] += sign * Decimal(row["size"])
        sums[quote] -= sign * Decimal(row["size"]) * Decimal(row["price"]) + Decimal(row["commission"])

    expected = {symbol(asset): held for (_, asset), held in server.world.balances("coinbase").items()}
    assert expected == {code: quantity for code, quantity in sums.items() if quantity}


async def test_every_event_is_told_by_the_transactions_of_its_wallets(client: Any, server: CoinbaseServer) -> None:
    rows = await all_transactions(client, limit=37)

    kinds = Counter(row["type"] for row in rows)
    count = Counter(event.kind for event in happened(server))
    assert len(rows) == len({row["id"] for row in rows})
    assert kinds["advanced_trade_fill"] == 2 * count[Kind.TRADE]
    assert kinds["trade"] == 2 * count[Kind.CONVERT]
    assert kinds["fiat_deposit"] == count[Kind.FIAT_DEPOSIT]
    assert kinds["send"] + kinds["receive"] == count[Kind.DEPOSIT] + count[Kind.WITHDRAWAL]
    assert kinds["staking_reward"] == count[Kind.REWARD]


async def test_what_leaves_takes_its_network_fee_along(client: Any, server: CoinbaseServer) -> None:
    rows = {row["id"]: row for row in await all_transactions(client)}

    for event in happened(server, Kind.WITHDRAWAL):
        row = rows[event.native_id]
        assert -event.quantity - event.fee == Decimal(row["amount"]["amount"])
        assert event.fee == Decimal(row["network"]["transaction_fee"]["amount"])
        assert event.tx_hash == row["network"]["hash"]


async def test_only_the_coin_s_side_of_a_fill_names_its_commission(client: Any) -> None:
    rows = [row for row in await all_transactions(client) if row["type"] == "advanced_trade_fill"]

    sides = {
        (row["amount"]["currency"] == row["advanced_trade_fill"]["product_id"].split("-")[0],
         "commission" in row["advanced_trade_fill"])
        for row in rows
    }  # fmt: skip
    assert sides == {(True, True), (False, False)}


async def test_the_ledger_of_a_currency_and_its_bank_transfers(client: Any, server: CoinbaseServer) -> None:
    ledger = await client.fetch_ledger("SOL", limit=100)
    deposits = await client.fetch_deposits("USD", limit=100)

    sol = [event for event in happened(server) if any(move.asset == "solana" for move in event.moves)]
    usd = [event for event in happened(server, Kind.FIAT_DEPOSIT) if event.base == "usd"]
    assert min(100, len(sol)) == len(ledger)
    assert sorted(event.quantity for event in usd) == sorted(row["amount"] for row in deposits)


async def test_a_page_that_goes_on_nowhere_is_refused(client: Any) -> None:
    await client.load_markets()

    with pytest.raises(ccxt.ExchangeError):
        await client.fetch_ledger("BTC", params={"starting_after": "nothing"})


async def test_prices_are_the_market_s_of_this_moment(client: Any, server: CoinbaseServer) -> None:
    tickers = await client.fetch_tickers(["BTC/USD", "BTC/USDC", "ETH/BTC", "SOL/EUR"])

    price = server.market.price
    assert {name: Decimal(row["info"]["price"]) for name, row in tickers.items()} == {
        "BTC/USD": price("bitcoin", "usd", START, "coinbase"),
        "BTC/USDC": price("bitcoin", "usd", START, "coinbase"),
        "ETH/BTC": price("ethereum", "bitcoin", START, "coinbase"),
        "SOL/EUR": price("solana", "eur", START, "coinbase"),
    }


async def test_exchange_rates_turn_one_currency_into_all(client: Any, server: CoinbaseServer) -> None:
    rates = (await client.v2PublicGetExchangeRates({"currency": "BTC"}))["data"]["rates"]

    assert Decimal(rates["BTC"]) == 1
    assert Decimal(rates["USD"]) == server.market.price("bitcoin", "usd", START, "coinbase")


async def test_candles_are_the_market_s_and_too_many_are_refused(client: Any, server: CoinbaseServer) -> None:
    since = (START - 40 * DAY) // DAY * DAY
    rows = await client.fetch_ohlcv("BTC/USD", "1d", since=since // MILLISECOND, limit=30)

    expected = server.market.candles("bitcoin", "usd", since, since + 30 * DAY, DAY, venue="coinbase")
    assert [[c.at // MILLISECOND, c.open, c.high, c.low, c.close] for c in expected] == [row[:5] for row in rows]
    with pytest.raises(ccxt.BadRequest):
        await client.v3PublicGetBrokerageMarketProductsProductIdCandles(
            {"product_id": "BTC-USD", "granularity": "ONE_MINUTE", "start": "1717000000", "end": "1717200000"}
        )


async def test_live_tickers_follow_the_market(live: Any, server: CoinbaseServer, moment: Moment) -> None:
    async with asyncio.timeout(5):
        first = await live.watch_ticker("BTC/USD")
        moment.now += 60 * SECOND
        second = await live.watch_ticker("BTC/USD")

    for row, at in ((first, START), (second, START + 60 * SECOND)):
        assert server.market.price("bitcoin", "usd", at, "coinbase") == Decimal(row["info"]["price"])


async def test_several_live_tickers_come_in_batches(live: Any, server: CoinbaseServer, moment: Moment) -> None:
    seen: dict[str, Any] = {}
    async with asyncio.timeout(5):
        while len(seen) < 3:
            seen |= await live.watch_tickers(["BTC/USD", "ETH/EUR", "ETH/BTC"])
            moment.now += SECOND

    for name, base, quote in (
        ("BTC/USD", "bitcoin", "usd"),
        ("ETH/EUR", "ethereum", "eur"),
        ("ETH/BTC", "ethereum", "bitcoin"),
    ):
        price = server.market.price(base, quote, seen[name]["timestamp"] * MILLISECOND, "coinbase")
        assert price == Decimal(seen[name]["info"]["price"])


async def test_a_subscription_is_confirmed_counted_and_can_be_ended(server: CoinbaseServer) -> None:
    async with aiohttp.ClientSession() as session, session.ws_connect(server.endpoint) as socket:
        asked = {"type": "subscribe", "channel": "ticker", "product_ids": ["BTC-USD"]}
        await socket.send_json(asked)
        confirmed, snapshot = await socket.receive_json(timeout=5), await socket.receive_json(timeout=5)
        await socket.send_json({**asked, "type": "unsubscribe"})
        ended = await socket.receive_json(timeout=5)
        await socket.send_json({**asked, "product_ids": ["NO-PRODUCT"]})
        refused = await socket.receive_json(timeout=5)
        await socket.send_json({**asked, "jwt": "a.b.c"})
        unknown = await socket.receive_json(timeout=5)

    assert confirmed["events"] == [{"subscriptions": {"ticker": ["BTC-USD"]}}]
    assert snapshot["events"][0]["type"] == "snapshot"
    assert ended["events"] == [{"subscriptions": {}}]
    assert [message["sequence_num"] for message in (confirmed, snapshot, ended)] == [0, 1, 2]
    assert refused["type"] == "error"
    assert unknown["message"] == "authentication failure"


async def test_a_lost_page_of_fills_stays_lost_while_balances_count_it(client: Any, server: CoinbaseServer) -> None:
    server.faults.add(Fault.MISSING_PAGE, "*/fills", after=1)

    told = await all_fills(client)

    events = [event.native_id for event in reversed(happened(server, Kind.TRADE))]
    assert events[:100] + events[200:] == [row["trade_id"] for row in told]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault.RATE_LIMITED, ccxt.RateLimitExceeded),
        (Fault.SERVER_ERROR, ccxt.ExchangeNotAvailable),
        (Fault.TRUNCATED, ccxt.ExchangeError),
    ],
)
async def test_faults_reach_the_client_as_the_venue_s_would(
    client: Any, server: CoinbaseServer, fault: Any, error: Any
) -> None:
    await client.load_markets()
    server.faults.add(fault, "/v2/accounts")

    with pytest.raises(error):
        await client.fetch_balance()

    assert (await client.fetch_balance())["total"]["BTC"]


async def test_a_key_that_is_refused_is_told_as_one(server: CoinbaseServer, moment: Moment) -> None:
    settings = {"secret": server.credentials["trade"]["secret"]}
    async with opened(ccxt.coinbase, server, moment, settings) as stranger:
        with pytest.raises(ccxt.AuthenticationError):
            await stranger.v3PrivateGetBrokerageAccounts()
