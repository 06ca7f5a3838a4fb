"""Specific identification: a choice of lots is followed to the letter or refused with the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.core.lots.book_lots import Lot
from app.core.lots.events import ACQUISITIONS, Event


class Selections:
    """Judges choices of lots against the whole history and against what a wallet holds."""

    def __init__(self, events: Sequence[Event]) -> None:
        """Remember which row acquires which asset, and when."""
        self._acquired = {
            event.row: (event.asset, place) for place, event in enumerate(events) if event.kind in ACQUISITIONS
        }
        self._place = {event.row: place for place, event in enumerate(events) if event.choice}

    def fault(self, event: Event, held: Mapping[str, Lot]) -> str | None:
        """Return why the choice cannot be followed, None where it can."""
        if not event.choice:
            return "identifies no lot"
        wanted: dict[str, int] = {}
        for row, quantity in event.choice:
            wanted[row] = wanted.get(row, 0) + quantity
        for row, quantity in wanted.items():
            reason = self._lot_fault(event, row, quantity, held.get(row))
            if reason:
                return reason
        if sum(wanted.values()) != event.quantity:
            return "identifies units that do not add up to the quantity sold"
        return None

    def _lot_fault(self, event: Event, row: str, quantity: int, lot: Lot | None) -> str | None:
        known = self._acquired.get(row)
        if known is None:
            return f"identifies the lot {row!r}, which no acquisition opens"
        asset, place = known
        if asset != event.asset:
            return f"identifies the lot {row!r}, which is of {asset}"
        if place > self._place[event.row]:
            return f"identifies the lot {row!r}, which was acquired later"
        if lot is None:
            return f"identifies the lot {row!r}, which is in another wallet"
        if lot.quantity < quantity:
            return f"identifies more of the lot {row!r} than it still holds here"
        return None


def in_choice(event: Event, held: Mapping[str, Lot]) -> list[tuple[Lot, int]]:
    """Return the chosen lots with the units of each; the choice was judged before."""
    return [(held[row], quantity) for row, quantity in event.choice]
