"""A lot, and the pool of lots in which a method looks for the next one."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heapify, heappop, heappush
from typing import Any

from app.core.lots.methods import Method
from app.core.lots.shares import share

Entry = tuple[Any, ...]
"""What stands in a heap: the key of the method, which no two lots of a pool share, and the lot."""

Drawn = list[tuple["Lot", int, int]]
"""Parts that were taken: (lot, units, cost)."""


class Lot:
    """What one acquisition brought, less what was used up. Not a dataclass: there are a million, and they change."""

    __slots__ = ("acquired", "cost", "is_known", "number", "price", "quantity", "row")

    def __init__(self, row: str, acquired: int, number: int, price: tuple[int, int]) -> None:
        """Open an empty lot; numbers stand in the order of acquisition, and no two are the same."""
        self.row = row
        self.acquired = acquired
        self.number = number
        self.price = price
        self.quantity = 0
        self.cost = 0
        self.is_known = True


class Pool:
    """The lots of one asset, or of one asset in one wallet.

    Lots are found through heaps whose entries outlive their lot: an entry of an empty lot is thrown away when it
    comes up. The second heap, by age, exists where another method chooses but the oldest lots are to be moved.
    """

    __slots__ = ("_ages", "_bits", "_method", "_order", "by_row")

    def __init__(self, method: Method, bits: int, *, has_ages: bool) -> None:
        """Start empty; `bits` make ranks of prices exact."""
        self._method = method
        self._bits = bits
        self._order: list[Entry] = []
        self._ages: list[Entry] | None = [] if has_ages else None
        self.by_row: dict[str, Lot] = {}

    def add(self, lot: Lot) -> None:
        """Take in a lot that is not empty."""
        heappush(self._order, self._entry(lot))
        if self._ages is not None:
            heappush(self._ages, (lot.number, lot))

    def arrive(self, lot: Lot, quantity: int, cost: int) -> None:
        """Take in a part of a lot of another pool: it keeps its row, its moment, its number and its rank."""
        part = self.by_row.get(lot.row)
        if part is None:
            part = self.by_row[lot.row] = Lot(lot.row, lot.acquired, lot.number, lot.price)
        is_back = not part.quantity
        part.quantity += quantity
        part.cost += cost
        part.price = lot.price
        part.is_known = lot.is_known and (is_back or part.is_known)
        if is_back:
            # Its earlier entries may still be in the heaps; more than one entry of one lot does no harm.
            self.add(part)

    def take_over(self, lot: Lot, quantity: int, cost: int) -> None:
        """Take in units that were carried over from another asset: they rank by what one of them cost."""
        self.arrive(lot, quantity, cost)
        part = self.by_row[lot.row]
        part.price = part.cost, part.quantity
        if self._method in (Method.HIFO, Method.LOFO):
            # An entry made under another price stands in the heap.
            self._rank(list(self.open_lots()))

    def _entry(self, lot: Lot) -> Entry:
        method = self._method
        if method is Method.FIFO or method is Method.SPEC_ID:
            return lot.number, lot
        if method is Method.LIFO:
            return -lot.number, lot
        rank = (lot.price[0] << self._bits) // lot.price[1]
        # Ties go to the oldest. A lot of unknown cost has no rank, and comes last.
        return not lot.is_known, (-rank if method is Method.HIFO else rank), lot.number, lot

    def draw(self, quantity: int) -> tuple[Drawn, int]:
        """Take units in the order of the method; return the parts, and the units that were not there."""
        return _draw(self._order, quantity)

    def draw_oldest(self, quantity: int) -> tuple[Drawn, int]:
        """Take units of the oldest lots, whatever the method."""
        return _draw(self._order if self._ages is None else self._ages, quantity)

    def oldest(self) -> Lot | None:
        """Return the oldest lot that is not empty."""
        return min(self.open_lots(), key=lambda lot: lot.number, default=None)

    def open_lots(self) -> Iterator[Lot]:
        """Yield every lot that is not empty once, in no order."""
        lots = {entry[-1].number: entry[-1] for entry in self._order}
        return (lot for lot in lots.values() if lot.quantity)

    def split(self, new: int, old: int) -> None:
        """Multiply the units of every lot, and rank the lots anew."""
        lots = list(self.open_lots())
        for lot in lots:
            lot.quantity = lot.quantity * new // old
            lot.price = lot.price[0] * old, lot.price[1] * new
        self._rank(lots)

    def follow(self, method: Method) -> None:
        """Go on with the same lots under another method."""
        if method is not self._method:
            self._method = method
            self._rank(list(self.open_lots()))

    def _rank(self, lots: list[Lot]) -> None:
        self._order = [self._entry(lot) for lot in lots]
        heapify(self._order)


def take(lot: Lot, quantity: int) -> int:
    """Take units out of a lot and return their cost."""
    cost = share(lot.cost, lot.quantity, quantity)
    lot.quantity -= quantity
    lot.cost -= cost
    return cost


def _draw(heap: list[Entry], quantity: int) -> tuple[Drawn, int]:
    drawn: Drawn = []
    while quantity and heap:
        lot: Lot = heap[0][-1]
        held = lot.quantity
        if held > quantity:
            drawn.append((lot, quantity, take(lot, quantity)))
            return drawn, 0
        if held:
            drawn.append((lot, held, lot.cost))
            lot.quantity = lot.cost = 0
            quantity -= held
        heappop(heap)
    return drawn, quantity
