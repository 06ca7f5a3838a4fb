"""What lets the real client reach a demo venue: one port stands for all of the venue's hosts, and the clock is set."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import aiohttp
import yarl

from app.core.clock import MILLISECOND, SECOND


class Loopback:
    """Sends what is meant for the venue's hosts to one port of this computer; signatures stay as they are."""

    def __init__(self, endpoint: Any) -> None:
        self._port = yarl.URL(endpoint).port
        self._session = aiohttp.ClientSession()
        self.headers, self.cookie_jar, self.closed = self._session.headers, self._session.cookie_jar, False

    def _moved(self, url: Any) -> Any:
        return yarl.URL(f"http://127.0.0.1:{self._port}{yarl.URL(str(url), encoded=True).raw_path_qs}", encoded=True)

    def get(self, url: Any, **words: Any) -> Any:
        return self._session.get(self._moved(url), **words)

    def post(self, url: Any, **words: Any) -> Any:
        return self._session.post(self._moved(url), **words)

    def ws_connect(self, url: Any, **words: Any) -> Any:
        return self._session.ws_connect(self._moved(url), **words)

    async def close(self) -> None:
        self.closed = True
        await self._session.close()


class Moment:
    """The present, as a test sets it."""

    def __init__(self, now: Any) -> None:
        self.now = now

    def __call__(self) -> Any:
        return self.now

    def milliseconds(self) -> Any:
        return self.now // MILLISECOND

    def seconds(self) -> Any:
        return self.now // SECOND


@contextlib.asynccontextmanager
async def opened(kind: Any, server: Any, moment: Moment, settings: Any, right: Any = "read") -> AsyncIterator[Any]:
    """Yield a client of ccxt that reads exact numbers and thinks it is the moment of the test."""
    session = Loopback(server.endpoint)
    common = {"session": session, "enableRateLimit": False, "timeout_on_exit": 0}
    exchange = kind({**server.credentials[right], **common, **settings})
    exchange.number, exchange.milliseconds, exchange.seconds = Decimal, moment.milliseconds, moment.seconds
    yield exchange
    await exchange.close()
    await session.close()
