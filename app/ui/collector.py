"""Python's search for cycles, on the main thread only, and a little at a time.

Left to itself it runs in whatever thread happens to allocate, and would destroy there widgets that belong to the main
thread: Qt then crashes at some later moment. So it is switched off, and a timer of the main thread does it instead.

Python searches what is old ever anew, for longer the more there is: with the books in memory and prices coming in that
was 60 ms and more, for a few objects that were found. Here everything is searched twice, soon after it was made, and
then left out: values go as soon as nobody needs them, and cycles are made of what is young.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_EVERY_MS = 250
_AGAIN = 8
"""Searches of what was made since the last one, after which the survivors of these are searched."""

_FEW = 700
_MOST = 12_000
"""Objects that may be searched between two frames: it takes ten milliseconds."""

_MINUTE = 60_000 // _EVERY_MS
_GROWN = 500_000
"""Objects that may be left out since everything was searched: what few cycles are among them do not grow for ever."""


class Collector(QObject):
    """Searches what is new, four times a second."""

    def __init__(self, parent: QObject) -> None:
        """Switch Python's own search off, for as long as the process lives.

        What is there by now is the program itself, which stays: to search it with the rest stands still for 30 ms.
        """
        super().__init__(parent)
        gc.disable()
        gc.freeze()
        self._beats = 0
        self._settled = gc.get_freeze_count()
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    @Slot()
    def collect(self) -> None:
        """Search what was made since the last time, and now and then once more what was left of it.

        Too many objects at once are what a computation works on and answers with: values without cycles. To search
        them would stand still for a tenth of a second and more, so they are left out, with all that is there at that
        moment, until `search_all`.
        """
        self._beats += 1
        # Python's own count does not tell: each old object that goes is taken off what is new.
        new = len(gc.get_objects(generation=0))
        if new > _MOST:
            gc.freeze()
        elif new > _FEW:
            gc.collect(0)
        if self._beats % _AGAIN == 0:
            if len(gc.get_objects(generation=1)) <= _MOST:
                gc.collect(1)
            gc.freeze()
        if self._beats % _MINUTE == 0 and gc.get_freeze_count() > self._settled + _GROWN:
            search_all()
            self._settled = gc.get_freeze_count()


def search_all() -> None:
    """Search everything once, what was left out too; for a moment at which nobody waits.

    What is left then is the program itself again.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def watch_over(application: QObject) -> None:
    """Begin, once for an application."""
    if application.findChild(Collector) is None:
        Collector(application)
