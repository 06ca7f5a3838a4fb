"""Prices of an open vault: followed live, and read whole at the start, after each reading of a source, and on wish."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.services.events import JobChanged
from app.services.jobs import JobState
from app.ui.aio import Runner
from app.ui.words import tr

if TYPE_CHECKING:
    from app.services.workspace import Workspace


class Prices(QObject):
    """Reads marks and closes; one reading at a time.

    Signals:
        came: Marks and closes are as complete as they can be now.
    """

    came = Signal()

    def __init__(self, workspace: Workspace, run: Runner, parent: QObject) -> None:
        """Take the workspace and who runs tasks."""
        super().__init__(parent)
        self._workspace, self._run = workspace, run
        self._is_reading = self._is_wanted = False
        self._done: set[int] = set()
        self._undo: Callable[[], None] | None = None

    def start(self) -> None:
        """Follow live prices, listen for readings that end, and read once."""
        self._undo = self._workspace.events.subscribe(JobChanged, self._job_moved)
        self._workspace.market_data.start_live()
        self.ask()

    def stop(self) -> None:
        """Listen no more; the vault itself stops the live prices when it is locked."""
        if self._undo is not None:
            self._undo()
            self._undo = None

    def ask(self) -> None:
        """Read, or read once more after the reading that runs."""
        if self._is_reading:
            self._is_wanted = True
            return
        self._is_reading = True
        self._run(self._read(), what=tr("Reading marks"))

    async def _read(self) -> None:
        try:
            await self._workspace.market_data.refresh()
        finally:
            self._is_reading = False
        if self._is_wanted:
            self._is_wanted = False
            self.ask()
        self.came.emit()

    def _job_moved(self, event: JobChanged) -> None:
        """A reading may have brought assets that had no price before."""
        job = next((one for one in self._workspace.jobs.all() if one.job_id == event.job_id), None)
        if job is not None and job.state is JobState.DONE and job.job_id not in self._done:
            self._done.add(job.job_id)
            self.ask()
