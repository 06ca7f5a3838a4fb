"""Tables on the pages of a PDF: columns as wide as they need to be, numbers to the right, headings on each page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from reportlab.lib.enums import TA_RIGHT
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import CondPageBreak, LongTable, Paragraph, TableStyle

from app.core.errors import RefusedError
from app.core.reports.table import Cell, Column, Kind, Table, text_of
from app.documents.pdf_pages import BACK, BOLD, FAINT, INK, LINE, PLAIN, heading, style, written

_SIZES = (8.5, 8, 7.5, 7, 6.5, 6, 5.5)
_PADDING = 10
_WIDEST_TEXT = 190
_ROOM_FOR_A_START = 90
_NUMBERS = (Kind.MONEY, Kind.QUANTITY)


def drawn(table: Table, width: float) -> Iterator[Any]:
    """Yield the heading of a table and the table, or that it is empty."""
    yield CondPageBreak(_ROOM_FOR_A_START)
    yield heading(table.title)
    if not table.rows:
        yield Paragraph("None.", style(8.5, color=FAINT))
        return
    texts = [_shown(table.columns, row) for row in (*table.rows, *table.totals)]
    size, widths = _fitted(table.title, table.columns, texts, width)
    cells = [_cells(table.columns, row, widths, size) for row in texts]
    columns = [_heading(column, size) for column in table.columns]
    laid = LongTable([columns, *cells], colWidths=widths, repeatRows=1, hAlign="LEFT")
    laid.setStyle(_style(table, size))
    yield laid


def _shown(columns: Sequence[Column], row: Sequence[Cell]) -> list[str]:
    return [_text(cell, column.kind) for cell, column in zip(row, columns, strict=True)]


def _text(cell: Cell, kind: Kind) -> str:
    if isinstance(cell, Decimal):
        sign, whole = ("-", text_of(cell.copy_abs(), kind)) if cell < 0 else ("", text_of(cell, kind))
        number, dot, places = whole.partition(".")
        return f"{sign}{int(number):,}{dot}{places}"
    return text_of(cell, kind)


def _fitted(
    title: str, columns: Sequence[Column], texts: Sequence[Sequence[str]], width: float
) -> tuple[float, list[float]]:
    """Return the largest size at which the table fits and its columns; texts are wrapped before numbers shrink."""
    for size in _SIZES:
        least, most = _bounds(columns, texts, size)
        if sum(most) <= width:
            return size, most
        if sum(least) <= width:
            return size, _between(least, most, width)
    raise RefusedError(
        f"The {len(columns)} columns of {title!r} are too wide for a page that can be read.",
        hint="Choose --format xlsx or csv.",
    )


def _bounds(columns: Sequence[Column], texts: Sequence[Sequence[str]], size: float) -> tuple[list[float], list[float]]:
    wanted = [_wanted(column, [row[place] for row in texts], size) for place, column in enumerate(columns)]
    return [one[0] for one in wanted], [one[1] for one in wanted]


def _between(least: Sequence[float], most: Sequence[float], width: float) -> list[float]:
    room, wish = width - sum(least), sum(most) - sum(least)
    return [low + (high - low) * room / wish for low, high in zip(least, most, strict=True)]


def _wanted(column: Column, texts: Sequence[str], size: float) -> tuple[float, float]:
    """Return the least and the best width of a column."""
    heading_least = max(stringWidth(word, BOLD, size) for word in column.title.split() or [""]) + 2
    heading_most = max(heading_least, min(stringWidth(column.title, BOLD, size) + 2, 72))
    longest = max(texts, key=len, default="")
    whole = stringWidth(longest, BOLD, size) + 2
    if column.kind in (*_NUMBERS, Kind.DATE):
        return max(whole, heading_least) + _PADDING, max(whole, heading_most) + _PADDING
    word = max((one for text in texts for one in text.split()), key=len, default="")
    least = min(stringWidth(word, BOLD, size) + 2, _WIDEST_TEXT / 2)
    return max(least, heading_least) + _PADDING, max(min(whole, _WIDEST_TEXT), heading_most) + _PADDING


def _heading(column: Column, size: float) -> Paragraph:
    more = {"alignment": TA_RIGHT} if column.kind in _NUMBERS else {}
    return Paragraph(written(column.title), style(size, BOLD, FAINT, **more))


def _cells(columns: Sequence[Column], row: Sequence[str], widths: Sequence[float], size: float) -> list[Any]:
    return [
        _cell(text, width, size, is_number=column.kind in _NUMBERS)
        for column, text, width in zip(columns, row, widths, strict=True)
    ]


def _cell(text: str, width: float, size: float, *, is_number: bool) -> Any:
    """Return a cell: plain where it fits, as a paragraph where it must be wrapped or needs another font."""
    fits = stringWidth(text, BOLD, size) <= width - _PADDING + 1
    if fits and text.isascii() and text.isprintable():
        return text
    more: dict[str, Any] = {"alignment": TA_RIGHT} if is_number else {}
    return Paragraph(written(text), style(size, splitLongWords=1, **more))


def _style(table: Table, size: float) -> TableStyle:
    rows, last = len(table.rows), -1
    commands: list[tuple[Any, ...]] = [
        ("FONT", (0, 1), (-1, last), PLAIN, size),
        ("TEXTCOLOR", (0, 0), (-1, last), INK),
        ("BACKGROUND", (0, 0), (-1, 0), BACK),
        ("LINEBELOW", (0, 0), (-1, last), 0.35, LINE),
        ("VALIGN", (0, 0), (-1, last), "TOP"),
        ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
        ("LEFTPADDING", (0, 0), (-1, last), _PADDING / 2),
        ("RIGHTPADDING", (0, 0), (-1, last), _PADDING / 2),
        ("TOPPADDING", (0, 0), (-1, last), 2.5),
        ("BOTTOMPADDING", (0, 0), (-1, last), 3),
    ]
    commands += [
        ("ALIGN", (place, 1), (place, last), "RIGHT")
        for place, column in enumerate(table.columns)
        if column.kind in _NUMBERS
    ]
    if table.totals:
        commands += [
            ("FONT", (0, rows + 1), (-1, last), BOLD, size),
            ("LINEABOVE", (0, rows + 1), (-1, rows + 1), 0.9, INK),
        ]
    return TableStyle(commands)
