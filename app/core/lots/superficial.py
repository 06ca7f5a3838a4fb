"""The superficial loss of Canada: what is bought again within 30 days takes the denied part of a loss into its cost.

Income Tax Act, sections 53(1)(f) and 54 "superficial loss"; the partial denial follows the Canada Revenue Agency's
formula: loss × least of (S, P, B) ÷ S, where S is what was sold, P what was acquired from 30 days before until 30
days after, and B what is held at the end of those days.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.core.lots.events import ACQUISITIONS, Event, Kind, arrivals, in_last_units
from app.core.lots.running import Running
from app.core.lots.shares import share

_DAYS = 30


class SuperficialLoss:
    """Knows the whole history, because the days after a sale count."""

    def __init__(self, events: Sequence[Event], day_of: Callable[[int], int]) -> None:
        """Sum up, day by day, what was acquired and what was held."""
        self._day_of = day_of
        self._quantities = in_last_units(events)
        self._acquired: dict[str, Running] = {}
        self._held: dict[str, Running] = {}
        becoming = arrivals(events)
        for place, (event, quantity) in enumerate(zip(events, self._quantities, strict=True)):
            day = day_of(event.at)
            held = self._held.setdefault(event.asset, Running())
            if event.kind in ACQUISITIONS:
                self._acquired.setdefault(event.asset, Running()).add(day, quantity)
                held.add(day, quantity)
            elif event.kind in (Kind.DISPOSE, Kind.SPEND, Kind.CARRY):
                # More than is held cannot be sold; the shortage is a finding of its own.
                held.add(day, -min(quantity, held.last()))
            if event.kind == Kind.CARRY and event.to_asset:
                # What another asset became is held, but was not acquired on that day.
                self._held.setdefault(event.to_asset, Running()).add(day, becoming[place])

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
