"""The model of a table whose figures change many times a second: what nobody sees is taken in, and painted later."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from PySide6.QtCore import QObject

from app.ui.models import rows as shape
from app.ui.models.columns import Column, Row
from app.ui.models.rows import Branch, Line
from app.ui.models.table import TableModel

Seen = Callable[[], tuple[int, int]]


def _everything() -> tuple[int, int]:
    return 0, 1 << 30


class LiveModel(TableModel):
    """Rows that move: a tick costs as much as the cells of it that are in sight.

    A row that changes keeps its place until `settle` sorts. Flashes and changes are told for cells in sight only;
    what comes into sight later is asked for then, and shows its newest value without a flash.
    """

    def __init__(
        self,
        columns: Iterable[Column],
        name: Callable[[Row], str],
        *,
        search: Callable[[Row], str] | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Take what a table takes; `watch` says later which rows are in sight."""
        super().__init__(tuple(columns), name, search=search, parent=parent)
        self._seen: Seen = _everything
        self._is_moved = False

    def watch(self, seen: Seen) -> None:
        """Take how to ask for the first and last row in sight."""
        self._seen = seen

    def move(self, rows: Mapping[str, Row]) -> int:
        """Take new values of some rows; returns how many cells in sight are others now."""
        first, last = self._seen()
        others: dict[tuple[int, int], list[int]] = {}
        for key, row in rows.items():
            number = self._places.get(key)
            if number is None:
                continue
            before = self._lines[number]
            is_seen = first <= number <= last
            if is_seen and before.row == row:
                continue
            self._is_moved = True
            # Made by hand: `replace` takes as long as all the rest for a row that nobody sees.
            now = Line(key, row, before.level, before.is_heading, before.children, before.is_open, before.parent)
            if is_seen:
                for span in self._put(number, before, now):
                    others.setdefault(span, []).append(number)
            else:
                self._lines[number] = now
        return self._tell(others)

    def _put(self, number: int, before: Line, now: Line) -> list[tuple[int, int]]:
        """Put a row in; returns which of its cells look different, as first and last of those next to each other."""
        was = self.cells(number)
        self._note_flashes(before, now)
        self._lines[number] = now
        return shape.runs([column for column, cell in enumerate(self.cells(number)) if cell != was[column]])

    def _tell(self, others: Mapping[tuple[int, int], list[int]]) -> int:
        """Tell blocks of cells that look different: to tell a row costs as much as to make its cells."""
        changed = 0
        for (left, right), numbers in others.items():
            changed += len(numbers) * (right - left + 1)
            for first, last in shape.runs(sorted(numbers)):
                self.dataChanged.emit(self.index(first, left), self.index(last, right))
        return changed

    def settle(self) -> None:
        """Sort what has moved; where nothing has, nothing is done."""
        if self._is_moved:
            self._is_moved = False
            newest = {line.key: line.row for line in self._lines}
            self._given = tuple(_newer(branch, newest) for branch in self._given)
            super().settle()


def _newer(branch: Branch, newest: Mapping[str, Row]) -> Branch:
    row = newest.get(branch.key, branch.row)
    return branch if row is branch.row else replace(branch, row=row)
