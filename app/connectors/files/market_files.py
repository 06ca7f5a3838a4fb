"""Files of prices (CSV, long or wide, also packed; Parquet) and of holdings, for figures without a vault.

A long file has a row for each day and asset, a wide one a column for each asset. A cell that cannot be read is told and
left out; a file whose columns cannot be told is refused. What is odd about prices that can be read, such as a zero, is
found by those who use them. Where a long file names venues, those that agree give the close of a day.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from pathlib import Path

from app.connectors.files.faults import CellError
from app.connectors.files.market_courses import Thinner
from app.connectors.files.market_table import MarketTable, read
from app.connectors.files.market_times import Times, is_odd
from app.connectors.files.market_venues import Quotes, agreed
from app.connectors.files.numbers import DecimalMark, decimal_mark, number
from app.core.findings import Finding, Severity
from app.core.model.market_files import HeldLine, PriceTable
from app.core.names import counted

_TIMES = ("date", "time", "datetime", "timestamp", "day", "open_time", "open time", "close_time", "close time",
          "snapped_at")  # fmt: skip
_ASSETS = ("asset", "symbol", "ticker", "coin", "pair")
_CLOSES = ("close", "price", "close_price", "last")
_MONEY, _UNITS = ("quote_volume", "turnover"), ("base_volume",)
_VENUES = ("venue", "exchange", "source")
_QUANTITIES = ("quantity", "amount")
_FIGURES = ("entry", "margin", "liquidation")
_LISTED = 5
_TRIED = 50
_LONG, _WIDE = 100_000, 1_000
"""Rows after which lists of points are looked at."""
_LARGEST = Decimal(10) ** 30
"""No quantity of anything is larger, and no figure of risk could be computed of it."""
_CROSSED = 1e-6
"""Share by which a close may lie outside of its day's high and low: they may be rounded otherwise."""

_plain = re.compile(r"[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d{1,3})?", re.ASCII).fullmatch


class MarketFiles:
    """Reads both."""

    def prices(self, path: Path) -> PriceTable:
        """Return the closes of a file; InputError where it is none, naming what is missing."""
        table = read(path, lambda names: not names.isdisjoint(_TIMES))
        time, asset, close = (table.first(among) for among in (_TIMES, _ASSETS, _CLOSES))
        if time is None and not table.heading[:1] == ("",):
            raise table.refused(f"The columns {table.told} name no time", "Name a column date.")
        if asset is not None and close is not None:
            return _Reading(table, time or 0, [close]).long(asset, close)
        if asset is not None or close is not None:
            missing = "prices: close or price" if close is None else "the asset, such as asset or symbol"
            raise table.refused(f"None of the columns {table.told} has {missing}", "Name one, and read the file again.")
        return _Reading(table, time or 0, [at for at in range(len(table.heading)) if at != time]).wide()

    def holdings(self, path: Path) -> Sequence[HeldLine]:
        """Return the lines of a file of holdings; InputError names the first bad one."""
        table = read(path, lambda names: not names.isdisjoint(_ASSETS) and not names.isdisjoint(_QUANTITIES))
        asset, quantity = table.first(_ASSETS), table.first(_QUANTITIES)
        if asset is None or quantity is None:
            raise table.refused(f"The columns are {table.told}", "There must be asset and quantity.")
        line = _Held(table, asset, quantity)
        found = [line.read(row, cells) for row, cells in table.rows()]
        if not found:
            raise table.refused("The file has a heading and no row", "Give what is held: asset, quantity.")
        return found


class _Held:
    """Reads lines of holdings; a figure that is given and cannot be read is refused, never left out."""

    def __init__(self, table: MarketTable, asset: int, quantity: int) -> None:
        self._table = table
        self._asset, self._quantity = asset, quantity
        self._words = [table.first((name,)) for name in ("venue", "chain", "issuer", "kind", "bridge")]
        self._figures = [(name, table.first((name, f"{name}_price", f"{name} price"))) for name in _FIGURES]
        self._until = table.first(("locked_until", "locked until"))
        self._mark = _mark(table, [quantity, *(at for _, at in self._figures if at is not None)])
        self._times = Times()

    def read(self, row: int, cells: Sequence[str]) -> HeldLine:
        """Return one line; InputError names its row and what is wrong with it."""
        named = _name(_cell(cells, self._asset))
        if not named:
            raise self._table.refused(f"Row {row} has no asset", "Correct it.")
        quantity = _quantity(self._table, row, _cell(cells, self._quantity), self._mark)
        venue, chain, issuer, kind, bridge = (_cell(cells, at) for at in self._words)
        entry, margin, liquidation = (self._figure(row, name, _cell(cells, at)) for name, at in self._figures)
        until = self._day(row, _cell(cells, self._until))
        return HeldLine(named, quantity, venue, chain, issuer, kind, bridge, until, entry, margin, liquidation)

    def _figure(self, row: int, name: str, word: str) -> Decimal | None:
        if not word:
            return None
        found = _quantity(self._table, row, word, self._mark, name)
        if found < 0:
            raise self._table.refused(f"Row {row} has the {name} {word!r}, which is below zero", "Give an amount.")
        return found

    def _day(self, row: int, word: str) -> int | None:
        found = self._times.read(word) if word else None
        if word and found is None:
            raise self._table.refused(f"Row {row} is locked until {word!r}", "Give a day such as 2026-01-31.")
        return found


