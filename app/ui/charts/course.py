"""What a chart draws: exact values over time. Floats appear only as geometry, never as a shown figure."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.core.clock import DAY

COMPARISON = 7
"""Index of the series colour of a second line."""

_MISSED = 1.5


@dataclass(frozen=True, slots=True)
class Marker:
    """Something that happened at a moment: a flow, a fill, an exception.

    Attributes:
        is_up: Points up, else down; the sign carries the meaning, the colour repeats it.
        role: Colour role.
    """

    at: int
    is_up: bool
    role: str
    words: str = ""
    entry_id: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """Values at moments, oldest first; None is a gap."""

    moments: tuple[int, ...]
    values: tuple[Decimal | None, ...]
    beside: tuple[Decimal | None, ...] = ()
    """A second line to compare with, at the same moments; empty where there is none."""

    @classmethod
    def of(cls, points: Sequence[tuple[int, Decimal | None]]) -> Course:
        """Take daily points; a day that is not there becomes a gap, never a straight line."""
        moments: list[int] = []
        values: list[Decimal | None] = []
        for at, value in points:
            if moments and at - moments[-1] > _MISSED * DAY:
                moments.append(moments[-1] + DAY)
                values.append(None)
            moments.append(at)
            values.append(value)
        return cls(tuple(moments), tuple(values))

    def __len__(self) -> int:
        """Return the number of moments."""
        return len(self.moments)

    @property
    def is_known(self) -> bool:
        """Tell whether there is anything to draw."""
        return any(value is not None for value in self.values)

    def x(self, at: int) -> float:
        """Return the place of a moment on the time axis, in days since the first."""
        return (at - self.moments[0]) / DAY if self.moments else 0.0

    def day(self, index: int) -> int:
        """Return a moment inside the day that a value closes: the end of a day is already the next one's start."""
        return self.moments[index] - 1

    def xs(self) -> list[float]:
        """Return the places of all moments."""
        return [self.x(at) for at in self.moments]

    def span(self) -> tuple[Decimal, Decimal]:
        """Return the smallest and largest value over both lines; zero and one where nothing is known."""
        known = [value for value in (*self.values, *self.beside) if value is not None]
        return (min(known), max(known)) if known else (Decimal(0), Decimal(1))

    def runs(self) -> list[list[int]]:
        """Return the indexes of known values, in unbroken runs."""
        runs: list[list[int]] = []
        for index, value in enumerate(self.values):
            if value is None:
                continue
            if runs and runs[-1][-1] == index - 1:
                runs[-1].append(index)
            else:
                runs.append([index])
        return runs

    def nearest(self, x: float) -> int | None:
        """Return the index of the known value that lies nearest to a place; None where nothing is known."""
        if not self.is_known:
            return None

        def distance(index: int) -> float:
            return abs(self.x(self.moments[index]) - x)

        right = bisect_left(self.moments, x, key=self.x)
        order = sorted(range(max(0, right - 2), min(len(self.moments), right + 2)), key=distance)
        close = next((index for index in order if self.values[index] is not None), None)
        if close is not None:
            return close
        known = [index for index, value in enumerate(self.values) if value is not None]
        return min(known, key=distance)

    def step(self, index: int, by: int) -> int:
        """Return the index of the known value `by` places further, or the last one on the way."""
        known = [place for place, value in enumerate(self.values) if value is not None]
        place = min(range(len(known)), key=lambda one: abs(known[one] - index))
        return known[max(0, min(len(known) - 1, place + by))]

    def change(self, index: int) -> Decimal | None:
        """Return the change of the second line from its first known value to a moment."""
        start = next((value for value in self.beside if value is not None), None)
        value = self.beside[index] if self.beside else None
        return None if start is None or value is None or not start else value / start - 1


def words_by_day(markers: Sequence[Marker]) -> dict[int, str]:
    """Return what happened on each day, in one line a day."""
    words: dict[int, list[str]] = {}
    for marker in markers:
        words.setdefault(marker.at // DAY, []).append(marker.words)
    return {day: ", ".join(said) for day, said in words.items()}


def thinned(places: Sequence[tuple[float, float]], room: float) -> list[tuple[float, float]]:
    """Return what can be told apart of places on a time axis: the highest one of each column that is `room` wide."""
    columns: dict[int, tuple[float, float]] = {}
    for x, y in places:
        column = int(x / room)
        if column not in columns or y > columns[column][1]:
            columns[column] = x, y
    return list(columns.values())


def floats(values: Sequence[Decimal | None]) -> list[float]:
    """Return values as geometry; a gap is not a number."""
    return [math.nan if value is None else float(value) for value in values]
