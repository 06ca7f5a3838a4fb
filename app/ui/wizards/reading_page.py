"""What is read so far: one line a source, moving while it is read; used while connecting and while checking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.model.accounts import ConnectionState
from app.core.model.views import ConnectionView
from app.services.jobs import Job, JobState
from app.ui import format as fmt
from app.ui import hints
from app.ui.widgets import basics as w
from app.ui.widgets.bars import Progress
from app.ui.widgets.marks import Avatar, Pill
from app.ui.words import tr

if TYPE_CHECKING:
    from app.services.workspace import Workspace

_TONES = {
    JobState.RUNNING: ("reading", "accent"),
    JobState.WAITING: ("waiting", "warn"),
    JobState.FAILED: ("failed", "danger"),
    JobState.CANCELLED: ("stopped", "text_3"),
    JobState.DONE: ("read", "ok"),
}


def _detail(view: ConnectionView, job: Job | None) -> str:
    if job is not None and job.state is JobState.FAILED:
        return f"{job.reason} {hints.shown(job.remedy)}".strip()
    if job is not None and job.state in (JobState.RUNNING, JobState.WAITING) and job.doing:
        return job.doing
    if view.state is ConnectionState.FAILED:
        return view.connection.last_error or view.note
    parts = [fmt.counted(view.records, tr("%s record"), tr("%s records"))]
    if view.history_from_ns is not None:
        parts.append(tr("%s to today").replace("%s", fmt.date(view.history_from_ns)))
    return " · ".join(parts)


class SourceLine(QWidget):
    """One source: what was read, and how it stands."""

    def __init__(self, view: ConnectionView, job: Job | None) -> None:
        """Take the source and its newest job."""
        super().__init__()
        state = job.state if job else JobState.DONE if view.last_read_ns else JobState.RUNNING
        if view.state is ConnectionState.FAILED:
            state = JobState.FAILED
        word, tone = _TONES[state]
        share = 1.0 if state is JobState.DONE else job.share if job else None
        bar = Progress(share, "ok" if state is JobState.DONE else tone if tone != "text_3" else "accent", 140)
        detail = fmt.prose(_detail(view, job))
        words = w.column(w.text(view.account_name, "medium"), w.elided(detail, "caption", "text_3"), spacing=0)
        if state is JobState.FAILED:
            bar.hide()
        avatar = Avatar(view.connection.venue[:1].upper(), 22, square=True)
        line = w.row(avatar, (words, 1), bar, Pill(tr(word), tone), spacing=10)
        w.fill(QVBoxLayout(self), [line], 0, (14, 7, 14, 7))


class Sources(w.Panel):
    """All sources of a vault."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__(tr("Connected so far"), note=tr("reading goes on while you set up"))
        self.count = 0

    def show_sources(self, views: tuple[ConnectionView, ...], workspace: Workspace) -> None:
        """Show the sources with their newest jobs."""
        jobs = workspace.jobs.all()
        self.count = len(views)
        items: list[w.Item] = []
        for view in views:
            name = view.connection.name
            job = next((job for job in jobs if name in job.title), None)
            items += [w.hline(), SourceLine(view, job)] if items else [SourceLine(view, job)]
        if not items:
            empty = w.text(tr("Nothing yet. Add the first source above, or skip and add it later."), "body", "text_3")
            empty.setContentsMargins(14, 10, 14, 12)
            items = [empty]
        self.show_body(w.column(*items, None, spacing=0))
