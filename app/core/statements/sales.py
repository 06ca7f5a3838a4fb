"""Form 1099-DA line by line: by the id of a sale where one is given, else by asset, day and units."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.core.errors import InputError
from app.core.money import exact
from app.core.reports.broker import BrokerLine, line_of, trouble
from app.core.reports.broker_match import Part, parts
from app.core.reports.source import ReportSource
from app.core.statements.lines import Evidence, Matched, Status, Value, differing
from app.core.tax.figures import Term
from app.core.tax.from_entries import entry_of

COLUMNS = ("id", "term", "proceeds", "basis", "basis_reported", "sold", "asset", "quantity", "place")
"""The columns of the list of sales that the program writes; of id and asset with sold, one must be there."""

_BY_ID = "the id of the sale"
_BY_CONTENT = "asset, day and units"
_BY_PROCEEDS = "asset, day, units and proceeds"
_BY_DAY = "asset and day: the only sale that no other line is about"


@dataclass(frozen=True, slots=True)
class SaleLine:
    """What a broker reported about a sale, with what tells which one, as far as it is said."""

    line: str
    told: BrokerLine
    asset: str
    sold: date | None
    quantity: Decimal | None
    place: str

    @property
    def values(self) -> dict[str, Value]:
        """Return what the line says."""
        return {
            "id": self.told.row or None,
            "asset": self.asset or None,
            "sold": None if self.sold is None else self.sold.isoformat(),
            "term": self.told.term,
            "quantity": self.quantity,
            "proceeds": self.told.proceeds,
            "basis": self.told.basis,
        }


def read_sales(text: str) -> tuple[SaleLine, ...]:
    """Return the lines; InputError names every bad cell, or the columns that are missing."""
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="")
    heading = [name.strip().casefold() for name in reader.fieldnames or ()]
    reader.fieldnames = heading
    if "proceeds" not in heading or not ("id" in heading or {"asset", "sold"} <= set(heading)):
        raise InputError(
            "The file has no column proceeds, or none that says which sale a line is about.",
            hint=f"The columns are {', '.join(COLUMNS)}; without id, asset and sold say it.",
        )
    found: list[SaleLine] = []
    faults: list[str] = []
    for number, cells in enumerate(reader, start=2):
        told = {name: (cells.get(name) or "").strip() for name in COLUMNS}
        if not any(told[name] for name in ("proceeds", "basis", "basis_reported")):
            continue
        try:
            found.append(_sale(f"row {number}", told))
        except ValueError as error:
            faults.append(f"row {number}: {error}")
    if faults:
        raise InputError(f"The statement cannot be used: {'; '.join(faults)}.", hint="Correct these cells.")
    if not found:
        raise InputError("No line of the file is filled in.", hint="Fill in what the broker reported.")
    return tuple(found)


def _sale(line: str, told: Mapping[str, str]) -> SaleLine:
    if not told["id"] and not (told["asset"] and told["sold"]):
        message = "neither id nor asset and sold say which sale it is about"
        raise ValueError(message)
    # Where the form does not say whether the basis was reported, that decides nothing here.
    reported = told["basis_reported"] or "no"
    try:
        sold = date.fromisoformat(told["sold"]) if told["sold"] else None
    except ValueError:
        message = f"sold {told['sold']!r} is no day such as 2025-06-30"
        raise ValueError(message) from None
    quantity = exact(told["quantity"]) if told["quantity"] else None
    return SaleLine(line, line_of({**told, "basis_reported": reported}), told["asset"], sold, quantity, told["place"])


class _Books:
    """The sales of the own books, and which of them no line is about yet."""

    def __init__(self, source: ReportSource) -> None:
        self.source = source
        self.sales = {one.row: one for one in source.figures.disposals}
        self.left: dict[tuple[str, Term | None], Part] = dict(parts(source))
        self.places: set[str] = set()
        self._by_day: dict[tuple[str, date], list[Part]] = {}
        for one in self.left.values():
            self._by_day.setdefault((one.sale.asset.casefold(), self.day(one)), []).append(one)

    def day(self, part: Part) -> date:
        return self.source.day(part.sale.at)

    def take(self, part: Part) -> None:
        self.places.add(part.sale.wallet)
        del self.left[part.sale.row, part.term]

    def fitting(self, line: SaleLine) -> list[Part]:
        """Return the sales that are left of a line's day and asset, as far as term and place fit."""
        if line.sold is None:
            return []
        return [
            one
            for one in self._by_day.get((line.asset.casefold(), line.sold), ())
            if (one.sale.row, one.term) in self.left
            and line.told.term in (None, one.term)
            and line.place in ("", one.sale.wallet)
        ]


