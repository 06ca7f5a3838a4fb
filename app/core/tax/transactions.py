"""Reads transactions from CSV text: all of it, or a refusal that names each bad row and column."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from sys import intern

from app.core.clock import parse_iso
from app.core.errors import InputError
from app.core.findings import Finding, Severity
from app.core.money import exact
from app.core.names import counted
from app.core.tax.events import Transaction, TransactionType

REQUIRED = (
    "id",
    "timestamp",
    "type",
    "wallet",
    "asset",
    "quantity",
    "to_wallet",
    "value",
    "value_currency",
    "lots",
    "note",
)
OPTIONAL = ("unit_price", "portfolio_value", "ratio", "costs")

TYPES = {kind.value: kind for kind in TransactionType if kind is not TransactionType.CARRY}
"""What a row can be."""

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_DIGITS = 60
"""Digits before and after the point that are still a quantity or an amount."""

_FIRST, _END = parse_iso("1900-01-01T00:00:00Z")[0], parse_iso("2200-01-01T00:00:00Z")[0]

_NAMED = 200
"""Faults that are named one by one."""

_WITHOUT_SECONDS = re.compile(r"(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2})(Z|[+-]\d{2}:?\d{2})", re.ASCII)


@dataclass(slots=True)
class Read:
    """What a file holds.

    Attributes:
        currency: The one currency of its values; "" where it has no value.
    """

    transactions: list[Transaction] = field(default_factory=list)
    currency: str = ""
    findings: list[Finding] = field(default_factory=list)


class _Faults:
    """Collects what is wrong, so that a person corrects a file once."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, row: int, column: str, fact: str) -> None:
        self.found.append(f"row {row}, column {column}: {fact}")

    def refuse(self) -> None:
        if not self.found:
            return
        named = self.found[:_NAMED]
        more = f"; and {len(self.found) - _NAMED:,} more" if len(self.found) > _NAMED else ""
        raise InputError(
            f"The file has {counted(len(self.found), 'fault')}: {'; '.join(named)}{more}.",
            hint="Nothing was computed. Correct these cells (the heading is row 1) and try again.",
        )


