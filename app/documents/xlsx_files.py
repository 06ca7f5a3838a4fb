"""Reports as XLSX workbooks: a sheet a table, then what the report rests on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, BinaryIO
from zipfile import ZIP_DEFLATED

from app.core.errors import InputError
from app.core.reports.table import UNKNOWN, Cell, Column, Kind, Report, Table, text_of
from app.documents.steady_archive import SteadyArchive
from app.documents.whole_files import WholeReports

if TYPE_CHECKING:
    from openpyxl import Workbook

_MOST_ROWS = 1_048_576
_EXACT_DIGITS = 15
"""Digits that a spreadsheet's numbers keep; what has more is written as text, so that no digit is lost."""

_LOOKED_AT = 200
_NARROWEST, _WIDEST = 9, 60
_ROOM = 3
_HEADING = "FFE8ECF1"
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST_NAME = 31


class XlsxReports(WholeReports):
    """Writes workbooks that open with numbers as numbers, dates as dates and no text as a formula."""

    def fill(self, stream: BinaryIO, report: Report, on: date) -> None:
        """Write a report into a stream; InputError where it has more rows than a sheet holds."""
        longest = max(len(table.rows) + len(table.totals) for table in report.tables) + 1
        if longest > _MOST_ROWS:
            raise InputError(
                f"A sheet holds {_MOST_ROWS:,} rows, and {report.title} has {longest:,}.",
                hint="Choose --format csv.",
            )
        _fill(stream, report, on)


def _fill(stream: BinaryIO, report: Report, on: date) -> None:
    # Loaded where a workbook is written: it would delay every start.
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.writer.excel import ExcelWriter  # noqa: PLC0415

    book = Workbook(write_only=True)
    book.properties.creator = "Counterfoil"
    book.properties.title = report.title
    book.properties.created = book.properties.modified = datetime.combine(on, time())
    try:
        _sheets(book, report, on)
    except BaseException:
        # Sheets are open files of their own until the book is saved.
        for sheet in book.worksheets:
            sheet.close()
        raise
    # The book's own way to save would write the present moment into it.
    ExcelWriter(book, SteadyArchive(stream, "w", ZIP_DEFLATED)).save()


def _sheets(book: Workbook, report: Report, on: date) -> None:
    names: set[str] = set()
    for table in report.tables:
        _Sheet(book, _name(table.title, names), table.columns).fill(table)
    _about(book, _name("About", names), report, on)


def _name(title: str, taken: set[str]) -> str:
    name = _NOT_IN_A_NAME.sub(" ", title)[:_LONGEST_NAME].strip(" '")
    number = 2
    while name.casefold() in taken:
        name = f"{name[: _LONGEST_NAME - 3]} {number}"
        number += 1
    taken.add(name.casefold())
    return name


class _Sheet:
    """One table on its sheet."""

    def __init__(self, book: Workbook, name: str, columns: Sequence[Column]) -> None:
        from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Side  # noqa: PLC0415

        self._sheet = book.create_sheet(name)
        self._columns = columns
        self._new_cell = WriteOnlyCell
        self._bold = Font(bold=True)
        self._fill = PatternFill("solid", fgColor=_HEADING)
        self._wrapped = Alignment(wrap_text=True, vertical="center")
        self._right = Alignment(horizontal="right")
        self._above = Border(top=Side(style="thin"))

    def fill(self, table: Table) -> None:
        """Write heading, rows and totals."""
        self._sheet.freeze_panes = "A2"
        for letter, width in _widths(table):
            self._sheet.column_dimensions[letter].width = width
        self._sheet.append([self._heading(column) for column in self._columns])
        for row in table.rows:
            self._sheet.append(list(self._cells(row)))
        for row in table.totals:
            self._sheet.append(list(self._cells(row, is_total=True)))

    def _heading(self, column: Column) -> Any:
        cell = self._new_cell(self._sheet, value=column.title)
        cell.font, cell.fill, cell.alignment = self._bold, self._fill, self._wrapped
        return cell

    def _cells(self, row: Sequence[Cell], *, is_total: bool = False) -> Iterator[Any]:
        for value, column in zip(row, self._columns, strict=True):
            cell = self._cell(value, column.kind)
            if is_total:
                cell.font, cell.border = self._bold, self._above
            yield cell

    def _cell(self, value: Cell, kind: Kind) -> Any:
        if isinstance(value, Decimal) and len(value.normalize().as_tuple().digits) <= _EXACT_DIGITS:
            cell = self._new_cell(self._sheet, value=value)
            cell.number_format = _number_format(value, kind)
            return cell
        if isinstance(value, date):
            cell = self._new_cell(self._sheet, value=value)
            cell.number_format = "yyyy-mm-dd"
            return cell
        cell = self._new_cell(self._sheet, value=_CONTROL.sub("\ufffd", text_of(value, kind)))
        cell.data_type = "s"  # also what begins with an equals sign
        if isinstance(value, Decimal) or value is None:
            cell.alignment = self._right
        elif len(cell.value) > _WIDEST:
            cell.alignment = self._wrapped
        return cell


def _number_format(value: Decimal, kind: Kind) -> str:
    places = -min(int(value.as_tuple().exponent), 0)
    if kind is Kind.MONEY:
        return f"#,##0.{'0' * places}" if places else "#,##0"
    return "General"


def _widths(table: Table) -> Iterator[tuple[str, int]]:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    looked_at = (*table.rows[:_LOOKED_AT], *table.totals)
    for place, column in enumerate(table.columns):
        words = max((len(word) for word in column.title.split()), default=0)
        longest = max((len(text_of(row[place], column.kind)) for row in looked_at), default=0)
        width = min(max(_NARROWEST, words, longest, len(UNKNOWN)), _WIDEST)
        yield get_column_letter(place + 1), width + _ROOM


def _about(book: Workbook, name: str, report: Report, on: date) -> None:
    columns = (Column(report.title), Column(""))
    rows: list[tuple[Cell, ...]] = [*report.facts]
    if report.edition:
        rows.append(("Edition", report.edition))
    rows.append(("Verified", report.verification))
    rows.append(("Made on", on))
    rows += [("Source", f"{one.title} {one.url}".rstrip()) for one in report.references]
    rows += [("Note", note) for note in report.notes]
    rows.append(("Note", f"Numbers of more than {_EXACT_DIGITS} digits are written as text: a spreadsheet loses them."))
    sheet = _Sheet(book, name, columns)
    sheet.fill(Table(report.title, columns, tuple(rows)))
