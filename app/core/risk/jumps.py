"""Steps of prices that are no returns: splits and new units, and a source that stands apart for a day.

Coins do jump. A step is only taken for an error where it is far from what the asset usually does, the rest of the
market does not share it, and it either has a round ratio and stays, or is taken back to the percent.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from app.core.risk.arrays import Flags, Floats, known

_RATIOS = np.array([2, 3, 4, 5, 8, 10, 20, 25, 50, 100, 1_000, 10_000, 100_000, 1_000_000], np.float64)
_NEAR = 0.01
_CALM = 0.10
"""A market whose median asset moves more is one in which a halving may be real."""
_PLAIN = 4.5
"""A market of one asset: a halving is more likely to be real than a split."""
_AROUND = 10
"""Steps before and after, whose median size is the asset's usual one."""
_UNLIKE = 12
"""Times the usual one: real doublings of coins reach ten."""
_STAYS = 0.25
_LOOK_AHEAD = 3
_APART = math.log(1.15)
_BACK = 0.03
_UNLIKE_BACK = 7
"""Times the usual one: what fifty coins gave back within a day while the market was calm, in all years, reaches six."""
_UNLIKE_BACK_ALONE = 20
"""Where there is no market beside it: in November 2022 many gave back fifteen times the usual."""

Excursion = tuple[int, int, int]
"""Column, step away, and step back."""


def splits(closes: Floats, growth: Floats) -> Flags:
    """Return the steps whose ratio is a round number, that stay, and that the rest of the market does not share."""
    times = np.maximum(growth, 1 / growth)
    found = np.zeros(growth.shape, np.bool_)
    for row, column in np.argwhere(times > _RATIOS[0] * (1 - _NEAR)):
        ratio = float(times[row, column])
        is_round = bool(np.any(np.abs(ratio / _RATIOS - 1) < _NEAR))
        found[row, column] = (
            is_round
            and _times_usual(growth[:, column], int(row)) > _UNLIKE
            and _is_alone(growth[row], int(column), none=ratio > _PLAIN)
            and _stays(closes[row + 1 :, column])
        )
    return found


def excursions(growth: Floats, longest: int) -> Iterator[Excursion]:
    """Yield where a price leaves by 15 % or more and is back within `longest` bars, as if it had never left."""
    steps = np.log(growth)
    unlike = _UNLIKE_BACK if growth.shape[1] > 1 else _UNLIKE_BACK_ALONE
    for column in range(steps.shape[1]):
        away = np.flatnonzero(np.abs(steps[:, column]) > _APART).tolist()
        last = -1
        for first, back in _returned(steps[:, column], away, longest):
            if first > last and all(
                _times_usual(growth[:, column], row) > unlike and _is_alone(growth[row], column, none=True)
                for row in (first, back)
            ):
                last = back
                yield column, first, back


def _returned(steps: Floats, away: list[int], longest: int) -> Iterator[tuple[int, int]]:
    for first in away:
        for back in away:
            if 0 < back - first <= longest and abs(float(np.nansum(steps[[first, back]]))) < _BACK:
                yield first, back
                break


def _is_alone(growth: Floats, column: int, *, none: bool) -> bool:
    """Return whether the median of the other assets hardly moves; `none` where there are no others."""
    others = known(np.delete(growth, column))
    return float(np.median(np.abs(np.log(others)))) < _CALM if others.size else none


def _times_usual(growth: Floats, row: int) -> float:
    """Return how many times as large as usual a step is: coins that double do so in wild weeks."""
    around = np.r_[max(0, row - _AROUND) : row, row + 1 : min(growth.size, row + 1 + _AROUND)]
    usual = known(np.abs(np.log(growth[around])))
    size = float(np.median(usual)) if usual.size else 0.0
    return abs(math.log(float(growth[row]))) / size if size > 0 else math.inf


def _stays(closes: Floats) -> bool:
    after = known(closes[1 : 1 + _LOOK_AHEAD])
    return after.size > 0 and abs(float(np.median(after)) / float(closes[0]) - 1) < _STAYS
