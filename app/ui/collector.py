"""Python's search for cycles, on the main thread only, and a little at a time.

Left to itself it runs in whatever thread happens to allocate, and would destroy there widgets that belong to the main
thread: Qt then crashes at some later moment. So it is switched off, and a timer of the main thread does it instead.

Python searches what is old ever anew, for longer the more there is: with the books in memory and prices coming in that
was 60 ms and more, for a few objects that were found. Here everything is searched twice, soon after it was made, and
then left out: values go as soon as nobody needs them, and cycles are made of what is young. What is left out is
searched when the vault is locked, and once an hour while nobody touches the window.
"""

from __future__ import annotations

import gc
from time import thread_time

from PySide6.QtCore import QObject, QTimer, Slot

_EVERY_MS = 250
_AGAIN = 8
"""Searches of what was made since the last one, after which the survivors of these are searched."""

_ENOUGH = 0.005
"""Seconds that such searches took together, after which it is time for that too: it takes about as long once more."""

_MOST = 12_000
"""New objects that may be searched between two frames: it takes ten milliseconds."""


class Collector(QObject):
    """Searches what is new, four times a second."""

    def __init__(self, parent: QObject) -> None:
        """Switch Python's own search off, for as long as the process lives.

        What is there by now is the program itself, which stays: to search it with the rest stands still for 30 ms.
        """
        super().__init__(parent)
        gc.disable()
        gc.freeze()
        self._beats, self._searched = 0, 0.0
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
        # Objects are never listed to count them: a tuple that another thread is just making would break by that.
        if gc.get_count()[0] > _MOST:
            gc.freeze()
        elif self._beats % _AGAIN and self._searched < _ENOUGH:
            # Python's count says nothing of how few they are: each old object that goes is taken off what is new.
            began = thread_time()
            gc.collect(0)
            self._searched += thread_time() - began
        else:
            gc.collect(1)
            gc.freeze()
            self._searched = 0.0


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
