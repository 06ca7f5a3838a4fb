"""Moments out of statement cells; a date whose day and month could be swapped is refused, never guessed."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from enum import Enum

from app.connectors.files.faults import CellError
from app.core.clock import EPOCH, SECOND, parse_iso

_DAY = 86_400
_MOMENT = re.compile(
    r"(\d{1,4})[-/.](\d{1,2})[-/.](\d{1,4})[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?"
    r"\s*(Z|UTC|\+00:?00)?\s*(AM|PM)?",
    re.IGNORECASE,
)
_FULL_YEAR = 4
_CENTURY = 2000
_FIRST_YEAR = 2009
"""No statement is older than the first block; this decides many two-digit dates."""


class DateOrder(Enum):
    """Which part of a date stands where."""

    YMD = (0, 1, 2)
    DMY = (2, 1, 0)
    MDY = (2, 0, 1)


def _date(parts: tuple[str, str, str], order: DateOrder) -> dt.date | None:
    year_at, month_at, day_at = order.value
    year_text, month_text, day_text = parts[year_at], parts[month_at], parts[day_at]
    if len(year_text) not in (2, _FULL_YEAR) or len(month_text) > 2 or len(day_text) > 2:  # noqa: PLR2004
        return None
    year = int(year_text) + (_CENTURY if len(year_text) == 2 else 0)  # noqa: PLR2004
    if year < _FIRST_YEAR:
        return None
    try:
        return dt.date(year, int(month_text), int(day_text))
    except ValueError:
        return None


class Moments:
    """Reads the time cells of one file in the one order of year, month and day that fits all of them."""

    def __init__(self, cells: Iterable[str], *, last_year: int) -> None:
        """Look at all cells first; `last_year` is the newest year that can be meant."""
        self._days: dict[str, int] = {}
        self._last: tuple[str | None, tuple[int, int]] = (None, (0, 0))
        self._last_year = last_year
        self.order: DateOrder | None = DateOrder.YMD
        odd = {parts for cell in cells if not _is_plain(cell) and (parts := self._parts(cell)) is not None}
        self.candidates = [order for order in DateOrder if self._fits(odd, order)] if odd else [DateOrder.YMD]
        if odd:
            self.order = self.candidates[0] if len(self.candidates) == 1 else None

    def _parts(self, cell: str) -> tuple[str, str, str] | None:
        match = _MOMENT.fullmatch(cell.strip())
        return None if match is None else (match[1], match[2], match[3])

    def _fits(self, dates: Iterable[tuple[str, str, str]], order: DateOrder) -> bool:
        read = (_date(parts, order) for parts in dates)
        return all(date is not None and date.year <= self._last_year for date in read)

    def read(self, cell: str, column: str) -> tuple[int, int]:
        """Return (nanoseconds UTC, resolution); CellError where the cell is no moment or no certain one."""
        # The rows of one event follow each other, and have one moment.
        if cell != self._last[0]:
            self._last = cell, self._read(cell, column)
        return self._last[1]

    def _read(self, cell: str, column: str) -> tuple[int, int]:
        if _is_plain(cell):
            return self._plain(cell, column), SECOND
        match = _MOMENT.fullmatch(cell.strip())
        if match is None:
            return self._zoned(cell, column)
        date = self._certain(match, cell, column)
        hour, minute = int(match[4]), int(match[5])
        if match[6] is None:
            raise CellError(
                column, cell, "has no seconds", "Export the file again and do not save it from a spreadsheet."
            )
        if match[9]:
            hour = hour % 12 + (12 if match[9].upper() == "PM" else 0)
        return self._at(date.toordinal() - EPOCH, (hour, minute, int(match[6])), cell, column) + int(
            (match[7] or "").ljust(9, "0"),
        ), 10 ** (9 - len(match[7] or ""))

    def _certain(self, match: re.Match[str], cell: str, column: str) -> dt.date:
        parts = (match[1], match[2], match[3])
        orders = [self.order] if self.order is not None else [order for order in DateOrder if _date(parts, order)]
        dates = {date for order in orders if (date := _date(parts, order)) is not None}
        if len(dates) == 1:
            return dates.pop()
        if not dates:
            raise CellError(column, cell, "is not a date")
        why = f"can mean {' or '.join(sorted(date.isoformat() for date in dates))}"
        raise CellError(column, cell, why, "Export the file again and do not save it from a spreadsheet.")

    def _zoned(self, cell: str, column: str) -> tuple[int, int]:
        try:
            return parse_iso(cell)
        except ValueError as error:
            raise CellError(column, cell, "is not a moment such as 2026-01-31 23:59:59") from error

    def _plain(self, cell: str, column: str) -> int:
        date = cell[:10]
        day = self._days.get(date)
        if day is None:
            try:
                day = dt.date.fromisoformat(date).toordinal() - EPOCH
            except ValueError as error:
                raise CellError(column, cell, "is not a date") from error
            self._days[date] = day
        return self._at(day, (int(cell[11:13]), int(cell[14:16]), int(cell[17:19])), cell, column)

    def _at(self, day: int, clock: tuple[int, int, int], cell: str, column: str) -> int:
        hour, minute, second = clock
        if hour > 23 or minute > 59 or second > 59:  # noqa: PLR2004
            raise CellError(column, cell, "is not a time of day")
        return (day * _DAY + hour * 3600 + minute * 60 + second) * SECOND


_is_plain = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z| UTC)?").fullmatch
