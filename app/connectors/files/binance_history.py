"""Binance's transaction history CSV: one row per balance change and no ids, so entries are known by their rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.connectors.files.base import CsvFormat, mark_of, whole_rows
from app.connectors.files.binance_operations import Group, Operation, operation
from app.connectors.files.faults import CellError, Faults
from app.connectors.files.numbers import number
from app.connectors.files.tables import Table, normal
from app.core.clock import SECOND, iso
from app.core.ledger.entries import Entry, Identity, Leg
from app.core.model.assets import AssetKind
from app.core.model.pages import Candidate

_EARN = ("earn", "savings", "staking")


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One readable row."""

    line: int
    at: int
    operation: Operation
    leg: Leg


class BinanceHistory(CsvFormat):
    """Reads the quoted and the unquoted form, and two-digit years where only one order of the date fits the file."""

    format_id = "binance-history"
    title = "Binance transaction history (CSV)"
    venue = "binance"
    required = ("utc_time", "account", "operation", "coin", "change")

    def is_heading(self, names: frozenset[str]) -> bool:
        """Accept "UTC_Time" and the newer "Time"."""
        return names.issuperset(self.required[1:]) and not names.isdisjoint(
            ("utc_time", "time", "utc time", "date(utc)")
        )

    def candidates(self, table: Table, account: str, faults: Faults) -> Sequence[Candidate]:
        """Return one entry per economic group within a second."""
        groups: dict[tuple[int, Group, str], list[HistoryRow]] = {}
        reader = _RowReader(self, table, account, faults)
        broken: list[int] = []
        for line, cells in whole_rows(table, faults):
            try:
                row = reader.read(line, cells)
            except CellError as error:
                faults.add(line, error)
                broken.extend(reader.moment(cells))
                continue
            if row.leg.quantity:
                groups.setdefault(_key(row), []).append(row)
        _drop(broken, groups, faults)
        return [Candidate(rows[0].line, _entry(account, rows)) for rows in groups.values()]

    def place(self, account: str, coin: str) -> tuple[str, str]:
        """Return (sub-place, asset id); "LDUSDT" is USDT lent out in flexible savings."""
        asset = self.assets.resolve(self.venue, coin)
        if asset.kind is AssetKind.UNMAPPED and coin.startswith("LD"):
            lent = self.assets.resolve(self.venue, coin[2:])
            if lent.kind is not AssetKind.UNMAPPED:
                return "earn", lent.asset_id
        word = normal(account)
        if word in ("", "spot", "main"):
            return "spot", asset.asset_id
        return ("earn" if any(part in word for part in _EARN) else word), asset.asset_id


class _RowReader:
    """Reads rows of one table."""

    def __init__(self, statement: BinanceHistory, table: Table, account: str, faults: Faults) -> None:
        self._statement = statement
        self._account_id = account
        self._faults = faults
        self._heading = table.heading
        columns = table.columns
        time = table.index("utc_time", "utc time", "time", "date(utc)")
        self._time = 0 if time is None else time
        self._account, self._operation = columns["account"], columns["operation"]
        self._coin, self._change = columns["coin"], columns["change"]
        self._mark = mark_of(table, self._change)
        self._moments = statement.moments(table, self._time, faults)
        self._places: dict[tuple[str, str], tuple[str, str]] = {}
        self._operations: dict[str, Operation] = {}

    def moment(self, cells: Sequence[str]) -> Sequence[int]:
        """Return the second of a row whose other cells may be bad; nothing where its time is bad too."""
        try:
            return [self._moments.read(cells[self._time], self._heading[self._time])[0] // SECOND]
        except CellError:
            return []

    def read(self, line: int, cells: Sequence[str]) -> HistoryRow:
        """Return the row; CellError names its bad cell."""
        at, _ = self._moments.read(cells[self._time], self._heading[self._time])
        coin = cells[self._coin].strip()
        if not coin:
            raise CellError(self._heading[self._coin], "", "is empty where a coin is due")
        quantity = number(cells[self._change], self._heading[self._change], self._mark)
        named = (cells[self._account], coin)
        sub_place, asset = self._places.get(named) or self._places.setdefault(named, self._statement.place(*named))
        known = self._known(cells[self._operation], line)
        return HistoryRow(line, at, known, Leg(self._account_id, sub_place, asset, quantity, known.role(quantity)))

    def _known(self, word: str, line: int) -> Operation:
        known = self._operations.get(word)
        if known is None:
            known = self._operations.setdefault(word, operation(normal(word)))
        if known.group is Group.UNKNOWN:
            self._faults.note_unknown(word.strip(), line)
        return known


def _key(row: HistoryRow) -> tuple[int, Group, str]:
    """Return what rows of one event share: trades and conversions the second, moves also the asset."""
    group = row.operation.group
    if group in (Group.TRADE, Group.CONVERSION):
        return row.at // SECOND, group, ""
    if group is Group.MOVE:
        return row.at // SECOND, group, row.leg.asset
    return row.at // SECOND, group, str(row.line)


def _drop(seconds: Sequence[int], groups: dict[tuple[int, Group, str], list[HistoryRow]], faults: Faults) -> None:
    """Leave out trades and conversions of a second that has a bad row: half of one would be a wrong entry."""
    bad = set(seconds)
    for key in [key for key in groups if key[0] in bad and key[1] in (Group.TRADE, Group.CONVERSION)]:
        for row in groups.pop(key):
            why = "happened in the same second as a row that cannot be read"
            faults.add(
                row.line,
                CellError("UTC_Time", iso(row.at), why, "Correct the other row of this second and import again."),
            )


def _entry(account: str, rows: Sequence[HistoryRow]) -> Entry:
    legs = tuple(row.leg for row in rows)
    return Entry(
        account=account,
        at=rows[0].at,
        kind=rows[0].operation.kind,
        legs=legs,
        identity=Identity("history", ""),
        resolution=SECOND,
    )
