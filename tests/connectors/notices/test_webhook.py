"""Webhooks over a real socket: signed as the receiver checks it, and each answer says whether to try again."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import web

from app.connectors.notices import OutgoingNotices
from app.core.clock import SECOND
from app.core.errors import (
    BadResponseError,
    CounterfoilError,
    CredentialsError,
    InputError,
    RateLimitedError,
    RetryableError,
)
from app.core.model.notices import Hook, Notice

NOTICE = Notice("ab" * 32, "title", "text", {"rule": "3fa1", "happened": "fired", "condition": "Kurs unter 5 €"})
NOTICES = OutgoingNotices(lambda: 1_790_000_000 * SECOND)


@dataclass
class Receiver:
    """What was posted, and how it is answered."""

    url: str = ""
    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    elsewhere: int = 0
    is_silent: bool = False
    may_end: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, request: web.Request) -> web.Response:
        self.got.append((dict(request.headers), await request.read()))
        if self.is_silent:
            await self.may_end.wait()
        return web.Response(status=self.status, headers=self.headers)

    async def take_elsewhere(self, _request: web.Request) -> web.Response:
        self.elsewhere += 1
        return web.Response()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    made, application = Receiver(), web.Application()
    application.router.add_post("/hook", made.take)
    application.router.add_post("/elsewhere", made.take_elsewhere)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    made.url = f"http://{host}:{port}/hook?key=1"
    yield made
    made.may_end.set()
    await runner.cleanup()


async def test_a_notice_is_json_that_its_receiver_can_check(receiver: Receiver) -> None:
    await NOTICES.post(Hook(receiver.url, "canary-secret"), NOTICE)
    ((headers, body),) = receiver.got
    signed = headers["X-Counterfoil-Timestamp"].encode() + b"." + body

    assert json.loads(body) == {"id": NOTICE.key, **NOTICE.fields}
    assert headers["X-Counterfoil-Timestamp"] == "1790000000"
    assert (
        headers["X-Counterfoil-Signature"] == f"sha256={hmac.new(b'canary-secret', signed, hashlib.sha256).hexdigest()}"
    )
    assert "canary" not in str(headers) + repr(Hook(receiver.url, "canary-secret"))


async def test_without_a_secret_there_is_no_signature(receiver: Receiver) -> None:
    await NOTICES.post(Hook(receiver.url), NOTICE)

    assert "X-Counterfoil-Signature" not in receiver.got[0][0]


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (500, RetryableError),
        (503, RetryableError),
        (408, RetryableError),
        (401, CredentialsError),
        (404, BadResponseError),
        (302, BadResponseError),
    ],
)
async def test_each_refusal_says_whether_it_lasts(
    receiver: Receiver, status: int, fault: type[CounterfoilError]
) -> None:
    receiver.status = status
    with pytest.raises(fault) as refused:
        await NOTICES.post(Hook(receiver.url), NOTICE)

    assert type(refused.value) is fault
    assert len(receiver.got) == 1


@pytest.mark.parametrize(("told", "waited"), [("120", 120.0), ("", 60.0), ("soon", 60.0), ("999999", 3600.0)])
async def test_it_waits_as_long_as_it_is_asked_to(receiver: Receiver, told: str, waited: float) -> None:
    receiver.status, receiver.headers = 429, {"Retry-After": told}
    with pytest.raises(RateLimitedError) as refused:
        await NOTICES.post(Hook(receiver.url), NOTICE)

    assert refused.value.retry_after == waited


async def test_an_address_where_nobody_listens_can_be_tried_again(unused_tcp_port: int) -> None:
    with pytest.raises(RetryableError, match="cannot be reached"):
        await NOTICES.post(Hook(f"http://127.0.0.1:{unused_tcp_port}/hook"), NOTICE)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://example.org/hook", "goes over TLS"),
        ("ftp://example.org/hook", "no address"),
        ("https://me:word@example.org/hook", "no address"),
        ("nonsense", "no address"),
    ],
)
def test_an_address_that_is_none_is_refused(url: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        NOTICES.check_hook(Hook(url))


async def test_a_redirect_is_not_followed_and_what_was_signed_goes_nowhere_else(receiver: Receiver) -> None:
    receiver.status, receiver.headers = 307, {"Location": receiver.url.replace("/hook", "/elsewhere")}
    with pytest.raises(BadResponseError, match="did not take the notice \\(307\\)"):
        await NOTICES.post(Hook(receiver.url, "canary-secret"), NOTICE)

    assert (len(receiver.got), receiver.elsewhere) == (1, 0)


async def test_an_address_that_never_answers_can_be_tried_again_and_tells_no_secret(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.is_silent = True
    shorter = aiohttp.ClientTimeout(total=0.2)
    monkeypatch.setattr(aiohttp, "ClientTimeout", lambda **_words: shorter)
    with pytest.raises(RetryableError) as failed:
        await NOTICES.post(Hook(receiver.url, "canary-secret"), NOTICE)

    # Its key stands in the address: of that only the host is told.
    assert failed.value.line() == (
        "127.0.0.1: The webhook cannot be reached: TimeoutError. Check the address and the network."
    )
