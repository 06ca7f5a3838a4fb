"""Tests of reports as workbooks, PDF and TXF: read back as a reader's program would."""

from __future__ import annotations

import re
import time
import zlib
from base64 import a85decode
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from app.core.errors import InputError, RefusedError
from app.core.reports.table import Column, Kind, Report, Table
from app.documents.pdf_files import PdfReports
from app.documents.txf_files import TxfReports
from app.documents.xlsx_files import XlsxReports
from tests.core.reports.golden import CASES, ON, Case, named, report_of


def streams(content: bytes) -> list[bytes]:
    """Return what is drawn on each page of a PDF."""
    found = re.findall(rb"stream\r?\n(.*?)endstream", content, re.DOTALL)
    return [zlib.decompress(a85decode(one.strip().removesuffix(b"~>"))) for one in found]


def with_rows(report: Report, *rows: tuple[str | Decimal | None, ...]) -> Report:
    """Return a report with one table of these rows."""
    columns = (Column("Asset"), Column("Quantity", Kind.QUANTITY))
    return replace(report, tables=(Table("Rows", columns, rows),))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_report_is_a_workbook_with_a_sheet_for_each_table(case: Case, tmp_path: Path) -> None:
    report, target = report_of(case), tmp_path / "report.xlsx"
    XlsxReports().write(target, report, ON)

    book = load_workbook(target)

    assert [len(table.rows) + len(table.totals) + 1 for table in report.tables] == [
        sheet.max_row for sheet in book.worksheets[:-1]
    ]
    assert book.worksheets[-1].title == "About"


def test_numbers_are_numbers_and_dates_are_dates(tmp_path: Path) -> None:
    target = tmp_path / "report.xlsx"
    XlsxReports().write(target, named("us-8949"), ON)

    row = next(load_workbook(target).worksheets[0].iter_rows(min_row=2, max_row=2))

    assert [cell.value for cell in row[:3]] == ["I", "I", "0.5 BTC"]
    assert [cell.value.date() for cell in row[3:5]] == [date(2025, 2, 1), date(2025, 3, 1)]
    assert [cell.value for cell in row[5:]] == [45000.17, 45000, None, None, 0.17, "s1"]
    assert (row[5].number_format, row[3].number_format) == ("#,##0.00", "yyyy-mm-dd")


def test_a_number_that_a_spreadsheet_would_cut_is_written_as_text(tmp_path: Path) -> None:
    target = tmp_path / "report.xlsx"
    long = "1234567890.123456789012345678"
    XlsxReports().write(target, with_rows(named("us-8949"), ("X", Decimal(long)), ("Y", None)), ON)

    rows = list(load_workbook(target).worksheets[0].iter_rows(min_row=2, values_only=True))

    assert rows == [("X", long), ("Y", "unknown")]


def test_no_text_of_a_workbook_is_a_formula(tmp_path: Path) -> None:
    target = tmp_path / "report.xlsx"
    XlsxReports().write(target, with_rows(named("us-8949"), ("=1+1", Decimal(1)), ("a\x00b", Decimal(2))), ON)

    cells = [row[0] for row in load_workbook(target).worksheets[0].iter_rows(min_row=2)]

    assert [(cell.value, cell.data_type) for cell in cells] == [("=1+1", "s"), ("a\ufffdb", "s")]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_report_is_a_pdf_that_says_its_pages(case: Case, tmp_path: Path) -> None:
    target = tmp_path / "report.pdf"
    PdfReports().write(target, report_of(case), ON)

    content = target.read_bytes()
    drawn = streams(content)

    assert (content[:5], content.rstrip()[-5:]) == (b"%PDF-", b"%%EOF")
    assert all(b"(%d / %d)" % (number, len(drawn)) in page for number, page in enumerate(drawn, start=1))


def test_a_pdf_shows_amounts_with_their_thousands(tmp_path: Path) -> None:
    target = tmp_path / "report.pdf"
    PdfReports().write(target, named("us-8949"), ON)

    [page] = streams(target.read_bytes())

    assert all(text in page for text in (b"(45,000.17)", b"(-5,000.00)", b"(2025-02-01)", b"Form 8949 for 2025"))


def test_a_pdf_of_unknown_figures_warns_at_the_top(tmp_path: Path) -> None:
    target = tmp_path / "report.pdf"
    PdfReports().write(target, named("us-8949-unknown"), ON)

    page = streams(target.read_bytes())[0]

    assert page.index(b"not fit to be filed") < page.index(b"unknown")


def test_a_pdf_takes_any_text(tmp_path: Path) -> None:
    target = tmp_path / "report.pdf"
    rows = [("<b>&amp", Decimal(1)), ("所得税 \U0001f600 \x07", Decimal(2)), ("x" * 400, None)]
    PdfReports().write(target, with_rows(named("us-8949"), *rows), ON)

    page = streams(target.read_bytes())[0]

    assert b"<b>&amp" in page


