"""Reads the bytes of a CSV file as a table, whatever a spreadsheet did to encoding, separators and leading lines."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from app.core.errors import InputError
from app.core.ledger.statements import no_text

HEADING_WITHIN = 40
"""A heading stands within the first lines, or the file is of another kind."""

_DELIMITERS = ",;\t|"
_HEAD = 4_096
_TOTALS = re.compile(r"(grand )?(totals?|sums?)\b", re.IGNORECASE)
_TOTAL_LETTERS = "gGtTsS"
_QUOTED_FORMULA = re.compile(r"'+[=+\-@\t\r]")

Row = tuple[int, list[str]]
"""A line's number counted from 0, and its cells."""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows under a heading.

    Attributes:
        heading: Column names as the file has them.
        columns: Normalised column name to index.
        encoding: How the bytes were decoded.
        again: Lines in which the heading comes again, because several files were put together.
    """

    heading: list[str]
    columns: dict[str, int]
    rows: list[Row]
    encoding: str
    again: tuple[int, ...] = ()

    def index(self, *names: str) -> int | None:
        """Return where the first of these columns stands; None where the file has none of them."""
        return next((self.columns[name] for name in names if name in self.columns), None)

    @property
    def media_type(self) -> str:
        """Return the media type; the line numbers of rows count lines of the text decoded so."""
        return "text/csv" if self.encoding in ("utf-8", "utf-8-sig") else f"text/csv; charset={self.encoding}"


def normal(name: str) -> str:
    """Return a column name without case, quotes and odd spaces."""
    return " ".join(name.replace("\xa0", " ").strip(" \"'\ufeff").lower().split())


def decode(content: bytes, file_name: str) -> tuple[str, str]:
    """Return the text and the name of its encoding; InputError for what is no text."""
    other = no_text(content[:_HEAD])
    if other:
        message = f"The file is {other}"
        raise InputError(message, where=file_name)
    encoding = _encoding(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        encoding = "cp1252"
        text = content.decode(encoding, errors="replace")
    if "\0" in text:
        message = f"The file holds a zero byte at character {text.index(chr(0))}, so it is no text file."
        raise InputError(message, hint="Export the statement again as CSV.", where=file_name)
    return text, encoding


def _encoding(content: bytes) -> str:
    if content.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    head = content[:200]
    if head[1::2].count(0) > len(head) // 4:
        return "utf-16-le"
    if head[0::2].count(0) > len(head) // 4:
        return "utf-16-be"
    return "utf-8"


def _split(line: str, delimiter: str) -> list[str]:
    return [normal(cell) for cell in next(csv.reader([line], delimiter=delimiter), [])]


def find_heading(lines: Sequence[str], is_heading: Callable[[frozenset[str]], bool]) -> tuple[int, str] | None:
    """Return the line of the heading, counted from 0, and its delimiter."""
    for number, line in enumerate(lines[:HEADING_WITHIN]):
        for delimiter in _DELIMITERS:
            if delimiter in line and is_heading(frozenset(_split(line, delimiter))):
                return number, delimiter
    return None


def head_has(head: bytes, is_heading: Callable[[frozenset[str]], bool]) -> bool:
    """Tell whether the first bytes of a file hold a heading of this kind; never raises."""
    encoding = _encoding(head)
    usable = head[: len(head) // 2 * 2] if encoding.startswith("utf-16") else head
    text = usable.decode(encoding, errors="replace")
    try:
        return find_heading(text.splitlines(), is_heading) is not None
    except csv.Error:
        return False


def read_table(content: bytes, file_name: str, is_heading: Callable[[frozenset[str]], bool], expected: str) -> Table:
    """Return the rows under the heading, without empty lines and lines of totals."""
    text, encoding = decode(content, file_name)
    with io.StringIO(text, newline="") as stream:
        lines = list(stream)
    found = find_heading(lines, is_heading)
    if found is None:
        message = f"No heading with the columns {expected} is in the first {HEADING_WITHIN} lines."
        raise InputError(
            message, hint="Choose the file's real format with --format, or export it again.", where=file_name
        )
    first, delimiter = found
    try:
        heading, rows, again = _rows(lines, first, delimiter)
    except csv.Error as error:
        message = f"The file is not readable as CSV: {error}."
        raise InputError(message, hint="Export the statement again.", where=file_name) from error
    columns = {normal(name): index for index, name in reversed(list(enumerate(heading)))}
    return Table(heading, columns, rows, encoding, again)


def _rows(lines: Sequence[str], first: int, delimiter: str) -> tuple[list[str], list[Row], tuple[int, ...]]:
    reader = csv.reader(lines[first:], delimiter=delimiter, skipinitialspace=True)
    heading = [cell.replace("\ufeff", "").strip() for cell in next(reader)]
    rows: list[Row] = []
    again: list[int] = []
    start = reader.line_num
    for cells in reader:
        line, start = first + start, reader.line_num
        if not any(cells):
            continue
        begin = cells[0].strip()
        if _is_filler(begin or next((cell for cell in cells if cell.strip()), "").strip()):
            continue
        if begin == heading[0] and [cell.strip() for cell in cells] == heading:
            again.append(line)
        else:
            rows.append((line, cells))
    return heading, rows, tuple(again)


def _is_filler(written: str) -> bool:
    """Tell from the first cell that is written whether a line is empty or of totals."""
    return not written or (written[0] in _TOTAL_LETTERS and len(written) < 20 and _TOTALS.match(written) is not None)  # noqa: PLR2004


def unquoted(cell: str) -> str:
    """Return a cell without the quote mark that our own writer puts before what a spreadsheet would run."""
    return cell[1:] if cell.startswith("'") and _QUOTED_FORMULA.match(cell) else cell
