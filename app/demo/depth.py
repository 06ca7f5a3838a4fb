"""Order books of the demo's market: what waits at each price, decided by a seed, a venue and a moment alone.

A book stands still between two ticks of the market. Near the middle prices lie close and little waits; further out more
does. Each level keeps its size for some seconds, so that a change tells a few levels and not all of them.
"""

from __future__ import annotations

import functools
import math
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from app.demo.instruments import INSTRUMENTS, NUMBER, USD
from app.demo.market import CELL_NS, TICK_NS, Market

LEVELS = 500
"""Levels a side."""

_HELD = 40
"""Ticks for which a level keeps its size."""
_GRID = 2e-5
"""Distance of two levels, as a share of the price; the next power of ten of the price's own steps."""
_NARROW = 2e-5
"""Half the spread of what is traded most, as a share of the price; a thinner market's is wider by the root."""
_BUSY = 9e8
_SHARE = 5e-5
"""What waits at a level near the middle, as a share of a day's turnover."""
_DEEPER = 6.0
"""How many times as much waits at a price that is `_FAR` from the middle, as a share of it."""
_FAR = 0.02
_KEPT = 64

Whole = NDArray[np.int64]
Pair = tuple[str, str, int, int]
"""Base, quote, decimal places of prices and of quantities."""


@dataclass(frozen=True, slots=True)
class DemoBook:
    """One book: quantities by price, the best first, both in the venue's smallest steps."""

    number: int
    places: int
    lot: int
    bids: Mapping[int, int] = field(default_factory=dict)
    asks: Mapping[int, int] = field(default_factory=dict)

    def levels(self, side: str, count: int) -> list[tuple[Decimal, Decimal]]:
        """Return the best levels of "bids" or "asks", with every decimal place that the venue writes."""
        rows: Mapping[int, int] = self.bids if side == "bids" else self.asks
        return [self._level(price, size) for price, size in list(rows.items())[:count]]

    def since(self, before: DemoBook, side: str, count: int = LEVELS) -> list[tuple[Decimal, Decimal]]:
        """Return the levels of a side that are other than before, of which a client hears so many; gone ones are 0.

        A client of the best few levels is not told of those that only fall out of their number.
        """
        was, now = (dict(list(_side(book, side).items())[:count]) for book in (before, self))
        changed = [(price, size) for price, size in now.items() if was.get(price) != size]
        there = _side(self, side)
        gone = [(price, 0) for price in was if price not in there]
        return [self._level(price, size) for price, size in (*gone, *changed)]

    def _level(self, price: int, size: int) -> tuple[Decimal, Decimal]:
        return Decimal(price).scaleb(-self.places), Decimal(size).scaleb(-self.lot)


def _side(book: DemoBook, side: str) -> Mapping[int, int]:
    return book.bids if side == "bids" else book.asks


class DemoDepth:
    """All books of one venue."""

    def __init__(self, market: Market, venue: str) -> None:
        """Take the market."""
        self._market, self._venue = market, venue
        self._made = functools.lru_cache(maxsize=_KEPT)(self._make)

    @staticmethod
    def number(now_ns: int) -> int:
        """Return the number of the book of a moment; it grows by one a tick."""
        return now_ns // TICK_NS

    def quote(self, base: str, quote: str, places: int, number: int) -> tuple[Decimal, Decimal]:
        """Return the best bid and ask."""
        bid, ask = self._best(base, quote, places, number)
        return Decimal(bid).scaleb(-places), Decimal(ask).scaleb(-places)

    def book(self, pair: Pair, number: int) -> DemoBook:
        """Return the book of a number."""
        return self._made(pair, number)

    def _best(self, base: str, quote: str, places: int, number: int) -> tuple[int, int]:
        last = int(self._market.price(base, quote, number * TICK_NS, self._venue).scaleb(places))
        turnover = INSTRUMENTS[NUMBER[base]].turnover
        wide = _NARROW * math.sqrt(_BUSY / turnover) * (0.6 + 0.8 * float(self._chance(base, "spread", number, 0)))
        half = max(1, round(last * wide))
        return max(last - half, 1), last + half

    def _make(self, pair: Pair, number: int) -> DemoBook:
        base, quote, places, lot = pair
        bid, ask = self._best(base, quote, places, number)
        grid = 10 ** max(0, math.ceil(math.log10(max(bid * _GRID, 1.0))))
        away = np.arange(1, LEVELS, dtype=np.int64) * grid
        bids, asks = (bid - 1) // grid * grid + grid - away, ask // grid * grid + away
        bids = bids[bids > 0]
        sides = (
            dict(zip(prices.tolist(), self._sizes(pair, prices, grid, number).tolist(), strict=True))
            for prices in (np.concatenate(([bid], bids)), np.concatenate(([ask], asks)))
        )
        return DemoBook(number, places, lot, *sides)

    def _sizes(self, pair: Pair, prices: Whole, grid: int, number: int) -> Whole:
        base, quote, places, lot = pair
        # What a level holds follows a price of some minutes ago, or a step of the middle would change all of them.
        anchor = number * TICK_NS // CELL_NS * CELL_NS
        dollars = INSTRUMENTS[NUMBER[base]].turnover * _SHARE
        unit = dollars / self._market.rate(base, USD, anchor) * 10**lot
        middle = self._market.rate(base, quote, anchor) * 10**places
        steps = prices // grid
        # Levels change in turn, not all of them at once.
        chance = self._chance(base, quote, steps, (number + steps * 7) // _HELD)
        further = 1 + (_DEEPER - 1) * np.abs(prices / middle - 1) / _FAR
        return np.asarray(np.maximum(np.rint(unit * further * (0.3 + 1.4 * chance)), 1), np.int64)

    def _chance(self, base: str, word: str, step: int | Whole, epoch: int | Whole) -> NDArray[np.float64]:
        """Return numbers from 0 to 1 that only the arguments, the venue and the seed decide."""
        salt = np.uint64(zlib.crc32(f"{self._market.seed}/{self._venue}/{base}/{word}".encode()))
        with np.errstate(over="ignore"):
            mixed = np.asarray(step, np.int64).astype(np.uint64) * _MIX[0] + np.asarray(epoch, np.int64).astype(
                np.uint64
            )
            mixed = (mixed + salt) * _MIX[1]
            for factor in _MIX[2:]:
                mixed = (mixed ^ (mixed >> np.uint64(30))) * factor
        return np.asarray((mixed >> np.uint64(11)) / float(1 << 53), np.float64)


_MIX = tuple(map(np.uint64, (0x9E3779B97F4A7C15, 0xD1B54A32D192ED03, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB)))
