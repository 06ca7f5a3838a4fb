"""What happens to holdings, in whole units: quantities in the unit of their asset, money in one unit for all."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum
from typing import NamedTuple


class Kind(IntEnum):
    """What an event does; the numbers are places in tables of handlers."""

    ACQUIRE = 0
    INCOME = 1
    DISPOSE = 2
    TRANSFER = 3
    SPLIT = 4
    SPEND = 5
    """Units leave without a disposal, such as the fee of a transfer: what they cost stays with the rest."""


class Event(NamedTuple):
    """One event. A tuple, because a history has a million of them.

    Attributes:
        at: Nanoseconds since 1970, UTC.
        value: What was given for an acquisition or received for a disposal; None where it is not known.
        row: The id of the event, and of the lot that an acquisition opens.
        price: (money, units) by which HIFO and LOFO rank the lot, where that is not value and quantity.
        choice: The lots that a disposal identifies, as (row, units).
        portfolio_value: Of everything held, just before a disposal.
        ratio: (new, old) units of a split.
    """

    at: int
    kind: int
    asset: str
    wallet: str
    quantity: int
    value: int | None
    row: str
    to_wallet: str = ""
    price: tuple[int, int] | None = None
    choice: tuple[tuple[str, int], ...] = ()
    portfolio_value: int | None = None
    ratio: tuple[int, int] = (1, 1)


ACQUISITIONS = (Kind.ACQUIRE, Kind.INCOME)


def later_splits(events: Sequence[Event]) -> list[tuple[int, int]] | None:
    """Return for each event the (new, old) units of all later splits of its asset; None where nothing is split."""
    if not any(event.kind == Kind.SPLIT for event in events):
        return None
    factors: dict[str, tuple[int, int]] = {}
    found = []
    for event in reversed(events):
        new, old = factors.get(event.asset, (1, 1))
        found.append((new, old))
        if event.kind == Kind.SPLIT:
            factors[event.asset] = (new * event.ratio[0], old * event.ratio[1])
    found.reverse()
    return found


def in_last_units(events: Sequence[Event]) -> list[int]:
    """Return each event's quantity in the units that its asset has after its last split.

    The unit of an asset that is split is fine enough for that division to leave nothing.
    """
    factors = later_splits(events)
    if factors is None:
        return [event.quantity for event in events]
    return [event.quantity * new // old for event, (new, old) in zip(events, factors, strict=True)]
