"""The money-weighted return: the one rate at which what flowed in grows to what there is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from app.core.model.views import Return
from app.core.money import EXACT, SHARES, ZERO, add

METHOD = "MWR"
"""Money-weighted return (XIRR): flows at the end of their days, a year of 365 days."""

_YEAR = 365
_HALVINGS = 120
_PER_YEAR = [Decimal(10) ** (Decimal(step) / 20) for step in range(-120, 121)]
"""Growth in a year that is looked at: from a millionth to a million times, in 240 equal steps."""


def annual(payments: Sequence[tuple[int, Decimal]], last_day: int, value: Decimal) -> Return:
    """Return the yearly rate.

    Args:
        payments: (day, amount) of what was put in, and negative of what was taken out, the opening value first.
        last_day: On which all is worth `value`.
        value: What there is in the end.
    """
    by_day: dict[int, Decimal] = {}
    for day, amount in (*payments, (last_day, value.copy_negate())):
        by_day[last_day - day] = add(by_day.get(last_day - day, ZERO), amount)
    flows = sorted((age, amount) for age, amount in by_day.items() if amount)
    if not flows or flows[-1][0] == 0:
        return Return(None, METHOD, "Nothing was held for a day.")
    signs = [amount > 0 for _, amount in flows]
    if all(signs) or not any(signs):
        return Return(None, METHOD, "No rate exists: money flowed in one direction only.")
    found = [_root(flows, low, high) for low, high in _brackets(flows)]
    if not found:
        return Return(None, METHOD, "No rate between a loss of nearly all and a millionfold gain in a year exists.")
    if len(found) > 1:
        rates = ", ".join(f"{(one - 1) * 100:.2f} %" for one in found)
        return Return(None, METHOD, f"Several rates exist, so that none is the return: {rates}.")
    return Return(found[0] - 1, METHOD)


def _worth(flows: Sequence[tuple[int, Decimal]], growth: Decimal) -> Decimal:
    """Return what flows, by age, are worth in the end at a yearly growth; 34 digits."""
    daily = SHARES.power(growth, SHARES.divide(Decimal(1), Decimal(_YEAR)))
    # From the oldest on, each flow grows to the next: between most of them lies the same number of days.
    powers: dict[int, Decimal] = {}
    total, until = ZERO, flows[-1][0]
    for age, amount in reversed(flows):
        between = until - age
        if between not in powers:
            powers[between] = SHARES.power(daily, between)
        total, until = SHARES.fma(total, powers[between], amount), age
    return SHARES.multiply(total, SHARES.power(daily, until))


def _brackets(flows: Sequence[tuple[int, Decimal]]) -> Iterator[tuple[Decimal, Decimal]]:
    worths = [(growth, _worth(flows, growth)) for growth in _PER_YEAR]
    for (low, at_low), (high, at_high) in pairwise(worths):
        if not at_low or ((at_low > 0) != (at_high > 0) and at_high):
            yield low, high


def _root(flows: Sequence[tuple[int, Decimal]], low: Decimal, high: Decimal) -> Decimal:
    at_low = _worth(flows, low)
    if not at_low:
        return low
    for _ in range(_HALVINGS):
        middle = SHARES.divide(EXACT.add(low, high), Decimal(2))
        if middle in (low, high):
            break
        at_middle = _worth(flows, middle)
        if not at_middle:
            return middle
        if (at_middle > 0) == (at_low > 0):
            low = middle
        else:
            high = middle
    return low
