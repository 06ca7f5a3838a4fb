"""Jobs: work of more than a moment, with what it does now, how far it is, and a way to stop it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from app.core.errors import CounterfoilError
from app.core.ports import Clock, Progress
from app.services.events import Events, JobChanged

Work = Callable[[Progress], Awaitable[str]]
"""Does the work and returns its outcome in words."""

_KEPT = 50


class JobState(StrEnum):
    """How a job is doing."""

    RUNNING = "running"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(slots=True)
class Job:
    """One piece of work.

    Attributes:
        share: 0 to 1, None where unknown.
        reason: Why it failed, in words; `remedy` says what to do.
    """

    job_id: int
    title: str
    started_ns: int
    doing: str = ""
    share: float | None = None
    state: JobState = JobState.RUNNING
    ended_ns: int | None = None
    outcome: str = ""
    reason: str = ""
    remedy: str = ""
    can_cancel: bool = True
    can_retry: bool = False


class Jobs:
    """All jobs of an open vault."""

    def __init__(self, clock: Clock, events: Events) -> None:
        """Start with none."""
        self._clock = clock
        self._events = events
        self._jobs: dict[int, Job] = {}
        self._works: dict[int, tuple[Work, bool]] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._next = 1

    def all(self) -> tuple[Job, ...]:
        """Return jobs, the newest first."""
        return tuple(reversed(self._jobs.values()))

    def running(self, job_id: int | None) -> Job | None:
        """Return a job that has not ended; None also where there is none, or where it was forgotten."""
        found = None if job_id is None else self._jobs.get(job_id)
        return None if found is None or found.ended_ns is not None else found

    def start(self, title: str, work: Work, *, can_retry: bool = True) -> int:
        """Begin work as a task of the loop and return its job's id."""
        job = Job(self._next, title, self._clock.now_ns())
        self._next += 1
        self._jobs[job.job_id] = job
        self._works[job.job_id] = (work, can_retry)
        task = self._tasks[job.job_id] = asyncio.create_task(self._run(job, work))
        task.add_done_callback(partial(self._ended, job))
        self._events.publish(JobChanged(job.job_id))
        self._forget_old()
        return job.job_id

    async def _run(self, job: Job, work: Work) -> None:
        def report(share: float | None, doing: str) -> None:
            job.share, job.doing = share, doing
            self._events.publish(JobChanged(job.job_id))

        try:
            job.outcome = await work(report)
        except asyncio.CancelledError:
            self._end(job, JobState.CANCELLED)
            raise
        except CounterfoilError as error:
            job.reason, job.remedy = error.message, error.hint
            self._end(job, JobState.FAILED)
        except Exception as error:  # noqa: BLE001 - shown in the job's row: nobody awaits the task
            job.reason = f"The program failed at this: {type(error).__name__}: {error}"
            job.remedy = "Try again; if it stays, report it with the details."
            self._end(job, JobState.FAILED)
        else:
            job.share = 1.0
            self._end(job, JobState.DONE)

    def _ended(self, job: Job, _task: asyncio.Task[None]) -> None:
        """Settle a job whose task was cancelled before it had begun: its work never ran."""
        if job.ended_ns is None:
            self._end(job, JobState.CANCELLED)

    def _end(self, job: Job, state: JobState) -> None:
        job.state = state
        job.ended_ns = self._clock.now_ns()
        job.can_cancel = False
        job.can_retry = state in (JobState.FAILED, JobState.CANCELLED) and self._works[job.job_id][1]
        self._events.publish(JobChanged(job.job_id))

    async def finished(self, job_id: int) -> Job:
        """Wait for a job's end and return it, however it ended."""
        await asyncio.wait([self._tasks[job_id]])
        return self._jobs[job_id]

    def cancel(self, job_id: int) -> None:
        """Ask a job to stop; what it has kept stays kept."""
        if self._jobs[job_id].can_cancel:
            self._tasks[job_id].cancel()

    def retry(self, job_id: int) -> int:
        """Begin the same work again as a new job, in place of the old one."""
        work, can_retry = self._works[job_id]
        title = self._jobs[job_id].title
        self.dismiss(job_id)
        return self.start(title, work, can_retry=can_retry)

    def dismiss(self, job_id: int) -> None:
        """Forget a job that has ended."""
        if self._jobs[job_id].ended_ns is None:
            return
        for known in (self._jobs, self._works, self._tasks):
            known.pop(job_id, None)
        self._events.publish(JobChanged(job_id))

    async def stop(self) -> None:
        """Cancel everything and wait until it has stopped."""
        tasks = [task for task in self._tasks.values() if not task.done()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _forget_old(self) -> None:
        ended = [job_id for job_id, job in self._jobs.items() if job.ended_ns is not None]
        for job_id in ended[: max(0, len(self._jobs) - _KEPT)]:
            for known in (self._jobs, self._works, self._tasks):
                known.pop(job_id, None)
