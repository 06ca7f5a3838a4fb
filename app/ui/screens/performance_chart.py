"""The chart of a period: value beside what was put in, or the time-weighted return; the same as a table."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from app.core.clock import DAY
from app.core.model.performance import Study
from app.ui import format as fmt
from app.ui.charts.chart_table import CourseModel, CourseTable, raw_rows
from app.ui.charts.course import COMPARISON, Course, Marker
from app.ui.charts.save_menu import SaveMenu
from app.ui.charts.value_panel import axis_label
from app.ui.widgets import basics as w
from app.ui.widgets.bars import Swatch
from app.ui.widgets.basics import Panel
from app.ui.widgets.segmented import Segmented
from app.ui.widgets.tables_states import message
from app.ui.words import tr

if TYPE_CHECKING:
    from app.ui.charts.plot import Plot

VALUE, RETURN = "value", "return"


def _percent_label(value: Decimal, step: Decimal, _top: Decimal) -> str:
    places = min(2, max(0, -int(step.normalize().as_tuple().exponent) - 2))
    return fmt.percent(value, places=places)


class _ReturnModel(CourseModel):
    """Returns by day; they are shares, not amounts."""

    def _shown(self, row: int, column: int) -> str:
        if column == 1:
            return fmt.percent(self._course.values[len(self._course) - 1 - row], sign=True)
        return super()._shown(row, column)


class _View(QStackedWidget):
    """One course as a line and as a table; pyqtgraph is loaded with the first of them."""

    crossed = Signal()

    def __init__(self, kind: str) -> None:
        """Take which of the two."""
        super().__init__()
        self.kind = kind
        self.headings: tuple[str, ...] = (tr("Day"), tr("Value"), tr("Contributed"), tr("Deposits and withdrawals"))
        if kind == RETURN:
            self.headings = (tr("Day"), tr("TWR"), tr("Deposits and withdrawals"))
        self.model = CourseModel(self.headings, "usd") if kind == VALUE else _ReturnModel(self.headings, "usd")
        self._table = CourseTable(self.model, tr("Value by day") if kind == VALUE else tr("Return by day"))
        self.addWidget(self._table)
        self.course, self.markers = Course((), ()), tuple[Marker, ...]()
        self.plot: Plot | None = None
        self._is_due = False

    def take(self, course: Course, markers: Sequence[Marker], currency: str) -> None:
        """Take another course; it is drawn once it is looked at, and not anew where it is the same."""
        if (course, tuple(markers), currency) != (self.course, self.markers, self.model.currency):
            self.course, self.markers, self.model.currency = course, tuple(markers), currency
            self._is_due = True

    def draw(self, *, is_table: bool) -> None:
        """Draw the course that was taken."""
        if self._is_due:
            self._is_due = False
            self.model.show_course(self.course, self.markers)
            self.made().show_course(self.course, self.markers)
        self.show_table(is_table=is_table)

    def made(self) -> Plot:
        """Return what draws, made with the first course: that takes a moment."""
        if self.plot is None:
            from app.ui.charts.plot import Plot  # noqa: PLC0415 - pyqtgraph must not delay the first window

            self.plot = Plot(axis_label if self.kind == VALUE else _percent_label)
            name = tr("Value and what was contributed") if self.kind == VALUE else tr("Time-weighted return")
            self.plot.setAccessibleName(tr("%s; arrows move the crosshair, t shows a table").replace("%s", name))
            self.plot.crossed.connect(self._crossed)
            self.addWidget(self.plot)
        return self.plot

    def show_table(self, *, is_table: bool) -> None:
        """Show the table, or the chart."""
        self.setCurrentWidget(self._table if is_table or self.plot is None else self.plot)

    def place(self) -> int:
        """Return the index of the crosshair, else of the last value; -1 where there is none."""
        if not self.course.is_known:
            return -1
        index = -1 if self.plot is None else self.plot.index
        return index if index >= 0 else self.course.step(len(self.course) - 1, 0)

    def redraw(self) -> None:
        """Draw anew after a change of look or masking."""
        self.model.masked_anew()
        if self.plot is not None:
            self.plot.redraw()

    @Slot(int)
    def _crossed(self, _index: int) -> None:
        self.crossed.emit()


class _Legend(QWidget):
    """What stands at the crosshair."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.day = w.text("", "caption", "text_3")
        self.value, self.beside = w.text("", "overline"), w.text("", "overline")
        self._word = w.text(tr("contributed"), "caption", "text_3")
        self._second = w.row(Swatch(COMPARISON), self._word, self.beside, spacing=6)
        w.fill(QHBoxLayout(self), [Swatch(role="accent"), self.day, self.value, 8, self._second], 6)

    def show_point(self, view: _View, currency: str) -> None:
        """Show the point of the crosshair."""
        index = view.place()
        self.setVisible(index >= 0)
        if index < 0:
            return
        is_value = view.kind == VALUE
        value = view.course.values[index]
        self.day.setText(fmt.day(view.course.day(index)))
        self.value.setText(fmt.amount(value, currency) if is_value else fmt.percent(value, sign=True))
        self._second.setVisible(is_value)
        if is_value:
            self.beside.setText(fmt.amount(view.course.beside[index], currency))


