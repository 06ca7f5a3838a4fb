"""What the feed's benchmark notes: durations in steps, stages, memory that grows or not."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.bench.feed_measured import Durations, Memory, Stages, TimedPipe
from app.bench.figures import percentile

STEP = 0.05


@given(st.lists(st.floats(0, 900), min_size=1, max_size=60), st.sampled_from([0.01, 0.5, 0.9, 0.99]))
def test_a_percentile_of_steps_is_within_a_step_of_that_of_all_durations(found: list[float], share: float) -> None:
    durations = Durations()
    durations.note(np.array(found))
    ordered = sorted(found)
    exact = ordered[max(0, math.ceil(share * len(ordered)) - 1)]

    assert exact == pytest.approx(durations.percentile(share), abs=STEP + 1e-9)
    assert len(found) == len(durations)


def test_durations_noted_one_by_one_count_as_those_noted_together() -> None:
    one_by_one, together = Durations(), Durations()
    for duration in (3.0, 7.0, 7.0, 40.0):
        one_by_one.note(duration)
    together.note(np.array([3.0, 7.0, 7.0, 40.0]))

    assert percentile([3.0, 7.0, 7.0, 40.0], 0.5) == pytest.approx(together.percentile(0.5), abs=STEP + 1e-9)
    assert [one_by_one.percentile(share) for share in (0.25, 1.0)] == [together.percentile(s) for s in (0.25, 1.0)]


def test_a_duration_beyond_the_last_step_is_counted_there_and_no_percentile_of_nothing_is_a_figure() -> None:
    durations = Durations()
    nothing = durations.percentile(0.5)
    durations.note(1e9)

    assert math.isnan(nothing)
    assert durations.percentile(0.5) == pytest.approx(20_000, abs=2 * STEP)


@pytest.mark.parametrize(
    ("course", "grown"),
    [([9.0, *[50.0] * 39], 0.0), ([50.0 + at for at in range(40)], 17.0), ([*[60.0] * 30, *[50.0] * 10], 0.0)],
)
def test_memory_that_grows_in_the_last_half_is_told_and_that_of_the_start_is_not(
    course: list[float], grown: float
) -> None:
    memory = Memory()
    memory.megabytes = course

    assert grown == pytest.approx(memory.grown(), abs=1.0)


def test_memory_is_noted_once_a_second() -> None:
    memory = Memory()
    for now in (0.0, 0.4, 0.9, 1.0, 1.5, 2.1):
        memory.note(now)

    assert len(memory.megabytes) == 3
    assert min(memory.megabytes) > 1


def test_what_was_done_since_the_last_lap_is_counted_under_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter((1.0, 1.5, 1.75, 3.75))
    monkeypatch.setattr("app.bench.feed_measured.time.thread_time", lambda: next(moments))
    stages = Stages()
    for name in ("adding", "painting", "adding"):
        stages.lap(name)

    assert stages.spent == {"adding": 2.5, "painting": 0.25}


class Chunks:
    """A pipe of chunks that are there."""

    def __init__(self, *chunks: bytes) -> None:
        self._chunks = [*chunks, b""]
        self.is_stopped = False

    def receive(self) -> bytes:
        return self._chunks.pop(0)

    def stop(self) -> None:
        self.is_stopped = True


def test_a_timed_pipe_hands_on_what_it_gets() -> None:
    inner = Chunks(b"one\n", b"two\n")
    pipe = TimedPipe(inner)
    got = list(iter(pipe.receive, b""))
    pipe.stop()

    assert got == [b"one\n", b"two\n"]
    assert (inner.is_stopped, pipe.spent > 0) == (True, True)
