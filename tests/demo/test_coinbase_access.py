"""Whoever asks the simulated Coinbase needs a token signed for that very request, and may not ask too often."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from app.core.clock import SECOND, from_datetime
from app.demo.coinbase import CoinbaseServer
from app.demo.coinbase_access import coinbase_keys
from app.demo.faults import Fault
from app.demo.world import World

NOW = from_datetime(dt.datetime(2024, 6, 1, 12, tzinfo=dt.UTC))
ACCOUNTS = "/api/v3/brokerage/accounts"


@pytest.fixture
async def server() -> AsyncIterator[CoinbaseServer]:
    venue = CoinbaseServer(World(7, 0.1, now=lambda: NOW))
    await venue.start()
    yield venue
    await venue.stop()


def packed(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def token(key: Any, path: Any = ACCOUNTS, *, secret: Any = "", alg: Any = "ES256", **claims: Any) -> Any:
    """Sign as the venue documents: header and claims, joined by a dot, under ES256."""
    now = NOW // SECOND
    said = {
        "iss": "cdp",
        "sub": key.name,
        "nbf": now,
        "exp": now + 120,
        "uri": f"GET api.coinbase.com{path}",
        **claims,
    }
    head = packed(json.dumps({"alg": alg, "kid": key.name, "typ": "JWT", "nonce": "00"}).encode())
    text = f"{head}.{packed(json.dumps(said).encode())}"
    private = serialization.load_pem_private_key((secret or key.secret).encode(), None)
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    first, second = decode_dss_signature(private.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
    return f"{text}.{packed(first.to_bytes(32) + second.to_bytes(32))}"


async def ask(server: CoinbaseServer, path: Any, signed: Any = None) -> Any:
    headers = {} if signed is None else {"Authorization": f"Bearer {signed}"}
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{server.endpoint}{path}", headers=headers) as reply,
    ):
        return reply.status, await reply.text(), reply.headers


async def test_a_signed_request_is_answered_and_labelled_simulated(server: CoinbaseServer) -> None:
    status, text, headers = await ask(server, ACCOUNTS, token(server.keys[0]))

    assert (status, headers["X-Simulated"]) == (200, "counterfoil-demo")
    assert json.loads(text)["accounts"]


async def test_the_query_is_no_part_of_what_is_signed(server: CoinbaseServer) -> None:
    status, _, _ = await ask(server, f"{ACCOUNTS}?limit=1", token(server.keys[0]))

    assert status == 200


@pytest.mark.parametrize(
    "claims",
    [
        {"uri": "GET api.coinbase.com/api/v3/brokerage/key_permissions"},
        {"uri": f"POST api.coinbase.com{ACCOUNTS}"},
        {"uri": f"GET example.com{ACCOUNTS}"},
        {"sub": "organizations/x/apiKeys/y"},
        {"iss": "somebody"},
        {"nbf": NOW // SECOND - 200, "exp": NOW // SECOND - 80},
        {"nbf": NOW // SECOND + 60, "exp": NOW // SECOND + 180},
        {"exp": NOW // SECOND + 3_600},
        {"alg": "HS256"},
        {"secret": coinbase_keys(8)[0].secret},
    ],
)
async def test_a_token_that_is_not_right_is_refused(server: CoinbaseServer, claims: Any) -> None:
    status, text, _ = await ask(server, ACCOUNTS, token(server.keys[0], **claims))

    assert (status, text) == (401, "Unauthorized\n")


@pytest.mark.parametrize("signed", [None, "", "no.token", "a.b.c", "W10.W10.W10"])
async def test_what_is_no_token_is_refused(server: CoinbaseServer, signed: Any) -> None:
    status, _, _ = await ask(server, ACCOUNTS, signed)

    assert status == 401


async def test_the_older_interface_refuses_in_words_of_its_own(server: CoinbaseServer) -> None:
    status, text, _ = await ask(server, "/v2/accounts", token(server.keys[0]))

    assert (status, json.loads(text)["errors"][0]["id"]) == (401, "authentication_error")


async def test_a_key_of_another_seed_is_unknown(server: CoinbaseServer) -> None:
    status, _, _ = await ask(server, ACCOUNTS, token(coinbase_keys(8)[0]))

    assert status == 401


@pytest.mark.parametrize(("place", "rights"), [(0, (True, False, False)), (1, (True, True, False)), (2, (True,) * 3)])
async def test_each_key_tells_what_it_may_do(server: CoinbaseServer, place: Any, rights: Any) -> None:
    path = "/api/v3/brokerage/key_permissions"

    _, text, _ = await ask(server, path, token(server.keys[place], path))

    body = json.loads(text)
    assert rights == (body["can_view"], body["can_trade"], body["can_transfer"])


async def test_prices_need_no_key(server: CoinbaseServer) -> None:
    paths = ("/v2/time", "/api/v3/brokerage/time", "/api/v3/brokerage/market/products/BTC-USD", "/v2/exchange-rates")

    assert [(await ask(server, path))[0] for path in paths] == [200] * 4


async def test_ten_public_requests_a_second_are_the_most(server: CoinbaseServer) -> None:
    answers = [await ask(server, "/api/v3/brokerage/time") for _ in range(11)]

    assert [status for status, _, _ in answers] == [200] * 10 + [429]
    assert answers[-1][2]["Retry-After"] == "1"
    assert json.loads(answers[-1][1])["error"] == "rate_limit_exceeded"
    assert answers[0][2]["x-ratelimit-remaining"] == "9"


async def test_thirty_private_requests_a_second_are_the_most(server: CoinbaseServer) -> None:
    signed = token(server.keys[0])

    statuses = [(await ask(server, ACCOUNTS, signed))[0] for _ in range(31)]

    assert statuses == [200] * 30 + [429]


async def test_the_older_interface_counts_by_the_hour(server: CoinbaseServer) -> None:
    server.limits.older_per_hour = 1
    signed = token(server.keys[0], "/v2/accounts")

    await ask(server, "/v2/accounts", signed)
    status, text, headers = await ask(server, "/v2/accounts", signed)

    assert (status, json.loads(text)["errors"][0]["id"]) == (429, "rate_limit_exceeded")
    assert headers["Retry-After"] == "3600"


async def test_a_limit_that_is_switched_on_is_told_in_the_venue_s_form(server: CoinbaseServer) -> None:
    server.faults.add(Fault.RATE_LIMITED, ACCOUNTS, retry_after=7)

    status, text, headers = await ask(server, ACCOUNTS, token(server.keys[0]))

    assert (status, headers["Retry-After"], json.loads(text)["error"]) == (429, "7", "rate_limit_exceeded")


async def test_what_is_not_offered_is_not_found(server: CoinbaseServer) -> None:
    path = "/api/v3/brokerage/orders/historical/batch"

    status, text, _ = await ask(server, path, token(server.keys[0], path))

    assert (status, json.loads(text)["error"]) == (404, "NOT_FOUND")


def test_keys_belong_to_their_seed_and_show_no_secret() -> None:
    first, other = coinbase_keys(7), coinbase_keys(8)

    assert first == coinbase_keys(7)
    assert len({key.secret for key in (*first, *other)}) == 6
    assert "PRIVATE KEY" not in repr(first)
    assert all(key.name.startswith("organizations/") and "/apiKeys/" in key.name for key in first)
