"""Candles as arrays, with ever wider ones above them, so that a million cost no more to paint than a screen is wide.

Everything here is geometry: floats that become pixels. What is written beside a chart is read from the exact candles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.core.model.market import Candle

Floats = NDArray[np.float64]
FACTOR = 4
"""Bars of a level that become one of the next."""
_FEWEST = 512
"""A level of so few bars needs none above it."""


@dataclass(frozen=True, slots=True)
class Level:
    """Bars of one width, oldest first; where nothing was traded there is no bar.

    Attributes:
        x: Where each begins, in intervals since the first candle.
        span: How many intervals each is wide.
        lowest: Lowest close in it, for a line through the closes; `highest` likewise.
    """

    x: Floats
    span: int
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    lowest: Floats
    highest: Floats

    def __len__(self) -> int:
        """Return the number of bars."""
        return len(self.x)

    def within(self, first: float, last: float) -> slice:
        """Return which bars touch a stretch."""
        begin = int(np.searchsorted(self.x, first - self.span, side="right"))
        return slice(begin, int(np.searchsorted(self.x, last, side="right")))

    def cut(self, part: slice) -> Level:
        """Return some of the bars."""
        return Level(
            self.x[part], self.span, self.open[part], self.high[part], self.low[part], self.close[part],
            self.volume[part], self.lowest[part], self.highest[part],
        )  # fmt: skip

    def followed_by(self, later: Level) -> Level:
        """Return these bars and later ones of the same width."""
        both = (
            np.concatenate((getattr(self, name), getattr(later, name)))
            for name in ("open", "high", "low", "close", "volume", "lowest", "highest")
        )
        return Level(np.concatenate((self.x, later.x)), self.span, *both)

    def wider(self) -> Level:
        """Return bars that are wider by the factor, on the same grid of time."""
        span = self.span * FACTOR
        bucket = np.floor_divide(self.x, span)
        starts = np.flatnonzero(np.concatenate(([True], bucket[1:] != bucket[:-1])))
        ends = np.append(starts[1:], len(self.x)) - 1
        return Level(
            bucket[starts] * span, span, self.open[starts], np.maximum.reduceat(self.high, starts),
            np.minimum.reduceat(self.low, starts), self.close[ends], np.add.reduceat(self.volume, starts),
            np.minimum.reduceat(self.lowest, starts), np.maximum.reduceat(self.highest, starts),
        )  # fmt: skip


class Series:
    """Candles of one interval, at every width that a screen may need.

    Attributes:
        start: When the first candle begins, in nanoseconds.
        is_line: Only closes are known: there are no candles to paint.
        has_volume: Some volume is known.
    """

    def __init__(self, start: int, interval: int, base: Level, *, is_line: bool = False) -> None:
        """Take the finest level; the wider ones are made at once."""
        self.start, self.interval, self.is_line = start, interval, is_line
        self.has_volume = bool(np.any(base.volume > 0))
        self.levels = [base]
        while len(self.levels[-1]) > _FEWEST:
            self.levels.append(self.levels[-1].wider())

    @classmethod
    def of(cls, candles: Sequence[Candle], interval: int) -> Series:
        """Take candles, oldest first; those that know only a close make a line."""
        start = candles[0].at if candles else 0
        at = np.fromiter((candle.at - start for candle in candles), dtype=np.int64, count=len(candles))
        prices = np.array(
            [(float(one.open), float(one.high), float(one.low), float(one.close)) for one in candles], dtype=np.float64
        ).reshape(-1, 4)
        volume = np.array([float(one.volume or 0) for one in candles], dtype=np.float64)
        opened, high, low, close = (np.ascontiguousarray(prices[:, place]) for place in range(4))
        base = Level((at // interval).astype(np.float64), 1, opened, high, low, close, volume, close, close)
        is_line = bool(np.array_equal(high, low)) and bool(np.array_equal(opened, close))
        return cls(start, interval, base, is_line=is_line)

    def ending_in(self, candle: Candle) -> Series:
        """Return the same candles with another last one: the bars of all others are taken over."""
        one = Series.of((candle,), self.interval).levels[0]
        rest = self.levels[0].cut(slice(0, len(self) - 1))
        last = Level(
            np.array([float((candle.at - self.start) // self.interval)]), 1, one.open, one.high, one.low, one.close,
            one.volume, one.lowest, one.highest,
        )  # fmt: skip
        return Series(self.start, self.interval, rest.followed_by(last), is_line=self.is_line)

    def __len__(self) -> int:
        """Return the number of candles."""
        return len(self.levels[0])

    @property
    def end(self) -> float:
        """Return where the last candle ends, in intervals since the first began."""
        return float(self.levels[0].x[-1]) + 1 if len(self) else 1.0

    def place(self, at: int) -> float:
        """Return where a moment lies, in intervals since the first candle began."""
        return (at - self.start) / self.interval

    def moment(self, place: float) -> int:
        """Return the moment of a place."""
        return self.start + int(place * self.interval)

    def seen(self, first: float, last: float, most: int) -> Level:
        """Return the finest bars of a stretch that are no more than `most`; the widest there are where all are more."""
        for level in self.levels:
            part = level.within(first, last)
            if part.stop - part.start <= most:
                return level.cut(part)
        return self.levels[-1].cut(self.levels[-1].within(first, last))

    def nearest(self, place: float) -> int:
        """Return the number of the candle whose middle lies nearest to a place; -1 where there is none."""
        x = self.levels[0].x
        if not len(x):
            return -1
        right = int(np.searchsorted(x, place - 0.5))
        around = [number for number in (right - 1, right) if 0 <= number < len(x)]
        return min(around, key=lambda number: abs(float(x[number]) + 0.5 - place))
