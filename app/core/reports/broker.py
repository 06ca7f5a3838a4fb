"""What a broker reported on Form 1099-DA, read from CSV: columns id, term, proceeds, basis, basis_reported."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.core.errors import InputError
from app.core.money import exact
from app.core.tax.figures import DisposalFigures, Term

COLUMNS = ("id", "term", "proceeds", "basis", "basis_reported")
_FILLED_IN = COLUMNS[2:]
_TERMS: dict[str, Term | None] = {"": None, "short": Term.SHORT, "long": Term.LONG}
_ANSWERS = {"yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class BrokerLine:
    """What a broker reported about a sale.

    Attributes:
        row: Of the sale.
        term: Which part of the sale, where that was held partly for long.
        basis: As printed on the form; None where it shows none.
        is_basis_reported: Whether the tax authority was told the basis.
    """

    row: str
    term: Term | None
    proceeds: Decimal
    basis: Decimal | None
    is_basis_reported: bool


Lines = dict[tuple[str, Term | None], BrokerLine]


def read_lines(text: str) -> Lines:
    """Return the lines by (row, term); InputError names every bad cell."""
    found, faults = read_all(text)
    if faults:
        raise InputError(f"The broker's file cannot be used: {'; '.join(faults)}.", hint="Correct these cells.")
    return found


def read_all(text: str) -> tuple[Lines, list[str]]:
    """Return the lines that can be read by (row, term), and what is wrong with the others, each named by its row.

    A line of which nothing is filled in is none: a list of all sales may be filled in where a broker reported.
    InputError where a column is missing.
    """
    reader = csv.DictReader(io.StringIO(text, newline=""), restval="")
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise InputError(
            f"The broker's file has no column {', '.join(missing)}.", hint=f"The columns are {', '.join(COLUMNS)}."
        )
    found: Lines = {}
    faults: list[str] = []
    for number, cells in enumerate(reader, start=2):
        if not any(cells[name].strip() for name in _FILLED_IN):
            continue
        if not cells["id"].strip():
            faults.append(f"row {number}: id is empty")
            continue
        try:
            one = line_of(cells)
        except ValueError as error:
            faults.append(f"row {number}: {error}")
            continue
        if (one.row, one.term) in found or ((one.row, None) in found) or (one.term is None and _named(found, one.row)):
            faults.append(f"row {number}: {one.row!r} is told twice")
        found[one.row, one.term] = one
    return found, faults


def trouble(line: BrokerLine, disposals: Mapping[str, DisposalFigures], year: int) -> InputError | None:
    """Return why a line fits no sale of the year; None where it fits one.

    Args:
        line: What was reported.
        disposals: The sales of the year by their row.
        year: To be named.
    """
    one = disposals.get(line.row)
    if one is None:
        return InputError(
            f"The broker's line {line.row!r} belongs to no sale of {year}.",
            hint="Name the id of a sale of that year, or leave the line out.",
        )
    held = [match.term for match in one.matches]
    if (line.term is None and len(set(held)) > 1) or (line.term is not None and line.term not in held):
        what = ", ".join(sorted({str(one) for one in held if one})) or "nothing that is known"
        return InputError(
            f"The broker's line {line.row!r} says {line.term or 'no term'}, and that sale was held: {what}.",
            hint="Give one line for each term, with short or long in the column term.",
        )
    return None


def _named(found: Mapping[tuple[str, Term | None], BrokerLine], row: str) -> bool:
    return any(one == row for one, _ in found)


def line_of(cells: Mapping[str, str]) -> BrokerLine:
    """Return what the cells of a row say; ValueError names a bad one. The row of the sale may be ""."""
    row, term, reported = (cells[name].strip() for name in ("id", "term", "basis_reported"))
    if term not in _TERMS:
        raise ValueError(f"term {term!r} is none of short, long and nothing")
    if reported not in _ANSWERS:
        raise ValueError(f"basis_reported {reported!r} is neither yes nor no")
    basis = exact(cells["basis"]) if cells["basis"].strip() else None
    if _ANSWERS[reported] and basis is None:
        raise ValueError("basis is empty though it was reported")
    return BrokerLine(row, _TERMS[term], exact(cells["proceeds"]), basis, _ANSWERS[reported])
