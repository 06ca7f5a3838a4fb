"""The numbers behind a chart as a table: what a screen reader reads, and what is exported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QRectF, Qt, Slot
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHeaderView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView

from app.core.clock import DAY
from app.core.money import plain
from app.ui import format as fmt
from app.ui import theme
from app.ui.charts.course import Course, Marker, words_by_day
from app.ui.widgets.tables_cells import AT_LEFT, AT_RIGHT, write
from app.ui.words import tr

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_AIR = 8
_MEASURED = 60


class CourseModel(QAbstractTableModel):
    """One row a moment, the newest first: day, value, second line, what happened."""

    def __init__(self, titles: Sequence[str], currency: str) -> None:
        """Take the headings and the currency of the values."""
        super().__init__()
        self._titles, self.currency = tuple(titles), currency
        self._course, self._words = Course((), ()), dict[int, str]()

    def show_course(self, course: Course, markers: Sequence[Marker]) -> None:
        """Take another course."""
        self.beginResetModel()
        self._course = course
        self._words = words_by_day(markers)
        self.endResetModel()

    def masked_anew(self) -> None:
        """Show every figure anew."""
        self.beginResetModel()
        self.endResetModel()

    def rowCount(self, parent: Index = _ROOT) -> int:
        """Return the number of moments."""
        return 0 if parent.isValid() else len(self._course)

    def measured(self) -> Iterable[int]:
        """Return the rows that tell how wide columns must be: the newest."""
        return range(min(_MEASURED, self.rowCount()))

    @property
    def giving_way(self) -> Sequence[int]:
        """Return the columns that are left out, one after the other, where the words at the end have no room."""
        return ()

    def columnCount(self, parent: Index = _ROOT) -> int:
        """Return the number of columns; no second line, no column for it."""
        return 0 if parent.isValid() else len(self._titles)

    def _shown(self, row: int, column: int) -> str:
        index = len(self._course) - 1 - row
        at = self._course.day(index)
        if column == 0:
            return fmt.date(at)
        if column == 1:
            return fmt.amount(self._course.values[index], self.currency)
        if column == len(self._titles) - 1:
            return fmt.prose(self._words.get(at // DAY, ""))
        beside = self._course.beside[index] if self._course.beside else None
        return fmt.amount(beside, self.currency)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the text of a cell, its alignment and its name for screen readers."""
        if role == Qt.ItemDataRole.DisplayRole:
            return self._shown(index.row(), index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            # Words may be wider than what the figures leave of the row.
            return self._shown(index.row(), index.column()) if index.column() == len(self._titles) - 1 else None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._titles[index.column()]}: {self._shown(index.row(), index.column())}"
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._aligned(index.column())
        if role == Qt.ItemDataRole.FontRole:
            return theme.font("cell")
        return None

    def is_figure(self, column: int) -> bool:
        """Tell whether a column has figures: the first has moments, the last of the titles words."""
        return 0 < column < len(self._titles) - 1

    def _aligned(self, column: int) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if self.is_figure(column) else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a heading."""
        if orientation == Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        if role == Qt.ItemDataRole.FontRole:
            return theme.font("overline")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._aligned(section)
        return None


class _Cells(QStyledItemDelegate):
    """Cells with the air and the hairline of every table; the style itself takes twice as long."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the ground of a chosen row, the hairline, then the text inside its margins."""
        box = QRectF(option.rect)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, theme.color("selected"))
        painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), theme.color("border_subtle"))
        model = index.model()
        side = AT_RIGHT if isinstance(model, CourseModel) and model.is_figure(index.column()) else AT_LEFT
        write(painter, box.adjusted(_AIR, 0, -_AIR, 0), str(index.data()), "text", "cell", side)


class CourseTable(QTableView):
    """The table itself."""

    def __init__(self, model: CourseModel, name: str) -> None:
        """Take the model and what it shows."""
        super().__init__()
        self.setModel(model)
        self.setAccessibleName(name)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setDefaultSectionSize(theme.px(28))
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setHighlightSections(False)
        self.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        self.horizontalHeader().setFixedHeight(theme.px(30))
        self.setItemDelegate(_Cells(self))
        self.setShowGrid(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave letters to the chart, which takes the place of its table with t: Qt would search among figures."""
        if event.text().isalpha():
            event.ignore()
        else:
            super().keyPressEvent(event)


class FittedTable(CourseTable):
    """A table whose columns are as wide as their figures; the last takes what is left, with room for its usual words.

    Only some rows are measured, and only while it is seen: Qt's own way measures rows by the thousand.
    """

    def __init__(self, model: CourseModel, name: str) -> None:
        """Take the model and what it shows."""
        super().__init__(model, name)
        self._course = model
        self._needs: list[int] = []
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head.setStretchLastSection(True)
        model.modelReset.connect(self.fit)

    def showEvent(self, event: QShowEvent) -> None:
        """Measure what is about to be seen."""
        super().showEvent(event)
        self.fit()

    @Slot()
    def fit(self) -> None:
        """Measure anew, where it is seen."""
        if self.isVisible():
            self._needs = [self._needed(column) for column in range(self._course.columnCount())]
            self._arrange()

    def _arrange(self) -> None:
        widths, room, left_out = list(self._needs), self.viewport().width(), set[int]()
        for column in self._course.giving_way:
            if sum(widths) > room:
                left_out.add(column)
                widths[column] = 0
        for column, width in enumerate(widths[:-1]):
            self.setColumnHidden(column, column in left_out)
            self.setColumnWidth(column, width)

    def _needed(self, column: int) -> int:
        model, cells, titles = self._course, QFontMetrics(theme.font("cell")), QFontMetrics(theme.font("overline"))
        title = titles.horizontalAdvance(str(model.headerData(column, Qt.Orientation.Horizontal)))
        texts = (str(model.index(row, column).data()) for row in model.measured())
        widths = sorted(cells.horizontalAdvance(text) for text in texts if text)
        # Of words half have room, the longer ones as much as there is; of figures all.
        most = len(widths) // 2 if column == model.columnCount() - 1 else len(widths) - 1
        return max(widths[most] if widths else 0, title) + 2 * _AIR + 1

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out as much as must be in another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._arrange()


def raw_rows(course: Course, markers: Sequence[Marker]) -> list[list[str]]:
    """Return the exact values for a file, oldest first; what is unknown is empty."""
    words = words_by_day(markers)
    rows = []
    for index in range(len(course)):
        at = course.day(index)
        beside = course.beside[index] if course.beside else None
        figures = ["" if value is None else plain(value) for value in (course.values[index], beside)]
        rows.append([fmt.date(at), *figures, words.get(at // DAY, "").replace("[[", "").replace("]]", "")])
    return rows


HEADINGS = (tr("Day"), tr("Value"), tr("Without flows"), tr("Deposits and withdrawals"))
