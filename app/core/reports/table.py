"""What a report is: tables of typed cells with totals, and what a reader must know to use them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.core.money import plain

UNKNOWN = "unknown"
"""How a figure that is not known is written: never as zero, never as an empty cell."""

Cell = str | Decimal | date | None
"""None is a figure that is not known; an empty text is a cell that says nothing."""


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    DATE = "date"
    MONEY = "money"
    QUANTITY = "quantity"


@dataclass(frozen=True, slots=True)
class Column:
    """A column with its heading."""

    title: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns, and the rows that sum them up."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[tuple[Cell, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class ExchangeRecord:
    """A sale as programs for tax returns exchange it (TXF).

    Attributes:
        reference: The number of the line of the return.
        acquired: None where a row stands for several days.
    """

    reference: int
    description: str
    acquired: date | None
    sold: date
    cost: Decimal
    proceeds: Decimal


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a form or its rule stands."""

    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report, as every format writes it.

    Attributes:
        facts: What it is about, as (name, value).
        edition: Of which form; "" where there is no official one.
        is_verified: Whether the lines were compared with the official form; None where there is none.
        is_blocked: Whether a figure is not known.
        records: For TXF; None where that format does not carry this form.
        no_records: Why there are none.
    """

    form: str
    title: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...]
    edition: str
    references: tuple[Reference, ...]
    is_verified: bool | None
    is_blocked: bool
    records: tuple[ExchangeRecord, ...] | None
    no_records: str

    @property
    def verification(self) -> str:
        """Return in words whether the form was verified."""
        if self.is_verified is None:
            return "no official form"
        return "compared with the official form" if self.is_verified else "unverified: compare with the official form"


def text_of(cell: Cell, kind: Kind) -> str:
    """Return a cell as text: money with the places it was rounded to, quantities as short as they are exact."""
    if cell is None:
        return UNKNOWN
    if isinstance(cell, str):
        return cell
    if isinstance(cell, date):
        return cell.isoformat()
    return f"{cell:f}" if kind is Kind.MONEY else plain(cell)
