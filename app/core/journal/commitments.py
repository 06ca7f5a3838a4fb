"""Salted commitments: a header binds its body without giving it away, so that a body can be erased or withheld."""

from __future__ import annotations

import hashlib
import hmac

SALT_BYTES = 32


def commitment(salt: bytes, body: bytes) -> bytes:
    """Return SHA-256(salt ‖ body); the salt keeps a small body from being guessed."""
    return hashlib.sha256(salt + body).digest()


def opens(committed: bytes, salt: bytes, body: bytes) -> bool:
    """Tell whether salt and body are those that were committed to."""
    return len(salt) == SALT_BYTES and hmac.compare_digest(committed, commitment(salt, body))
