"""Typed columns: what a table shows of a row, how it sorts, and how wide it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from PySide6.QtCore import Qt

from app.core.money import plain
from app.ui import format as fmt
from app.ui.models.cells import Cell, Figure, Named, Quantity, Words

Key = Decimal | int | str | tuple[Any, ...]
Row = Any
"""A row is whatever the screen's columns read; each table has one type of row."""

LEFT, RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight


def _nothing(_row: Row) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        column_id: Stable name, under which its visibility and place are kept.
        value: The exact value: what Ctrl+C copies and tests read; None is unknown.
        cell: What is painted.
        sort_key: What it sorts by, where that is not its value; None stays last in both directions.
        can_sort: Whether a click on its title sorts.
        tooltip: The full precision.
        about: What the column says and how it is computed: the tooltip of its title.
        spoken: What a screen reader says in place of title and text.
        priority: When space runs out the lowest leaves first; 100 never leaves.
        width: Least width in pixels. A column of figures grows to its content.
        gives_way: A text column: it may shrink to `width` and elide, and takes its part of what is left over.
        is_live: Its cell flashes when the value changes.
        is_copied: Whether it is part of a copy.
    """

    column_id: str
    title: str
    value: Callable[[Row], Any]
    cell: Callable[[Row], Cell]
    align: Qt.AlignmentFlag = LEFT
    sort_key: Callable[[Row], Key | None] | None = None
    can_sort: bool = True
    tooltip: Callable[[Row], str] = _nothing
    about: str = ""
    spoken: Callable[[Row], str] = _nothing
    priority: int = 50
    width: int = 40
    gives_way: bool = False
    is_live: bool = False
    is_copied: bool = True
    can_hide: bool = True

    def key(self, row: Row) -> Key | None:
        """Return what the row sorts by in this column."""
        made: Key | None = (self.sort_key or self.value)(row)
        return made.casefold() if isinstance(made, str) else made

    def raw(self, row: Row) -> str:
        """Return the exact value as text, for copies."""
        value = self.value(row)
        if value is None:
            return ""
        return plain(value) if isinstance(value, Decimal) else str(value)

    def tip(self, row: Row) -> str:
        """Return the tooltip; a text that may be elided is its own."""
        said = self.tooltip(row)
        if said:
            return said
        cell = self.cell(row)
        return cell.text if isinstance(cell, Named | Words) else ""

    def said(self, row: Row) -> str:
        """Return the title with the text as shown, for screen readers."""
        words = self.spoken(row)
        if words:
            return words
        text = self.cell(row).text
        return f"{self.title} {text}".strip() if text else ""


def text_column(column_id: str, title: str, read: Callable[[Row], str], *, tone: str = "text", **more: Any) -> Column:
    """Return a column of plain text."""

    def shown(row: Row) -> Cell:
        return Words(read(row), tone)

    return Column(column_id, title, read, shown, gives_way=more.pop("gives_way", True), **more)


def figure_column(
    column_id: str, title: str, value: Callable[[Row], Any], shown: Callable[[Row], str], **more: Any
) -> Column:
    """Return a right-aligned column of figures."""

    def cell(row: Row) -> Cell:
        return Figure(shown(row), "text" if value(row) is not None else "text_3")

    return Column(column_id, title, value, cell, RIGHT, **more)


def quantity_column(
    column_id: str, title: str, value: Callable[[Row], Decimal | None], unit: Callable[[Row], str], **more: Any
) -> Column:
    """Return a column of quantities on the decimal point."""

    def cell(row: Row) -> Cell:
        return Quantity(value(row))

    def tip(row: Row) -> str:
        return full_quantity(value(row), unit(row))

    return Column(column_id, title, value, cell, RIGHT, tooltip=tip, **more)


def full_amount(value: Decimal | None, currency: str) -> str:
    """Return an amount with every place it has, at least two."""
    if value is None:
        return fmt.UNKNOWN
    return fmt.amount(value, currency, places=max(2, len(plain(value).partition(".")[2])))


def full_price(value: Decimal) -> str:
    """Return a price with every place it has."""
    return fmt.price(value, places=max(fmt.price_places(value), len(plain(value).partition(".")[2])))


def full_quantity(value: Decimal | None, unit: str) -> str:
    """Return a quantity with every place it has."""
    if value is None:
        return fmt.UNKNOWN
    _, point, fraction = plain(value).partition(".")
    return fmt.quantity(value, unit, places=len(fraction) if point else 0)
