"""A venue on 127.0.0.1 that answers what a test says, and a time that passes only when somebody waits."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import orjson
from aiohttp import WSCloseCode, web

from app.connectors.limits import Scheduler


@dataclass(frozen=True)
class Asked:
    """One request as the venue sees it."""

    method: str
    path: str
    fields: dict[str, str]
    headers: dict[str, str]


@dataclass(frozen=True)
class Reply:
    """One answer; a text goes out as it is, anything else as JSON. A cut one ends before it is whole."""

    body: Any
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    is_cut: bool = False
    media_type: str = "application/json"


Respond = Callable[[Asked], Any]


class ScriptedVenue:
    """Answers by a function; replies laid up for a path go out first, in their order."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond
        self.asked: list[Asked] = []
        self.sent_on_sockets: list[Any] = []
        self.endpoint = ""
        self._next: list[tuple[str, Reply]] = []
        self._sockets: list[web.WebSocketResponse] = []
        self._runner: web.AppRunner | None = None
        self.on_socket_message: Callable[[Any], list[Any]] = lambda _: []

    def next(self, path: str, *replies: Reply) -> None:
        """Lay up replies for requests whose path has this in it."""
        self._next += [(path, reply) for reply in replies]

    def count(self, path: str) -> int:
        """Return how many requests came for a path."""
        return sum(path in one.path for one in self.asked)

    async def start(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/{tail:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.endpoint = f"http://{host}:{port}"

    async def stop(self) -> None:
        await self.drop_sockets()
        if self._runner is not None:
            await self._runner.cleanup()

    async def drop_sockets(self) -> None:
        sockets, self._sockets = self._sockets, []
        for socket in sockets:
            await socket.close(code=WSCloseCode.GOING_AWAY)

    async def say(self, message: Any) -> None:
        """Send a message on every open socket."""
        for socket in self._sockets:
            await socket.send_str(orjson.dumps(message).decode())

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._socket(request)
        body = (await request.read()).decode()
        form = dict(parse_qsl(body, keep_blank_values=True)) if not body.startswith("{") else orjson.loads(body)
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked = Asked(request.method, request.path, {**request.query, **form}, headers)
        self.asked.append(asked)
        for place, (path, laid_up) in enumerate(self._next):
            if path in asked.path:
                del self._next[place]
                return await self._send(request, laid_up)
        found = self.respond(asked)
        return await self._send(request, found if isinstance(found, Reply) else Reply(found))

    async def _send(self, request: web.Request, reply: Reply) -> web.StreamResponse:
        content = reply.body.encode() if isinstance(reply.body, str) else orjson.dumps(reply.body)
        if not reply.is_cut:
            return web.Response(body=content, status=reply.status, headers=reply.headers, content_type=reply.media_type)
        response = web.StreamResponse(status=reply.status, headers=reply.headers)
        response.content_type = reply.media_type
        response.content_length = len(content)
        await response.prepare(request)
        await response.write(content[: len(content) // 2])
        assert request.transport is not None
        request.transport.close()
        return response

    async def _socket(self, request: web.Request) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.append(socket)
        async for message in socket:
            said = orjson.loads(message.data)
            self.sent_on_sockets.append(said)
            for answer in self.on_socket_message(said):
                await socket.send_str(orjson.dumps(answer).decode())
        return socket


class VirtualTime:
    """A clock that jumps ahead when somebody sleeps, so that waiting takes no time."""

    def __init__(self) -> None:
        self.slept: list[float] = []
        self._ahead = 0.0

    def now(self) -> float:
        return time.monotonic() + self._ahead

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._ahead += seconds
        await asyncio.sleep(0)

    def scheduler(self) -> Scheduler:
        return Scheduler(now=self.now, sleep=self.sleep)
