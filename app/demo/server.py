"""What all demo venues share: a server on loopback, faults before and after the answer, sockets that can be dropped."""

from __future__ import annotations

import asyncio
import contextlib
import json
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, TypeVar

import orjson
from aiohttp import WSCloseCode, WSMsgType, web

from app.core.money import plain
from app.demo.defects import Defects
from app.demo.events import Event
from app.demo.faults import Fault, Faults
from app.demo.market import Market
from app.demo.world import World

BANNER = {"X-Simulated": "counterfoil-demo", "Server": "counterfoil-demo"}
"""Every answer says that nothing of it is real."""

_BEFORE = (Fault.HANG, Fault.SERVER_ERROR, Fault.RATE_LIMITED)
_INSTEAD: Mapping[Fault, tuple[str, str]] = {
    Fault.HTML: ("<!DOCTYPE html><html><body>One moment, please: are you a robot?</body></html>", "text/html"),
    Fault.EMPTY: ("", "application/json"),
    Fault.EMPTY_OBJECT: ("{}", "application/json"),
    Fault.NULL: ("null", "application/json"),
}
_TOO_MANY = 429

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Row = TypeVar("Row")


class Refusal(Exception):  # noqa: N818 - it is an answer, not a fault of ours
    """An answer that refuses, in the venue's own words."""

    def __init__(self, body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(str(body))
        self.body, self.status, self.headers = body, status, dict(headers or {})


@dataclass(frozen=True, slots=True)
class Written:
    """A number in JSON with exactly these digits, trailing zeros too."""

    digits: str


def encoded(value: Any) -> bytes:
    """Return JSON; decimals become numbers with every digit they have."""
    try:
        return orjson.dumps(value, option=orjson.OPT_PASSTHROUGH_DATACLASS)
    except TypeError:
        return _text(value).encode()


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, Written):
        return value.digits
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{json.dumps(str(key))}:{_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(_text, value)) + "]"
    return json.dumps(value)


