"""Results against value at risk in a frame: legend at the crosshair, ranges, the same as a table."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.core.clock import DAY
from app.ui import format as fmt
from app.ui import theme
from app.ui.charts.frame import ChartFrame
from app.ui.charts.results import NO_RESULTS, Results, ResultsPlot
from app.ui.models.cells import Cell, Figure, Words
from app.ui.models.columns import RIGHT, Column, figure_column
from app.ui.models.rows import Branch
from app.ui.models.table import TableModel
from app.ui.widgets import basics as w
from app.ui.widgets.bars import Swatch
from app.ui.widgets.marks import Pill
from app.ui.widgets.segmented import Segmented
from app.ui.widgets.tables import Table
from app.ui.words import tr

RANGES = (("250", "250 d"), ("500", "500 d"), ("all", "All"))
_AIR, _BESIDE = 6, 66
"""Room between two words of the legend, and between all that stands in the head."""
_TONES = {"green": "ok", "yellow": "warn", "red": "danger"}


class _Day:
    """One row of the table."""

    __slots__ = ("at", "beyond", "floor", "is_exception", "made")

    def __init__(self, results: Results, index: int) -> None:
        self.at = results.at[index]
        self.made = Decimal(repr(round(results.made[index], 10)))
        self.floor = Decimal(repr(round(results.floor[index], 10)))
        self.beyond = Decimal(repr(round(results.beyond[index], 10)))
        self.is_exception = results.is_exception(index)


def _columns() -> Sequence[Column]:
    def exception(row: _Day) -> Cell:
        return Words(tr("exception"), "danger", icon="x", icon_tone="danger") if row.is_exception else Words("")

    def day(row: _Day) -> Cell:
        return Figure(fmt.date(row.at))

    return (
        Column("day", tr("Day"), lambda row: fmt.date(row.at), day, width=90, priority=100),
        figure_column("made", tr("Result"), lambda row: row.made, lambda row: fmt.percent(row.made, sign=True)),
        figure_column("floor", tr("−VaR"), lambda row: row.floor, lambda row: fmt.percent(row.floor)),
        figure_column("beyond", tr("−ES"), lambda row: row.beyond, lambda row: fmt.percent(row.beyond)),
        Column("exception", tr("Exception"), lambda row: "exception" if row.is_exception else "", exception, RIGHT),
    )


def _wide(part: QWidget) -> int:
    """Return the width that a part of the head takes."""
    return max(part.minimumWidth(), min(part.sizeHint().width(), part.maximumWidth()))


def _name(row: _Day) -> str:
    return fmt.date(row.at)


class ResultsFrame(ChartFrame):
    """What the book made against the loss that a model forecast."""

    def __init__(self) -> None:
        """Start without days."""
        self.plot = ResultsPlot()
        self.model = TableModel(_columns(), _name)
        self.ranges = Segmented(RANGES, "250", tr("Days of the chart"))
        self.light = Pill("", "ok", icon="check")
        self.day, self.made = w.text("", "caption", "text_3"), w.text("", "overline")
        self.floor, self.beyond = w.text("", "overline"), w.text("", "overline")
        self.named = w.text(tr("Result"), "caption", "text_3")
        self._legend = QWidget()
        line = QHBoxLayout(self._legend)
        parts: list[w.Item] = [
            self.day,
            Swatch(role="up"),
            self.named,
            self.made,
            Swatch(0),
            w.text(tr("VaR"), "caption", "text_3"),
            self.floor,
            Swatch(1),
            w.text(tr("ES"), "caption", "text_3"),
            self.beyond,
        ]
        w.fill(line, parts, _AIR)
        right: list[w.Item] = [self._legend, self.light, self.ranges]
        super().__init__(
            tr("Results against VaR"), Table(self.model, "risk-results", tr("Results by day")), right=right
        )
        self.use_chart(self.plot)
        self._legend.hide()
        self.light.hide()
        self.whole = NO_RESULTS
        self.plot.crossed.connect(self._crossed)
        self.as_table.toggled.connect(self._fill)
        self.ranges.chosen.connect(self._range_chosen)

    def show_results(self, results: Results, zone: str) -> None:
        """Show other days with the colour of the traffic light over the last of them."""
        self.whole = results
        self._zone = zone
        self.show_chart()
        self._draw()

    def show_notice(self, notice: QWidget) -> None:
        """Show words in place of the results."""
        for one in (self._legend, self.light):
            one.hide()
        super().show_notice(notice)

    def _draw(self) -> None:
        wanted = self.ranges.current
        seen = self.whole if wanted == "all" else self.whole.last(int(wanted))
        self.plot.show_results(seen)
        self._fill(self.as_table.isChecked())
        hidden = fmt.mask() is fmt.Mask.EVERYTHING
        words = fmt.counted(len(seen.exceptions()), tr("%s exception"), tr("%s exceptions"))
        tone = "text_3" if hidden else _TONES[self._zone]
        told = words if hidden else f"{words} · {tr(self._zone)}"
        self.light.show_state(told, tone)
        self.title.setToolTip(told)
        self._show_point()

    @Slot(bool)
    def _fill(self, is_table: bool) -> None:  # noqa: FBT001 - the signal's own argument
        """Fill the table once it is looked at."""
        if is_table:
            self.model.show((Branch(str(row.at), row) for row in self._days()), fresh=True)

    def _days(self) -> list[_Day]:
        seen = self.plot.results
        return [_Day(seen, index) for index in range(len(seen) - 1, -1, -1)]

    def _show_point(self) -> None:
        results = self.plot.results
        self._legend.setVisible(self.is_known and bool(len(results)))
        if len(results):
            index = self.plot.index if self.plot.index >= 0 else len(results) - 1
            self.day.setText(fmt.day(results.at[index] + DAY // 2, year=False))
            for label, values, sign in (
                (self.made, results.made, True),
                (self.floor, results.floor, False),
                (self.beyond, results.beyond, False),
            ):
                label.setText(fmt.percent(Decimal(repr(round(values[index], 6))), places=1, sign=sign))
            self._fit_words()

    def _fit_words(self) -> None:
        """Leave out what there is no room for: first the day, then the name of the bars, which colours tell too.

        Below that the ranges are folded, and the pill gives way to the legend, without which nobody can read the chart.
        """
        words = (self.named, self.day)
        legend = self._legend.sizeHint().width()
        legend -= sum(one.sizeHint().width() + _AIR for one in words if not one.isHidden())
        always = legend + theme.px(_BESIDE) + sum(map(_wide, (self.title, self.as_table, self.more)))
        room = self.width() - always
        self.ranges.fold(is_folded=room < _wide(self.light) + self.ranges.whole_width())
        room -= _wide(self.ranges)
        has_light = room >= _wide(self.light)
        self.light.setVisible(self.is_known and has_light)
        room -= _wide(self.light) if has_light else 0
        for one in words:
            room -= one.sizeHint().width() + _AIR
            one.setVisible(room >= 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep what the legend has room for."""
        super().resizeEvent(event)
        self._fit_words()

    @Slot(int)
    def _crossed(self, _index: int) -> None:
        self._show_point()

    @Slot(str)
    def _range_chosen(self, _key: str) -> None:
        if self.is_known:
            self._draw()

    def redraw(self) -> None:
        """Write every figure anew."""
        self.model.redraw()
        self.plot.redraw()
        if self.is_known:
            self._draw()

    def raw_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
        """Return the exact figures of the days that are seen, the oldest first as in every file."""
        headings = [column.title for column in self.model.columns]
        return headings, [[column.raw(row) for column in self.model.columns] for row in reversed(self._days())]
