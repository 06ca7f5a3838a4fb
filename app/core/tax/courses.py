"""The course of lots through time: played month by month, so that it can be taken up again where something changed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.core.lots import checkpoints
from app.core.lots.events import Event
from app.core.lots.methods import BY_LOT, Method
from app.core.lots.results import Matched
from app.core.lots.section104 import THIRTY_DAY
from app.core.lots.undisturbed import undisturbed
from app.core.tax.look_back import begins, days_before, starts_after
from app.core.tax.matching import matched
from app.core.tax.profile import Profile

_RECENT = 6
"""Months whose checkpoints are all kept; of older ones only those that are small, or save more than they cost."""

_SMALL = 250
"""Lots."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where a course can be taken up again.

    Attributes:
        at: The moment; everything before it is told by `events`.
        events: The shortest history that leads to the same lots; empty at the very start.
    """

    at: int | None = None
    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Stretch:
    """What one stretch of time gives, from its checkpoint until the next.

    Attributes:
        found: Disposals, departures and shortages of the stretch; holdings and lots at its end.
    """

    start: Checkpoint
    found: Matched


@undisturbed
def course(profile: Profile, start: Checkpoint, events: Sequence[Event]) -> list[Stretch]:
    """Play what follows a checkpoint and return it in stretches; the last one ends with the history.

    Args:
        profile: How. Changes of method over time are part of it.
        start: Of the same profile.
        events: Everything from the checkpoint on, in the order of time.
    """
    found: list[Stretch] = []
    if checkpoints.has_none(events):
        return [Stretch(start, _without(start, _played(profile, start, events, None)))]
    done = 0
    for end in _ends(profile, start, events):
        until = _place(events, end, done)
        if until == done or not _is_worth(start, until - done, end, events):
            continue
        ahead = _place(events, _later(profile, end), until)
        part = _played(profile, start, events[done:ahead], _day_before(profile, end))
        told = _abridged(profile, (*start.events, *events[done:until]), part, end)
        if told is None:
            continue
        found.append(Stretch(start, _without(start, part)))
        start, done = Checkpoint(end, tuple(told)), until
    found.append(Stretch(start, _without(start, _played(profile, start, events[done:], None))))
    return found


def last_checkpoint(profile: Profile, since: int) -> int:
    """Return the latest moment of a checkpoint that still holds when something changed at `since`."""
    calendar = profile.calendar
    return calendar.start_of(date.fromordinal(calendar.day(since) - days_before(profile)))


def _ends(profile: Profile, start: Checkpoint, events: Sequence[Event]) -> Iterator[int]:
    """Yield the moments between months at which a checkpoint may stand."""
    if not events or profile.has("taxpayer", "company"):
        # What a company bought in the last ten days can still be sold first: its holding does not say it all.
        return
    calendar, first = profile.calendar, starts_after(profile)
    day, last = calendar.day(max(events[0].at, start.at or events[0].at)) + 1, calendar.day(events[-1].at)
    while day <= last:
        if begins(profile, day):
            moment = calendar.start_of(date.fromordinal(day))
            if first is None or moment > first:
                yield moment
        day = _next_month(date.fromordinal(day)).toordinal() if begins(profile, day) else day + 1


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=day.day)


def _is_worth(start: Checkpoint, count: int, end: int, events: Sequence[Event]) -> bool:
    months = (events[-1].at - end) // (30 * 86_400_000_000_000)
    return months <= _RECENT or len(start.events) <= max(_SMALL, count // 2)


def _later(profile: Profile, end: int) -> int:
    """Return until when purchases can still be matched with a sale before a moment."""
    calendar, days = profile.calendar, days_before(profile)
    return end if not days else calendar.start_of(date.fromordinal(calendar.day(end) + days + 1))


def _place(events: Sequence[Event], at: int, low: int) -> int:
    """Return how many events are before a moment."""
    return bisect_left(events, at, low, key=lambda event: event.at)


def _day_before(profile: Profile, at: int) -> int:
    return profile.calendar.day(at) - 1


def _played(profile: Profile, start: Checkpoint, events: Sequence[Event], until: int | None) -> Matched:
    if start.at is not None and profile.safe_harbor is not None:
        # Checkpoints of such a profile lie behind the moment from which on lots belong to wallets.
        profile = replace(profile, safe_harbor=None)
    return matched((*start.events, *events), profile, until=until)


def _abridged(profile: Profile, events: Sequence[Event], found: Matched, end: int) -> list[Event] | None:
    """Return the shortest history that leads to what is held at the end of a stretch; None where there is none."""
    calendar = profile.calendar
    if found.wrong_choices:
        # Why a choice is wrong is told from the whole history.
        return None
    if profile.has("four-week-rule"):
        first = calendar.day(end) - days_before(profile)
        if any(one.denied and calendar.day(one.at) >= first for one in found.disposals):
            # Purchases after the moment may be spoken for by a loss before it, and a lot does not say so.
            return None
    if profile.method in BY_LOT:
        has_ranks = profile.method in (Method.HIFO, Method.LOFO) or bool(profile.changes)
        return checkpoints.of_lots(events, found, has_ranks=has_ranks)
    if profile.method is Method.SECTION_104:
        return checkpoints.of_days(found, calendar.day, calendar.day(end), THIRTY_DAY)
    if profile.method is Method.PMP:
        return checkpoints.of_portfolio(events, found)
    if profile.has("superficial-loss"):
        since = calendar.start_of(date.fromordinal(calendar.day(end) - days_before(profile) - 1))
        return checkpoints.of_pools_with_window(events, found, since)
    return checkpoints.of_pools(found)


def _without(start: Checkpoint, found: Matched) -> Matched:
    """Leave out what the checkpoint's own events gave: they only stand for what was told before."""
    at = start.at
    if at is not None:
        own = {event.row for event in start.events}
        found.disposals = [one for one in found.disposals if one.at >= at]
        found.departures = [one for one in found.departures if one.at >= at]
        found.shortages = [one for one in found.shortages if one.row not in own]
        found.neutral = [row for row in found.neutral if row not in own]
    return found


def together(stretches: Sequence[Stretch]) -> Matched:
    """Return what a whole course gives."""
    last = stretches[-1].found
    whole = Matched(holdings=last.holdings, lots=last.lots, portfolio_cost=last.portfolio_cost)
    for stretch in stretches:
        found = stretch.found
        whole.disposals += found.disposals
        whole.departures += found.departures
        whole.shortages += found.shortages
        whole.overdrawn += found.overdrawn
        whole.wrong_choices += found.wrong_choices
        whole.neutral += found.neutral
    return whole
