"""United States: Form 8949, sales and other dispositions of capital assets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from app.core.money import EXACT, ZERO, plain
from app.core.reports.broker import BrokerLine, trouble
from app.core.reports.frame import Content, framed
from app.core.reports.parcels import CENTS, Parcel, parcels
from app.core.reports.rounding import minus, nearest, summed
from app.core.reports.source import ReportSource
from app.core.reports.table import Cell, Column, ExchangeRecord, Kind, Reference, Report, Table
from app.core.tax.figures import Term

FORM = "us-8949"
TITLE = "Form 8949: sales and other dispositions of capital assets"
JURISDICTION = "us"
DIGITAL_BOXES_FROM = 2025
VARIOUS = "VARIOUS"

_BOXES = {
    (Term.SHORT, "reported"): ("G", "A"),
    (Term.SHORT, "no basis"): ("H", "B"),
    (Term.SHORT, "none"): ("I", "C"),
    (Term.LONG, "reported"): ("J", "D"),
    (Term.LONG, "no basis"): ("K", "E"),
    (Term.LONG, "none"): ("L", "F"),
}
"""The box for digital assets since 2025, and the one before."""

_REFERENCES = {"A": 321, "B": 711, "C": 712, "D": 323, "E": 713, "F": 714}
"""TXF V042, 2011: it knows the boxes A to F only."""

_COLUMNS = (
    Column("Part"),
    Column("Box"),
    Column("(a) Description"),
    Column("(b) Acquired", Kind.DATE),
    Column("(c) Sold", Kind.DATE),
    Column("(d) Proceeds", Kind.MONEY),
    Column("(e) Cost or other basis", Kind.MONEY),
    Column("(f) Code"),
    Column("(g) Adjustment", Kind.MONEY),
    Column("(h) Gain or loss", Kind.MONEY),
    Column("Entry"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the form; `own_cost` and `own_proceeds` are what column (g) corrects to."""

    box: str
    old_box: str
    term: Term | None
    description: str
    acquired: date | str | None
    sold: date
    proceeds: Decimal | None
    cost: Decimal | None
    code: str
    adjustment: Decimal
    row: str

    @property
    def gain(self) -> Decimal | None:
        """Return (d) − (e) + (g)."""
        gain = minus(self.proceeds, self.cost)
        return None if gain is None else EXACT.add(gain, self.adjustment)

    @property
    def cells(self) -> tuple[Cell, ...]:
        """Return the row as it is written."""
        part = {Term.SHORT: "I", Term.LONG: "II"}.get(self.term, "") if self.term else ""
        adjustment: Cell = self.adjustment if self.code else ""
        return (
            part or "unknown",
            self.box,
            self.description,
            self.acquired,
            self.sold,
            self.proceeds,
            self.cost,
            self.code,
            adjustment,
            self.gain,
            self.row,
        )


def lines(source: ReportSource) -> list[Line]:
    """Return the rows of the form: by box, then as they were sold."""
    _check_broker(source)
    found = list(_lines(source))
    return sorted(found, key=lambda one: (one.term is None, one.box))


def _lines(source: ReportSource) -> Iterator[Line]:
    is_new = source.year >= DIGITAL_BOXES_FROM
    broker = source.broker or {}
    for (row, term), group in groupby(_by_term(source), key=lambda one: (one.disposal.row, one.term)):
        parts = list(group)
        said = broker.get((row, term)) or broker.get((row, None))
        if said is not None and term is not None:
            yield _reported(parts, term, said, is_new=is_new)
            continue
        for same_day in _by_day(parts):
            yield _unreported(same_day, term, is_new=is_new)


def _by_term(source: ReportSource) -> Iterable[Parcel]:
    order = {row: place for place, row in enumerate(one.row for one in source.figures.disposals)}
    return sorted(parcels(source), key=lambda one: (order[one.disposal.row], one.term or ""))


def _by_day(parts: Sequence[Parcel]) -> Iterator[list[Parcel]]:
    days: dict[date | None, list[Parcel]] = {}
    for one in parts:
        days.setdefault(one.acquired, []).append(one)
    yield from days.values()


def _described(parts: Sequence[Parcel]) -> str:
    return f"{plain(summed(one.quantity for one in parts) or ZERO)} {parts[0].disposal.asset}"


def _box(term: Term | None, reported: str, *, is_new: bool) -> tuple[str, str]:
    if term is None:
        return "unknown", ""
    new, old = _BOXES[term, reported]
    return (new if is_new else old), old


def _unreported(parts: Sequence[Parcel], term: Term | None, *, is_new: bool) -> Line:
    one = parts[0]
    return Line(
        *_box(term, "none", is_new=is_new),
        term,
        _described(parts),
        one.acquired,
        one.sold,
        summed(part.proceeds for part in parts),
        summed(part.cost for part in parts),
        "",
        ZERO,
        one.disposal.row,
    )


