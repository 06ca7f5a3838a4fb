"""Own fills in a chart: one sign a bar and side, below the low where bought, above the high where sold."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from app.ui import theme
from app.ui.charts.market_paint import Sheet, paint_triangle
from app.ui.charts.price_chart import Fill, fills_words
from app.ui.charts.series import Series

_SIDE, _AIR = 8, 5


class Fills:
    """The fills of one market, oldest first."""

    def __init__(self) -> None:
        """Start without fills."""
        self._fills: tuple[Fill, ...] = ()
        self._at: list[int] = []

    def take(self, fills: Sequence[Fill]) -> None:
        """Take other fills."""
        self._fills = tuple(sorted(fills, key=lambda fill: fill.at))
        self._at = [fill.at for fill in self._fills]

    def between(self, first: int, last: int) -> tuple[Fill, ...]:
        """Return the fills of a stretch, its end not included."""
        return self._fills[bisect_left(self._at, first) : bisect_left(self._at, last)]

    def words(self, first: int, last: int) -> str:
        """Return what was bought and sold in a stretch; "" where nothing was."""
        return fills_words(self.between(first, last))

    def _places(self, sheet: Sheet, series: Series) -> Iterator[tuple[QPointF, bool, Fill]]:
        """Yield where a sign stands, one for each column that is as wide as a sign."""
        first, last = (series.moment(place) for place in (sheet.view.first, sheet.view.last))
        taken: set[tuple[int, bool]] = set()
        base = series.levels[0]
        for fill in self.between(first, last):
            index, is_bought = series.nearest(series.place(fill.at)), fill.quantity > 0
            x = sheet.x(float(base.x[index]) + 0.5)
            column = int(x / theme.px(_SIDE)), is_bought
            if column in taken:
                continue
            taken.add(column)
            y = sheet.y(float(base.low[index])) + _AIR if is_bought else sheet.y(float(base.high[index])) - _AIR
            yield QPointF(x, y), is_bought, fill

    def paint(self, painter: QPainter, sheet: Sheet, series: Series) -> None:
        """Paint the signs."""
        for at, is_bought, _fill in self._places(sheet, series):
            paint_triangle(painter, at, theme.px(_SIDE), is_up=is_bought, role="up" if is_bought else "down")

    def entry_at(self, at: QPointF, sheet: Sheet, series: Series) -> str:
        """Return the entry of the sign under the pointer; "" where there is none."""
        reach = theme.px(_SIDE) + 4
        close = [((found - at).manhattanLength(), fill.entry_id) for found, _, fill in self._places(sheet, series)]
        distance, entry = min(close, default=(reach + 1.0, ""))
        return entry if distance <= reach else ""
