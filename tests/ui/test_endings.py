"""A program with a window that is told to end from outside."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from app.ui.endings import told_to_end


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_being_told_to_end_is_an_event_of_the_loop_and_no_exception(number: signal.Signals) -> None:
    told = asyncio.Event()
    with told_to_end(told.set):
        os.kill(os.getpid(), number)
        await asyncio.wait_for(told.wait(), 5)
    assert told.is_set()


async def test_what_answered_before_answers_again_afterwards() -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    with told_to_end(lambda: None):
        assert signal.getsignal(signal.SIGINT) is not before[0]
    assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before


async def test_a_signal_that_whoever_started_the_program_ignores_stays_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with told_to_end(lambda: None):
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
