"""A summary of a tax year that a client can read."""

from __future__ import annotations

from app.core.reports import holdings, income, realised
from app.core.reports.frame import Content, framed
from app.core.reports.rounding import nearest, places_of, rounded_parts
from app.core.reports.source import ReportSource
from app.core.reports.table import Cell, Column, Kind, Report, Table

FORM = "summary"
TITLE = "Summary of the tax year"
JURISDICTION = None


def report(source: ReportSource) -> Report:
    """Return the summary."""
    places = places_of(source.currency)
    tables = [_year(source, places)]
    if source.figures.allowances:
        tables.append(_allowances(source, places))
    if source.figures.disposals:
        tables.append(realised.by_asset(source, places))
    if source.figures.income:
        tables.append(income.by_asset(source, places))
    if source.figures.holdings:
        tables.append(holdings.table(source))
    return framed(
        source,
        Content(
            FORM,
            TITLE,
            tables,
            [
                (
                    f"Amounts are rounded to {places} decimal places, a half up; totals are of exact figures, "
                    f"rounded once."
                ),
                (
                    "These are figures, not a tax return, and not the tax that is due: losses of other years and "
                    "other income are not part of them, nor of what allowances leave."
                ),
            ],
        ),
    )


def _allowances(source: ReportSource, places: int) -> Table:
    columns = (
        Column("Allowance"),
        Column("Kind"),
        Column("Amount or share", Kind.QUANTITY),
        Column("Measured", Kind.MONEY),
        Column("Left until there", Kind.MONEY),
        Column("Taxable after it", Kind.MONEY),
        Column("Law"),
    )
    rows = tuple(
        (
            one.name,
            one.kind,
            one.amount,
            nearest(one.measured, places),
            "" if one.left is None and one.kind in ("share", "discount") else nearest(one.left, places),
            nearest(one.taxable, places),
            one.law if one.is_verified else f"{one.law} (unverified)",
        )
        for one in source.figures.allowances
    )
    return Table("Allowances and thresholds", columns, rows)


def _year(source: ReportSource, places: int) -> Table:
    figures, totals = source.figures, source.figures.totals
    rows: list[tuple[Cell, ...]] = [
        (f"Proceeds of sales: {len(figures.disposals)}", nearest(totals.proceeds, places)),
        ("Cost of what was sold", nearest(totals.cost, places)),
    ]
    if totals.denied:
        rows.append(("Losses that are denied", nearest(totals.denied, places)))
    rows.append(("Gain or loss", nearest(totals.gain, places)))
    if source.profile.is_long is not None:
        means = source.profile.jurisdiction.long_means or "held for long"
        # The rounded parts add up to the rounded gain: what is left is in the short one.
        long, short = rounded_parts([totals.long_gain, totals.short_gain], places)
        rows.append(("of it on what was held for short", short))
        rows.append((f"of it on what was {means}", long))
    rows.append((f"Income from receipts: {len(figures.income)}", nearest(totals.income, places)))
    return Table("The year", (Column("What"), Column(source.currency or "Amount", Kind.MONEY)), tuple(rows))
