"""Who may ask the simulated Kraken: made-up keys, signatures, nonces and the call counter, as the venue checks them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import orjson

from app.core.clock import SECOND
from app.demo.ids import digest

RIGHTS = ("read", "trade", "withdraw")
READING = (
    "query-funds",
    "query-open-trades",
    "query-closed-trades",
    "query-ledger",
    "export-data",
    "access-websockets",
)
_TRADING = ("modify-trades", "close-trades")
_WITHDRAWING = ("withdraw-funds",)
_COSTLY = frozenset({"Ledgers", "TradesHistory", "ClosedOrders", "QueryLedgers"})
_FREE = frozenset({"AddOrder", "CancelOrder"})


class KrakenError(Exception):
    """A refusal in Kraken's own words: status 200 and a list of errors."""


@dataclass(slots=True)
class KrakenKey:
    """A key that nobody owns, with the nonce it used last and its call counter."""

    name: str
    key: str
    secret: str = field(repr=False)
    permissions: tuple[str, ...]
    nonce: int = 0
    counter: float = 0.0
    counted_ns: int = 0


@dataclass(frozen=True, slots=True)
class Tier:
    """How fast an account may call: a counter that calls raise and time lowers."""

    most: int = 20
    per_second: float = 1.0


def kraken_keys(seed: int) -> tuple[KrakenKey, KrakenKey, KrakenKey]:
    """Return the keys of a seed: one that reads, one that also trades, one that also withdraws."""
    permissions = (READING, (*READING, *_TRADING), (*READING, *_TRADING, *_WITHDRAWING))
    read, trade, withdraw = (
        KrakenKey(f"demo {right}", _word(seed, right, 42), _word(seed, f"{right} secret", 64), may)
        for right, may in zip(RIGHTS, permissions, strict=True)
    )
    return read, trade, withdraw


def _word(seed: int, purpose: str, length: int) -> str:
    """Return base64 of so many bytes, as Kraken's keys and secrets are."""
    stream = b"".join(digest(seed, "kraken", purpose, part) for part in range(3))
    return base64.b64encode(stream[:length]).decode()


def fields(body: bytes, content_type: str) -> dict[str, str]:
    """Return the fields of a request's body, form or JSON."""
    if content_type == "application/json":
        try:
            found = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise KrakenError("EGeneral:Invalid arguments") from error
        return {str(name): str(value) for name, value in found.items()} if isinstance(found, dict) else {}
    return dict(parse_qsl(body.decode(), keep_blank_values=True))


class Doorkeeper:
    """Knows the keys, and lets in who signs with one of them, counts up and does not hurry."""

    def __init__(self, keys: Sequence[KrakenKey], tier: Tier) -> None:
        self._keys = {key.key: key for key in keys}
        self.tier = tier

    def admit(self, path: str, headers: Mapping[str, str], body: bytes, asked: Mapping[str, str]) -> KrakenKey:
        """Return the key of a request; KrakenError where it is refused."""
        key = self._keys.get(headers.get("API-Key", ""))
        if key is None:
            raise KrakenError("EAPI:Invalid key")
        nonce = asked.get("nonce", "")
        if not hmac.compare_digest(_signature(key, path, nonce, body), _decoded(headers.get("API-Sign", ""))):
            raise KrakenError("EAPI:Invalid signature")
        if not nonce.isdigit() or int(nonce) <= key.nonce:
            raise KrakenError("EAPI:Invalid nonce")
        key.nonce = int(nonce)
        self._count(key, path.rpartition("/")[2], time.monotonic_ns())
        return key

    def _count(self, key: KrakenKey, name: str, now_ns: int) -> None:
        passed = max(0, now_ns - key.counted_ns) / SECOND
        key.counter = max(0.0, key.counter - passed * self.tier.per_second)
        key.counted_ns = now_ns
        cost = 0 if name in _FREE else 2 if name in _COSTLY else 1
        # The counter is one of whole numbers: a fraction that the line's delay leaves does not count.
        if math.floor(key.counter + cost) > self.tier.most:
            raise KrakenError("EAPI:Rate limit exceeded")
        key.counter += cost


def _signature(key: KrakenKey, path: str, nonce: str, body: bytes) -> bytes:
    message = path.encode() + hashlib.sha256(nonce.encode() + body).digest()
    return hmac.digest(base64.b64decode(key.secret), message, "sha512")


def _decoded(signature: str) -> bytes:
    try:
        return base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        return b""
