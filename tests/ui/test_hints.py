"""Hints as the window shows them."""

from __future__ import annotations

from app.core.errors import InputError, RateLimitedError, RefusedError
from app.services.jobs import Job, JobState
from app.ui import hints
from app.ui.screens.troubles import trouble


def test_a_hint_for_the_window_stays_as_it_is() -> None:
    fault = RateLimitedError("Kraken asked to wait.", retry_after=2, hint="Goes on by itself - nothing to do.")

    assert hints.line(fault) == "Kraken asked to wait. Goes on by itself - nothing to do."


def test_a_hint_for_the_command_line_becomes_what_can_be_done_here() -> None:
    account = InputError("There are 2 accounts at kraken.", hint="Say which one with --account.")
    key = RefusedError("The key may withdraw.", hint="Make a key that can only read, or insist with --allow-withdraw.")
    backup = InputError("This is no backup.", hint="Name a file that was written by: counterfoil vault backup.")

    assert hints.hint(account, "Choose the account above.") == "Choose the account above."
    assert hints.hint(account) == ""
    assert hints.hint(key) == "Make a key that can only read."
    assert trouble(backup).meaning == "Choose another file."
    assert "counterfoil" not in trouble(backup).details


def test_the_remedy_of_a_job_names_no_word_of_the_command_line() -> None:
    job = Job(1, "Back up", 0, state=JobState.FAILED, reason="Full.", remedy="Run: counterfoil vault backup elsewhere.")

    assert hints.shown(job.remedy) == ""
