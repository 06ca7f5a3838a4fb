"""One course of shares or figures over time in a frame, beside another where there is one: a drawdown, an index."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.ui import format as fmt
from app.ui.charts.chart_table import CourseModel, CourseTable, raw_rows
from app.ui.charts.course import COMPARISON, Course
from app.ui.charts.frame import ChartFrame
from app.ui.widgets import basics as w
from app.ui.widgets.bars import Swatch
from app.ui.words import tr

if TYPE_CHECKING:
    from app.ui.charts.plot import Plot

Written = Callable[[Decimal | None], str]


def percent_label(value: Decimal, step: Decimal, _top: Decimal) -> str:
    """Return a share as the label of an axis, as short as its step allows."""
    places = min(2, max(0, -int(step.normalize().as_tuple().exponent) - 2))
    return fmt.percent(value, places=places)


def figure_label(value: Decimal, step: Decimal, _top: Decimal) -> str:
    """Return a bare figure as the label of an axis."""
    return fmt.price(value, places=min(2, max(1, -int(step.normalize().as_tuple().exponent))))


class _Model(CourseModel):
    """Days with one figure each, or two, written as the frame says."""

    def __init__(self, titles: Sequence[str], written: Written) -> None:
        super().__init__((*titles, ""), "usd")
        self._written = written

    def use_titles(self, titles: Sequence[str]) -> None:
        """Take other headings; they are seen with the next course."""
        self._titles = (*titles, "")

    def columnCount(self, parent: object = None) -> int:  # noqa: ARG002
        """Leave out the last one: there are no markers to tell."""
        return len(self._titles) - 1

    def _shown(self, row: int, column: int) -> str:
        lines = (self._course.values, self._course.beside)
        if column in (1, 2):  # the line, and what is drawn beside it
            return self._written(lines[column - 1][len(self._course) - 1 - row])
        return super()._shown(row, column)


class CourseFrame(ChartFrame):
    """One course with its legend at the crosshair."""

    def __init__(  # noqa: PLR0913
        self,
        title: str,
        value: str,
        written: Written,
        label: Callable[[Decimal, Decimal, Decimal], str],
        *,
        about: str,
        fill: str = "zero",
        right: Sequence[w.Item] = (),
    ) -> None:
        """Take the title, the name of the figure, how it is written, on the axis too, and what the chart is."""
        self._titles: tuple[str, ...] = (tr("Day"), value)
        self._written, self._label, self._about = written, label, about
        self._fill = fill
        self.model = _Model(self._titles, written)
        self.day, self.figure = w.text("", "caption", "text_3"), w.text("", "overline")
        self.other, self.other_figure = w.text("", "caption", "text_3"), w.text("", "overline")
        self._second = w.row(Swatch(COMPARISON), self.other, self.other_figure, spacing=6)
        self._second.hide()
        self._legend = QWidget()
        w.fill(QHBoxLayout(self._legend), [Swatch(role="accent"), self.day, self.figure, 8, self._second], 6)
        super().__init__(title, CourseTable(self.model, about), right=[self._legend, 8, *right])
        self._legend.hide()
        self.course, self.plot = Course((), ()), None  # type: Course, Plot | None

    def name_lines(self, value: str, beside: str = "") -> None:
        """Name the figure, and what is drawn beside it; "" where nothing is. They are seen with the next course."""
        self._titles = (tr("Day"), value, *([beside] if beside else []))
        self.model.use_titles(self._titles)
        self.other.setText(beside)
        self._second.setVisible(bool(beside))

    def show_course(self, course: Course) -> None:
        """Draw another course; the crosshair stays at its day."""
        if course != self.course or self.plot is None:
            self.course = course
            self.model.show_course(course, ())
            self._made().show_course(course)
        self.show_chart()
        self._show_point()

    def show_notice(self, notice: QWidget) -> None:
        """Show words in place of the course."""
        self._legend.hide()
        super().show_notice(notice)

    def make_plot(self) -> None:
        """Make what draws, which takes a moment the first time."""
        self._made()

    def _made(self) -> Plot:
        if self.plot is None:
            from app.ui.charts.plot import Plot  # noqa: PLC0415 - pyqtgraph must not delay the first window

            self.plot = Plot(self._label, fill=self._fill)
            words = tr("%s; arrows move the crosshair, t shows a table").replace("%s", self._about)
            self.plot.setAccessibleName(words)
            self.plot.crossed.connect(self._crossed)
            self.use_chart(self.plot)
        return self.plot

    @Slot(int)
    def _crossed(self, _index: int) -> None:
        self._show_point()

    def _show_point(self) -> None:
        is_seen = self.is_known and self.course.is_known
        self._legend.setVisible(is_seen)
        if is_seen:
            at = -1 if self.plot is None else self.plot.index
            index = at if at >= 0 else self.course.step(len(self.course) - 1, 0)
            self.day.setText(fmt.day(self.course.day(index)))
            self.figure.setText(self._written(self.course.values[index]))
            if self.course.beside:
                self.other_figure.setText(self._written(self.course.beside[index]))

    def redraw(self) -> None:
        """Write every figure anew."""
        self.model.masked_anew()
        if self.plot is not None:
            self.plot.redraw()
        self._show_point()

    def raw_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        """Return exact figures by day."""
        return self._titles, [row[: len(self._titles)] for row in raw_rows(self.course, ())]
