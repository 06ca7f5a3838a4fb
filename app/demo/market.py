"""The demo's market: prices that only a seed and a moment decide, with crashes, rallies and calm.

One common factor with clustering volatility moves all crypto assets, each adds its own part, and a weak pull towards a
long trend keeps three years plausible. A day's prices depend on that day and the days before it, never on when they
are asked for. Floats make the path; what is quoted is an exact decimal at the venue's tick.
"""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from app.core.clock import DAY, SECOND, from_datetime
from app.core.model.market import Candle
from app.core.money import multiply
from app.demo.instruments import INSTRUMENTS, NUMBER, STABLECOINS, USD, price_places

START_NS = from_datetime(dt.datetime(2023, 10, 1, tzinfo=dt.UTC))
"""The first moment with a price: the first day of a quarter."""

START_DAY = START_NS // DAY
TICK_NS = 250_000_000
"""Live prices move this often."""

CELLS = 96
CELL_NS = DAY // CELLS
_MASK = (1 << 64) - 1
_QUIET, _REACTION, _MEMORY = 0.024, 0.10, 0.86
_BLOCK = 150
"""In each block of days there is one crash and one rally."""

_TREND_DAYS = 1_096
_VENUE_SPREAD = 0.0004
_FINE = ((60 * SECOND, 0.35), (10 * SECOND, 0.12))
_TICK_SHARE = 0.05
_MINUTE = 60 * SECOND
_CRASH_HOURS = (0.45, 0.56)
"""The part of its day in which a crash or rally happens."""

Floats = NDArray[np.float64]
_FIRST = np.log([row.first for row in INSTRUMENTS])
_SLOPE = np.array([math.log(row.goal / row.first) / _TREND_DAYS for row in INSTRUMENTS])
_PULL = np.array([row.pull for row in INSTRUMENTS])
_SIGMA = np.array([row.sigma for row in INSTRUMENTS])
_BETA = np.array([row.beta for row in INSTRUMENTS])


@dataclass(frozen=True, slots=True)
class Period(Candle):
    """A candle of this market, which always knows what was traded."""

    volume: Decimal


@dataclass(frozen=True, slots=True)
class Lie:
    """A venue multiplies its candles of an asset from one day to another, both included, as days since 1970."""

    venue: str
    asset: str
    first: int
    last: int
    factor: Decimal

    def is_about(self, asset: str, venue: str, at: int) -> bool:
        """Tell whether a candle is told wrongly."""
        return (asset, venue) == (self.asset, self.venue) and self.first <= at // DAY <= self.last


@dataclass(frozen=True, slots=True)
class _Day:
    """Logarithms of all prices at the start of a day, and how the day moves them."""

    opening: Floats
    closing: Floats
    jump: Floats
    sigma: Floats
    variance: float


