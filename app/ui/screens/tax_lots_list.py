"""The sales of a year as a list of three lines each: what, when and where, how its lots were fixed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.ui import theme
from app.ui.screens.tax_lots_rows import SaleRow
from app.ui.widgets.marks import paint_pill, pill_width
from app.ui.widgets.tables_cells import write

ITEM = 72
_ROOT = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


class SalesModel(QAbstractListModel):
    """Sales in their order; a filter keeps those with all of its words."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self._given: Sequence[SaleRow] = ()
        self._rows: list[SaleRow] = []
        self._words: tuple[str, ...] = ()

    def show(self, rows: Sequence[SaleRow]) -> None:
        """Show other sales."""
        self._given = rows
        self._settle()

    def set_filter(self, text: str) -> None:
        """Keep the sales that have all of these words."""
        self._words = tuple(text.casefold().split())
        self._settle()

    def _settle(self) -> None:
        self.beginResetModel()
        self._rows = [row for row in self._given if self._fits(row)]
        self.endResetModel()

    def _fits(self, row: SaleRow) -> bool:
        return all(word in row.searched for word in self._words)

    def redraw(self) -> None:
        """Say that every line looks different, because figures are masked or written in another way."""
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def sale(self, number: int) -> SaleRow:
        """Return a sale."""
        return self._rows[number]

    def number(self, row: str) -> int | None:
        """Return where a sale is shown."""
        return next((number for number, one in enumerate(self._rows) if one.row == row), None)

    def rowCount(self, parent: _Index = _ROOT) -> int:
        """Return how many sales are shown."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what is read out or said beside the pointer."""
        if not index.isValid():
            return None
        one = self._rows[index.row()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return f"{one.title()}, {one.note()}, {one.badge}"
        return one.note() if role == Qt.ItemDataRole.ToolTipRole else None


class _Lines(QStyledItemDelegate):
    """Paints three lines, the state of the row below them."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        """Return the one height of all rows."""
        return QSize(theme.px(180), theme.px(ITEM))

    def paint(self, painter: QPainter, option: Any, index: _Index) -> None:
        """Paint one sale."""
        model = index.model()
        if not isinstance(model, SalesModel):
            return
        one, box = model.sale(index.row()), QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, theme.color("selected" if is_selected else "hover"))
        if is_selected:
            painter.fillRect(QRectF(box.left(), box.top(), 2, box.height() - 1), theme.color("accent"))
        painter.fillRect(QRectF(box.left(), box.bottom(), box.width(), 1), theme.color("border_subtle"))
        inner = box.adjusted(14, 0, -10, 0)
        line = theme.px(18)
        write(
            painter, QRectF(inner.left(), box.top() + theme.px(7), inner.width(), line), one.title(), "text", "medium"
        )
        at = QRectF(inner.left(), box.top() + theme.px(25), inner.width(), theme.px(16))
        write(painter, at, one.note(), "text_3", "caption")
        width = min(inner.width(), pill_width(one.badge))
        pill = QRectF(inner.left(), box.top() + theme.px(45), width, theme.px(20))
        paint_pill(painter, pill, one.badge, one.tone)
        if is_selected and option.state & QStyle.StateFlag.State_HasFocus:
            self._ring(painter, box)
        painter.restore()

    @staticmethod
    def _ring(painter: QPainter, box: QRectF) -> None:
        ring = theme.color("focus")
        for part in (
            QRectF(box.left(), box.top(), box.width(), 2),
            QRectF(box.left(), box.bottom() - 3, box.width(), 2),
            QRectF(box.left(), box.top(), 2, box.height() - 1),
            QRectF(box.right() - 2, box.top(), 2, box.height() - 1),
        ):
            painter.fillRect(part, ring)


class SalesList(QListView):
    """The list.

    Signals:
        chosen: Another sale is the current one: its row.
    """

    chosen = Signal(str)

    def __init__(self, model: SalesModel, name: str) -> None:
        """Take the sales and what a screen reader calls them."""
        super().__init__()
        model.setParent(self)
        self._sales = model
        self.setModel(model)
        self.setItemDelegate(_Lines(self))
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def choose(self, row: str) -> bool:
        """Make a sale the current one; False where it is not shown."""
        number = self._sales.number(row)
        if number is None:
            return False
        self.setCurrentIndex(self._sales.index(number))
        return True

    def current(self) -> SaleRow | None:
        """Return the current sale."""
        index = self.currentIndex()
        return self._sales.sale(index.row()) if index.isValid() else None

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        """Tell that another sale is the current one."""
        super().currentChanged(current, previous)
        if current.isValid():
            self.scrollTo(current)
            self.chosen.emit(self._sales.sale(current.row()).row)
