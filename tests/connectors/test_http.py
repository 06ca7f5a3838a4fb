"""The one way out, over real sockets."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
import yarl
from aiohttp import web

from app.connectors.http import HttpSession, loopback, lower_names
from app.core.errors import InputError

QUERY = "symbol=BTC%2FUSD&name=a+b&mark=%7B%22x%22%3A1%7D&empty="


class Echo:
    """Tells what it was asked."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str, str, dict[str, str]]] = []
        self.url = ""

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.seen.append((request.method, request.raw_path, await request.text(), dict(request.headers)))
        if request.headers.get("Upgrade", "").lower() == "websocket":
            socket = web.WebSocketResponse()
            await socket.prepare(request)
            await socket.send_str(request.raw_path)
            await socket.close()
            return socket
        if request.path == "/moved":
            raise web.HTTPFound("https://example.com/elsewhere")
        return web.json_response({"ok": True})


@pytest.fixture
async def echo() -> AsyncIterator[Echo]:
    told = Echo()
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", told.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    told.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield told
    await runner.cleanup()


@pytest.fixture
async def session(echo: Echo) -> AsyncIterator[HttpSession]:
    made = HttpSession(echo.url)
    yield made
    await made.close()


async def test_path_and_query_arrive_as_they_were_signed(echo: Echo, session: HttpSession) -> None:
    url = yarl.URL(f"https://api.kraken.com:443/0/private/Ledgers?{QUERY}", encoded=True)
    async with session.post(url, data=b"nonce=1", headers={"API-Sign": "s"}) as response:
        await response.read()
    method, path, body, headers = echo.seen[0]

    assert (method, path, body, headers["API-Sign"]) == ("POST", f"/0/private/Ledgers?{QUERY}", "nonce=1", "s")
    assert headers["Host"] == yarl.URL(echo.url).authority


@pytest.mark.parametrize("verb", ["get", "post", "put", "delete", "patch"])
async def test_every_verb_goes_the_same_way(echo: Echo, session: HttpSession, verb: str) -> None:
    async with getattr(session, verb)("https://api.binance.com/api/v3/time") as response:
        assert response.status == 200

    assert [(method, path) for method, path, _, _ in echo.seen] == [(verb.upper(), "/api/v3/time")]


async def test_websockets_are_led_to_the_same_place(echo: Echo, session: HttpSession) -> None:
    async with session.ws_connect("wss://ws.kraken.com/v2?token=a%20b", headers=None) as socket:
        said = await socket.receive_str()

    assert said == "/v2?token=a%20b"


async def test_a_redirect_is_not_followed(echo: Echo, session: HttpSession) -> None:
    async with session.get("https://api.kraken.com/moved") as response:
        status = response.status

    assert (status, len(echo.seen)) == (302, 1)


async def test_requests_are_counted(session: HttpSession) -> None:
    for _ in range(3):
        async with session.get("https://api.kraken.com/0/public/Time") as response:
            await response.read()

    assert session.calls == 3


async def test_after_closing_nothing_is_sent(session: HttpSession) -> None:
    await session.close()

    with pytest.raises(RuntimeError):
        session.get("https://api.kraken.com/0/public/Time")
    assert session.closed


def test_real_hosts_are_only_asked_with_tls() -> None:
    session = HttpSession()

    assert str(session.address("wss://ws.kraken.com/v2")) == "wss://ws.kraken.com/v2"
    with pytest.raises(InputError, match="without TLS"):
        session.address("http://api.kraken.com/0/public/Time")


@pytest.mark.parametrize(
    ("endpoint", "origin"),
    [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://127.8.9.10:1/", "http://127.8.9.10:1"),
        ("http://localhost:5", "http://localhost:5"),
        ("http://[::1]:9000", "http://[::1]:9000"),
    ],
)
def test_loopback_is_this_computer(endpoint: str, origin: str) -> None:
    assert str(loopback(endpoint)) == origin


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://api.kraken.com",
        "http://127.0.0.1.example.com:80",
        "http://10.0.0.1:80",
        "http://0.0.0.0:80",
        "http://127.0.0.1:80/path",
        "http://127.0.0.1:80/?query=1",
        "http://user:word@127.0.0.1:80",
        "ftp://127.0.0.1",
        "127.0.0.1:80",
        "http://127.0.0.1:99999999",
        "http://",
        "kraken",
    ],
)
def test_anything_else_is_refused(endpoint: str) -> None:
    with pytest.raises(InputError):
        loopback(endpoint)


async def test_an_ipv6_endpoint_keeps_its_brackets() -> None:
    assert str(HttpSession("http://[::1]:9000").address("https://a.com/x?y=1")) == "http://[::1]:9000/x?y=1"


async def test_certificates_are_verified(echo: Echo) -> None:
    session = HttpSession(echo.url.replace("http:", "https:"))
    with pytest.raises(aiohttp.ClientConnectorError):
        async with session.get("https://api.kraken.com/"):
            pass
    await session.close()


def test_header_names_are_read_in_lower_case() -> None:
    assert lower_names({"Retry-After": "7"}) == {"retry-after": "7"}
