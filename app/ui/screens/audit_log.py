"""The audit log: every record of the journal, the newest first; verified on demand, with the first break named."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.errors import CounterfoilError, VerificationError
from app.core.model.audit_log import LogFilter, LogLine
from app.core.ports import Progress
from app.services.events import JobChanged, RecordsAppended
from app.services.jobs import Job, JobState
from app.ui import format as fmt
from app.ui import theme
from app.ui.aio import thread_safe
from app.ui.models.table import TableModel
from app.ui.screens import audit_log_rows as rows
from app.ui.screens.base import Shell
from app.ui.screens.books import BooksScreen
from app.ui.widgets import basics as w
from app.ui.widgets.bars import Progress as Bar
from app.ui.widgets.segmented import Segmented
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_layout import TableLook
from app.ui.widgets.tables_states import Stage, filter_field, tool_bar
from app.ui.words import tr

if TYPE_CHECKING:
    from app.services.workspace import Workspace

PAGE = 200
_DIGITS = 15
_NAMED = re.compile(r"\brecord (\d+)")
"""How a break names the record in which it is."""
_TYPING = 250
"""Milliseconds after which what is typed is looked for."""


async def verified(workspace: Workspace, progress: Progress) -> str:
    """Check every record again; VerificationError with the first break where there is one."""
    result = await workspace.audit.verify(thread_safe(progress))
    if not result.is_valid:
        message = tr("The first break: %s.").replace("%s", result.first_break)
        raise VerificationError(message, hint=tr("Restore a backup from before; keep this file as evidence."))
    records = fmt.counted(result.records, tr("%s record"), tr("%s records"))
    devices = fmt.counted(result.devices, tr("%s device"), tr("%s devices"))
    words = tr("%n on %m, no break").replace("%n", records).replace("%m", devices)
    return f"{words} · {fmt.grouped_hash(result.head, short=True)}" if result.head else words


class AuditScreen(BooksScreen):
    """Records as a table that is read on as it is scrolled."""

    place: ClassVar[str] = "audit"
    title: ClassVar[str] = "Audit log"
    icon: ClassVar[str] = "scroll-text"

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is read yet."""
        super().__init__(shell)
        self._lines: list[LogLine] = []
        self._is_whole = self._is_reading = self._is_read = False
        self._question = 0
        self._job: int | None = None
        self._kinds: Mapping[str, int] = {}
        self._asked: LogFilter | None = None
        self._later.timeout.connect(self._load)
        self.model = TableModel(rows.columns(), rows.name)
        look = TableLook(is_one=True, settings=shell.workspace.runtime.settings_folder)
        self.table = Table(self.model, "audit-log", tr("Records of the journal"), look)
        self.table.near_end.connect(self._read_on, Qt.ConnectionType.QueuedConnection)
        self.table.opened.connect(self._open)
        self.table.copied.connect(self._copied)
        self.stage = Stage(self.table)
        kinds = (
            (rows.ALL, tr("All")), (rows.PERSON, tr("Decisions")), (rows.BOOKS, tr("Entries")),
            (rows.SOURCES, tr("Sources")), (rows.PROOF, tr("Proof")),
        )  # fmt: skip
        self.kind = Segmented(kinds, rows.ALL, tr("Kinds of records"))
        self.kind.chosen.connect(self._load)
        self.filter = filter_field(tr("Hash, or #record"))
        self._typed = QTimer(self, singleShot=True, interval=_TYPING)
        self._typed.timeout.connect(self._load)
        self.filter.textChanged.connect(self._typed.start)
        self.count = w.text("", "caption", "text_3")
        self.verify = w.button(tr("Verify every record"), "primary", "shield-check")
        self.verify.setObjectName("audit-verify")
        self.verify.clicked.connect(self.start)
        self.bar, self.doing = Bar(None, width=theme.px(140)), w.elided("", "cell", "text_2")
        self.stop = w.button(tr("Cancel"), size="small", name=tr("Cancel verifying"))
        self.stop.clicked.connect(self.cancel)
        for button in (self.verify, self.stop):
            button.setAutoDefault(True)
        self._lay_out()

    def _lay_out(self) -> None:
        self.sign, self.result = w.glyph("shield-check", "ok", 18), w.text("", "medium", wrap=True)
        self.result.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.remedy = w.text("", "cell", "text_2", wrap=True)
        told = w.column(self.result, self.remedy, spacing=2)
        self.see = w.button(tr("Show the record"), size="small")
        self.see.setAutoDefault(True)
        self.see.clicked.connect(self._see)
        self.outcome = w.row(self.sign, (told, 1), self.see, spacing=10, margins=(16, 10, 16, 10))
        self.working = w.row(self.bar, (self.doing, 1), self.stop, spacing=12, margins=(16, 8, 16, 8))
        bar = tool_bar(self.kind, (self.filter, 1), None, self.count, self.verify)
        self.under = w.column(self.outcome, self.working, w.hline(), spacing=0)
        w.fill(QVBoxLayout(self), [bar, w.hline(), self.under, (self.stage, 1)], 0)
        for part in (self.outcome, self.working, self.under):
            part.hide()

    # the window asks -----------------------------------------------------------------------------------------------
    def activate(self, detail: str = "") -> None:
        """Listen and load; `detail` begins the hash of a record, or is "verify"."""
        is_new = not self._quit
        self.listen(RecordsAppended)
        if is_new:
            self._quit.append(self.shell.workspace.events.subscribe(JobChanged, self._job_moved))
        if detail == "verify":
            self.start()
        elif detail:
            self.filter.setText(detail)
        self._kinds = {}
        if not self._is_read:
            self.stage.show_loading()
        self._load()
        self._show_job()

    def deactivate(self) -> None:
        """Listen no more."""
        self._typed.stop()
        super().deactivate()

    def masking_changed(self) -> None:
        """Write every figure anew."""
        self.model.redraw()
        self._tell_count()

    def main_part(self) -> QWidget:
        """Return the table."""
        return self.table

    def filter_field(self) -> QWidget | None:
        """Return the filter."""
        return self.filter

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return the records that were read so far, raw."""
        return _columns(), [_raw(one) for one in self._lines]

    async def whole_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return every record that fits the filter, also what was not scrolled to yet."""
        found = await self.shell.workspace.audit.whole_log(self.asked())
        return _columns(), [_raw(one) for one in found]

    # reading -------------------------------------------------------------------------------------------------------
    def asked(self) -> LogFilter:
        """Return what is asked for."""
        typed = "".join(self.filter.text().split()).lower()
        kinds, number = rows.KINDS[self.kind.current], typed.removeprefix("#")
        if typed.startswith("#") and number.isdecimal():
            return LogFilter(kinds, seq=int(number[:_DIGITS]))
        return LogFilter(kinds, typed)

    @Slot()
    def _load(self, _kind: str = "") -> None:
        self._question += 1
        self.shell.run(self._read(self._question), what=tr("Reading the journal"))

    async def _read(self, question: int) -> None:
        audit, wanted = self.shell.workspace.audit, max(PAGE, len(self._lines) if self._is_same() else PAGE)
        self._asked = self.asked()
        try:
            found = list(await audit.log(self.asked(), None, wanted))
            # Counting goes through the whole journal: not at each page that a source is read.
            kinds = self._kinds if self._kinds and self._is_read else await audit.kinds()
        except CounterfoilError as fault:
            if question == self._question:
                self.stage.show_fault(tr("The journal could not be read."), fault)
            return
        if question == self._question:
            is_first, self._is_read = not self._is_read, True
            self._lines, self._kinds, self._is_whole = found, kinds, len(found) < wanted
            self._show(fresh=is_first)

    def _is_same(self) -> bool:
        return self._asked == self.asked()

    @Slot()
    def _read_on(self) -> None:
        if not self._is_whole and not self._is_reading and self._lines:
            self._is_reading = True
            self.shell.run(self._read_page(self._question), what=tr("Reading more records"))

    async def _read_page(self, question: int) -> None:
        try:
            page = await self.shell.workspace.audit.log(self.asked(), self._lines[-1].number, PAGE)
        finally:
            self._is_reading = False
        if question == self._question:
            self._lines += page
            self._is_whole = len(page) < PAGE
            self.model.add(rows.branches(page))

    def _show(self, *, fresh: bool) -> None:
        self.model.show(rows.branches(self._lines), fresh=fresh)
        self._tell_count()
        if self._lines:
            self.stage.show_table()
        elif self.asked() == LogFilter():
            self.stage.show_empty(tr("Nothing is recorded yet."), tr("It begins with the first page that is read."))
        else:
            self.stage.show_empty(tr("No such record."), tr("Choose All, or empty the field, to see every record."))

    def _tell_count(self) -> None:
        chosen = rows.KINDS[self.kind.current]
        total = sum(count for kind, count in self._kinds.items() if not chosen or kind in chosen)
        if self.asked() != LogFilter(chosen):
            total = len(self._lines)
        self.count.setText(fmt.counted(total, tr("%s record"), tr("%s records")))

    # hands ---------------------------------------------------------------------------------------------------------
    @Slot(str)
    def _open(self, key: str) -> None:
        number = self.model.number(key)
        row: LogLine | None = None if number is None else self.model.line(number).row
        if row is not None and row.entry_id:
            self.shell.go(f"activity/{row.entry_id}")

    @Slot(int)
    def _copied(self, count: int) -> None:
        self.shell.toast(fmt.counted(count, tr("%s row copied."), tr("%s rows copied.")))

    # verifying -----------------------------------------------------------------------------------------------------
    @property
    def job(self) -> Job | None:
        """Return the job that verifies; None where none runs."""
        return self.shell.workspace.jobs.running(self._job)

    @Slot()
    def start(self) -> None:
        """Check every record, chain and signature again, as a job."""
        if self.job is not None:
            return
        workspace = self.shell.workspace

        async def work(progress: Progress) -> str:
            return await verified(workspace, progress)

        self._job = workspace.jobs.start(tr("Verify every record"), work)
        self.shell.run(self._ended(self._job), what=tr("Verify every record"))
        self.outcome.hide()
        self._show_job()

    @Slot()
    def cancel(self) -> None:
        """Stop; what was found so far is no answer."""
        job = self.job
        if job is not None:
            self.shell.workspace.jobs.cancel(job.job_id)

    def _job_moved(self, event: JobChanged) -> None:
        if event.job_id == self._job:
            self._show_job()

    def _show_job(self) -> None:
        job = self.job
        had_focus = self.stop.hasFocus()
        self.working.setVisible(job is not None)
        self.verify.setEnabled(job is None)
        w.tint(self.verify)
        if job is not None:
            self.bar.show_share(job.share)
            self.doing.setText(job.doing)
        self.under.setVisible(job is not None or not self.outcome.isHidden())
        if had_focus and job is None:
            self.verify.setFocus(Qt.FocusReason.OtherFocusReason)

    async def _ended(self, job_id: int) -> None:
        job = await self.shell.workspace.jobs.finished(job_id)
        if job.state is JobState.CANCELLED:
            self._tell("circle-slash", "text_3", tr("Stopped: nothing can be said of the records."), "")
        elif job.state is JobState.DONE:
            self._tell("shield-check", "ok", tr("Verified: %s").replace("%s", job.outcome), "")
        else:
            self._tell("shield-alert", "danger", job.reason, job.remedy)
        self._show_job()

    def _tell(self, icon: str, tone: str, words: str, remedy: str) -> None:
        self.sign.show_icon(icon, tone)
        self.result.setText(fmt.prose(words))
        self.remedy.setText(fmt.prose(remedy))
        self.remedy.setVisible(bool(remedy))
        self.see.setVisible(tone == "danger" and _NAMED.search(words) is not None)
        self.outcome.show()

    @Slot()
    def _see(self) -> None:
        """Show the record that a break names."""
        named = _NAMED.search(self.result.text())
        if named is not None:
            self.kind.choose(rows.ALL)
            self.filter.setText(f"#{named[1]}")
            self._load()
            self.table.setFocus()


def _columns() -> Sequence[str]:
    return ("record", "recorded", "kind", "words", "source", "device", "seq", "entry", "hash")


def _raw(one: LogLine) -> Sequence[str]:
    words = fmt.unmarked(one.words)
    source = "person" if one.is_of_person else one.source
    return (
        str(one.number), fmt.moment(one.recorded_ns), one.kind, words, source, one.device, str(one.seq), one.entry_id,
        one.hash,
    )  # fmt: skip
