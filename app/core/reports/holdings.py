"""What is held at the end of a year, or of a day in it, at cost."""

from __future__ import annotations

from app.core.reports.frame import Content, framed
from app.core.reports.rounding import divided, nearest, places_of, summed
from app.core.reports.source import ReportSource
from app.core.reports.table import Cell, Column, Kind, Report, Table

FORM = "holdings"
TITLE = "Holdings at cost"
JURISDICTION = None

_UNIT_PLACES = 8


def report(source: ReportSource) -> Report:
    """Return the holdings."""
    day = source.as_of or source.period[1]
    notes = [
        (
            f"Amounts are rounded to {places_of(source.currency)} decimal places, a half up; the total is of exact "
            "figures, rounded once. Value at market prices is not part of this report."
        ),
    ]
    if source.as_of is not None:
        notes.append("What was bought after that day is left out, also where the law matches it with earlier sales.")
    if source.figures.portfolio_cost is not None:
        notes.append("The law knows the cost of the whole portfolio only, not of a single asset.")
    return framed(source, Content(FORM, f"{TITLE} at the end of {day.isoformat()}", [table(source)], notes))


def table(source: ReportSource) -> Table:
    """Return what is held."""
    places = places_of(source.currency)
    whole = source.figures.portfolio_cost
    holdings = source.figures.holdings
    columns = (
        Column("Asset"),
        Column("Place"),
        Column("Quantity", Kind.QUANTITY),
        Column("Cost of a unit", Kind.QUANTITY),
        Column("Cost", Kind.MONEY),
    )
    rows: list[tuple[Cell, ...]] = []
    for one in holdings:
        unit: Cell = divided(one.cost, one.quantity, _UNIT_PLACES) if whole is None else ""
        cost: Cell = nearest(one.cost, places) if whole is None else ""
        rows.append((one.asset, one.wallet or "all together", one.quantity, unit, cost))
    total = nearest(summed(one.cost for one in holdings) if whole is None else whole, places)
    return Table("Held", columns, tuple(rows), (("Total", "", "", "", total),))
