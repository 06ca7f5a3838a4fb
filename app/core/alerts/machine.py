"""The state of a rule: armed, pending, firing, and armed again once it is cleared.

What is unknown neither fires nor clears. What nobody saw does not count as time in which a condition was met.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from app.core.clock import SECOND
from app.core.model.alert_rules import AlertEvent, AlertRule, Happened

LONGEST_GAP = 60 * SECOND
"""Between two looks that are further apart nobody knows what was so: the computer slept, or a source was silent."""


class Phase(StrEnum):
    """Where a rule stands."""

    ARMED = "armed"
    PENDING = "pending"
    FIRING = "firing"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was measured at a moment; `value` None is unknown, and `why` says why."""

    at: int
    value: Decimal | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """Where a rule stands, and what was seen last.

    Attributes:
        since: From when on the condition is met, or since when the alert fires; None while armed.
        seen: When the value was known last.
        value: The last reading; None where that was unknown, or nothing was read yet.
        why: Why it is unknown.
    """

    phase: Phase = Phase.ARMED
    since: int | None = None
    seen: int | None = None
    value: Decimal | None = None
    why: str = ""


def is_met(rule: AlertRule, value: Decimal) -> bool:
    """Tell whether a value is beyond the threshold."""
    return value > rule.threshold if rule.is_above else value < rule.threshold


def is_back(rule: AlertRule, value: Decimal) -> bool:
    """Tell whether a value is at or past the level that re-arms."""
    return value <= rule.rearm if rule.is_above else value >= rule.rearm


def step(
    rule: AlertRule, state: State, reading: Reading, longest_gap: int = LONGEST_GAP
) -> tuple[State, Happened | None]:
    """Return where a rule stands after a reading, and what came of it."""
    value, at = reading.value, reading.at
    if value is None:
        return replace(state, value=None, why=reading.why or "It cannot be measured now."), None
    told = replace(state, seen=at, value=value, why="")
    if state.phase is Phase.FIRING:
        if is_back(rule, value):
            return replace(told, phase=Phase.ARMED, since=None), Happened.CLEARED
        return told, None
    if not is_met(rule, value):
        return replace(told, phase=Phase.ARMED, since=None), None
    since = state.since if _goes_on(state, at, longest_gap) else at
    if since is None or at - since < rule.hold_ns:
        return replace(told, phase=Phase.PENDING, since=since), None
    return replace(told, phase=Phase.FIRING, since=at), Happened.FIRED


def _goes_on(state: State, at: int, longest_gap: int) -> bool:
    """Tell whether the condition was watched since the last look; a clock that was set back begins anew."""
    return state.phase is Phase.PENDING and state.seen is not None and 0 <= at - state.seen <= longest_gap


def restored(fired: AlertEvent | None) -> State:
    """Return where a rule stands by its records: an alert that fired goes on firing after a start.

    How long a condition was pending is not recorded: whoever starts the program did not watch it.
    """
    return State() if fired is None else State(Phase.FIRING, fired.at_ns)


def firings(events: Iterable[AlertEvent]) -> dict[str, AlertEvent]:
    """Return what fires by the events, oldest first, by the record of the rule as it was then."""
    found: dict[str, AlertEvent] = {}
    for event in events:
        if event.what is Happened.FIRED:
            found[event.rule_record] = event
        elif event.what is Happened.CLEARED:
            found.pop(event.rule_record, None)
    return found
