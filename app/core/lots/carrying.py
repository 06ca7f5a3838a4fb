"""Basis that is carried over: lots of one asset that become lots of another, with their dates and costs.

A wrap, a migration, a deposit that gives a receipt token: where the law sees no disposal in it, nothing is sold.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.core.lots.book_lots import Drawn, Lot, Pool
from app.core.lots.shares import share


def converted(drawn: Drawn, whole: int, units: int) -> Iterator[tuple[Lot, int, int]]:
    """Yield (lot, new units, cost) for parts of lots that together are, or are part of, `whole` old units.

    New units are dealt out in shares. A part too small for one new unit gives its cost to a neighbour, so that
    no cost is lost; its lot is then used up.
    """
    made: list[tuple[Lot, int, int]] = []
    over, is_known = 0, True
    for lot, quantity, cost in drawn:
        part = share(units, whole, quantity)
        whole, units = whole - quantity, units - part
        if part:
            made.append((_known(lot, is_known=is_known), part, cost + over))
            over, is_known = 0, True
        else:
            over, is_known = over + cost, is_known and lot.is_known
    if made and (over or not is_known):
        lot, part, cost = made[-1]
        made[-1] = (_known(lot, is_known=is_known), part, cost + over)
    yield from made


def _known(lot: Lot, *, is_known: bool) -> Lot:
    """Return the lot, or its like of unknown cost where it takes in a part whose cost is not known."""
    if is_known or not lot.is_known:
        return lot
    return Lot(lot.row, lot.acquired, lot.number, lot.price, 0, None)


def carry(source: Pool, target: Pool, quantity: int, units: int) -> int:
    """Move the oldest lots of one pool into a pool of another asset; return the old units that were not there."""
    drawn, missing = source.draw_oldest(quantity)
    for lot, part, cost in converted(drawn, quantity, units):
        target.take_over(lot, part, cost)
    return missing
