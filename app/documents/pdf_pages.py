"""What stands on the pages of a PDF besides tables: headings, facts, notes, the foot of each page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, Table, TableStyle

PLAIN, BOLD, EAST = "Helvetica", "Helvetica-Bold", "HeiseiKakuGo-W5"
INK, FAINT, LINE, BACK, ALARM = (HexColor(one) for one in ("#17202b", "#5b6776", "#c9d1da", "#eef1f5", "#a3231c"))
_MISSING = "?"

pdfmetrics.registerFont(UnicodeCIDFont(EAST))


def style(size: float, font: str = PLAIN, color: Color = INK, **more: Any) -> ParagraphStyle:
    """Return a style of text."""
    return ParagraphStyle(f"{font}{size}", fontName=font, fontSize=size, leading=size * 1.3, textColor=color, **more)


_TITLE = style(17, BOLD, spaceAfter=8)
_HEADING = style(11, BOLD, spaceBefore=8, spaceAfter=4)
_NAME = style(8.5, color=FAINT)
_TEXT = style(8.5)
_ITEM = style(8, leftIndent=10, bulletIndent=0, spaceAfter=2)
_WARNING = style(9.5, BOLD, ALARM, spaceBefore=8)


def written(text: str) -> str:
    """Return a text as the markup of a paragraph: what the plain font lacks in another one, the rest as a mark."""
    return "".join(_written(char) for char in text).replace("</font><font name='HeiseiKakuGo-W5'>", "")


def _written(char: str) -> str:
    if _has(char, "cp1252"):
        return escape(char) if char.isprintable() else " "
    return f"<font name='{EAST}'>{escape(char)}</font>" if _has(char, "cp932") else _MISSING


def _has(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def title(text: str) -> Paragraph:
    """Return the title of a report."""
    return Paragraph(written(text), _TITLE)


def heading(text: str) -> Paragraph:
    """Return the heading of a part."""
    return Paragraph(written(text), _HEADING)


def warning(text: str) -> Paragraph:
    """Return what must not be overlooked."""
    return Paragraph(written(text), _WARNING)


def item(text: str) -> Paragraph:
    """Return a note."""
    return Paragraph(written(text), _ITEM, bulletText="•")


def source(name: str, url: str) -> Paragraph:
    """Return a source with its address."""
    address = f" <font color='#5b6776'>{written(url)}</font>" if url else ""
    return Paragraph(f"{written(name)}{address}", _ITEM, bulletText="•")


def facts(rows: list[tuple[str, str]], width: float) -> Table:
    """Return what a report is about, name beside value."""
    cells = [[Paragraph(written(name), _NAME), Paragraph(written(value), _TEXT)] for name, value in rows]
    table = Table(cells, colWidths=[80, width - 80], hAlign="LEFT")
    table.setStyle(TableStyle([("LEFTPADDING", (0, 0), (-1, -1), 0), ("TOPPADDING", (0, 0), (-1, -1), 0.5), *_tight()]))
    return table


def _tight() -> list[tuple[Any, ...]]:
    return [("BOTTOMPADDING", (0, 0), (-1, -1), 0.5), ("VALIGN", (0, 0), (-1, -1), "TOP")]


def numbered(foot: str) -> Callable[..., Canvas]:
    """Return what draws pages that say at their foot what they belong to and how many there are."""

    class Numbered(Canvas):  # type: ignore[misc]
        """Keeps each page until all are known."""

        def __init__(self, *words: Any, **named: Any) -> None:
            super().__init__(*words, **named)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 - the name that is called
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self._pages, start=1):
                self.__dict__.update(page)
                _foot(self, foot, f"{number} / {len(self._pages)}")
                Canvas.showPage(self)
            Canvas.save(self)

    return Numbered


def _foot(canvas: Canvas, text: str, number: str) -> None:
    left, right, height = 16 * mm + 6, canvas._pagesize[0] - 16 * mm - 6, 10 * mm  # noqa: SLF001 - it has no other name
    paragraph = Paragraph(written(text), style(7, color=FAINT))
    paragraph.wrap(right - left - 60, 20)
    paragraph.drawOn(canvas, left, height - 2)
    canvas.setFont(PLAIN, 7)
    canvas.setFillColor(FAINT)
    canvas.drawRightString(right, height, number)
