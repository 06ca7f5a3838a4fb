"""Steps of prices that are no returns: splits and new units, and a source that stands apart for a day.

Coins do jump. A step is only taken for an error where it is far from what the asset usually does, the rest of the
market does not share it, and it either has a round ratio and stays, or is taken back. What falls short of that is a
return like any other, and the largest of those are told.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from app.core.risk.arrays import Flags, Floats, known

_RATIOS = np.array([2, 3, 4, 5, 8, 10, 20, 25, 50, 100, 1_000, 10_000, 100_000, 1_000_000], np.float64)
_NEAR = 0.01
_LARGE = 7.0
"""No return of a hundred and fifty coins in eight years had a ratio above five: a larger one is a unit's."""
_NEAR_LARGE = 0.15
_TIMES_NEAR = 4.0
"""The day of a split has a return of its own: a large ratio may be off by so many times the usual step."""
_IMPOSSIBLE = math.log(1e6)
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
_APART = math.log(1.18)
_BACK, _BACK_WIDEST = 0.03, 0.10
_TIMES_BACK = 2.5
"""Two days pass until it is back, in which the true price moves on: by so many times the usual step at most."""
_UNLIKE_BACK = 7
"""Times the usual one: what fifty coins gave back within a day while the market was calm, in all years, reaches six."""
_UNLIKE_BACK_ALONE = 20
"""Where there is no market beside it: in November 2022 many gave back fifteen times the usual."""
_TOLD_BACK = 0.65
"""Share of these from which on such a day is told, though it is taken as real."""
_TOLD = math.log(4)

Excursion = tuple[int, int, int]
"""Column, step away, and step back."""


def steps(closes: Floats) -> Floats:
    """Return the logarithmic steps from bar to bar, which no size of price makes overflow."""
    return np.diff(np.log(closes), axis=0)


def splits(closes: Floats, moved: Floats) -> Flags:
    """Return the steps whose ratio is a round number, that stay, and that the rest of the market does not share."""
    found = np.zeros(moved.shape, np.bool_)
    for row, column in np.argwhere(np.abs(moved) > math.log(_RATIOS[0] * (1 - _NEAR))).tolist():
        size = abs(float(moved[row, column]))
        usual = _usual(moved[:, column], row)
        found[row, column] = (
            size > _UNLIKE * usual
            and _is_round(size, usual)
            and _is_alone(moved[row], column, none=size > math.log(_PLAIN))
            and _stays(closes[row + 1 :, column])
        )
    return found


def impossible(moved: Floats) -> Flags:
    """Return the steps by more than a million times: no price makes them, whatever the market does."""
    return np.abs(moved) > _IMPOSSIBLE


def excursions(moved: Floats, longest: int) -> Iterator[tuple[Excursion, bool]]:
    """Yield where a price leaves by 18 % or more and is back within `longest` bars, and whether that is an error."""
    unlike = _UNLIKE_BACK if moved.shape[1] > 1 else _UNLIKE_BACK_ALONE
    for column in range(moved.shape[1]):
        own = moved[:, column]
        away = np.flatnonzero(np.abs(own) > _APART).tolist()
        last = -1
        for first, back in _returned(own, away, longest):
            times = min(abs(float(own[row])) / max(_usual(own, row), 1e-12) for row in (first, back))
            if first <= last or times <= unlike * _TOLD_BACK:
                continue
            if all(_is_alone(moved[row], column, none=True) for row in (first, back)):
                last = back
                yield (column, first, back), times > unlike


def open_ends(moved: Floats, longest: int) -> Iterator[tuple[int, int]]:
    """Yield the newest steps that would be an error if they were taken back, which cannot have come about yet."""
    unlike = _UNLIKE_BACK if moved.shape[1] > 1 else _UNLIKE_BACK_ALONE
    for row, column in np.argwhere(np.abs(moved[-longest:]) > _APART).tolist():
        at = row + max(0, moved.shape[0] - longest)
        own = moved[:, column]
        is_open = not known(own[at + 1 :]).size or abs(float(np.nansum(own[at + 1 :]) + own[at])) > _APART
        if is_open and abs(float(own[at])) > unlike * _usual(own, at) and _is_alone(moved[at], column, none=True):
            yield at, column


def large(moved: Floats) -> Flags:
    """Return the steps by four times or more: each is told, for it rules every figure that it takes part in."""
    return np.abs(moved) > _TOLD


def _returned(own: Floats, away: list[int], longest: int) -> Iterator[tuple[int, int]]:
    for place, first in enumerate(away):
        for back in away[place + 1 :]:
            if back - first > longest:
                break
            reach = min(max(_BACK, _TIMES_BACK * _usual(own, first)), _BACK_WIDEST)
            if abs(float(own[first] + own[back])) < reach:
                yield first, back
                break


def _is_round(size: float, usual: float) -> bool:
    off = float(np.min(np.abs(size - np.log(_RATIOS))))
    reach = max(_NEAR, min(_TIMES_NEAR * usual, _NEAR_LARGE)) if size > math.log(_LARGE) else _NEAR
    return off < reach


def _is_alone(row: Floats, column: int, *, none: bool) -> bool:
    """Return whether the median of the other assets hardly moves; `none` where there are no others."""
    others = known(np.delete(row, column))
    return float(np.median(np.abs(others))) < _CALM if others.size else none


def _usual(own: Floats, row: int) -> float:
    """Return the usual size of the steps around one: coins that double do so in wild weeks."""
    around = known(np.abs(np.concatenate((own[max(0, row - _AROUND) : row], own[row + 1 : row + 1 + _AROUND]))))
    return float(np.median(around)) if around.size else 0.0


def _stays(closes: Floats) -> bool:
    after = known(closes[1 : 1 + _LOOK_AHEAD])
    return after.size > 0 and abs(float(np.median(after)) / float(closes[0]) - 1) < _STAYS
