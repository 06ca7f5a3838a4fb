"""The simulated Kraken answers as the venue does: signatures, nonces, rights, counter, pages and exact amounts."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from app.core.clock import DAY, SECOND
from app.demo.kraken import PAGE, KrakenServer
from app.demo.kraken_access import Tier
from app.demo.kraken_ledger import EARN_SINCE_NS
from app.demo.kraken_names import asset_id
from app.demo.world import World
from tests.demo.conftest import NOW
from tests.demo.kraken_client import Client


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def client(kraken: KrakenServer, session: aiohttp.ClientSession) -> Client:
    return Client(kraken.endpoint, kraken.credentials["read"], session)


def recorded(folder: Path, name: str) -> Any:
    return json.loads((folder / "exchanges" / "kraken" / name).read_text("utf-8"))


def shape(value: Any) -> Any:
    """Return the names and the kinds of what is in an answer."""
    if isinstance(value, Mapping):
        return {name: shape(item) for name, item in value.items()}
    if isinstance(value, list):
        return [shape(item) for item in value]
    return (
        "number" if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool) else type(value).__name__
    )


async def whole_ledger(client: Client) -> dict[str, Any]:
    rows: dict[str, Any] = {}
    while True:
        found = await client.result("Ledgers", ofs=len(rows))
        rows |= found["ledger"]
        if len(rows) >= found["count"]:
            return rows


async def test_every_answer_says_that_it_is_simulated(kraken: KrakenServer, session: aiohttp.ClientSession) -> None:
    for path in ("/0/public/Time", "/0/private/Balance", "/elsewhere"):
        async with session.post(kraken.endpoint + path) as response:
            assert response.headers["X-Simulated"] == "counterfoil-demo"

    assert kraken.endpoint.startswith("http://127.0.0.1:")


async def test_the_sum_of_the_ledger_is_the_balance_and_the_truth(client: Client, small_world: World) -> None:
    rows = await whole_ledger(client)
    balances = await client.result("Balance")
    extended = await client.result("BalanceEx")
    sums: dict[str, Decimal] = {}
    for row in rows.values():
        sums[row["asset"]] = sums.get(row["asset"], Decimal(0)) + Decimal(row["amount"]) - Decimal(row["fee"])
    truth = {asset_id(asset, place): held for (place, asset), held in small_world.balances("kraken").items()}

    assert sums == {name: Decimal(text) for name, text in balances.items()}
    assert truth == {name: held for name, held in sums.items() if held}
    assert {name: row["balance"] for name, row in extended.items()} == balances


async def test_rows_come_newest_first_with_the_balance_after_each(client: Client) -> None:
    rows = list((await whole_ledger(client)).values())
    times = [row["time"] for row in rows]
    held: dict[str, Decimal] = {}

    assert times == sorted(times, reverse=True)
    for row in reversed(rows):
        held[row["asset"]] = held.get(row["asset"], Decimal(0)) + Decimal(row["amount"]) - Decimal(row["fee"])
        assert held[row["asset"]] == Decimal(row["balance"])


async def test_rows_of_one_trade_share_its_id(client: Client) -> None:
    trades = (await client.result("TradesHistory", ledgers="true"))["trades"]
    native_id, trade = next(iter(trades.items()))
    rows = await client.result("QueryLedgers", id=",".join(trade["ledgers"]))

    assert len(trades) == PAGE
    assert {row["refid"] for row in rows.values()} == {native_id}
    assert len(rows) == 2
    assert Decimal(trade["price"]) * Decimal(trade["vol"]) == pytest.approx(Decimal(trade["cost"]), rel=Decimal("1e-3"))
    assert (await client.result("QueryTrades", txid=native_id))[native_id]["vol"] == trade["vol"]


async def test_start_is_exclusive_and_end_inclusive_as_seconds_and_as_ids(client: Client) -> None:
    rows = await whole_ledger(client)
    names, times = list(rows), [row["time"] for row in rows.values()]
    newest, oldest = 5, 25

    by_id = await client.result("Ledgers", start=names[oldest], end=names[newest])
    by_time = await client.result("Ledgers", start=times[oldest], end=times[newest])

    assert list(by_id["ledger"]) == names[newest:oldest]
    expected = [name for name in names if times[oldest] < rows[name]["time"] <= times[newest]]
    assert list(by_time["ledger"]) == expected
    assert by_time["count"] == len(expected)


async def test_rows_are_asked_for_by_asset_and_type(client: Client) -> None:
    rows = await whole_ledger(client)
    euros = await client.result("Ledgers", asset="ZEUR")
    bitcoins = await client.result("Ledgers", asset="XBT,XTZ")
    withdrawals = await client.result("Ledgers", type="withdrawal", without_count="true")
    sent = await client.result("WithdrawStatus", asset="XBT")

    assert euros["count"] == sum(row["asset"] == "ZEUR" for row in rows.values())
    assert {row["asset"] for row in bitcoins["ledger"].values()} == {"XXBT", "XTZ"}
    assert {row["asset"] for row in sent} == {"XXBT"}
    assert set(withdrawals["ledger"]) == {name for name, row in rows.items() if row["type"] == "withdrawal"}
    assert "count" not in withdrawals


async def test_what_is_staked_is_allocated_to_a_strategy_that_says_how_long_it_is_bound(client: Client) -> None:
    balances = await client.result("Balance")
    found = (await client.result("Earn/Allocations"))["items"]
    strategies = {one["id"]: one for one in (await client.result("Earn/Strategies"))["items"]}
    staked = {name: quantity for name, quantity in balances.items() if name.endswith(".S") and Decimal(quantity)}

    assert sorted(staked.values()) == sorted(one["amount_allocated"]["total"]["native"] for one in found)
    assert staked
    assert all(strategies[one["strategy_id"]]["lock_type"]["unbonding_period"] > 0 for one in found)
    assert await client.result("OpenPositions") == {}


async def test_staking_is_a_transfer_of_two_references_and_later_an_allocation_of_one(small_world: World) -> None:
    world = World(seed=7, scale=0.3, now=lambda: NOW)
    server = KrakenServer(world)
    server.books.take(world.events("kraken"))
    moved = [row for row in server.books.rows if row.word in {"transfer", "earn"} and row.subtype != "reward"]
    early = [row for row in moved if row.at < EARN_SINCE_NS]
    late = [row for row in moved if row.at >= EARN_SINCE_NS]

    assert {row.subtype for row in early} >= {"spottostaking", "stakingfromspot"}
    assert len({row.refid for row in early}) == len(early) > 0
    assert {row.subtype for row in late} == {"allocation", "deallocation"}
    assert len({row.refid for row in late}) == len(late) / 2 > 0


async def test_transfers_have_the_reference_of_their_row_and_pages_of_their_own(client: Client) -> None:
    rows = await whole_ledger(client)
    deposits = await client.result("DepositStatus")
    first = await client.result("WithdrawStatus", cursor="true", limit=4)
    second = await client.result("WithdrawStatus", cursor=first["next_cursor"], limit=4)

    assert {row["refid"] for row in deposits} <= {row["refid"] for row in rows.values() if row["type"] == "deposit"}
    assert len(first["withdrawals"]) == 4
    assert not {row["refid"] for row in first["withdrawals"]} & {row["refid"] for row in second["withdrawals"]}
    assert all(len(row["txid"].removeprefix("0x")) == 64 for row in first["withdrawals"] if row["asset"] != "ZEUR")


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"apiKey": "unknown"}, "EAPI:Invalid key"),
        ({"secret": "bm90IHRoZSBzZWNyZXQ="}, "EAPI:Invalid signature"),
    ],
)
async def test_a_wrong_key_or_secret_is_refused(client: Client, change: dict[str, str], error: str) -> None:
    client.keys = {**client.keys, **change}

    assert await client.private("Balance") == {"error": [error]}


async def test_a_nonce_that_does_not_grow_is_refused(client: Client) -> None:
    nonce = 10**19
    first = await client.private("Balance", nonce=nonce)
    again = await client.private("Balance", nonce=nonce)

    assert (first["error"], again) == ([], {"error": ["EAPI:Invalid nonce"]})


async def test_keys_do_what_they_may(kraken: KrakenServer, session: aiohttp.ClientSession) -> None:
    errors = {}
    for right in ("read", "trade", "withdraw"):
        client = Client(kraken.endpoint, kraken.credentials[right], session)
        order = await client.private("AddOrder", pair="XBTUSD", type="buy", volume="1", validate="true")
        errors[right] = ((await client.private("WithdrawMethods"))["error"], order["error"])
        info = await client.result("GetApiKeyInfo")
        assert ("withdraw-funds" in info["permissions"]) == (right == "withdraw")

    denied = ["EGeneral:Permission denied"]
    assert errors == {"read": (denied, denied), "trade": (denied, []), "withdraw": ([], [])}


async def test_the_call_counter_rises_by_two_for_the_ledger_and_falls_with_time(
    small_world: World, session: aiohttp.ClientSession
) -> None:
    server = KrakenServer(small_world, tier=Tier(most=20, per_second=0.0))
    await server.start()
    client = Client(server.endpoint, server.credentials["read"], session)
    errors = [(await client.private("Ledgers"))["error"] for _ in range(11)]
    await server.stop()

    assert errors == [[]] * 10 + [["EAPI:Rate limit exceeded"]]


async def test_answers_have_the_shape_of_recorded_ones(client: Client, data_folder: Path) -> None:
    ticker = await client.public("Ticker", pair="XBTUSDT")
    pairs = await client.public("AssetPairs", pair="XBTUSD")
    candles = await client.public("OHLC", pair="XBTUSDT", interval="1")
    balance = await client.result("TradeBalance")
    pair = shape(recorded(data_folder, "http_asset_pairs_tokenized.json")["result"]["AAPLxUSD"])
    ours = shape(pairs["XXBTZUSD"])
    shapes = {name: ours[name] for name in pair.keys() & ours.keys() if not name.startswith(("fees", "leverage"))}

    assert shape(ticker) == shape(recorded(data_folder, "http_ticker.json")["result"])
    assert shapes == {name: pair[name] for name in shapes}
    assert pair.keys() - ours.keys() == {"long_position_limit", "short_position_limit"}
    kept = recorded(data_folder, "http_ohlc.json")["result"]
    assert shape(candles["XBTUSDT"][0]) == shape(kept["XBTUSDT"][0])
    assert set(candles) == set(kept)
    assert shape(balance).items() <= {**shape(recorded(data_folder, "http_spot_trade_balance.json")["result"])}.items()


async def test_candles_are_the_newest_720_and_end_with_an_open_one(client: Client, small_world: World) -> None:
    found = await client.public("OHLC", pair="XBTUSD", interval="1440")
    rows = found["XXBTZUSD"]
    ticker = (await client.public("Ticker", pair="XBTUSD"))["XXBTZUSD"]

    assert len(rows) == 720
    assert rows[-1][0] == NOW // DAY * DAY // SECOND
    assert found["last"] == rows[-2][0]
    assert Decimal(rows[-1][4]) == Decimal(ticker["c"][0]) == small_world.market.price("bitcoin", "usd", NOW, "kraken")


async def test_unknown_words_are_refused_in_the_venues_own(client: Client, session: aiohttp.ClientSession) -> None:
    async with session.get(f"{client.endpoint}/0/public/Ticker?pair=NOPE") as response:
        assert await response.json() == {"error": ["EQuery:Unknown asset pair"]}
    assert await client.private("Nothing") == {"error": ["EGeneral:Unknown method"]}
    assert await client.private("QueryLedgers", id="LAAAAA-AAAAA-AAAAAA") == {"error": ["EQuery:Unknown ledger"]}
    assert await client.private("Ledgers", start="soon") == {"error": ["EGeneral:Invalid arguments"]}


async def test_live_prices_come_with_every_digit(
    kraken: KrakenServer, session: aiohttp.ClientSession, data_folder: Path
) -> None:
    messages: list[dict[str, Any]] = []
    async with session.ws_connect(f"{kraken.endpoint}/v2") as socket:
        asked = {"method": "subscribe", "params": {"channel": "ticker", "symbol": ["BTC/USD", "NO/NO"]}, "req_id": 3}
        await socket.send_json(asked)
        await socket.send_json({"method": "ping", "req_id": 4})
        while not any(message.get("method") == "pong" for message in messages):
            messages.append(json.loads((await socket.receive()).data, parse_float=Decimal))
    answers = [message for message in messages if message.get("method") == "subscribe"]
    snapshot = next(message for message in messages if message.get("channel") == "ticker")

    assert messages[0]["channel"] == "status"
    assert [(answer["success"], answer["req_id"]) for answer in answers] == [(True, 3), (False, 3)]
    assert shape(snapshot) == shape(recorded(data_folder, "ws_ticker_snapshot.json"))
    assert snapshot["data"][0]["last"] == kraken.market.price("bitcoin", "usd", NOW, "kraken")
