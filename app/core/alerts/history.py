"""How often a rule would have fired over a history of days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from app.core.alerts.machine import Phase, Reading, State, step
from app.core.clock import DAY, SECOND
from app.core.model.alert_rules import AlertRule, Happened

_NEXT_DAY = 3 * DAY // 2
"""A day without a close breaks a condition that was pending."""


@dataclass(frozen=True, slots=True)
class Firing:
    """One time that a rule would have fired.

    Attributes:
        cleared: When it would have been over; None where it would still fire at the end.
        worst: The value furthest beyond the threshold.
    """

    fired: int
    cleared: int | None
    worst: Decimal


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule would have done.

    Attributes:
        known: Days on which it could be measured.
        unknown: Days on which it could not.
        how: What the history is made of.
        why_not: Why it cannot be told at all; "" where it can.
    """

    firings: tuple[Firing, ...] = ()
    first: int | None = None
    last: int | None = None
    known: int = 0
    unknown: int = 0
    how: str = ""
    why_not: str = ""


def over_history(rule: AlertRule, readings: Iterable[Reading], how: str) -> Trial:
    """Return what a rule would have done, from one reading a day, oldest first.

    A condition that must be met for less than a day is met where a close meets it: what was between is not known.
    """
    daily = replace(rule, hold_ns=rule.hold_ns // DAY * DAY)
    state, found = State(), list[Firing]()
    known = unknown = 0
    first = last = None
    for reading in readings:
        state, happened = step(daily, state, reading, _NEXT_DAY)
        if reading.value is None:
            unknown += 1
            continue
        known += 1
        first, last = reading.at if first is None else first, reading.at
        if happened is Happened.FIRED:
            found.append(Firing(reading.at, None, reading.value))
        elif happened is Happened.CLEARED:
            found[-1] = replace(found[-1], cleared=reading.at)
        elif state.phase is Phase.FIRING:
            found[-1] = replace(found[-1], worst=_worse(rule, found[-1].worst, reading.value))
    why = "" if known else "No day of the past is known well enough to tell."
    return Trial(tuple(found), first, last, known, unknown, how, why)


def over_silences(rule: AlertRule, read: Sequence[int], since: int, now: int, how: str) -> Trial:
    """Return when a source would have been silent for too long, from the moments at which it was read, oldest first.

    What is told is as if somebody had looked all the time: the records do not tell who did.
    """
    seen = [at for at in read if at <= now]
    begun = max(since, seen[0]) if seen else now
    patience = int(rule.threshold) * SECOND + rule.hold_ns
    found = [
        Firing(start + patience, end if end < now else None, Decimal((end - start) // SECOND))
        for start, end in pairwise((*seen, now))
        if end - start > patience and end > since
    ]
    known = (now - begun) // DAY + 1 if seen else 0
    return Trial(tuple(found), begun, now, known, 0, how, "" if seen else "It was never read.")


def _worse(rule: AlertRule, one: Decimal, other: Decimal) -> Decimal:
    return max(one, other) if rule.is_above else min(one, other)
