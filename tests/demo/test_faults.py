"""What can be made to go wrong goes wrong so often as was asked, where it was asked, and then no more."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from decimal import Decimal

import aiohttp
import pytest

from app.demo.events import Kind
from app.demo.faults import Fault
from app.demo.kraken import PAGE, KrakenServer
from app.demo.kraken_names import asset_id
from app.demo.world import World
from tests.demo.kraken_client import Client

LEDGERS = "/0/private/Ledgers"


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def client(kraken: KrakenServer, session: aiohttp.ClientSession) -> Client:
    return Client(kraken.endpoint, kraken.credentials["read"], session)


async def status_and_body(session: aiohttp.ClientSession, address: str) -> tuple[int, bytes]:
    async with session.get(address) as response:
        return response.status, await response.read()


@pytest.mark.parametrize(
    ("fault", "status", "start"),
    [
        (Fault.SERVER_ERROR, 503, b"<html>"),
        (Fault.RATE_LIMITED, 429, b'{"error":["EAPI:Rate limit exceeded"]}'),
        (Fault.HTML, 200, b"<!DOCTYPE html>"),
        (Fault.EMPTY, 200, b""),
        (Fault.EMPTY_OBJECT, 200, b"{}"),
        (Fault.NULL, 200, b"null"),
    ],
)
async def test_a_fault_happens_as_often_as_asked(
    kraken: KrakenServer, session: aiohttp.ClientSession, fault: Fault, status: int, start: bytes
) -> None:
    address = f"{kraken.endpoint}/0/public/Time"
    knob = kraken.faults.add(fault, "*/Time", count=2, after=1)
    answers = [await status_and_body(session, address) for _ in range(4)]

    assert [code for code, _ in answers] == [200, status, status, 200]
    assert all(body.startswith(start) for _, body in answers[1:3])
    assert (len(answers[1][1]) == 0) == (start == b"")
    assert b"unixtime" in answers[0][1]
    assert b"unixtime" in answers[3][1]
    assert knob.happened == 2


async def test_a_refused_client_is_told_when_to_come_back(kraken: KrakenServer, session: aiohttp.ClientSession) -> None:
    kraken.faults.add(Fault.RATE_LIMITED, retry_after=7)
    async with session.get(f"{kraken.endpoint}/0/public/Time") as response:
        assert response.headers["Retry-After"] == "7"


async def test_a_fault_for_one_endpoint_spares_the_others(kraken: KrakenServer, session: aiohttp.ClientSession) -> None:
    kraken.faults.add(Fault.SERVER_ERROR, "*/Ticker", count=None, status=520)

    assert (await status_and_body(session, f"{kraken.endpoint}/0/public/Time"))[0] == 200
    assert (await status_and_body(session, f"{kraken.endpoint}/0/public/Ticker"))[0] == 520
    kraken.faults.clear()
    assert (await status_and_body(session, f"{kraken.endpoint}/0/public/Ticker"))[0] == 200


async def test_chance_is_seeded(kraken: KrakenServer, small_world: World, session: aiohttp.ClientSession) -> None:
    other = KrakenServer(small_world)
    await other.start()
    seen = []
    for server in (kraken, other):
        server.faults.add(Fault.SERVER_ERROR, count=None, probability=0.5)
        address = f"{server.endpoint}/0/public/Time"
        seen.append([(await status_and_body(session, address))[0] for _ in range(20)])
    await other.stop()

    assert seen[0] == seen[1]
    assert set(seen[0]) == {200, 503}


async def test_a_hanging_answer_does_not_come_and_does_not_keep_the_venue_from_stopping(
    small_world: World, session: aiohttp.ClientSession
) -> None:
    server = KrakenServer(small_world)
    address = f"{await server.start()}/0/public/Time"
    server.faults.add(Fault.HANG)
    with pytest.raises(TimeoutError):
        await session.get(address, timeout=aiohttp.ClientTimeout(total=0.1))
    async with asyncio.timeout(5):
        await server.stop()

    assert server.requests == {"/0/public/Time": 1}


async def test_a_truncated_answer_is_seen_to_be_cut(kraken: KrakenServer, session: aiohttp.ClientSession) -> None:
    kraken.faults.add(Fault.TRUNCATED)
    with pytest.raises(aiohttp.ClientPayloadError):
        await status_and_body(session, f"{kraken.endpoint}/0/public/AssetPairs")

    assert (await status_and_body(session, f"{kraken.endpoint}/0/public/AssetPairs"))[0] == 200


async def test_a_duplicate_page_is_the_one_before(kraken: KrakenServer, client: Client) -> None:
    first = await client.result("Ledgers", ofs=0)
    kraken.faults.add(Fault.DUPLICATE_PAGE, LEDGERS)
    again = await client.result("Ledgers", ofs=PAGE)
    second = await client.result("Ledgers", ofs=PAGE)

    assert again == first
    assert not first["ledger"].keys() & second["ledger"].keys()


async def test_a_missing_page_makes_exactly_the_differences_that_it_should(
    kraken: KrakenServer, client: Client
) -> None:
    whole = (await client.result("Ledgers", ofs=PAGE))["ledger"]
    kraken.faults.add(Fault.MISSING_PAGE, LEDGERS, after=1)
    rows: dict[str, dict[str, str]] = {}
    count = 1
    while len(rows) < count:
        page = await client.result("Ledgers", ofs=len(rows))
        rows, count = rows | page["ledger"], page["count"]
    lacking = {name: Decimal(text) for name, text in (await client.result("Balance")).items()}
    for row in rows.values():
        lacking[row["asset"]] -= Decimal(row["amount"]) - Decimal(row["fee"])
    expected = dict.fromkeys(lacking, Decimal(0))
    for row in whole.values():
        expected[row["asset"]] += Decimal(row["amount"]) - Decimal(row["fee"])

    assert not rows.keys() & whole.keys()
    assert lacking == expected
    assert any(expected.values())


async def test_a_skewed_clock_shows_in_the_time_and_not_in_the_books(
    kraken: KrakenServer, client: Client, small_world: World
) -> None:
    kraken.faults.skew_clock(-90)
    told = await client.public("Time")
    balances = await client.result("Balance")

    assert told["unixtime"] == small_world.now() // 10**9 - 90
    assert Decimal(balances[asset_id("eur")]) == small_world.balances("kraken")["spot", "eur"]


async def test_sockets_are_dropped_by_a_fault_and_by_hand(kraken: KrakenServer, session: aiohttp.ClientSession) -> None:
    kraken.faults.add(Fault.DROPPED_SOCKET, "/v2", after=1)
    kinds = []
    async with session.ws_connect(f"{kraken.endpoint}/v2") as socket:
        await socket.send_json({"method": "ping"})
        kinds = [(await socket.receive()).type for _ in range(2)]
    assert kinds == [aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.CLOSE]

    async with session.ws_connect(f"{kraken.endpoint}/v2") as socket:
        assert json.loads((await socket.receive()).data)["channel"] == "status"
        assert await kraken.drop_sockets() == 1
        assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE


async def test_a_moving_world_tells_new_events_to_a_venue_that_runs(session: aiohttp.ClientSession) -> None:
    clock = [time.time_ns() - 900 * 86_400 * 10**9]
    world = World(seed=3, scale=0.05, now=lambda: clock[0])
    server = KrakenServer(world)
    await server.start()
    client = Client(server.endpoint, server.credentials["read"], session)
    before = (await client.result("TradesHistory"))["count"]
    clock[0] += 200 * 86_400 * 10**9
    after = (await client.result("TradesHistory"))["count"]
    await server.stop()

    assert before < after == len(world.events("kraken", kinds={Kind.TRADE}))
