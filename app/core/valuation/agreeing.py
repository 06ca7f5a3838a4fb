"""What several sources of one price agree on: a weighted median of those that stand together.

Perpetuals stand in only where there is no fresh spot price: their basis is no error, and no price of the asset either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.core.clock import SECOND
from app.core.model.market import Contribution
from app.core.money import EXACT

FRESH = 120 * SECOND
"""A price so much older than the newest one of its asset no longer takes part."""

APART = Decimal("0.02")
"""A price so far from the middle of those that stand together is an outlier: shown, never averaged in."""

TOO_OLD, TOO_FAR, PERPETUAL = "too old", "too far off", "a perpetual beside spot"
DISPUTED = "nothing tells which of them is right"

_HALF_AGE = 30 * SECOND
"""A price so much older than the newest weighs half of it."""

_USUAL_SPREAD = Decimal("0.001")
"""A price with such a spread, as a share of it, weighs half of one without; so does one whose spread is unknown."""

_FULL = 1_000
_HALF = _FULL // 2
TWO = Decimal(2)
_STEP = Decimal("0.001")
_SPEAKS = 2
"""A price of before speaks for a source that is so many times nearer to it than any other."""


@dataclass(frozen=True, slots=True)
class Quoted:
    """A venue's price of an asset, brought into the base currency.

    Attributes:
        spread: Between ask and bid, as a share of the price.
        depth: Money that waits at the best bid and ask.
    """

    venue: str
    price: Decimal
    at: int
    change_24h: Decimal | None
    how: str
    spread: Decimal | None = None
    depth: Decimal | None = None
    is_perpetual: bool = False


@dataclass(frozen=True, slots=True)
class Agreed:
    """What sources agree on.

    Attributes:
        price: None where they disagree and nothing tells who is right.
        kept: Those that took part, as they were given.
        parts: All of them, with their share or why they were left out.
    """

    price: Decimal | None
    kept: tuple[Quoted, ...]
    parts: tuple[Contribution, ...]


def agree(quotes: Sequence[Quoted], before: Decimal | None = None) -> Agreed:
    """Return what at least one price agrees on; `before` is the price that was known until now."""
    if len(quotes) == 1:
        (one,) = quotes
        return Agreed(one.price, (one,), (Contribution(one.how, one.price, one.at, Decimal(1)),))
    newest = max(quoted.at for quoted in quotes)
    fresh = [quoted for quoted in quotes if newest - quoted.at <= FRESH]
    spot = [quoted for quoted in fresh if not quoted.is_perpetual] or fresh
    kept = _together(spot, before)
    weights = _weights(kept, newest)
    total = sum(weights)
    parts = [
        Contribution(one.how, one.price, one.at, _share(weight, total))
        for one, weight in zip(kept, weights, strict=True)
    ]
    far = TOO_FAR if kept else DISPUTED
    parts += [Contribution(one.how, one.price, one.at, left_out=far) for one in spot if one not in kept]
    parts += [Contribution(one.how, one.price, one.at, left_out=PERPETUAL) for one in fresh if one not in spot]
    parts += [Contribution(one.how, one.price, one.at, left_out=TOO_OLD) for one in quotes if one not in fresh]
    price = weighted_median([one.price for one in kept], weights) if kept else None
    return Agreed(price, tuple(kept), tuple(parts))


def median(values: Sequence[Decimal]) -> Decimal:
    """Return the middle value, or the mean of the middle two; halving is exact."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else EXACT.divide(EXACT.add(ordered[half - 1], ordered[half]), TWO)


def weighted_median(values: Sequence[Decimal], weights: Sequence[int]) -> Decimal:
    """Return the value at half of the weight; between two values in proportion, in steps of a thousandth.

    Each value sits in the middle of its own weight, so equal weights give the plain median, and a source that gains
    weight little by little moves the result little by little.
    """
    ordered = sorted(zip(values, weights, strict=True))
    middle, place, below = sum(weights), -1, ordered[0][0]
    passed, value_place = 0, 0
    for value, weight in ordered:
        value_place = 2 * passed + weight
        if value_place >= middle:
            if place < 0 or value_place == middle:
                return value
            step = (middle - place) * _FULL // (value_place - place)
            return EXACT.add(below, EXACT.multiply(EXACT.subtract(value, below), step * _STEP))
        passed, place, below = passed + weight, value_place, value
    return below


def _together(fresh: Sequence[Quoted], before: Decimal | None) -> list[Quoted]:
    """Return more than half of the prices, near one middle; else those that the price of before speaks for."""
    near = _near(fresh, median([quoted.price for quoted in fresh]))
    if 2 * len(near) > len(fresh):
        return near
    groups = [_near(fresh, quoted.price) for quoted in fresh]
    largest = max(groups, key=len)
    if 2 * len(largest) > len(fresh):
        return largest
    return [] if before is None else _spoken_for(fresh, before)


def _near(quotes: Sequence[Quoted], middle: Decimal) -> list[Quoted]:
    reach = EXACT.multiply(APART, middle)
    return [quoted for quoted in quotes if abs(EXACT.subtract(quoted.price, middle)) <= reach]


def _spoken_for(quotes: Sequence[Quoted], before: Decimal) -> list[Quoted]:
    nearest = min(quotes, key=lambda quoted: abs(EXACT.subtract(quoted.price, before)))
    group = _near(quotes, nearest.price)
    reach = _SPEAKS * abs(EXACT.subtract(nearest.price, before))
    others = [abs(EXACT.subtract(quoted.price, before)) for quoted in quotes if quoted not in group]
    return group if all(distance >= reach for distance in others) else []


def _weights(kept: Sequence[Quoted], newest: int) -> list[int]:
    """Return what each weighs: less with age, less with a wide spread, less with little to be had."""
    deepest = max((quoted.depth for quoted in kept if quoted.depth is not None), default=None)
    return [
        max(1, _fresh(newest - one.at) * _tight(one.spread) * _deep(one.depth, deepest) // _FULL**2) for one in kept
    ]


def _fresh(age: int) -> int:
    return _FULL * _HALF_AGE // (_HALF_AGE + age)


def _tight(spread: Decimal | None) -> int:
    return _HALF if spread is None else int(_FULL * _USUAL_SPREAD / (_USUAL_SPREAD + spread))


def _deep(depth: Decimal | None, deepest: Decimal | None) -> int:
    return _HALF if depth is None or not deepest else _HALF + int(_HALF * depth / deepest)


def _share(weight: int, total: int) -> Decimal:
    return Decimal(weight * _FULL // total).scaleb(-3)
