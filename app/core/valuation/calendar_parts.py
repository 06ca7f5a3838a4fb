"""The parts of a period as the calendar has them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from app.core.model.performance import By

_MONTHS = {By.MONTH: 1, By.QUARTER: 3, By.YEAR: 12}


def calendar_parts(first: date, last: date, by: By) -> Iterator[tuple[str, date, date]]:
    """Yield months, quarters or years as the calendar has them, by name; the first and the last may be shorter."""
    while first <= last:
        length = _MONTHS[by]
        number = (first.month - 1) // length
        months = first.year * 12 + (number + 1) * length
        following = date(months // 12, months % 12 + 1, 1)
        yield _name(first, by, number), first, min(last, following - timedelta(days=1))
        first = following


def _name(first: date, by: By, number: int) -> str:
    if by is By.MONTH:
        return f"{first:%Y-%m}"
    return f"{first.year} Q{number + 1}" if by is By.QUARTER else str(first.year)
