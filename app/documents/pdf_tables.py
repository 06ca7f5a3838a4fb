"""Tables on the pages of a PDF: columns as wide as they need to be, numbers to the right, headings on each page."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import accumulate
from typing import Any

from reportlab.lib.colors import white as PAPER  # noqa: N812 - beside the other colours
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import CondPageBreak, LongTable, Paragraph, TableStyle

from app.core.errors import RefusedError
from app.core.reports.table import Cell, Column, Kind, Table, text_of
from app.documents.pdf_pages import BACK, BOLD, FAINT, INK, LINE, PLAIN, heading, style, written

_PADDING = 10
_SPARE = 2
_WIDEST_TEXT = 190
_WIDEST_HEADING = 72
_BROKEN = 95
"""The least width of a column whose words are broken."""

_TRIED = (
    ((8.5, 8, 7.5), ("easy", "whole")),
    ((7.5, 7), ("words", "easy")),
    ((8.5, 8, 7.5, 7, 6.5, 6, 5.5), ("broken", "words")),
)
"""Sizes, with what each column must have and what it may have of the rest of the page, in the order of taste."""

_LINES = 6
"""Lines of a text that stay together on a page."""

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
    pieces = [_pieces(row, widths, size) for row in texts]
    cells = [_cells(table.columns, piece, widths, size) for row in pieces for piece in row]
    columns = [_heading(column, size) for column in table.columns]
    laid = LongTable([columns, *cells], colWidths=widths, repeatRows=1, hAlign="LEFT")
    laid.setStyle(_style(table, size, [len(row) for row in pieces]))
    yield laid


def _pieces(row: Sequence[str], widths: Sequence[float], size: float) -> list[list[str]]:
    """Return a row as several where a text has many lines: a page ends between rows only."""
    parts = [_parts(text, width - _PADDING, size) for text, width in zip(row, widths, strict=True)]
    return [
        [part[place] if place < len(part) else "" for part in parts]
        for place in range(max(len(part) for part in parts))
    ]


def _parts(text: str, width: float, size: float) -> list[str]:
    if stringWidth(text, BOLD, size) <= width * _LINES / 2:
        return [text]
    lines = simpleSplit(text, BOLD, size, width)
    return [" ".join(lines[start : start + _LINES]) for start in range(0, len(lines), _LINES)]


def _shown(columns: Sequence[Column], row: Sequence[Cell]) -> list[str]:
    return [_text(cell, column.kind) for cell, column in zip(row, columns, strict=True)]


def _text(cell: Cell, kind: Kind) -> str:
    if isinstance(cell, Decimal):
        sign, whole = ("-", text_of(cell.copy_abs(), kind)) if cell < 0 else ("", text_of(cell, kind))
        number, dot, places = whole.partition(".")
        return f"{sign}{int(number):,}{dot}{places}"
    return text_of(cell, kind)


@dataclass(frozen=True, slots=True)
class _Widths:
    """The widths of a column at one size, from the least to the most.

    Attributes:
        broken: Its words are broken.
        words: No word is broken.
        easy: Only headings and long texts are wrapped.
        whole: Nothing is wrapped.
    """

    broken: float
    words: float
    easy: float
    whole: float


def _fitted(
    title: str, columns: Sequence[Column], texts: Sequence[Sequence[str]], width: float
) -> tuple[float, list[float]]:
    """Return the size at which the table fits and its columns: wrapping comes before shrinking, breaking words last."""
    measured = [_measured(column, {row[place] for row in texts}) for place, column in enumerate(columns)]
    for sizes, steps in _TRIED:
        for size in sizes:
            found = [one(size) for one in measured]
            least, most = ([getattr(one, step) for one in found] for step in steps)
            if sum(least) <= width:
                return size, _shared(least, most, width)
    raise RefusedError(
        f"The {len(columns)} columns of {title!r} are too wide for a page that can be read.",
        hint="Choose --format xlsx or csv.",
    )


def _shared(least: Sequence[float], most: Sequence[float], width: float) -> list[float]:
    """Return the widths of columns: what is left of the page goes to each alike, until it needs no more."""
    room, found = width - sum(least), list(least)
    wishes = sorted((high - low, place) for place, (low, high) in enumerate(zip(least, most, strict=True)))
    for number, (wish, place) in enumerate(wishes):
        given = min(wish, room / (len(wishes) - number))
        found[place] += given
        room -= given
    return found


def _measured(column: Column, texts: Collection[str]) -> Callable[[float], _Widths]:
    """Return what tells the widths of a column at a size: what is drawn grows with it."""
    is_text = column.kind not in (*_NUMBERS, Kind.DATE)
    whole, title = _widest(texts), _widest([column.title])
    word, title_word = _widest(one for text in texts for one in text.split()), _widest(column.title.split())

    def at(size: float) -> _Widths:
        heading_least = title_word * size + _SPARE
        heading_most = max(heading_least, min(title * size + _SPARE, _WIDEST_HEADING))
        most = whole * size + _SPARE
        words = word * size + _SPARE if is_text else most
        broken = min(words, _BROKEN) if is_text else most
        easy = max(words, min(most, _WIDEST_TEXT))
        return _Widths(
            max(broken, heading_least) + _PADDING,
            max(words, heading_least) + _PADDING,
            max(easy, heading_least) + _PADDING,
            max(most, heading_most) + _PADDING,
        )

    return at


def _widest(texts: Iterable[str]) -> float:
    """Return the width of the widest text at the size 1."""
    return max((stringWidth(text, BOLD, 1) for text in texts), default=0)


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


def _style(table: Table, size: float, pieces: Sequence[int]) -> TableStyle:
    """Return the style of a table whose rows, totals included, are in so many pieces each."""
    rows, last = sum(pieces[: len(table.rows)]), -1
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
    for end, count in zip(accumulate(pieces), pieces, strict=True):
        if count > 1:
            first = end - count + 1
            commands += [
                ("LINEBELOW", (0, first), (-1, end - 1), 0.7, PAPER),
                ("BOTTOMPADDING", (0, first), (-1, end - 1), 0),
                ("TOPPADDING", (0, first + 1), (-1, end), 0),
            ]
    if table.totals:
        commands += [
            ("FONT", (0, rows + 1), (-1, last), BOLD, size),
            ("LINEABOVE", (0, rows + 1), (-1, rows + 1), 0.9, INK),
        ]
    return TableStyle(commands)
