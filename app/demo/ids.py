"""Ids as the venues write them, decided by the seed and a count alone."""

from __future__ import annotations

import hashlib

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_BITS = 5


def digest(seed: int, *parts: object) -> bytes:
    """Return 32 bytes that the parts decide."""
    return hashlib.blake2b("/".join(map(str, (seed, *parts))).encode(), digest_size=32).digest()


def letters(seed: int, count: int, *parts: object) -> str:
    """Return capital letters and digits, as Kraken's ids use them."""
    number = int.from_bytes(digest(seed, "letters", *parts), "big")
    return "".join(_ALPHABET[(number >> (_BITS * step)) % len(_ALPHABET)] for step in range(count))


def dashed(prefix: str, seed: int, *parts: object) -> str:
    """Return an id such as TQCLWD-ZZC3X-7YV2FA."""
    text = prefix + letters(seed, 17 - len(prefix), prefix, *parts)
    return f"{text[:6]}-{text[6:11]}-{text[11:]}"


def uuid(seed: int, *parts: object) -> str:
    """Return a UUID of version 4 in shape."""
    text = digest(seed, "uuid", *parts).hex()
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:32]}"


def hexadecimal(seed: int, count: int, *parts: object) -> str:
    """Return hexadecimal digits."""
    return digest(seed, "hex", *parts).hex()[:count]


def number(seed: int, digits: int, *parts: object) -> str:
    """Return a whole number with exactly so many digits."""
    least = 10 ** (digits - 1)
    return str(least + int.from_bytes(digest(seed, "number", *parts)[:12], "big") % (9 * least))
