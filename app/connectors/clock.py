"""This computer's clock."""

from __future__ import annotations

import time


class SystemClock:
    """The present moment, as the operating system tells it."""

    @staticmethod
    def now_ns() -> int:
        """Return nanoseconds since 1970, UTC."""
        return time.time_ns()
