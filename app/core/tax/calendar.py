"""Days and tax years: in which local day a moment falls, in which year a day, and how long something was held."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.core.clock import DAY, EPOCH, MICROSECOND, SECOND

_QUARTER = 900 * SECOND
_QUARTERS = DAY // _QUARTER
_LEAP_DAY = (2, 29)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Local days as ordinals, and the tax years that they make up.

    Attributes:
        starts: Month and day on which a tax year starts.
        is_named_by_end: The year is called after the calendar year in which it ends, not in which it starts.
    """

    zone: ZoneInfo
    starts: tuple[int, int] = (1, 1)
    is_named_by_end: bool = False
    _shifts: dict[int, int | None] = field(default_factory=dict, repr=False, compare=False)
    _days: dict[int, int] = field(default_factory=dict, repr=False, compare=False)
    _years: dict[int, int] = field(default_factory=dict, repr=False, compare=False)

    def day(self, at: int) -> int:
        """Return the local day of a moment."""
        whole = at // DAY
        if whole not in self._shifts:
            self._shifts[whole] = self._shift(whole)
        shift = self._shifts[whole]
        return self._asked(at // _QUARTER) if shift is None else (at + shift) // DAY + EPOCH

    def _shift(self, whole: int) -> int | None:
        """Return by how much clocks are ahead on a day of UTC, None where they are changed in it."""
        first, last = (self._local(whole * _QUARTERS + quarter) for quarter in (0, _QUARTERS))
        ahead = first.utcoffset()
        if ahead is None or ahead != last.utcoffset():
            return None
        return ahead // timedelta(microseconds=1) * MICROSECOND

    def _asked(self, quarter: int) -> int:
        """Return the local day of a quarter of an hour; offsets are whole quarters, so each is asked once."""
        day = self._days.get(quarter)
        if day is None:
            day = self._days[quarter] = self._local(quarter).toordinal()
        return day

    def _local(self, quarter: int) -> datetime:
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=quarter * 900)).astimezone(self.zone)

    def year_of(self, at: int) -> int:
        """Return the tax year of a moment."""
        day = self.day(at)
        year = self._years.get(day)
        if year is None:
            local = date.fromordinal(day)
            year = local.year if (local.month, local.day) >= self.starts else local.year - 1
            year = self._years[day] = year + 1 if self.is_named_by_end and self.starts != (1, 1) else year
        return year

    def bounds(self, year: int) -> tuple[date, date]:
        """Return the first and the last day of a tax year."""
        first = year - 1 if self.is_named_by_end and self.starts != (1, 1) else year
        return date(first, *self.starts), date(first + 1, *self.starts) - timedelta(days=1)

    def start_of(self, day: date) -> int:
        """Return the moment at which a local day starts, in nanoseconds."""
        start = datetime(day.year, day.month, day.day, tzinfo=self.zone)
        return int(start.timestamp()) * SECOND


HoldingTest = Callable[[int, int], bool]
"""Tells from the days of acquisition and disposal whether something was held for long."""


def _year_later(day: date) -> date:
    """Return the same day of the next year; 1 March where there is none."""
    return date(day.year + 1, 3, 1) if (day.month, day.day) == _LEAP_DAY else day.replace(year=day.year + 1)


def more_than_a_year(acquired: int, disposed: int) -> bool:
    """Tell whether the period, which starts on the day after the acquisition, is more than a year."""
    return date.fromordinal(disposed) >= _year_later(date.fromordinal(acquired + 1))


def after_the_anniversary(acquired: int, disposed: int) -> bool:
    """Tell whether the disposal is after the day of the next year that has the date of the acquisition."""
    day = date.fromordinal(acquired)
    anniversary = date(day.year + 1, 2, 28) if (day.month, day.day) == _LEAP_DAY else day.replace(year=day.year + 1)
    return date.fromordinal(disposed) > anniversary


def more_than_days(days: int) -> HoldingTest:
    """Return a test for more than so many days."""

    def is_long(acquired: int, disposed: int) -> bool:
        return disposed - acquired > days

    return is_long
