"""Withdrawals and deposits that are one transfer between a person's own accounts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.core.ledger.entries import Entry, EntryKind, Role, plain_hash

_MOVING = (EntryKind.DEPOSIT, EntryKind.WITHDRAWAL)


@dataclass(frozen=True, slots=True)
class Transfer:
    """One asset that left an account and arrived in another."""

    asset: str
    withdrawal_id: str
    withdrawal: Entry
    deposit_id: str
    deposit: Entry


def pairs(entries: Iterable[tuple[str, Entry]]) -> dict[str, Transfer]:
    """Return transfers by the id of either entry.

    Only what leaves no choice is paired: one withdrawal and one deposit of the same asset with the same hash.
    """
    found: dict[tuple[str, str], list[tuple[str, Entry]]] = {}
    for entry_id, entry in entries:
        tx_hash = entry.references.get("tx_hash", "") if entry.kind in _MOVING else ""
        asset = _asset(entry) if tx_hash else ""
        if asset:
            found.setdefault((plain_hash(tx_hash), asset), []).append((entry_id, entry))
    transfers: dict[str, Transfer] = {}
    for (_, asset), ends in found.items():
        out = [end for end in ends if end[1].kind is EntryKind.WITHDRAWAL]
        into = [end for end in ends if end[1].kind is EntryKind.DEPOSIT]
        if len(out) == len(into) == 1 and out[0][1].account != into[0][1].account:
            transfer = Transfer(asset, *out[0], *into[0])
            transfers[transfer.withdrawal_id] = transfers[transfer.deposit_id] = transfer
    return transfers


def _asset(entry: Entry) -> str:
    """Return the one asset that a deposit brought or a withdrawal took; "" where there is no such."""
    legs = [leg for leg in entry.legs if leg.role is not Role.FEE]
    if len(legs) != 1 or (legs[0].quantity > 0) is not (entry.kind is EntryKind.DEPOSIT):
        return ""
    return legs[0].asset
