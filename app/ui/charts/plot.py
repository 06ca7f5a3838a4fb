"""A time course drawn by pyqtgraph. Importing this loads pyqtgraph: only charts that have data do so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QGraphicsPathItem

from app.core.clock import DAY
from app.ui import format as fmt
from app.ui import theme
from app.ui.charts.axes import Axis, fade, pen
from app.ui.charts.course import COMPARISON, Course, Marker, floats, thinned, words_by_day
from app.ui.charts.scales import padded, time_ticks, value_ticks
from app.ui.charts.tags import Cross, Tags
from app.ui.words import tr

Label = Callable[[Decimal, Decimal, Decimal], str]
"""Returns the label of a value on an axis with that step and that highest value."""

_LABEL_ROOM = 62
_Group = tuple[bool, str]
"""Whether markers point up, and their colour role."""
_WEEK = 7
_MARKED = Decimal("0.06")
"""Share of the height that markers need above the line, and below it."""
_NEAR = 4
"""Days to each side over which a marker stays clear of the line."""


class Plot(pg.PlotWidget):  # type: ignore[misc]
    """One course with its fill, a second line, markers and a crosshair.

    Signals:
        crossed: The crosshair is at another index; -1 is nowhere.
        picked: A point was clicked, or Enter was pressed on it.
    """

    crossed = Signal(int)
    picked = Signal(int)

    def __init__(
        self, label: Label, *, ground: str = "surface", marker: int = 9, is_split: bool = False, fill: str = "below"
    ) -> None:
        """Take how values are written, the colour role it lies on, and the size of its markers.

        The ground is filled "below" the line, between it and "zero", or not at all (""). With `is_split` those that
        point up are below the line, so that the two sides never lie on each other.
        """
        pg.setConfigOptions(antialias=True)
        self._value_axis, self._time_axis = Axis("right"), Axis("bottom")
        super().__init__(axisItems={"right": self._value_axis, "bottom": self._time_axis})
        self._label, self._ground, self._marker, self._is_split = label, ground, marker, is_split
        self._fill = fill
        self._course, self._markers, self._index = Course((), ()), tuple[Marker, ...](), -1
        self._low, self._high = Decimal(0), Decimal(1)
        self._drawn_in = theme.look(), theme.density(), fmt.mask()
        self._lines: list[Any] = []
        self._moving: tuple[Any, Any, Any] | None = None
        self._spots: dict[_Group, tuple[Any, Sequence[tuple[float, float]]]] = {}
        self._words: dict[int, str] = {}
        self._value_labels: list[tuple[float, str]] = []
        self._time_labels: list[tuple[float, str]] = []
        item = self.getPlotItem()
        item.hideAxis("left")
        item.showAxis("right")
        item.hideButtons()
        item.setMenuEnabled(False)
        item.vb.setMouseEnabled(x=False, y=False)
        item.layout.setContentsMargins(14, 8, 4, 2)
        self._time_axis.setHeight(theme.px(24))
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.tags = Tags(self)

    def sizeHint(self) -> QSize:
        """Take what is left."""
        return QSize(200, 120)

    def minimumSizeHint(self) -> QSize:
        """Stay readable."""
        return QSize(120, 80)

    @property
    def course(self) -> Course:
        """Return what is drawn."""
        return self._course

    @property
    def index(self) -> int:
        """Return the index of the crosshair; -1 where there is none."""
        return self._index

    def show_course(self, course: Course, markers: Sequence[Marker] = ()) -> None:
        """Draw another course; the crosshair stays at its moment where that is still there."""
        is_moved = self._is_moved(course, tuple(markers))
        at = self._course.moments[self._index] if 0 <= self._index < len(self._course) else None
        self._course, self._markers, self._words = course, tuple(markers), words_by_day(markers)
        self._index = course.moments.index(at) if at in course.moments else -1
        if is_moved:
            self._move_lines()
            self._place_cross()
        else:
            self.redraw()

    def _is_moved(self, course: Course, markers: tuple[Marker, ...]) -> bool:
        """Tell whether a course is the one that is drawn but for its newest point, and that keeps the scale."""
        now = self._course
        if self._moving is None or self._drawn_in != (theme.look(), theme.density(), fmt.mask()):
            return False
        if (course.moments, markers) != (now.moments, self._markers) or len(course) < 2:  # noqa: PLR2004
            return False
        if course.values[:-1] != now.values[:-1] or course.beside[:-1] != now.beside[:-1]:
            return False
        is_line = None not in (*course.values[-2:], now.values[-1])
        return is_line and self._range(course) == (self._low, self._high)

    def redraw(self) -> None:
        """Draw anew in the look and masking of the moment."""
        self._drawn_in = theme.look(), theme.density(), fmt.mask()
        self.setBackground(theme.color(self._ground))
        for line in self._lines:
            self.removeItem(line)
        self._lines, self._spots, self._moving = [], {}, None
        self._value_axis.restyle()
        self._time_axis.restyle()
        hidden = fmt.mask() is fmt.Mask.EVERYTHING
        self.tags.caption = tr("The shape of the chart is hidden") if hidden and self._course.is_known else ""
        self._scale()
        if self._course.is_known and not hidden:
            self._draw_lines()
            self._draw_markers()
        self._place_cross()
        self.tags.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw anew first where look or density of the screen are others now."""
        if self._drawn_in[:2] != (theme.look(), theme.density()):
            self.redraw()
        super().paintEvent(event)

    def _add(self, item: Any, depth: int) -> None:
        item.setZValue(depth)
        self.addItem(item, ignoreBounds=True)
        self._lines.append(item)

    def _range(self, course: Course) -> tuple[Decimal, Decimal]:
        """Return the lowest and highest value that there is room for."""
        low, high = course.span()
        room = (high - low) * _MARKED if self._markers else Decimal(0)
        return padded(low - room if self._is_split else low, high + room)

    def _scale(self) -> None:
        """Set both ranges, the grid and the labels."""
        self._low, self._high = self._range(self._course)
        ticks, step = value_ticks(self._low, self._high)
        for value in ticks:
            self._add(pg.InfiniteLine(float(value), 0, pen=pen("grid")), -20)
        labels = [(float(value), self._label(value, step, self._high)) for value in ticks]
        metrics = QFontMetricsF(theme.font("caption"))
        widest = max((metrics.horizontalAdvance(label) for _, label in labels), default=0.0)
        tag = (
            QFontMetricsF(theme.font("overline")).horizontalAdvance(self._label(self._high, step / 100, self._high))
            + 14
        )
        self._value_axis.setWidth(max(theme.px(44), int(max(widest + 18, tag))))
        self._value_labels = labels
        item = self.getPlotItem()
        item.setYRange(float(self._low), float(self._high), padding=0)
        item.setXRange(0, self._days, padding=0)
        self._label_time()

    def _label_time(self) -> None:
        moments = self._course.moments
        if not moments:
            self._time_labels = []
            return
        most = max(1, int(self.width() - self._value_axis.width()) // theme.px(_LABEL_ROOM))
        ticks = time_ticks(moments[0], moments[-1], most)
        self._time_labels = [(self._course.x(at), label) for at, label in ticks]

    def _draw_lines(self) -> None:
        xs, ys = self._course.xs(), floats(self._course.values)
        fill = QGraphicsPathItem(self._ground_path(xs, ys))
        fill.setPen(QPen(Qt.PenStyle.NoPen))
        fill.setBrush(QBrush(fade(is_hanging=self._fill == "zero")))
        self._add(fill, -10)
        second = None
        if self._course.beside:
            dotted = pen(theme.series(COMPARISON), 1, Qt.PenStyle.DotLine)
            second = pg.PlotDataItem(xs, floats(self._course.beside), pen=dotted, connect="finite")
            self._add(second, 1)
        line = pg.PlotDataItem(xs, ys, pen=pen("accent", 1.5), connect="finite")
        self._add(line, 2)
        self._moving = fill, second, line
        alone = [run[0] for run in self._course.runs() if len(run) == 1]
        if alone:
            spots = pg.ScatterPlotItem([xs[i] for i in alone], [ys[i] for i in alone], size=4, pen=None)
            spots.setBrush(theme.color("accent"))
            self._add(spots, 2)

    def _ground_path(self, xs: Sequence[float], ys: Sequence[float]) -> QPainterPath:
        base, path = float(self._low) if self._fill == "below" else 0.0, QPainterPath()
        for run in () if not self._fill else self._course.runs():
            path.moveTo(xs[run[0]], base)
            for index in run:
                path.lineTo(xs[index], ys[index])
            path.lineTo(xs[run[-1]], base)
            path.closeSubpath()
        return path

    def _move_lines(self) -> None:
        """Draw what ends in the newest point, and the markers that stay clear of it."""
        if self._moving is None:
            return
        xs, ys = self._course.xs(), floats(self._course.values)
        fill, second, line = self._moving
        fill.setPath(self._ground_path(xs, ys))
        line.setData(xs, ys)
        if second is not None:
            second.setData(xs, floats(self._course.beside))
        for group, places in self._marker_places().items():
            spots, before = self._spots[group]
            if places != before:
                spots.setData(pos=places)
                self._spots[group] = spots, places

    def _draw_markers(self) -> None:
        for (is_up, role), places in self._marker_places().items():
            symbol = "t1" if is_up else "t"
            spots = pg.ScatterPlotItem(pos=places, symbol=symbol, size=theme.px(self._marker), pen=None)
            spots.setBrush(theme.color(role))
            self._add(spots, 5)
            self._spots[is_up, role] = spots, places

    def _marker_places(self) -> dict[_Group, list[tuple[float, float]]]:
        """Return where the markers of each group stand that can be told apart."""
        groups: dict[_Group, list[tuple[float, float]]] = {}
        for marker in self._markers:
            place = self._marker_place(marker)
            if place is not None:
                groups.setdefault((marker.is_up, marker.role), []).append(place)
        room = self._marker_room()
        return {group: thinned(places, room) for group, places in groups.items()}

    def _marker_room(self) -> float:
        """Return the days that a marker is wide: two of them would lie on each other."""
        width = float(self.width() - self._value_axis.width())
        return self._days * theme.px(self._marker) / max(1.0, width)

    @property
    def _days(self) -> float:
        end = self._course.x(self._course.moments[-1]) if self._course.moments else 1.0
        return max(end * 1.02, 1.0)

    def _marker_place(self, marker: Marker) -> tuple[float, float] | None:
        """Return where a marker stands, clear of the line; None where it is outside what is drawn."""
        first, last = self._course.moments[0] - DAY, self._course.moments[-1]
        index = self._course.nearest(self._course.x(marker.at))
        if index is None or not first <= marker.at <= last:
            return None
        near = [v for v in self._course.values[max(0, index - _NEAR) : index + _NEAR + 1] if v is not None]
        lift = float(self._high - self._low) * 0.045
        is_below = self._is_split and marker.is_up
        height = float(min(near)) - lift if is_below else float(max(near)) + lift
        return max(0.0, self._course.x(marker.at)), height

    def move_to(self, index: int) -> None:
        """Put the crosshair at an index; -1 takes it away."""
        if index == self._index:
            return
        self._index = index
        self._place_cross()
        self.crossed.emit(index)

    def _place_cross(self) -> None:
        value = self._course.values[self._index] if 0 <= self._index < len(self._course) else None
        if value is None or fmt.mask() is fmt.Mask.EVERYTHING:
            self.tags.show_cross(None)
            self._show_labels(None)
            return
        at = self._course.moments[self._index]
        box = self.getPlotItem().vb
        spot = box.mapViewToScene(QPointF(self._course.x(at), float(value)))
        _, step = value_ticks(self._low, self._high)
        label = self._label(value, step / 100, self._high)
        day = self._course.day(self._index)
        self._show_labels(spot)
        note = fmt.prose(self._words.get(day // DAY, ""))
        self.tags.show_cross(Cross(spot, QRectF(box.sceneBoundingRect()), label, fmt.day(day), note))

    def _show_labels(self, spot: QPointF | None) -> None:
        """Write the labels of both axes; one that a tag of the crosshair would cut gives way whole."""
        box = self.getPlotItem().vb
        tag = QFontMetricsF(theme.font("overline")).horizontalAdvance(fmt.day(0)) / 2 + theme.px(28)
        values, times = [], []
        for value, label in self._value_labels:
            place = box.mapViewToScene(QPointF(0, value)).y()
            values.append((value, "" if spot is not None and abs(place - spot.y()) < theme.px(18) else label))
        for x, label in self._time_labels:
            place = box.mapViewToScene(QPointF(x, 0)).x()
            times.append((x, "" if spot is not None and abs(place - spot.x()) < tag else label))
        for axis, labels in ((self._value_axis, values), (self._time_axis, times)):
            axis.show_labels(labels)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep tags and labels in place."""
        super().resizeEvent(event)
        if hasattr(self, "tags"):
            self.tags.resize(self.size())
            self._label_time()
            self._thin_anew()
            self._place_cross()

    def _thin_anew(self) -> None:
        """Draw the markers that can be told apart at another width."""
        had, self._spots = self._spots, {}
        for spots, _places in had.values():
            self._lines.remove(spots)
            self.removeItem(spots)
        if had:
            self._draw_markers()

    def _at(self, position: QPointF) -> int | None:
        return self._course.nearest(self.getPlotItem().vb.mapSceneToView(position).x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse from point to point."""
        super().mouseMoveEvent(event)
        index = self._at(event.position())
        self.move_to(-1 if index is None else index)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open what lies behind a point."""
        super().mouseReleaseEvent(event)
        index = self._at(event.position())
        if (
            event.button() == Qt.MouseButton.LeftButton
            and index is not None
            and self.rect().contains(event.position().toPoint())
        ):
            self.picked.emit(index)

    def leaveEvent(self, event: QEvent) -> None:
        """Take the crosshair away, unless the keyboard holds it."""
        super().leaveEvent(event)
        if not self.tags.is_focused:
            self.move_to(-1)

    def focusInEvent(self, event: Any) -> None:
        """Show the ring where the keyboard brought the focus."""
        super().focusInEvent(event)
        self.tags.show_ring(event)

    def focusOutEvent(self, event: Any) -> None:
        """Take ring and crosshair away."""
        super().focusOutEvent(event)
        self.tags.show_ring(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the crosshair: arrows, a week with Shift, the ends with Home and End; Enter opens the point."""
        if not self._course.is_known:
            event.ignore()
            return
        far = _WEEK if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        key, last = Qt.Key(event.key()), len(self._course) - 1
        here = self._index if self._index >= 0 else last + 1
        moves = {
            Qt.Key.Key_Left: -far,
            Qt.Key.Key_Right: far,
            Qt.Key.Key_Home: -len(self._course),
            Qt.Key.Key_End: last,
        }
        if key in moves:
            self.move_to(self._course.step(here, moves[key]) if self._index >= 0 else self._course.step(last, 0))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._index >= 0:
            self.picked.emit(self._index)
        elif key == Qt.Key.Key_Escape and self._index >= 0:
            self.move_to(-1)
        else:
            event.ignore()