class _Reading:
    """Gathers closes, and what cannot be read."""

    def __init__(self, table: MarketTable, time: int, closes: Sequence[int]) -> None:
        self._table = table
        self._time = time
        self._mark = _mark(table, closes)
        self._times = Times(self._odd_times())
        self._closes: Quotes = defaultdict(list)
        self._thinner = Thinner()
        self._turnover: dict[str, dict[tuple[int, str], float]] = defaultdict(dict)
        self._odd: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        self._count: dict[tuple[str, str, str], int] = defaultdict(int)

    def long(self, asset: int, close: int) -> PriceTable:
        venue, high, low = (self._table.first(names) for names in (_VENUES, ("high",), ("low",)))
        # A bare "volume" is units in one file and money in the next, so it is neither.
        money, units = (self._table.first(names) for names in (_MONEY, _UNITS))
        names: dict[str, str] = {}
        for count, (row, at, cells) in enumerate(self._rows(), 1):
            if count % _LONG == 0:
                self._thinner.thin(self._closes.values())
            written = _cell(cells, asset)
            name = names.get(written) or names.setdefault(written, _name(written))
            if not name:
                self._tell("price-row-unreadable", "", "names no asset", f"row {row}")
                continue
            price = self._price(name, row, _cell(cells, close))
            if price is None:
                continue
            if high is not None and low is not None and _is_crossed(price, _cell(cells, high), _cell(cells, low)):
                self._tell("price-crossed", name, "is outside of high and low", f"row {row}: {price:g}")
                continue
            place = _cell(cells, venue)
            self._closes[name, place].append((at, price))
            if money is not None:
                self._trade(name, (at, place), row, _cell(cells, money), 1.0)
            elif units is not None:
                self._trade(name, (at, place), row, _cell(cells, units), price)
        return self._read()

    def _trade(self, asset: str, at: tuple[int, str], row: int, word: str, price: float) -> None:
        """Take what was traded at a moment and venue; a row that comes twice counts once, as its price does."""
        if not word:
            return
        try:
            is_plain = self._mark is DecimalMark.DOT and _plain(word)
            told = float(word) if is_plain else float(number(word, "volume", self._mark))
        except CellError:
            told = -1.0
        if not 0 <= told < math.inf:
            self._tell("price-volume-unreadable", asset, "is no volume", f"row {row}: {word[:40]!r}")
            return
        self._turnover[asset][at] = told * price

    def wide(self) -> PriceTable:
        heading = self._table.heading
        names = [(column, _name(name)) for column, name in enumerate(heading) if column != self._time and name]
        assets = [(column, name, self._closes[name, ""]) for column, name in names]
        has_points = self._mark is DecimalMark.DOT
        for count, (row, at, cells) in enumerate(self._rows(), 1):
            if count % _WIDE == 0:
                self._thinner.thin(self._closes.values())
            width = len(cells)
            for column, name, points in assets:
                word = cells[column] if column < width else ""
                if has_points and _plain(word):
                    points.append((at, float(word)))
                # A wide table is empty before an asset's listing: that is no damage.
                elif (word := word.strip()) and (price := self._price(name, row, word)) is not None:
                    points.append((at, price))
        return self._read()

    def _rows(self) -> Iterator[tuple[int, int, Sequence[str]]]:
        """Yield the rows with a time; what stands in more cells than there are columns may have been split wrongly."""
        width = len(self._table.heading)
        for row, cells in self._table.rows():
            word = _cell(cells, self._time)
            at = self._times.read(word)
            if at is None:
                self._tell("price-row-unreadable", "", "has no time that can be read", f"row {row}: {word[:40]!r}")
            elif any(cells[width:]):
                self._tell(
                    "price-row-unreadable", "", f"has more than {width} cells", f"row {row}: {','.join(cells)[:60]!r}"
                )
            else:
                yield row, at, cells

    def _odd_times(self) -> list[str]:
        if not any(is_odd(_cell(cells, self._time)) for _, cells in islice(self._table.rows(), _TRIED)):
            return []
        return list({_cell(cells, self._time) for _, cells in self._table.rows()})

    def _price(self, asset: str, row: int, word: str) -> float | None:
        if self._mark is DecimalMark.DOT and _plain(word):
            return float(word)
        if not word:
            self._tell("price-cell-empty", asset, "", "")
            return None
        try:
            return float(number(word, "close", self._mark))
        except CellError as error:
            what = error.why if "can be read" in error.why else "is no number"
            self._tell("price-cell-unreadable", asset, what, f"row {row}: {word[:40]!r}")
            return None

    def _tell(self, code: str, asset: str, what: str, example: str) -> None:
        self._count[code, asset, what] += 1
        if len(self._odd[code, asset, what]) < _LISTED:
            self._odd[code, asset, what].append(example)

    def _read(self) -> PriceTable:
        closes = {key: points for key, points in self._closes.items() if points}
        if not closes:
            told = [f"{example} {what}" for (_, _, what), rows in self._odd.items() for example in rows if example]
            why = f": {'; '.join(told[:_LISTED])}" if told else ""
            raise self._table.refused(f"No price can be read{why}", self._hint())
        found = [_told(*key, self._count[key], rows) for key, rows in sorted(self._odd.items(), key=_by_code)]
        histories, left_out = agreed(closes)
        turnover = {asset: _by_moment(traded) for asset, traded in self._turnover.items()}
        return PriceTable(histories, (*found, *left_out), turnover)

    def _hint(self) -> str:
        if len(self._times.orders) > 1:
            return "Days and months of these dates could be swapped: write them as 2026-01-31."
        return "Write dates as 2026-01-31 and prices as 1234.56."


