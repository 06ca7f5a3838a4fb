"""Bodies of entries and revisions: how one economic event is written down and read back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from sys import intern
from typing import Any, NamedTuple

from app.core.errors import ChainBrokenError
from app.core.journal.encoding import array, decimal, head, integer, octets, text
from app.core.ledger.entries import Entry, EntryKind, Identity, Leg, Role, Stated
from app.core.money import from_fraction

_MAP = 5
_CONTENT_BYTES = 16
_REMEMBERED = 4_096


_KINDS = {kind.value: kind for kind in EntryKind}
_ROLES = {role.value: role for role in Role}


class Origin(NamedTuple):
    """Where an entry was read: the observation's record hash, the row in it, and who read it."""

    observation: bytes
    row: int
    normaliser: str


class _Words(dict[str, bytes]):
    """Words that repeat from entry to entry, each encoded once."""

    def __missing__(self, word: str) -> bytes:
        made = text(word)
        if len(self) < _REMEMBERED:
            self[word] = made
        return made


class _Legs(dict[tuple[str, str, str, Role], bytes]):
    """Starts of legs: all but the quantity, which alone differs from one to the next."""

    def __missing__(self, key: tuple[str, str, str, Role]) -> bytes:
        made = self[key] = b"\x85" + b"".join(map(text, key))
        return made


class EntryEncoder:
    """Writes entries as canonical bytes; the parts that repeat from entry to entry are encoded once."""

    def __init__(self) -> None:
        """Start with nothing remembered."""
        self._legs = _Legs()
        self._words = _Words()

    def legs(self, entry: Entry) -> list[bytes]:
        """Return each leg as [account, sub_place, asset, role, quantity]."""
        starts = self._legs
        return [starts[leg.account, leg.sub_place, leg.asset, leg.role] + decimal(leg.quantity) for leg in entry.legs]

    def body(self, entry: Entry, legs: list[bytes], origin: Origin | None, reason: str = "") -> bytes:
        """Return the body; keys stand in bytewise order, and what is absent has no key."""
        words, identity = self._words, entry.identity
        parts = [b"\x62at", integer(entry.at)]
        if origin is not None:
            parts += b"\x63row", integer(origin.row)
        parts += b"\x64kind", words[entry.kind], b"\x64legs", array(legs)
        if reason:
            parts += b"\x66reason", text(reason)
        if entry.stated is not None:
            parts += b"\x66stated", b"\x82" + decimal(entry.stated.amount) + text(entry.stated.currency)
        named = b"\x83" + words[identity.space] + text(identity.native_id) + words[identity.part]
        parts += b"\x67account", words[entry.account], b"\x68identity", named
        if origin is not None:
            parts += b"\x6anormaliser", words[origin.normaliser]
        if entry.references:
            parts += b"\x6areferences", self._references(entry.references)
        parts += b"\x6aresolution", integer(entry.resolution)
        if origin is not None:
            parts += b"\x6bobservation", octets(origin.observation)
        if entry.is_provisional:
            parts += b"\x6bprovisional", b"\xf5"
        return head(_MAP, len(parts) // 2) + b"".join(parts)

    def _references(self, references: Mapping[str, str]) -> bytes:
        if len(references) == 1:
            ((key, value),) = references.items()
            return b"\xa1" + self._words[key] + text(value)
        pairs = {self._words[key]: text(value) for key, value in references.items()}
        return head(_MAP, len(pairs)) + b"".join(key + pairs[key] for key in sorted(pairs))


def content_digest(entry: Entry, legs: list[bytes]) -> bytes:
    """Return what tells two versions of an entry apart: kind, legs in any order, provisional or not.

    The moment is compared beside it, at the coarser of both resolutions: a statement in whole seconds and an
    interface in milliseconds tell of the same event.
    """
    ordered = legs if len(legs) == 1 else sorted(legs)
    state = b"?" if entry.is_provisional else b"."
    return hashlib.sha256(b"".join((entry.kind.encode(), state, *ordered))).digest()[:_CONTENT_BYTES]


def same_moment(at: int, resolution: int, other: int, other_resolution: int) -> bool:
    """Tell whether two readings of a clock are one moment at the coarser of their steps."""
    step = max(resolution, other_resolution, 1)
    return at // step == other // step


def read_decimal(value: Any) -> Decimal:
    """Return the number of [exponent, mantissa], or the number itself where it was not written yet."""
    if isinstance(value, Decimal):
        return value
    exponent, mantissa = value
    return from_fraction(exponent, mantissa)


def read_entry(body: Mapping[str, Any]) -> Entry:
    """Return the entry of a decoded body; ChainBrokenError where it lacks a part."""
    try:
        stated = body.get("stated")
        legs = [
            Leg(
                account,
                sub_place,
                # An asset is named again and again: one text for all of them is found faster in tables.
                intern(asset),
                from_fraction(*quantity) if type(quantity) is list else read_decimal(quantity),
                _ROLES[role],
            )
            for account, sub_place, asset, role, quantity in body["legs"]
        ]
        return Entry(
            account=intern(body["account"]),
            at=body["at"],
            kind=_KINDS[body["kind"]],
            legs=tuple(legs),
            identity=Identity(*body["identity"]),
            resolution=body["resolution"],
            references=body.get("references", {}),
            stated=None if stated is None else Stated(read_decimal(stated[0]), stated[1]),
            is_provisional=body.get("provisional", False),
        )
    except (KeyError, ValueError, TypeError) as error:
        message = f"The body of an entry cannot be read: {error}."
        raise ChainBrokenError(message, hint="Open the vault with the newest Counterfoil.") from error


def read_origin(body: Mapping[str, Any]) -> Origin | None:
    """Return where a decoded body was read; None for what a person entered."""
    if "observation" not in body:
        return None
    return Origin(body["observation"], body["row"], body["normaliser"])
