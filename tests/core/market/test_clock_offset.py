"""A venue's clock that is off: ages come from an estimated offset."""

from __future__ import annotations

from statistics import median_high

from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import MILLISECOND, SECOND
from app.core.market.clock_offset import ClockOffset

NOW = 1_800_000_000 * SECOND


def test_a_clock_that_runs_behind_makes_no_age_below_zero_and_no_frame_old() -> None:
    clock = ClockOffset()
    for number in range(100):
        clock.saw(NOW + number * SECOND, NOW + number * SECOND - 1_270 * MILLISECOND)
    event = NOW + 100 * SECOND

    assert clock.age(event, event - 1_270 * MILLISECOND) == 0
    assert clock.age(event, event - 1_270 * MILLISECOND + 5 * SECOND) == 5 * SECOND


def test_one_frame_that_was_held_up_does_not_move_the_offset() -> None:
    clock = ClockOffset()
    for number in range(101):
        clock.saw(NOW, NOW + (30 * SECOND if number == 50 else MILLISECOND))

    assert clock.ns == MILLISECOND


@given(st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=400))
def test_the_offset_is_the_median_of_what_was_seen(offsets: list[int]) -> None:
    clock = ClockOffset()
    for offset in offsets:
        clock.saw(NOW, NOW + offset)

    assert clock.ns == median_high(offsets)


def test_a_clock_that_was_set_right_is_followed() -> None:
    clock = ClockOffset()
    for offset in [SECOND] * 1_000 + [0] * 10_000:
        clock.saw(NOW, NOW + offset)

    assert clock.ns == 0
