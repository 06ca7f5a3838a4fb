"""The periods of the scope bar: their words and where they begin."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime

from app.core.clock import from_datetime, to_datetime
from app.ui.words import tr

PERIODS = ("1m", "3m", "ytd", "1y", "all")
_MONTHS = {"1m": 1, "3m": 3, "1y": 12}


def words(period: str, now_ns: int) -> str:
    """Return what a period is called."""
    named = {
        "1m": tr("Last month"),
        "3m": tr("Last 3 months"),
        "1y": tr("Last 12 months"),
        "all": tr("From the start"),
    }
    return named.get(period) or tr("%s to date").replace("%s", str(to_datetime(now_ns).year))


def since(period: str, now_ns: int) -> int | None:
    """Return the first moment of a period, in UTC; None is the beginning of the books."""
    if period == "all":
        return None
    today = to_datetime(now_ns)
    if period not in _MONTHS:
        return from_datetime(datetime(today.year, 1, 1, tzinfo=UTC))
    months = today.year * 12 + today.month - 1 - _MONTHS[period]
    year, month = divmod(months, 12)
    day = min(today.day, monthrange(year, month + 1)[1])
    return from_datetime(datetime(year, month + 1, day, tzinfo=UTC))
