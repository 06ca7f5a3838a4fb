"""The rows of every table: paints cells, says how wide a figure is; there are no widgets in cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from time import monotonic
from typing import Any, Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QWidget

from app.ui import icons, theme
from app.ui.models import cells
from app.ui.models.cells import Cell, Heading
from app.ui.models.rows import Line
from app.ui.models.table import Flash, TableModel
from app.ui.widgets.bars import paint_bar, paint_spark
from app.ui.widgets.marks import paint_avatar, paint_pill, pill_width

RIGHT, MIDDLE = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignVCenter
AT_LEFT, AT_RIGHT = int(Qt.AlignmentFlag.AlignLeft | MIDDLE), int(RIGHT | MIDDLE)
"""As numbers: a flag costs more to combine than the text to draw."""
PAD, INDENT, FOLD, SHARE_TEXT, ACTION, EDGE = 8, 16, 14, 54, 24, 4
PARTED = " · "
_WRITTEN = (cells.Figure, cells.Words)
_DIGITS = str.maketrans("123456789", "000000000")


@lru_cache(maxsize=4096)
def _advance(text: str, role: str, _scale: float) -> float:
    return QFontMetricsF(theme.font(role)).horizontalAdvance(text)


def advance(text: str, role: str = "cell") -> float:
    """Return how wide a text is; figures are tabular, so all digits measure alike."""
    return _advance(text.translate(_DIGITS), role, theme.look().scale)


def natural(cell: Cell) -> tuple[float, float]:  # noqa: PLR0911
    """Return the width of a cell left and right of its decimal point; all of it is left where there is none."""
    match cell:
        case cells.Quantity():
            whole, rest = cell.parts()
            return advance(whole), advance(rest)
        case cells.Figure():
            return advance(cell.text, cell.role) + (18 if cell.icon else 0), 0
        case cells.Delta():
            return advance(cell.text) + 12, 0
        case cells.Status():
            quiet = advance(cell.text) + (23 if cell.icon else 0)
            return (quiet if cell.is_quiet else pill_width(cell.text, icon=cell.icon)), 0
        case cells.Hash():
            return advance(cell.text, "mono_small"), 0
        case cells.Words():
            return advance(cell.text, cell.role) + (21 if cell.icon else 0), 0
        case cells.Named():
            note = advance(cell.note) + 7 if cell.note else 0
            badge = pill_width(cell.badge, dot=False) + 8 if cell.badge else 0
            return theme.px(28) + advance(cell.name, "cell_strong") + note + badge, 0
        case cells.Actions():
            return theme.px(ACTION) * len(cell.actions), 0
        case _:
            return 0, 0


@lru_cache(maxsize=4096)
def _elided(text: str, role: str, width: float, _scale: float) -> str:
    return QFontMetricsF(theme.font(role)).elidedText(text, Qt.TextElideMode.ElideRight, width)


def write(painter: QPainter, rect: QRectF, text: str, tone: str, role: str, align: int = AT_LEFT) -> None:  # noqa: PLR0913, PLR0917
    """Write one line, elided where it must be: only text columns are ever too narrow."""
    width = rect.width() + 1
    if advance(text, role) > width:
        text = _elided(text, role, width, theme.look().scale)
    painter.setFont(theme.font(role))
    painter.setPen(theme.color(tone))
    painter.drawText(rect, align, text)


def whole_parts(text: str, role: str, width: float) -> str:
    """Return as many parts of "a · b · c" as fit, each of them whole: half a figure says something that is not so."""
    parts = text.split(PARTED)
    while len(parts) > 1 and advance(PARTED.join(parts) + " …", role) > width:
        parts.pop()
    shown = PARTED.join(parts)
    return text if shown == text else f"{shown} …"


Place = tuple[int, int, int]
"""A column with its left edge and its width."""


@dataclass(frozen=True, slots=True)
class RowLook:
    """The state of a row while it is painted; `first` is the column that stands at the left."""

    first: int
    is_selected: bool
    is_hovered: bool
    is_focused: bool


class Host(Protocol):
    """What painting needs to know of the table."""

    is_tree: bool
    ground: str

    @property
    def table_model(self) -> TableModel:
        """Return the model."""

    def viewport(self) -> QWidget:
        """Return the widget that is painted on."""

    def fraction_width(self, column: int) -> float:
        """Return how much a column needs right of the decimal point."""


class RowPainter:
    """Paints rows: ground, flash, then each cell by its kind, state last.

    A view asks its delegate for one cell after the other and has the style paint below each: for figures that stand in
    rows that costs several times what is seen of it.
    """

    def __init__(self, table: Host) -> None:
        """Take the table, which knows what is hovered and where decimal points stand."""
        self._table = table
        self._aligned = [int(column.align | MIDDLE) for column in table.table_model.columns]
        self._painters: dict[type, Callable[[QPainter, QRectF, Any, int], None]] = {
            cells.Named: self._named, cells.Words: self._words, cells.Figure: self._figure,
            cells.Quantity: self._quantity, cells.Delta: self._delta, cells.Share: self._share,
            cells.Status: self._status, cells.Hash: self._hash, cells.Spark: self._spark, cells.Actions: self._actions,
        }  # fmt: skip

    def paint(  # noqa: PLR0913, PLR0917
        self,
        painter: QPainter,
        row: int,
        box: QRectF,
        touched: Sequence[Place],
        look: RowLook,
        written: Sequence[Place],
    ) -> None:
        """Paint one row: `box` holds all of its columns, `touched` those whose ground is to be painted.

        Those that are `written` are among them; of the others only an edge is asked for.
        The painter smooths edges and is not clipped, before and after.
        """
        model = self._table.table_model
        line = model.line(row)
        if isinstance(line.row, Heading):
            painter.setClipRect(box)
            self._heading(painter, box, line.row)
            painter.setClipping(False)
            return
        self._ground(painter, box, look)
        if model.flashes:
            self._flashes(painter, line, box, touched)
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.color("border_subtle"))
        shown, top, height = model.cells(row), box.top(), box.height()
        for column, left, width in written:
            inner = QRectF(left + PAD, top, width - 2 * PAD, height - 1)
            if column == look.first:
                inner = self._fold(painter, inner, line)
            cell = shown[column]
            # A text alone is cut to its room where it is written.
            is_clipped = not isinstance(cell, _WRITTEN) or bool(cell.icon)
            if is_clipped:
                painter.setClipRect(QRectF(left, top, width, height))
            self._painters[type(cell)](painter, inner, cell, column)
            if is_clipped:
                painter.setClipping(False)
        if look.is_selected or look.is_focused:
            self._state(painter, box, look)

    # the row -------------------------------------------------------------------------------------------------------
    @staticmethod
    def _ground(painter: QPainter, box: QRectF, look: RowLook) -> None:
        if look.is_selected:
            painter.fillRect(box, theme.color("selected"))
        elif look.is_hovered:
            painter.fillRect(box, theme.color("hover"))

    def _flashes(self, painter: QPainter, line: Line, box: QRectF, places: Sequence[Place]) -> None:
        for column, left, width in places:
            flash = self._table.table_model.flashes.get((line.key, column))
            if flash is not None:
                self._flash(painter, QRectF(left, box.top(), width, box.height()), flash)

    @staticmethod
    def _flash(painter: QPainter, rect: QRectF, flash: Flash) -> None:
        tone = "up" if flash.is_up else "down"
        if theme.look().is_reduced:
            painter.fillRect(QRectF(rect.left() + PAD, rect.bottom() - 4, rect.width() - 2 * PAD, 1), theme.color(tone))
            return
        left = 1 - (monotonic() - flash.at) * 1_000 / max(1, theme.motion("flash"))
        if left > 0:
            painter.fillRect(rect, theme.color(tone, 0.18 * left))

    @staticmethod
    def _state(painter: QPainter, box: QRectF, look: RowLook) -> None:
        if look.is_selected:
            painter.fillRect(QRectF(box.left(), box.top(), 2, box.height() - 1), theme.color("accent"))
        if not look.is_focused:
            return
        ring, low = theme.color("focus"), box.bottom() - 1
        painter.fillRect(QRectF(box.left(), box.top(), box.width(), 2), ring)
        painter.fillRect(QRectF(box.left(), low - 2, box.width(), 2), ring)
        painter.fillRect(QRectF(box.left(), box.top(), 2, box.height() - 1), ring)
        painter.fillRect(QRectF(box.right() - 2, box.top(), 2, box.height() - 1), ring)

    def _heading(self, painter: QPainter, rect: QRectF, heading: Heading) -> None:
        painter.fillRect(rect, theme.color("raised"))
        painter.fillRect(QRectF(rect.left(), rect.bottom() - 1, rect.width(), 1), theme.color("border_subtle"))
        whole = QRectF(PAD, rect.top(), self._table.viewport().width() - 2 * PAD, rect.height() - 1)
        write(painter, whole, heading.label, "text_2", "label")
        write(painter, whole.adjusted(advance(heading.label, "label") + 8, 0, 0, 0), heading.note, "text_3", "cell")
        write(painter, whole, heading.right, "text_3", "cell", AT_RIGHT)

    def _fold(self, painter: QPainter, inner: QRectF, line: Line) -> QRectF:
        if not self._table.is_tree:
            return inner
        if line.children:
            name = "chevron-down" if line.is_open else "chevron-right"
            painter.drawPixmap(QPointF(inner.left() - 3, inner.center().y() - 6), icons.pixmap(name, "text_3", 12, 2))
        return inner.adjusted(theme.px(FOLD + line.level * INDENT - (FOLD if line.level else 0)), 0, 0, 0)

    # one painter a kind of cell ------------------------------------------------------------------------------------
    def _named(self, painter: QPainter, rect: QRectF, cell: cells.Named, _column: int) -> None:
        side = theme.px(16 if cell.is_square else 20)
        paint_avatar(
            painter,
            QRectF(rect.left(), rect.center().y() - side / 2, side, side),
            cell.symbol,
            square=cell.is_square,
        )
        left = rect.left() + side + 8
        if cell.badge:
            wide = pill_width(cell.badge, dot=False)
            box = QRectF(rect.right() - wide, rect.center().y() - theme.px(9), wide, theme.px(18))
            wanted = left + advance(cell.name, "cell_strong") + (advance(cell.note) + 7 if cell.note else 0) + 8
            box.moveLeft(min(box.left(), wanted))
            paint_pill(painter, box, cell.badge, "info", dot=False)
            rect = QRectF(rect.left(), rect.top(), box.left() - rect.left() - 6, rect.height())
        width = min(advance(cell.name, "cell_strong"), rect.right() - left)
        write(painter, QRectF(left, rect.top(), width, rect.height()), cell.name, "text", "cell_strong")
        rest = rect.right() - left - width - 7
        if cell.note and rest > advance("m…"):
            write(painter, QRectF(left + width + 7, rect.top(), rest, rect.height()), cell.note, "text_3", "cell")

    def _words(self, painter: QPainter, rect: QRectF, cell: cells.Words, column: int) -> None:
        if cell.icon:
            painter.drawPixmap(QPointF(rect.left(), rect.center().y() - 7), icons.pixmap(cell.icon, cell.icon_tone, 14))
            rect = rect.adjusted(21, 0, 0, 0)
        text = cell.text
        if PARTED in text and advance(text, cell.role) > rect.width():
            text = whole_parts(text, cell.role, rect.width())
        write(painter, rect, text, cell.tone, cell.role, self._aligned[column])

    def _figure(self, painter: QPainter, rect: QRectF, cell: cells.Figure, column: int) -> None:
        align = self._aligned[column]
        if cell.icon:
            left = rect.right() - advance(cell.text, cell.role) - 18 if align == AT_RIGHT else rect.left()
            painter.drawPixmap(QPointF(left, rect.center().y() - 6), icons.pixmap(cell.icon, cell.icon_tone, 12, 2))
            rect = rect.adjusted(0 if align == AT_RIGHT else 18, 0, 0, 0)
        write(painter, rect, cell.text, cell.tone, cell.role, align)

    def _quantity(self, painter: QPainter, rect: QRectF, cell: cells.Quantity, column: int) -> None:
        whole, rest = cell.parts()
        anchor = rect.right() - self._table.fraction_width(column)
        left = QRectF(rect.left() - PAD, rect.top(), anchor - rect.left() + PAD, rect.height())
        write(painter, left, whole, cell.tone if cell.value is not None else "text_3", "cell", AT_RIGHT)
        write(painter, QRectF(anchor, rect.top(), rect.right() - anchor + 1, rect.height()), rest, "text_2", "cell")

    def _delta(self, painter: QPainter, rect: QRectF, cell: cells.Delta, _column: int) -> None:
        is_flat = not cell.value or cell.text[:1] not in {"+", "\u2212"}
        tone = "text_3" if is_flat or cell.value is None else "up" if cell.value > 0 else "down"
        write(painter, rect, cell.text, tone, "cell", AT_RIGHT)
        if is_flat or cell.value is None:
            return
        left, middle = rect.right() - advance(cell.text) - 11, rect.center().y()
        tip, base = (-3, 2.5) if cell.value > 0 else (3, -2.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(tone))
        painter.drawPolygon(
            [QPointF(left, middle + base), QPointF(left + 7, middle + base), QPointF(left + 3.5, middle + tip)]
        )

    def _share(self, painter: QPainter, rect: QRectF, cell: cells.Share, _column: int) -> None:
        if cell.share is None:
            write(painter, rect, cell.text, "text_3", "cell")
            return
        label = theme.px(SHARE_TEXT)
        paint_bar(painter, rect.adjusted(0, 0, -label, 0), cell.share, cell.tone, thick=5)
        box = QRectF(rect.right() - label, rect.top(), label, rect.height())
        write(painter, box, cell.text, "text", "cell", AT_RIGHT)

    def _status(self, painter: QPainter, rect: QRectF, cell: cells.Status, _column: int) -> None:
        if not cell.text:
            return
        if cell.is_quiet:
            if cell.icon:
                mark = icons.pixmap(cell.icon, cell.tone, 12, 2.2)
                painter.drawPixmap(QPointF(rect.left() + 7, rect.center().y() - 6), mark)
            write(painter, rect.adjusted(23 if cell.icon else 0, 0, 0, 0), cell.text, "text_2", "cell")
            return
        width, height = pill_width(cell.text, icon=cell.icon), theme.px(20)
        box = QRectF(rect.left(), rect.center().y() - height / 2 + 0.5, width, height)
        paint_pill(painter, box, cell.text, cell.tone, icon=cell.icon)

    def _hash(self, painter: QPainter, rect: QRectF, cell: cells.Hash, column: int) -> None:
        write(painter, rect, cell.text, cell.tone, "mono_small", self._aligned[column])

    def _spark(self, painter: QPainter, rect: QRectF, cell: cells.Spark, _column: int) -> None:
        if cell.values:
            paint_spark(painter, rect.adjusted(2, 4, -2, -4), cell.values)
        else:
            write(painter, rect, cell.text, "text_3", "caption")

    def _actions(self, painter: QPainter, rect: QRectF, cell: cells.Actions, _column: int) -> None:
        side = theme.px(ACTION)
        left = rect.right() + PAD - EDGE - side * len(cell.actions)
        for place, (_, icon, _tip) in enumerate(cell.actions):
            at = QPointF(left + place * side + (side - theme.px(14)) / 2, rect.center().y() - theme.px(7))
            painter.drawPixmap(at, icons.pixmap(icon, "text_3", 14))
