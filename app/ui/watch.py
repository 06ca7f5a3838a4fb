"""What a measurement sees of the window: when it is painted, and how long the main thread stands still."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from time import perf_counter, thread_time

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, QTimerEvent, Signal
from PySide6.QtWidgets import QWidget

_BEAT_MS = 1
_KEPT = 1_000


class Paintings(QObject):
    """Tells when a window is painted.

    Signals:
        painted: It was: when that began and when it was done, as `perf_counter` counts.
    """

    painted = Signal(float, float)

    def __init__(self, window: QWidget) -> None:
        """Watch a window."""
        super().__init__(window)
        self._window = window
        self._done: deque[tuple[float, float]] = deque(maxlen=_KEPT)
        self._waiting: list[tuple[float, asyncio.Future[float]]] = []
        window.installEventFilter(self)

    async def after(self, moment: float) -> float:
        """Return when the first painting that began after a moment was done, all as `perf_counter` counts."""
        for began, ended in self._done:
            if began >= moment:
                return ended
        painted: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting.append((moment, painted))
        return await painted

    async def whole(self) -> float:
        """Have the whole window painted as it is laid out now; returns when that was done.

        Qt paints after everything that was posted before, so pending changes of the layout are in the picture.
        """
        moment = perf_counter()
        self._window.update()
        return await self.after(moment)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the window paint where it is asked to, and note when it began and was done."""
        if event.type() != QEvent.Type.UpdateRequest:
            return super().eventFilter(watched, event)
        began = perf_counter()
        watched.event(event)
        self._painted(began, perf_counter())
        return True

    def _painted(self, began: float, ended: float) -> None:
        self._done.append((began, ended))
        self.painted.emit(began, ended)
        waiting, self._waiting = self._waiting, []
        for moment, painted in waiting:
            if began < moment:
                self._waiting.append((moment, painted))
            elif not painted.done():
                painted.set_result(ended)


def precise_timer(parent: QObject, work: Callable[[], None]) -> QTimer:
    """Return a timer that does work once each time it is started, at the millisecond, without the loop of asyncio."""
    made = QTimer(parent, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
    made.timeout.connect(work)
    return made


class Stalls(QObject):
    """Beats a thousand times a second on the main thread; the longest pause is how long a click would have waited.

    Attributes:
        longest: The longest pause in seconds.
        busiest: The most seconds of a processor that the main thread took between two beats: what is left of a pause
            without what the machine, or another thread of the program, did meanwhile.
    """

    def __init__(self) -> None:
        """Start to beat."""
        super().__init__()
        self.longest = self.busiest = 0.0
        self._last, self._spent = perf_counter(), thread_time()
        self._timer = self.startTimer(_BEAT_MS, Qt.TimerType.PreciseTimer)

    def timerEvent(self, event: QTimerEvent) -> None:
        """Beat once."""
        del event
        now, spent = perf_counter(), thread_time()
        self.longest = max(self.longest, now - self._last)
        self.busiest = max(self.busiest, spent - self._spent)
        self._last, self._spent = now, spent

    def ended(self) -> float:
        """Beat no more; returns the longest pause in seconds."""
        self.killTimer(self._timer)
        self.longest = max(self.longest, perf_counter() - self._last)
        self.busiest = max(self.busiest, thread_time() - self._spent)
        return self.longest
