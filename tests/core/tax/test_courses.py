"""Lots that are taken up from a checkpoint are those of the whole history, to the last unit, whatever came late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.clock import DAY, SECOND, iso, parse_iso
from app.core.lots.events import Event
from app.core.lots.methods import BY_WALLET, Method, Scope
from app.core.lots.results import Matched
from app.core.tax.courses import Checkpoint, Stretch, course, last_checkpoint, together
from app.core.tax.events import Transaction, in_units, units_of
from app.core.tax.matching import matched
from app.core.tax.profile import Profile, profile
from tests.core.lots.histories import histories, written

AUTOMATIC = sorted(set(Method) - {Method.SPEC_ID})
WAYS = [profile("generic", method=method) for method in AUTOMATIC]
WAYS += [profile("generic", method=method, scope=Scope.PER_WALLET) for method in sorted(BY_WALLET - {Method.SPEC_ID})]
WAYS += [profile(code) for code in ("us", "uk", "de", "ca", "au", "fr", "ie", "jp")]
WAYS += [
    profile("us", options={"safe-harbor": "global", "safe-harbor-date": "2023-07-01"}),
    profile("uk", options={"taxpayer": "company"}),
    profile("de", options={"transfer-fee": "to-basis"}),
]

every_way = pytest.mark.parametrize("way", WAYS, ids=lambda one: f"{one.jurisdiction.code}-{one.method}-{one.scope}")
few = settings(max_examples=8, deadline=None)


def long_histories(*, splits: bool) -> st.SearchStrategy[list[Transaction]]:
    """Return histories over a few years in which several things happen at one moment, and costs are missing."""
    return st.tuples(
        st.lists(histories(splits=splits), min_size=2, max_size=4), st.integers(10, 200), st.randoms()
    ).map(lambda drawn: _joined(*drawn))


def _joined(parts: list[list[Transaction]], days: int, dice: Random) -> list[Transaction]:
    found: list[Transaction] = []
    for number, part in enumerate(parts):
        for one in part:
            at = one.at + number * days * DAY
            is_rounded, is_unknown = dice.randrange(3) == 0, dice.randrange(30) == 0
            found.append(
                replace(
                    one,
                    row=f"{number}{one.row}",
                    at=at // DAY * DAY if is_rounded else at,
                    value=None if is_unknown else one.value,
                )
            )
    return sorted(found, key=lambda one: one.at)


def events_of(transactions: Sequence[Transaction]) -> list[Event]:
    return in_units(transactions, units_of(transactions))


def moment(year: int, month: int) -> int:
    return parse_iso(f"{year}-{month:02}-01T00:00:00Z")[0]


def ordered(found: Matched) -> Matched:
    """Return a result whose holdings stand in the order in which figures tell them."""
    found.holdings.sort(key=lambda one: (one.asset, one.wallet or ""))
    found.lots.sort(key=lambda one: (one.asset, one.wallet or ""))
    return found


@every_way
@few
@given(long_histories(splits=False))
def test_a_course_in_stretches_is_the_whole_course(way: Profile, transactions: list[Transaction]) -> None:
    events = events_of(transactions)
    stretches = course(way, Checkpoint(), events)

    assert ordered(matched(events, way)) == ordered(together(stretches))


@every_way
@few
@given(long_histories(splits=False), st.randoms(use_true_random=False))
def test_a_course_that_is_told_bit_by_bit_in_any_order_is_the_whole_course(
    way: Profile, transactions: list[Transaction], dice: Random
) -> None:
    whole = events_of(transactions)
    late = dice.sample(range(len(whole)), len(whole))
    known: list[int] = []
    stretches: list[Stretch] = []
    while late:
        count = dice.choice((1, 2, len(late) // 2 + 1))
        arrived, late = late[:count], late[count:]
        known = sorted([*known, *arrived])
        since = min(whole[place].at for place in arrived)
        stretches = refreshed(way, stretches, [whole[place] for place in known], since)

        assert ordered(matched([whole[place] for place in known], way)) == ordered(together(stretches))


def refreshed(way: Profile, before: list[Stretch], events: list[Event], since: int) -> list[Stretch]:
    """Play anew what a change at a moment concerns, and keep the rest."""
    if not before:
        return course(way, Checkpoint(), events)
    place = resumed(before, way, since)
    start = before[place].start
    rest = [event for event in events if start.at is None or event.at >= start.at]
    return [*before[:place], *course(way, start, rest)]


def resumed(stretches: Sequence[Stretch], profile: Profile, since: int | None) -> int:
    """Return the place of the stretch from which on a course is to be played anew.

    Args:
        stretches: As they were played before.
        profile: Of that course.
        since: The earliest moment at which something changed; None where all of it may have.
    """
    if since is None:
        return 0
    latest = last_checkpoint(profile, since)
    place = 0
    for number, stretch in enumerate(stretches):
        if stretch.start.at is not None and stretch.start.at <= latest:
            place = number
    return place


def test_there_is_a_checkpoint_at_the_start_of_each_month_and_a_late_purchase_concerns_what_follows_it() -> None:
    rows = [
        f"b{month} 2024-{month:02}-10 buy 2 BTC 10\ns{month} 2024-{month:02}-20 sell 1 BTC 20" for month in range(1, 13)
    ]
    events = events_of(written("\n".join(rows)))
    stretches = course(profile("us"), Checkpoint(), events)

    assert [None, *(iso(moment(2024, month)) for month in range(2, 13))] == [
        None if one.start.at is None else iso(one.start.at) for one in stretches
    ]
    assert [len(one.start.events) for one in stretches[:4]] == [0, 1, 1, 2]
    assert resumed(stretches, profile("us"), parse_iso("2024-07-15T00:00:00Z")[0]) == 6


@pytest.mark.parametrize(
    ("code", "day", "months"),
    [("us", "2024-07-15", 7), ("uk", "2024-07-15", 6), ("ca", "2024-07-15", 6), ("ie", "2024-07-20", 6)],
)
def test_what_is_known_late_reaches_as_far_back_as_the_law_does(code: str, day: str, months: int) -> None:
    way = profile(code)
    since = parse_iso(f"{day}T12:00:00Z")[0]

    assert months == date.fromordinal(way.calendar.day(last_checkpoint(way, since))).month


@pytest.mark.parametrize(
    "zone",
    ["UTC", "Europe/London", "America/New_York", "Asia/Tokyo", "Atlantic/Azores", "Pacific/Apia", "Asia/Kathmandu"],
)
def test_the_day_of_a_moment_is_what_the_clocks_of_its_zone_say(zone: str) -> None:
    calendar = profile("de", options={"day-zone": zone}).calendar
    hours = range(-3, 366 * 24)
    moments = [datetime(2011, 1, 1, minute=number % 60, tzinfo=UTC) + timedelta(hours=number) for number in hours]

    told = [calendar.day(int(one.timestamp()) * SECOND) for one in moments]
    assert [one.astimezone(ZoneInfo(zone)).toordinal() for one in moments] == told


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/Asuncion", "America/Sao_Paulo", "Asia/Beirut"])
def test_a_day_starts_where_the_one_before_it_ends_also_where_clocks_change_at_midnight(zone: str) -> None:
    calendar = profile("de", options={"day-zone": zone}).calendar
    days = range(date(2017, 1, 1).toordinal(), date(2018, 1, 1).toordinal())
    starts = [calendar.start_of(date.fromordinal(day)) for day in days]

    assert [(day - 1, day) for day in days] == [(calendar.day(start - 1), calendar.day(start)) for start in starts]
