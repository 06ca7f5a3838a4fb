"""What the Overview asks for, and holds back until sources were read to their end: half a history makes no returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from app.core.clock import DAY
from app.core.model.accounts import ConnectionState
from app.core.model.views import ConnectionView, Overview, Scope
from app.ui.widgets.tables_states import message
from app.ui.words import tr


def is_reading(connections: Sequence[ConnectionView]) -> bool:
    """Tell whether a source is being read."""
    return any(row.state is ConnectionState.READING for row in connections)


def is_partial(connections: Sequence[ConnectionView]) -> bool:
    """Tell whether there is a source of which only the first part of its history is in the books."""
    never = [row for row in connections if row.last_read_ns is None]
    return is_reading(never) or any(row.records for row in never)


def ranged(scope: Scope, wanted: str, now: int) -> Scope:
    """Return the scope of the window with the range of the chart."""
    days = {"6m": 183}
    if wanted == scope.period:
        return scope
    since = now // DAY * DAY - days[wanted] * DAY if wanted in days else None
    return replace(scope, period=wanted, since_ns=since)


def held_back(overview: Overview) -> Overview:
    """Return the overview without returns."""
    why = tr("when all is read")
    return replace(
        overview,
        month_to_date=replace(overview.month_to_date, value=None, why=why),
        year_to_date=replace(overview.year_to_date, value=None, why=why),
    )


def notice(*buttons: QWidget) -> QWidget:
    """Return what stands in place of the curve."""
    what = tr("Not every source was read to its end yet.")
    return message(what, tr("Curve and returns follow when their history is complete."), buttons=buttons)
