"""The places where books are proved: one item of the rail, whose tabs lead from one of them to the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtCore import QTimer

from app.ui.screens.base import Shell
from app.ui.screens.sibling import SiblingScreen

TABS = (
    ("reconciliation", "Reconciliation"),
    ("transfers", "Transfers"),
    ("prices", "Prices"),
    ("findings", "Findings"),
    ("audit", "Audit log"),
)

_SOON = 250
"""Milliseconds in which changes of the books are gathered."""


class BooksScreen(SiblingScreen):
    """One of these places.

    Attributes:
        until: Only what happened before this moment is shown, as where a year is closed; None shows everything.
    """

    siblings = TABS
    heading: ClassVar[str] = "Books"
    rail: ClassVar[str] = TABS[0][0]

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is read yet."""
        super().__init__(shell)
        self.until: int | None = None
        self._quit: list[Callable[[], None]] = []
        self._later = QTimer(self, singleShot=True, interval=_SOON)

    def listen(self, *kinds: type) -> None:
        """Start the timer upon events of these kinds, until the screen is hidden."""
        if not self._quit:
            events = self.shell.workspace.events
            self._quit = [events.subscribe(kind, self._moved) for kind in kinds]

    def _moved(self, _event: object) -> None:
        if not self._later.isActive():
            self._later.start()

    def deactivate(self) -> None:
        """Listen no more."""
        for stop in self._quit:
            stop()
        self._quit = []
        self._later.stop()

    def scope_changed(self) -> None:
        """The books are proved as a whole, whatever the scope is."""