def match_sales(lines: Sequence[SaleLine], source: ReportSource, places: Sequence[str] = ()) -> tuple[Matched, ...]:
    """Return each line beside the own sale that it is about, then the own sales that no line is about.

    Args:
        lines: What is reported.
        source: The own books of the year.
        places: The own places that it is reported of; none means those where lines found their sales, or all.
    """
    books, found = _Books(source), dict[int, Matched]()
    # What an id or all of what is said tells comes first, so that no looser rule takes it away.
    for rule in (_by_id, _by_content, _by_day):
        for place, line in enumerate(lines):
            if place not in found and (one := rule(line, books)) is not None:
                found[place] = one
    told = [found.get(place) or _only_theirs(line, source) for place, line in enumerate(lines)]
    return (*told, *_only_ours(books, set(places) or books.places))


def _by_id(line: SaleLine, books: _Books) -> Matched | None:
    if not line.told.row:
        return None
    fault = trouble(line.told, books.sales, books.source.year)
    if fault is not None:
        return Matched(line.line, Status.ONLY_THEIRS, None, line.values, {}, Evidence((), _BY_ID, fault.line()))
    held = books.sales[line.told.row].matches
    key = line.told.row, line.told.term or (held[0].term if held else None)
    if key not in books.left:
        why = f"{line.told.row} is told twice"
        return Matched(line.line, Status.AMBIGUOUS, None, line.values, {}, Evidence((entry_of(key[0]),), _BY_ID, why))
    return _beside(line, books, books.left[key], _BY_ID)


def _by_content(line: SaleLine, books: _Books) -> Matched | None:
    fits = [one for one in books.fitting(line) if line.quantity is not None and one.quantity == line.quantity]
    if len(fits) == 1:
        return _beside(line, books, fits[0], _BY_CONTENT)
    exact_ones = [one for one in fits if one.proceeds == line.told.proceeds]
    if len(exact_ones) == 1:
        return _beside(line, books, exact_ones[0], _BY_PROCEEDS)
    if not fits:
        return None
    why = f"{len(exact_ones or fits)} own sales fit equally well: name one by its id"
    entries = tuple(entry_of(one.sale.row) for one in exact_ones or fits)
    return Matched(line.line, Status.AMBIGUOUS, None, line.values, {}, Evidence(entries, _BY_CONTENT, why))


def _by_day(line: SaleLine, books: _Books) -> Matched | None:
    fits = books.fitting(line)
    return _beside(line, books, fits[0], _BY_DAY) if len(fits) == 1 else None


def _beside(line: SaleLine, books: _Books, part: Part, rule: str) -> Matched:
    books.take(part)
    pairs = {
        "quantity": (line.quantity, part.quantity),
        "proceeds": (line.told.proceeds, part.proceeds),
        "basis": (line.told.basis, part.cost),
    }
    difference = differing(pairs)
    why = f"other {', '.join(difference)} than the own books" if difference else ""
    status = Status.DIFFERS if difference else Status.MATCHED
    return Matched(line.line, status, _own(books, part), line.values, difference, Evidence(_entries(part), rule, why))


def _own(books: _Books, part: Part) -> dict[str, Value]:
    return {
        "id": part.sale.row,
        "asset": part.sale.asset,
        "sold": books.day(part).isoformat(),
        "term": part.term,
        "quantity": part.quantity,
        "proceeds": part.proceeds,
        "basis": part.cost,
    }


def _entries(part: Part) -> tuple[str, ...]:
    """Return the entries of a sale and of the lots that it used up, each once."""
    lots = [one.lot for one in part.sale.matches if one.lot is not None and one.term == part.term]
    return tuple(dict.fromkeys(map(entry_of, (*part.sale.rows, *lots))))


def _only_theirs(line: SaleLine, source: ReportSource) -> Matched:
    why = f"no own sale of {line.asset} on {line.sold} in {source.year} is left for it"
    return Matched(line.line, Status.ONLY_THEIRS, None, line.values, {}, Evidence((), _BY_CONTENT, why))


def _only_ours(books: _Books, places: set[str]) -> Iterator[Matched]:
    for one in books.left.values():
        if not places or one.sale.wallet in places:
            why = "no line of the statement is about it"
            yield Matched("", Status.ONLY_OURS, _own(books, one), None, {}, Evidence(_entries(one), "", why))
