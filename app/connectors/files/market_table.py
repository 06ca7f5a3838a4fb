"""The bytes of a price or holdings file as a heading and rows: CSV as spreadsheets and programs write it, Parquet."""

from __future__ import annotations

import csv
import gzip
import io
import math
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from app.connectors.files.tables import HEADING_WITHIN, decode, find_heading, normal
from app.core.errors import InputError

Line = tuple[int, Sequence[str]]
"""Number of a row as an editor counts it, and its cells."""

IsHeading = Callable[[frozenset[str]], bool]

_GZIP, _PARQUET = b"\x1f\x8b", b"PAR1"
_LARGEST = 1 << 30
"""Bytes of a packed file's text: a gigabyte of closes is ten thousand years of every asset there is."""
_MOMENT = "date"
_NAMES = 12


@dataclass(frozen=True, slots=True)
class MarketTable:
    """A heading, and rows that can be read as often as somebody needs them.

    Attributes:
        may_group: Whether numbers may have commas in them.
    """

    path: Path
    heading: tuple[str, ...]
    rows: Callable[[], Iterator[Line]]
    may_group: bool

    def first(self, among: Sequence[str]) -> int | None:
        """Return where the first of these columns stands; None where there is none of them."""
        names = [normal(name) for name in self.heading]
        return next((names.index(name) for name in among if name in names), None)

    def refused(self, fact: str, hint: str) -> InputError:
        """Return the error of this file."""
        return refused(self.path, fact, hint)

    @property
    def told(self) -> str:
        """Return the names of the columns for a message."""
        return ", ".join(self.heading[:_NAMES])


def read(path: Path, is_heading: IsHeading) -> MarketTable:
    """Return the table of a file; InputError where it is none."""
    content = _content(path)
    return (
        _of_parquet(content, path, is_heading) if content.startswith(_PARQUET) else _of_text(content, path, is_heading)
    )


def refused(path: Path, fact: str, hint: str) -> InputError:
    """Return the error of a file."""
    return InputError(f"{fact}.", hint=hint, where=str(path))


def _content(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise refused(path, f"The file cannot be read: {error.strerror}", "Check it.") from error
    if not content.startswith(_GZIP):
        return content
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            text = packed.read(_LARGEST + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise refused(path, f"The file cannot be unpacked: {error}", "Fetch it again.") from error
    if len(text) > _LARGEST:
        raise refused(path, "Unpacked, the file is larger than a gigabyte", "Give fewer days or assets.")
    return text


def _of_text(content: bytes, path: Path, is_heading: IsHeading) -> MarketTable:
    if not content.strip():
        raise refused(path, "The file is empty", "Give a table with a heading.")
    text, _ = decode(content, str(path))
    head = list(islice(io.StringIO(text, newline=""), HEADING_WITHIN))
    try:
        first, delimiter = find_heading(head, is_heading) or (0, _likely(head[0]))
        heading = next(csv.reader([head[first]], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error as error:
        raise refused(path, f"The heading cannot be read as CSV: {error}", "Check the quotation marks.") from error

    def rows() -> Iterator[Line]:
        return _rows(io.StringIO(text, newline=""), first, delimiter, path)

    may_group = '"' in text if delimiter == "," else "," in text
    return MarketTable(path, tuple(name.replace("\ufeff", "").strip() for name in heading), rows, may_group)


def _likely(line: str) -> str:
    """Return the delimiter of a heading without a name that is known."""
    return max(",;\t|", key=line.count)


def _rows(stream: io.StringIO, first: int, delimiter: str, path: Path) -> Iterator[Line]:
    for _ in range(first + 1):
        stream.readline()
    # Strict: a quotation mark that is never closed would swallow the rows after it without a word.
    reader = csv.reader(stream, delimiter=delimiter, skipinitialspace=True, strict=True)
    begins = first + 2
    try:
        for cells in reader:
            if any(cells):
                yield begins, cells
            begins = first + 2 + reader.line_num
    except csv.Error as error:
        fact = f"From row {begins} on the file cannot be read as CSV: {error}"
        raise refused(path, fact, "Check the quotation marks there.") from error


def _of_parquet(content: bytes, path: Path, is_heading: IsHeading) -> MarketTable:
    # Takes a quarter of a second to import, and nobody else needs it.
    import pyarrow as pa  # noqa: PLC0415
    from pyarrow import parquet  # noqa: PLC0415

    try:
        table = parquet.read_table(io.BytesIO(content))
    except (pa.ArrowException, OSError) as error:
        fact = f"The file is no Parquet that can be read: {str(error)[:120]}"
        raise refused(path, fact, "Fetch it again.") from error
    names = [str(name) for name in table.column_names]
    if not is_heading(frozenset(map(normal, names))):
        # An index is often written without a name: it is the only column of moments.
        moments = [at for at, field in enumerate(table.schema) if pa.types.is_temporal(field.type)]
        names = [_MOMENT if moments == [at] else name for at, name in enumerate(names)]

    def rows() -> Iterator[Line]:
        for start in range(0, table.num_rows, _BATCH):
            part = table.slice(start, _BATCH)
            columns = [_words(part.column(at)) for at in range(len(names))]
            yield from enumerate(zip(*columns, strict=True), start + 1)

    return MarketTable(path, tuple(names), rows, may_group=False)


_BATCH = 4_096


def _words(column: Any) -> list[str]:
    """Return a column as a CSV file would have it."""
    import pyarrow as pa  # noqa: PLC0415

    if pa.types.is_floating(column.type):
        # Millions of numbers are written in one call; each is the shortest that is read back as the same.
        written = column.cast(pa.float64()).cast(pa.string()).to_pylist()
        return ["" if one is None or one == "nan" else one for one in written]
    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        # What is finer than a microsecond has no Python value without pandas, and no meaning for a close.
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    return [_word(one) for one in column.to_pylist()]


def _word(value: Any) -> str:
    """Return a value as a CSV file would have it."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)
