"""The superficial loss of Canada: what is bought again within 30 days takes the denied part of a loss into its cost.

Income Tax Act, sections 53(1)(f) and 54 "superficial loss"; the partial denial follows the Canada Revenue Agency's
formula: loss × least of (S, P, B) ÷ S, where S is what was sold, P what was acquired from 30 days before until 30
days after, and B what is held at the end of those days.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence

from app.core.lots.events import ACQUISITIONS, Event, Kind, in_last_units
from app.core.lots.shares import share

_DAYS = 30


class SuperficialLoss:
    """Knows the whole history, because the days after a sale count."""

    def __init__(self, events: Sequence[Event], day_of: Callable[[int], int]) -> None:
        """Sum up, day by day, what was acquired and what was held."""
        self._day_of = day_of
        self._quantities = in_last_units(events)
        self._acquired: dict[str, _Running] = {}
        self._held: dict[str, _Running] = {}
        for event, quantity in zip(events, self._quantities, strict=True):
            day = day_of(event.at)
            held = self._held.setdefault(event.asset, _Running())
            if event.kind in ACQUISITIONS:
                self._acquired.setdefault(event.asset, _Running()).add(day, quantity)
                held.add(day, quantity)
            elif event.kind in (Kind.DISPOSE, Kind.SPEND):
                # More than is held cannot be sold; the shortage is a finding of its own.
                held.add(day, -min(quantity, held.last()))

    def denied(self, place: int, event: Event, loss: int) -> int:
        """Return the denied part of the loss of a disposal."""
        acquired = self._acquired.get(event.asset)
        if acquired is None:
            return 0
        day = self._day_of(event.at)
        sold = self._quantities[place]
        bought = acquired.until(day + _DAYS) - acquired.until(day - _DAYS - 1)
        held = self._held[event.asset].until(day + _DAYS)
        return share(loss, sold, min(sold, bought, held))


class _Running:
    """A sum that is known for every day."""

    __slots__ = ("_days", "_sums")

    def __init__(self) -> None:
        self._days: list[int] = []
        self._sums: list[int] = []

    def add(self, day: int, quantity: int) -> None:
        """Add on a day that is not before the last one."""
        total = self.last() + quantity
        if self._days and self._days[-1] == day:
            self._sums[-1] = total
        else:
            self._days.append(day)
            self._sums.append(total)

    def last(self) -> int:
        """Return the sum of all days."""
        return self._sums[-1] if self._sums else 0

    def until(self, day: int) -> int:
        """Return the sum at the end of a day."""
        place = bisect_right(self._days, day)
        return self._sums[place - 1] if place else 0
