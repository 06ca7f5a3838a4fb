"""Canonical bytes of the journal: one value has one encoding (CBOR, RFC 8949 section 4.2.1), whoever writes it."""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import cbor2

from app.core.errors import ChainBrokenError
from app.core.money import to_fraction

_PACK_1, _PACK_2, _PACK_4, _PACK_8 = (struct.Struct(size).pack for size in (">BB", ">BH", ">BI", ">BQ"))
"""A head and its number in 1, 2, 4 or 8 bytes."""

_ONE_BYTE, _TWO_BYTES, _FOUR_BYTES, _EIGHT_BYTES = 24, 0x100, 0x10000, 0x100000000
_TOP = 1 << 64
_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP = 0, 1, 2, 3, 4, 5
_BIG_POSITIVE, _BIG_NEGATIVE = b"\xc2", b"\xc3"
_SHORT_HEADS = tuple(bytes((byte,)) for byte in range(256))
_SIMPLE = {False: b"\xf4", True: b"\xf5", None: b"\xf6"}


def head(major: int, number: int) -> bytes:
    """Return the shortest head of a major type with its number (a value, length or count)."""
    if number < _ONE_BYTE:
        return _SHORT_HEADS[major << 5 | number]
    if number < _TWO_BYTES:
        return _PACK_1(major << 5 | 24, number)
    if number < _FOUR_BYTES:
        return _PACK_2(major << 5 | 25, number)
    if number < _EIGHT_BYTES:
        return _PACK_4(major << 5 | 26, number)
    return _PACK_8(major << 5 | 27, number)


def integer(value: int) -> bytes:
    """Return an integer of any size in its shortest form."""
    major, number = (_UNSIGNED, value) if value >= 0 else (_NEGATIVE, -1 - value)
    if _EIGHT_BYTES <= number < _TOP:
        return _PACK_8(major << 5 | 27, number)
    if number < _EIGHT_BYTES:
        return head(major, number)
    tag = _BIG_NEGATIVE if major else _BIG_POSITIVE
    return tag + octets(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def octets(value: bytes) -> bytes:
    """Return a byte string."""
    return head(_BYTES, len(value)) + value


def text(value: str) -> bytes:
    """Return a text in NFC."""
    normal = value if value.isascii() else unicodedata.normalize("NFC", value)
    encoded = normal.encode()
    return head(_TEXT, len(encoded)) + encoded


def decimal(value: Decimal) -> bytes:
    """Return a number as [exponent, mantissa] without trailing zeros; there is one zero, [0, 0]."""
    exponent, mantissa = to_fraction(value)
    return (_SCALED.get(exponent) or b"\x82" + integer(exponent)) + integer(mantissa)


_SCALED = {exponent: b"\x82" + integer(exponent) for exponent in range(-18, 1)}
"""How numbers of the usual exponents begin."""


def array(items: Sequence[bytes]) -> bytes:
    """Return an array of items that are encoded already."""
    return head(_ARRAY, len(items)) + b"".join(items)


def mapping(pairs: Mapping[bytes, bytes]) -> bytes:
    """Return a map of encoded keys and values, in the bytewise order of the encoded keys."""
    return head(_MAP, len(pairs)) + b"".join(key + pairs[key] for key in sorted(pairs))


def _many(value: Sequence[Any]) -> bytes:
    return array([encode(item) for item in value])


def _map(value: Mapping[Any, Any]) -> bytes:
    pairs = {}
    for key, item in value.items():
        if not isinstance(key, str):
            message = f"{key!r} cannot be a key of a record: keys are texts"
            raise TypeError(message)
        pairs[text(key)] = encode(item)
    if len(pairs) != len(value):
        message = "two keys of a record are one text in NFC"
        raise ValueError(message)
    return mapping(pairs)


_ENCODERS: Mapping[type, Callable[[Any], bytes]] = {
    int: integer,
    str: text,
    bytes: octets,
    Decimal: decimal,
    list: _many,
    tuple: _many,
    dict: _map,
    bool: _SIMPLE.__getitem__,
    type(None): _SIMPLE.__getitem__,
}


def encode(value: Any) -> bytes:
    """Return the canonical bytes; a float or any other type is a TypeError."""
    encoder = _ENCODERS.get(type(value))
    if encoder is None:
        message = f"{value!r} of type {type(value).__name__} cannot be sealed exactly"
        raise TypeError(message)
    return encoder(value)


def decode_unchecked(content: bytes) -> Any:
    """Return the value of bytes whose commitment was or will be checked."""
    return cbor2.loads(content)


def decode(content: bytes) -> Any:
    """Return the value of canonical bytes; anything else is refused, so that no value has two hashes."""
    try:
        value = cbor2.loads(content)
        again = encode(value)
    except (cbor2.CBORDecodeError, TypeError, ValueError, RecursionError) as error:
        message = f"These bytes are not a record: {error}."
        raise ChainBrokenError(message, hint="Restore a backup made before the damage.") from error
    if again != content:
        message = f"These {len(content)} bytes are not in canonical form."
        raise ChainBrokenError(message, hint="Restore a backup made before the damage.")
    return value
