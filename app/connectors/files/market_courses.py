"""The points of an asset as a file is read: of a day with many of them, only what can become its close is kept."""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise

from app.core.clock import DAY

Points = list[tuple[int, float]]

_NEWEST = 200
"""So many of the last points stay as they are: they tell how often prices come, and when the last day ends."""
_GROWN = 1_000


class Thinner:
    """Keeps lists short while they grow: a year of minutes would be a gigabyte, and its closes are 365 points."""

    def __init__(self) -> None:
        """Start with lists that are empty."""
        self._sizes: dict[int, int] = {}

    def thin(self, courses: Iterable[Points]) -> None:
        """Shorten, in their place, the lists that have grown since they were last looked at."""
        for points in courses:
            if len(points) > self._sizes.get(id(points), 0) + _GROWN:
                points[:] = thinned(points)
                self._sizes[id(points)] = len(points)


def thinned(points: Points) -> Points:
    """Return the points without good prices that a later one of their day follows; bad ones stay, to be told."""
    head, newest = points[:-_NEWEST], points[-_NEWEST:]
    if all(before // DAY != after // DAY for (before, _), (after, _) in pairwise(head)):
        return points
    last: dict[int, int] = {}
    for at, price in head:
        day = at // DAY
        if 0 < price < math.inf and last.get(day, at) <= at:
            last[day] = at
    return [point for point in head if not 0 < point[1] < math.inf or point[0] == last[point[0] // DAY]] + newest
