"""The table of every screen: rows that fold, columns that leave when space runs out, keys, copying, live cells."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)

from app.ui import format as fmt
from app.ui import theme
from app.ui.models import cells
from app.ui.models.table import TableModel
from app.ui.widgets.tables_cells import ACTION, EDGE, INDENT, Place, RowLook, RowPainter
from app.ui.widgets.tables_layout import ArrangedTable, TableLook

FRAME = 40
"""Milliseconds between two frames of a fading flash."""
AHEAD = 40
"""Rows before the end at which the next page is asked for."""
_BEGINNING = {Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Home, Qt.Key.Key_PageDown, Qt.Key.Key_Space, Qt.Key.Key_Return}
"""Keys that go to the first row where none is the current one: headings cannot be."""


class Table(ArrangedTable):
    """A table over a `TableModel`.

    Signals:
        opened: Enter or a double click on a row: its key.
        previewed: Space or `i` on a row: its key.
        chosen: Another row is the current one: its key, "" for none.
        acted: A small button at the end of a row: key, action.
        menu_asked: The menu of a row: key, where on the screen.
        near_end: The last rows are about to be seen.
        copied: How many rows went to the clipboard.
    """

    opened = Signal(str)
    previewed = Signal(str)
    chosen = Signal(str)
    acted = Signal(str, str)
    menu_asked = Signal(str, QPoint)
    near_end = Signal()
    copied = Signal(int)

    def __init__(self, model: TableModel, name: str, title: str, look: TableLook = TableLook()) -> None:  # noqa: B008
        """Take the model, the name its arrangement is kept under, and the title for screen readers."""
        super().__init__(model, name, title, look)
        self._hovered = -1
        self._frames = QTimer(self, interval=FRAME)
        self._frames.timeout.connect(self._fade)
        self._painter = RowPainter(self)
        model.dataChanged.connect(self._changed)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        model.modelReset.connect(self._look_ahead)
        model.rowsInserted.connect(self._look_ahead)

    # what others ask -----------------------------------------------------------------------------------------------
    def focused_row(self) -> int:
        """Return the row that the keyboard acts on, -1 where the table has no focus."""
        return self.currentIndex().row() if self.hasFocus() else -1

    def current_key(self) -> str:
        """Return the key of the current row, "" for none."""
        row = self.currentIndex().row()
        return self._model.line(row).key if 0 <= row < self._model.rowCount() else ""

    def selected_keys(self) -> tuple[str, ...]:
        """Return the keys of the selected rows, from top to bottom."""
        rows = {index.row() for index in self.selectionModel().selectedRows()}
        return tuple(self._model.line(row).key for row in sorted(rows))

    def choose(self, key: str) -> bool:
        """Make a row the current one and bring it into sight; False where it is not shown."""
        row = self._model.number(key)
        if row is None:
            return False
        index = self._model.index(row, self.first_column())
        self.setCurrentIndex(index)
        self.scrollTo(index)
        return True

    def seen(self, *, masked: bool = False) -> tuple[list[str], list[list[str]]]:
        """Return titles and rows of what is shown, raw, or as shown where `masked`."""
        rows = [row for row in range(self._model.rowCount()) if not self._model.line(row).is_heading]
        return self._texts(rows, masked=masked)

    def _texts(self, rows: Sequence[int], *, masked: bool) -> tuple[list[str], list[list[str]]]:
        return self.texts_of([self._model.line(row).row for row in rows], masked=masked)

    def texts_of(self, rows: Sequence[Any], *, masked: bool = False) -> tuple[list[str], list[list[str]]]:
        """Return titles and texts of rows in the columns that are shown, raw, or as shown where `masked`."""
        columns = [self._model.columns[number] for number in self.shown_columns()]
        wanted = [column for column in columns if column.is_copied]
        texts = [[column.cell(row).text if masked else column.raw(row) for column in wanted] for row in rows]
        return [column.title for column in wanted], texts

    def copy(self) -> int:
        """Put the selected rows on the clipboard as tab-separated raw figures; hidden figures stay hidden."""
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        if not rows:
            return 0
        titles, texts = self._texts(rows, masked=fmt.mask() != fmt.Mask.NOTHING)
        QGuiApplication.clipboard().setText("\n".join("\t".join(line) for line in [titles, *texts]))
        self.copied.emit(len(rows))
        return len(rows)

    # painting -----------------------------------------------------------------------------------------------------
    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the rows that are to be painted."""
        dirty, places = event.region(), self._columns_in_place()
        area = dirty.boundingRect()
        first, last = self.rowAt(area.top()), self.rowAt(area.bottom())
        if first < 0:
            return
        last = last if last >= 0 else self._model.rowCount() - 1
        left, right = places[0][1], places[-1][1] + places[-1][2]
        # Cells that change together are a block mostly, whose columns are the same in each row. Qt asks for a pixel
        # more at its right and below: of what lies there the ground is enough, since nothing is written at an edge.
        touched = [one for one in places if one[1] <= area.right() and one[1] + one[2] > area.left()]
        if not touched:
            return
        written = [one for one in touched if one[1] < area.right()]
        start, end = touched[0][1] + 1, touched[-1][1] + touched[-1][2]
        is_block, look = dirty.rectCount() == 1, self._rows_look()
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row in range(first, last + 1):
            top, height = self.rowViewportPosition(row), self.rowHeight(row)
            if not is_block and not dirty.intersects(QRect(start - 1, top, end - start + 1, height)):
                continue
            is_written = (
                area.bottom() > top if is_block else dirty.intersects(QRect(start, top + 1, end - start, height - 1))
            )
            box = QRectF(left, top, right - left, height)
            self._painter.paint(painter, row, box, touched, look(row), written if is_written else ())
        painter.end()

    def _columns_in_place(self) -> list[Place]:
        head = self.horizontalHeader()
        return [(one, head.sectionViewportPosition(one), head.sectionSize(one)) for one in self.shown_columns()]

    def _rows_look(self) -> Callable[[int], RowLook]:
        """Return how to ask for the look of a row; what is the same for all of them is asked once."""
        first, focused, chosen = self.first_column(), self.focused_row(), self.selectionModel()
        plain = RowLook(first, is_selected=False, is_hovered=False, is_focused=False)
        if not chosen.hasSelection() and self._hovered < 0 and focused < 0:
            return lambda _row: plain

        def look(row: int) -> RowLook:
            is_selected = chosen.isSelected(self._model.index(row, first))
            return RowLook(first, is_selected, row == self._hovered, row == focused)

        return look

    # live cells ----------------------------------------------------------------------------------------------------
    @Slot(QModelIndex, QModelIndex)
    def _changed(self, _first: QModelIndex, _last: QModelIndex) -> None:
        if self._model.flashes and not theme.look().is_reduced and not self._frames.isActive():
            self._frames.start()

    @Slot()
    def _fade(self) -> None:
        """Repaint the cells that fade, and forget those that have."""
        now, span = monotonic(), theme.motion("flash") / 1_000
        for (key, column), flash in list(self._model.flashes.items()):
            row = self._model.number(key)
            if row is not None:
                self.update(self._model.index(row, column))
            if now - flash.at > span:
                del self._model.flashes[key, column]
        if not self._model.flashes:
            self._frames.stop()

    @Slot()
    def _look_ahead(self) -> None:
        self._scrolled(self.verticalScrollBar().value())

    @Slot(int)
    def _scrolled(self, value: int) -> None:
        side = self.verticalHeader()
        if side.length() - value - self.viewport().height() <= AHEAD * side.defaultSectionSize():
            self.near_end.emit()

    # hands ---------------------------------------------------------------------------------------------------------
    def currentChanged(
        self, current: QModelIndex | QPersistentModelIndex, previous: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Tell that another row is the current one."""
        super().currentChanged(current, previous)
        if current.row() != previous.row() or not current.isValid():
            self.viewport().update()
            self.chosen.emit(self._model.line(current.row()).key if current.isValid() else "")

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Draw the ring."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.viewport().update()

    def leaveEvent(self, event: QEvent) -> None:
        """Forget the hovered row."""
        super().leaveEvent(event)
        self._hover(-1)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        super().mouseMoveEvent(event)
        self._hover(self.indexAt(event.position().toPoint()).row())

    def _hover(self, row: int) -> None:
        if row != self._hovered:
            self._hovered = row
            self.viewport().update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Fold on the chevron, act on a small button, else select."""
        at = event.position().toPoint()
        index = self.indexAt(at)
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            action = self._action_at(index, at)
            if action:
                self.acted.emit(self._model.line(index.row()).key, action)
                return
            if self._is_chevron(index, at):
                self._model.toggle(self._model.line(index.row()).key)
                return
        super().mousePressEvent(event)

    def _is_chevron(self, index: QModelIndex, at: QPoint) -> bool:
        line = self._model.line(index.row())
        reach = theme.px(24 + line.level * INDENT)
        is_first = index.column() == self.first_column()
        return self.is_tree and line.children > 0 and is_first and at.x() - self.visualRect(index).left() < reach

    def _action_at(self, index: QModelIndex, at: QPoint) -> str:
        line = self._model.line(index.row())
        cell = None if line.is_heading else self._model.columns[index.column()].cell(line.row)
        if not isinstance(cell, cells.Actions):
            return ""
        place = (self.visualRect(index).right() - EDGE - at.x()) // theme.px(ACTION)
        return cell.actions[-1 - place][0] if 0 <= place < len(cell.actions) else ""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open a row."""
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and not self._action_at(index, event.position().toPoint()):
            self.opened.emit(self._model.line(index.row()).key)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of a row, by mouse or by the menu key."""
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if index.isValid() and not self._model.line(index.row()).is_heading:
            at = self.visualRect(index).bottomLeft() if by_key else event.pos()
            self.menu_asked.emit(self._model.line(index.row()).key, self.viewport().mapToGlobal(at))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Act on the keys of a table; other letters go on to the window."""
        key = self.current_key()
        if not key and event.key() in _BEGINNING and not event.modifiers():
            self.choose(next((line.key for line in self._model.lines() if not line.is_heading), ""))
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and key:
            self.opened.emit(key)
        elif event.key() in {Qt.Key.Key_Space, Qt.Key.Key_I} and key and not event.modifiers():
            self.previewed.emit(key)
        elif event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Right} and self.is_tree and not event.modifiers():
            self._fold_by_key(key, is_left=event.key() == Qt.Key.Key_Left)
        elif event.key() == Qt.Key.Key_Escape and len(self.selected_keys()) > 1:
            self.choose(key)
        elif event.key() == Qt.Key.Key_Escape or (event.text().isprintable() and event.text()):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def _fold_by_key(self, key: str, *, is_left: bool) -> None:
        number = self._model.number(key)
        if number is None:
            return
        line = self._model.line(number)
        if line.children and line.is_open == is_left:
            self._model.set_open(key, is_open=not is_left)
        elif is_left and line.parent:
            self.choose(line.parent)
        elif not is_left and line.is_open:
            self.choose(self._model.line(number + 1).key)
