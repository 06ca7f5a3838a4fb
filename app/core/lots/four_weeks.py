"""Ireland: first in, first out, except that what was bought within four weeks is sold first.

Taxes Consolidation Act 1997, sections 580 and 581. A loss is set aside as far as the same asset is bought again within
four weeks after the disposal: it may then be deducted only from a gain on what was bought again. The section does not
say what becomes of two losses and one purchase: each unit is bought again for one disposal only, the earliest first.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence

from app.core.lots.book import Book
from app.core.lots.book_lots import Drawn, Lot, Pool
from app.core.lots.events import ACQUISITIONS, Event, in_last_units
from app.core.lots.methods import Method, Scope
from app.core.lots.shares import share

_DAYS = 28


class FourWeekBook(Book):
    """A book that knows the whole history, because the days after a disposal count."""

    def __init__(self, events: Sequence[Event], day_of: Callable[[int], int], *, history: Sequence[Event]) -> None:
        """Play events, which are the beginning of a history."""
        super().__init__(Method.FIFO, Scope.UNIVERSAL, events)
        self._day_of = day_of
        self._recent: dict[str, deque[Lot]] = {}
        self._units = {event.row: units for event, units in zip(history, in_last_units(history), strict=True)}
        self._again: dict[str, deque[_Purchase]] = {}
        self._so_far: dict[str, int] = {}
        for event in history:
            if event.kind in ACQUISITIONS:
                purchases = self._again.setdefault(event.asset, deque())
                number = purchases[-1].number + 1 if purchases else 1
                purchases.append(_Purchase(number, day_of(event.at), self._units[event.row]))

    def _acquire(self, event: Event) -> Lot:
        lot = super()._acquire(event)
        self._recent.setdefault(event.asset, deque()).append(lot)
        self._so_far[event.asset] = self._so_far.get(event.asset, 0) + 1
        return lot

    def _drawn(self, event: Event, pool: Pool) -> tuple[Drawn, int]:
        recent = self._recent.get(event.asset, deque())
        first = self._day_of(event.at) - _DAYS
        while recent and (not recent[0].quantity or self._day_of(recent[0].acquired) < first):
            recent.popleft()
        drawn: Drawn = []
        open_units = event.quantity
        for lot in recent:
            units = min(lot.quantity, open_units)
            if units:
                drawn.append((lot, units, pool.take(lot, units)))
                open_units -= units
        older, missing = pool.draw(open_units)
        return drawn + older, missing

    def _record(self, event: Event, drawn: Drawn, missing: int) -> None:
        super()._record(event, drawn, missing)
        made = self.matched.disposals[-1]
        if made.cost is not None and made.proceeds is not None and made.cost > made.proceeds:
            denied = self._denied(event, made.cost - made.proceeds)
            self.matched.disposals[-1] = made._replace(denied=denied)

    def _denied(self, event: Event, loss: int) -> int:
        sold = self._units[event.row]
        return share(loss, sold, self._bought_again(event, sold))

    def _bought_again(self, event: Event, sold: int) -> int:
        """Return how many of the sold units are bought again; what was counted for one disposal is for no other."""
        purchases, before = self._again.get(event.asset, deque()), self._so_far.get(event.asset, 0)
        until = self._day_of(event.at) + _DAYS
        while purchases and (purchases[0].number <= before or not purchases[0].units):
            purchases.popleft()
        found = 0
        for purchase in purchases:
            if purchase.day > until or found == sold:
                break
            units = min(purchase.units, sold - found)
            purchase.units -= units
            found += units
        return found


class _Purchase:
    """Units that a disposal of before may count as bought again."""

    __slots__ = ("day", "number", "units")

    def __init__(self, number: int, day: int, units: int) -> None:
        """Take the place among the purchases of the asset, the day and the units."""
        self.number = number
        self.day = day
        self.units = units
