"""A lot, and the pool of lots in which a method looks for the next one."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import Any

from app.core.lots.events import Choice
from app.core.lots.methods import Method
from app.core.lots.results import Match
from app.core.lots.shares import share

Drawn = list[tuple["Lot", int, int]]
"""Parts that were taken: (lot, units, cost)."""

BY_AGE = frozenset({Method.FIFO, Method.SPEC_ID})
"""Methods that use up the oldest lot first, where nobody chose another one."""


class Lot:
    """What one acquisition brought, less what was used up. Not a dataclass: there are a million, and they change."""

    __slots__ = ("acquired", "cost", "is_known", "number", "price", "quantity", "row")

    def __init__(  # noqa: PLR0913, PLR0917 - made a million times, where words cost more than places
        self, row: str, acquired: int, number: int, price: tuple[int, int], quantity: int, cost: int | None
    ) -> None:
        """Open a lot; numbers stand in the order of acquisition, and no two lots of a pool share one."""
        self.row = row
        self.acquired = acquired
        self.number = number
        self.price = price
        self.quantity = quantity
        self.cost = cost or 0
        self.is_known = cost is not None


class Pool:
    """The lots of one asset, or of one asset in one wallet.

    Lots are found through heaps of keys that outlive their lot: a lot that is used up is let go of, and its key is
    thrown away when it comes up. A key by age is the lot's number; the keys of other methods end with it. The second
    heap, by age, exists where another method chooses but the oldest lots are to be moved.
    """

    __slots__ = ("_ages", "_bits", "_has_rows", "_is_by_age", "_method", "_order", "_rows", "lots")

    def __init__(self, method: Method, bits: int, *, has_ages: bool, has_rows: bool) -> None:
        """Start empty; `bits` make ranks of prices exact, and rows are kept where lots are chosen by them."""
        self._method = method
        self._is_by_age = method in BY_AGE
        self._bits = bits
        self._order: list[Any] = []
        self._ages: list[int] | None = [] if has_ages else None
        self.lots: dict[int, Lot] = {}
        self._has_rows = has_rows
        self._rows: dict[str, int] = {}

    def add(self, lot: Lot) -> None:
        """Take in a lot that is not empty."""
        number = lot.number
        self.lots[number] = lot
        heappush(self._order, number if self._is_by_age else self._key(lot))
        if self._ages is not None:
            heappush(self._ages, number)
        if self._has_rows:
            self._rows[lot.row] = number

    def arrive(self, lot: Lot, quantity: int, cost: int) -> None:
        """Take in a part of a lot of another pool: it keeps its row, its moment, its number and its rank."""
        part = self.lots.get(lot.number)
        if part is None:
            # Earlier keys of it may still be in the heaps; more than one key of one lot does no harm.
            part = Lot(lot.row, lot.acquired, lot.number, lot.price, quantity, cost)
            part.is_known = lot.is_known
            self.add(part)
            return
        part.quantity += quantity
        part.cost += cost
        part.price = lot.price
        part.is_known = lot.is_known and part.is_known

    def take_over(self, lot: Lot, quantity: int, cost: int) -> None:
        """Take in units that were carried over from another asset: they rank by what one of them cost."""
        self.arrive(lot, quantity, cost)
        part = self.lots[lot.number]
        part.price = part.cost, part.quantity
        if self._method in (Method.HIFO, Method.LOFO):
            # A key made under another price stands in the heap.
            self._rank()

    def _key(self, lot: Lot) -> Any:
        method, number = self._method, lot.number
        if self._is_by_age:
            return number
        if method is Method.LIFO:
            return -number, number
        rank = (lot.price[0] << self._bits) // lot.price[1]
        # Ties go to the oldest. A lot of unknown cost has no rank, and comes last.
        return not lot.is_known, (-rank if method is Method.HIFO else rank), number

    def draw(self, quantity: int) -> tuple[Drawn, int]:
        """Take units in the order of the method; return the parts, and the units that were not there."""
        return self._draw(self._order, quantity, is_by_age=self._is_by_age)

    def draw_oldest(self, quantity: int) -> tuple[Drawn, int]:
        """Take units of the oldest lots, whatever the method."""
        return self.draw(quantity) if self._ages is None else self._draw(self._ages, quantity, is_by_age=True)

    def _draw(self, keys: list[Any], quantity: int, *, is_by_age: bool) -> tuple[Drawn, int]:
        lots = self.lots
        drawn: Drawn = []
        while quantity and keys:
            number = keys[0] if is_by_age else keys[0][-1]
            lot = lots.get(number)
            if lot is not None:
                held = lot.quantity
                if held > quantity:
                    drawn.append((lot, quantity, take(lot, quantity)))
                    return drawn, 0
                drawn.append((lot, held, lot.cost))
                lot.quantity = lot.cost = 0
                del lots[number]
                quantity -= held
            heappop(keys)
        return drawn, quantity

    def take(self, lot: Lot, quantity: int) -> int:
        """Take units out of one lot of this pool and return their cost."""
        cost = take(lot, quantity)
        if not lot.quantity:
            self.lots.pop(lot.number, None)
            while self._is_by_age and self._order and self._order[0] not in self.lots:
                heappop(self._order)
        return cost

    def chosen(self, row: str) -> Lot | None:
        """Return the lot of a row as it lies here; None where none of it does."""
        return self.lots[self._rows[row]] if self._rows.get(row) in self.lots else None

    def has_held(self, row: str) -> bool:
        """Tell whether some of a lot lies here, or did."""
        return row in self._rows

    def take_chosen(self, choice: Choice) -> Drawn:
        """Take chosen units of lots; the choice was judged before."""
        found = [(self.lots[self._rows[row]], quantity) for row, quantity in choice]
        return [(lot, quantity, self.take(lot, quantity)) for lot, quantity in found]

    def oldest(self) -> Lot | None:
        """Return the oldest lot that is not empty."""
        return min(self.lots.values(), key=lambda lot: lot.number, default=None)

    def in_order(self) -> list[Lot]:
        """Return every lot that is not empty, the oldest first."""
        return [self.lots[number] for number in sorted(self.lots)]

    def split(self, new: int, old: int) -> None:
        """Multiply the units of every lot, and rank the lots anew."""
        for lot in self.lots.values():
            lot.quantity = lot.quantity * new // old
            lot.price = lot.price[0] * old, lot.price[1] * new
        self._rank()

    def follow(self, method: Method) -> None:
        """Go on with the same lots under another method."""
        if method is not self._method:
            self._method = method
            self._is_by_age = method in BY_AGE
            self._rank()

    def _rank(self) -> None:
        self._order = [self._key(lot) for lot in self.lots.values()]
        heapify(self._order)


def matches_of(drawn: Drawn, rule: str, *, is_certain: bool = True) -> tuple[int | None, tuple[Match, ...]]:
    """Return what parts of lots cost together, None where that is not known, and each of them as a match."""
    parts = [part for lot, _, part in drawn if is_certain and lot.is_known]
    cost = sum(parts) if len(parts) == len(drawn) else None
    return cost, tuple(
        [
            (lot.row, rule, quantity, part if is_certain and lot.is_known else None, lot.acquired)
            for lot, quantity, part in drawn
        ]
    )


def take(lot: Lot, quantity: int) -> int:
    """Take units out of a lot and return their cost."""
    cost = share(lot.cost, lot.quantity, quantity)
    lot.quantity -= quantity
    lot.cost -= cost
    return cost
