"""The price of one asset with the fills in it: the small chart of the inspector."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.core.clock import DAY
from app.core.money import add
from app.ui import format as fmt
from app.ui.charts.chart_table import CourseModel, CourseTable
from app.ui.charts.course import Course, Marker
from app.ui.widgets import basics as ui
from app.ui.words import tr

if TYPE_CHECKING:
    from app.ui.charts.plot import Plot


@dataclass(frozen=True, slots=True)
class Fill:
    """An executed part of an order, as the chart marks it; a quantity below zero was sold."""

    at: int
    quantity: Decimal
    entry_id: str = ""


def _side_words(fills: Sequence[Fill], *, is_bought: bool) -> str:
    words = tr("Bought") if is_bought else tr("Sold")
    if len(fills) > 1:
        several = tr("%n buys") if is_bought else tr("%n sells")
        words = several.replace("%n", f"[[{len(fills)}]]") + " ·"
    quantity = abs(add(*(fill.quantity for fill in fills)))
    return f"{words} [[{fmt.quantity(quantity)}]]"


def fills_words(fills: Sequence[Fill]) -> str:
    """Return what was bought and sold, added up; "" where nothing was."""
    bought, sold = [one for one in fills if one.quantity > 0], [one for one in fills if one.quantity <= 0]
    both = ((bought, True), (sold, False))
    return ", ".join(_side_words(found, is_bought=is_bought) for found, is_bought in both if found)


def _marker(fills: Sequence[Fill], *, is_bought: bool) -> Marker:
    words = _side_words(fills, is_bought=is_bought)
    return Marker(fills[0].at, is_bought, "up" if is_bought else "down", words, fills[0].entry_id)


class _PriceModel(CourseModel):
    """Prices by day; marks are public, so only the highest masking hides them."""

    def _shown(self, row: int, column: int) -> str:
        if column == 1:
            return fmt.price(self._course.values[len(self._course) - 1 - row])
        return super()._shown(row, column)


def _label(value: Decimal, step: Decimal, _top: Decimal) -> str:
    places = min(12, max(0, -int(step.normalize().as_tuple().exponent)))
    return fmt.price(value, places=places)


class PriceChart(QStackedWidget):
    """Daily closes with fills.

    Signals:
        crossed: (moment, price) at the crosshair as Python values, or None where it left.
        entry_picked: The day of a fill was clicked: the entry's id.
    """

    crossed = Signal(object)
    entry_picked = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, ground: str = "chrome") -> None:
        """Take the colour role it lies on; pyqtgraph is loaded with the first prices."""
        super().__init__(parent)
        self._ground = ground
        self._course, self._fills = Course((), ()), tuple[Fill, ...]()
        self._plot: Plot | None = None
        self._model = _PriceModel((tr("Day"), tr("Price"), tr("Fills")), "")
        self._table = CourseTable(self._model, tr("Price by day"))
        self._empty = ui.row(None, ui.text(tr("No price history yet."), "body", "text_3"), None)
        self.addWidget(self._empty)
        self.addWidget(self._table)
        self.setMinimumHeight(120)

    def show(self, points: Sequence[tuple[int, Decimal]] | None = None, fills: Sequence[Fill] = ()) -> None:
        """Draw daily closes, oldest first, with the fills among them; without points, only become visible."""
        super().show()
        if points is None:
            return
        self._course, self._fills = Course.of(points), tuple(fills)
        markers = self._markers()
        self._model.show_course(self._course, markers)
        if not self._course.is_known:
            self.setCurrentWidget(self._empty)
            return
        plot = self._made()
        plot.show_course(self._course, markers)
        self.setCurrentWidget(plot)

    def _markers(self) -> tuple[Marker, ...]:
        """Return one marker a day and side; several fills are added up."""
        days: dict[tuple[int, bool], list[Fill]] = {}
        for fill in self._fills:
            days.setdefault((fill.at // DAY, fill.quantity > 0), []).append(fill)
        return tuple(_marker(fills, is_bought=is_bought) for (_, is_bought), fills in days.items())

    def _made(self) -> Plot:
        if self._plot is None:
            from app.ui.charts.plot import Plot  # noqa: PLC0415 - pyqtgraph must not delay the first window

            self._plot = Plot(_label, ground=self._ground, marker=7, is_split=True)
            self._plot.setAccessibleName(tr("Price over time; arrows move the crosshair, t shows a table"))
            self._plot.crossed.connect(self._crossed)
            self._plot.picked.connect(self._picked)
            self.addWidget(self._plot)
        return self._plot

    @property
    def plot(self) -> Plot | None:
        """Return the chart; None before the first data."""
        return self._plot

    def show_table(self, *, is_table: bool) -> None:
        """Show the numbers instead of the line, or the line again."""
        if self._course.is_known:
            self.setCurrentWidget(self._table if is_table else self._made())

    def redraw(self) -> None:
        """Draw anew after a change of look or masking."""
        self._model.masked_anew()
        if self._plot is not None:
            self._plot.redraw()

    def _crossed(self, index: int) -> None:
        self.crossed.emit(None if index < 0 else (self._course.day(index), self._course.values[index]))

    def _picked(self, index: int) -> None:
        moment = self._course.day(index)
        day = [fill for fill in self._fills if fill.entry_id and abs(fill.at - moment) <= self._reach()]
        if day:
            self.entry_picked.emit(min(day, key=lambda fill: abs(fill.at - moment)).entry_id)

    def _reach(self) -> int:
        """Return how far from a click a fill may be: a hundredth of what is shown."""
        return max((self._course.moments[-1] - self._course.moments[0]) // 100, 86_400 * 10**9)
