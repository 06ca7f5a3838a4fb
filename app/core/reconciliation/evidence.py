"""What causes are looked for in: stretches between two readings that differ, and what happened in them."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from operator import attrgetter

from app.core.clock import to_datetime
from app.core.findings import Finding
from app.core.ledger.entries import Leg, Role
from app.core.model.breaks import Course
from app.core.model.ledger_rows import FlowRow, LegRow
from app.core.money import ZERO, add, plain

Spot = tuple[str, str]
"""(sub-place, asset) in one account."""

Amounts = Mapping[Spot, Decimal]


@dataclass(frozen=True, slots=True)
class Stretch:
    """The time between two readings of an account, and how its differences changed in it.

    Attributes:
        after: The reading before; None where there is none.
    """

    account: str
    after: int | None
    until: int
    amounts: Amounts

    def holds(self, at: int) -> bool:
        """Tell whether a moment lies in it."""
        return (self.after is None or at > self.after) and at <= self.until


@dataclass(frozen=True, slots=True)
class Event:
    """One entry, as far as it touches one account."""

    entry_id: str
    at: int
    kind: str
    legs: tuple[LegRow, ...]

    def sums(self, role: Role | None = None) -> dict[Spot, Decimal]:
        """Return what it changed by place, of one role or of all."""
        found: dict[Spot, Decimal] = {}
        for leg in self.legs:
            if role is None or leg.role == role:
                spot = leg.sub_place, leg.asset
                found[spot] = add(found.get(spot, ZERO), leg.quantity)
        return {spot: quantity for spot, quantity in found.items() if quantity}

    @property
    def has_fee(self) -> bool:
        """Tell whether it says what it cost."""
        return any(leg.role == Role.FEE for leg in self.legs)

    @property
    def shape(self) -> tuple[tuple[str, str, Decimal, str], ...]:
        """Return what two entries of the same event have in common."""
        return tuple(sorted((leg.sub_place, leg.asset, leg.quantity, leg.role) for leg in self.legs))

    def turned(self, *, is_whole: bool) -> tuple[Leg, ...]:
        """Return its legs with the other sign: all of them, or all but fees."""
        return tuple(
            Leg(leg.account, leg.sub_place, leg.asset, -leg.quantity if is_whole or not _is_fee(leg) else leg.quantity,
                Role(leg.role))
            for leg in self.legs
        )  # fmt: skip


def _is_fee(leg: LegRow) -> bool:
    return leg.role == Role.FEE


@dataclass(frozen=True)
class Evidence:
    """What is known about one account whose readings differ.

    Attributes:
        events: Of the account, in the order of time, as far back as its differences go.
        flows: Deposits and withdrawals of all accounts.
        is_cut: There were more events than could be looked at: the oldest are not among them.
        quarantined: Rows of its source that could not become entries.
        symbol: Of an asset, for people.
        name: Of an account, for people.
    """

    account: str
    events: Sequence[Event]
    flows: Sequence[FlowRow]
    quarantined: Sequence[Finding]
    symbol: Callable[[str], str]
    name: Callable[[str], str]
    stretches: Sequence[Stretch] = field(default=())
    is_cut: bool = False

    def within(self, stretch: Stretch) -> list[Event]:
        """Return what happened in a stretch."""
        return [event for event in self.events if stretch.holds(event.at)]

    def amount(self, asset: str, quantity: Decimal) -> str:
        """Return a quantity in words, without its sign."""
        return f"{plain(quantity.copy_abs())} {self.symbol(asset)}"

    def what(self, event: Event) -> str:
        """Return an entry in words."""
        moved = [leg for leg in event.legs if not _is_fee(leg)] or list(event.legs)
        amounts = ", ".join(
            f"{'−' if leg.quantity < 0 else '+'}{self.amount(leg.asset, leg.quantity)}" for leg in moved
        )
        return f"{event.kind} of {amounts} on {day(event.at)}"


def day(at: int) -> str:
    """Return a day in words."""
    return f"{to_datetime(at):%Y-%m-%d}"


def clock(at: int) -> str:
    """Return a moment in words, to the minute."""
    return f"{to_datetime(at):%Y-%m-%d %H:%M}"


def events(legs: Iterable[LegRow]) -> list[Event]:
    """Return the entries of legs that are in the order of time, the legs of one entry one after the other."""
    grouped = groupby(legs, key=attrgetter("at", "entry_id"))
    found = ((at, entry_id, tuple(part)) for (at, entry_id), part in grouped)
    return [Event(entry_id, at, part[0].kind, part) for at, entry_id, part in found]


def stretches(account: str, found: Iterable[Course]) -> list[Stretch]:
    """Return the stretches in which differences of an account changed, oldest first; healed ones are among them.

    What a source named for the first time at a reading came after the reading before: the account was read whole.
    """
    own = [course for course in found if course.account == account]
    moments = sorted({one.at for course in own for one in course.readings})
    amounts: dict[int, dict[Spot, Decimal]] = defaultdict(dict)
    begins: dict[int, list[int]] = defaultdict(list)
    for course in own:
        for step in (step for broken in course.breaks for step in broken.steps):
            amounts[step.until_ns][course.sub_place, course.asset] = step.amount
            begins[step.until_ns] += [] if step.after_ns is None else [step.after_ns]
    made = []
    for until in sorted(amounts):
        before = bisect_left(moments, until) - 1
        after = min(begins[until], default=moments[before] if before >= 0 else None)
        made.append(Stretch(account, after, until, amounts[until]))
    return made
