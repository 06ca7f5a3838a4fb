"""Last step of closing a year: reason, folder, seal; progress and a way to stop; the hash that came of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.errors import CounterfoilError
from app.core.model.period_seals import PeriodSeal
from app.core.ports import Progress
from app.services.events import JobChanged
from app.services.jobs import Job, JobState
from app.services.tax_years import Asked
from app.ui import format as fmt
from app.ui import hints, theme
from app.ui.aio import thread_safe
from app.ui.screens import year_sealed as sealed
from app.ui.screens.base import Shell
from app.ui.screens.inspector_parts import give_back_focus
from app.ui.screens.year_closing import YearState
from app.ui.screens.year_page import Page
from app.ui.screens.year_sealed import SealedCard
from app.ui.widgets import basics as w
from app.ui.widgets.bars import Progress as Bar
from app.ui.words import tr

_WIDTH = 760


class SealPage(Page):
    """Seals the year, or amends it by another version.

    Signals:
        began: The seal is being made.
        ended: It is made, refused or stopped.
        sealed: The year is sealed: the versions that there are now.
    """

    word: ClassVar[str] = "seal"
    title: ClassVar[str] = "Export and seal"
    lead: ClassVar[str] = "Figures, entries, prices, orders, rules and forms go under one hash; later changes show."

    began = Signal()
    ended = Signal()
    sealed = Signal(object)

    def __init__(self, shell: Shell) -> None:
        """Take the window."""
        super().__init__(shell)
        self._standing: YearState | None = None
        self._asked: Asked | None = None
        self._job: int | None = None
        self._fault: CounterfoilError | None = None
        self._quit: list[Callable[[], None]] = []
        self.card = SealedCard(shell)
        self.obstacle = w.text("", "body", "text", wrap=True)
        self.to_health = w.button(tr("Go to data health"), size="small")
        self.to_health.clicked.connect(self._go_to_health)
        self.bar_of_obstacle = w.frame(
            "warn", w.glyph("triangle-alert", "warn", 18), (self.obstacle, 1), self.to_health, vertical=False,
            spacing=10, margins=(14, 8, 10, 8),
        )  # fmt: skip
        self.what = w.text("", "heading", wrap=True)
        self.means = w.text("", "body", "text_2", wrap=True)
        self.why = w.text("", "label", "text_2", wrap=True)
        self.reason = w.field("", tr("Why, in a few words"), name=tr("Reason of the seal"))
        self.reason.setObjectName("seal-reason")
        self.reason.returnPressed.connect(self.begin)
        self.reason.textChanged.connect(self._offer)
        self.folder = w.field("", tr("Leave empty to write no files now"), name=tr("Folder for the files"))
        self.folder.setObjectName("seal-folder")
        self.choose = w.button(tr("Choose…"), icon="folder-open")
        self.choose.clicked.connect(self._choose_folder)
        self.seal = w.button(tr("Seal"), "primary", "stamp")
        self.seal.setObjectName("seal-now")
        self.seal.clicked.connect(self.begin)
        self.trouble = w.text("", "body", "danger", wrap=True)
        self.trouble.setObjectName("seal-trouble")
        self.bar, self.doing = Bar(None, width=theme.px(180)), w.elided("", "cell", "text_2")
        self.stop = w.button(tr("Cancel"), name=tr("Cancel sealing"))
        self.stop.clicked.connect(self.cancel)
        # Enter is as good as Space here: the whole way is gone by the keyboard.
        for button in (self.to_health, self.choose, self.seal, self.stop):
            button.setAutoDefault(True)
        self._lay_out()

    def _lay_out(self) -> None:
        self._working = w.row(self.bar, (self.doing, 1), self.stop, spacing=12)
        self._form = w.column(
            self.what, self.means, 4, self.why, self.reason,
            w.text(tr("Also write forms, lists and proofs into a new folder, not encrypted"), "label", "text_2"),
            w.row((self.folder, 1), self.choose), self.trouble, 4, w.row(self.seal, None), spacing=7,
        )  # fmt: skip
        inner = w.column(
            self.card, self.bar_of_obstacle, self._form, self._working, None, spacing=16, margins=(20, 18, 20, 18)
        )
        inner.setMaximumWidth(theme.px(_WIDTH))
        area = w.scroll(w.row((inner, 6), None, spacing=0))
        area.setAccessibleName(tr(self.title))
        w.fill(QVBoxLayout(self), [(area, 1)], 0)
        for part in (self.card, self.bar_of_obstacle, self.trouble, self._working):
            part.hide()

    # the wizard asks -----------------------------------------------------------------------------------------------
    def take(self, standing: YearState, asked: Asked) -> None:
        """Show whether the year can be sealed, and what it needs."""
        self._standing, self._asked = standing, asked
        self.card.show_seal(standing.seal)
        self._show()

    def shown(self) -> None:
        """Follow the job."""
        if not self._quit:
            self._quit = [self.shell.workspace.events.subscribe(JobChanged, self._job_moved)]
        self._show()

    def hidden(self) -> None:
        """Follow it no more; it goes on."""
        for stop in self._quit:
            stop()
        self._quit = []

    def redraw(self) -> None:
        """Write every figure anew."""
        self._show()

    def main_part(self) -> QWidget:
        """Return where a person goes on: the reason where one is needed, else the button."""
        if self._job is not None:
            return self.stop
        if not self.seal.isEnabled() and self.to_health.isVisibleTo(self):
            return self.to_health
        return self.reason if self._needs_reason() or not self.seal.isEnabled() else self.seal

    # what is shown -------------------------------------------------------------------------------------------------
    def _needs_reason(self) -> bool:
        standing = self._standing
        return standing is not None and bool(standing.waived or standing.versions)

    def _show(self) -> None:
        standing, asked = self._standing, self._asked
        if standing is None or asked is None:
            return
        year, seal = sealed.year_name(asked.jurisdiction, asked.year or 0), standing.seal
        self.what.setText((tr("Seal %y") if seal is None else tr("Amend %y")).replace("%y", year))
        if seal is None:
            self.means.setText(tr("One record of your journal. Nothing is locked: what changes later is told."))
        else:
            means = tr("A new version %v, with a report of what differs. Version %w stays as it is.")
            self.means.setText(means.replace("%v", str(seal.version + 1)).replace("%w", str(seal.version)))
        label = tr("Seal %y") if seal is None else tr("Seal as version %v")
        label = label.replace("%y", year).replace("%v", str(seal.version + 1 if seal else 1))
        self.seal.setText(f" {label}")
        self.seal.setAccessibleName(label)
        self.why.setText(self._why(standing))
        self._show_obstacle(standing)
        job = self.job
        self._form.setVisible(job is None)
        self._working.setVisible(job is not None)
        if job is not None:
            self.bar.show_share(job.share)
            self.doing.setText(job.doing)
        self._offer()

    @staticmethod
    def _why(standing: YearState) -> str:
        if standing.versions:
            return tr("Reason, needed: an amendment is sealed with it")
        if standing.waived:
            told = fmt.counted(len(standing.waived), tr("%s finding was let stand"), tr("%s findings were let stand"))
            return tr("Reason, needed: %s").replace("%s", told)
        return tr("Reason, if there is something to say")

    def _show_obstacle(self, standing: YearState) -> None:
        blocking = len(standing.blocking)
        told = standing.refused
        if blocking:
            told = fmt.counted(blocking, tr("%s thing stands against closing."), tr("%s things stand against closing."))
        self.obstacle.setText(fmt.prose(told))
        self.bar_of_obstacle.setVisible(bool(told))
        self.to_health.setVisible(bool(blocking))

    @Slot()
    def _offer(self) -> None:
        standing = self._standing
        is_ready = standing is not None and not standing.blocking and not standing.refused
        self.seal.setEnabled(is_ready)
        self.seal.setToolTip("" if is_ready else self.obstacle.text())
        w.tint(self.seal)

    @Slot()
    def _go_to_health(self) -> None:
        self.step_wanted.emit("health")

    @Slot()
    def _choose_folder(self) -> None:
        self.shell.run(self._chosen_folder(), what=tr("Choosing a folder"))

    async def _chosen_folder(self) -> None:
        asked = self._asked
        if asked is not None:
            version = len(self._standing.versions) + 1 if self._standing is not None else 1
            proposed = f"counterfoil-{asked.jurisdiction}-{asked.year}-v{version}"
            folder = await sealed.ask_folder(self, proposed)
            if folder is not None:
                self.folder.setText(str(folder))

    # sealing -------------------------------------------------------------------------------------------------------
    @property
    def job(self) -> Job | None:
        """Return the job that seals; None where none runs."""
        return self.shell.workspace.jobs.running(self._job)

    @Slot()
    def begin(self) -> None:
        """Seal, as a job; a missing reason is asked for first."""
        standing, asked, reason = self._standing, self._asked, self.reason.text().strip()
        if standing is None or asked is None or self.job is not None or not self.seal.isEnabled():
            return
        if self._needs_reason() and not reason:
            self._tell(tr("Say why in a few words: it is sealed with the year."))
            self.reason.setFocus()
            return
        self._tell("")
        self._fault = None

        async def work(progress: Progress) -> str:
            return await self._seal(asked, reason, thread_safe(progress), amends=bool(standing.versions))

        title = tr("Seal %y").replace("%y", sealed.year_name(asked.jurisdiction, asked.year or 0))
        self.began.emit()
        self._job = self.shell.workspace.jobs.start(title, work, can_retry=False)
        self.shell.run(self._ended(self._job, asked), what=title)
        self._working.show()
        give_back_focus(self._form, self.stop)
        self._show()

    async def _seal(self, asked: Asked, reason: str, progress: Progress, *, amends: bool) -> str:
        try:
            made = await self.shell.workspace.seals.seal(asked, progress, reason=reason, amends=amends)
        except CounterfoilError as fault:
            self._fault = fault
            raise
        return tr("version %v, %h").replace("%v", str(made.version)).replace("%h", made.seal[:16])

    async def _ended(self, job_id: int, asked: Asked) -> None:
        job = await self.shell.workspace.jobs.finished(job_id)
        versions = await self.shell.workspace.seals.versions(asked.year or 0, asked.jurisdiction)
        had_focus = self.stop.hasFocus()
        self._job = None
        self.ended.emit()
        if job.state is JobState.DONE:
            await self._done(tuple(versions))
        elif job.state is JobState.CANCELLED:
            self._tell(tr("Stopped; nothing was sealed."))
        else:
            self._tell(hints.line(self._fault) if self._fault is not None else f"{job.reason} {job.remedy}")
        self._show()
        if had_focus:
            (self.card.write if job.state is JobState.DONE else self.main_part()).setFocus()

    async def _done(self, versions: tuple[PeriodSeal, ...]) -> None:
        with QSignalBlocker(self.reason):
            self.reason.clear()
        self.sealed.emit(versions)
        folder = self.folder.text().strip()
        if folder:
            self.folder.clear()
            await self.card.write_into(versions[-1], folder_of(folder))

    @Slot()
    def cancel(self) -> None:
        """Stop sealing; nothing is sealed then."""
        if self._job is not None:
            self.shell.workspace.jobs.cancel(self._job)

    def _job_moved(self, event: JobChanged) -> None:
        # Its end is told by who waits for it, with what came of it and the keyboard in its place.
        if event.job_id == self._job and self.job is not None:
            self._show()

    def _tell(self, text: str) -> None:
        self.trouble.setText(fmt.prose(text))
        self.trouble.setVisible(bool(text))


def folder_of(text: str) -> Path:
    """Return the folder that was typed; ~ is the person's own."""
    return Path(text).expanduser()
