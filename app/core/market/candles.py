"""Candles out of prices as they come, wider candles out of narrower ones, and where candles are missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from app.core.clock import DAY, SECOND
from app.core.model.market import Candle
from app.core.money import EXACT

MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
WEEK = 7 * DAY
INTERVALS = {"1m": MINUTE, "1h": HOUR, "1d": DAY}
"""Lengths that are kept; longer ones are made of them."""

_OPEN = 2
"""Minutes that may still change: a trade comes a little late."""


@dataclass(slots=True)
class _Growing:
    first: tuple[int, int]
    newest: tuple[int, int]
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal | None

    def add(self, place: tuple[int, int], price: Decimal, volume: Decimal | None) -> None:
        if price > self.high:
            self.high = price
        elif price < self.low:
            self.low = price
        if place >= self.newest:
            self.newest, self.close = place, price
        elif place < self.first:
            self.first, self.open = place, price
        if volume is not None:
            self.volume = volume if self.volume is None else EXACT.add(self.volume, volume)

    def at(self, start: int) -> Candle:
        return Candle(start, self.open, self.high, self.low, self.close, self.volume)


class CandleBuilder:
    """Minutes of one instrument while they happen; the order in which prices come does not matter.

    Attributes:
        late: Prices of minutes that were given away already.
    """

    def __init__(self) -> None:
        self._growing: dict[int, _Growing] = {}
        self._given = -1
        self.late = 0

    def add(self, at: int, price: Decimal, volume: Decimal | None = None, number: int = 0) -> None:
        """Take a price; `number` tells the order of prices of one moment. An unknown volume stays unknown."""
        start = at - at % MINUTE
        candle = self._growing.get(start)
        if candle is not None:
            candle.add((at, number), price, volume)
        elif start <= self._given:
            self.late += 1
        else:
            place = at, number
            self._growing[start] = _Growing(place, place, price, price, price, price, volume)

    def finished(self) -> list[Candle]:
        """Give away the minutes that are over, oldest first; the newest few may still change."""
        if len(self._growing) <= _OPEN:
            return []
        newest = max(self._growing)
        done = sorted(start for start in self._growing if start <= newest - _OPEN * MINUTE)
        self._given = max([self._given, *done])
        return [self._growing.pop(start).at(start) for start in done]

    def so_far(self) -> list[Candle]:
        """Return the minutes that are not given away yet, oldest first."""
        return [self._growing[start].at(start) for start in sorted(self._growing)]


def grown(candle: Candle, price: Decimal) -> Candle:
    """Return a candle with a later price in it; how much was traded at it is not known."""
    return replace(candle, high=max(candle.high, price), low=min(candle.low, price), close=price)


def begins(at: int, interval: int) -> int:
    """Return when the candle of a moment begins, in UTC: weeks begin on Monday, as ISO 8601 has it."""
    first = 4 * DAY if interval % WEEK == 0 else 0
    return at - (at - first) % interval


def kept_for(interval: int) -> int:
    """Return the longest length that is kept out of which candles of another length are made."""
    return max(length for length in INTERVALS.values() if interval % length == 0)


def wider(candles: Iterable[Candle], interval: int) -> list[Candle]:
    """Return candles of a longer interval out of shorter ones; a volume of which a part is unknown is unknown."""
    found: dict[int, list[Candle]] = {}
    for candle in candles:
        found.setdefault(begins(candle.at, interval), []).append(candle)
    return [_joined(start, sorted(found[start], key=lambda one: one.at)) for start in sorted(found)]


def _joined(start: int, parts: Sequence[Candle]) -> Candle:
    volume: Decimal | None = Decimal(0)
    for part in parts:
        volume = None if volume is None or part.volume is None else EXACT.add(volume, part.volume)
    highest, lowest = max(part.high for part in parts), min(part.low for part in parts)
    return Candle(start, parts[0].open, highest, lowest, parts[-1].close, volume)


def refusal(candle: Candle, interval: int) -> str:
    """Return why a candle is none, "" where it is sound."""
    prices = (candle.open, candle.high, candle.low, candle.close)
    if not all(price.is_finite() for price in prices):
        return "not a number"
    if min(prices) <= 0:
        return "not above zero"
    if candle.high < max(prices) or candle.low > min(prices):
        return "high or low is not the extreme"
    if candle.volume is not None and (not candle.volume.is_finite() or candle.volume < 0):
        return "volume below zero"
    return "not at the start of its interval" if candle.at % interval else ""


def unasked(asked: tuple[int, int] | None, span: tuple[int, int], interval: int) -> list[tuple[int, int]]:
    """Return what of a span a source was not asked for yet, the newest first, as first and last start.

    Each part begins or ends beside what it was asked for: that stays one stretch without a hole.
    """
    first, last = span
    if asked is None:
        return [span] if first <= last else []
    newer = [(asked[1] + interval, last)] if asked[1] < last else []
    return [*newer, (first, asked[0] - interval)] if first < asked[0] else newer


def gaps(starts: Sequence[int], interval: int, first: int, last: int) -> list[tuple[int, int]]:
    """Return what is missing between two starts, both included, as first and last missing start."""
    missing, expected = [], first
    for start in [*sorted(start for start in starts if first <= start <= last), last + interval]:
        if start > expected:
            missing.append((expected, start - interval))
        expected = max(expected, start + interval)
    return missing
