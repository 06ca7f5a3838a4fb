"""Who may ask the simulated Binance: made-up keys, signatures and the clock, checked as the venue checks them."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote_plus

from app.demo.server import Refusal

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_KEY_LENGTH = 64
_AHEAD_MS = 1_000
_LONGEST_WINDOW_MS = 60_000
_USUAL_WINDOW_MS = 5_000


class BinanceError(Refusal):
    """An answer that refuses, with the venue's code."""

    def __init__(self, status: int, code: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        """Take the HTTP status, the venue's code, its message and headers to go with it."""
        super().__init__({"code": code, "msg": message}, status, headers)
        self.code = code


@dataclass(frozen=True, slots=True)
class BinanceKey:
    """A key that nobody owns."""

    key: str
    secret: str = field(repr=False)
    may_trade: bool = False
    may_withdraw: bool = False


def binance_keys(seed: int) -> tuple[BinanceKey, BinanceKey, BinanceKey]:
    """Return the keys of a seed: one that reads, one that also trades, one that also withdraws."""
    return (
        BinanceKey(_word(seed, "read key"), _word(seed, "read secret")),
        BinanceKey(_word(seed, "trade key"), _word(seed, "trade secret"), may_trade=True),
        BinanceKey(_word(seed, "withdraw key"), _word(seed, "withdraw secret"), may_trade=True, may_withdraw=True),
    )


def _word(seed: int, purpose: str) -> str:
    """Return 64 letters and digits, as Binance's keys and secrets are."""
    number = int.from_bytes(hashlib.sha512(f"binance {purpose} {seed}".encode()).digest())
    letters = []
    for _ in range(_KEY_LENGTH):
        number, place = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[place])
    return "".join(letters)


def parameters(query: str, body: str) -> dict[str, str]:
    """Return what was asked, from the query and from a form body; the last of two equal names counts."""
    found: dict[str, str] = {}
    for pair in _pairs(query) + _pairs(body):
        name, _, value = pair.partition("=")
        found[unquote_plus(name)] = unquote_plus(value)
    return found


def _pairs(text: str) -> list[str]:
    return [pair for pair in text.split("&") if pair]


def signed_text(query: str, body: str) -> str:
    """Return what the signature covers: query and body as they were sent, without the signature."""
    return "".join("&".join(p for p in _pairs(part) if not p.startswith("signature=")) for part in (query, body))


class Doorkeeper:
    """Lets a request in, or says with the venue's code why not."""

    def __init__(self, keys: Sequence[BinanceKey]) -> None:
        """Know the keys."""
        self._keys = {key.key: key for key in keys}

    def known(self, header: str | None) -> BinanceKey:
        """Return the key that a request names."""
        if header is None or not header:
            raise BinanceError(401, -2014, "API-key format invalid.")
        if len(header) != _KEY_LENGTH or not header.isalnum() or not header.isascii():
            raise BinanceError(401, -2014, "API-key format invalid.")
        key = self._keys.get(header)
        if key is None:
            raise BinanceError(401, -2015, "Invalid API-key, IP, or permissions for action.")
        return key

    def admit(self, header: str | None, query: str, body: str, now_ms: int) -> BinanceKey:
        """Return the key of a signed request whose time and signature are right."""
        key = self.known(header)
        asked = parameters(query, body)
        self._check_time(asked, now_ms)
        signature = asked.get("signature", "")
        if not signature:
            raise missing("signature")
        expected = hmac.new(key.secret.encode(), signed_text(query, body).encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, signature.lower()):
            raise BinanceError(400, -1022, "Signature for this request is not valid.")
        return key

    @staticmethod
    def _check_time(asked: Mapping[str, str], now_ms: int) -> None:
        stamp = whole(asked, "timestamp")
        if stamp is None:
            raise missing("timestamp")
        window = whole(asked, "recvWindow")
        window = _USUAL_WINDOW_MS if window is None else window
        if window > _LONGEST_WINDOW_MS:
            raise BinanceError(400, -1131, "recvWindow must be less than 60000.")
        if stamp > now_ms + _AHEAD_MS:
            raise BinanceError(400, -1021, "Timestamp for this request was 1000ms ahead of the server's time.")
        if now_ms - stamp > window:
            raise BinanceError(400, -1021, "Timestamp for this request is outside of the recvWindow.")


def missing(name: str) -> BinanceError:
    """Return the refusal of a request that lacks a parameter."""
    return BinanceError(400, -1102, f"Mandatory parameter '{name}' was not sent, was empty/null, or malformed.")


def whole(asked: Mapping[str, str], name: str) -> int | None:
    """Return a whole number that was asked for; None where it was not sent."""
    text = asked.get(name, "")
    if not text:
        return None
    if not text.isascii() or not text.isdigit():
        raise BinanceError(
            400, -1100, f"Illegal characters found in parameter '{name}'; legal range is '^[0-9]{{1,20}}$'."
        )
    return int(text)


def word(asked: Mapping[str, str], name: str) -> str:
    """Return a text that must be there."""
    text = asked.get(name, "")
    if not text:
        raise missing(name)
    return text
