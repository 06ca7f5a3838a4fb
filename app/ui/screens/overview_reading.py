"""What the Overview holds back while sources are read for the first time: half a history makes absurd returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtWidgets import QWidget

from app.core.model.accounts import ConnectionState
from app.core.model.views import ConnectionView, Overview
from app.ui.widgets.tables_states import message
from app.ui.words import tr


def is_first_reading(connections: Sequence[ConnectionView]) -> bool:
    """Tell whether a source is being read that was never read to its end."""
    return any(row.last_read_ns is None and row.state is ConnectionState.READING for row in connections)


def held_back(overview: Overview) -> Overview:
    """Return the overview without returns."""
    why = tr("when all is read")
    return replace(
        overview,
        month_to_date=replace(overview.month_to_date, value=None, why=why),
        year_to_date=replace(overview.year_to_date, value=None, why=why),
    )


def notice() -> QWidget:
    """Return what stands in place of the curve."""
    what = tr("Sources are being read for the first time.")
    return message(what, tr("Curve and returns follow when every source was read to its end."))
