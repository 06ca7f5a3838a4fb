"""Plays the events of a history under a profile: which engine, with which rules, until which moment."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date
from operator import attrgetter

from app.core.lots.allocation import Allocation, held_before
from app.core.lots.averages import Averages
from app.core.lots.book import Book
from app.core.lots.events import Event, Kind
from app.core.lots.four_weeks import FourWeekBook
from app.core.lots.lower_basis import measure_losses
from app.core.lots.methods import BY_LOT, Method, Scope
from app.core.lots.portfolio_average import PortfolioAverage
from app.core.lots.results import Matched
from app.core.lots.section104 import Section104
from app.core.lots.standing import StandingBook
from app.core.lots.superficial import SuperficialLoss
from app.core.lots.total_average import total_average
from app.core.stopping import Alive, Watched
from app.core.tax.calendar import Calendar
from app.core.tax.profile import Profile


def matched(
    events: Sequence[Event],
    profile: Profile,
    *,
    year: int | None = None,
    until: int | None = None,
    alive: Alive | None = None,
) -> Matched:
    """Return disposals and holdings, of a year and at its end, until the end of a day, or of the whole history."""
    if profile.has("transfer-fee", "to-basis"):
        events = fees_spent(events)
    calendar = profile.calendar
    last = until if year is None else calendar.bounds(year)[1].toordinal()
    # What follows the year can still match a disposal of it, but is not played.
    played = events if last is None else _until(events, calendar, last)
    if alive is not None:
        events, played = Watched(events, alive), Watched(played, alive)
    if profile.method in BY_LOT:
        found = _by_lot(events, played, profile, last)
    elif profile.method is Method.SECTION_104:
        is_company = profile.has("taxpayer", "company")
        found = Section104(events, calendar.day, is_company=is_company).played(until=last)
    elif profile.method is Method.PMP:
        found = PortfolioAverage(played).played()
    elif profile.method is Method.TOTAL_AVERAGE:
        found = total_average(played, calendar.year_of)
    else:
        rule = SuperficialLoss(events, calendar.day) if profile.has("superficial-loss") else None
        found = Averages(profile.scope, played, loss_rule=rule).played()
    if profile.has("gifts-received", "dual-basis"):
        measure_losses(found, played)
    if year is not None:
        found.disposals = [one for one in found.disposals if calendar.year_of(one.at) == year]
    return found


def _until(events: Sequence[Event], calendar: Calendar, last: int) -> Sequence[Event]:
    """Return the events until the end of a day."""
    end = calendar.start_of(date.fromordinal(last + 1))
    return events[: bisect_left(events, end, key=attrgetter("at"))]


def _by_lot(events: Sequence[Event], played: Sequence[Event], profile: Profile, until: int | None) -> Matched:
    if profile.has("four-week-rule"):
        return FourWeekBook(played, profile.calendar.day, history=events).played()
    scope = profile.scope
    if profile.safe_harbor is not None and until is not None and until < profile.safe_harbor.day.toordinal():
        # Such a year ends before lots belong to wallets.
        scope = Scope.UNIVERSAL
    harbor = allocation(played, profile) if scope is Scope.PER_WALLET else None
    if profile.changes:
        return StandingBook(profile.method, scope, played, profile.changes, allocation=harbor).played()
    is_lenient = profile.has("unidentified", "fifo")
    return Book(profile.method, scope, played, allocation=harbor, is_lenient=is_lenient).played()


def allocation(events: Sequence[Event], profile: Profile) -> Allocation | None:
    """Return the allocation that a safe harbour asks for."""
    if profile.safe_harbor is None:
        return None
    at = profile.calendar.start_of(profile.safe_harbor.day)
    return Allocation(at, profile.safe_harbor.order, held_before(events, at))


def fees_spent(events: Sequence[Event]) -> list[Event]:
    """Return the events with the fees of transfers as units that leave, just before the transfer that they paid.

    A fee is a sale of the same asset in the same wallet at the same moment as a transfer.
    """
    transfers = {_place(event) for event in events if event.kind == Kind.TRANSFER}
    found: list[Event] = []
    for event in events:
        if event.kind != Kind.DISPOSE or _place(event) not in transfers:
            found.append(event)
            continue
        fee = event._replace(kind=Kind.SPEND)
        start = len(found)
        while start and found[start - 1].at == event.at and found[start - 1].kind == Kind.TRANSFER:
            start -= 1
        found.insert(start, fee)
    return found


def _place(event: Event) -> tuple[int, str, str]:
    return event.at, event.asset, event.wallet
