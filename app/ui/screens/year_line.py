"""The line in the place of taxes that says whether the year is open or sealed; sealed ones are made again from here."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.errors import CounterfoilError
from app.core.model.period_seals import PeriodSeal
from app.core.ports import Progress
from app.services.events import JobChanged, RecordsAppended
from app.services.jobs import Job, JobState
from app.services.seals import Verified
from app.services.tax_years import Asked
from app.ui import format as fmt
from app.ui import hints, theme
from app.ui.aio import thread_safe
from app.ui.screens import year_sealed as sealed
from app.ui.screens.base import Shell
from app.ui.screens.inspector_parts import give_back_focus
from app.ui.screens.year_seal_panel import SealPanel
from app.ui.widgets import basics as w
from app.ui.widgets.bars import Progress as Bar
from app.ui.widgets.marks import Pill
from app.ui.words import tr


class SealLine(QWidget):
    """State of the year, its seal, and what can be done.

    Signals:
        close_wanted: The year shall be closed.
        amend_wanted: It shall be closed anew.
    """

    close_wanted = Signal()
    amend_wanted = Signal()

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is read yet."""
        super().__init__()
        self._shell = shell
        self._asked: Asked | None = None
        self._job: int | None = None
        self._quit: list[Callable[[], None]] = []
        self.versions: tuple[PeriodSeal, ...] = ()
        self.verified: Verified | None = None
        self._panel: SealPanel | None = None
        self.pill = Pill("", "text_3")
        self.told = w.elided("", "cell", "text_2")
        self.bar = Bar(None, width=theme.px(90))
        self.stop = w.button(tr("Cancel"), size="small", name=tr("Cancel making the year again"))
        self.stop.clicked.connect(self.cancel)
        self.close_year = w.button(tr("Close this year…"), icon="stamp", size="small")
        self.close_year.setObjectName("year-close")
        self.close_year.clicked.connect(self.close_wanted)
        self.verify = w.button(tr("Verify"), icon="shield-check", size="small", name=tr("Make the year again, compare"))
        self.verify.setObjectName("year-verify")
        self.verify.clicked.connect(self.start)
        self.details = w.button(tr("Versions"), "ghost", size="small")
        self.details.setObjectName("year-versions")
        self.details.clicked.connect(self.show_details)
        self.amend = w.button(tr("Amend…"), size="small")
        self.amend.setObjectName("year-amend")
        self.amend.clicked.connect(self.amend_wanted)
        for button in (self.close_year, self.verify, self.details, self.amend, self.stop):
            button.setAutoDefault(True)
        parts: list[w.Item] = [
            self.pill, (self.told, 1), self.bar, self.stop, self.details, self.verify, self.amend, self.close_year,
        ]  # fmt: skip
        line = w.row(*parts, spacing=8, margins=(16, 0, 16, 0))
        line.setFixedHeight(theme.px(38))
        w.fill(QVBoxLayout(self), [line, w.hline()], 0)
        self._show()

    # what is asked -------------------------------------------------------------------------------------------------
    def show_year(self, asked: Asked | None) -> None:
        """Say how a year stands; nothing is said of the whole history."""
        if (asked and (asked.jurisdiction, asked.year)) != (
            self._asked and (self._asked.jurisdiction, self._asked.year)
        ):
            self.cancel()
            self.verified, self.versions = None, ()
        self._asked = asked
        self._read()

    def listen(self) -> None:
        """Follow jobs and records, now that the place is seen."""
        if not self._quit:
            events = self._shell.workspace.events
            self._quit = [
                events.subscribe(JobChanged, self._job_moved), events.subscribe(RecordsAppended, self._moved)
            ]  # fmt: skip
        self._read()

    def rest(self) -> None:
        """Follow them no more."""
        for stop in self._quit:
            stop()
        self._quit = []
        self._panel = None

    def _moved(self, _event: RecordsAppended) -> None:
        # What was verified was so before: since then something was recorded.
        self.verified = None
        self._read()

    @Slot()
    def _read(self) -> None:
        if self._asked is None or self._asked.year is None:
            self._show()
            return
        self._shell.run(self._take(self._asked), what=tr("Reading the seals"))

    async def _take(self, asked: Asked) -> None:
        try:
            found = await self._shell.workspace.seals.versions(asked.year or 0, asked.jurisdiction)
        except CounterfoilError as fault:
            self.told.setText(hints.line(fault))
            return
        if self._asked is asked:
            self.versions = tuple(found)
            self._show()

    @property
    def seal(self) -> PeriodSeal | None:
        """Return the version that counts; None where the year is open."""
        return self.versions[-1] if self.versions else None

    @property
    def job(self) -> Job | None:
        """Return the job that makes the year again; None where none runs."""
        return self._shell.workspace.jobs.running(self._job)

    # what is shown -------------------------------------------------------------------------------------------------
    def _show(self) -> None:
        asked, seal, job = self._asked, self.seal, self.job
        self.setVisible(asked is not None and asked.year is not None)
        for part in (self.verify, self.amend, self.details):
            part.setVisible(seal is not None and job is None)
        self.bar.setVisible(job is not None)
        self.stop.setVisible(job is not None)
        self.close_year.setVisible(seal is None)
        self.pill.show_state(*self._state())
        if job is not None:
            self.bar.show_share(job.share)
        self.told.setText(self._words(seal, job))

    def _state(self) -> tuple[str, str]:
        if self.seal is None:
            return tr("open"), "text_3"
        if self.verified is None or self.verified.is_reproduced:
            return tr("sealed"), "ok"
        return tr("differs"), "warn"

    def _words(self, seal: PeriodSeal | None, job: Job | None) -> str:
        if seal is None:
            return tr("This year is not closed: its figures follow the books.")
        on = tr("Sealed %d, version %v").replace("%d", fmt.date(seal.recorded_ns)).replace("%v", str(seal.version))
        on += f" · {fmt.grouped_hash(seal.seal, short=True)}"
        # What is new comes first: where space is short the end is cut.
        if job is not None:
            return f"{job.doing} · {on}"
        found = self.verified
        if found is None:
            return on
        if found.is_reproduced:
            return f"{tr('Reproduced, byte by byte')} · {on}"
        count = fmt.counted(len(found.differences), tr("%s difference"), tr("%s differences"))
        return f"{tr('Comes out differently now')}: {count} · {on}"

    # making it again -----------------------------------------------------------------------------------------------
    @Slot()
    def start(self) -> None:
        """Make the year again and compare, as a job."""
        seal = self.seal
        if seal is None or self.job is not None:
            return
        self.verified = None

        async def work(progress: Progress) -> str:
            return await self._verify(seal, thread_safe(progress))

        title = tr("Verify %y").replace("%y", sealed.name(seal))
        self._job = self._shell.workspace.jobs.start(title, work)
        self._shell.run(self._ended(self._job), what=title)
        self.stop.show()
        give_back_focus(self, self.stop)
        self._show()

    async def _verify(self, seal: PeriodSeal, progress: Progress) -> str:
        self.verified = found = await self._shell.workspace.seals.verify(seal, progress)
        if found.is_reproduced:
            return tr("reproduced, byte by byte")
        return fmt.counted(len(found.differences), tr("%s difference"), tr("%s differences"))

    async def _ended(self, job_id: int) -> None:
        job = await self._shell.workspace.jobs.finished(job_id)
        had_focus = self.stop.hasFocus()
        if self._job == job_id:
            self._job = None
        self._show()
        if had_focus:
            self.verify.setFocus()
        if job.state is JobState.FAILED:
            self.told.setText(fmt.prose(f"{job.reason} {hints.shown(job.remedy)}".strip()))
        elif self._panel is not None or (self.verified is not None and not self.verified.is_reproduced):
            self.show_details()

    @Slot()
    def cancel(self) -> None:
        """Stop making it again."""
        job = self.job
        if job is not None:
            self._shell.workspace.jobs.cancel(job.job_id)

    def _job_moved(self, event: JobChanged) -> None:
        if event.job_id == self._job:
            self._show()

    @Slot()
    def show_details(self) -> None:
        """Show every version beside the figures, with what differs now."""
        if not self.versions:
            return
        self._panel = SealPanel(self._shell)
        self._panel.closed.connect(self._close)
        self._panel.show_versions(self.versions, self.verified)
        self._shell.inspect(self._panel)

    @Slot()
    def _close(self) -> None:
        self._panel = None
        self._shell.inspect(None)

    def redraw(self) -> None:
        """Write every figure anew."""
        self._show()
