"""What the Overview shows, read back from its widgets: for export, for files, for whoever compares."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Protocol

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QWidget

from app.core.errors import InputError
from app.core.money import plain
from app.ui import format as fmt
from app.ui.screens.base import Shell
from app.ui.screens.overview_board import Board
from app.ui.screens.overview_panels import exact
from app.ui.widgets.saving import ask_where
from app.ui.words import tr


def _exact(board: Board) -> dict[str, Decimal]:
    strip = board.figures
    single = {
        "value": strip.value.figure.exact,
        "effect_24h": strip.value.change.exact,
        "month_to_date": strip.month.figure.exact,
        "year_to_date": strip.year.figure.exact,
        "cash": strip.cash.figure.exact,
        "value_at_risk": strip.risk.figure.exact,
    }
    found = {name: value for name, value in single.items() if value is not None}
    found |= exact(board.allocation.list, "weight", 2)
    found |= exact(board.allocation.list, "amount", 3)
    found |= exact(board.movers.list, "change", 2)
    found |= exact(board.movers.list, "effect", 3)
    found |= exact(board.held.list, board.held.groups.current, 2)
    last = board.chart.course.values[-1] if len(board.chart.course) else None
    return found if last is None else found | {"chart/last": last}


def shown(board: Board) -> Mapping[str, str]:
    """Return the exact figures that the widgets hold, as plain text."""
    return {name: plain(value) for name, value in _exact(board).items()}


def seen(board: Board, currency: str) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    """Return headings and raw rows of what is seen."""
    rows = []
    for name, value in _exact(board).items():
        figure, _, subject = name.partition("/")
        is_share = figure in ("weight", "change", "month_to_date", "year_to_date")
        rows.append([figure, subject, plain(value), "" if is_share else currency])
    return (tr("Figure"), tr("Subject"), tr("Value"), tr("Currency")), rows


class ChartPanel(Protocol):
    """A panel with a chart."""

    def grab(self) -> QPixmap:
        """Return it as a picture."""

    def raw_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        """Return headings and exact rows."""


class Files:
    """Writes what is seen where a person says."""

    def __init__(self, shell: Shell, parent: QWidget) -> None:
        """Take the window and whom dialogs belong to."""
        self._shell, self._parent = shell, parent

    async def save_chart(self, panel: ChartPanel, kind: str, name: str = "value") -> None:
        """Save the chart as a picture or its values as CSV."""
        if kind == "csv":
            await self.save_rows(name, *panel.raw_rows())
            return
        target = await self._where(name, "png")
        if target is not None:
            # Qt only tells that it did not work: the suffix is a person's, and a folder may be gone or closed.
            if not panel.grab().save(str(target), "PNG"):
                message = f"The picture cannot be written to {target}."
                raise InputError(message, hint=tr("Choose a place where you may write."))
            self._told(target)

    async def save_rows(self, name: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Save rows as CSV."""
        target = await self._where(name, "csv")
        if target is not None:
            await asyncio.to_thread(self._shell.workspace.runtime.csv.write, target, columns, rows)
            self._told(target)

    def _told(self, target: Path) -> None:
        self._shell.toast(tr("Written: %s").replace("%s", target.name))

    async def _where(self, name: str, kind: str) -> Path | None:
        day = fmt.date(self._shell.workspace.runtime.clock.now_ns())
        return await ask_where(self._parent, tr("Save as"), f"{name}-{day}.{kind}")
