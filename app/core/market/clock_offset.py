"""How far a venue's clock is from this computer's, so that ages are never told by plain subtraction."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque

_KEPT = 512
_EVERY = 16
"""One frame of so many is a sample, once there are enough: the offset moves slowly."""


class ClockOffset:
    """The median of receive time minus event time over the last samples.

    It holds the usual way of a frame through the network too, so that a frame of usual speed has age zero.
    """

    def __init__(self) -> None:
        self._in_order: deque[int] = deque()
        self._sorted: list[int] = []
        self._seen = 0
        self.ns = 0

    @property
    def is_known(self) -> bool:
        """Tell whether any frame told its time."""
        return bool(self._sorted)

    def saw(self, event_ns: int, received_ns: int) -> None:
        """Take the times of one frame."""
        self._seen += 1
        if self._seen > _KEPT and self._seen % _EVERY:
            return
        sample = received_ns - event_ns
        self._in_order.append(sample)
        insort(self._sorted, sample)
        if len(self._sorted) > _KEPT:
            del self._sorted[bisect_left(self._sorted, self._in_order.popleft())]
        self.ns = self._sorted[len(self._sorted) // 2]

    def here(self, event_ns: int) -> int:
        """Return when something happened at the venue, by this computer's clock."""
        return event_ns + self.ns

    def age(self, event_ns: int, now_ns: int) -> int:
        """Return how old something is that the venue dated; never below zero."""
        return max(0, now_ns - self.here(event_ns))
