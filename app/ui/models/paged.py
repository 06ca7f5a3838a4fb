"""A table model for many rows: all of them are sorted and filtered, and only as many as can be seen become lines."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Slot

from app.ui.models import rows as shape
from app.ui.models.columns import Row
from app.ui.models.rows import Branch
from app.ui.models.table import TableModel

PAGE = 120
"""Rows that become lines at a time."""


class PagedModel(TableModel):
    """Flat rows, of which those at the top are lines; `grow` adds the next ones.

    A table's `near_end` belongs on `grow` by a queued connection: it also comes while lines change.
    """

    _fitting: tuple[Branch, ...] = ()
    _limit = PAGE

    @property
    def fitting(self) -> Sequence[Row]:
        """Return every row that fits the filters, in order, seen or not."""
        return tuple(branch.row for branch in self._fitting)

    @property
    def fitting_count(self) -> int:
        """Return how many rows fit the filters."""
        return len(self._fitting)

    @Slot()
    def grow(self) -> None:
        """Make lines of the next rows, where there are some."""
        if self.rowCount() < len(self._fitting):
            self._limit = self.rowCount() + PAGE
            self._become(self._page())

    def reach(self, key: str) -> bool:
        """Make lines as far as a row; False where it does not fit the filters."""
        place = next((place for place, branch in enumerate(self._fitting) if branch.key == key), None)
        if place is None:
            return False
        if place >= self.rowCount():
            self._limit = place + PAGE
            self._become(self._page())
        return True

    def _settle(self, *, fresh: bool = False) -> None:
        self._fitting = self._ordered()
        self._limit = PAGE if fresh else max(PAGE, self.rowCount())
        if fresh:
            self.beginResetModel()
            self._take(self._page())
            self.flashes.clear()
            self.endResetModel()
        else:
            self._become(self._page())

    def _page(self) -> list[shape.Line]:
        return shape.lines(self._fitting[: self._limit], self._open.__contains__)
