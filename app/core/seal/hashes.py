"""Hashes of a seal: one over the hashes of its parts in order, so that a part can be withheld and the seal holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any

DOMAIN = b"counterfoil/period-seal/1\x00"
"""Begins what is hashed, so that no seal is a hash of anything else."""

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
_DECODER = json.JSONDecoder()


def canonical(value: Any) -> bytes:
    """Return JSON that has one form only: sorted keys, no spaces, UTF-8, a line end. Numbers are texts."""
    return b"".join(_pieces(value))


def digest_of(value: Any) -> str:
    """Return the digest of the canonical JSON of a value."""
    made = hashlib.sha256()
    for piece in _pieces(value):
        made.update(piece)
    return made.hexdigest()


def parsed(content: bytes) -> Any:
    """Return the value of canonical JSON."""
    text = content.decode()
    if text[0] not in "[{" or text[1] in "]}":
        return _DECODER.decode(text)
    at, keys, values = 0, list[str](), list[Any]()
    while text[at] not in "]}":
        # Behind the bracket that begins, or the comma.
        at += 1
        if text[0] == "{":
            key, at = _DECODER.raw_decode(text, at)
            keys.append(key)
            at += 1
        value, at = _DECODER.raw_decode(text, at)
        values.append(value)
    return dict(zip(keys, values, strict=True)) if text[0] == "{" else values


def _pieces(value: Any) -> Iterator[bytes]:
    """Yield canonical JSON item by item: one call for a large year would hold the interpreter's lock until its end."""
    if isinstance(value, dict):
        between = b"{"
        for key in sorted(value):
            yield between + f"{_ENCODER.encode(key)}:{_ENCODER.encode(value[key])}".encode()
            between = b","
        yield b"}\n" if value else b"{}\n"
    elif isinstance(value, list):
        between = b"["
        for one in value:
            yield between + _ENCODER.encode(one).encode()
            between = b","
        yield b"]\n" if value else b"[]\n"
    else:
        yield f"{_ENCODER.encode(value)}\n".encode()


def digest(content: bytes) -> str:
    """Return SHA-256 in hex: what `sha256sum` says of the same file."""
    return hashlib.sha256(content).hexdigest()


def seal_of(parts: Iterable[tuple[str, str]]) -> str:
    """Return SHA-256(domain ‖ for each (name, hash) in order: length of the name in 4 bytes ‖ name ‖ hash), in hex."""
    made = hashlib.sha256(DOMAIN)
    for name, hashed in parts:
        encoded = name.encode()
        made.update(len(encoded).to_bytes(4, "big") + encoded + bytes.fromhex(hashed))
    return made.hexdigest()
