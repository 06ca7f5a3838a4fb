"""Times of price files: ISO dates, counts since 1970, dates as people write them where the file proves their order."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from app.connectors.files.times import DateOrder
from app.core.clock import EPOCH, SECOND

_DAY = 86_400
_COUNT = re.compile(r"(\d{9,19})(?:\.\d*)?", re.ASCII)
_COMPACT = re.compile(r"(?:19|20)\d{6}", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})(?:[T ]+(\d{1,2}:\d{2}(?::\d{2})?))?", re.ASCII)
_WORDS = re.compile(
    r"(?:(?P<month>[a-z]{3,9})\.? (?P<day>\d{1,2})|(?P<day2>\d{1,2})[- ](?P<month2>[a-z]{3,9})),?[- ](?P<year>\d{4})",
    re.ASCII,
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ZONE = re.compile(r"\s*(?:UTC|GMT)$", re.IGNORECASE)
_SECONDS, _MILLISECONDS, _MICROSECONDS = 10, 13, 16
"""Digits of a count since 1970 in these units, in all years from 2001 to 2286; nanoseconds have nineteen."""
_YEARS = range(1900, 2200)
_SHORT_YEAR, _FULL_YEAR = 2, 4


class Times:
    """Reads the time cells of one file; a time without a zone is UTC."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        """Look at all cells first where their dates could be read in several orders."""
        self._known: dict[str, int | None] = {}
        odd = {match.group(1, 2, 3) for word in words if (match := _NUMBERS.fullmatch(word))}
        self.orders = [order for order in DateOrder if odd and all(_date(parts, order) for parts in odd)]

    def read(self, word: str) -> int | None:
        """Return nanoseconds; None for what is no time, or no certain one."""
        # The rows of one moment follow each other, and in a long file many assets share it.
        if word not in self._known:
            self._known[word] = self._read(word)
        return self._known[word]

    def _read(self, word: str) -> int | None:
        if _COMPACT.fullmatch(word):
            return _start(_iso_day(f"{word[:4]}-{word[4:6]}-{word[6:]}"))
        count = _COUNT.fullmatch(word)
        if count is not None:
            return _since_1970(count[1])
        if word.isdigit():
            # A spreadsheet's number of a day, among others: when its first day was is not told.
            return None
        found = _written(_ZONE.sub("+00:00", word)) if word[:4].isdigit() else None
        return self._as_people_write(word) if found is None else found

    def _as_people_write(self, word: str) -> int | None:
        named = _WORDS.fullmatch(word.casefold())
        if named is not None:
            month = (named["month"] or named["month2"])[:3]
            day = named["day"] or named["day2"]
            place = _MONTHS.index(month) + 1 if month in _MONTHS else 0
            return _start(_iso_day(f"{named['year']}-{place:02d}-{int(day):02d}"))
        numbers = _NUMBERS.fullmatch(word)
        orders = [DateOrder.YMD] if word[:4].isdigit() else self.orders
        if numbers is None or len(orders) != 1:
            return None
        date = _date(numbers.group(1, 2, 3), orders[0])
        return None if date is None else _written(f"{date.isoformat()}T{(numbers[4] or '00:00').rjust(5, '0')}")


def is_odd(word: str) -> bool:
    """Tell whether a cell is a date whose day and month could be swapped."""
    return not word[:4].isdigit() and _NUMBERS.fullmatch(word) is not None


def _since_1970(digits: str) -> int | None:
    length = len(digits)
    units = (_SECONDS, SECOND), (_MILLISECONDS, SECOND // 1_000), (_MICROSECONDS, 1_000), (_MICROSECONDS + 3, 1)
    return next((int(digits) * unit for most, unit in units if length in (most, most - 1)), None)


def _written(word: str) -> int | None:
    try:
        when = dt.datetime.fromisoformat(word)
    except ValueError:
        return None
    if when.year not in _YEARS:
        return None
    when = when if when.tzinfo else when.replace(tzinfo=dt.UTC)
    return int(when.timestamp()) * SECOND


def _iso_day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _start(day: dt.date | None) -> int | None:
    return None if day is None else (day.toordinal() - EPOCH) * _DAY * SECOND


def _date(parts: tuple[str, ...], order: DateOrder) -> dt.date | None:
    year, month, day = (parts[place] for place in order.value)
    if len(year) not in (_SHORT_YEAR, _FULL_YEAR) or len(month) > 2 or len(day) > 2:  # noqa: PLR2004
        return None
    full = year if len(year) == _FULL_YEAR else f"20{year}"
    return _iso_day(f"{full}-{int(month):02d}-{int(day):02d}")
