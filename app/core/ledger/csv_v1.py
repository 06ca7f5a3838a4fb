"""Ledger CSV v1: one row a leg, everything that makes an entry the same entry again. New columns come last."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote, unquote

from app.core.clock import iso
from app.core.ledger.entries import Entry, Identity
from app.core.money import plain

COLUMNS = (
    "entry_id",
    "at",
    "kind",
    "account",
    "sub_place",
    "asset_id",
    "symbol",
    "quantity",
    "role",
    "stated_value",
    "value_currency",
    "external_id",
    "tx_hash",
    "counterparty",
    "note",
    "acquired",
)
_PARTS = 3


def external_id(identity: Identity) -> str:
    """Return an identity as `space:native id:part`, each part percent-encoded; a weak one has an empty native id."""
    return ":".join(quote(part, safe=" /+=,@") for part in (identity.space, identity.native_id, identity.part))


def parse_external_id(text: str) -> Identity:
    """Return the identity of `space:native id:part`; ValueError for anything else."""
    parts = text.split(":")
    if len(parts) != _PARTS or not parts[0]:
        message = f"{text!r} is not of the form space:id:part"
        raise ValueError(message)
    return Identity(*(unquote(part) for part in parts))


def rows(entry_id: str, entry: Entry, symbols: dict[str, str]) -> Sequence[tuple[str, ...]]:
    """Return one row per leg, those of the entry's own account first; `symbols` maps asset ids to tickers."""
    references = entry.references
    head = (entry_id, iso(entry.at, entry.resolution), entry.kind.value)
    tail = (
        plain(entry.stated.amount) if entry.stated else "",
        entry.stated.currency if entry.stated else "",
        external_id(entry.identity),
        references.get("tx_hash", ""),
        references.get("counterparty") or references.get("address", ""),
        references.get("note", ""),
        references.get("acquired", ""),
    )
    legs = sorted(entry.legs, key=lambda leg: leg.account != entry.account)
    return [
        (
            *head,
            leg.account,
            leg.sub_place,
            leg.asset,
            symbols.get(leg.asset, leg.asset),
            plain(leg.quantity),
            leg.role.value,
            *tail,
        )
        for leg in legs
    ]