class PerformanceChart(Panel):
    """The panel of the chart.

    Signals:
        file_asked: "png" or "csv" is to be written.
    """

    file_asked = Signal(str)

    def __init__(self) -> None:
        """Start without a period."""
        kinds = ((VALUE, tr("Value")), (RETURN, tr("TWR")))
        self.kind = Segmented(kinds, VALUE, tr("What the chart shows"))
        self.as_table = w.icon_button("table-2", tr("Show as table (t)"), side=26)
        self.as_table.setCheckable(True)
        self.more = w.icon_button("ellipsis", tr("Save chart"), side=26)
        self.legend = _Legend()
        super().__init__(tr("Course"), right=[self.legend, 8, self.kind, self.as_table, self.more])
        self.views = {VALUE: _View(VALUE), RETURN: _View(RETURN)}
        self._currency, self._notice = "usd", QWidget()
        self._pages = QStackedWidget()
        for page in (*self.views.values(), self._notice):
            self._pages.addWidget(page)
        self.show_body(self._pages)
        self.legend.hide()
        for view in self.views.values():
            view.crossed.connect(self._show_point)
        self.kind.chosen.connect(self._kind_chosen)
        self.as_table.toggled.connect(self._show_table)
        self.more.clicked.connect(self._open_menu)

    @property
    def view(self) -> _View:
        """Return what is looked at."""
        return self.views[self.kind.current]

    def make_plot(self) -> None:
        """Make what draws the course that is looked at."""
        self.view.made()

    def show_study(self, study: Study) -> None:
        """Draw a period; a day without a price is a gap."""
        days, markers = study.days, _markers(study)
        moments = tuple(day.at for day in days)
        self._currency = study.whole.currency
        value = Course(moments, tuple(day.value for day in days), tuple(day.contributed for day in days))
        for kind, course in ((VALUE, value), (RETURN, Course(moments, tuple(day.grown for day in days)))):
            self.views[kind].take(course, markers, self._currency)
        self._show_view()

    def _show_view(self) -> None:
        if self.view.course.is_known:
            self.view.draw(is_table=self.as_table.isChecked())
            self._pages.setCurrentWidget(self.view)
            self.legend.show_point(self.view, self._currency)
            return
        self.legend.hide()
        self._pages.removeWidget(self._notice)
        self._notice.deleteLater()
        sentence = tr("No day of this period has a price for everything that was held.")
        self._notice = message(sentence, tr("Read prices (F5), or set them by hand: Books, Prices."))
        self._pages.addWidget(self._notice)
        self._pages.setCurrentWidget(self._notice)

    @Slot()
    def _show_point(self) -> None:
        self.legend.show_point(self.view, self._currency)

    @Slot(str)
    def _kind_chosen(self, _kind: str) -> None:
        self._show_view()

    @Slot(bool)
    def _show_table(self, is_table: bool) -> None:  # noqa: FBT001 - the signal's own argument
        for view in self.views.values():
            view.show_table(is_table=is_table)

    def redraw(self) -> None:
        """Write every figure anew."""
        for view in self.views.values():
            view.redraw()
        self._show_point()

    def press(self, key: int) -> bool:
        """Answer a single key: t shows the table."""
        if key == Qt.Key.Key_T:
            self.as_table.toggle()
            return True
        return False

    def _open_menu(self) -> None:
        menu = SaveMenu(self)
        menu.chosen.connect(self.file_asked)
        menu.open_below(self.more)

    def raw_rows(self) -> tuple[Sequence[str], list[list[str]]]:
        """Return headings and exact rows for a file."""
        view = self.view
        rows = raw_rows(view.course, view.markers)
        return view.headings, rows if view.kind == VALUE else [[row[0], row[1], row[3]] for row in rows]


def _markers(study: Study) -> tuple[Marker, ...]:
    """Return a marker for each day on which something flowed; a sum without a price says so."""
    made = []
    for step in study.whole.steps:
        if step.flow is None or step.flow:
            is_up = step.flow is None or step.flow > 0
            word = tr("Put in") if is_up else tr("Taken out")
            known = tr("no price") if step.flow is None else f"[[{fmt.amount(abs(step.flow), study.whole.currency)}]]"
            made.append(Marker(step.at - DAY // 2, is_up, "info" if is_up else "text_3", f"{word} · {known}"))
    return tuple(made)
