"""A ccxt class that hands every request to our gate and believes no answer before it was looked at."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

import orjson

from app.connectors.exchanges.ccxt_loading import exchange_class
from app.connectors.http import HttpSession, lower_names, trusted

_SUCCESS = range(200, 300)
_MILLISECONDS = 20_000


class GuardError(Exception):
    """An answer with a good status that is no answer; never leaves this package."""


@dataclass(slots=True)
class Exchanged:
    """What came back for one request."""

    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    data: Any = None

    def put(self, status: int, headers: Mapping[str, str], body: str) -> None:
        """Take an answer; GuardError where it has a good status and is no answer."""
        self.status, self.headers, self.body = status, lower_names(headers), body
        self.data = sound(body) if status in _SUCCESS else None


exchanged: ContextVar[Exchanged | None] = ContextVar("exchanged", default=None)
"""Where the answer to the request under way in this task is put down."""


class Gate(Protocol):
    """What requests of a guarded class pass through."""

    async def pass_request(self, key: str, params: Any, send: Callable[[], Any]) -> Any:
        """Send when it may be sent, again where that helps, and return the parsed answer."""

    def look_at(self, answer: Exchanged, data: Any) -> None:
        """Raise what an answer means where it is an error."""


def guarded(ccxt_id: str, *, is_live: bool = False) -> Any:
    """Return ccxt's class of a venue with the guard in front; loads ccxt, so not on a loop's thread."""
    trusted()
    return _guarded(exchange_class(ccxt_id, is_live=is_live))


def _guarded(base: Any) -> Any:
    class Guarded(base):  # type: ignore[misc]
        """The class of ccxt, whose requests pass our gate."""

        gate: Gate

        async def fetch2(self, path: str, api: Any, method: str, params: Any, config: Any) -> Any:
            """Send one request through the gate."""
            parts = [api] if isinstance(api, str) else list(api)

            async def send() -> Any:
                return await super(Guarded, self).fetch2(path, parts, method, params, config)

            return await self.gate.pass_request(f"{method} {'.'.join(parts)}/{path}", params, send)

        def seconds(self) -> int:
            """Return the venue's seconds, as far as the clocks were compared: tokens carry them."""
            return int(super().seconds()) - _ahead(self)

        def on_rest_response(self, code: int, reason: str, url: str, method: str, *rest: Any) -> str:
            """Put the answer down, and refuse what has a good status and is no answer."""
            body = str(super().on_rest_response(code, reason, url, method, *rest))
            (exchanged.get() or Exchanged()).put(code, rest[0], body)
            return body

        def parse_json(self, http_response: str) -> Any:
            """Return the parsed answer; one that was looked at is parsed already."""
            there = exchanged.get() or Exchanged()
            is_parsed = there.data is not None and there.body is http_response
            return there.data if is_parsed else super().parse_json(http_response)

        def handle_errors(self, code: int, *rest: Any) -> None:
            """Let our gate say what an error answer means; ccxt's own classes depend on the venue's mood."""
            there = exchanged.get() or Exchanged(code, lower_names(rest[3]), rest[4])
            self.gate.look_at(there, rest[5])

    Guarded.__name__ = base.__name__
    for name, texts in _exact_texts(base).items():
        setattr(Guarded, name, staticmethod(texts))
    return Guarded


def _ahead(client: Any) -> int:
    """Return the seconds that this computer's clock was found ahead of the venue's."""
    return round((client.options.get("timeDifference") or 0) / 1_000)


def _exact_texts(base: Any) -> Mapping[str, Callable[..., Any]]:
    """Return ccxt's readers of text fields, for exact numbers too.

    WORKAROUND(ccxt-safe-string-decimal): it reads its own numbers back as text, but passes Decimal over.
    """

    def safe_string(source: Any, key: Any, default: Any = None) -> Any:
        return _text(base.safe_string(source, key), source, (key,), default)

    def safe_string_2(source: Any, key: Any, other: Any, default: Any = None) -> Any:
        return _text(base.safe_string_2(source, key, other), source, (key, other), default)

    def safe_string_n(source: Any, keys: Any, default: Any = None) -> Any:
        return _text(base.safe_string_n(source, keys), source, keys, default)

    return {one.__name__: one for one in (safe_string, safe_string_2, safe_string_n)}


def _text(found: Any, source: Any, keys: Iterable[Any], default: Any) -> Any:
    """Return what ccxt found, or the text of the first exact number that it passed over."""
    if found is not None:
        return found
    for key in keys:
        try:
            value = source[key]
        except (LookupError, TypeError):
            continue
        if isinstance(value, Decimal):
            return f"{value:f}"
    return default


def sound(body: str) -> Any:
    """Return a parsed answer; GuardError where a good status comes with what is not JSON, or says nothing at all."""
    if not body.strip():
        message = "the answer is empty"
        raise GuardError(message)
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        message = "the answer is a page, not data" if body.lstrip().startswith("<") else "the answer is broken off"
        raise GuardError(message) from None
    if value is None or value == {} or not isinstance(value, dict | list):
        message = f"the answer is only {body.strip()[:20]}"
        raise GuardError(message)
    return value


def made(kind: Any, gate: Gate, session: HttpSession, settings: Mapping[str, Any]) -> Any:
    """Return an instance of a guarded class that uses our session, our limits and exact numbers."""
    options = settings.get("options", {})
    exchange = kind(
        {
            **settings,
            "session": session,
            "enableRateLimit": False,
            "timeout": _MILLISECONDS,
            "options": {**options, "maxRetriesOnFailure": 0},
        }
    )
    exchange.gate = gate
    exchange.number = Decimal
    exchange.enableLastHttpResponse = False
    exchange.timeout_on_exit = 0
    # It is for sockets of its own, of which there are none; without one it would read the certificates itself.
    exchange.ssl_context = trusted()
    # Its debug lines have signed requests in them.
    exchange.logger = _silent()
    return exchange


def _silent() -> logging.Logger:
    logger = logging.getLogger("counterfoil-silent")
    logger.disabled = True
    return logger
