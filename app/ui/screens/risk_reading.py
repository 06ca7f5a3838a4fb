"""Asks the desk of risk away from the main thread: when something moved, at most every few seconds, one at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.core.errors import CounterfoilError, InputError
from app.core.model.views import Scope
from app.core.ports import Progress
from app.services.events import AlertsChanged, JobChanged, MarksChanged, PricesRead, RecordsAppended
from app.services.jobs import Job
from app.ui import format as fmt
from app.ui.screens.base import Shell
from app.ui.screens.risk_found import HORIZONS, Asked, Found, Scored
from app.ui.words import tr

if TYPE_CHECKING:
    from app.services.risk import Report, RiskDesk
    from app.services.risk_books import Book
    from app.services.risk_live import LiveRisk

CALM = 5_000
"""Milliseconds between two studies while prices move."""
SOON = 250
"""Milliseconds in which changes of the books are gathered."""
WINDOWS = (500, 250, 125)
"""Days that a model of the report card learns from; a shorter history takes a shorter one."""
_FORECASTS = 30
"""Days that must be left to forecast, or a report card would tell nothing."""


class Reading(QObject):
    """The answer to what is asked, kept while it is asked anew.

    Signals:
        followed: Figures at the marks of now are told.
        changed: Answer, report card, fault or progress is another one now.
        limits_moved: A limit was set, or stands otherwise.
    """

    changed = Signal()
    followed = Signal(object)
    limits_moved = Signal()

    def __init__(self, shell: Shell, parent: QObject) -> None:
        """Take the window; nothing is asked yet."""
        super().__init__(parent)
        self._shell = shell
        self._epoch = 0
        self._job: int | None = None
        self._is_busy = self._is_shown = self._is_looking = False
        self._quit: list[Callable[[], None]] = []
        self.asked = Asked()
        self.found: Found | None = None
        self.scored: Scored | None = None
        self.fault: Exception | None = None
        self._wants_books = False
        self._live = QTimer(self, singleShot=True, interval=CALM)
        self._live.timeout.connect(self._follow)
        self._later = QTimer(self, singleShot=True, interval=SOON)
        self._later.timeout.connect(self._gathered)

    # what is known -------------------------------------------------------------------------------------------------
    @property
    def job(self) -> Job | None:
        """Return the job that computes; None where none runs."""
        return self._shell.workspace.jobs.running(self._job)

    @property
    def is_current(self) -> bool:
        """Tell whether the answer is to what is asked now."""
        return self.found is not None and self.found.asked == self.asked

    # asking --------------------------------------------------------------------------------------------------------
    def listen(self) -> None:
        """Follow prices and books, now that the place is seen."""
        self._is_shown = True
        if not self._quit:
            events = self._shell.workspace.events
            self._quit = [
                events.subscribe(MarksChanged, self._marks_moved),
                events.subscribe(RecordsAppended, self._books_moved),
                events.subscribe(PricesRead, self._books_moved),
                events.subscribe(JobChanged, self._job_moved),
                events.subscribe(AlertsChanged, self._limits_moved),
            ]

    def rest(self) -> None:
        """Follow nothing, now that the place is hidden."""
        self._is_shown = False
        for stop in self._quit:
            stop()
        self._quit = []
        self._live.stop()
        self._later.stop()
        self._look_away()

    def follow_books(self, *, is_wanted: bool) -> None:
        """Follow order books while what is seen shows them: each costs a part of a venue's budget, and of a core."""
        if is_wanted == self._wants_books:
            return
        self._wants_books = is_wanted
        if not is_wanted:
            self._look_away()
        elif self._is_shown and self.found is not None:
            self.compute()

    def _look_away(self) -> None:
        if self._is_looking:
            self._is_looking = False
            self._shell.workspace.risk.look_at(())

    def ask(self, asked: Asked) -> None:
        """Ask something; the answer before stays until the new one is there."""
        self.asked = asked
        self.compute()

    @Slot()
    def compute(self) -> None:
        """Compute everything anew, as a job that can be stopped."""
        self.stop()
        self._epoch += 1
        epoch = self._epoch
        self.fault = None

        async def work(progress: Progress) -> str:
            return await self._compute(epoch, progress)

        self._job = self._shell.workspace.jobs.start(tr("Risk of the book"), work)
        self._shell.run(self._ended(self._job), what=tr("Computing risk"))
        self.changed.emit()

    @Slot()
    def stop(self) -> None:
        """Stop computing; the answer before stays."""
        job, self._job = self.job, None
        if job is not None:
            self._epoch += 1
            self._shell.workspace.jobs.cancel(job.job_id)
            self.changed.emit()

    async def _ended(self, job: int) -> None:
        """Be busy until the job has ended, so that whoever waits for the window waits for its figures."""
        await self._shell.workspace.jobs.finished(job)

    async def _compute(self, epoch: int, progress: Progress) -> str:
        self._is_busy = True
        try:
            progress(0.1, tr("reading closes"))
            desk = await self._desk()
            asked = self.asked
            found = await self._found(desk, asked)
            if epoch != self._epoch:
                return ""
            self.found = found
            self.changed.emit()
            progress(0.7, tr("holding models against the past"))
            scored = await asyncio.to_thread(_scored, found)
            if epoch == self._epoch:
                self.scored = scored
                self.changed.emit()
        except CounterfoilError as fault:
            if epoch == self._epoch:
                self.fault = fault
                if isinstance(fault, InputError) or not self.is_current:
                    self.found = self.scored = None
            if isinstance(fault, InputError):
                # Books that are empty or young are no failure of the job: the screen says what is missing.
                return fault.message
            raise
        finally:
            self._is_busy = False
        return tr("closes until %d").replace("%d", fmt.date(found.closes_until))

    async def _desk(self) -> RiskDesk:
        # Numeric libraries take a moment to load, in which nothing would move.
        await asyncio.to_thread(import_module, "app.services.risk")
        return self._shell.workspace.risk

    async def _found(self, desk: RiskDesk, asked: Asked) -> Found:
        workspace = self._shell.workspace
        scope = Scope(accounts=asked.accounts)
        positions = await workspace.portfolio.positions(scope)
        if not positions.positions:
            raise InputError("Nothing is held.", hint="Connect a source or import a statement.")
        perpetuals = await desk.perpetuals(scope)
        if self._is_shown and self._wants_books:
            # Order books come while the rest is computed; what is there already is in this answer.
            self._is_looking = True
            desk.look_at(positions.positions, perpetuals)
        book = await desk.book(scope=scope)
        reports = await asyncio.to_thread(_reports, book, asked)
        prices = {one.asset.asset_id: one.mark.price for one in positions.positions if one.mark is not None}
        live = await asyncio.to_thread(_live, reports[1], prices)
        venues = {info.venue_id: info.name for info in workspace.connections.venues()}
        return Found(asked, book, reports, positions, venues, workspace.runtime.clock.now_ns(), live)

    # changes -------------------------------------------------------------------------------------------------------
    def _marks_moved(self, event: MarksChanged) -> None:
        if self.found is None:
            return
        self.followed.emit(self.found.live.follow(event.asset_ids, self._shell.workspace.market_data.marks()))
        if not self._live.isActive():
            self._live.start()

    def _books_moved(self, _event: object) -> None:
        if not self._later.isActive():
            self._later.start()

    @Slot()
    def _gathered(self) -> None:
        self._shell.run(self._renew(), what=tr("Computing risk"))

    async def _renew(self) -> None:
        self.compute()

    @Slot()
    def _follow(self) -> None:
        if self._is_shown and not self._is_busy and self.found is not None:
            self._shell.run(self._follow_marks(self._epoch), what=tr("Following the prices"))

    async def _follow_marks(self, epoch: int) -> None:
        """Read exposures at the marks of now; how models did in the past stays as it was found."""
        self._is_busy = True
        try:
            found = await self._found(await self._desk(), self.asked)
        except CounterfoilError as fault:
            if epoch == self._epoch:
                self.fault = fault
                self.changed.emit()
            return
        finally:
            self._is_busy = False
        if epoch == self._epoch and self._is_shown:
            self.found, self.fault = found, None
            self.changed.emit()

    def _limits_moved(self, _event: AlertsChanged) -> None:
        self.limits_moved.emit()

    def _job_moved(self, event: JobChanged) -> None:
        if event.job_id == self._job:
            self.changed.emit()


