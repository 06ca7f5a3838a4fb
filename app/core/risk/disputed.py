"""Several prices of one asset for one moment: which of them counts, and where nothing tells.

The same rule as for venues that disagree on a day's close: the one is believed that the days around speak for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from app.core.clock import DAY
from app.core.risk.arrays import Floats, Moments

_TOGETHER = math.log(1.02)
"""Prices so close are rounded, or of two venues: the later written counts."""
_NEARER = 2
"""The one is believed that is so many times nearer to the days around than the next one."""
_WEEK = 7 * DAY


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """One price a moment.

    Attributes:
        doubled: Moments of which there were several that agree.
        believed: Moments of which one was chosen among several that do not.
        unsettled: Moments that have no price now.
    """

    at: Moments
    price: Floats
    doubled: Moments
    believed: Moments
    unsettled: Moments


def settled(at: Moments, price: Floats) -> Settled:
    """Return one price for each moment, of positive prices in the order of time."""
    starts = np.flatnonzero(np.concatenate(([True], np.diff(at) > 0))) if at.size else np.empty(0, np.intp)
    counts = np.diff(np.append(starts, at.size))
    if (counts == 1).all():
        return Settled(at, price, at[:0], at[:0], at[:0])
    moments, logs = at[starts], np.log(price)
    last = logs[starts + counts - 1]
    is_apart = np.maximum.reduceat(logs, starts) - np.minimum.reduceat(logs, starts) > _TOGETHER
    sure = np.flatnonzero(~is_apart)
    chosen = price[starts + counts - 1].copy()
    has_none = np.zeros(moments.size, np.bool_)
    for group in np.flatnonzero(is_apart).tolist():
        around = _around(moments, last, sure, group)
        begin, end = int(starts[group]), int(starts[group] + counts[group])
        place = _nearest(logs[begin:end], around)
        has_none[group] = place is None
        if place is not None:
            chosen[group] = price[begin + place]
    doubled = (counts > 1) & ~is_apart
    kept = ~has_none
    return Settled(moments[kept], chosen[kept], moments[doubled], moments[is_apart & kept], moments[has_none])


def _around(moments: Moments, logs: Floats, sure: np.ndarray[tuple[int], np.dtype[np.intp]], group: int) -> list[float]:
    """Return the nearest undisputed prices before and after, none farther than a week."""
    after = int(np.searchsorted(sure, group))
    near = [int(sure[place]) for place in (after - 1, after) if 0 <= place < sure.size]
    return [float(logs[one]) for one in near if abs(int(moments[one]) - int(moments[group])) <= _WEEK]


def _nearest(logs: Floats, around: list[float]) -> int | None:
    """Return which one is much nearer to the prices around than any that is not the same; None where none is."""
    if not around:
        return None
    far = np.array([sum(abs(float(one) - near) for near in around) for one in logs])
    best = int(far.argmin())
    others = far[np.abs(logs - logs[best]) > _TOGETHER]
    return best if _NEARER * float(far[best]) < float(others.min()) else None
