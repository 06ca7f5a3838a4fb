"""Tables as CSV files: whole or not at all, and no cell that a spreadsheet would run as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import BinaryIO

from app.core.reports.table import Cell, Report, Table, text_of
from app.documents.whole_files import WholeReports, write_whole

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?")
_RISKY = re.compile(r"'*[=+\-@\t\r]")


def safe(cell: str) -> str:
    """Return a cell that a spreadsheet shows as text.

    A cell that starts with = + - @ and is no number is written with a quote mark before it; so is one that already
    starts with quote marks before such a sign, and therefore reading back by removing one mark is exact.
    """
    return f"'{cell}" if _RISKY.match(cell) and not _NUMBER.fullmatch(cell) else cell


class CsvFiles:
    """Writes UTF-8 CSV as RFC 4180 describes it: commas, CRLF, quotes where needed."""

    def write(self, path: Path, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Write the file whole or not at all: beside the target, synced, then renamed over it."""
        write_whole(path, partial(_fill, columns=columns, rows=rows))


class CsvReports(WholeReports):
    """Writes a report as CSV: its first table from the first line, then the others, then what it rests on."""

    def fill(self, stream: BinaryIO, report: Report, on: date) -> None:
        """Write a report into a stream."""
        first = [column.title for column in report.tables[0].columns]
        _fill(stream, first, list(report_rows(report, on)))


def report_rows(report: Report, on: date) -> Iterator[list[str]]:
    """Yield every row below the heading of the first table."""
    first, *others = report.tables
    yield from _rows(first)
    for table in others:
        yield []
        yield [table.title]
        yield [column.title for column in table.columns]
        yield from _rows(table)
    yield []
    yield ["Report", report.title]
    yield from ([name, value] for name, value in report.facts)
    if report.edition:
        yield ["Edition", report.edition]
    yield ["Verified", report.verification]
    yield ["Made on", on.isoformat()]
    yield from (["Source", one.title, one.url] for one in report.references)
    yield from (["Note", note] for note in report.notes)


def _rows(table: Table) -> Iterator[list[str]]:
    for row in (*table.rows, *table.totals):
        yield _texts(table, row)


def _texts(table: Table, row: Sequence[Cell]) -> list[str]:
    return [text_of(cell, column.kind) for cell, column in zip(row, table.columns, strict=True)]


def _fill(stream: BinaryIO, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    text.flush()
    # The stream belongs to the caller, who syncs it.
    text.detach()
