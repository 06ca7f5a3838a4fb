"""Income of a year at its value on receipt: by kind, by asset, and every receipt with where its value stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from app.core.reports.frame import Content, framed
from app.core.reports.rounding import divided, nearest, places_of, summed
from app.core.reports.source import ReportSource
from app.core.reports.table import Column, Kind, Report, Table
from app.core.tax.figures import IncomeFigures

FORM = "income"
TITLE = "Income at its value on receipt"
JURISDICTION = None

_UNIT_PLACES = 8
_COLUMNS = (
    Column("Received", Kind.DATE),
    Column("Kind"),
    Column("Asset"),
    Column("Place"),
    Column("Quantity", Kind.QUANTITY),
    Column("Value of a unit", Kind.QUANTITY),
    Column("Value", Kind.MONEY),
    Column("Note"),
    Column("Entry"),
)


def report(source: ReportSource) -> Report:
    """Return the income report."""
    places = places_of(source.currency)
    income = source.figures.income
    rows = tuple(
        (
            source.day(one.at),
            kind_of(source, one),
            one.asset,
            one.wallet,
            one.quantity,
            divided(one.value, one.quantity, _UNIT_PLACES),
            nearest(one.value, places),
            source.noted((one.row,)),
            one.row,
        )
        for one in income
    )
    total = _total(source, places)
    return framed(
        source,
        Content(
            FORM,
            TITLE,
            [
                by_asset(source, places),
                _by_kind(source, places),
                Table("Receipts", _COLUMNS, rows, (("Total", "", "", "", "", "", total, "", ""),)),
            ],
            [
                f"Values are rounded to {places} decimal places, a half up; totals are of exact figures, rounded once.",
                "The value on receipt is also the cost of what was received.",
            ],
        ),
    )


def kind_of(source: ReportSource, one: IncomeFigures) -> str:
    """Return what kind of income a receipt is, in a word."""
    known = source.income_kinds.get(one.row)
    return "not stated" if known is None else known.value


def by_asset(source: ReportSource, places: int) -> Table:
    """Return the income of each asset."""
    columns = (Column("Asset"), Column("Receipts"), Column("Quantity", Kind.QUANTITY), Column("Value", Kind.MONEY))
    rows = tuple(
        (asset, str(len(part)), summed(one.quantity for one in part), _value(part, places))
        for asset, part in _grouped(source.figures.income, lambda one: one.asset)
    )
    return Table("Income by asset", columns, rows, (("Total", _count(source), "", _total(source, places)),))


def _by_kind(source: ReportSource, places: int) -> Table:
    columns = (Column("Kind"), Column("Receipts"), Column("Value", Kind.MONEY))
    rows = tuple(
        (kind, str(len(part)), _value(part, places))
        for kind, part in _grouped(source.figures.income, lambda one: kind_of(source, one))
    )
    return Table("Income by kind", columns, rows, (("Total", _count(source), _total(source, places)),))


def _grouped(
    income: Sequence[IncomeFigures], key: Callable[[IncomeFigures], str]
) -> list[tuple[str, list[IncomeFigures]]]:
    found: dict[str, list[IncomeFigures]] = {}
    for one in income:
        found.setdefault(key(one), []).append(one)
    return sorted(found.items())


def _value(part: Sequence[IncomeFigures], places: int) -> Decimal | None:
    return nearest(summed(one.value for one in part), places)


def _count(source: ReportSource) -> str:
    return str(len(source.figures.income))


def _total(source: ReportSource, places: int) -> Decimal | None:
    return nearest(source.figures.totals.income, places)
