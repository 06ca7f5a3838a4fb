"""Rows of a short painted list: each row is one target for mouse, keyboard and screen reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.ui import theme
from app.ui.widgets.bars import paint_bar, paint_spark

_GAP, _PAD = 10, 14


@dataclass(frozen=True, slots=True)
class Words:
    """Text that may be elided."""

    text: str
    role: str = "cell"
    tone: str = "text"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, never elided; `exact` is what it says, digit by digit."""

    text: str
    exact: Decimal | None = None
    tone: str = "text"
    role: str = "cell"
    arrow: str = ""


@dataclass(frozen=True, slots=True)
class ShareBar:
    """A share as a bar, 0 to 1 of its width."""

    share: float


@dataclass(frozen=True, slots=True)
class Spark:
    """A course; floats are geometry."""

    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Sign:
    """The colour of a series."""

    series: int


Cell = Words | Figure | ShareBar | Spark | Sign


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its key, its cells, and what a screen reader says."""

    key: str
    cells: tuple[Cell, ...]
    name: str
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its title, whether it takes the room that is left, and its least width."""

    title: str = ""
    is_right: bool = False
    takes_rest: bool = False
    least: int = 0
    gap: int = field(default=_GAP)


def natural(cell: Cell) -> float:
    """Return the width that a cell needs."""
    if isinstance(cell, Words):
        return QFontMetricsF(theme.font(cell.role)).horizontalAdvance(cell.text)
    if isinstance(cell, Figure):
        arrow = QFontMetricsF(theme.font("caption")).horizontalAdvance(cell.arrow) + 4 if cell.arrow else 0.0
        return QFontMetricsF(theme.font(cell.role)).horizontalAdvance(cell.text) + arrow
    return float(theme.px(10 if isinstance(cell, Sign) else 44))


