"""Returns of a period, read off the equity curve. The method is always named."""

from __future__ import annotations

from app.core.clock import DAY
from app.core.model.views import EquityCurve, Return
from app.core.money import ratio

METHOD = "TWR"
"""Time-weighted return: daily periods, flows valued at the close of their day and taken as made at its end."""


def time_weighted(curve: EquityCurve, since_ns: int) -> Return:
    """Return the growth since the last close before `since_ns`; None where the books are younger."""
    known = [point for point in curve.points if point.without_flows is not None]
    before = [point for point in known if point.at <= since_ns]
    if not known:
        return Return(None, METHOD, "There is no priced day yet.")
    if not before or since_ns - before[-1].at > DAY:
        return Return(None, METHOD, "The books have no priced day before the period.")
    first, last = before[-1].without_flows, known[-1].without_flows
    grown = None if first is None or last is None else ratio(last, first)
    return Return(None if grown is None else grown - 1, METHOD, "" if grown is not None else "The first value is zero.")
