"""Reports as PDF: what a client is sent."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, BinaryIO

from app.core.errors import InputError
from app.core.reports.table import Report
from app.documents.whole_files import WholeReports

_MOST_ROWS = 20_000
_WIDE = 7
"""Columns beyond which the page lies on its side."""


class PdfReports(WholeReports):
    """Writes A4 pages with a heading, tables whose heading repeats on each page, notes and sources."""

    def fill(self, stream: BinaryIO, report: Report, on: date) -> None:
        """Write a report into a stream; InputError where it has more rows than anybody reads on paper."""
        rows = sum(len(table.rows) for table in report.tables)
        if rows > _MOST_ROWS:
            raise InputError(
                f"{report.title} has {rows:,} rows, and nobody reads more than {_MOST_ROWS:,} on paper.",
                hint="Choose --format xlsx or csv, or the form summary.",
            )
        _fill(stream, report, on)


def _fill(stream: BinaryIO, report: Report, on: date) -> None:
    # Loaded where a page is drawn: it would delay every start.
    from reportlab.lib.pagesizes import A4, landscape  # noqa: PLC0415
    from reportlab.lib.units import mm  # noqa: PLC0415
    from reportlab.platypus import SimpleDocTemplate  # noqa: PLC0415

    from app.documents.pdf_pages import numbered  # noqa: PLC0415

    is_wide = any(len(table.columns) > _WIDE for table in report.tables)
    document = SimpleDocTemplate(
        stream,
        pagesize=landscape(A4) if is_wide else A4,
        leftMargin=16 * mm,
        rightMargin=16 * mm,
        topMargin=16 * mm,
        bottomMargin=18 * mm,
        title=report.title,
        author="Counterfoil",
        subject=", ".join(value for _, value in report.facts),
        creator="Counterfoil",
        invariant=1,
    )
    # A4 without margins and the frame's own padding.
    story = list(_story(report, document.width - 12))
    document.build(story, canvasmaker=numbered(f"{report.title} · made on {on.isoformat()} with Counterfoil"))


def _story(report: Report, width: float) -> Iterator[Any]:
    from reportlab.platypus import Spacer  # noqa: PLC0415

    from app.documents import pdf_pages as pages  # noqa: PLC0415
    from app.documents.pdf_tables import drawn  # noqa: PLC0415

    yield pages.title(report.title)
    yield pages.facts(_facts(report), width)
    if report.is_blocked:
        yield pages.warning("Some figures are not known: this report is not fit to be filed. See the notes.")
    for table in report.tables:
        yield Spacer(1, 6)
        yield from drawn(table, width)
    yield Spacer(1, 6)
    yield pages.heading("Notes")
    yield from (pages.item(note) for note in report.notes)
    if report.references:
        yield pages.heading("Sources")
        yield from (pages.source(one.title, one.url) for one in report.references)


def _facts(report: Report) -> list[tuple[str, str]]:
    if not report.edition:
        return [*report.facts]
    return [*report.facts, ("Form", report.edition), ("Verified", report.verification)]
