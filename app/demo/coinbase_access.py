"""Who may ask the simulated Coinbase: made-up CDP keys and their ES256 tokens, checked as the venue checks them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

HOST = "api.coinbase.com"
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Order of the group of P-256: private keys lie below it."""
_ISSUERS = ("cdp", "coinbase-cloud")
_LIFE_SECONDS = 120
_LEEWAY_SECONDS = 5
_SIGNATURE_BYTES = 64
_NAMES = uuid.UUID("9f7b9c2e-5f0d-4a3e-8a43-6d0a4e0c51a7")


class TokenError(Exception):
    """Why a token is refused."""


@dataclass(frozen=True, slots=True)
class CoinbaseKey:
    """A CDP key that nobody owns: its name, its private key as PEM, and what it may do."""

    name: str
    secret: str = field(repr=False)
    may_trade: bool = False
    may_transfer: bool = False


def coinbase_keys(seed: int) -> tuple[CoinbaseKey, CoinbaseKey, CoinbaseKey]:
    """Return the keys of a seed: one that reads, one that also trades, one that also moves money away."""
    return (
        CoinbaseKey(_name(seed, "read"), _secret(seed, "read")),
        CoinbaseKey(_name(seed, "trade"), _secret(seed, "trade"), may_trade=True),
        CoinbaseKey(_name(seed, "transfer"), _secret(seed, "transfer"), may_trade=True, may_transfer=True),
    )


def made_up_id(*parts: object) -> str:
    """Return an id that only its parts decide."""
    return str(uuid.uuid5(_NAMES, " ".join(str(part) for part in parts)))


def _name(seed: int, right: str) -> str:
    return f"organizations/{made_up_id(seed, 'organization')}/apiKeys/{made_up_id(seed, 'key', right)}"


def _private(seed: int, right: str) -> ec.EllipticCurvePrivateKey:
    number = int.from_bytes(hashlib.sha512(f"coinbase {right} {seed}".encode()).digest())
    return ec.derive_private_key(number % (_ORDER - 1) + 1, ec.SECP256R1())


def _secret(seed: int, right: str) -> str:
    return (
        _private(seed, right)
        .private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
        .decode()
    )


class TokenCheck:
    """Knows the public halves of the keys and reads the tokens that their owners sign."""

    def __init__(self, keys: Sequence[CoinbaseKey]) -> None:
        """Keep the public halves."""
        self._keys = {key.name: (key, _public(key)) for key in keys}

    def admit(self, header: str | None, uris: Collection[str], now: float) -> CoinbaseKey:
        """Return the key whose token is in an Authorization header and was made for this very request."""
        scheme, _, token = (header or "").partition(" ")
        if scheme != "Bearer" or not token:
            raise TokenError("no bearer token")
        return self.check(token, uris, now)

    def check(self, token: str, uris: Collection[str], now: float) -> CoinbaseKey:
        """Return the key of a token; `uris` are the names of the request, empty where a token is for no request."""
        head, claims, signed, signature = _parts(token)
        known = self._keys.get(str(head.get("kid", "")))
        if head.get("alg") != "ES256" or known is None:
            raise TokenError("unknown key or algorithm")
        key, public = known
        try:
            public.verify(_der(signature), signed, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature as error:
            raise TokenError("signature is wrong") from error
        if claims.get("sub") != key.name or claims.get("iss") not in _ISSUERS:
            raise TokenError("subject or issuer is wrong")
        _check_time(claims, now)
        if uris and claims.get("uri") not in uris:
            raise TokenError("token was made for another request")
        return key


def _public(key: CoinbaseKey) -> ec.EllipticCurvePublicKey:
    private = serialization.load_pem_private_key(key.secret.encode(), None)
    if not isinstance(private, ec.EllipticCurvePrivateKey):
        raise TypeError("a CDP key is a key on an elliptic curve")
    return private.public_key()


def _parts(token: str) -> tuple[dict[str, Any], dict[str, Any], bytes, bytes]:
    try:
        head, claims, signature = token.split(".")
        parsed = [json.loads(_unpack(part)) for part in (head, claims)]
        raw = _unpack(signature)
    except (ValueError, binascii.Error) as error:
        raise TokenError("not a token") from error
    if not all(isinstance(part, dict) for part in parsed):
        raise TokenError("not a token")
    return parsed[0], parsed[1], f"{head}.{claims}".encode(), raw


def _unpack(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _der(signature: bytes) -> bytes:
    if len(signature) != _SIGNATURE_BYTES:
        raise TokenError("signature has the wrong length")
    half = _SIGNATURE_BYTES // 2
    return encode_dss_signature(int.from_bytes(signature[:half]), int.from_bytes(signature[half:]))


def _check_time(claims: dict[str, Any], now: float) -> None:
    begins, ends = claims.get("nbf"), claims.get("exp")
    if not isinstance(begins, int | float) or not isinstance(ends, int | float):
        raise TokenError("token has no times")
    if begins > now + _LEEWAY_SECONDS:
        raise TokenError("token is not valid yet")
    if ends <= now:
        raise TokenError("token is expired")
    if ends - begins > _LIFE_SECONDS:
        raise TokenError("token lives too long")
