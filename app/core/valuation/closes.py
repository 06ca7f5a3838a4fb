"""One close per day out of those of several sources: what stands apart is named and left out, never averaged in."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.core.money import EXACT, SHARES, plain, ratio
from app.core.valuation.agreeing import APART, median

SPIKE = Decimal("1.5")
"""A lone close so many times above, or below, both the day before and the day after is no price but a bad print.

Over 75,000 days of 50 assets on one venue, the crashes of 2020 to 2025 among them, no true close is so.
"""

NEARER = 3
"""Of two sources that disagree, one is believed that is so many times nearer to the days around.

Of 10,684 closes of two real sources of which one was made a quarter wrong, the wrong one was believed 9 times, where it
took back a crash or a rally of that size; with 2 it was 16 times, and half as many days were gaps.
"""

WILD = Decimal("0.05")
_OF_THE_MOVE = 4
"""On a day that moved by much, venues close farther apart than on others: by a quarter of what all of them say it
moved, and never by more than that. Of two sources of fifteen coins over four years, a quarter of the days on which
nothing told who was right were such days, the crash of March 2020 among them."""

WEEK = 7
_QUORUM = 3
LEFT_OUT = "; left out: "
"""Stands in the words of a close before each source that was not believed."""
_HUNDREDTH = Decimal("0.01")

Series = Mapping[int, Decimal]
"""Closes by day number."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A source's close that takes no part, and why in words."""

    source: str
    price: Decimal
    why: str


@dataclass(frozen=True, slots=True)
class Close:
    """What is known of one day.

    Attributes:
        price: None where the sources leave no choice that could be defended: a gap, with what they said.
        sources: Which take part, by name.
        spread: The widest distance between those as a share of the price; 0 for one source.
    """

    price: Decimal | None
    sources: tuple[str, ...]
    spread: Decimal
    left_out: tuple[LeftOut, ...] = ()


def words(close: Close) -> str:
    """Return how a close is known: from whom, how far those are apart, and who was not believed."""
    left = [f"{one.source} at {plain(one.price)}, which {one.why}" for one in close.left_out]
    if close.price is None:
        return "; ".join(left)
    named = ", ".join(close.sources)
    if len(close.sources) > 1:
        apart = SHARES.multiply(close.spread, Decimal(100)).quantize(_HUNDREDTH)
        named = f"the median of {named}, {apart} % apart"
    return LEFT_OUT.join([named, *left])


def closes(told: Mapping[str, Series]) -> dict[int, Close]:
    """Return a close for every day of which some source tells one.

    Args:
        told: By source, its closes by day number, all of one asset in one money.
    """
    by_day: dict[int, dict[str, Decimal]] = {}
    for source in sorted(told):
        for day, price in told[source].items():
            by_day.setdefault(day, {})[source] = price
    valid = {day: _valid(by_day[day]) for day in sorted(by_day)}
    sure = _undisputed(valid)
    days = [day for day in valid if day in sure]
    return {day: _close(by_day[day], quotes, _around(days, sure, day)) for day, quotes in valid.items()}


def _valid(quotes: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {source: price for source, price in quotes.items() if price.is_finite() and price > 0}


def _undisputed(valid: Mapping[int, Mapping[str, Decimal]]) -> dict[int, Decimal]:
    """Return the prices of days on which all sources agree: what the others are held against."""
    found: dict[int, Decimal] = {}
    for day, quotes in valid.items():
        if quotes:
            prices = [*quotes.values()]
            middle = median(prices)
            if _together(min(prices), middle) and _together(max(prices), middle):
                found[day] = middle
    return found


def _around(days: Sequence[int], sure: Series, day: int) -> tuple[Decimal, ...]:
    """Return the nearest undisputed prices before and after a day, none farther than a week."""
    before, after = bisect_left(days, day) - 1, bisect_right(days, day)
    near = [days[place] for place in (before, after) if 0 <= place < len(days)]
    return tuple(sure[other] for other in near if abs(other - day) <= WEEK)


def _close(quotes: Mapping[str, Decimal], valid: Mapping[str, Decimal], around: Sequence[Decimal]) -> Close:
    out = [LeftOut(source, price, "is no price") for source, price in quotes.items() if source not in valid]
    kept = dict(valid)
    for source, why in _apart(valid, around):
        out.append(LeftOut(source, kept.pop(source), why))
    if not kept:
        return Close(None, (), Decimal(0), tuple(out))
    price = median([*kept.values()])
    spread = ratio(EXACT.subtract(max(kept.values()), min(kept.values())), price)
    return Close(price, tuple(kept), spread or Decimal(0), tuple(out))


def _apart(valid: Mapping[str, Decimal], around: Sequence[Decimal]) -> Iterator[tuple[str, str]]:
    """Yield what does not stand with the others, or with the days around it."""
    if len(valid) >= _QUORUM:
        middle = median([*valid.values()])
        far = [source for source, price in valid.items() if not _together(price, middle)]
        if far:
            reach = _reach(valid, around)
            far = [source for source in far if not _together(valid[source], middle, reach)]
        if len(far) * 2 < len(valid):
            yield from ((source, "stands apart from the others") for source in far)
            return
        yield from ((source, "no majority of the sources agrees") for source in valid)
    elif len(valid) > 1:
        yield from _of_two(valid, around)
    else:
        for source, price in valid.items():
            if len(around) > 1 and _is_spike(price, around):
                yield source, "is a bad print beside the days around it"


def _of_two(valid: Mapping[str, Decimal], around: Sequence[Decimal]) -> Iterator[tuple[str, str]]:
    (one, price), (other, beside) = valid.items()
    if _together(price, beside) or _together(price, beside, _reach(valid, around)):
        return
    if _is_nearer(price, beside, around):
        yield other, f"stands apart from {one} and from the days around it"
    elif _is_nearer(beside, price, around):
        yield one, f"stands apart from {other} and from the days around it"
    else:
        yield one, f"disagrees with {other}, and nothing tells which is right"
        yield other, f"disagrees with {one}, and nothing tells which is right"


def _reach(valid: Mapping[str, Decimal], around: Sequence[Decimal]) -> Decimal:
    """Return how far apart prices of a day may stand, as a share: the farther, the more even the calmest says it moved.

    It is never less than on any day, so that only what stands farther apart than that asks for it.

    One source that stands still, or goes by itself, widens nothing: then another one says that little moved.
    """
    moves = [max(abs(EXACT.subtract(price, near)) / price for near in around) for price in valid.values() if around]
    return max(APART, min(WILD, min(moves, default=Decimal(0)) / _OF_THE_MOVE))


def _together(price: Decimal, middle: Decimal, reach: Decimal = APART) -> bool:
    return abs(EXACT.subtract(price, middle)) <= EXACT.multiply(reach, middle)


def _is_nearer(price: Decimal, other: Decimal, around: Sequence[Decimal]) -> bool:
    """Tell whether a price is nearer to the day before and to the day after, and much nearer to both together."""
    near = [abs(EXACT.subtract(price, day)) for day in around]
    far = [abs(EXACT.subtract(other, day)) for day in around]
    is_nearer = len(around) > 1 and all(one <= beside for one, beside in zip(near, far, strict=True))
    return is_nearer and NEARER * sum(near, Decimal(0)) < sum(far, Decimal(0))


def _is_spike(price: Decimal, around: Sequence[Decimal]) -> bool:
    above = all(price > EXACT.multiply(SPIKE, near) for near in around)
    return above or all(EXACT.multiply(SPIKE, price) < near for near in around)
