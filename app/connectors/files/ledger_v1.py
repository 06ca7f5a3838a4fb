"""Ledger CSV v1, our own export: read back, it gives the same entries in the same accounts."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from app.connectors.files.base import CsvFormat, mark_of, whole_rows
from app.connectors.files.faults import CellError, Faults
from app.connectors.files.numbers import number
from app.connectors.files.tables import Table, unquoted
from app.core.clock import parse_iso
from app.core.ledger.csv_v1 import COLUMNS, parse_external_id
from app.core.ledger.entries import Entry, EntryKind, Identity, Leg, Role, Stated
from app.core.model.assets import AssetKind
from app.core.model.pages import Candidate

E = TypeVar("E", EntryKind, Role)

_LABELS = ("tx_hash", "counterparty", "note", "acquired")


@dataclass(frozen=True, slots=True)
class LegLine:
    """One readable row: a leg and what the row says of its entry."""

    line: int
    leg: Leg
    at: int
    resolution: int
    kind: EntryKind
    identity: Identity
    stated: Stated | None
    references: tuple[tuple[str, str], ...]

    def head(self) -> tuple[object, ...]:
        """Return what all rows of one entry must agree on."""
        return self.at, self.kind, self.identity, self.stated


class LedgerV1(CsvFormat):
    """Reads ledger CSV v1; rows with one entry_id (or else one external_id) are one entry."""

    format_id = "counterfoil"
    title = "Counterfoil ledger CSV v1"
    venue = ""
    required = ("at", "kind", "account", "sub_place", "asset_id", "quantity", "role")

    def candidates(self, table: Table, account: str, faults: Faults) -> Sequence[Candidate]:
        """Return one entry per entry_id; an entry with a bad row is left out whole."""
        reader = _RowReader(self, table, account)
        groups: dict[str, list[LegLine]] = {}
        broken: dict[str, str] = {}
        again = _Repeated(table.again)
        for line, cells in whole_rows(table, faults):
            key = reader.key(cells) or f"line {line}"
            if again.is_repeated(key, line, cells):
                continue
            try:
                row = reader.read(line, cells)
                groups.setdefault(key, []).append(_fitting(row, key, groups.get(key)))
            except CellError as error:
                faults.add(line, error)
                broken[key] = error.column
        for key, column in broken.items():
            for row in groups.pop(key, []):
                faults.add(row.line, CellError(column, key, "belongs to an entry with a row that cannot be read"))
        return [Candidate(rows[0].line, _entry(rows)) for rows in groups.values()]


class _Repeated:
    """Tells rows that were copied in once more from legs that are equal.

    Equal legs of one entry stand together; a row that comes back after other entries or after a heading is a copy.
    """

    def __init__(self, headings: Sequence[int]) -> None:
        self._headings = headings
        self._rows: dict[str, list[list[str]]] = {}
        self._block = ("", 0)
        self._left: list[list[str]] = []

    def is_repeated(self, key: str, line: int, cells: list[str]) -> bool:
        """Tell whether a row is a copy of one that was read before."""
        block = key, bisect_left(self._headings, line)
        if block != self._block:
            self._block, self._left = block, list(self._rows.get(key, ()))
        if cells in self._left:
            self._left.remove(cells)
            return True
        self._rows.setdefault(key, []).append(cells)
        return False


def _fitting(row: LegLine, key: str, others: Sequence[LegLine] | None) -> LegLine:
    """Return a row that tells of the same entry as the others; CellError where it does not."""
    if others and others[0].head() != row.head():
        raise CellError("entry_id", key, "has rows that differ in at, kind, external_id or stated value")
    return row


def _entry(rows: Sequence[LegLine]) -> Entry:
    first = rows[0]
    return Entry(
        account=first.leg.account,
        at=first.at,
        kind=first.kind,
        legs=tuple(row.leg for row in rows),
        identity=first.identity,
        resolution=first.resolution,
        references=dict(first.references),
        stated=first.stated,
    )


class _RowReader:
    """Reads rows of one table."""

    def __init__(self, statement: LedgerV1, table: Table, account: str) -> None:
        self._assets = statement.assets
        self._account = account
        self._index = {name: table.index(name) for name in COLUMNS}
        self._mark = mark_of(table, self._index["quantity"], self._index["stated_value"])
        self._known: dict[tuple[str, str], str] = {}

    def _cell(self, cells: Sequence[str], name: str) -> str:
        index = self._index[name]
        return "" if index is None else unquoted(cells[index].strip())

    def key(self, cells: Sequence[str]) -> str:
        """Return what rows of one entry share; "" where the row stands alone."""
        entry_id = self._cell(cells, "entry_id")
        if entry_id:
            return entry_id
        external = self._cell(cells, "external_id")
        return external if external and not external.endswith("::") else ""

    def read(self, line: int, cells: Sequence[str]) -> LegLine:
        """Return the row; CellError names its bad cell."""
        at, resolution = self._moment(cells)
        references = tuple((label, value) for label in _LABELS if (value := self._cell(cells, label)))
        kind = _word(EntryKind, self._cell(cells, "kind"), "kind")
        return LegLine(
            line, self._leg(cells), at, resolution, kind, self._identity(cells), self._stated(cells), references
        )

    def _moment(self, cells: Sequence[str]) -> tuple[int, int]:
        text = self._cell(cells, "at")
        try:
            return parse_iso(text)
        except ValueError as error:
            raise CellError("at", text, "is not a moment with a zone, such as 2026-01-31T23:59:59Z") from error

    def _leg(self, cells: Sequence[str]) -> Leg:
        account = self._cell(cells, "account") or self._account
        if not account:
            raise CellError("account", "", "is empty", "Name the account in the file or with --account.")
        quantity = number(self._cell(cells, "quantity"), "quantity", self._mark)
        if not quantity:
            raise CellError("quantity", self._cell(cells, "quantity"), "changes nothing", "Remove the row.")
        role = _word(Role, self._cell(cells, "role") or Role.PRINCIPAL.value, "role")
        return Leg(account, self._cell(cells, "sub_place") or "spot", self._asset(cells), quantity, role)

    def _asset(self, cells: Sequence[str]) -> str:
        named = (self._cell(cells, "asset_id"), self._cell(cells, "symbol"))
        known = self._known.get(named)
        if known is None:
            known = self._known.setdefault(named, self._resolved(*named))
        return known

    def _resolved(self, asset_id: str, symbol: str) -> str:
        if asset_id:
            asset = self._assets.asset(asset_id)
            if asset.kind is AssetKind.UNMAPPED and ":" not in asset_id:
                raise CellError("asset_id", asset_id, "is no asset id", "Use an id such as bitcoin, or venue:ID.")
            return asset.asset_id
        asset = self._assets.resolve("", symbol)
        if not symbol or asset.kind is AssetKind.UNMAPPED:
            raise CellError("symbol", symbol, "names no asset, and asset_id is empty", "Fill in asset_id.")
        return asset.asset_id

    def _identity(self, cells: Sequence[str]) -> Identity:
        text = self._cell(cells, "external_id")
        if not text:
            # A file made by hand numbers its own entries.
            return Identity("file", self._cell(cells, "entry_id"))
        try:
            return parse_external_id(text)
        except ValueError as error:
            raise CellError("external_id", text, "is not of the form space:id:part") from error

    def _stated(self, cells: Sequence[str]) -> Stated | None:
        value = self._cell(cells, "stated_value")
        if not value:
            return None
        currency = self._cell(cells, "value_currency")
        if not currency:
            raise CellError("value_currency", "", "is empty beside a stated value")
        return Stated(number(value, "stated_value", self._mark), currency)


def _word(kind: type[E], text: str, column: str) -> E:
    try:
        return kind(text.lower())
    except ValueError as error:
        raise CellError(column, text, f"is none of {', '.join(item.value for item in kind)}") from error
