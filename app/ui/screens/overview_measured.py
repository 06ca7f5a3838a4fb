"""What the tabs of the Overview that measure a period share: when they ask, and which answer is still of use."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable

from PySide6.QtCore import QTimer

from app.services.events import PricesRead, RecordsAppended
from app.ui.screens.base import Shell
from app.ui.screens.overview_tabs import OverviewPlace
from app.ui.widgets.abstract import AbstractWidget
from app.ui.widgets.tables_states import Stage

SOON = 250
"""Milliseconds in which changes of the books are gathered."""


class MeasuredPlace(OverviewPlace, metaclass=AbstractWidget):
    """A tab that asks when it is shown, and again soon after records or closes came.

    Whoever derives from it asks in `_load`, counts each question, and drops the answer to one that is not the last.
    """

    stage: Stage

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is read yet."""
        super().__init__(shell)
        self._question = 0
        self._quit: list[Callable[[], None]] = []
        self._later = QTimer(self, singleShot=True, interval=SOON)
        self._later.timeout.connect(self._load)

    @property
    @abstractmethod
    def is_measured(self) -> bool:
        """Tell whether there is an answer, which stays until the next one."""

    @abstractmethod
    def _load(self) -> None:
        """Ask."""

    def activate(self, detail: str = "") -> None:  # noqa: ARG002 - there are no details
        """Listen and load."""
        if not self._quit:
            events = self.shell.workspace.events
            self._quit = [events.subscribe(kind, self._moved) for kind in (RecordsAppended, PricesRead)]
        if not self.is_measured:
            self.stage.show_loading()
        self._load()

    def deactivate(self) -> None:
        """Listen no more; an answer that comes later is of no use to the screen that is shown then."""
        self._question += 1
        for stop in self._quit:
            stop()
        self._quit = []
        self._later.stop()

    def _moved(self, _event: object) -> None:
        if not self._later.isActive():
            self._later.start()
