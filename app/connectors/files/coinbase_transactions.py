"""Coinbase's transaction report CSV: newer files carry the interface's transaction id, older ones none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.connectors.files.base import CsvFormat, mark_of, whole_rows
from app.connectors.files.coinbase_types import MEANINGS, UNKNOWN, Meaning, Shape
from app.connectors.files.faults import CellError, Faults
from app.connectors.files.numbers import DecimalMark, number
from app.connectors.files.tables import Table, normal
from app.core.clock import SECOND
from app.core.ledger.entries import Entry, Identity, Leg, Role, Stated
from app.core.model.pages import Candidate
from app.core.money import multiply

_AMOUNT = r"([\d.,\s]*\d)\s*([A-Z0-9]{1,12})"
_CONVERTED = re.compile(rf"Converted\s+{_AMOUNT}\s+to\s+{_AMOUNT}", re.IGNORECASE)
_TRADED = re.compile(rf"(?:Bought|Sold)\s+{_AMOUNT}\s+for\s+{_AMOUNT}\s+on\s+([A-Z0-9]+)-([A-Z0-9]+)", re.IGNORECASE)
_STAKED = ("ETH2", "eth2")
_CURRENCY = re.compile(r"([a-z]{3}) (?:spot price at transaction|subtotal|total)")


_SPACE = "transaction"
"""The id space of the column ID."""


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One readable row; price and subtotal stay texts, because most rows do not need them."""

    line: int
    at: int
    resolution: int
    native_id: str
    meaning: Meaning
    asset: str
    quantity: Decimal
    currency: str
    price: str
    subtotal: str
    total: Decimal | None
    fees: Decimal | None
    notes: str
    traded: re.Match[str] | None
    """What the notes of an order say: quantity, asset, cash, currency and the pair."""


