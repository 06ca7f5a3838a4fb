"""Jobs: how they end, what they say, and that nothing of it is lost."""

from __future__ import annotations

import asyncio

from app.core.errors import RateLimitedError, RetryableError
from app.core.ports import Progress
from app.services.events import Events, JobChanged
from app.services.jobs import Jobs, JobState
from tests.storage.journal_books import FixedClock


def jobs() -> tuple[Jobs, list[int]]:
    """Return jobs and the ids that were told as changed."""
    events, told = Events(), list[int]()
    events.subscribe(JobChanged, lambda event: told.append(event.job_id))
    return Jobs(FixedClock(), events), told


async def quick(progress: Progress) -> str:
    progress(0.5, "half")
    return "2 records"


async def broken(progress: Progress) -> str:
    progress(None, "asking")
    message = "Kraken did not answer."
    raise RetryableError(message, hint="It is tried again.")


async def endless(progress: Progress) -> str:
    progress(0.1, "waiting")
    await asyncio.Event().wait()
    return "never"


async def test_a_job_tells_its_way_and_its_outcome() -> None:
    made, told = jobs()
    job = await made.finished(made.start("Read kraken", quick))

    assert (job.state, job.outcome, job.doing, job.share, job.can_retry) == (
        JobState.DONE,
        "2 records",
        "half",
        1.0,
        False,
    )
    assert told == [1, 1, 1]


async def test_a_job_runs_until_it_has_ended_and_one_that_was_dismissed_runs_no_more() -> None:
    made, _ = jobs()
    job_id = made.start("Read kraken", quick)
    during = made.running(job_id)
    await made.finished(job_id)
    after = made.running(job_id)
    made.dismiss(job_id)

    assert during is not None
    assert during.job_id == job_id
    assert (after, made.running(job_id), made.running(None)) == (None, None, None)


async def test_a_failed_job_keeps_reason_and_remedy_and_can_be_tried_again() -> None:
    made, _ = jobs()
    job = await made.finished(made.start("Read kraken", broken))
    assert (job.state, job.reason, job.remedy) == (JobState.FAILED, "Kraken did not answer.", "It is tried again.")

    again = made.retry(job.job_id)

    assert [(one.job_id, one.title) for one in made.all()] == [(again, "Read kraken")]


async def test_a_fault_of_the_program_is_shown_in_the_row() -> None:
    async def faulty(progress: Progress) -> str:
        raise ZeroDivisionError

    made, _ = jobs()
    job = await made.finished(made.start("Read", faulty))

    assert (job.state, job.reason) == (JobState.FAILED, "The program failed at this: ZeroDivisionError: ")


async def test_a_cancelled_job_stops_and_can_be_tried_again() -> None:
    made, _ = jobs()
    job_id = made.start("Read", endless)
    await asyncio.sleep(0)
    made.cancel(job_id)
    job = await made.finished(job_id)

    assert (job.state, job.can_retry) == (JobState.CANCELLED, True)


async def test_stopping_ends_every_job() -> None:
    made, _ = jobs()
    for _ in range(2):
        made.start("Read", endless)
    await made.stop()

    assert [one.state for one in made.all()] == [JobState.CANCELLED, JobState.CANCELLED]


def test_an_unsubscribed_handler_hears_nothing_more() -> None:
    events, heard = Events(), list[object]()
    stop = events.subscribe(RateLimitedError, heard.append)
    stop()
    stop()
    events.publish(JobChanged(1))

    assert heard == []
