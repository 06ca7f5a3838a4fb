"""Hashes of a seal: one over the hashes of its parts in order, so that a part can be withheld and the seal holds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

DOMAIN = b"counterfoil/period-seal/1\x00"
"""Begins what is hashed, so that no seal is a hash of anything else."""


def canonical(value: Any) -> bytes:
    """Return JSON that has one form only: sorted keys, no spaces, UTF-8, a line end. Numbers are texts."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return f"{text}\n".encode()


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
