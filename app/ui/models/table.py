"""The model of every table: typed columns over rows that come and go by difference, so selection and scroll stay."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from time import monotonic
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from app.ui import format as fmt
from app.ui.models import rows as shape
from app.ui.models.cells import NOTHING, Cell, Heading
from app.ui.models.columns import Column, Row
from app.ui.models.rows import Branch, Line

Role = Qt.ItemDataRole
CELL_ROLE = int(Role.UserRole)
SORT_ROLE = int(Role.UserRole) + 1
LINE_ROLE = int(Role.UserRole) + 2

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
_ASKED: dict[int, Callable[[Column, Row], Any]] = {
    int(Role.DisplayRole): lambda column, row: column.cell(row).text,
    int(Role.EditRole): lambda column, row: column.value(row),
    SORT_ROLE: lambda column, row: column.key(row),
    int(Role.ToolTipRole): lambda column, row: column.tip(row),
    int(Role.TextAlignmentRole): lambda column, _row: int(column.align | Qt.AlignmentFlag.AlignVCenter),
}
_SPARE = 1_000
"""Lines that are gone and whose cells may be kept beside those that are shown."""
MOST_FLASHES = 0.25
"""Seconds between two flashes of one cell: four a second."""


@dataclass(frozen=True, slots=True)
class Flash:
    """A live value that has just changed."""

    is_up: bool
    at: float


class TableModel(QAbstractTableModel):
    """Rows of one type, folded as a tree, with one cell a column.

    Signals:
        columns_grew: Rows came, so that a column may need more width.
    """

    columns_grew = Signal(int, int)

    def __init__(
        self,
        columns: Sequence[Column],
        name: Callable[[Row], str],
        *,
        search: Callable[[Row], str] | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Take the columns, how a row is called, and the text that a filter looks into."""
        super().__init__(parent)
        self.columns = tuple(columns)
        self._name, self._search = name, search or name
        self._given: tuple[Branch, ...] = ()
        self._lines: list[Line] = []
        self._places: dict[str, int] = {}
        self._open: set[str] = set()
        self._condition: Callable[[Row], bool] | None = None
        self._filter: tuple[str, ...] = ()
        self._sorted_by: tuple[int, bool] | None = None
        self._comes_sorted_by: tuple[int, bool] | None = None
        self.flashes: dict[tuple[str, int], Flash] = {}
        self._cells: dict[tuple[str, fmt.Mask], tuple[Line, tuple[Cell, ...]]] = {}

    # what is in it -------------------------------------------------------------------------------------------------
    def line(self, number: int) -> Line:
        """Return a line."""
        return self._lines[number]

    def cells(self, number: int) -> tuple[Cell, ...]:
        """Return what a line shows, made once: whoever measures and paints asks for the same."""
        line = self._lines[number]
        place = line.key, fmt.mask()
        known = self._cells.get(place)
        if known is None or known[0] is not line:
            known = self._cells[place] = line, tuple(column.cell(line.row) for column in self.columns)
        return known[1]

    def lines(self) -> Sequence[Line]:
        """Return the lines as shown."""
        return tuple(self._lines)

    def number(self, key: str) -> int | None:
        """Return where a row is shown; None where it is folded away, filtered or gone."""
        return self._places.get(key)

    def column_number(self, column_id: str) -> int:
        """Return the place of a column."""
        return next(number for number, column in enumerate(self.columns) if column.column_id == column_id)

    def rename_column(self, column_id: str, title: str) -> None:
        """Give a column another heading."""
        number = self.column_number(column_id)
        if self.columns[number].title != title:
            renamed = replace(self.columns[number], title=title)
            self.columns = (*self.columns[:number], renamed, *self.columns[number + 1 :])
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, number, number)

    def row_name(self, number: int) -> str:
        """Return how a row is called."""
        line = self._lines[number]
        return line.row.label if isinstance(line.row, Heading) else self._name(line.row)

    def rows(self) -> Sequence[Row]:
        """Return all rows that were given, shown or not, without headings."""
        return tuple(branch.row for branch in _all(self._given) if not branch.is_heading)

    @property
    def sorted_by(self) -> tuple[int, bool] | None:
        """Return (column, descending)."""
        return self._sorted_by or self._comes_sorted_by

    def is_empty(self) -> bool:
        """Tell whether there is no row at all, whatever the filter."""
        return not self._given

    # changes -------------------------------------------------------------------------------------------------------
    def show(self, branches: Iterable[Branch], *, fresh: bool = False) -> None:
        """Show other rows: by difference, or all anew where it is another question (`fresh`)."""
        self._given = tuple(branches)
        self._settle(fresh=fresh)

    def add(self, branches: Iterable[Branch]) -> None:
        """Show further rows after those that are there, which are not looked at where nothing sorts or filters."""
        came = tuple(branches)
        if self._condition is not None or self._filter or self._sorted_by is not None:
            self.show((*self._given, *came))
            return
        lines = shape.lines(came, self._open.__contains__)
        if not lines:
            return
        if any(line.key in self._places for line in lines):
            message = "two rows of a table have the same key"
            raise ValueError(message)
        self._given += came
        first, last = len(self._lines), len(self._lines) + len(lines) - 1
        self.beginInsertRows(ROOT, first, last)
        self._lines += lines
        self._places |= {line.key: number for number, line in enumerate(lines, first)}
        self.endInsertRows()
        self.columns_grew.emit(first, last)

    def update(self, branches: Iterable[Branch]) -> None:
        """Take new values of the same rows and leave every row where it is; `settle` sorts them later."""
        newer = {branch.key: branch for branch in _all(branches)}
        self._given = tuple(branches)
        wanted = []
        for line in self._lines:
            branch = newer.get(line.key)
            row = line.row if branch is None else branch.row
            if row is line.row:
                wanted.append(line)
                continue
            wanted.append(Line(line.key, row, line.level, line.is_heading, line.children, line.is_open, line.parent))
        self._change(wanted)

    def settle(self) -> None:
        """Sort what live values have changed; rows that stay in place cost nothing."""
        self._settle()

    def toggle(self, key: str) -> None:
        """Fold or unfold a row."""
        self.set_open(key, is_open=key not in self._open)

    def set_open(self, key: str, *, is_open: bool) -> None:
        """Fold or unfold a row."""
        (self._open.add if is_open else self._open.discard)(key)
        self._settle()

    def set_filter(self, text: str) -> None:
        """Keep the rows that have all of these words."""
        self._filter = tuple(text.casefold().split())
        self._settle()

    def comes_sorted(self, column: int, *, descending: bool) -> None:
        """Mark a column as the one by which the rows come sorted."""
        self._comes_sorted_by = (column, descending)

    def set_condition(self, fits: Callable[[Row], bool] | None) -> None:
        """Keep only the rows that fit; None keeps all."""
        self._condition = fits
        self._settle()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column."""
        self._sorted_by = (column, order == Qt.SortOrder.DescendingOrder) if column >= 0 else None
        self._settle()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def redraw(self) -> None:
        """Say that every cell looks different, because figures are masked or written in another way."""
        self._cells.clear()
        if self._lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._lines) - 1, len(self.columns) - 1))

    def _ordered(self) -> tuple[Branch, ...]:
        """Return what was given, as far as it fits, in its order."""
        branches = self._given
        if self._condition is not None:
            branches = shape.kept(branches, self._condition)
        if self._filter:
            branches = shape.matching(branches, self._fits)
        if self._sorted_by is not None:
            column, descending = self._sorted_by
            branches = shape.in_order(branches, self.columns[column].key, descending=descending)
        return branches

    def _settle(self, *, fresh: bool = False) -> None:
        wanted = shape.lines(self._ordered(), self._open.__contains__)
        if fresh:
            # What is the same as before stays the same object, so that what it shows is not made again.
            before = {line.key: line for line in self._lines}
            self.beginResetModel()
            self._take([line if before.get(line.key) != line else before[line.key] for line in wanted])
            self.flashes.clear()
            self.endResetModel()
        else:
            self._become(wanted)

    def _fits(self, row: Row) -> bool:
        text = self._search(row).casefold()
        return all(word in text for word in self._filter)

    def _take(self, lines: list[Line]) -> None:
        self._lines = lines
        self._places = {line.key: number for number, line in enumerate(lines)}
        if len(self._places) != len(lines):
            message = "two rows of a table have the same key"
            raise ValueError(message)
        if len(self._cells) > _SPARE + 2 * len(lines):
            now = set(map(id, lines))
            self._cells = {place: known for place, known in self._cells.items() if id(known[0]) in now}

    def _become(self, wanted: list[Line]) -> None:
        keys = {line.key for line in wanted}
        gone = [number for number, line in enumerate(self._lines) if line.key not in keys]
        for first, last in reversed(shape.runs(gone)):
            self.beginRemoveRows(ROOT, first, last)
            self._take(self._lines[:first] + self._lines[last + 1 :])
            self.endRemoveRows()
        stays = [line.key for line in wanted if line.key in self._places]
        if stays != [line.key for line in self._lines]:
            self._reorder(stays)
        came = [number for number, line in enumerate(wanted) if line.key not in self._places]
        for first, last in shape.runs(came):
            self.beginInsertRows(ROOT, first, last)
            self._take(self._lines[:first] + wanted[first : last + 1] + self._lines[first:])
            self.endInsertRows()
            self.columns_grew.emit(first, last)
        self._change(wanted)

    def _reorder(self, keys: list[str]) -> None:
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        names = [self._lines[index.row()].key for index in before]
        by_key = {line.key: line for line in self._lines}
        self._take([by_key[key] for key in keys])
        after = [self.index(self._places[key], index.column()) for key, index in zip(names, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _change(self, wanted: list[Line]) -> None:
        before = self._lines
        changed = [
            number for number, line in enumerate(wanted) if line is not before[number] and line != before[number]
        ]
        if not changed:
            return
        for number in changed:
            self._note_flashes(self._lines[number], wanted[number])
            self._lines[number] = wanted[number]
        first, last = changed[0], changed[-1]
        self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))

    def _note_flashes(self, old: Line, new: Line) -> None:
        if old.is_heading or fmt.mask() is fmt.Mask.EVERYTHING:
            return
        now = monotonic()
        for number, column in enumerate(self.columns):
            if not column.is_live:
                continue
            before, after = column.value(old.row), column.value(new.row)
            last = self.flashes.get((new.key, number))
            is_change = isinstance(before, Decimal) and isinstance(after, Decimal) and before != after
            if is_change and (last is None or now - last.at >= MOST_FLASHES):
                self.flashes[new.key, number] = Flash(after > before, now)

    # what Qt asks --------------------------------------------------------------------------------------------------
    def rowCount(self, parent: Index = ROOT) -> int:
        """Return how many lines there are."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = ROOT) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self.columns)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return that rows may be selected, headings not."""
        if not index.isValid() or self._lines[index.row()].is_heading:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        """Return what a role asks for; texts are masked where figures are."""
        if not index.isValid():
            return None
        line, column = self._lines[index.row()], self.columns[index.column()]
        if role == LINE_ROLE:
            return line
        if isinstance(line.row, Heading):
            return _of_heading(line.row, role, index.column())
        if role == CELL_ROLE:
            return column.cell(line.row)
        if role == Role.AccessibleTextRole:
            return self._said(line, column)
        ask = _ASKED.get(role)
        return None if ask is None else ask(column, line.row)

    def _said(self, line: Line, column: Column) -> str:
        name, words = self._name(line.row), column.said(line.row)
        if column is self.columns[0] or not words:
            return name
        # An abbreviation such as TWR stays as it is.
        return f"{name}, {words if words[:2].isupper() else words[:1].lower() + words[1:]}"

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        """Return the title of a column."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role in {Role.DisplayRole, Role.AccessibleTextRole}:
            return self.columns[section].title
        if role == Role.ToolTipRole:
            return self.columns[section].about or None
        if role == Role.TextAlignmentRole:
            return int(self.columns[section].align | Qt.AlignmentFlag.AlignVCenter)
        return None


def _of_heading(heading: Heading, role: int, column: int) -> Any:
    if role == CELL_ROLE:
        return NOTHING
    if role in {Role.DisplayRole, Role.AccessibleTextRole} and column == 0:
        return f"{heading.label} {heading.note}".strip()
    return None


def _all(branches: Iterable[Branch]) -> Iterable[Branch]:
    for branch in branches:
        yield branch
        yield from _all(branch.children)