def _by_moment(traded: Mapping[tuple[int, str], float]) -> list[tuple[int, float]]:
    """Return what was traded at each moment, venues added up."""
    sums: dict[int, float] = defaultdict(float)
    for (at, _), amount in traded.items():
        sums[at] += amount
    return sorted(sums.items())


def _mark(table: MarketTable, columns: Sequence[int]) -> DecimalMark:
    """Return the decimal mark that the numbers of a file prove; without a comma in them there is no question."""
    if not table.may_group:
        return DecimalMark.DOT
    cells = [word for _, row in table.rows() for at in columns if "," in (word := _cell(row, at)) or "." in word]
    return decimal_mark(cells) if any("," in word for word in cells) else DecimalMark.DOT


def _quantity(table: MarketTable, row: int, word: str, mark: DecimalMark, name: str = "quantity") -> Decimal:
    try:
        found = number(word, name, mark)
    except CellError as error:
        why = f": it {error.why}" if word else ""
        raise table.refused(f"Row {row} has the {name} {word!r}{why}", "Write it as 1234.56.") from error
    if abs(found) >= _LARGEST:
        raise table.refused(f"Row {row} has the {name} {word!r}, which is too large to be one", "Correct it.")
    return found


def _is_crossed(close: float, high: str, low: str) -> bool:
    if not (_plain(high) and _plain(low)):
        return False
    reach = abs(close) * _CROSSED
    return not float(low) - reach <= close <= float(high) + reach


def _name(name: str) -> str:
    """Return a name in the one form in which the same letters are the same name."""
    return unicodedata.normalize("NFC", name.strip())


def _cell(cells: Sequence[str], column: int | None) -> str:
    return cells[column].strip() if column is not None and column < len(cells) else ""


_ORDER = (
    "price-row-unreadable",
    "price-cell-unreadable",
    "price-crossed",
    "price-cell-empty",
    "price-volume-unreadable",
)


def _by_code(one: tuple[tuple[str, str, str], list[str]]) -> int:
    return _ORDER.index(one[0][0])


def _told(code: str, asset: str, what: str, count: int, rows: Sequence[str]) -> Finding:
    if code == "price-cell-empty":
        return _finding(code, asset, f"{counted(count, f'row of {asset} has', f'rows of {asset} have')} no close.")
    more = f" and {count - _LISTED} more" if count > _LISTED else ""
    named = f"{counted(count, 'row')}{f' of {asset}' if asset else ''}: what should be read {what}"
    return _finding(code, asset, f"{named}: {'; '.join(rows)}{more}.")


def _finding(code: str, asset: str, message: str) -> Finding:
    return Finding(Severity.WARNING, code, message, asset or "file", "They take no part.", "Check the price source",
                   asset=asset)  # fmt: skip
