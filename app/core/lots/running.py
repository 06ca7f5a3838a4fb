"""Sums that are known for every day."""

from __future__ import annotations

from bisect import bisect_right


class Running:
    """A sum that is known for every day."""

    __slots__ = ("_days", "_sums")

    def __init__(self) -> None:
        """Start at nothing."""
        self._days: list[int] = []
        self._sums: list[int] = []

    def add(self, day: int, quantity: int) -> None:
        """Add on a day that is not before the last one."""
        total = self.last() + quantity
        if self._days and self._days[-1] == day:
            self._sums[-1] = total
        else:
            self._days.append(day)
            self._sums.append(total)

    def last(self) -> int:
        """Return the sum of all days."""
        return self._sums[-1] if self._sums else 0

    def until(self, day: int) -> int:
        """Return the sum at the end of a day."""
        place = bisect_right(self._days, day)
        return self._sums[place - 1] if place else 0
