"""What holdings are worth at the end of a year, or of a day in it, and what a sale would gain then."""

from __future__ import annotations

from decimal import Decimal

from app.core.errors import InputError
from app.core.reports.frame import Content, framed
from app.core.reports.rounding import minus, nearest, places_of, summed
from app.core.reports.source import ReportSource
from app.core.reports.table import Cell, Column, Kind, Report, Table

FORM = "unrealised"
TITLE = "Unrealised gains"
JURISDICTION = None


def report(source: ReportSource) -> Report:
    """Return what is held with its value; InputError where no prices are there to value it."""
    day = source.as_of or source.period[1]
    notes = [
        (
            f"Amounts are rounded to {places_of(source.currency)} decimal places, a half up; totals are of exact "
            "figures, rounded once."
        ),
        "A value is that of the day, or of the last of the seven days before for which a price is known: each says so.",
        "Selling everything at once may bring less, and fees of a sale are not taken off.",
    ]
    if source.figures.portfolio_cost is not None:
        notes.append("The law knows the cost of the whole portfolio only, not of a single asset.")
    return framed(source, Content(FORM, f"{TITLE} at the end of {day.isoformat()}", [_table(source)], notes))


def _table(source: ReportSource) -> Table:
    if source.values is None:
        raise InputError(
            "Unrealised gains need the price of every asset, and a file of transactions has none.",
            hint="Ask for them of the vault, without --transactions.",
        )
    places, whole = places_of(source.currency), source.figures.portfolio_cost
    columns = (
        Column("Asset"),
        Column("Place"),
        Column("Quantity", Kind.QUANTITY),
        Column("Cost", Kind.MONEY),
        Column("Value", Kind.MONEY),
        Column("Gain if sold", Kind.MONEY),
        Column("How the value is known"),
    )
    rows: list[tuple[Cell, ...]] = []
    for one, value in zip(source.figures.holdings, source.values, strict=True):
        worth = nearest(value.amount, places)
        cost: Cell = nearest(one.cost, places) if whole is None else ""
        gain: Cell = nearest(minus(value.amount, one.cost), places) if whole is None else ""
        rows.append((one.asset, one.wallet or "all together", one.quantity, cost, worth, gain, value.source))
    return Table("Held", columns, tuple(rows), (_total(source, whole, places),))


def _total(source: ReportSource, whole: Decimal | None, places: int) -> tuple[Cell, ...]:
    cost = summed(one.cost for one in source.figures.holdings) if whole is None else whole
    worth = summed(one.amount for one in source.values or ())
    return ("Total", "", "", nearest(cost, places), nearest(worth, places), nearest(minus(worth, cost), places), "")
