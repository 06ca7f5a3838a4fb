"""What happens to holdings, in whole units: quantities in the unit of their asset, money in one unit for all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    CARRY = 6
    """Units become units of another asset, with their dates and costs; without another asset they leave with both."""


Choice = tuple[tuple[str, int], ...]
"""Lots that a disposal identifies, as (row, units)."""


class Rare(NamedTuple):
    """What few events say, kept apart, so that the million of others is smaller.

    Attributes:
        portfolio_value: Of everything held, just before a disposal.
        ratio: (new, old) units of a split.
        to_asset: What carried units become; "" where they leave for good, such as a gift that is no disposal.
        to_quantity: How many units of it they become.
        acquired: When an acquisition counts as made, where that is another moment than its own, as of some gifts.
        costs: What was taken off the value of a disposal, as far as the value of the portfolio asks for it.
        lower: What a gift was worth where that is less than it had cost its giver, and a loss is measured by it.
    """

    portfolio_value: int | None = None
    ratio: tuple[int, int] = (1, 1)
    to_asset: str = ""
    to_quantity: int = 0
    acquired: int | None = None
    costs: int = 0
    lower: int | None = None


NOTHING = Rare()


class Event(NamedTuple):
    """One event. A tuple, because a history has a million of them.

    Attributes:
        at: Nanoseconds since 1970, UTC.
        value: What was given for an acquisition or received for a disposal; None where it is not known.
        row: The id of the event, and of the lot that an acquisition opens.
        price: (money, units) by which HIFO and LOFO rank the lot, where that is not value and quantity.
        choice: The lots that a disposal identifies.
        rare: What few events say.
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
    choice: Choice = ()
    rare: Rare = NOTHING

    @property
    def portfolio_value(self) -> int | None:
        """Return the value of everything held, just before a disposal."""
        return self.rare.portfolio_value

    @property
    def ratio(self) -> tuple[int, int]:
        """Return (new, old) units of a split."""
        return self.rare.ratio

    @property
    def to_asset(self) -> str:
        """Return what carried units become."""
        return self.rare.to_asset

    @property
    def to_quantity(self) -> int:
        """Return how many units of it they become."""
        return self.rare.to_quantity


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


def arrivals(events: Sequence[Event]) -> dict[int, int]:
    """Return what carried units become, by the place of the event, in the last units of the asset that they become."""
    factors: dict[str, tuple[int, int]] = {}
    found = {}
    for place in range(len(events) - 1, -1, -1):
        event = events[place]
        if event.kind == Kind.SPLIT:
            new, old = factors.get(event.asset, (1, 1))
            factors[event.asset] = (new * event.ratio[0], old * event.ratio[1])
        elif event.kind == Kind.CARRY and event.to_asset:
            new, old = factors.get(event.to_asset, (1, 1))
            found[place] = event.to_quantity * new // old
    return found


def linked(events: Iterable[Event]) -> dict[str, str]:
    """Return for each asset that carries touch the first name of all those whose lots can come from one another.

    An asset that is not named stands alone: its lots follow from its own events.
    """
    first: dict[str, str] = {}

    def root(asset: str) -> str:
        while first.setdefault(asset, asset) != asset:
            asset = first[asset]
        return asset

    for event in events:
        if event.kind == Kind.CARRY and event.to_asset:
            one, other = sorted((root(event.asset), root(event.to_asset)))
            first[other] = one
    return {asset: root(asset) for asset in list(first)}
