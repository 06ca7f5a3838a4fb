"""Whoever asks the simulated Binance without the right key, clock or signature is refused in the venue's words."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest

from app.core.clock import MILLISECOND, from_datetime
from app.demo.binance import BinanceServer
from app.demo.binance_access import binance_keys
from app.demo.world import World

NOW = from_datetime(dt.datetime(2024, 6, 1, 12, tzinfo=dt.UTC))
NOW_MS = NOW // MILLISECOND


@pytest.fixture
async def server() -> AsyncIterator[BinanceServer]:
    venue = BinanceServer(World(7, 0.1, now=lambda: NOW))
    await venue.start()
    yield venue
    await venue.stop()


def query(secret: Any, params: Any, timestamp: Any = NOW_MS) -> Any:
    text = urlencode({**params, "timestamp": timestamp})
    return f"{text}&signature={hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()}"


async def ask(server: BinanceServer, path: Any, text: Any, key: Any, *, method: Any = "GET") -> Any:
    """Ask as the venue wants it: in the query of a GET, in the body of a POST."""
    headers = {} if key is None else {"X-MBX-APIKEY": key}
    url, body = f"{server.endpoint}{path}", text.encode()
    if method == "GET":
        url, body = f"{url}?{text}", None
    async with aiohttp.ClientSession() as session, session.request(method, url, headers=headers, data=body) as reply:
        return reply.status, await reply.json(content_type=None), reply.headers


async def test_a_signed_request_is_answered_and_labelled_simulated(server: BinanceServer) -> None:
    key = server.keys[0]

    status, body, headers = await ask(server, "/api/v3/account", query(key.secret, {}), key.key)

    assert (status, body["accountType"], headers["X-Simulated"]) == (200, "SPOT", "counterfoil-demo")


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        (None, (401, {"code": -2014, "msg": "API-key format invalid."})),
        ("short", (401, {"code": -2014, "msg": "API-key format invalid."})),
        ("x" * 64, (401, {"code": -2015, "msg": "Invalid API-key, IP, or permissions for action."})),
    ],
)
async def test_a_key_that_is_none_of_ours_is_refused(server: BinanceServer, key: Any, expected: Any) -> None:
    status, body, _ = await ask(server, "/api/v3/account", query("secret", {}), key)

    assert (status, body) == expected


async def test_a_signature_of_another_secret_is_refused(server: BinanceServer) -> None:
    text = query("another secret", {})

    status, body, _ = await ask(server, "/api/v3/account", text, server.keys[0].key)

    assert (status, body) == (400, {"code": -1022, "msg": "Signature for this request is not valid."})


async def test_parameters_changed_after_signing_are_refused(server: BinanceServer) -> None:
    key = server.keys[0]
    text = query(key.secret, {"symbol": "BTCUSDT"}).replace("BTCUSDT", "ETHUSDT")

    status, body, _ = await ask(server, "/api/v3/myTrades", text, key.key)

    assert (status, body["code"]) == (400, -1022)


@pytest.mark.parametrize(
    ("moved_ms", "code", "words"),
    [
        (-5_001, -1021, "Timestamp for this request is outside of the recvWindow."),
        (1_001, -1021, "Timestamp for this request was 1000ms ahead of the server's time."),
    ],
)
async def test_a_clock_that_is_off_is_refused(server: BinanceServer, moved_ms: Any, code: Any, words: Any) -> None:
    key = server.keys[0]

    status, body, _ = await ask(server, "/api/v3/account", query(key.secret, {}, NOW_MS + moved_ms), key.key)

    assert (status, body) == (400, {"code": code, "msg": words})


async def test_a_longer_window_forgives_a_slow_clock_and_sixty_seconds_are_the_most(server: BinanceServer) -> None:
    key = server.keys[0]

    slow, _, _ = await ask(
        server, "/api/v3/account", query(key.secret, {"recvWindow": 10_000}, NOW_MS - 9_000), key.key
    )
    _, refused, _ = await ask(server, "/api/v3/account", query(key.secret, {"recvWindow": 60_001}), key.key)

    assert (slow, refused["code"]) == (200, -1131)


async def test_the_venue_s_own_clock_may_be_wrong(server: BinanceServer) -> None:
    key = server.keys[0]
    server.faults.skew_clock(30)

    status, body, _ = await ask(server, "/api/v3/account", query(key.secret, {}), key.key)

    assert (status, body["code"]) == (400, -1021)


async def test_a_request_without_a_timestamp_is_refused(server: BinanceServer) -> None:
    status, body, _ = await ask(server, "/api/v3/account", "signature=00", server.keys[0].key)

    assert status == 400
    assert body["msg"] == "Mandatory parameter 'timestamp' was not sent, was empty/null, or malformed."


async def test_a_signed_body_counts_like_a_query(server: BinanceServer) -> None:
    key = server.keys[0]
    text = query(key.secret, {"asset": "BTC"})

    status, rows, _ = await ask(server, "/sapi/v3/asset/getUserAsset", text, key.key, method="POST")

    assert (status, [row["asset"] for row in rows]) == (200, ["BTC"])


@pytest.mark.parametrize(("place", "rights"), [(0, (True, False, False)), (1, (True, True, False)), (2, (True,) * 3)])
async def test_each_key_tells_what_it_may_do(server: BinanceServer, place: Any, rights: Any) -> None:
    key = server.keys[place]

    _, body, _ = await ask(server, "/sapi/v1/account/apiRestrictions", query(key.secret, {}), key.key)

    assert rights == (body["enableReading"], body["enableSpotAndMarginTrading"], body["enableWithdrawals"])


async def test_what_is_not_offered_is_not_found(server: BinanceServer) -> None:
    status, body, _ = await ask(server, "/api/v3/order", "symbol=BTCUSDT", server.keys[1].key, method="POST")

    assert (status, body["error"]) == (404, "Not Found")


def test_keys_belong_to_their_seed_and_show_no_secret() -> None:
    first, other = binance_keys(7), binance_keys(8)

    assert first == binance_keys(7)
    assert len({key.key for key in (*first, *other)} | {key.secret for key in (*first, *other)}) == 12
    assert first[0].secret not in repr(first)
