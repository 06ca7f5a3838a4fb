from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import DAY, parse_iso
from app.ui.charts.course import Course
from app.ui.charts.scales import padded, time_ticks, value_ticks

JAN, _ = parse_iso("2026-01-01T00:00:00Z")
D = Decimal


@given(
    low=st.decimals(min_value=D("0"), max_value=D("1e9"), places=6),
    span=st.decimals(min_value=D("0"), max_value=D("1e9"), places=6),
)
def test_a_value_axis_has_four_to_six_labels_inside_its_range(low: Decimal, span: Decimal) -> None:
    bottom, top = padded(low, low + span)

    ticks, step = value_ticks(bottom, top)

    assert 4 <= len(ticks) <= 6
    assert all(bottom <= tick <= top for tick in ticks)
    assert {step} == {right - left for left, right in pairwise(ticks)}


def test_round_steps_come_before_less_round_ones() -> None:
    assert ((D(30), D(35), D(40), D(45), D(50), D(55)), D(5)) == value_ticks(D(29), D(57))


def test_a_flat_line_gets_air_so_that_noise_looks_flat() -> None:
    low, high = padded(D("0.9998"), D("1.0001"))

    assert high - low >= D("0.02")


def test_an_axis_never_starts_below_zero_for_values_that_do_not() -> None:
    assert padded(D(0), D(100))[0] == 0


def test_months_stand_at_their_first_day_and_a_year_is_named_where_it_begins() -> None:
    labels = [label for _, label in time_ticks(JAN - 200 * DAY, JAN + 100 * DAY, 12)]

    assert labels == ["Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "2026", "Feb", "Mar", "Apr"]


def test_days_are_named_in_a_short_range() -> None:
    assert [label for _, label in time_ticks(JAN, JAN + 13 * DAY, 3)] == ["1 Jan", "6 Jan", "11 Jan"]


@pytest.mark.parametrize("most", [1, 3, 8, 14])
@pytest.mark.parametrize("days", [1, 12, 45, 90, 365, 3_650])
def test_there_are_never_more_labels_than_fit(days: int, most: int) -> None:
    assert len(time_ticks(JAN, JAN + days * DAY, most)) <= most + 1


def test_a_day_that_is_missing_becomes_a_gap() -> None:
    course = Course.of([(JAN, D(1)), (JAN + DAY, D(2)), (JAN + 4 * DAY, D(3))])

    assert (D(1), D(2), None, D(3)) == course.values
    assert course.runs() == [[0, 1], [3]]


def test_the_crosshair_finds_the_nearest_known_value() -> None:
    course = Course(tuple(JAN + day * DAY for day in range(5)), (D(1), None, None, None, D(5)))

    assert (course.nearest(1.2), course.nearest(2.9), course.nearest(99.0)) == (0, 4, 4)
    assert course.step(0, 1) == 4
    assert Course((), ()).nearest(0.0) is None


def test_the_end_of_a_day_is_named_after_that_day() -> None:
    course = Course((JAN + DAY,), (D(1),))

    assert JAN <= course.day(0) < JAN + DAY
