"""What a benchmark says: a figure, its reference from the same run, its goal."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

AT_MOST, AT_LEAST = "≤", "≥"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure.

    Attributes:
        goal: "≤ 3 s" or "≥ 10,000 1/s" as (sign, number); None where the figure only informs.
        of_ratio: The goal is about the ratio to the reference, not about the value.
    """

    name: str
    value: float
    unit: str
    goal: tuple[str, float] | None = None
    reference: str = ""
    reference_value: float | None = None
    of_ratio: bool = False

    @property
    def ratio(self) -> float | None:
        """Return value ÷ reference."""
        return self.value / self.reference_value if self.reference_value else None

    @property
    def met(self) -> bool | None:
        """Tell whether the goal is met; None where there is none."""
        measured = self.ratio if self.of_ratio else self.value
        if self.goal is None or measured is None:
            return None
        sign, limit = self.goal
        return measured <= limit if sign == AT_MOST else measured >= limit

    @property
    def goal_words(self) -> str | None:
        """Return the goal in words."""
        if self.goal is None:
            return None
        sign, limit = self.goal
        return f"{sign} {limit:,g} {f'× {self.reference}' if self.of_ratio else self.unit}".strip()

    def as_json(self) -> dict[str, Any]:
        """Return the shape that `--json` prints."""
        return {
            "name": self.name,
            "value": self.value,
            "unit": self.unit,
            "reference": self.reference or None,
            "reference_value": self.reference_value,
            "ratio": self.ratio,
            "goal": self.goal_words,
            "met": self.met,
        }


class Stopwatch:
    """Seconds between two moments."""

    seconds: float = 0.0


@contextmanager
def timed() -> Iterator[Stopwatch]:
    """Measure what happens inside."""
    watch = Stopwatch()
    started = time.perf_counter()
    yield watch
    watch.seconds = time.perf_counter() - started


def best_of(times: int, work: Callable[[], object]) -> float:
    """Return the shortest of several runs in seconds: what the work costs where nothing else was in its way."""
    runs = []
    for _ in range(times):
        with timed() as watch:
            work()
        runs.append(watch.seconds)
    return min(runs)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value below which so large a share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
