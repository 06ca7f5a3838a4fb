"""A report as it will be written, as the rows and columns of a table on screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from app.core.reports.table import Cell as Value
from app.core.reports.table import Column as Heading
from app.core.reports.table import Kind, Table, text_of
from app.ui import format as fmt
from app.ui.models.cells import Cell, Figure, Words
from app.ui.models.columns import LEFT, RIGHT, Column
from app.ui.models.rows import Branch

_RIGHT = (Kind.MONEY, Kind.QUANTITY)
_WIDE = 60
"""Least width of a column of words in pixels; the whole text is in its tooltip."""


@dataclass(frozen=True, slots=True)
class FormRow:
    """One row of a report."""

    cells: tuple[Value, ...]
    is_total: bool


def branches(table: Table) -> tuple[Branch, ...]:
    """Return the rows of a table of a report, and the rows that sum them up."""
    rows = [FormRow(row, is_total=False) for row in table.rows]
    rows += [FormRow(row, is_total=True) for row in table.totals]
    return tuple(Branch(str(number), row) for number, row in enumerate(rows))


def columns(table: Table) -> Sequence[Column]:
    """Return the columns of a table of a report: each stays, however narrow the window is."""
    return tuple(_column(number, heading) for number, heading in enumerate(table.columns))


def _column(number: int, heading: Heading) -> Column:
    is_right = heading.kind in _RIGHT
    return Column(
        str(number),
        heading.title,
        partial(_written, number, heading.kind),
        partial(_cell, number, heading.kind),
        RIGHT if is_right else LEFT,
        can_sort=False,
        priority=100,
        width=_WIDE,
        gives_way=heading.kind is Kind.TEXT,
        can_hide=False,
    )


def _written(number: int, kind: Kind, row: FormRow) -> str:
    """Return a cell as a file has it."""
    return text_of(row.cells[number], kind) if number < len(row.cells) else ""


def _cell(number: int, kind: Kind, row: FormRow) -> Cell:
    value: Value = row.cells[number] if number < len(row.cells) else ""
    text = shown(value, kind)
    tone = "danger" if value is None else "text"
    role = "cell_strong" if row.is_total else "cell"
    return Figure(text, tone, role) if kind in _RIGHT or kind is Kind.DATE else Words(text, tone, role)


def shown(value: Value, kind: Kind) -> str:
    """Return a cell as it will be written; figures are masked where they must be, days never."""
    if fmt.mask() is fmt.Mask.NOTHING or value is None or isinstance(value, date):
        return text_of(value, kind)
    return fmt.MASK if isinstance(value, Decimal) else fmt.prose(value)


def name(row: FormRow) -> str:
    """Return how a row is called."""
    return text_of(row.cells[0], Kind.TEXT) if row.cells else ""
