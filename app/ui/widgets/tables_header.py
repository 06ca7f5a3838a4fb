"""The header of a table: small words, the sort glyph beside the word, one hairline."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHeaderView, QWidget

from app.ui import icons, theme
from app.ui.models.table import TableModel
from app.ui.widgets.tables_cells import MIDDLE, PAD, RIGHT, advance

GLYPH = 14


class Titled(Protocol):
    """What the header needs to know of the table."""

    ground: str

    @property
    def table_model(self) -> TableModel:
        """Return the model, which has the titles."""


class Header(QHeaderView):
    """Titles that sort on a click and move on a drag."""

    def __init__(self, table: Titled, parent: QWidget) -> None:
        """Take the table."""
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._table = table
        self.setSectionsClickable(True)
        self.setSectionsMovable(True)
        self.setFirstSectionMovable(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(16)
        self.setFixedHeight(theme.size("table_header"))
        self.setAccessibleName(f"{parent.accessibleName()}: columns")

    def paintSection(self, painter: QPainter, rect: QRect, number: int) -> None:
        """Paint one title."""
        box = QRectF(rect)
        painter.save()
        painter.fillRect(box, theme.color(self._table.ground))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.color("border"))
        column = self._table.table_model.columns[number]
        sorted_by = self._table.table_model.sorted_by
        is_sorted = sorted_by is not None and sorted_by[0] == number
        inner = box.adjusted(PAD, 0, -PAD, -1)
        painter.setFont(theme.font("overline"))
        painter.setPen(theme.color("text" if is_sorted else "text_3"))
        if is_sorted and sorted_by is not None:
            name = "arrow-down" if sorted_by[1] else "arrow-up"
            at_right = column.align == RIGHT
            left = inner.right() - 11 if at_right else inner.left() + advance(column.title, "overline") + 3
            painter.drawPixmap(QPointF(left, inner.center().y() - 5.5), icons.pixmap(name, "text", 11, 2.25))
            inner = inner.adjusted(0, 0, -GLYPH if at_right else 0, 0)
        painter.drawText(inner, column.align | MIDDLE, column.title)
        painter.restore()