def test_a_pdf_of_many_rows_repeats_its_heading_on_each_page(tmp_path: Path) -> None:
    target = tmp_path / "report.pdf"
    PdfReports().write(target, with_rows(named("us-8949"), *[("X", Decimal(1))] * 200), ON)

    pages = streams(target.read_bytes())

    assert [b"(Quantity)" in page for page in pages[:4]] == [True] * 4


def test_a_pdf_keeps_the_id_of_an_entry_in_one_piece(tmp_path: Path) -> None:
    target, form = tmp_path / "report.pdf", named("us-8949")
    ids = [f"{number:032x}/sell/ethereum-classic" for number in range(1, 40)]
    (table,) = form.tables
    rows = tuple((*table.rows[0][:2], "1234.56789012 USDT", *table.rows[0][3:-1], one) for one in ids)
    PdfReports().write(target, replace(form, tables=(replace(table, rows=rows),)), ON)

    drawn = b"".join(streams(target.read_bytes()))

    assert [one for one in (*ids, "1234.56789012 USDT") if f"({one}) Tj".encode() not in drawn] == []


def test_a_long_text_of_a_pdf_takes_what_others_leave_of_the_page(tmp_path: Path) -> None:
    target, note = tmp_path / "report.pdf", "a note of some length " * 4
    table = Table("Notes", (Column("Asset"), Column("Note")), (("BTC", note.strip()),))
    PdfReports().write(target, replace(named("us-8949"), tables=(table,)), ON)

    assert f"({note.strip()}) Tj".encode() in b"".join(streams(target.read_bytes()))


def test_a_text_of_many_lines_goes_on_over_the_end_of_a_page_and_loses_nothing(tmp_path: Path) -> None:
    target, ids = tmp_path / "report.pdf", [f"{number:032x}/sell/ethereum" for number in range(120)]
    columns = (Column("Asset"), Column("Entries"), Column("Gain", Kind.MONEY))
    table = Table("Sales", columns, (("BTC", " ".join(ids), Decimal("1.00")),), (("Total", "", Decimal("1.00")),))
    PdfReports().write(target, replace(named("us-8949"), tables=(table,)), ON)

    pages = streams(target.read_bytes())

    assert [one for one in ids if sum(page.count(one.encode()) for page in pages) != 1] == []
    assert [any(one.encode() in page for one in ids) for page in pages][:2] == [True, True]
    assert sum(page.count(b"(BTC) Tj") for page in pages) == 1


def test_a_pdf_that_nobody_could_read_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="20,001 rows"):
        PdfReports().write(tmp_path / "report.pdf", with_rows(named("us-8949"), *[("X", None)] * 20_001), ON)

    assert list(tmp_path.iterdir()) == []


def test_txf_tells_each_sale_on_the_line_of_its_box(tmp_path: Path) -> None:
    target = tmp_path / "report.txf"
    TxfReports().write(target, named("us-8949"), ON)

    head, *records = target.read_bytes().decode("ascii").split("^\r\n")

    assert head == "V042\r\nACounterfoil\r\nD01/31/2026\r\n"
    assert records[0].split("\r\n") == [
        "TD", "N712", "C1", "L1", "P0.5 BTC", "D02/01/2025", "D03/01/2025", "$45000.00", "$45000.17", "$", "",
    ]  # fmt: skip
    assert [record.split("\r\n")[1] for record in records[:-1]] == ["N712", "N712", "N714"]


def test_a_table_that_no_page_can_show_is_refused(tmp_path: Path) -> None:
    columns = tuple(Column(f"C{place}", Kind.QUANTITY) for place in range(14))
    table = Table("Wide", columns, ((Decimal("1234567890.123456789012345678"),) * 14,))

    with pytest.raises(RefusedError, match="14 columns of 'Wide' are too wide"):
        PdfReports().write(tmp_path / "report.pdf", replace(named("us-8949"), tables=(table,)), ON)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["us-8949-1099-da", "us-8949-unknown", "uk-sa108"])
def test_txf_is_refused_where_it_cannot_tell_the_report(name: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="cannot tell it"):
        TxfReports().write(tmp_path / "report.txf", named(name), ON)

    assert list(tmp_path.iterdir()) == []


def test_a_workbook_has_the_same_bytes_whenever_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, later = tmp_path / "first.xlsx", tmp_path / "later.xlsx"
    XlsxReports().write(first, named("audit"), ON)
    clock = time.time
    monkeypatch.setattr(time, "time", lambda: clock() + 86_400)
    monkeypatch.setattr(time, "localtime", lambda *_at: time.gmtime(1_900_000_000))
    XlsxReports().write(later, named("audit"), ON)
    with ZipFile(later) as archive:
        days = {part.date_time[:3] for part in archive.infolist()}

    assert first.read_bytes() == later.read_bytes()
    assert days == {(1980, 1, 1)}
