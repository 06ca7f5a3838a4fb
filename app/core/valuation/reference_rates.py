"""Official rates of money against the euro, and what one money costs in another by them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.core.money import ratio

STILL_HOLDS = 7
"""Days for which the last published rate stands: weekends and holidays have none."""

EURO = "eur"

PerEuro = Mapping[int, Decimal]
"""Units of a money for one euro, by day number."""


@dataclass(frozen=True, slots=True)
class Crossed:
    """What one unit of a money costs in another on a day.

    Attributes:
        price: To 34 digits, since it need not end.
        published: The day whose rates these are.
        of_money: Units of the money for one euro; likewise `of_base`.
    """

    price: Decimal
    published: int
    of_money: Decimal
    of_base: Decimal


def per_euro(money: str, told: Mapping[str, PerEuro]) -> PerEuro:
    """Return the rates of a money; of the euro itself 1 on every day of which any rate is told."""
    if money != EURO:
        return told.get(money, {})
    return {day: Decimal(1) for days in told.values() for day in days}


def crossed(money: str, base: str, told: Mapping[str, PerEuro], until: int) -> dict[int, Crossed]:
    """Return what one unit of a money costs in the base money, day by day until a day.

    `told` holds by asset id of a money its units for one euro. A day without rates takes those of the last day that
    has some, for a week at most.
    """
    of_money, of_base = per_euro(money, told), per_euro(base, told)
    found: dict[int, Crossed] = {}
    for day in sorted(of_money.keys() & of_base.keys()):
        price = ratio(of_base[day], of_money[day])
        if price is None:
            continue
        one = Crossed(price, day, of_money[day], of_base[day])
        for later in range(day, min(day + STILL_HOLDS, until) + 1):
            found[later] = one
    return found
