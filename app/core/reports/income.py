"""Income of a year at its value on receipt."""

from __future__ import annotations

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
    total = nearest(source.figures.totals.income, places)
    return framed(
        source,
        Content(
            FORM,
            TITLE,
            [
                by_asset(source, places),
                Table("Receipts", _COLUMNS, rows, (("Total", "", "", "", "", total, "", ""),)),
            ],
            [
                f"Values are rounded to {places} decimal places, a half up; totals are of exact figures, rounded once.",
                "The value on receipt is also the cost of what was received.",
            ],
        ),
    )


def by_asset(source: ReportSource, places: int) -> Table:
    """Return the income of each asset."""
    found: dict[str, list[IncomeFigures]] = {}
    for one in source.figures.income:
        found.setdefault(one.asset, []).append(one)
    rows = tuple(
        (
            asset,
            str(len(part)),
            summed(one.quantity for one in part),
            nearest(summed(one.value for one in part), places),
        )
        for asset, part in sorted(found.items())
    )
    columns = (
        Column("Asset"),
        Column("Receipts"),
        Column("Quantity", Kind.QUANTITY),
        Column("Value", Kind.MONEY),
    )
    total = nearest(source.figures.totals.income, places)
    return Table("Income by asset", columns, rows, (("Total", str(len(source.figures.income)), "", total),))
