"""Specific identification: a choice of lots is followed to the letter or refused with the reason."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from app.core.lots.book_lots import Pool
from app.core.lots.events import ACQUISITIONS, Event
from app.core.lots.results import ASSET, LOT, WrongChoice

ELSEWHERE = "is in another wallet"
"""How a reason ends that names a lot of the right asset in the wrong place."""


class Selections:
    """Judges choices of lots against the whole history and against what a wallet holds."""

    def __init__(self, events: Sequence[Event]) -> None:
        """Know the history, to say what is wrong with a choice."""
        self._events = events

    def fault(self, event: Event, pool: Pool, opened: int) -> WrongChoice | None:
        """Return why the choice cannot be followed, None where it can.

        Args:
            event: The disposal.
            pool: The lots of its wallet.
            opened: How many acquisitions there were before it.
        """
        if not event.choice:
            return WrongChoice(event.row, "identifies no lot")
        wanted: dict[str, int] = {}
        for row, quantity in event.choice:
            wanted[row] = wanted.get(row, 0) + quantity
        for row, quantity in wanted.items():
            lot = pool.chosen(row)
            if lot is None or lot.quantity < quantity:
                if pool.has_held(row):
                    # Also of lots that were another asset before.
                    held = 0 if lot is None else lot.quantity
                    reason = f"identifies more of {LOT} than it still holds here"
                    return WrongChoice(event.row, reason, event.asset, held, row)
                return self._lot_fault(event, row, opened)
        if sum(wanted.values()) != event.quantity:
            return WrongChoice(event.row, "identifies units that do not add up to the quantity sold")
        return None

    def _lot_fault(self, event: Event, row: str, opened: int) -> WrongChoice:
        number, acquisition = self._acquisitions.get(row, (0, None))
        if acquisition is None:
            why = "no acquisition opens"
        elif acquisition.asset != event.asset:
            return WrongChoice(event.row, f"identifies {LOT}, which is of {ASSET}", acquisition.asset, lot=row)
        else:
            why = "was acquired later" if number > opened else ELSEWHERE
        return WrongChoice(event.row, f"identifies {LOT}, which {why}", event.asset, lot=row)

    @functools.cached_property
    def _acquisitions(self) -> dict[str, tuple[int, Event]]:
        """Return acquisitions by their row, counted in the order of time: only a fault asks for them."""
        found = (event for event in self._events if event.kind in ACQUISITIONS)
        return {event.row: (number, event) for number, event in enumerate(found, start=1)}
