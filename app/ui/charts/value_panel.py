"""The value of the book over time: legend, range switch, chart or table, and what stands there when there is none."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from app.core.clock import DAY
from app.core.model.views import EquityCurve, Flow
from app.core.money import SHARES, add, ratio
from app.ui import format as fmt
from app.ui.charts.chart_table import HEADINGS, CourseModel, CourseTable, raw_rows
from app.ui.charts.course import COMPARISON, Course, Marker
from app.ui.charts.save_menu import SaveMenu
from app.ui.widgets import basics as ui
from app.ui.widgets.bars import Skeleton, Swatch
from app.ui.widgets.basics import Panel
from app.ui.widgets.segmented import Segmented
from app.ui.widgets.tables_states import message
from app.ui.words import tr

if TYPE_CHECKING:
    from app.ui.charts.plot import Plot

RANGES = (("1m", "1M"), ("3m", "3M"), ("6m", "6M"), ("ytd", "YTD"), ("1y", "1Y"), ("all", "All"))
KEYS = {Qt.Key.Key_1: "1m", Qt.Key.Key_3: "3m", Qt.Key.Key_6: "6m", Qt.Key.Key_Y: "1y"}
_UNITS = ((9, "B"), (6, "M"), (3, "k"))
_MOST_PLACES = 4
_ROOM = 16
"""Beside each word of the ranges: with more the head of the panel would not fit a small window."""


def course_of(curve: EquityCurve) -> Course:
    """Return the geometry's source of a curve."""
    points = curve.points
    moments, values = tuple(point.at for point in points), tuple(point.value for point in points)
    both = [(point.value, point.without_flows) for point in points if point.value and point.without_flows]
    if not both:
        return Course(moments, values)
    # Both lines start at the same point of the range, so that what parts them is what flowed in and out.
    (value, without), *_ = both
    factor = ratio(value, without) or Decimal(1)
    beside = (None if point.without_flows is None else SHARES.multiply(point.without_flows, factor) for point in points)
    return Course(moments, values, tuple(beside))


