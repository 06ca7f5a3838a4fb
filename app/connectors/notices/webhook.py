"""Webhooks: JSON by POST, signed, so that whoever gets it knows from whom it is and that it is fresh.

X-Counterfoil-Timestamp: seconds since 1970
X-Counterfoil-Signature: sha256=HMAC-SHA256(secret, timestamp "." body) in hex
"""

from __future__ import annotations

import hashlib
import hmac
import json

import yarl

from app.connectors.http import HttpSession, is_loopback
from app.core.clock import SECOND
from app.core.errors import BadResponseError, CredentialsError, InputError, RateLimitedError, RetryableError
from app.core.model.notices import Hook, Notice

_TOO_MANY, _FAULTY, _REDIRECTED, _TIMED_OUT = 429, 500, 300, 408
_REFUSED = (401, 403)
_PAUSE = 60.0
_LONGEST_PAUSE = 3_600.0


def check(hook: Hook) -> None:
    """Raise InputError where an address is neither https nor on this computer."""
    _address(hook.url)


def _address(text: str) -> yarl.URL:
    try:
        url = yarl.URL(text)
        is_complete = url.scheme in {"http", "https"} and bool(url.host) and url.port is not None
    except ValueError:
        is_complete, url = False, yarl.URL()
    if not is_complete or url.user:
        raise InputError(f"{text!r} is no address of a webhook.", hint="Such as https://example.org/hook.")
    if url.scheme == "http" and not is_loopback(url.host or ""):
        raise InputError(f"{url.host} is not this computer: what goes to it goes over TLS.",
                         hint="Give an address that begins with https.")  # fmt: skip
    return url


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return what stands in the header of the signature."""
    made = hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256)
    return f"sha256={made.hexdigest()}"


async def post(hook: Hook, notice: Notice, now_ns: int) -> None:
    """Post a notice; SourceError where the address could not be reached or did not take it."""
    # Imported at use: most commands of the program send nothing.
    import aiohttp  # noqa: PLC0415

    url = _address(hook.url)
    where = url.host or ""
    body = json.dumps({"id": notice.key, **notice.fields}, ensure_ascii=False, separators=(",", ":")).encode()
    timestamp = str(now_ns // SECOND)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "counterfoil",
        "X-Counterfoil-Timestamp": timestamp,
    }
    if hook.secret:
        headers["X-Counterfoil-Signature"] = signature(hook.secret, timestamp, body)
    session = HttpSession(str(url.origin()) if is_loopback(where) else "")
    try:
        async with session.post(url, data=body, headers=headers) as response:
            _check_status(response.status, response.headers.get("Retry-After", ""), where)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise RetryableError(f"The webhook cannot be reached: {type(error).__name__}.",
                             hint="Check the address and the network.", where=where) from error  # fmt: skip
    finally:
        await session.close()


def _check_status(status: int, retry_after: str, where: str) -> None:
    if status == _TOO_MANY:
        pause = min(float(retry_after), _LONGEST_PAUSE) if retry_after.isdigit() else _PAUSE
        raise RateLimitedError("The webhook asks to wait.", retry_after=pause, where=where)
    if status >= _FAULTY or status == _TIMED_OUT:
        raise RetryableError(f"The webhook has a fault of its own ({status}).", where=where)
    if status in _REFUSED:
        raise CredentialsError(f"The webhook refused the notice ({status}).", hint="Check its secret.", where=where)
    if status >= _REDIRECTED:
        raise BadResponseError(f"The webhook did not take the notice ({status}).", hint="Check the address.",
                               where=where)  # fmt: skip