class CoinbaseTransactions(CsvFormat):
    """Reads the report with its leading lines, with and without the column ID."""

    format_id = "coinbase"
    title = "Coinbase transaction report (CSV)"
    venue = "coinbase"
    required = ("timestamp", "transaction type", "asset", "quantity transacted")

    def candidates(self, table: Table, account: str, faults: Faults) -> Sequence[Candidate]:
        """Return one entry per row; a conversion or order that the file shows from both sides is one."""
        reader = _RowReader(self, table, faults)
        found: list[Candidate] = []
        told: set[tuple[int, str]] = set()
        for line, cells in whole_rows(table, faults):
            try:
                row = reader.read(line, cells)
                if not row.quantity or self._is_other_side(row, told):
                    continue
                found.append(Candidate(line, self._entry(account, row, reader.mark)))
            except CellError as error:
                native_id = reader.native_id(cells)
                faults.add(line, error, (account, _SPACE, native_id, "") if native_id else None)
        return found

    def _is_other_side(self, row: ReportRow, told: set[tuple[int, str]]) -> bool:
        """Tell whether a row of the same second and notes already told this event from its other asset."""
        if row.meaning.shape is Shape.SINGLE or not row.notes:
            return False
        key = (row.at // SECOND, row.notes)
        told_of = row.traded
        is_cash_side = told_of is not None and row.asset == told_of[4].upper() and row.asset != told_of[2].upper()
        if is_cash_side or (row.meaning.shape is Shape.CONVERT and key in told):
            return True
        told.add(key)
        return False

    def _entry(self, account: str, row: ReportRow, mark: DecimalMark) -> Entry:
        if row.meaning.shape is Shape.ORDER:
            legs, strong = self._order(account, row, mark), False
        elif row.meaning.shape is Shape.CONVERT:
            legs, strong = self._conversion(account, row, mark), False
        else:
            legs, strong = (self._leg(account, row.asset, _signed(row), row.meaning.role),), True
        stated = Stated(abs(row.total), self.asset_id(row.currency)) if row.total is not None and row.currency else None
        return Entry(
            account=account,
            at=row.at,
            kind=row.meaning.kind,
            legs=legs,
            identity=Identity(_SPACE, row.native_id if strong else ""),
            resolution=row.resolution,
            references={"note": row.notes} if row.notes else {},
            stated=stated,
        )

    def _order(self, account: str, row: ReportRow, mark: DecimalMark) -> tuple[Leg, ...]:
        """Return asset, cash and fee; the notes give the cash exactly, the column Subtotal may be rounded."""
        sign = -row.meaning.sign
        if row.traded is not None:
            coin = row.traded[4]
            cash = number(row.traded[3], "Notes", mark)
        elif row.currency and row.subtotal:
            coin = row.currency
            cash = number(row.subtotal, "Subtotal", mark)
        elif row.currency and row.price:
            coin = row.currency
            cash = multiply(abs(row.quantity), number(row.price, "Price at Transaction", mark))
        else:
            raise CellError("Subtotal", "", "is empty, so the other side of the order is unknown")
        legs = [self._leg(account, row.asset, _signed(row)), self._leg(account, coin, sign * abs(cash))]
        if row.fees:
            legs.append(self._leg(account, coin, -abs(row.fees), Role.FEE))
        return tuple(legs)

    def _conversion(self, account: str, row: ReportRow, mark: DecimalMark) -> tuple[Leg, ...]:
        told = _CONVERTED.search(row.notes)
        if told is None:
            raise CellError(
                "Notes", row.notes, "does not say what was converted to what, as in 'Converted 1 ETH to 0.05 BTC'"
            )
        given, taken = number(told[1], "Notes", mark), number(told[3], "Notes", mark)
        return self._leg(account, told[2], -given), self._leg(account, told[4], taken)

    def _leg(self, account: str, native_id: str, quantity: Decimal, role: Role = Role.PRINCIPAL) -> Leg:
        sub_place = "staked" if native_id in _STAKED else "spot"
        return Leg(account, sub_place, self.asset_id(native_id.upper()), quantity, role)


def _signed(row: ReportRow) -> Decimal:
    return row.quantity if not row.meaning.sign else row.meaning.sign * abs(row.quantity)


class _RowReader:
    """Reads rows of one table."""

    def __init__(self, statement: CoinbaseTransactions, table: Table, faults: Faults) -> None:
        self._faults = faults
        self._table = table
        self._id = table.index("id")
        prefix = next(
            (match[1] for name in table.columns if (match := _CURRENCY.match(name)) and match[1] != "sub"), ""
        )
        self._fixed_currency = prefix.upper()
        self._currency = table.index("price currency", "spot price currency")
        self._price = table.index(
            "price at transaction", "spot price at transaction", f"{prefix} spot price at transaction"
        )
        self._subtotal = table.index("subtotal", f"{prefix} subtotal")
        self._total = next(
            (index for name, index in table.columns.items() if name.removeprefix(f"{prefix} ").startswith("total")),
            None,
        )
        self._fees = table.index("fees and/or spread", "fees", f"{prefix} fees")
        self._notes = table.index("notes")
        columns = table.columns
        self._time, self._type = columns["timestamp"], columns["transaction type"]
        self._asset, self._quantity = columns["asset"], columns["quantity transacted"]
        self.mark = mark_of(table, self._quantity, self._price, self._subtotal, self._total, self._fees)
        self._moments = statement.moments(table, self._time, faults)

    def read(self, line: int, cells: Sequence[str]) -> ReportRow:
        """Return the row; CellError names its bad cell."""
        heading = self._table.heading
        at, resolution = self._moments.read(cells[self._time], heading[self._time])
        asset = cells[self._asset].strip().upper()
        if not asset:
            raise CellError(heading[self._asset], "", "is empty where an asset is due")
        meaning = self._meaning(cells, line)
        notes = " ".join(self._text(cells, self._notes).split())
        return ReportRow(
            line=line,
            at=at,
            resolution=resolution,
            native_id=self.native_id(cells),
            meaning=meaning,
            asset=asset,
            quantity=number(cells[self._quantity], heading[self._quantity], self.mark),
            currency=self._text(cells, self._currency).upper() or self._fixed_currency,
            price=self._text(cells, self._price),
            subtotal=self._text(cells, self._subtotal),
            total=self._money(cells, self._total),
            fees=self._money(cells, self._fees),
            notes=notes,
            traded=_TRADED.search(notes) if meaning.shape is Shape.ORDER else None,
        )

    def native_id(self, cells: Sequence[str]) -> str:
        """Return Coinbase's id of a row; "" where the report has none."""
        return self._text(cells, self._id)

    def _meaning(self, cells: Sequence[str], line: int) -> Meaning:
        word = cells[self._type]
        known = MEANINGS.get(word.lower()) or MEANINGS.get(normal(word))
        if known is None:
            self._faults.note_unknown(word.strip(), line)
        return known or UNKNOWN

    def _text(self, cells: Sequence[str], column: int | None) -> str:
        return "" if column is None else cells[column].strip()

    def _money(self, cells: Sequence[str], column: int | None) -> Decimal | None:
        if column is None or not cells[column].strip():
            return None
        return number(cells[column], self._table.heading[column], self.mark)