def _reported(parts: Sequence[Parcel], term: Term, said: BrokerLine, *, is_new: bool) -> Line:
    """Return the row of what a broker reported: its figures stand in (d) and (e), what is wrong with them in (g)."""
    one = parts[0]
    days = {part.acquired for part in parts}
    own_proceeds = summed(part.proceeds for part in parts)
    own_cost = summed(part.cost for part in parts)
    proceeds = nearest(said.proceeds, CENTS)
    basis = nearest(said.basis, CENTS) if said.is_basis_reported else own_cost
    codes, adjustment = "", ZERO
    if own_cost is not None and said.basis is not None and nearest(said.basis, CENTS) != own_cost:
        codes += "B"
        adjustment = EXACT.add(adjustment, minus(basis, own_cost) or ZERO)
    if own_proceeds is not None and proceeds != own_proceeds:
        less = minus(own_proceeds, proceeds) or ZERO
        codes += "E" if less < 0 else "O"
        adjustment = EXACT.add(adjustment, less)
    known = None if own_cost is None or own_proceeds is None else basis
    return Line(
        *_box(term, "reported" if said.is_basis_reported else "no basis", is_new=is_new),
        term,
        _described(parts),
        days.pop() if len(days) == 1 else VARIOUS,
        one.sold,
        proceeds,
        known,
        codes,
        adjustment,
        one.disposal.row,
    )


def _check_broker(source: ReportSource) -> None:
    disposals = {one.row: one for one in source.figures.disposals}
    for line in (source.broker or {}).values():
        fault = trouble(line, disposals, source.year)
        if fault is not None:
            raise fault


def report(source: ReportSource) -> Report:
    """Return Form 8949."""
    found = lines(source)
    table = Table(TITLE, _COLUMNS, tuple(one.cells for one in found), tuple(_totals(found)))
    return framed(
        source,
        Content(
            FORM,
            TITLE,
            [table],
            _notes(source, found),
            edition=f"Form 8949 for {source.year}",
            references=(Reference("Instructions for Form 8949", "https://www.irs.gov/instructions/i8949"),),
            records=_records(found),
            no_records="TXF has no place for the corrections of column (g) nor for figures that are not known.",
        ),
    )


def _totals(found: Sequence[Line]) -> Iterator[tuple[Cell, ...]]:
    for box, group in groupby(found, key=lambda one: one.box):
        part = list(group)
        adjusted = nearest(summed(one.adjustment for one in part), CENTS)
        yield (
            part[0].cells[0],
            box,
            f"Total of box {box}",
            "",
            "",
            summed(one.proceeds for one in part),
            summed(one.cost for one in part),
            "",
            adjusted,
            summed(one.gain for one in part),
            "",
        )


def _notes(source: ReportSource, found: Sequence[Line]) -> list[str]:
    notes = [
        (
            "Amounts are rounded to the cent, a half up; the parts of a sale add up to the rounded sale, and "
            "totals are sums of the rounded rows."
        ),
    ]
    own, exact = summed(one.gain for one in found), source.figures.totals.gain
    if own is not None and exact is not None:
        notes.append(f"Total gain of the rows {own:f}; exact, without any rounding, {plain(exact)}.")
    if source.year >= DIGITAL_BOXES_FROM:
        notes.append(
            "Unverified, from secondary sources: boxes G, H, I (short) and J, K, L (long) for digital assets, basis "
            "reported, not reported, no Form 1099-DA; code B for a wrong basis, E and O for wrong proceeds."
        )
        notes.append(
            "TXF knows the boxes A to F only: in that format, G to L are written as those. Set them right in the "
            "program that reads it."
        )
    if source.broker is None and source.year >= DIGITAL_BOXES_FROM:
        notes.append(
            "No Form 1099-DA was given: every sale counts as not reported. Where a broker sent you one, its lines "
            "decide boxes and corrections."
        )
    if source.broker:
        count = len(source.broker)
        told = "1 line of Form 1099-DA was given: it decides its box and corrections."
        many = f"{count} lines of Form 1099-DA were given: they decide boxes and corrections of their sales."
        notes.append(told if count == 1 else many)
    notes.append(
        "Units acquired on several days stand on a row each, or as VARIOUS where a broker's line is of them all."
    )
    return notes


def _records(found: Sequence[Line]) -> tuple[ExchangeRecord, ...] | None:
    records: list[ExchangeRecord] = []
    for one in found:
        if one.code or one.proceeds is None or one.cost is None or not one.old_box:
            return None
        acquired = one.acquired if isinstance(one.acquired, date) else None
        reference = _REFERENCES[one.old_box]
        records.append(ExchangeRecord(reference, one.description, acquired, one.sold, one.cost, one.proceeds))
    return tuple(records)
