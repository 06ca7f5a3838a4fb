"""Prices that a person set, laid over what the sources say."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from app.core.model.price_overrides import PriceOverride
from app.core.money import multiply


def in_force(recorded: Iterable[PriceOverride]) -> dict[str, dict[int, PriceOverride]]:
    """Return what holds of everything that was ever recorded, oldest first: the last word on an asset and day."""
    found: dict[str, dict[int, PriceOverride]] = {}
    for one in recorded:
        if one.price is None:
            found.get(one.asset, {}).pop(one.day, None)
        else:
            found.setdefault(one.asset, {})[one.day] = one
    return found


def overlaid(
    closes: Mapping[int, Decimal],
    set_prices: Mapping[int, PriceOverride],
    base: str,
    rates: Callable[[str], Mapping[int, Decimal]],
) -> Mapping[int, Decimal]:
    """Return closes in the base money with the prices that a person set in their places, in the order of days.

    One in another money is carried over by the close of that money on its day (`rates` of an asset id); where that is
    not known, the price is none: a figure of it is a gap.
    """
    if not set_prices:
        return closes
    found = dict(closes)
    for day, one in set_prices.items():
        rate = Decimal(1) if one.currency == base else rates(one.currency).get(day)
        if rate is None or one.price is None:
            found.pop(day, None)
        else:
            found[day] = multiply(one.price, rate)
    return dict(sorted(found.items()))
