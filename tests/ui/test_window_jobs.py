"""Jobs and faults in the window: when they show, what they say, and that nothing secret is in them."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from app.core.clock import SECOND
from app.core.errors import RetryableError
from app.services.events import RecordsAppended
from app.services.jobs import Job, JobState
from app.ui.main_window import MainWindow
from tests.ui.fake_workspace import FakeWorkspace
from tests.ui.windows import desk, floating, play, settle, texts

pytestmark = pytest.mark.usefixtures("qapp")


def test_jobs_open_by_themselves_only_when_one_has_failed(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        now = books.clock.now_ns()
        books.jobs.keep(Job(7, "Read kraken-main", now - 5 * SECOND, "page 3", 0.5))
        is_open_while_running = desk(window).dock.isVisible()
        failed = Job(
            7, "Read kraken-main", now, state=JobState.FAILED, ended_ns=now, reason="No network.", remedy="Retry."
        )
        books.jobs.keep(failed)

        assert not is_open_while_running
        assert desk(window).dock.isVisible()
        assert desk(window).status.jobs.words() == "1 failed"
        assert any("No network. Retry." in text for text in texts(desk(window).dock))

    play(tmp_path, story)


def test_jobs_of_less_than_a_second_are_never_shown(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        books.jobs.keep(Job(7, "Read kraken-main", books.clock.now_ns(), "page 3", 0.5))

        assert desk(window).status.jobs.words() == ""

    play(tmp_path, story)


def test_a_fault_in_a_task_is_shown_with_details_and_without_secrets(tmp_path: Path) -> None:
    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        async def broken() -> None:
            message = "key ABCDEFGHIJKLMNOPQRSTUVWX was refused"
            raise ValueError(message)

        desk(window).run(broken(), what="Reading the stars")
        await settle(window)
        banner = desk(window).banners.shown
        assert banner is not None
        assert banner.then is not None
        banner.then()
        details = "\n".join(text for text in texts(floating(window)))
        written = floating(window).findChildren(QLabel)

        assert banner.what == "Reading the stars failed."
        assert written
        assert "ABCDEFGHIJKLMNOPQRSTUVWX" not in details

    play(tmp_path, story)


def test_a_break_that_verifying_finds_is_a_failed_job_and_stays_in_sight(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        books.audit.first_break = "page 215 of the file changed or cut"
        desk(window).commands.run("verify")
        await settle(window)

        assert desk(window).dock.isVisible()
        assert any("The first break: page 215" in text for text in texts(desk(window).dock))
        assert not desk(window).toasts.isVisible()

    play(tmp_path, story)


def test_a_fault_of_the_market_data_leaves_the_window_usable(tmp_path: Path) -> None:
    books = FakeWorkspace(failing={"refresh": RetryableError("No network.", hint="Try again later.")})

    async def story(window: MainWindow, _books: FakeWorkspace) -> None:
        assert desk(window).place == "overview"

    play(tmp_path, story, workspace=books)


def test_prices_are_read_again_after_a_reading_and_what_is_shown_is_valued_anew(tmp_path: Path) -> None:
    async def story(window: MainWindow, books: FakeWorkspace) -> None:
        books.answers.asked.clear()
        now = books.clock.now_ns()
        books.jobs.keep(Job(8, "Tax year 2026", now, state=JobState.DONE, ended_ns=now))
        await settle(window)
        assert "refresh" not in books.answers.asked
        books.events.publish(RecordsAppended(("kraken-main",)))
        for _ in range(2):
            books.jobs.keep(Job(9, "Read kraken-main", now, state=JobState.DONE, ended_ns=now))
        await settle(window)

        assert books.answers.asked.count("refresh") == 1
        assert "overview" in books.answers.asked

    play(tmp_path, story)