def _reports(book: Book, asked: Asked) -> dict[int, Report]:
    """Return the reports over every horizon."""
    from app.core.risk.study import Question  # noqa: PLC0415 - numeric libraries stay out of the window's start
    from app.services import risk  # noqa: PLC0415

    question = Question(confidence=asked.confidence)
    return {days: risk.report(book, replace(question, horizon_days=days)) for days in HORIZONS}


def _live(report: Report, prices: Mapping[str, Decimal]) -> LiveRisk:
    from app.services.risk_live import LiveRisk  # noqa: PLC0415 - numeric libraries stay out of the window's start

    return LiveRisk(report.study, prices)


def _scored(found: Found) -> Scored:
    """Return the report card over the longest window that the history allows."""
    from app.core.risk.study import Question  # noqa: PLC0415
    from app.services import risk  # noqa: PLC0415

    window = next((one for one in WINDOWS if found.bars >= one + _FORECASTS), None)
    if window is None:
        words = tr("It takes %n days of closes; there are %h.").replace("%n", str(WINDOWS[-1] + _FORECASTS))
        return Scored(None, WINDOWS[-1], words.replace("%h", str(found.bars)))
    try:
        card = risk.backtest(found.book, Question(confidence=found.asked.confidence, window=window))
    except InputError as fault:
        return Scored(None, window, " ".join(part for part in (fault.message, fault.hint) if part))
    return Scored(card, window)
