"""From a series of differences: when a break began, whether it grew or healed, and what a period ends in."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.core.model.breaks import Break
from app.core.model.ledger_rows import Compared
from app.core.reconciliation import at_end, courses
from app.core.reconciliation.courses import SETTLES

HOUR = SETTLES


def series(*differences: str, every: int = 24 * HOUR) -> tuple[Break, ...]:
    """Return the breaks of readings with these differences, one a day from day 1."""
    readings = [
        Compared("k", "spot", "bitcoin", (day + 1) * every, Decimal(5), Decimal(5) + Decimal(difference))
        for day, difference in enumerate(differences)
    ]
    (course,) = courses(readings)
    return course.breaks


def text(one: Break) -> str:
    def day(at: int | None) -> str:
        return "–" if at is None else str(at // (24 * HOUR))

    steps = " ".join(f"{day(step.after_ns)}..{day(step.until_ns)}:{step.amount}" for step in one.steps)
    return f"{day(one.after_ns)}..{day(one.by_ns)}..{day(one.healed_ns)} {one.difference} [{steps}]"


@pytest.mark.parametrize(
    ("differences", "expected"),
    [
        (("0", "0"), []),
        (("0", "1"), ["1..2..– 1 [1..2:1]"]),
        (("1", "1"), ["–..1..– 1 [–..1:1]"]),
        (("0", "1", "1", "3"), ["1..2..– 3 [1..2:1 3..4:2]"]),
        (("0", "1", "0", "0"), ["1..2..3 1 [1..2:1]"]),
        (("0", "-1", "0", "2"), ["1..2..3 -1 [1..2:-1]", "3..4..– 2 [3..4:2]"]),
    ],
)
def test_a_break_runs_from_the_first_reading_that_differs_to_the_first_that_agrees(
    differences: tuple[str, ...], expected: list[str]
) -> None:
    assert expected == [text(one) for one in series(*differences)]


def test_a_break_that_became_larger_grew() -> None:
    assert [series(*one)[0].grew for one in (("0", "1", "2"), ("0", "2", "1"), ("0", "1"))] == [True, False, False]


def test_what_the_next_reading_within_an_hour_does_not_show_was_on_its_way() -> None:
    assert [text(one) for one in series("0", "2")] == ["1..2..– 2 [1..2:2]"]
    assert [text(one) for one in series("0", "2", "0", every=HOUR)] == []


def test_a_reading_that_differs_stays_where_nothing_was_read_after_it() -> None:
    assert len(series("0", "2", every=HOUR)) == 1


@pytest.mark.parametrize(
    ("differences", "end", "expected"),
    [
        (("0", "1", "1"), 1.5, "1"),
        (("0", "1", "1"), 0.5, None),
        (("0", "0", "1"), 2.5, "1"),
        (("0", "0", "1"), 1.9, None),
        (("0", "1", "0"), 2.5, "1"),
        (("0", "1", "0"), 3.5, None),
        (("0", "1", "0"), 1.5, None),
        (("1", "1", "1"), 0.5, "1"),
        (("0", "1", "0", "2"), 2.5, "1"),
        (("0", "1", "0", "2"), None, "2"),
        (("0", "1", "0"), None, None),
    ],
)
def test_a_period_ends_in_a_break_that_may_have_begun_before_its_end_and_was_not_healed_by_then(
    differences: tuple[str, ...], end: float | None, expected: str | None
) -> None:
    (course,) = courses(
        [
            Compared("k", "spot", "bitcoin", (day + 1) * 24 * HOUR, Decimal(5), Decimal(5) + Decimal(difference))
            for day, difference in enumerate(differences)
        ]
    )
    found = at_end(course, None if end is None else int(end * 24) * HOUR)

    assert expected == (None if found is None else str(found.difference))
