"""Sales as Tax Exchange Format, version 042: what programs for US returns read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import BinaryIO

from app.core.errors import RefusedError
from app.core.reports.table import ExchangeRecord, Report
from app.documents.whole_files import WholeReports

_END = "\r\n"
_CONTROL = re.compile(r"[\x00-\x1f\x7f^]")
_LONGEST = 255


class TxfReports(WholeReports):
    """Writes the sales of a report as records of format 5."""

    def fill(self, stream: BinaryIO, report: Report, on: date) -> None:
        """Write a report into a stream; RefusedError where it cannot be told in this format."""
        if report.records is None:
            raise RefusedError(
                f"{report.title}: this format cannot tell it. {report.no_records}",
                hint="Choose --format csv, xlsx or pdf.",
            )
        _fill(stream, report.records, on)


def _fill(stream: BinaryIO, records: tuple[ExchangeRecord, ...], on: date) -> None:
    lines = ["V042", "ACounterfoil", f"D{_day(on)}", "^"]
    for one in records:
        lines.extend(_record(one))
    # The format knows no encoding beyond that of Windows.
    stream.write(_END.join([*lines, ""]).encode("cp1252", errors="replace"))


def _record(one: ExchangeRecord) -> Iterator[str]:
    yield "TD"
    yield f"N{one.reference}"
    yield "C1"
    yield "L1"
    yield f"P{_CONTROL.sub(' ', one.description)[:_LONGEST]}"
    # A line without a day stands for several.
    yield "D" if one.acquired is None else f"D{_day(one.acquired)}"
    yield f"D{_day(one.sold)}"
    yield f"${one.cost:.2f}"
    yield f"${one.proceeds:.2f}"
    yield "$"
    yield "^"


def _day(day: date) -> str:
    return f"{day:%m/%d/%Y}"
