"""Balances: sums of legs, exact, whatever the order."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from app.core.ledger.entries import Entry, Leg
from app.core.money import ZERO, add

Place = tuple[str, str, str]
"""(account, sub_place, asset)."""


def net(legs: Iterable[Leg]) -> dict[Place, Decimal]:
    """Return the sum of legs by place; sums that are zero stay."""
    sums: dict[Place, Decimal] = {}
    for leg in legs:
        place = (leg.account, leg.sub_place, leg.asset)
        sums[place] = add(sums.get(place, ZERO), leg.quantity)
    return sums


def balances(entries: Iterable[Entry]) -> dict[Place, Decimal]:
    """Return what entries leave in every place they touched."""
    return net(leg for entry in entries for leg in entry.legs)