class RowButton(QAbstractButton):
    """One painted row."""

    def __init__(self, parent: RowList) -> None:
        """Belong to a list."""
        super().__init__(parent)
        self._list = parent
        self.row = Row("", (), "")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_row(self, row: Row) -> None:
        """Show another row; nothing is painted where nothing changed."""
        if row == self.row:
            return
        self.row = row
        self.setAccessibleName(row.name)
        self.setToolTip(row.tip)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the height of a row."""
        return QSize(120, self._list.row_height)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show the hover."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Take the hover away."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground, cells, hairline and focus ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        if self.underMouse():
            painter.fillRect(box, theme.color("hover"))
        if self._list.is_lined:
            painter.fillRect(QRectF(0, box.bottom() - 1, box.width(), 1), theme.color("border_subtle"))
        for cell, (left, width), column in zip(self.row.cells, self._list.places, self._list.columns, strict=False):
            self._paint(painter, QRectF(left, 0, width, box.height() - 1), cell, is_right=column.is_right)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(2, 1, -2, -2), 4, 4)

    def _paint(self, painter: QPainter, box: QRectF, cell: Cell, *, is_right: bool) -> None:
        side = Qt.AlignmentFlag.AlignRight if is_right else Qt.AlignmentFlag.AlignLeft
        if isinstance(cell, Words):
            font = theme.font(cell.role)
            shown = QFontMetricsF(font).elidedText(cell.text, Qt.TextElideMode.ElideRight, box.width())
            _write(painter, box, shown, cell.role, cell.tone, side)
        elif isinstance(cell, Figure):
            _write(painter, box, cell.text, cell.role, cell.tone, side)
            if cell.arrow:
                right = QFontMetricsF(theme.font(cell.role)).horizontalAdvance(cell.text) + 4
                _write(painter, box.adjusted(0, 0, -right, 0), cell.arrow, "caption", cell.tone, side)
        elif isinstance(cell, ShareBar):
            paint_bar(painter, box, cell.share, thick=5)
        elif isinstance(cell, Spark):
            paint_spark(painter, box.adjusted(0, 4, 0, -4), cell.values)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(theme.series(cell.series)))
            painter.drawRoundedRect(QRectF(box.left(), box.center().y() - 1.5, 10, 3), 1.5, 1.5)


def _write(painter: QPainter, box: QRectF, text: str, role: str, tone: str, side: Qt.AlignmentFlag) -> None:  # noqa: PLR0913, PLR0917
    painter.setFont(theme.font(role))
    painter.setPen(theme.color(tone))
    painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, text)


class RowList(QWidget):
    """Rows under a heading; only rows that fit whole are shown, and columns never shrink while prices move.

    Signals:
        chosen: The key of the row that was clicked.
    """

    chosen = Signal(str)

    def __init__(self, columns: Sequence[Column], name: str, *, row_height: int = 28, is_lined: bool = True) -> None:
        """Take the columns and what the list shows, for screen readers."""
        super().__init__()
        self.columns = tuple(columns)
        self.is_lined = is_lined
        self.row_height = theme.px(row_height)
        self.places: tuple[tuple[float, float], ...] = ()
        self._widths = [0.0] * len(self.columns)
        self._buttons: list[RowButton] = []
        self._rows: tuple[Row, ...] = ()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(self._top() + 2 * self.row_height)

    def _top(self) -> int:
        return theme.px(28) if any(column.title for column in self.columns) else 0

    @property
    def rows(self) -> tuple[Row, ...]:
        """Return the rows, also those that do not fit."""
        return self._rows

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show rows in place of those before."""
        self._rows = tuple(rows)
        for index in range(len(self.columns)):
            needs = [natural(row.cells[index]) for row in self._rows if index < len(row.cells)]
            self._widths[index] = max([self._widths[index], *needs])
        while len(self._buttons) < len(self._rows):
            made = RowButton(self)
            made.clicked.connect(partial(self._chose, made))
            self._buttons.append(made)
        for row, button in zip(self._rows, self._buttons, strict=False):
            button.show_row(row)
        self._place()

    def measure_anew(self) -> None:
        """Forget widths, for another masking."""
        self._widths = [0.0] * len(self.columns)

    def fitting(self) -> int:
        """Return how many rows fit whole."""
        return max(0, (self.height() - self._top()) // self.row_height)

    def _chose(self, button: RowButton, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - the signal's own
        self.chosen.emit(button.row.key)

    def _place(self) -> None:
        """Give figures what they need, and what is left to the columns that take the rest."""
        heading = QFontMetricsF(theme.font("overline"))
        wanted = []
        for column, width in zip(self.columns, self._widths, strict=True):
            title = heading.horizontalAdvance(column.title) if column.title else 0.0
            wanted.append(float(column.least) if column.takes_rest else max(width, title, float(column.least)))
        gaps = sum(column.gap for column in self.columns[1:])
        rest = max(0.0, self.width() - 2 * _PAD - gaps - sum(wanted))
        takers = sum(column.takes_rest for column in self.columns) or 1
        left, places = float(_PAD), []
        for index, column in enumerate(self.columns):
            left += column.gap if index else 0
            width = wanted[index] + (rest / takers if column.takes_rest else 0)
            places.append((left, width))
            left += width
        if tuple(places) != self.places:
            self.places = tuple(places)
            self.update()
        for index, button in enumerate(self._buttons):
            button.setGeometry(0, self._top() + index * self.row_height, self.width(), self.row_height)
            button.setVisible(index < len(self._rows) and index < self.fitting())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the rows out anew."""
        super().resizeEvent(event)
        self._place()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the headings."""
        if not self._top():
            return
        painter = QPainter(self)
        box = QRectF(0, 0, self.width(), self._top())
        painter.fillRect(QRectF(0, box.bottom() - 1, box.width(), 1), theme.color("border"))
        for column, (left, width) in zip(self.columns, self.places, strict=False):
            side = Qt.AlignmentFlag.AlignRight if column.is_right else Qt.AlignmentFlag.AlignLeft
            _write(painter, QRectF(left, 0, width, box.height()), column.title, "overline", "text_3", side)
