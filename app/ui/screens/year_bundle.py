"""A sealed year for an accountant: one archive with proofs and a script that checks them, with or without names."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.errors import CounterfoilError
from app.core.model.period_seals import PeriodSeal
from app.core.ports import Progress
from app.services.bundle import ARCHIVE, Wanted, Written
from app.services.jobs import Job, JobState
from app.ui import format as fmt
from app.ui import hints
from app.ui.aio import thread_safe
from app.ui.screens.base import Shell
from app.ui.widgets import basics as w
from app.ui.widgets.choices import Check
from app.ui.widgets.saving import ask_where
from app.ui.words import tr


def archive_name(seal: PeriodSeal, *, is_redacted: bool) -> str:
    """Return what the archive of a seal would be called."""
    kind = "redacted" if is_redacted else "accountant"
    return f"counterfoil-{seal.jurisdiction}-{seal.year}-v{seal.version}-{kind}{ARCHIVE}"


class BundleRow(QWidget):
    """The button that writes a bundle of a sealed year, and whether names go with it.

    Signals:
        told: It was written, or could not be: what is to be said.
    """

    told = Signal(str)

    def __init__(self, shell: Shell) -> None:
        """Start without a seal."""
        super().__init__()
        self._shell = shell
        self._seal: PeriodSeal | None = None
        self.write = w.button(tr("Bundle for the accountant…"), icon="package")
        self.write.setObjectName("bundle-write")
        self.write.setToolTip(tr("Figures, forms and proofs in one archive, with a script that checks all of it."))
        self.write.clicked.connect(self.ask_where)
        self.write.setAutoDefault(True)
        self.redact = Check(tr("Without names, ids and notes"), tr("Without names of accounts, ids and notes"))
        self.redact.setObjectName("bundle-redact")
        self.redact.setToolTip(tr("Each is replaced by a salted hash; README.txt in the archive says what is hidden."))
        w.fill(QVBoxLayout(self), [w.row(self.write, None), w.row(self.redact, None)], 2)

    def show_seal(self, seal: PeriodSeal) -> None:
        """Take the newest version of a year."""
        self._seal = seal

    @Slot()
    def ask_where(self) -> None:
        """Ask where, then write the archive."""
        if self._seal is not None:
            self._shell.run(self._ask(self._seal), what=tr("Writing the bundle"))

    async def _ask(self, seal: PeriodSeal) -> None:
        is_redacted = self.redact.isChecked()
        name = archive_name(seal, is_redacted=is_redacted)
        path = await ask_where(self, tr("Save the bundle for the accountant"), name, replaces=False)
        if path is not None:
            await self.write_into(seal, path, is_redacted=is_redacted)

    async def write_into(self, seal: PeriodSeal, path: Path, *, is_redacted: bool) -> None:
        """Write the archive, as a job that can be stopped."""
        wanted = Wanted(seal.year, seal.jurisdiction, path, is_redacted)
        outcome: list[Written | CounterfoilError] = []

        async def work(progress: Progress) -> str:
            try:
                made = await self._shell.workspace.bundles.write(wanted, thread_safe(progress))
            except CounterfoilError as fault:
                outcome.append(fault)
                raise
            outcome.append(made)
            return str(made.out)

        jobs = self._shell.workspace.jobs
        self.write.setEnabled(False)
        try:
            ended = await jobs.finished(jobs.start(tr("Bundle %n").replace("%n", path.name), work, can_retry=False))
        finally:
            self.write.setEnabled(True)
        self.told.emit(_said(outcome[-1]) if outcome else _ended(ended))


def _ended(job: Job) -> str:
    """Return how a job ended that came to nothing."""
    if job.state is JobState.CANCELLED:
        return tr("Stopped; no bundle was written.")
    return f"{job.reason} {job.remedy}"


def _said(outcome: Written | CounterfoilError) -> str:
    return hints.line(outcome) if isinstance(outcome, CounterfoilError) else _done(outcome)


def _done(written: Written) -> str:
    files = fmt.counted(len(written.made.files), tr("%s file in %f"), tr("%s files in %f"))
    told = tr("%w; it is not encrypted.").replace("%w", files.replace("%f", str(written.out)))
    if written.made.left_out:
        count = fmt.counted(len(written.made.left_out), tr("%s file was left out"), tr("%s files were left out"))
        told = f"{told} {count}{tr(', since it tells what is hidden: see README.txt.')}"
    return told
