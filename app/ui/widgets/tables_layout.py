"""The part of a table that shares its width out: columns that grow, give way, leave, are moved and hidden."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPoint, QSize, Qt, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTableView

from app.ui import format as fmt
from app.ui import theme
from app.ui.models.table import TableModel
from app.ui.widgets import tables_columns as columns
from app.ui.widgets.tables_cells import FOLD, INDENT, PAD, advance, natural
from app.ui.widgets.tables_header import GLYPH, Header

HEADING = 26


@dataclass(frozen=True, slots=True)
class TableLook:
    """How a table is drawn.

    Attributes:
        row: Name of the row height.
        ground: Surface that the table lies on.
        is_one: Only one row can be selected.
        settings: Folder in which the arrangement of columns is kept.
    """

    row: str = "row_compact"
    is_tree: bool = False
    ground: str = "surface"
    is_one: bool = False
    settings: Path | None = None


class ArrangedTable(QTableView):
    """Rows of a `TableModel` in columns that fit the width at hand."""

    def __init__(self, model: TableModel, name: str, title: str, look: TableLook) -> None:
        """Take the model, the name its arrangement is kept under, and the title for screen readers."""
        super().__init__()
        self.setAccessibleName(title)
        self.is_tree, self.ground, self._name = look.is_tree, look.ground, name
        self._model = model
        model.setParent(self)
        self._kept = columns.Kept(look.settings)
        self._arrangement = self._kept.read(name)
        self._left_out: frozenset[str] = frozenset()
        self._wide = [0.0] * len(model.columns)
        self._fractions = [0.0] * len(model.columns)
        self._is_unmeasured = False
        self.setHorizontalHeader(Header(self, self))
        self.setModel(model)
        self._set_up(look)
        self._listen()
        self._restore_order()
        self._measure_all()

    def _set_up(self, look: TableLook) -> None:
        if self.ground != "surface":
            self.setProperty("on", self.ground)
        self.setShowGrid(False)
        self.setMouseTracking(True)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        mode = QAbstractItemView.SelectionMode
        self.setSelectionMode(mode.SingleSelection if look.is_one else mode.ExtendedSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        side = self.verticalHeader()
        side.hide()
        side.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        side.setMinimumSectionSize(1)
        side.setDefaultSectionSize(theme.size(look.row))
        self.setMinimumSize(QSize(120, 60))

    def _listen(self) -> None:
        head = self.horizontalHeader()
        head.sectionClicked.connect(self._sort_by)
        head.sectionMoved.connect(self._moved)
        head.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        head.customContextMenuRequested.connect(self._ask_columns)
        self._model.columns_grew.connect(self._grew)
        self._model.dataChanged.connect(self._changed_values)
        self._model.modelReset.connect(self._measure_all)
        self.verticalScrollBar().valueChanged.connect(self._measure_seen)
        self._model.rowsInserted.connect(self._size_headings)

    @property
    def table_model(self) -> TableModel:
        """Return the model."""
        return self._model

    def first_column(self) -> int:
        """Return the column shown first."""
        return self.horizontalHeader().logicalIndex(0)

    def shown_columns(self) -> Sequence[int]:
        """Return the columns that are shown, from left to right."""
        head = self.horizontalHeader()
        order = (head.logicalIndex(place) for place in range(head.count()))
        return [number for number in order if not head.isSectionHidden(number)] or [0]

    def fraction_width(self, column: int) -> float:
        """Return how much a column needs right of the decimal point."""
        return self._fractions[column]

    # columns -------------------------------------------------------------------------------------------------------
    def column_menu(self) -> QMenu:
        """Return a menu in which columns are shown and hidden."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for column in self._model.columns:
            if not column.title or not column.can_hide or column.column_id in self._left_out:
                continue
            action = QAction(column.title, menu, checkable=True)
            action.setChecked(column.column_id not in self._arrangement.hidden)
            action.setData(column.column_id)
            menu.addAction(action)
        menu.triggered.connect(self._switch_column)
        return menu

    @Slot(QAction)
    def _switch_column(self, action: QAction) -> None:
        self.show_column(str(action.data()), shown=action.isChecked())

    def show_column(self, column_id: str, *, shown: bool) -> None:
        """Show or hide a column, and keep that."""
        hidden = [name for name in self._arrangement.hidden if name != column_id]
        self._arrangement = columns.Arrangement(self._order(), tuple(hidden if shown else [*hidden, column_id]))
        self._kept.write(self._name, self._arrangement)
        self._arrange()

    def leave_out(self, *column_ids: str) -> None:
        """Leave out columns that say nothing of these rows, whatever a person has arranged; nothing of it is kept."""
        if self._left_out != frozenset(column_ids):
            self._left_out = frozenset(column_ids)
            self._arrange()

    @Slot(QPoint)
    def _ask_columns(self, at: QPoint) -> None:
        self.column_menu().popup(self.horizontalHeader().mapToGlobal(at))

    @Slot(int, int, int)
    def _moved(self, _number: int, _before: int, _after: int) -> None:
        self._arrangement = columns.Arrangement(self._order(), self._arrangement.hidden)
        self._kept.write(self._name, self._arrangement)

    def _order(self) -> tuple[str, ...]:
        head = self.horizontalHeader()
        return tuple(self._model.columns[head.logicalIndex(place)].column_id for place in range(head.count()))

    def _restore_order(self) -> None:
        head = self.horizontalHeader()
        known = {column.column_id: number for number, column in enumerate(self._model.columns)}
        head.blockSignals(True)  # noqa: FBT003
        for place, name in enumerate(name for name in self._arrangement.order if name in known):
            head.moveSection(head.visualIndex(known[name]), place)
        head.blockSignals(False)  # noqa: FBT003

    @Slot(int)
    def _sort_by(self, number: int) -> None:
        column = self._model.columns[number]
        if not column.can_sort:
            return
        now = self._model.sorted_by
        begins_low = column.gives_way
        descending = not now[1] if now is not None and now[0] == number else not begins_low
        self._model.sort(number, Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder)
        self.horizontalHeader().viewport().update()

    @Slot()
    def _measure_all(self) -> None:
        self._wide = [0.0] * len(self._model.columns)
        self._fractions = [0.0] * len(self._model.columns)
        self._is_unmeasured = False
        self._measure(0, self._model.rowCount() - 1)
        self._size_headings(QModelIndex(), 0, self._model.rowCount() - 1)
        self._arrange()

    @Slot(int, int)
    def _grew(self, first: int, last: int, columns: range | None = None) -> None:
        before = (list(self._wide), list(self._fractions))
        self._measure(first, last, columns)
        if before != (self._wide, self._fractions):
            self._arrange()

    def seen_rows(self) -> tuple[int, int]:
        """Return the first and last row in sight; (0, -1) where there is none."""
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        return max(0, first), last if last >= 0 else self._model.rowCount() - 1

    @Slot(QModelIndex, QModelIndex)
    def _changed_values(self, first: QModelIndex, last: QModelIndex) -> None:
        """Measure what is in sight now, and the rest when it comes into sight: a tick over all rows stays cheap."""
        top, bottom = self.seen_rows()
        self._is_unmeasured = True
        self._grew(max(top, first.row()), min(bottom, last.row()), range(first.column(), last.column() + 1))

    @Slot()
    def _measure_seen(self) -> None:
        if self._is_unmeasured:
            self._grew(*self.seen_rows())

    def _measure(self, first: int, last: int, columns: range | None = None) -> None:
        """Take in what rows need; hidden figures keep the room of what they hide, so that nothing moves."""
        masked = fmt.mask()
        fmt.set_mask(fmt.Mask.NOTHING)
        try:
            self._measure_shown(first, last, range(len(self._model.columns)) if columns is None else columns)
        finally:
            fmt.set_mask(masked)

    def _measure_shown(self, first: int, last: int, columns: range) -> None:
        wide, fractions = self._wide, self._fractions
        for row in range(first, last + 1):
            line = self._model.line(row)
            if line.is_heading:
                continue
            indent = theme.px(max(FOLD, line.level * INDENT)) if self.is_tree else 0
            cells = self._model.cells(row)
            for number in columns:
                whole, fraction = natural(cells[number])
                if number == 0:
                    whole += indent
                wide[number] = max(wide[number], whole)
                fractions[number] = max(fractions[number], fraction)

    def _wants(self) -> list[columns.Want]:
        wants = []
        for number, column in enumerate(self._model.columns):
            if column.column_id in self._arrangement.hidden or column.column_id in self._left_out:
                continue
            title = advance(column.title, "overline") + (GLYPH if column.can_sort and column.title else 0)
            content = round(max(title, self._wide[number] + self._fractions[number])) + 2 * PAD + 1
            least = theme.px(column.width)
            least = least if column.gives_way else max(least, content)
            wants.append(columns.Want(number, least, content, column.priority, column.gives_way))
        return wants

    def _arrange(self) -> None:
        widths = columns.shared(self._wants(), self.viewport().width())
        for number in range(len(self._model.columns)):
            self.setColumnHidden(number, number not in widths)
            if number in widths and self.columnWidth(number) != widths[number]:
                self.setColumnWidth(number, widths[number])

    @Slot(QModelIndex, int, int)
    def _size_headings(self, _parent: QModelIndex, first: int, last: int) -> None:
        for row in range(first, last + 1):
            if self._model.line(row).is_heading:
                self.verticalHeader().resizeSection(row, theme.px(HEADING))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the new width out."""
        super().resizeEvent(event)
        self._arrange()
