"""Files of prices (CSV, long or wide, also packed; Parquet) and of holdings, for figures without a vault.

A long file has a row for each day and asset, a wide one a column for each asset. A cell that cannot be read is told and
left out; a file whose columns cannot be told is refused. What is odd about prices that can be read, such as a zero, is
found by those who use them.
"""

from __future__ import annotations

import csv
import gzip
import io
import math
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.core.clock import SECOND
from app.core.errors import InputError
from app.core.findings import Finding, Severity
from app.core.model.market_files import HeldLine, PriceTable
from app.core.money import exact

_TIMES = ("date", "time", "datetime", "timestamp", "day")
_ASSETS = ("asset", "symbol", "ticker", "coin")
_CLOSES = ("close", "price")
_GZIP, _PARQUET = b"\x1f\x8b", b"PAR1"
_LISTED = 5
_MILLISECONDS = 100_000_000_000
"""A bare number above it counts milliseconds since 1970, below it seconds."""

_LARGEST = 1 << 30
"""Bytes of a packed file's text: a gigabyte of closes is ten thousand years of every asset there is."""

Line = tuple[int, Sequence[str]]


class MarketFiles:
    """Reads both."""

    def prices(self, path: Path) -> PriceTable:
        """Return the closes of a file; InputError where it is none, naming what is missing."""
        content = _content(path)
        heading, lines = (_of_parquet if content.startswith(_PARQUET) else _of_text)(content, path)
        names = [_plain(one) for one in heading]
        time, asset, close = (_first(names, among) for among in (_TIMES, _ASSETS, _CLOSES))
        if time is None:
            raise _refused(path, f"The columns {', '.join(heading[:12])} name no time", "Name a column date.")
        if asset is not None and close is not None:
            return _Reading(path).long(lines, (time, asset, close))
        return _Reading(path).wide(heading, time, lines)

    def holdings(self, path: Path) -> Sequence[HeldLine]:
        """Return the lines of a file of holdings; InputError names the first bad one."""
        heading, lines = _of_text(_content(path), path)
        names = [_plain(one) for one in heading]
        asset, quantity = _first(names, _ASSETS), _first(names, ("quantity", "amount"))
        if asset is None or quantity is None:
            raise _refused(path, f"The columns are {', '.join(heading[:12])}", "There must be asset and quantity.")
        others = [_first(names, (name,)) for name in ("venue", "chain", "issuer", "kind")]
        found = []
        for number, cells in lines:
            named, told = _cell(cells, asset), _quantity(_cell(cells, quantity))
            if not named or told is None:
                fact = "has no asset" if not named else f"has the quantity {_cell(cells, quantity)!r}"
                raise _refused(path, f"Row {number} {fact}", "Correct it.")
            found.append(HeldLine(named, told, *(_cell(cells, one) for one in others)))
        if not found:
            raise _refused(path, "The file has a heading and no row", "Give what is held: asset, quantity.")
        return found


