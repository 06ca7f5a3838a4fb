"""What holdings and their lots are worth at the end of a year, or of a day in it, and what a sale would gain then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from app.core.errors import InputError
from app.core.lots.methods import BY_LOT
from app.core.reports.frame import Content, framed
from app.core.reports.held import HeldLot
from app.core.reports.rounding import minus, nearest, places_of, summed
from app.core.reports.source import ReportSource
from app.core.reports.table import Cell, Column, Kind, Report, Table
from app.core.tax.figures import Term
from app.core.tax.open_lots import LotFigures
from app.core.tax.valuations import Valuation

FORM = "unrealised"
TITLE = "Unrealised gains"
JURISDICTION = None
TOGETHER = "all together"

_AMOUNTS = (
    Column("Quantity", Kind.QUANTITY),
    Column("Cost", Kind.MONEY),
    Column("Value", Kind.MONEY),
    Column("Gain if sold", Kind.MONEY),
)


def report(source: ReportSource) -> Report:
    """Return what is held with its value, together and lot by lot; InputError where no prices are there to value it."""
    day = source.as_of or source.period[1]
    notes = [
        (
            f"Amounts are rounded to {places_of(source.currency)} decimal places, a half up; totals are of exact "
            "figures, rounded once."
        ),
        "A value is that of the day, or of the last of the seven days before for which a price is known: each says so.",
        "Selling everything at once may bring less, and fees of a sale are not taken off.",
    ]
    tables = [_together(source)]
    if source.profile.method in BY_LOT:
        tables.append(_by_lot(source))
        notes += _about_lots(source, day)
    else:
        notes.append(f"{source.profile.jurisdiction.name} averages cost: there are no single lots.")
    if source.figures.portfolio_cost is not None:
        notes.append("The law knows the cost of the whole portfolio only, not of a single asset.")
    return framed(source, Content(FORM, f"{TITLE} at the end of {day.isoformat()}", tables, notes))


def _about_lots(source: ReportSource, day: date) -> list[str]:
    notes = ["Each lot has its share of its holding's value; the last one takes what rounding leaves."]
    if source.valued_on is not None and source.valued_on < day:
        notes.append(f"The last prices are of {source.valued_on.isoformat()}: values and terms are of that day.")
    if source.profile.is_long is not None:
        means = source.profile.jurisdiction.long_means
        notes.append(f"{source.profile.term_word(Term.LONG).capitalize()}: {means}." if means else "")
    return [one for one in notes if one]


def _together(source: ReportSource) -> Table:
    values = _valued(source)
    places, whole = places_of(source.currency), source.figures.portfolio_cost
    columns = (Column("Asset"), Column("Place"), *_AMOUNTS, Column("How the value is known"))
    rows: list[tuple[Cell, ...]] = []
    for one, value in zip(source.figures.holdings, values, strict=True):
        worth = nearest(value.amount, places)
        cost: Cell = nearest(one.cost, places) if whole is None else ""
        gain: Cell = nearest(minus(value.amount, one.cost), places) if whole is None else ""
        rows.append((one.asset, one.wallet or TOGETHER, one.quantity, cost, worth, gain, value.source))
    sums = (*_sums(source, whole), "")
    return Table("Held", columns, tuple(rows), (("Total", "", "", *sums),))


def _valued(source: ReportSource) -> Sequence[Valuation]:
    if source.values is None:
        raise InputError(
            "Unrealised gains need the price of every asset, and a file of transactions has none.",
            hint="Ask for them of the vault, without --transactions.",
        )
    return source.values


def _sums(source: ReportSource, whole: Decimal | None) -> tuple[Cell, Cell, Cell]:
    places = places_of(source.currency)
    cost = summed(one.cost for one in source.figures.holdings) if whole is None else whole
    worth = summed(one.amount for one in source.values or ())
    return nearest(cost, places), nearest(worth, places), nearest(minus(worth, cost), places)


def _by_lot(source: ReportSource) -> Table:
    has_terms = source.profile.is_long is not None
    terms = (Column("Term if sold"), Column("Long from", Kind.DATE)) if has_terms else ()
    columns = (
        Column("Asset"), Column("Place"), Column("Acquired", Kind.DATE), *_AMOUNTS, *terms,
        Column("How the value is known"), Column("Entry"),
    )  # fmt: skip
    lots = source.lots() if source.lots is not None else ()
    rows = tuple(_lot(source, one) for one in lots)
    blank = ("",) * len(terms)
    return Table("Lots", columns, rows, (("Total", "", "", "", *_sums(source, None), *blank, "", ""),))


def _lot(source: ReportSource, one: HeldLot) -> tuple[Cell, ...]:
    places, lot = places_of(source.currency), one.figures
    amounts = (lot.cost, one.value.amount, minus(one.value.amount, lot.cost))
    return (
        lot.asset,
        lot.wallet or TOGETHER,
        source.day(lot.acquired_ns),
        lot.quantity,
        *(nearest(amount, places) for amount in amounts),
        *_terms(source, lot),
        one.value.source,
        lot.lot,
    )


def _terms(source: ReportSource, lot: LotFigures) -> tuple[Cell, ...]:
    """Return the term of a sale on that day, and from which day on another one holds."""
    if lot.is_long is None or lot.long_from is None:
        return ()
    word = source.profile.term_word(Term.LONG if lot.is_long else Term.SHORT)
    return word, date.fromordinal(lot.long_from)