def markers_of(curve: EquityCurve) -> tuple[Marker, ...]:
    """Return deposits and withdrawals as markers, one a day and direction; a sum without a price says so."""
    days: dict[tuple[int, bool], list[Flow]] = {}
    for flow in curve.flows:
        days.setdefault((flow.at // DAY, flow.amount is None or flow.amount > 0), []).append(flow)
    return tuple(_marker(flows, curve.currency, is_up=is_up) for (_, is_up), flows in days.items())


def _marker(flows: Sequence[Flow], currency: str, *, is_up: bool) -> Marker:
    word = tr("Deposit") if is_up else tr("Withdrawal")
    if len(flows) > 1:
        several = tr("%n deposits") if is_up else tr("%n withdrawals")
        word = several.replace("%n", f"[[{len(flows)}]]")
    known = [abs(flow.amount) for flow in flows if flow.amount is not None]
    parts = [word, *([f"[[{fmt.amount(add(*known), currency)}]]"] if known else [])]
    if len(known) < len(flows):
        parts.append(tr("no price"))
    return Marker(flows[0].at, is_up, "info" if is_up else "text_3", " · ".join(parts), flows[0].entry_id)


def axis_label(value: Decimal, step: Decimal, top: Decimal) -> str:
    """Return the label of an axis in the one unit of its highest value: thousands and millions are never mixed."""
    exponent, letter = next((unit for unit in _UNITS if top >= Decimal(10) ** unit[0]), (0, ""))
    shown_step = step.scaleb(-exponent).normalize()
    places = min(_MOST_PLACES, max(0, -int(shown_step.as_tuple().exponent)))
    return fmt.quantity(value.scaleb(-exponent), letter, places=places, trim=False)


class Legend(QWidget):
    """Value and return at the crosshair; the widths only grow, so that nothing jumps."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.day = ui.text("", "caption", "text_3")
        self.value = ui.text("", "overline")
        self.without = ui.text(tr("without flows"), "caption", "text_3")
        self.change = ui.text("", "overline")
        first = (Swatch(role="accent"), self.day, self.value, 8)
        self._second = ui.row(Swatch(COMPARISON), self.without, self.change, 8, spacing=6)
        self._flows = ui.row(
            Swatch(kind="deposit"), ui.text(tr("deposit"), "caption", "text_3"),
            Swatch(kind="withdrawal"), ui.text(tr("withdrawal"), "caption", "text_3"), spacing=6,
        )  # fmt: skip
        ui.fill(QHBoxLayout(self), [*first, self._second, self._flows], 6)

    def show_point(self, course: Course, index: int, currency: str, *, has_flows: bool) -> None:
        """Show the point of the crosshair, or the last one."""
        self._second.setVisible(bool(course.beside))
        self._flows.setVisible(has_flows)
        for label, words in (
            (self.day, fmt.day(course.day(index), year=False)),
            (self.value, fmt.amount(course.values[index], currency)),
            (self.change, fmt.percent(course.change(index), sign=True)),
        ):
            label.setText(words)
            label.setMinimumWidth(max(label.minimumWidth(), label.fontMetrics().horizontalAdvance(words)))

    def forget_widths(self) -> None:
        """Measure anew, for another range or masking."""
        for label in (self.day, self.value, self.change):
            label.setMinimumWidth(0)


class ValuePanel(Panel):
    """The panel "Value".

    Signals:
        range_asked: Another range was chosen.
        picked: A day was clicked; its moment in nanoseconds, as a Python integer.
        file_asked: "png" or "csv" is to be written.
    """

    range_asked = Signal(str)
    picked = Signal(object)
    file_asked = Signal(str)

    def __init__(self, current: str) -> None:
        """Take the range that is chosen at first."""
        self.legend = Legend()
        self.ranges = Segmented(RANGES, current, tr("Range of the chart"), room=_ROOM)
        self.as_table = ui.icon_button("table-2", tr("Show as table (t)"), side=26)
        self.as_table.setCheckable(True)
        self.more = ui.icon_button("ellipsis", tr("Save chart"), side=26)
        super().__init__(tr("Value"), right=[self.legend, 8, self.ranges, self.as_table, self.more])
        self._currency, self._course, self._markers = "usd", Course((), ()), tuple[Marker, ...]()
        self._plot: Plot | None = None
        self._model = CourseModel(HEADINGS, self._currency)
        self._table = CourseTable(self._model, tr("Value by day"))
        self._skeleton, self._notice = Skeleton(5), QWidget()
        self._pages = QStackedWidget()
        for page in (self._skeleton, self._table, self._notice):
            self._pages.addWidget(page)
        self.show_body(self._pages)
        self.legend.hide()
        self.ranges.chosen.connect(self.range_asked)
        self.as_table.toggled.connect(self._show_table)
        self.more.clicked.connect(self._open_menu)

    @property
    def course(self) -> Course:
        """Return what is drawn."""
        return self._course

    @property
    def plot(self) -> Plot | None:
        """Return the chart; None before the first data."""
        return self._plot

    def show_curve(self, curve: EquityCurve) -> None:
        """Draw a curve; the crosshair stays at its day."""
        course, markers = course_of(curve), markers_of(curve)
        is_drawn = self._pages.currentWidget() is self._plot or self._pages.currentWidget() is self._table
        if is_drawn and (curve.currency, course, markers) == (self._currency, self._course, self._markers):
            return
        self._currency = self._model.currency = curve.currency
        self._course, self._markers = course, markers
        self._model.show_course(self._course, self._markers)
        if not self._course.is_known:
            sentence = tr("No day of this range has a price for everything that was held.")
            self.show_notice(
                message(sentence, tr("Prices are read with the sources; until then the chart stays empty."))
            )
            return
        self._made().show_course(self._course, self._markers)
        self.legend.forget_widths()
        self._show_table(self.as_table.isChecked())
        self._show_point(self._made().index)

    def show_last(self, value: Decimal | None) -> None:
        """Move the newest point, as prices move."""
        values = self._course.values
        if not values or self._plot is None or values[-1] == value:
            return
        self._course = Course(self._course.moments, (*values[:-1], value), self._course.beside)
        self._model.show_course(self._course, self._markers)
        self._plot.show_course(self._course, self._markers)
        self._show_point(self._plot.index)

    def _made(self) -> Plot:
        if self._plot is None:
            from app.ui.charts.plot import Plot  # noqa: PLC0415 - pyqtgraph must not delay the first window

            self._plot = Plot(axis_label)
            self._plot.setAccessibleName(tr("Value over time; arrows move the crosshair, t shows a table"))
            self._plot.crossed.connect(self._show_point)
            self._plot.picked.connect(self._pick)
            self._pages.addWidget(self._plot)
        return self._plot

    def _show_point(self, index: int) -> None:
        last = self._course.step(len(self._course) - 1, 0) if self._course.is_known else -1
        place = index if index >= 0 else last
        self.legend.setVisible(place >= 0 and self._pages.currentWidget() is not self._notice)
        if place >= 0:
            has_flows = bool(self._markers)
            self.legend.show_point(self._course, place, self._currency, has_flows=has_flows)

    def _pick(self, index: int) -> None:
        self.picked.emit(self._course.day(index))

    def _show_table(self, is_table: bool) -> None:  # noqa: FBT001 - the signal's own argument
        if not self._course.is_known:
            return
        self._pages.setCurrentWidget(self._table if is_table else self._made())

    def show_loading(self) -> None:
        """Show bars in place of a chart that has never been drawn."""
        if not self._course.is_known:
            self._pages.setCurrentWidget(self._skeleton)

    def show_notice(self, notice: QWidget) -> None:
        """Show words in place of the chart: what is wrong, or that there is nothing."""
        self.legend.hide()
        self._pages.removeWidget(self._notice)
        self._notice.deleteLater()
        self._notice = notice
        self._pages.addWidget(self._notice)
        self._pages.setCurrentWidget(self._notice)

    def redraw(self) -> None:
        """Draw anew after a change of look or masking."""
        self.legend.forget_widths()
        self._model.masked_anew()
        if self._plot is not None:
            self._plot.redraw()
            self._show_point(self._plot.index)

    def press(self, key: int) -> bool:
        """Answer a single key: 1 3 6 y choose a range, t the table."""
        if key == Qt.Key.Key_T:
            self.as_table.toggle()
            return True
        wanted = KEYS.get(Qt.Key(key))
        if wanted is None:
            return False
        self.ranges.choose(wanted)
        self.range_asked.emit(wanted)
        return True

    def _open_menu(self) -> None:
        menu = SaveMenu(self)
        menu.chosen.connect(self.file_asked)
        menu.open_below(self.more)

    def raw_rows(self) -> tuple[Sequence[str], list[list[str]]]:
        """Return headings and exact rows for a file."""
        return HEADINGS, raw_rows(self._course, self._markers)