class _Reading:
    """Gathers closes, and the cells that cannot be read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._closes: dict[str, list[tuple[int, float]]] = defaultdict(list)
        self._times: list[str] = []
        self._cells: dict[str, list[str]] = defaultdict(list)
        self._empty: dict[str, int] = defaultdict(int)

    def long(self, lines: Iterable[Line], columns: tuple[int, int, int]) -> PriceTable:
        time, asset, close = columns
        for number, cells in lines:
            at = self._moment(number, _cell(cells, time))
            if at is not None:
                self._take(_cell(cells, asset), at, number, _cell(cells, close))
        return self._table()

    def wide(self, heading: Sequence[str], time: int, lines: Iterable[Line]) -> PriceTable:
        assets = [(column, name.strip()) for column, name in enumerate(heading) if column != time and name.strip()]
        for number, cells in lines:
            at = self._moment(number, _cell(cells, time))
            if at is None:
                continue
            for column, name in assets:
                # A wide table is empty before an asset's listing: that is no damage.
                word = _cell(cells, column)
                if word:
                    self._take(name, at, number, word)
        return self._table()

    def _moment(self, number: int, word: str) -> int | None:
        at = _moment(word)
        if at is None:
            self._times.append(f"row {number}: {word[:40]!r}")
        return at

    def _take(self, asset: str, at: int, number: int, word: str) -> None:
        if not word:
            self._empty[asset] += 1
            return
        try:
            self._closes[asset].append((at, float(word)))
        except ValueError:
            self._cells[asset].append(f"row {number}: {word[:40]!r}")

    def _table(self) -> PriceTable:
        if not self._closes:
            raise _refused(self._path, f"No price can be read{_examples(self._times)}", "Check the columns.")
        found = (
            [] if not self._times else [_told("price-row-unreadable", "", "has no time that can be read", self._times)]
        )
        found += [_told("price-cell-unreadable", asset, "is no number", rows) for asset, rows in self._cells.items()]
        found += [
            _finding("price-cell-empty", asset, f"{count} rows of {asset} have no close.")
            for asset, count in self._empty.items()
        ]
        return PriceTable(dict(self._closes), tuple(found))


def _content(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _refused(path, f"The file cannot be read: {error.strerror}", "Check it.") from error
    if not content.startswith(_GZIP):
        return content
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            text = packed.read(_LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise _refused(path, f"The file cannot be unpacked: {error}", "Fetch it again.") from error
    if len(text) > _LARGEST:
        raise _refused(path, "Unpacked, the file is larger than a gigabyte", "Give fewer days or assets.")
    return text


def _of_text(content: bytes, path: Path) -> tuple[list[str], Iterator[Line]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(path, f"Byte {error.start} is not UTF-8", "Save the file as CSV in UTF-8.") from error
    rows = csv.reader(io.StringIO(text, newline=""))
    heading = next(rows, None)
    if not heading:
        raise _refused(path, "The file is empty", "Give a table with a heading.")
    return heading, ((rows.line_num, cells) for cells in rows if any(cells))


def _of_parquet(content: bytes, path: Path) -> tuple[list[str], Iterator[Line]]:
    # Takes a quarter of a second to import, and nobody else needs it.
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import parquet  # noqa: PLC0415

    try:
        table = parquet.read_table(io.BytesIO(content))
    except (pa.ArrowException, OSError) as error:
        fact = f"The file is no Parquet that can be read: {str(error)[:120]}"
        raise _refused(path, fact, "Fetch it again.") from error
    names = [str(name) for name in table.column_names]
    columns = [[_word(one) for one in table.column(at).to_pylist()] for at in range(len(names))]
    return names, enumerate(zip(*columns, strict=True), 1)


def _word(value: Any) -> str:
    """Return a value as a CSV file would have it."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)


def _moment(word: str) -> int | None:
    """Return nanoseconds; a time without a zone is UTC."""
    if word.isdecimal():
        number = int(word)
        return (number if number < _MILLISECONDS else number // 1_000) * SECOND if len(word) < 14 else None  # noqa: PLR2004
    try:
        when = datetime.fromisoformat(word)
    except ValueError:
        return None
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return int(when.timestamp()) * SECOND


def _quantity(word: str) -> Decimal | None:
    try:
        return exact(word)
    except (ValueError, ArithmeticError, InputError):
        return None


def _plain(name: str) -> str:
    return name.strip().casefold()


def _first(names: Sequence[str], among: Sequence[str]) -> int | None:
    return next((names.index(one) for one in among if one in names), None)


def _cell(cells: Sequence[str], column: int | None) -> str:
    return cells[column].strip() if column is not None and column < len(cells) else ""


def _examples(rows: Sequence[str]) -> str:
    if not rows:
        return ""
    more = f" and {len(rows) - _LISTED} more" if len(rows) > _LISTED else ""
    return f": {'; '.join(rows[:_LISTED])}{more}"


def _told(code: str, asset: str, what: str, rows: Sequence[str]) -> Finding:
    count = f"{len(rows)} rows{f' of {asset}' if asset else ''}: what should be read {what}"
    return _finding(code, asset, f"{count}{_examples(rows)}.")


def _finding(code: str, asset: str, message: str) -> Finding:
    return Finding(Severity.WARNING, code, message, asset or "file", "They take no part.", "Check the price source",
                   asset=asset)  # fmt: skip


def _refused(path: Path, fact: str, hint: str) -> InputError:
    return InputError(f"{fact}.", hint=hint, where=str(path))
