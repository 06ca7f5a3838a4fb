"""How wide bid and ask stood apart lately, by instrument: mean and deviation over a window that moves on.

Sums are kept by the minute, so that an hour costs the same however fast quotes come, and so that they are few enough
to be kept for the next start.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.core.clock import DAY, SECOND
from app.core.model.market import SpreadMinute

MINUTE = 60 * SECOND
WINDOW = 60
"""Minutes that are looked back on."""
LEAST = 5
"""Observations without which nothing can be said of how much a spread varies."""
ENOUGH = 60
"""Observations of the last hour that speak for themselves; of fewer, what was seen before counts beside them."""
OLDEST = 7 * DAY
"""What is older says nothing of a market any more."""

Key = tuple[str, str, str]
"""Venue, what is quoted there (an asset, or a contract by `perpetual`), quote."""


def perpetual(symbol: str) -> str:
    """Return as what a perpetual is kept: how wide it is quoted says nothing of the coin that it is about."""
    return f"perpetual {symbol}"


@dataclass(frozen=True, slots=True)
class SpreadSeen:
    """Relative spreads, (ask − bid) ÷ middle, of one instrument.

    Attributes:
        deviation: Sample deviation; None with fewer than `LEAST` observations.
        since: When the first that counts was seen.
        until: When the last was.
    """

    venue: str
    mean: float
    deviation: float | None
    count: int
    since: int
    until: int


@dataclass(slots=True)
class _Minute:
    """Sums of one minute; `kept` observations of it are written down already."""

    start: int
    first: int
    last: int
    count: int = 0
    total: float = 0.0
    squares: float = 0.0
    kept: int = 0


class Spreads:
    """Takes quotes as they come; of each second one counts, so that busy seconds weigh no more than quiet ones."""

    def __init__(self) -> None:
        """Start without any."""
        self._seen: dict[Key, deque[_Minute]] = {}

    def saw(self, key: Key, at: int, bid: Decimal, ask: Decimal) -> None:
        """Take a quote; one that is none, or that is of a second which has one already, is let go."""
        low, high = float(bid), float(ask)
        if not 0 < low < high < math.inf:
            return
        minutes = self._minutes(key)
        last = minutes[-1] if minutes else None
        if last is not None and at // SECOND <= last.last // SECOND:
            return
        if last is None or at // MINUTE != last.start // MINUTE:
            last = _Minute(at // MINUTE * MINUTE, at, at)
            minutes.append(last)
        width = 2 * (high - low) / (high + low)
        last.last = at
        last.count += 1
        last.total += width
        last.squares += width * width

    def _minutes(self, key: Key) -> deque[_Minute]:
        return self._seen.setdefault(key, deque(maxlen=WINDOW + 1))

    def of(self, asset: str, now_ns: int) -> tuple[SpreadSeen, ...]:
        """Return what was seen of an asset, or of a `perpetual`, by venue and quote.

        The last hour, where there is enough of it; else so many minutes in which it was quoted, a week back at most:
        who has just begun to look knows what was seen before.
        """
        found = (_summed(key[0], minutes, now_ns) for key, minutes in sorted(self._seen.items()) if key[1] == asset)
        return tuple(one for one in found if one is not None)

    # over a restart ------------------------------------------------------------------------------------------------
    def load(self, minutes: Iterable[SpreadMinute]) -> None:
        """Take what was kept, oldest first; where something is seen already it is let go."""
        told: dict[Key, deque[_Minute]] = {}
        for one in minutes:
            made = _Minute(one.start, one.first, one.last, one.count, one.total, one.squares, one.count)
            told.setdefault((one.venue, one.base, one.quote), deque(maxlen=WINDOW + 1)).append(made)
        self._seen = told | self._seen

    def unkept(self, leave_out: frozenset[str] = frozenset()) -> Sequence[SpreadMinute]:
        """Return the minutes that grew since they were kept, without those of some assets."""
        return [
            SpreadMinute(*key, one.start, one.first, one.last, one.count, one.total, one.squares)
            for key, minutes in self._seen.items()
            if key[1] not in leave_out
            for one in minutes
            if one.count > one.kept
        ]

    def note_kept(self, minutes: Iterable[SpreadMinute]) -> None:
        """Take that minutes are written down as they were told."""
        for told in minutes:
            for one in self._minutes((told.venue, told.base, told.quote)):
                if one.start == told.start:
                    one.kept = told.count


def _summed(venue: str, minutes: deque[_Minute], now_ns: int) -> SpreadSeen | None:
    counted = _since(minutes, now_ns - WINDOW * MINUTE)
    if sum(one.count for one in counted) < ENOUGH:
        counted = _since(minutes, now_ns - OLDEST)
    count = sum(one.count for one in counted)
    if not count:
        return None
    mean = sum(one.total for one in counted) / count
    deviation = None
    if count >= LEAST:
        # What rounding leaves below zero is nothing.
        squares = max(0.0, sum(one.squares for one in counted) - count * mean * mean)
        deviation = math.sqrt(squares / (count - 1))
    return SpreadSeen(venue, mean, deviation, count, counted[0].first, counted[-1].last)


def _since(minutes: deque[_Minute], since: int) -> list[_Minute]:
    return [one for one in minutes if one.start > since - MINUTE and one.last > since]
