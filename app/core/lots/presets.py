"""Ready choices of lots for one sale: pure rankings of what is open at its moment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from fractions import Fraction
from typing import Any, NamedTuple


class Preset(StrEnum):
    """By what the lots of a sale are chosen; ties go to the oldest, and lots of unknown cost come last."""

    FIFO = "fifo"
    LIFO = "lifo"
    HIFO = "hifo"
    SMALLEST_GAIN = "smallest-gain"
    """The smallest gain that is taxed: a lot held for long counts with the share that the country taxes."""
    LONG_FIRST = "long-term-first"
    """Lots held for long first, and of those the dearest first."""


class Choosable(NamedTuple):
    """A lot that a sale can use up, in whole units.

    Attributes:
        price: (money, units) by which lots are ranked: what a unit cost; None where that is not known.
        is_long: It is held for long when the sale is made; None where the country knows no terms.
    """

    row: str
    quantity: int
    price: tuple[int, int] | None
    is_long: bool | None


class Sale(NamedTuple):
    """What presets need to know of a sale.

    Attributes:
        proceeds: None where they are not known.
        long_taxed: The (numerator, denominator) of a long-term gain that is taxed.
    """

    quantity: int
    proceeds: int | None
    long_taxed: tuple[int, int] = (1, 1)


def chosen(preset: Preset, lots: Sequence[Choosable], sale: Sale) -> list[tuple[str, int]]:
    """Return (row, units) of the lots to use up, in their order; fewer units where the lots hold fewer.

    Args:
        preset: By what they are chosen.
        lots: Those that are open, the oldest first.
        sale: For which.
    """
    rank = _RANKS[preset]
    order = sorted(range(len(lots)), key=lambda place: (*rank(lots[place], place, sale), place))
    found: list[tuple[str, int]] = []
    wanted = sale.quantity
    for place in order:
        units = min(lots[place].quantity, wanted)
        if units:
            found.append((lots[place].row, units))
            wanted -= units
    return found


def _oldest(lot: Choosable, place: int, sale: Sale) -> tuple[Any, ...]:
    del lot, sale
    return (place,)


def _newest(lot: Choosable, place: int, sale: Sale) -> tuple[Any, ...]:
    del lot, sale
    return (-place,)


def _dearest(lot: Choosable, place: int, sale: Sale) -> tuple[Any, ...]:
    del place, sale
    return (True,) if lot.price is None else (False, -Fraction(*lot.price))


def _least_taxed(lot: Choosable, place: int, sale: Sale) -> tuple[Any, ...]:
    if lot.price is None or sale.proceeds is None:
        return _dearest(lot, place, sale)
    gain = Fraction(sale.proceeds, sale.quantity) - Fraction(*lot.price)
    # A loss counts in full even where only a part of a gain is taxed; where none of it is, a loss is nothing either.
    taxed = gain * Fraction(*sale.long_taxed) if lot.is_long and (gain > 0 or not sale.long_taxed[0]) else gain
    # Of two that are taxed alike the one held for long, then the dearer one.
    return False, taxed, not lot.is_long, -Fraction(*lot.price)


def _longest(lot: Choosable, place: int, sale: Sale) -> tuple[Any, ...]:
    return not lot.is_long, *_dearest(lot, place, sale)


_RANKS: dict[Preset, Callable[[Choosable, int, Sale], tuple[Any, ...]]] = {
    Preset.FIFO: _oldest,
    Preset.LIFO: _newest,
    Preset.HIFO: _dearest,
    Preset.SMALLEST_GAIN: _least_taxed,
    Preset.LONG_FIRST: _longest,
}
