"""Realised gains of a year, sale by sale."""

from __future__ import annotations

from app.core.reports.frame import Content, framed
from app.core.reports.rounding import nearest, places_of, summed
from app.core.reports.source import ReportSource
from app.core.reports.table import Cell, Column, Kind, Report, Table
from app.core.tax.figures import DisposalFigures

FORM = "realised"
TITLE = "Realised gains"
JURISDICTION = None

_COLUMNS = (
    Column("Sold", Kind.DATE),
    Column("Asset"),
    Column("Place"),
    Column("Quantity", Kind.QUANTITY),
    Column("Proceeds", Kind.MONEY),
    Column("Cost", Kind.MONEY),
    Column("Denied", Kind.MONEY),
    Column("Gain or loss", Kind.MONEY),
    Column("Held"),
    Column("Entry"),
)


def report(source: ReportSource) -> Report:
    """Return the realised gains."""
    places = places_of(source.currency)
    rows = tuple(_row(source, one, places) for one in source.figures.disposals)
    totals = source.figures.totals
    sums: tuple[Cell, ...] = (
        "Total",
        "",
        "",
        "",
        nearest(totals.proceeds, places),
        nearest(totals.cost, places),
        nearest(totals.denied, places),
        nearest(totals.gain, places),
        "",
        "",
    )
    return framed(
        source,
        Content(
            FORM,
            TITLE,
            [by_asset(source, places), Table("Sales", _COLUMNS, rows, (sums,))],
            [
                (
                    f"Amounts are rounded to {places} decimal places, a half up, each by itself; totals are "
                    "of exact figures, rounded once, and can differ from the sum of the rows by the last digit."
                ),
                "Gain is proceeds less cost plus what of a loss is denied.",
            ],
        ),
    )


def _row(source: ReportSource, one: DisposalFigures, places: int) -> tuple[Cell, ...]:
    return (
        source.day(one.at),
        one.asset,
        one.wallet,
        one.quantity,
        nearest(one.proceeds, places),
        nearest(one.cost, places),
        nearest(one.denied, places),
        nearest(one.gain, places),
        one.term.value if one.term else "",
        one.row,
    )


def by_asset(source: ReportSource, places: int) -> Table:
    """Return the sums of each asset."""
    found: dict[str, list[DisposalFigures]] = {}
    for one in source.figures.disposals:
        found.setdefault(one.asset, []).append(one)
    rows = tuple(
        (
            asset,
            str(len(part)),
            nearest(summed(one.proceeds for one in part), places),
            nearest(summed(one.cost for one in part), places),
            nearest(summed(one.denied for one in part), places),
            nearest(summed(one.gain for one in part), places),
        )
        for asset, part in sorted(found.items())
    )
    totals = source.figures.totals
    sums: tuple[Cell, ...] = (
        "Total",
        str(len(source.figures.disposals)),
        nearest(totals.proceeds, places),
        nearest(totals.cost, places),
        nearest(totals.denied, places),
        nearest(totals.gain, places),
    )
    columns = (
        Column("Asset"),
        Column("Sales"),
        Column("Proceeds", Kind.MONEY),
        Column("Cost", Kind.MONEY),
        Column("Denied", Kind.MONEY),
        Column("Gain or loss", Kind.MONEY),
    )
    return Table("Gains by asset", columns, rows, (sums,))
