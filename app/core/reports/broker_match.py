"""Form 1099-DA beside the own books: which sale each line is about, and the row of Form 8949 that follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from app.core.errors import InputError
from app.core.money import ZERO, plain
from app.core.reports.broker import COLUMNS, BrokerLine, Lines, trouble
from app.core.reports.parcels import parcels
from app.core.reports.rounding import summed
from app.core.reports.source import ReportSource
from app.core.reports.us_8949 import Line, lines
from app.core.tax.figures import DisposalFigures, Term

LIST_COLUMNS = (*COLUMNS, "sold", "asset", "quantity", "place", "own_proceeds", "own_cost")
"""Columns of a list of all sales: the first are filled in from the broker's form, the others say which sale it is."""

_Key = tuple[str, Term | None]


@dataclass(frozen=True, slots=True)
class Part:
    """What of a sale was held for one term, as the own books have it, rounded as Form 8949 is."""

    sale: DisposalFigures
    term: Term | None
    quantity: Decimal
    proceeds: Decimal | None
    cost: Decimal | None


@dataclass(frozen=True, slots=True)
class BrokerMatch:
    """A line of a broker with what it is about.

    Attributes:
        own: The part of a sale of the own books; None where the line fits none.
        form: The row of Form 8949 that follows; None likewise.
        fault: Why it fits none.
    """

    line: BrokerLine
    own: Part | None
    form: Line | None
    fault: InputError | None


def matches(source: ReportSource, found: Lines) -> tuple[BrokerMatch, ...]:
    """Return each line of a broker with what it is about, in their order."""
    sales = {one.row: one for one in source.figures.disposals}
    faults = {key: trouble(line, sales, source.year) for key, line in found.items()}
    fitting = {key: line for key, line in found.items() if faults[key] is None}
    own = parts(source)
    form = {(one.row, one.term): one for one in lines(replace(source, broker=fitting))}

    def judged(key: _Key, line: BrokerLine) -> BrokerMatch:
        if key not in fitting:
            return BrokerMatch(line, None, None, faults[key])
        held = sales[line.row].matches
        part = line.row, line.term or (held[0].term if held else None)
        return BrokerMatch(line, own.get(part), form.get(part), None)

    return tuple(judged(key, line) for key, line in found.items())


def parts(source: ReportSource) -> dict[_Key, Part]:
    """Return what each sale of the year is by term, by (row, term), in the order of the sales."""
    made: dict[_Key, Part] = {}
    for one in parcels(source):
        key = one.disposal.row, one.term
        before = made.get(key) or Part(one.disposal, one.term, ZERO, ZERO, ZERO)
        made[key] = Part(
            one.disposal,
            one.term,
            summed((before.quantity, one.quantity)) or ZERO,
            summed((before.proceeds, one.proceeds)),
            summed((before.cost, one.cost)),
        )
    return made


def sales_list(source: ReportSource) -> Iterator[tuple[str, ...]]:
    """Yield the sales of the year by term, as rows to be filled in from the broker's form: see `LIST_COLUMNS`."""
    for (row, term), part in parts(source).items():
        own = (part.sale.asset, plain(part.quantity), part.sale.wallet, _written(part.proceeds), _written(part.cost))
        yield row, str(term or ""), "", "", "", source.day(part.sale.at).isoformat(), *own


def _written(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}"
