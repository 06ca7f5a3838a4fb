"""Answers of the Tax place: computed as jobs, kept by question, old once books or prices have moved on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.core.errors import RefusedError
from app.core.ports import Progress
from app.core.tax.jurisdictions import JURISDICTIONS
from app.core.tax.profile import profile
from app.services.events import JobChanged, PricesRead, RecordsAppended
from app.services.jobs import Job
from app.services.tax_years import Asked, TaxYear
from app.ui import format as fmt
from app.ui.screens import tax_words as words
from app.ui.screens.base import Shell
from app.ui.words import tr

CALM = 1_500
"""Milliseconds without a change after which old figures are computed anew: not at each page of a reading."""
_KEPT = 12
"""Answers that are kept: coming back to a question shows it at once."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One computed question.

    Attributes:
        epoch: How often books or prices had changed when the computation began.
        at: When it ended.
    """

    asked: Asked
    found: TaxYear
    epoch: int
    at: int


class Computing(QObject):
    """Asks for tax years, one at a time.

    Signals:
        changed: The answer, its age, a fault or the progress is another one now.
    """

    changed = Signal()

    def __init__(self, shell: Shell, parent: QObject) -> None:
        """Take the window; nothing is asked yet."""
        super().__init__(parent)
        self._shell = shell
        self._answers: dict[tuple[object, ...], Answer] = {}
        self._epoch = 0
        self._job: int | None = None
        self._is_listening = False
        self.asked: Asked | None = None
        self.fault: Exception | None = None
        self._undo: list[Callable[[], None]] = []
        self._calm = QTimer(self, singleShot=True, interval=CALM)
        self._calm.timeout.connect(self.compute)
        # These two go on while the place is hidden: they only count.
        events = shell.workspace.events
        events.subscribe(RecordsAppended, self._moved)
        events.subscribe(PricesRead, self._moved)

    # what is known -------------------------------------------------------------------------------------------------
    @property
    def answer(self) -> Answer | None:
        """Return the answer to the question that is asked, however old; None where there is none yet."""
        return None if self.asked is None else self._answers.get(words.key(self.asked))

    @property
    def is_stale(self) -> bool:
        """Tell whether books or prices have changed since the answer."""
        answer = self.answer
        return answer is not None and answer.epoch != self._epoch

    @property
    def job(self) -> Job | None:
        """Return the job that computes; None where none runs."""
        return self._shell.workspace.jobs.running(self._job)

    # asking --------------------------------------------------------------------------------------------------------
    def listen(self) -> None:
        """Follow books, prices and jobs, now that the place is seen; old figures are computed anew."""
        if not self._is_listening:
            self._is_listening = True
            self._undo = [self._shell.workspace.events.subscribe(JobChanged, self._job_moved)]
        self._shell.run(self._check_head(), what=tr("Reading the books"))

    def rest(self) -> None:
        """Follow only that something changed, now that the place is hidden; what is computed goes on."""
        self._is_listening = False
        self._calm.stop()
        for undo in self._undo:
            undo()
        self._undo = []

    def ask(self, asked: Asked) -> None:
        """Ask a question: a kept answer is there at once, else it is computed."""
        if self.asked is not None and words.key(asked) != words.key(self.asked):
            self.stop()
        self.asked, self.fault = asked, None
        self.changed.emit()
        if self.answer is None or self.is_stale:
            self.compute()

    @Slot()
    def compute(self) -> None:
        """Compute the answer anew; what is there stays until then."""
        asked = self.asked
        if asked is None or self.job is not None:
            return
        self._calm.stop()
        self.fault = None
        try:
            # What the law refuses needs no job to find out.
            profile(asked.jurisdiction, method=asked.method, scope=asked.scope, options=asked.options)
        except RefusedError as fault:
            self.fault = fault
            self.changed.emit()
            return
        rules = JURISDICTIONS[asked.jurisdiction]
        title = tr("Tax year %y, %c").replace("%y", words.year(rules, asked.year)).replace("%c", rules.name)

        async def work(progress: Progress) -> str:
            return await self._compute(asked, progress)

        self._job = self._shell.workspace.jobs.start(title, work)
        self.changed.emit()

    async def find(self, asked: Asked) -> TaxYear:
        """Return the figures of a question."""
        return await self._shell.workspace.tax.compute(asked)

    async def _compute(self, asked: Asked, progress: Progress) -> str:
        epoch = self._epoch
        progress(None, tr("matching disposals with lots"))
        try:
            found = await self.find(asked)
        except Exception as fault:
            self.fault = fault
            raise
        now = self._shell.workspace.runtime.clock.now_ns()
        self._answers.pop(words.key(asked), None)
        self._answers[words.key(asked)] = Answer(asked, found, epoch, now)
        while len(self._answers) > _KEPT:
            del self._answers[next(iter(self._answers))]
        return fmt.counted(len(found.figures.disposals), tr("%s disposal"), tr("%s disposals"))

    @Slot()
    def stop(self) -> None:
        """Stop computing; the answer before stays."""
        job, self._job = self.job, None
        if job is not None:
            self._shell.workspace.jobs.cancel(job.job_id)
            self.changed.emit()

    # changes -------------------------------------------------------------------------------------------------------
    async def _check_head(self) -> None:
        """Find out whether another process has written since."""
        answer = self.answer
        if answer is None:
            return
        if (await self._shell.workspace.info()).head != answer.found.head and not self.is_stale:
            self._epoch += 1
        if self.is_stale and self._is_listening:
            self.changed.emit()
            self.compute()

    def _moved(self, _event: object) -> None:
        self._epoch += 1
        if self._is_listening:
            self.changed.emit()
            self._calm.start()

    def _job_moved(self, event: JobChanged) -> None:
        if event.job_id != self._job:
            return
        self.changed.emit()
        if self.job is None and self.is_stale and self.fault is None:
            self._calm.start()
