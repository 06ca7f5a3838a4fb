"""Rounding, which happens in reports only: amounts as a form wants them, and parts that still add up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, InvalidOperation

from app.core.money import EXACT, ZERO
from app.core.reports.table import Cell
from app.core.tax.events import total

_CONTEXT = Context(prec=400, traps=[InvalidOperation])
_PLACES = {"JPY": 0, "KRW": 0}
_USUAL = 2


def places_of(currency: str) -> int:
    """Return how many decimal places amounts of a currency are written with."""
    return _PLACES.get(currency, _USUAL)


def nearest(value: Decimal | None, places: int = 0) -> Decimal | None:
    """Return the nearest amount, a half away from zero; what is not known stays so."""
    return None if value is None else _to(value, places, ROUND_HALF_UP)


def down(value: Decimal | None, places: int = 0) -> Decimal | None:
    """Return the next lower amount."""
    return None if value is None else _to(value, places, ROUND_FLOOR)


def up(value: Decimal | None, places: int = 0) -> Decimal | None:
    """Return the next higher amount."""
    return None if value is None else _to(value, places, ROUND_CEILING)


def cut(value: Decimal | None, places: int = 0) -> Decimal | None:
    """Return the amount without what is beyond its places."""
    return None if value is None else _to(value, places, ROUND_DOWN)


def _to(value: Decimal, places: int, rounding: str) -> Decimal:
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=rounding, context=_CONTEXT)
    return rounded or rounded.copy_abs()


summed = total
"""The exact sum; not known where a part is not."""


def column_sum(rows: Iterable[Sequence[Cell]], place: int) -> Decimal | None:
    """Return the sum of a column; not known where one of its cells is no number."""
    return total(cell if isinstance(cell, Decimal) else None for cell in (row[place] for row in rows))


def minus(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    """Return an exact difference; not known where a part is not."""
    return None if left is None or right is None else EXACT.subtract(left, right)


def split(amount: Decimal | None, quantities: Sequence[Decimal], places: int) -> list[Decimal | None]:
    """Return the rounded amount in rounded parts by quantity, which add up to it: what is left is in the last."""
    if amount is None:
        return [None] * len(quantities)
    whole = summed(quantities) or ZERO
    rounded = _to(amount, places, ROUND_HALF_UP)
    parts: list[Decimal | None] = []
    reached = given = ZERO
    for quantity in quantities:
        reached = EXACT.add(reached, quantity)
        until = rounded if reached == whole else _to(_share(rounded, reached, whole), places, ROUND_HALF_UP)
        parts.append(EXACT.subtract(until, given))
        given = until
    return parts


def _share(amount: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    return _CONTEXT.divide(_CONTEXT.multiply(amount, part), whole)


def rounded_parts(values: Sequence[Decimal | None], places: int) -> list[Decimal | None]:
    """Return values rounded so that they add up to their rounded sum; each as it is where one is not known."""
    if None in values:
        return [nearest(value, places) for value in values]
    parts: list[Decimal | None] = []
    reached = given = ZERO
    for value in values:
        reached = EXACT.add(reached, value or ZERO)
        until = _to(reached, places, ROUND_HALF_UP)
        parts.append(EXACT.subtract(until, given))
        given = until
    return parts


def divided(part: Decimal | None, whole: Decimal | None, places: int) -> Decimal | None:
    """Return part ÷ whole, rounded to so many places; not known where it cannot be."""
    if part is None or not whole:
        return None
    return _to(_CONTEXT.divide(part, whole), places, ROUND_HALF_UP)