class Market:
    """Prices of all instruments at any moment since the start."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.lies: Sequence[Lie] = ()
        self._days: list[_Day] = []
        self._paths: dict[int, Floats] = {}
        self._salts: dict[str, int] = {}

    def price(self, asset: str, quote: str, at_ns: int, venue: str = "") -> Decimal:
        """Return the exact price at a moment, at the venue's tick; venues differ by a few basis points."""
        value = self._value(asset, quote, at_ns, venue)
        return _written(value, price_places(asset, quote, venue))

    def candles(  # noqa: PLR0913 - a pair, a period and a venue
        self, asset: str, quote: str, since: int, until: int, step: int, *, venue: str = ""
    ) -> list[Period]:
        """Return candles that start in [since, until), oldest first; the last one may still be open at `until`."""
        first = -(-max(START_NS, since) // step) * step
        found = [self._candle((asset, quote, venue), at, min(at + step, until)) for at in range(first, until, step)]
        return [self._as_told(candle, asset, venue) for candle in found] if self.lies else found

    def _as_told(self, candle: Period, asset: str, venue: str) -> Period:
        """Return a candle as the venue tells it, which may be a lie."""
        for lie in self.lies:
            if lie.is_about(asset, venue, candle.at):
                prices = (candle.open, candle.high, candle.low, candle.close)
                first, highest, lowest, last = (multiply(price, lie.factor).quantize(price) for price in prices)
                return Period(candle.at, first, highest, lowest, last, candle.volume)
        return candle

    def period(self, asset: str, quote: str, at: int, until: int, *, venue: str = "") -> Period:
        """Return one candle of any period, such as the last 24 hours."""
        return self._candle((asset, quote, venue), max(at, START_NS), until)

    def rate(self, asset: str, quote: str, at_ns: int) -> float:
        """Return the price as the model has it: for plans of the world, never for books."""
        return 1.0 if asset == quote else self._value(asset, quote, at_ns, "")

    def _value(self, asset: str, quote: str, at_ns: int, venue: str) -> float:
        value = self._log(asset, at_ns)
        if quote != USD:
            value -= self._log(quote, at_ns)
        return math.exp(value + self._offset(venue, asset, at_ns))

    def _candle(self, pair: tuple[str, str, str], at: int, until: int) -> Period:
        asset, quote, venue = pair
        places = price_places(asset, quote, venue)
        ends = [self._value(asset, quote, moment, venue) for moment in (at, until)]
        between = self._between(asset, quote, at, until)
        if between.size:
            shift = math.exp(self._offset(venue, asset, at))
            ends += [math.exp(between.min()) * shift, math.exp(between.max()) * shift]
        opening, closing, low, high = ends[0], ends[1], min(ends), max(ends)
        turnover = INSTRUMENTS[NUMBER[asset]].turnover if asset != USD else 0.0
        noise = 1.0 + 0.4 * self._hashed(NUMBER[asset], at // _MINUTE)
        volume = turnover * noise * (1 + 12 * (high / low - 1)) * ((until - at) / DAY) / math.exp(self._log(asset, at))
        first, highest, lowest, last = (_written(value, places) for value in (opening, high, low, closing))
        return Period(at, first, highest, lowest, last, _written(volume, 8))

    def _between(self, asset: str, quote: str, at: int, until: int) -> Floats:
        """Return the points of the grid inside a period."""
        found: list[Floats] = []
        for day in range(at // DAY, (until - 1) // DAY + 1):
            path = self._path(day)
            row = path[NUMBER[asset]] if quote == USD else path[NUMBER[asset]] - path[NUMBER[quote]]
            start, end = max(at - day * DAY, 0), min(until - day * DAY, DAY)
            found.append(row[-(-start // CELL_NS) : end // CELL_NS + 1])
        return np.concatenate(found)

    def _log(self, asset: str, at_ns: int) -> float:
        """Return the logarithm of a dollar price: the grid, and between its points noise that vanishes at them."""
        if asset == USD:
            return 0.0
        at_ns = max(at_ns, START_NS)
        number = NUMBER[asset]
        day, inside = divmod(at_ns, DAY)
        cell, rest = divmod(inside, CELL_NS)
        row = self._path(day)[number]
        share = rest / CELL_NS
        if not rest:
            return float(row[cell])
        noise = self._hashed(number * 8 + 7, at_ns // TICK_NS) * _TICK_SHARE
        for level, (period, weight) in enumerate(_FINE):
            step, part = divmod(at_ns, period)
            left, right = self._hashed(number * 8 + level, step), self._hashed(number * 8 + level, step + 1)
            noise += weight * (left + (right - left) * part / period)
        width = float(self._day(day).sigma[number]) / math.sqrt(CELLS) * math.sin(math.pi * share)
        return float(row[cell]) * (1 - share) + float(row[cell + 1]) * share + noise * width

    def _offset(self, venue: str, asset: str, at_ns: int) -> float:
        if not venue or asset == USD:
            return 0.0
        salt = self._salts.setdefault(venue, int.from_bytes(hashlib.sha256(venue.encode()).digest()[:4], "big"))
        salt += NUMBER[asset] << 33
        day, inside = divmod(at_ns, DAY)
        left, right = self._hashed(salt, day), self._hashed(salt, day + 1)
        width = _VENUE_SPREAD if not INSTRUMENTS[NUMBER[asset]].is_money else _VENUE_SPREAD / 8
        return width * (left + (right - left) * inside / DAY)

    def _hashed(self, salt: int, step: int) -> float:
        """Return a number between −1 and 1 that only its arguments and the seed decide."""
        mixed = (self.seed * 0x9E3779B97F4A7C15 + salt * 0xBF58476D1CE4E5B9 + step * 0x94D049BB133111EB) & _MASK
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return ((mixed ^ (mixed >> 31)) >> 11) / (1 << 52) - 1.0

    def _path(self, day: int) -> Floats:
        """Return the grid of a day: a bridge between its opening and its closing, with a jump where there is one."""
        known = self._paths.get(day)
        if known is not None:
            return known
        today = self._day(day)
        steps = np.random.default_rng([self.seed, day, 1]).standard_normal((len(INSTRUMENTS), CELLS))
        walk = np.zeros((len(INSTRUMENTS), CELLS + 1))
        np.cumsum(steps * (0.75 * today.sigma / math.sqrt(CELLS))[:, None], axis=1, out=walk[:, 1:])
        drift = today.closing - today.opening - today.jump - walk[:, -1]
        path = today.opening[:, None] + walk + drift[:, None] * _RAMP + today.jump[:, None] * _JUMP_RAMP
        self._paths[day] = path
        return path

    def _day(self, day: int) -> _Day:
        number = day - START_DAY
        while len(self._days) <= number:
            self._days.append(self._next())
        return self._days[number]

    def _next(self) -> _Day:
        number = len(self._days)
        before = self._days[-1] if self._days else None
        variance = _QUIET**2 if before is None else before.variance
        opening = _FIRST if before is None else before.closing
        draws = np.random.default_rng([self.seed, START_DAY + number]).standard_normal(len(INSTRUMENTS) + 1)
        common = math.sqrt(variance) * float(draws[-1])
        sigma = np.sqrt(_SIGMA**2 + _BETA**2 * variance)
        own = _SIGMA * draws[:-1]
        own[_BETA > 0] *= math.sqrt(variance) / _QUIET
        jump = _BETA * self._jump(number) + self._depeg(number)
        trend = _FIRST + _SLOPE * number
        closing = opening + _PULL * (trend - opening) + _SLOPE + own + _BETA * common + jump
        shock = common + self._jump(number) / 2
        calm = _QUIET**2 * (1 - _REACTION - _MEMORY)
        following = min(calm + _REACTION * shock**2 + _MEMORY * variance, (3 * _QUIET) ** 2)
        return _Day(opening, closing, jump, sigma, following)

    def _jump(self, number: int) -> float:
        """Return the common jump of a day: 0 on nearly all."""
        crash, fall, rally, rise = _jumps(self.seed, number // _BLOCK)
        inside = number % _BLOCK
        return (fall if inside == crash else 0.0) + (rise if inside == rally else 0.0)

    def _depeg(self, number: int) -> Floats:
        """Return what one stablecoin loses on a rare bad day; the pull brings it back within days."""
        lost = np.zeros(len(INSTRUMENTS))
        rng = np.random.default_rng([self.seed, number // 365, 3])
        if number % 365 == rng.integers(60, 360):
            lost[STABLECOINS[int(rng.integers(len(STABLECOINS)))]] = -rng.uniform(0.006, 0.03)
        return lost


@functools.lru_cache(maxsize=256)
def _jumps(seed: int, block: int) -> tuple[int, float, int, float]:
    rng = np.random.default_rng([seed, block, 2])
    crash, rally = rng.choice(np.arange(20, _BLOCK), size=2, replace=False)
    return int(crash), -float(rng.uniform(0.15, 0.32)), int(rally), float(rng.uniform(0.08, 0.19))


_RAMP = np.linspace(0.0, 1.0, CELLS + 1)
_JUMP_RAMP = np.clip((_RAMP - _CRASH_HOURS[0]) / (_CRASH_HOURS[1] - _CRASH_HOURS[0]), 0.0, 1.0)


def _written(value: float, places: int) -> Decimal:
    return Decimal(f"{value:.{places}f}")
