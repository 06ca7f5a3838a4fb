"""Where the labels of the axes stand: round values, firsts of months, days."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import ROUND_CEILING, Decimal

from app.core.clock import DAY, SECOND, from_datetime, to_datetime
from app.ui import format as fmt

_FEWEST, _MOST = 4, 6
_STEPS = tuple(Decimal(step) for step in ("1", "2", "2.5", "5"))
_FURTHER = tuple(Decimal(step) for step in ("1", "1.5", "2", "3", "4", "6", "8"))
"""Less round steps, for spans that no round one divides into four to six."""
_ROOM = Decimal("0.06")
_MONTHS_A_YEAR = 12
_DAYS_ONLY = 45
_MINUTE = 60 * SECOND
_CLOCK_STEPS = tuple(minutes * _MINUTE for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720))
_CLOCK_ONLY = 3 * DAY


def padded(low: Decimal, high: Decimal) -> tuple[Decimal, Decimal]:
    """Return a range with air above and below; a flat line gets two percent, so that noise looks flat."""
    least = max(abs(high) * Decimal("0.02"), Decimal("1e-12"))
    room = max((high - low) * _ROOM, (least - (high - low)) / 2, Decimal(0))
    bottom = low - room
    return (Decimal(0) if low >= 0 > bottom else bottom), high + room


def value_ticks(low: Decimal, high: Decimal) -> tuple[tuple[Decimal, ...], Decimal]:
    """Return four to six round values inside a range, and the step between them."""
    span = high - low
    power = Decimal(1).scaleb(span.adjusted() - 2)
    for steps in (_STEPS, _FURTHER):
        for exponent in range(3):
            for factor in steps:
                step = factor * power.scaleb(exponent)
                ticks = _multiples(step, low, high)
                if _FEWEST <= len(ticks) <= _MOST:
                    return ticks, step
    return (low, high), span


def _multiples(step: Decimal, low: Decimal, high: Decimal) -> tuple[Decimal, ...]:
    """Return the multiples of a step inside a range; one more than wanted is enough to see that there are too many."""
    first = (low / step).to_integral_value(ROUND_CEILING) * step
    count = int((high - first) // step) + 1 if first <= high else 0
    return tuple(first + index * step for index in range(min(count, _MOST + 1)))


def _first_of_month(moment: datetime, months: int) -> datetime:
    index = moment.year * _MONTHS_A_YEAR + moment.month - 1 + months
    return datetime(index // _MONTHS_A_YEAR, index % _MONTHS_A_YEAR + 1, 1, tzinfo=UTC)


def _months(first: int, last: int, most: int) -> list[tuple[int, str]]:
    start = _first_of_month(to_datetime(first), 0)
    stop = to_datetime(last)
    count = (stop.year - start.year) * _MONTHS_A_YEAR + stop.month - start.month + 1
    every = next((step for step in (1, 2, 3, 6, 12, 24, 60) if count <= step * most), 120)
    ticks = []
    spans_years = stop.year != to_datetime(first).year
    for index in range(count + 1):
        moment = _first_of_month(start, index)
        at = from_datetime(moment)
        # The first days of a month still stand for it.
        at = first if at < first <= at + 3 * DAY else at
        if not first <= at <= last or ((moment.month - 1) % every and every < _MONTHS_A_YEAR):
            continue
        if every >= _MONTHS_A_YEAR and (moment.month != 1 or moment.year % (every // _MONTHS_A_YEAR)):
            continue
        ticks.append((at, str(moment.year) if moment.month == 1 and spans_years else fmt.month(at)))
    return ticks


def time_ticks(first: int, last: int, most: int) -> list[tuple[int, str]]:
    """Return at most about `most` moments with their labels: days in a short range, months and years in a long one."""
    if last <= first or most < 1:
        return []
    days = (last - first) // DAY + 1
    if days > _DAYS_ONLY:
        return _months(first, last, most)
    every = next((step for step in (1, 2, 5, 7, 10, 15) if days <= step * most), 30)
    start = -(-first // DAY)
    return [(day * DAY, fmt.day(day * DAY, year=False)) for day in range(start, last // DAY + 1, every)]


def clock_ticks(first: int, last: int, most: int) -> list[tuple[int, str]]:
    """Return moments of a range that may be as short as minutes: times of the day, and the day where it begins."""
    if last <= first or most < 1 or last - first > _CLOCK_ONLY:
        return time_ticks(first, last, most)
    step = next((step for step in _CLOCK_STEPS if last - first <= step * most), DAY)
    moments = range(-(-first // step) * step, last + 1, step)
    return [(at, fmt.time(at)[:5] if at % DAY else fmt.day(at, year=False)) for at in moments]
