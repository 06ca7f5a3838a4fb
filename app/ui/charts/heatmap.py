"""A matrix of correlations: the lower triangle, a figure in every cell, one cell under the keyboard."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QToolTip, QWidget

from app.ui import format as fmt
from app.ui import theme
from app.ui.words import tr

_GAP, _EDGE = 2, 4
_SMALLEST = 9
"""Pixels of a letter below which nobody reads a figure; a cell without room for it keeps it in its tooltip."""
_WIDEST, _HIDDEN = f"{fmt.MINUS}.88", 3
"""The longest figure, and as many signs of a mask as have room in its place."""
_EVEN = 0.179
"""The luminance at which black and white have the same contrast."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Names and the figures of their pairs: `lately[row][column]` for column < row; None is unknown.

    Attributes:
        changed: Pairs that are marked, as (row, column).
    """

    names: tuple[str, ...]
    lately: tuple[tuple[Decimal | None, ...], ...]
    before: tuple[tuple[Decimal | None, ...], ...]
    changed: frozenset[tuple[int, int]] = frozenset()


NO_MATRIX = Matrix((), (), ())


@dataclass(frozen=True, slots=True)
class Grid:
    """Where the cells lie, in pixels; `is_narrow` where the names below stand upright."""

    left: float
    top: float
    width: float
    height: float
    is_narrow: bool

    def box(self, row: int, column: int) -> QRectF:
        """Return the place of a cell."""
        return QRectF(
            self.left + column * self.width, self.top + row * self.height, self.width - _GAP, self.height - _GAP
        )


class Heatmap(QWidget):
    """The matrix.

    Signals:
        opened: A pair was clicked, or Enter was pressed on it: row, column.
    """

    opened = Signal(int, int)

    def __init__(self) -> None:
        """Start without figures."""
        super().__init__()
        self.matrix = NO_MATRIX
        self.cell = (1, 0)
        self._hovered: tuple[int, int] | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._tell()

    def sizeHint(self) -> QSize:
        """Take what is left."""
        return QSize(360, 300)

    def minimumSizeHint(self) -> QSize:
        """Stay readable."""
        return QSize(180, 140)

    def show_matrix(self, matrix: Matrix) -> None:
        """Show other figures; the chosen pair stays where it is still there."""
        self.matrix = matrix
        row, column = self.cell
        last = len(matrix.names) - 1
        self.cell = (max(1, min(row, last)), max(0, min(column, last - 1, row - 1)))
        self._tell()
        self.update()

    def choose(self, row: int, column: int) -> None:
        """Put the keyboard's cell elsewhere."""
        row, column = max(row, column), min(row, column)
        if row != column and row < len(self.matrix.names):
            self.cell = (row, column)
            self._tell()
            self.update()

    def words(self, row: int, column: int) -> str:
        """Return what a cell says."""
        names = self.matrix.names
        if not 0 <= column < row < len(names):
            return ""
        now, past = self.matrix.lately[row][column], self.matrix.before[row][column]
        words = tr("%a and %b: %n lately, %p before").replace("%a", names[row]).replace("%b", names[column])
        return words.replace("%n", fmt.price(now, places=2)).replace("%p", fmt.price(past, places=2))

    def _tell(self) -> None:
        self.setAccessibleName(tr("Correlation of each pair; arrows move, Enter opens its course, t shows a table"))
        self.setAccessibleDescription(self.words(*self.cell))

    # places --------------------------------------------------------------------------------------------------------
    def _grid(self) -> Grid:
        """Return where the cells lie."""
        metrics = QFontMetricsF(theme.font("caption"))
        count = max(1, len(self.matrix.names))
        left = max((metrics.horizontalAdvance(name) for name in self.matrix.names), default=0.0) + 12
        # Where some name is wider than a cell, all of them below stand upright.
        is_narrow = left - 12 > min((self.width() - left - _EDGE) / count, theme.px(74))
        foot = left if is_narrow else metrics.height() + 8
        width = max(4.0, min((self.width() - left - _EDGE) / count, theme.px(74)))
        height = max(4.0, min((self.height() - foot - _EDGE) / count, theme.px(34)))
        return Grid(left, _EDGE, width, height, is_narrow=is_narrow)

    def at(self, place: QPointF) -> tuple[int, int] | None:
        """Return the pair at a place."""
        grid = self._grid()
        column, row = int((place.x() - grid.left) // grid.width), int((place.y() - grid.top) // grid.height)
        return (row, column) if 0 <= column < row < len(self.matrix.names) else None

    def figures_font(self) -> QFont | None:
        """Return the font in which every figure has room in its cell; None where none has that one could read."""
        grid, usual = self._grid(), theme.font("caption")
        for pixels in range(usual.pixelSize(), theme.px(_SMALLEST) - 1, -1):
            font = QFont(usual)
            font.setPixelSize(pixels)
            if QFontMetricsF(font).horizontalAdvance(_WIDEST) <= grid.width - _GAP and pixels < grid.height - _GAP:
                return font
        return None

    # painting ------------------------------------------------------------------------------------------------------
    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint names, cells, marks and the ring."""
        painter, grid = QPainter(self), self._grid()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("caption"))
        for row in range(len(self.matrix.names)):
            self._paint_names(painter, grid, row)
        painter.setPen(Qt.PenStyle.NoPen)
        grounds = [
            (row, column, self._ground(row, column))
            for row in range(len(self.matrix.names))
            for column in range(row + 1)
        ]
        for row, column, ground in grounds:
            painter.setBrush(ground)
            painter.drawRoundedRect(grid.box(row, column), 3, 3)
        painter.setBrush(theme.color("warn"))
        for row, column in self.matrix.changed:
            box = grid.box(row, column)
            painter.drawEllipse(QPointF(box.right() - 4, box.top() + 4), 2.5, 2.5)
        font = self.figures_font()
        if font is not None:
            painter.setFont(font)
            for row, column, ground in grounds:
                self._write(painter, grid.box(row, column), row, column, ground)
        if len(self.matrix.names) > 1:
            painter.setPen(QPen(theme.color("focus" if self.hasFocus() else "text"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(grid.box(*self.cell).adjusted(-1, -1, 1, 1), 4, 4)

    def _paint_names(self, painter: QPainter, grid: Grid, row: int) -> None:
        name, box = self.matrix.names[row], grid.box(row, 0)
        painter.setPen(theme.color("text" if row in self.cell else "text_3"))
        side = QRectF(0, box.top(), grid.left - 8, box.height())
        painter.drawText(side, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, name)
        foot = grid.box(len(self.matrix.names) - 1, row)
        if not grid.is_narrow:
            below = QRectF(foot.left() - 2, foot.bottom() + 4, grid.width + 2, theme.px(16))
            painter.drawText(below, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, name)
            return
        painter.save()
        painter.translate(foot.center().x(), foot.bottom() + 6)
        painter.rotate(-90)
        upright = QRectF(-grid.left, -theme.px(8), grid.left, theme.px(16))
        painter.drawText(upright, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, name)
        painter.restore()

    def _ground(self, row: int, column: int) -> QColor:
        value = None if row == column else self.matrix.lately[row][column]
        if value is None or fmt.mask() is fmt.Mask.EVERYTHING:
            return theme.color("raised")
        return _shade(round(float(value), 2), theme.look().mode)

    def _write(self, painter: QPainter, box: QRectF, row: int, column: int, ground: QColor) -> None:
        value = Decimal(1) if row == column else self.matrix.lately[row][column]
        is_bare = row == column or value is None or fmt.mask() is fmt.Mask.EVERYTHING
        painter.setPen(theme.color("text_3") if is_bare else _ink(ground.rgba()))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "1" if row == column else short(value))

    # hands ---------------------------------------------------------------------------------------------------------
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what is under the pointer."""
        pair = self.at(event.position())
        if pair != self._hovered:
            self._hovered = pair
            words = self.words(*pair) if pair else ""
            QToolTip.showText(event.globalPosition().toPoint(), words, self)
            self.setCursor(Qt.CursorShape.PointingHandCursor if pair else Qt.CursorShape.ArrowCursor)

    def leaveEvent(self, event: QEvent) -> None:
        """Point at nothing."""
        self._hovered = None
        super().leaveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open a pair."""
        pair = self.at(event.position())
        if pair is not None and event.button() == Qt.MouseButton.LeftButton:
            self.choose(*pair)
            self.opened.emit(*pair)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move with the arrows, open with Enter; at the diagonal the other name moves."""
        key, (row, column) = Qt.Key(event.key()), self.cell
        last = len(self.matrix.names) - 1
        if last < 1:
            event.ignore()
            return
        moves = {
            Qt.Key.Key_Left: (row, max(0, column - 1)),
            Qt.Key.Key_Right: (row, min(row - 1, column + 1)),
            Qt.Key.Key_Up: (max(1, row - 1), min(column, max(1, row - 1) - 1)),
            Qt.Key.Key_Down: (min(last, row + 1), column),
            Qt.Key.Key_Home: (1, 0),
            Qt.Key.Key_End: (last, last - 1),
        }
        if key in moves:
            self.choose(*moves[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit(row, column)
        else:
            event.ignore()


def short(value: Decimal | None) -> str:
    """Return .84 for 0.84: what is known of every correlation need not stand in each cell."""
    text = fmt.price(value, places=2)
    if text == fmt.MASK:
        return text[:_HIDDEN]
    return text[1:] if text.startswith("0.") else text.replace(f"{fmt.MINUS}0", fmt.MINUS, 1)


@lru_cache(maxsize=512)
def _shade(value: float, _mode: str) -> QColor:
    zero, end = theme.diverging("zero"), theme.diverging("positive" if value >= 0 else "negative")
    return theme.mix(zero, end, min(1.0, abs(value)))


@lru_cache(maxsize=512)
def _ink(rgba: int) -> QColor:
    """Return black or white, whichever has more contrast with a ground."""
    ground = QColor.fromRgba(rgba)
    parts = (ground.redF(), ground.greenF(), ground.blueF())
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]  # noqa: PLR2004
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return QColor("#101216" if light > _EVEN else "#ffffff")
