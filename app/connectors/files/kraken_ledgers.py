"""Kraken's ledgers CSV: one row per balance change; rows of one refid are one event, as through the interface."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from app.connectors.files.base import CsvFormat, mark_of, whole_rows
from app.connectors.files.faults import CellError, Faults
from app.connectors.files.numbers import number
from app.connectors.files.tables import Table
from app.connectors.kraken_words import SPACE, held_as, kind_of, legs
from app.core.ledger.entries import Entry, EntryKind, Identity
from app.core.model.pages import Candidate
from app.core.money import ZERO


class LedgerRow(NamedTuple):
    """One readable row; a tuple, which a file of many rows makes thrice as fast as anything frozen."""

    line: int
    at: int
    resolution: int
    kind: EntryKind
    sub_place: str
    asset: str
    amount: Decimal
    fee: Decimal


class KrakenLedgers(CsvFormat):
    """Reads every generation of the heading: with or without subtype, subclass and wallet."""

    format_id = "kraken-ledgers"
    title = "Kraken ledgers (CSV)"
    venue = "kraken"
    required = ("txid", "refid", "time", "type", "asset", "amount", "fee")

    def candidates(self, table: Table, account: str, faults: Faults) -> Sequence[Candidate]:
        """Return one entry per refid."""
        return [
            Candidate(rows[0].line, _entry(account, refid, rows))
            for refid, rows in self._groups(table, account, faults).items()
            if _moves(rows)
        ]

    def _groups(self, table: Table, account: str, faults: Faults) -> dict[str, list[LedgerRow]]:
        groups: dict[str, list[LedgerRow]] = {}
        broken: set[str] = set()
        told: dict[str, list[str]] = {}
        reader = _RowReader(self, table, faults)
        txid, refid = table.columns["txid"], table.columns["refid"]
        for line, cells in whole_rows(table, faults):
            # A row without a ledger id announces a deposit or withdrawal that has not moved a balance.
            if not cells[txid].strip():
                continue
            key = cells[refid].strip() or cells[txid].strip()
            # Periods that overlap hold rows twice; a ledger id is one change of a balance.
            first = told.setdefault(cells[txid].strip(), cells)
            if first is not cells and first == cells:
                continue
            try:
                if first is not cells:
                    raise _contradiction(cells[txid], table.heading[txid])
                groups.setdefault(key, []).append(reader.read(line, cells))
            except CellError as error:
                faults.add(line, error, (account, SPACE, key, ""))
                broken.add(key)
        self._drop(broken, groups, account, faults)
        return groups

    def _drop(self, broken: set[str], groups: dict[str, list[LedgerRow]], account: str, faults: Faults) -> None:
        """Leave out the good rows of an event that has a bad one: half a trade would be a wrong entry."""
        for key in broken:
            for row in groups.pop(key, []):
                why = "belongs to an event with a row that cannot be read"
                faults.add(
                    row.line,
                    CellError("refid", key, why, "Correct the other row of this refid and import the file again."),
                    (account, SPACE, key, ""),
                )

    def place(self, asset: str, wallet: str) -> tuple[str, str]:
        """Return (sub-place, asset id) of Kraken's asset name and, in newer files, its wallet."""
        sub_place, native_id = held_as(asset, wallet)
        return sub_place, self.assets.resolve(self.venue, native_id).asset_id


def _contradiction(ledger_id: str, column: str) -> CellError:
    why = "is the id of a row before it that says something else"
    return CellError(column, ledger_id, why, "Export the period again and import that file.")


class _RowReader:
    """Reads rows of one table."""

    def __init__(self, statement: KrakenLedgers, table: Table, faults: Faults) -> None:
        self._statement = statement
        self._faults = faults
        self._heading = table.heading
        columns = table.columns
        self._time, self._type, self._asset = columns["time"], columns["type"], columns["asset"]
        self._amount, self._fee = columns["amount"], columns["fee"]
        self._subtype, self._wallet = table.index("subtype"), table.index("wallet")
        self._mark = mark_of(table, self._amount, self._fee)
        self._moments = statement.moments(table, self._time, faults)
        self._places: dict[tuple[str, str], tuple[str, str]] = {}
        self._kinds: dict[tuple[str, str], EntryKind] = {}

    def read(self, line: int, cells: Sequence[str]) -> LedgerRow:
        """Return the row; CellError names its bad cell."""
        heading, mark = self._heading, self._mark
        at, resolution = self._moments.read(cells[self._time], heading[self._time])
        words = (cells[self._type], "" if self._subtype is None else cells[self._subtype])
        kind = self._kinds.get(words) or self._kind(words, line)
        named = (cells[self._asset], "" if self._wallet is None else cells[self._wallet])
        sub_place, asset = self._places.get(named) or self._place(named)
        amount = number(cells[self._amount], heading[self._amount], mark)
        fee = number(cells[self._fee], heading[self._fee], mark) if cells[self._fee] else ZERO
        return LedgerRow(line, at, resolution, kind, sub_place, asset, amount, fee)

    def _kind(self, words: tuple[str, str], line: int) -> EntryKind:
        word, subtype = (cell.strip().lower() for cell in words)
        kind = kind_of(word, subtype)
        if kind is None:
            self._faults.note_unknown(word, line)
            return EntryKind.OTHER
        return self._kinds.setdefault(words, kind)

    def _place(self, named: tuple[str, str]) -> tuple[str, str]:
        asset = named[0].strip()
        if not asset:
            raise CellError(self._heading[self._asset], "", "is empty where an asset is due")
        return self._places.setdefault(named, self._statement.place(asset, named[1]))


def _moves(rows: Sequence[LedgerRow]) -> bool:
    return any(row.amount or row.fee for row in rows)


def _entry(account: str, refid: str, rows: Sequence[LedgerRow]) -> Entry:
    return Entry(
        account=account,
        at=min([row.at for row in rows]),
        kind=rows[0].kind,
        legs=legs(account, rows),
        identity=Identity(SPACE, refid),
        resolution=max([row.resolution for row in rows]),
    )