def answer(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> web.Response:
    """Return an answer in JSON."""
    return web.Response(body=encoded(value), status=status, headers=headers, content_type="application/json")


class VenueServer(ABC):
    """One venue on 127.0.0.1, REST and WebSocket on one port. A venue says its routes, its keys and who is admitted."""

    venue: ClassVar[str] = ""

    def __init__(self, world: World, faults: Faults | None = None) -> None:
        self.world = world
        self.faults = faults or Faults(world.seed)
        self.endpoint = ""
        self.requests: dict[str, int] = {}
        """How often each path was asked for."""
        self._defects = Defects()
        self._told: list[Event] = []
        self._taken = 0
        self._sockets: set[web.WebSocketResponse] = set()
        self._before: dict[str, web.Response] = {}
        self._stopping = asyncio.Event()
        self._runner: web.AppRunner | None = None

    @property
    def market(self) -> Market:
        """Return the market that all venues trade."""
        return self.world.market

    @property
    @abstractmethod
    def credentials(self) -> Mapping[str, Mapping[str, str]]:
        """Return made-up credentials by what they may do: read, trade, withdraw."""

    @abstractmethod
    def routes(self) -> Sequence[web.RouteDef]:
        """Return the venue's endpoints."""

    async def admit(self, request: web.Request) -> None:  # noqa: B027 - some venues check within each call
        """Check signature and limits before a handler runs; Refusal where the venue would not answer."""

    def limited(self, retry_after: int) -> web.Response:
        """Return how the venue says "too many requests"."""
        return answer({"error": "too many requests"}, _TOO_MANY, {"Retry-After": str(retry_after)})

    def now_ns(self) -> int:
        """Return the moment by the venue's clock, which may be wrong."""
        return self.world.now() + self.faults.skew_ns

    def seed(self, defects: Defects) -> None:
        """Tell the account's history with these defects; only before it is told for the first time."""
        self._defects = defects
        for (venue, path), keys in defects.hidden.items():
            if venue == self.venue:
                self.faults.hide(path, keys)

    def told(self) -> Sequence[Event]:
        """Return the history as the venue tells it, a list that only grows."""
        events = self.world.events(self.venue)
        for event in events[self._taken :]:
            self._told += self._defects.told(event)
        self._taken = len(events)
        return self._told

    async def start(self) -> str:
        """Listen on a free port of 127.0.0.1; return the address."""
        application = web.Application(middlewares=[self._guarded])
        application.add_routes(self.routes())
        application.on_response_prepare.append(self._banner)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.endpoint = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self.endpoint

    async def stop(self) -> None:
        """Close sockets and the port."""
        self._stopping.set()
        await self.drop_sockets()
        if self._runner is not None:
            await self._runner.cleanup()

    async def drop_sockets(self) -> int:
        """Close every WebSocket as a venue does before maintenance; return how many there were."""
        open_ones = list(self._sockets)
        for socket in open_ones:
            await socket.close(code=WSCloseCode.GOING_AWAY)
        return len(open_ones)

    async def socket(self, request: web.Request) -> web.WebSocketResponse:
        """Return an accepted WebSocket that is closed when the venue stops."""
        socket = web.WebSocketResponse(heartbeat=30.0)
        await socket.prepare(request)
        self._sockets = {known for known in self._sockets if not known.closed} | {socket}
        return socket

    @staticmethod
    async def converse(
        socket: web.WebSocketResponse, telling: asyncio.Future[Any], hear: Callable[[str], Awaitable[None]]
    ) -> web.WebSocketResponse:
        """Hear what a client says until either side closes the socket, and stop telling it anything then."""
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await hear(message.data)
        finally:
            telling.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await telling
        return socket

    async def tell(self, socket: web.WebSocketResponse, path: str, value: Any) -> bool:
        """Send a message; False where the socket is or was closed, by a fault too."""
        if socket.closed:
            return False
        if self.faults.strike(path, (Fault.DROPPED_SOCKET,)):
            await socket.close(code=WSCloseCode.GOING_AWAY)
            return False
        try:
            await socket.send_str(encoded(value).decode())
        except ConnectionError:
            return False
        return True

    def page(
        self,
        path: str,
        rows: Sequence[Row],
        key: Callable[[Row], str],
        cut: Callable[[Sequence[Row]], Sequence[Row]],
    ) -> tuple[Sequence[Row], Sequence[Row]]:
        """Return all rows that an endpoint shows, and the page that `cut` makes of them; here a page may get lost."""
        shown = self.faults.shown(path, rows, [key(row) for row in rows])
        found = cut(shown)
        if found and self.faults.strike(path, (Fault.MISSING_PAGE,)):
            self.faults.hide(path, map(key, found))
            return self.page(path, rows, key, cut)
        return shown, found

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        path = request.path
        self.requests[path] = self.requests.get(path, 0) + 1
        knob = self.faults.strike(path, _BEFORE)
        if knob is not None and knob.fault is Fault.HANG:
            await self._stopping.wait()
        if knob is not None:
            return self.limited(knob.retry_after) if knob.fault is Fault.RATE_LIMITED else _broken(knob.status)
        try:
            await self.admit(request)
            response = await handler(request)
        except Refusal as refusal:
            return answer(refusal.body, refusal.status, refusal.headers)
        return await self._harmed(request, response) if isinstance(response, web.Response) else response

    async def _harmed(self, request: web.Request, response: web.Response) -> web.StreamResponse:
        path = request.path
        instead = self.faults.strike(path, _INSTEAD)
        if instead is not None:
            text, content_type = _INSTEAD[instead.fault]
            return web.Response(text=text, content_type=content_type)
        if self.faults.strike(path, (Fault.TRUNCATED,)):
            return await _truncated(request, response)
        before = self._before.get(path)
        self._before[path] = _copied(response)
        if before is not None and self.faults.strike(path, (Fault.DUPLICATE_PAGE,)):
            self._before[path] = before
            return _copied(before)
        return response

    @staticmethod
    async def _banner(_: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(BANNER)


def _broken(status: int) -> web.Response:
    return web.Response(text=f"<html><body>{status}</body></html>", status=status, content_type="text/html")


def _copied(response: web.Response) -> web.Response:
    headers = {name: value for name, value in response.headers.items() if name.lower() != "content-length"}
    return web.Response(body=response.body, status=response.status, headers=headers)


async def _truncated(request: web.Request, response: web.Response) -> web.StreamResponse:
    """Announce the whole answer, send half of it, and close the connection."""
    body = response.body if isinstance(response.body, bytes) else b""
    cut = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(body))})
    await cut.prepare(request)
    await cut.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    return cut
