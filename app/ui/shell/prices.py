"""Prices of an open vault: followed live, and read whole at the start, after each reading of a source, and on wish."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.services.events import ConnectionsChanged, JobChanged, RecordsAppended
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
        self._is_reading = self._is_wanted = self._is_due = False
        self._done: set[int] = set()
        self._filling = 0
        self._undo: list[Callable[[], None]] = []

    def start(self) -> None:
        """Follow live prices, listen for readings that end, and read once."""
        events = self._workspace.events
        self._undo = [
            events.subscribe(JobChanged, self._job_moved),
            events.subscribe(RecordsAppended, self._books_moved),
            events.subscribe(ConnectionsChanged, self._books_moved),
        ]
        self._workspace.market_data.start_live()
        self.ask()

    def stop(self) -> None:
        """Listen no more; the vault itself stops the live prices when it is locked."""
        for undo in self._undo:
            undo()
        self._undo = []

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
        # What is needed now comes first; years of days are a job that a person sees and may stop.
        filling = await self._workspace.back_fill.begin()
        if filling:
            self._filling = filling
        else:
            await self._fill_hours()

    async def _fill_hours(self) -> None:
        """Read hours once all days are there: risk needs days, hours are only looked at."""
        await self._workspace.back_fill.begin_hours()

    def _books_moved(self, _event: object) -> None:
        self._is_due = True

    def _job_moved(self, event: JobChanged) -> None:
        """A reading may have brought assets that had no price before; a job that only computes has not."""
        job = next((one for one in self._workspace.jobs.all() if one.job_id == event.job_id), None)
        if job is not None and job.state is JobState.DONE and job.job_id not in self._done:
            self._done.add(job.job_id)
            if job.job_id == self._filling:
                self._filling = 0
                self._run(self._fill_hours(), what=tr("Reading hours"))
            if self._is_due:
                self._is_due = False
                self.ask()