def read(text: str, *, currency: str = "", with_lots: bool = True) -> Read:
    """Return the transactions of a CSV text in the order of their time; InputError names every bad cell.

    Args:
        text: The whole file.
        currency: The only currency that its values may have; "" takes the one of the first value.
        with_lots: The choice of lots counts; under other methods that column is left alone.
    """
    found = Read(currency=currency)
    rows = _rows(text)
    number, heading = next(rows, (1, []))
    columns = _columns(heading, found)
    reader = _Reader(columns, with_lots=with_lots, currency=currency)
    for number, cells in rows:
        one = reader.transaction(number, cells)
        if one is not None:
            found.transactions.append(one)
    reader.faults.refuse()
    found.currency = reader.currency
    _sort(found)
    return found


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield records that are not empty with their number, as a spreadsheet counts."""
    records = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    number = 0
    try:
        for cells in records:
            number += 1
            if any(cell.strip() for cell in cells):
                yield number, cells
    except csv.Error as error:
        raise InputError(
            f"The file is no readable CSV after row {number}: {error}.", hint="Save it as CSV with commas, UTF-8."
        ) from error


def _columns(heading: Sequence[str], found: Read) -> dict[str, int]:
    names = [name.strip() for name in heading]
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise InputError(
            f"The heading lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}.",
            hint=f"The columns are {','.join(REQUIRED)} and, where needed, {','.join(OPTIONAL)}.",
        )
    double = sorted({name for name in names if name and names.count(name) > 1})
    if double:
        raise InputError(f"The heading has the column {double[0]} twice.", hint="Keep one of them.")
    unknown = [name for name in names if name and name not in REQUIRED + OPTIONAL]
    if unknown:
        found.findings.append(
            Finding(
                Severity.WARNING,
                "unknown-column",
                f"Not read, because no such column is known: {', '.join(unknown)}.",
                ",".join(unknown),
                fix="Check that nothing in it belongs to the figures, such as a fee.",
            )
        )
    return {name: place for place, name in enumerate(names) if name}


def _sort(found: Read) -> None:
    times = [one.at for one in found.transactions]
    late = [one for one, before, at in zip(found.transactions[1:], times, times[1:], strict=False) if at < before]
    if late:
        found.findings.append(
            Finding(
                Severity.WARNING,
                "unordered-rows",
                f"{counted(len(late), 'row stands', 'rows stand')} after later ones, first {late[0].row!r}; "
                "all were put in the order of time.",
                late[0].row,
                "Rows with equal times keep the order of the file.",
                "Check that the times are right.",
                tuple(one.row for one in late),
            )
        )
        found.transactions.sort(key=lambda one: one.at)


class _Reader:
    """Turns the cells of a row into a transaction, or into faults."""

    def __init__(self, columns: Mapping[str, int], *, with_lots: bool, currency: str) -> None:
        self.faults = _Faults()
        self.currency = currency
        self._columns = columns
        self._with_lots = with_lots
        self._ids: dict[str, int] = {}

    def transaction(self, number: int, cells: Sequence[str]) -> Transaction | None:
        """Return the transaction of a row; None where something is wrong with it."""
        before = len(self.faults.found)
        if len(cells) != len(self._columns) and len(cells) <= max(self._columns.values()):
            self.faults.add(number, "(all)", f"{len(cells)} cells where the heading has {len(self._columns)}")
            return None
        row = {name: cells[place].strip() for name, place in self._columns.items()}
        surplus = [cell for cell in cells[max(self._columns.values()) + 1 :] if cell.strip()]
        if surplus:
            self.faults.add(number, "(all)", f"{surplus[0]!r} stands outside the columns")
        made = self._made(number, row)
        return made if len(self.faults.found) == before else None

    def _made(self, number: int, row: Mapping[str, str]) -> Transaction | None:
        at, resolution = self._moment(number, row["timestamp"])
        self._identify(number, row)
        kind = self._type(number, row["type"])
        if kind is None:
            return None
        is_split, is_transfer, is_sale = (
            kind is TransactionType.SPLIT,
            kind is TransactionType.TRANSFER,
            kind is TransactionType.SELL,
        )
        self._only(number, row, "to_wallet", allowed=is_transfer)
        self._only(number, row, "value", allowed=not (is_split or is_transfer))
        self._only(number, row, "quantity", allowed=not is_split)
        self._only(number, row, "ratio", allowed=is_split)
        self._only(number, row, "costs", allowed=is_sale)
        if is_transfer and row["to_wallet"] in ("", row["wallet"]):
            self.faults.add(number, "to_wallet", f"{row['to_wallet']!r} is no other wallet")
        if not row["wallet"] and not is_split:
            self.faults.add(number, "wallet", "is empty")
        value = self._number(number, row, "value", is_signed=is_sale)
        self._check_currency(number, row, has_value=value is not None)
        return Transaction(
            row["id"],
            at,
            kind,
            # Names that repeat from row to row are kept once.
            intern(row["wallet"]),
            intern(row["asset"]),
            Decimal(0) if is_split else self._positive(number, row, "quantity") or Decimal(0),
            intern(row["to_wallet"]),
            value,
            self._lots(number, row["lots"]) if is_sale and self._with_lots else (),
            row["note"],
            self._number(number, row, "unit_price"),
            self._number(number, row, "portfolio_value"),
            self._positive(number, row, "ratio") if is_split else None,
            resolution,
            costs=self._number(number, row, "costs") or Decimal(0),
        )

    def _identify(self, number: int, row: Mapping[str, str]) -> None:
        if not row["id"]:
            self.faults.add(number, "id", "is empty")
        elif row["id"] in self._ids:
            self.faults.add(number, "id", f"{row['id']!r} is also the id of row {self._ids[row['id']]}")
        else:
            self._ids[row["id"]] = number
        if not row["asset"]:
            self.faults.add(number, "asset", "is empty")

    def _moment(self, number: int, text: str) -> tuple[int, int]:
        try:
            at, resolution = parse_iso(_WITHOUT_SECONDS.sub(r"\1:00\2", text))
        except (ValueError, OverflowError):
            self.faults.add(number, "timestamp", f"{text!r} is not a time with its zone, such as 2025-01-31T23:59:59Z")
            return 0, 1
        if not _FIRST <= at < _END:
            self.faults.add(number, "timestamp", f"{text!r} is not between 1900 and 2200")
        return at, resolution

    def _type(self, number: int, text: str) -> TransactionType | None:
        try:
            return TYPES[text]
        except KeyError:
            self.faults.add(number, "type", f"{text!r} is none of {', '.join(TYPES)}")
            return None

    def _only(self, number: int, row: Mapping[str, str], column: str, *, allowed: bool) -> None:
        if not allowed and row.get(column):
            self.faults.add(number, column, f"{row[column]!r} has no place in a {row['type']}")

    def _number(self, number: int, row: Mapping[str, str], column: str, *, is_signed: bool = False) -> Decimal | None:
        text = row.get(column, "")
        if not text:
            return None
        if not _NUMBER.fullmatch(text):
            self.faults.add(number, column, f"{text!r} is not a decimal number")
            return None
        value = exact(text)
        exponent = value.as_tuple().exponent
        if value.adjusted() >= _DIGITS or not isinstance(exponent, int) or exponent < -_DIGITS:
            self.faults.add(number, column, f"{text!r} has more than {_DIGITS} digits before or after the point")
        elif value < 0 and not is_signed:
            self.faults.add(number, column, f"{text!r} is negative")
        else:
            return value
        return None

    def _positive(self, number: int, row: Mapping[str, str], column: str) -> Decimal | None:
        before = len(self.faults.found)
        value = self._number(number, row, column)
        if not value and len(self.faults.found) == before:
            text = row.get(column, "")
            self.faults.add(number, column, f"{text!r} is not above zero" if text else "is empty")
        return value

    def _check_currency(self, number: int, row: Mapping[str, str], *, has_value: bool) -> None:
        text = row["value_currency"].upper()
        if not text:
            if has_value:
                self.faults.add(number, "value_currency", "is empty beside a value")
            return
        self.currency = self.currency or text
        if text != self.currency:
            self.faults.add(number, "value_currency", f"{text!r} is not {self.currency}; one currency for all rows")

    def _lots(self, number: int, text: str) -> tuple[tuple[str, Decimal], ...]:
        found = []
        for part in filter(None, (part.strip() for part in text.split(";"))):
            row, colon, quantity = part.rpartition(":")
            if not colon or not row or not _NUMBER.fullmatch(quantity.strip()):
                self.faults.add(number, "lots", f"{part!r} is not id:quantity")
                continue
            value = exact(quantity)
            exponent = value.as_tuple().exponent
            if value <= 0 or value.adjusted() >= _DIGITS or not isinstance(exponent, int) or exponent < -_DIGITS:
                self.faults.add(number, "lots", f"{part!r} does not name a quantity above zero")
                continue
            found.append((row.strip(), value))
        return tuple(found)
