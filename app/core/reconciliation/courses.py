"""From the series of differences of a place: when a break began, whether it grew, whether it is healed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby, pairwise

from app.core.clock import SECOND
from app.core.model.breaks import Break, Course, Step
from app.core.model.ledger_rows import Compared
from app.core.money import EXACT, ZERO

SETTLES = 3_600 * SECOND
"""A difference that another reading within an hour does not show was on its way between two answers of the source."""


def courses(compared: Iterable[Compared]) -> tuple[Course, ...]:
    """Return the course of every place that was ever read, by account, sub-place and asset."""
    ordered = sorted(compared, key=lambda one: (one.account, one.sub_place, one.asset, one.at))
    found = groupby(ordered, key=lambda one: (one.account, one.sub_place, one.asset))
    return tuple(_course(place, tuple(readings)) for place, readings in found)


def _course(place: tuple[str, str, str], readings: tuple[Compared, ...]) -> Course:
    return Course(*place, readings, _breaks(_settled(readings)))


def _settled(readings: Sequence[Compared]) -> list[Compared]:
    """Leave out readings whose difference the next one, soon after, no longer shows."""
    pairs = pairwise(readings)
    kept = [one for one, then in pairs if not _is_passing(one, then)]
    return [*kept, *readings[-1:]]


def _is_passing(one: Compared, then: Compared) -> bool:
    return bool(one.difference) and then.at - one.at <= SETTLES and one.difference != then.difference


def _breaks(readings: Sequence[Compared]) -> tuple[Break, ...]:
    found: list[Break] = []
    steps: list[Step] = []
    last: Compared | None = None
    agreed: int | None = None
    for one in readings:
        before = ZERO if last is None else last.difference
        if one.difference != before:
            steps.append(Step(None if last is None else last.at, one.at, EXACT.subtract(one.difference, before)))
        if not one.difference:
            if last is not None and before:
                found.append(Break(agreed, steps[0].until_ns, one.at, before, tuple(steps[:-1])))
            steps, agreed = [], one.at
        last = one
    if last is not None and last.difference:
        found.append(Break(agreed, steps[0].until_ns, None, last.difference, tuple(steps)))
    return tuple(found)


def at_end(course: Course, until_ns: int | None) -> Break | None:
    """Return the break that a period's end stands in; None for the end: of now.

    One that began between a reading before the end and one after it may belong to the period, so it counts.
    """
    for one in reversed(course.breaks):
        if until_ns is None:
            return one if one.healed_ns is None else None
        began_before = one.after_ns is None or one.after_ns < until_ns
        is_open = one.healed_ns is None or (one.healed_ns > until_ns and one.by_ns <= until_ns)
        if began_before and is_open:
            return one
    return None
