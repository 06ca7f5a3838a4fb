"""What the feed's benchmark notes while it runs, in room that does not grow: delays, shares of a core, memory."""

from __future__ import annotations

import os
import resource
import time
from collections import defaultdict
from pathlib import Path

import numpy as np

from app.core.feed_ports import FramePipe
from app.core.risk.arrays import Floats

_STEP_MS = 0.05
_MOST_MS = 20_000.0
_STATM = Path("/proc/self/statm")
_KILOBYTES, _BYTES = 1024, 1024**2
_EVERY_SECONDS = 1.0
_TENTH = 10


class Durations:
    """Milliseconds, counted in steps of a twentieth: ten minutes of them need the room of one."""

    def __init__(self) -> None:
        self._counts = np.zeros(round(_MOST_MS / _STEP_MS) + 1, np.int64)

    def note(self, milliseconds: Floats | float) -> None:
        """Count durations; what is longer than the last step is counted there."""
        steps = np.minimum(np.asarray(milliseconds) / _STEP_MS, self._counts.size - 1)
        np.add.at(self._counts, steps.astype(np.int64), 1)

    def __len__(self) -> int:
        return int(self._counts.sum())

    def percentile(self, share: float) -> float:
        """Return the upper end of the step below which so large a share lies; NaN where nothing was counted."""
        if not len(self):
            return float("nan")
        reached = np.cumsum(self._counts)
        return float(np.searchsorted(reached, share * reached[-1], side="left") + 1) * _STEP_MS


class Stages:
    """Seconds of the main thread by what it did."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)
        self._at = time.thread_time()

    def lap(self, name: str) -> None:
        """What was done since the last lap was this."""
        now = time.thread_time()
        self.spent[name] += now - self._at
        self._at = now


class TimedPipe:
    """A pipe that notes what the thread which reads it has cost so far."""

    def __init__(self, pipe: FramePipe) -> None:
        self._pipe = pipe
        self.spent = 0.0

    def receive(self) -> bytes:
        """Wait for the next lines; what the thread did so far is what it cost."""
        lines = self._pipe.receive()
        self.spent = time.thread_time()
        return lines

    def stop(self) -> None:
        """End the process."""
        self._pipe.stop()


class Memory:
    """What the process holds in memory, once a second."""

    def __init__(self) -> None:
        self.megabytes: list[float] = []
        self._due = 0.0

    def note(self, now: float) -> None:
        """Note it where a second is over."""
        if now >= self._due:
            self._due = now + _EVERY_SECONDS
            self.megabytes.append(resident())

    def grown(self) -> float:
        """Return by how much it grew in the last half; tenths are compared, since single seconds swing."""
        half = self.megabytes[len(self.megabytes) // 2 :]
        some = max(1, len(self.megabytes) // _TENTH)
        return max(0.0, float(np.median(half[-some:]) - np.median(half[:some])))

    def at(self, share: float) -> float:
        """Return what it was after so large a share of the time."""
        return self.megabytes[min(len(self.megabytes) - 1, int(share * len(self.megabytes)))]


def resident() -> float:
    """Return megabytes of memory that are held now; the most there ever were where the system does not tell."""
    if _STATM.exists():
        return int(_STATM.read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / _BYTES
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KILOBYTES
