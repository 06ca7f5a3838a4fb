"""The job dock: what runs, waits or failed, in rows that keep their order; opens by itself only on a failure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.core.clock import SECOND
from app.services.jobs import Job, JobState
from app.ui import format as fmt
from app.ui import hints, theme
from app.ui.shell.header import Tabs
from app.ui.widgets import basics as w
from app.ui.widgets.bars import Progress
from app.ui.words import tr

if TYPE_CHECKING:
    from app.services.jobs import Jobs

_LOOKS = {
    JobState.RUNNING: ("loader-circle", "accent"),
    JobState.WAITING: ("hourglass", "warn"),
    JobState.FAILED: ("circle-x", "danger"),
    JobState.DONE: ("circle-check", "ok"),
    JobState.CANCELLED: ("circle-slash", "text_3"),
}
_ACTIVE = (JobState.RUNNING, JobState.WAITING)
_SHOWN_AFTER = SECOND


def left_in_words(job: Job, now_ns: int) -> str:
    """Return the share done and the time left, as far as they are known: "62 % · 40 s left"."""
    if job.share is None:
        return tr("%s so far").replace("%s", fmt.age(now_ns - job.started_ns))
    parts = [f"{round(job.share * 100)}{fmt.THIN}%"]
    spent = now_ns - job.started_ns
    if job.state is JobState.RUNNING and 0.02 < job.share < 1 and spent > SECOND:  # noqa: PLR2004
        parts.append(tr("%s left").replace("%s", fmt.age(int(spent / job.share * (1 - job.share)))))
    return " · ".join(parts)


class JobRow(QFrame):
    """One job: glyph, name, what it does now, how far it is, and what can be done about it."""

    def __init__(self, jobs: Jobs, job: Job) -> None:
        """Take the jobs, for the buttons, and the job."""
        super().__init__()
        self._jobs, self._job_id, self._state = jobs, job.job_id, job.state
        self.setFixedHeight(theme.size("job_row"))
        self._glyph = w.glyph(*_LOOKS[job.state], 16)
        self._title = w.elided(job.title, "medium")
        self._title.setFixedWidth(theme.px(250))
        self._doing = w.elided("", "cell", "text_2")
        self._bar = Progress(job.share, width=theme.px(200))
        self._left = w.text("", "cell", "text_2")
        self._left.setFixedWidth(theme.px(120))
        self._cancel = w.icon_button("x", tr("Cancel"), side=24)
        self._cancel.setAccessibleName(f"{tr('Cancel')}: {job.title}")
        self._cancel.clicked.connect(self._cancel_job)
        self._retry = w.button(tr("Retry"), "", "rotate-cw", size="small", name=f"{tr('Retry')}: {job.title}")
        self._retry.clicked.connect(self._retry_job)
        self._dismiss = w.icon_button("x", tr("Dismiss"), side=24)
        self._dismiss.setAccessibleName(f"{tr('Dismiss')}: {job.title}")
        self._dismiss.clicked.connect(self._dismiss_job)
        items: list[w.Item] = [self._glyph, 2, self._title, (self._doing, 1), self._bar, self._left]
        w.fill(QHBoxLayout(self), [*items, self._retry, self._cancel, self._dismiss], 10, (16, 0, 12, 0))

    def show_job(self, job: Job, now_ns: int) -> None:
        """Show how the job is doing now."""
        self._glyph.show_icon(*_LOOKS[job.state])
        has_failed, is_active = job.state is JobState.FAILED, job.state in _ACTIVE
        words = (
            " ".join(part for part in (job.reason, hints.shown(job.remedy)) if part)
            if has_failed
            else job.outcome or job.doing
        )
        self._doing.setText(fmt.prose(words))
        w.set_tone(self._doing, "danger" if has_failed else "text_2")
        self._bar.setVisible(is_active)
        self._bar.show_share(job.share, "warn" if job.state is JobState.WAITING else "accent")
        self._left.setVisible(is_active)
        self._left.setText(left_in_words(job, now_ns))
        self._cancel.setVisible(is_active and job.can_cancel)
        self._retry.setVisible(job.can_retry and not is_active)
        self._dismiss.setVisible(not is_active)
        self.setAccessibleName(f"{job.title}, {job.state.value}. {fmt.prose(words)}")

    def _cancel_job(self) -> None:
        self._jobs.cancel(self._job_id)

    def _retry_job(self) -> None:
        self._jobs.retry(self._job_id)

    def _dismiss_job(self) -> None:
        self._jobs.dismiss(self._job_id)


class LogRow(QFrame):
    """One job that has ended: when, what, how."""

    def __init__(self, job: Job) -> None:
        """Take the job."""
        super().__init__()
        self.setFixedHeight(28)
        at = w.text(fmt.time(job.ended_ns or job.started_ns), "cell", "text_3")
        at.setToolTip(fmt.local(job.ended_ns or job.started_ns))
        title = w.elided(job.title, "cell")
        title.setFixedWidth(theme.px(250))
        words = fmt.prose(job.outcome or job.reason or job.state.value)
        tone = "danger" if job.state is JobState.FAILED else "text_2"
        items: list[w.Item] = [w.glyph(*_LOOKS[job.state], 14), at, title, (w.elided(words, "cell", tone), 1)]
        w.fill(QHBoxLayout(self), items, 10, (17, 0, 12, 0))


class JobDock(QFrame):
    """The rows of all jobs above the status bar.

    Signals:
        opened: It was opened or closed.
    """

    opened = Signal(bool)

    def __init__(self, jobs: Jobs) -> None:
        """Take the jobs; `show_jobs` brings their rows up to date."""
        super().__init__()
        self.setObjectName("dock")
        self.setAccessibleName(tr("Jobs"))
        self._jobs = jobs
        self._rows: dict[int, JobRow] = {}
        self._logged: tuple[int, ...] = ()
        self._failed: set[int] = set()
        self._tabs = Tabs((tr("Jobs"), tr("Log")), 0, 32)
        self._tabs.chosen.connect(self._show_tab)
        self._summary = w.text("", "caption", "text_3")
        self._cancel_all = w.button(tr("Cancel all"), "ghost", "circle-x", size="small")
        self._cancel_all.clicked.connect(self._cancel_everything)
        fold = w.icon_button("chevron-down", tr("Close jobs (Ctrl+J)"), side=24)
        fold.clicked.connect(partial(self.open_dock, is_open=False))
        head = w.row(self._tabs, self._summary, None, self._cancel_all, fold, spacing=10, margins=(5, 0, 8, 0))
        head.setFixedHeight(theme.px(33))
        self._list, self._log = QVBoxLayout(), QVBoxLayout()
        self._empty = w.text(tr("Nothing runs. Work of more than a second is shown here."), "body", "text_3")
        self._empty.setContentsMargins(16, 10, 16, 0)
        self._pages = [self._page(self._list, self._empty), self._page(self._log)]
        w.fill(QVBoxLayout(self), [head, w.hline(), *((page, 1) for page in self._pages)], 0, (0, 1, 0, 0))
        self.setFixedHeight(theme.size("job_dock"))
        self._show_tab(0)
        self.hide()

    def _page(self, rows: QVBoxLayout, *extra: QWidget) -> QScrollArea:
        host = QWidget()
        outer = w.fill(QVBoxLayout(host), [*extra], 0)
        outer.addLayout(rows)
        outer.addStretch(1)
        rows.setSpacing(0)
        return w.scroll(host)

    def _show_tab(self, index: int) -> None:
        self._tabs.show_tab(index)
        for position, page in enumerate(self._pages):
            page.setVisible(position == index)

    def open_dock(self, *, is_open: bool) -> None:
        """Open or close the dock; closing it lets the rows of what is done go."""
        if not is_open:
            for job_id, row in tuple(self._rows.items()):
                if self._job(job_id) is None or self._job_state(job_id) in (JobState.DONE, JobState.CANCELLED):
                    self._drop(job_id, row)
        self.setVisible(is_open)
        self.opened.emit(is_open)

    def _job(self, job_id: int) -> Job | None:
        return next((job for job in self._jobs.all() if job.job_id == job_id), None)

    def _job_state(self, job_id: int) -> JobState | None:
        job = self._job(job_id)
        return job.state if job else None

    def _drop(self, job_id: int, row: JobRow) -> None:
        self._rows.pop(job_id)
        self._list.removeWidget(row)
        row.hide()
        row.deleteLater()

    def show_jobs(self, now_ns: int) -> None:
        """Bring all rows up to date; open by itself where something has failed just now."""
        known = {job.job_id: job for job in reversed(self._jobs.all())}
        for job_id in [gone for gone in self._rows if gone not in known]:
            self._drop(job_id, self._rows[job_id])
        for job_id, job in known.items():
            if job_id not in self._rows and self._is_worth_a_row(job, now_ns):
                self._rows[job_id] = JobRow(self._jobs, job)
                self._list.addWidget(self._rows[job_id])
            if job_id in self._rows:
                self._rows[job_id].show_job(job, now_ns)
        self._empty.setVisible(not self._rows)
        self._summary.setText(summary(tuple(known.values())))
        self._cancel_all.setVisible(any(job.state in _ACTIVE and job.can_cancel for job in known.values()))
        self._show_log([job for job in known.values() if job.ended_ns is not None])
        failed = {job_id for job_id, job in known.items() if job.state is JobState.FAILED}
        if failed - self._failed:
            self.open_dock(is_open=True)
        self._failed = failed

    def _is_worth_a_row(self, job: Job, now_ns: int) -> bool:
        if job.state is JobState.FAILED or job.state is JobState.WAITING:
            return True
        return job.state is JobState.RUNNING and now_ns - job.started_ns >= _SHOWN_AFTER

    def _show_log(self, ended: Sequence[Job]) -> None:
        ids = tuple(job.job_id for job in ended)
        if ids == self._logged:
            return
        self._logged = ids
        w.clear(self._log)
        for job in sorted(ended, key=_ended_at, reverse=True):
            self._log.addWidget(LogRow(job))

    def _cancel_everything(self) -> None:
        for job in self._jobs.all():
            if job.state in _ACTIVE and job.can_cancel:
                self._jobs.cancel(job.job_id)

    def redraw(self, now_ns: int) -> None:
        """Write all figures anew, since masking has changed."""
        self._logged = ()
        self.show_jobs(now_ns)


def _ended_at(job: Job) -> int:
    return job.ended_ns or 0


def summary(jobs: Sequence[Job]) -> str:
    """Return counts in words: "2 running · 1 failed · 41 done"."""
    counts = (
        (tr("running"), JobState.RUNNING),
        (tr("waiting"), JobState.WAITING),
        (tr("failed"), JobState.FAILED),
        (tr("done"), JobState.DONE),
    )
    parts = [(sum(job.state is state for job in jobs), word) for word, state in counts]
    return " · ".join(f"{fmt.count(number)} {word}" for number, word in parts if number)


def headline(jobs: Sequence[Job], now_ns: int) -> tuple[str, str, str]:
    """Return words, icon and tone for the status bar; no words where nothing needs to be seen."""
    running = [job for job in jobs if job.state in _ACTIVE and now_ns - job.started_ns >= _SHOWN_AFTER]
    failed = sum(job.state is JobState.FAILED for job in jobs)
    parts = []
    if running:
        parts.append(fmt.counted(len(running), tr("%s job running"), tr("%s jobs running")))
    if failed:
        parts.append(tr("%s failed").replace("%s", fmt.count(failed)))
    if not parts:
        return "", "loader-circle", "accent"
    return " · ".join(parts), "circle-x" if failed else "loader-circle", "danger" if failed else "accent"
