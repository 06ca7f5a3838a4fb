"""Python's search for cycles, on the main thread only.

Left to itself it runs in whatever thread happens to allocate, and would destroy there widgets that belong to the main
thread: Qt then crashes at some later moment. So it is switched off, and a timer of the main thread does it instead.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_EVERY_MS = 1_000

_MOST = 20_000
"""Objects since the last search that may be searched between two frames."""


class Collector(QObject):
    """Collects a generation on the main thread when as much was allocated as would have made Python do it."""

    def __init__(self, parent: QObject) -> None:
        """Switch Python's own search off, for as long as the process lives.

        What is there by now is the program itself, which stays: to search it with the rest stands still for 30 ms.
        """
        super().__init__(parent)
        gc.disable()
        gc.freeze()
        self._timer = QTimer(self)
        self._timer.setInterval(_EVERY_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    @Slot()
    def collect(self) -> None:
        """Collect the oldest generation that is due, with all younger ones.

        So many objects at once are what a computation works on and answers with: values without cycles, which go as
        soon as nobody needs them. To search them would stand still for a tenth of a second and more, so they are left
        out, with all that is there at that moment, until `search_all`.
        """
        if gc.get_count()[0] > _MOST:
            gc.freeze()
            return
        due = [
            age
            for age, (count, limit) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True))
            if count > limit
        ]
        if due:
            gc.collect(max(due))


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
