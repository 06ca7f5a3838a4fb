"""The chart of a market: candles or a line, volumes, own fills, alert lines, a crosshair; by mouse and by keys.

What does not move with the pointer is painted into a picture once and shown from there. Importing this loads numpy.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)

from app.core.clock import DAY
from app.core.model.market import Candle
from app.ui import format as fmt
from app.ui import theme
from app.ui.charts import market_axes as axes
from app.ui.charts import market_keys
from app.ui.charts import market_lines as wires
from app.ui.charts import market_paint as paint
from app.ui.charts.market_fills import Fills
from app.ui.charts.market_lines import AlertLine, AlertLines
from app.ui.charts.market_paint import Sheet
from app.ui.charts.ringed import RingedChart
from app.ui.charts.series import Series
from app.ui.charts.tags import Cross, Tags
from app.ui.charts.viewport import Viewport
from app.ui.words import tr

CANDLES, LINE = "candles", "line"
_FIRST_WIDTH = 6
"""Pixels of a candle at first: wide enough for its body to be seen."""
_FEWEST_SEEN = 40
_AIR, _LEAST_AIR = 0.06, 0.0005
"""Shares of the range, and of the price, that stay free above and below."""
_NOTCH = 120
_ZOOM = 0.8
_TOP, _LEFT = 10, 8
_STILL = 4
"""Pixels within which a press is a click and no drag."""


class MarketPlot(RingedChart):
    """One market.

    Signals:
        crossed: The crosshair is at another candle; -1 is nowhere.
        looked: Another stretch is seen.
        picked: A fill was clicked: its entry's id.
        line_asked: An alert line is wanted at a price.
        line_moved: An alert line was dragged: its key and its price.
        line_removed: An alert line was taken away: its key.
    """

    crossed = Signal(int)
    looked = Signal()
    picked = Signal(str)
    line_asked = Signal(object)
    line_moved = Signal(str, object)
    line_removed = Signal(str)

    def __init__(self) -> None:
        """Start without a market."""
        super().__init__()
        self.series: Series | None = None
        self.candles: Sequence[Candle] = ()
        self._grows = False
        self.mode = CANDLES
        self.view = Viewport.whole(1.0)
        self.index = -1
        self.fills, self.wires = Fills(), AlertLines()
        self.can_alert = False
        self.last: Decimal | None = None
        self._is_last_old = False
        self._layer: QPixmap | None = None
        self._drawn_in: tuple[object, ...] = ()
        self._sheet = Sheet(QRectF(0, 0, 1, 1), self.view, 0.0, 1.0)
        self._label_step = Decimal(1)
        self._labels: list[axes.Label] = []
        self._tagged: list[QRectF] = []
        self._pointer: QPointF | None = None
        self._dragged: QPointF | None = None
        self._is_dragged_far = False
        self._is_untouched = True
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(QSize(160, 100))
        self.tags = Tags(self)

    # what is shown -------------------------------------------------------------------------------------------------
    def show_series(self, series: Series, candles: Sequence[Candle], *, grows: bool = False) -> None:
        """Draw candles, of which the last one may still grow.

        The same market keeps its stretch, and follows where the newest candle was in sight.
        """
        before = self.series
        is_same = before is not None and (before.start, before.interval) == (series.start, series.interval)
        follows = before is not None and self.view.last >= before.end
        at = self.candles[self.index].at if is_same and 0 <= self.index < len(self.candles) else None
        self.series, self.candles, self._grows = series, candles, grows
        self.index = series.nearest(series.place(at) + 0.5) if at is not None else -1
        if not is_same:
            self._is_untouched = True
            self.view = self._first_view()
        elif before is not None and follows:
            self.view = self.view.moved(series.end - before.end, series.end)
        self.redraw()
        self.crossed.emit(self.index)

    def _first_view(self) -> Viewport:
        """Return the newest candles, as many as can be told apart."""
        return Viewport.newest(self.end, max(_FEWEST_SEEN, self._measured_area().width() / _FIRST_WIDTH))

    def show_alerts(self, lines: Sequence[AlertLine]) -> None:
        """Show alert lines."""
        self.wires.take(lines)
        self.redraw()

    def show_last(self, price: Decimal | None, *, is_old: bool = False) -> None:
        """Show the mark of the moment as a dotted line, grey where it is old."""
        if (price, is_old) != (self.last, self._is_last_old):
            self.last, self._is_last_old = price, is_old
            self.redraw()

    def time_words(self, candle: Candle) -> str:
        """Return when a candle begins, as fine as the candles are long."""
        return moment_words(candle.at, DAY if self.series is None else self.series.interval)

    def show_mode(self, mode: str) -> None:
        """Draw candles or a line."""
        self.mode = mode
        self.redraw()

    @property
    def is_line(self) -> bool:
        """Tell whether a line is drawn: wanted so, or because nothing but closes is known."""
        return self.mode == LINE or (self.series is not None and self.series.is_line)

    @property
    def end(self) -> float:
        """Return where the series ends."""
        return 1.0 if self.series is None else self.series.end

    @property
    def bar_span(self) -> int:
        """Return how many candles one bar on the screen stands for."""
        if self.series is None:
            return 1
        return paint.bars_of(self.series, self.view, self._sheet.area.width(), is_line=self.is_line).span

    def look_at(self, view: Viewport) -> None:
        """Show another stretch."""
        if view != self.view:
            self.view, self._is_untouched = view, False
            self.redraw()
            self.looked.emit()

    def redraw(self) -> None:
        """Draw anew in the look, masking and stretch of the moment."""
        self._layer = None
        self.update()

    # painting ------------------------------------------------------------------------------------------------------
    def sheet(self) -> Sheet:
        """Return where everything lies now."""
        if self._layer is None or self._drawn_in != self._look():
            self._draw()
        return self._sheet

    def _look(self) -> tuple[object, ...]:
        return theme.look(), theme.density(), fmt.mask(), self.size()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Show the picture, and what moves above it."""
        self.sheet()
        painter = QPainter(self)
        if self._layer is not None:
            painter.drawPixmap(0, 0, self._layer)
        axes.write(painter, self._labels, (*self.tags.boxes(), *self._tagged))

    def _draw(self) -> None:
        self._drawn_in = self._look()
        density = theme.density()
        layer = QPixmap(self.size() * density)
        layer.setDevicePixelRatio(density)
        layer.fill(theme.color("surface"))
        painter = QPainter(layer)
        self._draw_all(painter)
        painter.end()
        self._layer = layer
        self._place_cross()

    def _draw_all(self, painter: QPainter) -> None:
        series, hidden = self.series, fmt.mask() is fmt.Mask.EVERYTHING
        self.tags.caption = tr("The shape of the chart is hidden") if hidden and series is not None else ""
        self._measure()
        self._labels, self._tagged = [], []
        sheet = self._sheet
        if series is None or not len(series) or hidden:
            return
        bars = paint.bars_of(series, self.view, sheet.area.width(), is_line=self.is_line)
        prices, self._label_step = axes.paint_grid(painter, sheet, self.width())
        self._labels = [*prices, *axes.time_labels(sheet, series)]
        painter.setClipRect(sheet.area)
        if series.has_volume:
            paint.paint_volumes(painter, sheet, bars)
        grows = self._grows and bars.span == 1 and len(bars) > 0 and bars.x[-1] + 1 == series.end
        paint.paint_prices(painter, sheet, bars, is_line=self.is_line, grows=bool(grows))
        self.fills.paint(painter, sheet, series)
        painter.setClipping(False)
        wires.paint_lines(painter, sheet, self.wires, self.width())
        # Above the prices of alerts: where they come close, what it costs now is what is read.
        if self.last is not None:
            wires.paint_last(painter, sheet, self.last, "text_3" if self._is_last_old else "accent", self.width())
        tagged = [self.wires.price_of(line) for line in self.wires.seen]
        tagged += [] if self.last is None else [self.last]
        heights = (sheet.y(float(price)) for price in tagged)
        self._tagged = [QRectF(sheet.area.right(), y - 9, self.width(), 18) for y in heights]

    def _measure(self) -> None:
        """Take the room of the labels off, and find the range of what is in sight."""
        low, high, area = 0.0, 1.0, self._measured_area()
        if self.series is not None and len(self.series):
            bars = paint.bars_of(self.series, self.view, area.width(), is_line=self.is_line)
            if len(bars):
                low, high = paint.span_of(bars, is_line=self.is_line)
        # Minutes move by less than a thousandth: a market is looked at as near as it moves.
        air = max((high - low) * _AIR, high * _LEAST_AIR)
        bottom, top = low - air, high + air
        if self.series is not None and self.series.has_volume:
            bottom -= (top - bottom) * paint.VOLUME * 0.8
        self._sheet = Sheet(area, self.view, bottom, top)

    def _measured_area(self) -> QRectF:
        wide, tall = self.width() - _LEFT - self._label_width(), self.height() - _TOP - theme.px(axes.FOOT)
        return QRectF(_LEFT, _TOP, max(20, wide), max(20, tall))

    def _label_width(self) -> int:
        newest = self.candles[-1].close if self.candles else Decimal(0)
        widest = QFontMetricsF(theme.font("overline")).horizontalAdvance(fmt.price(newest)) + 22
        return max(theme.px(52), int(widest))

    # the crosshair -------------------------------------------------------------------------------------------------
    def move_to(self, index: int) -> None:
        """Put the crosshair at a candle and bring it into sight; -1 takes it away."""
        if self.series is not None and index >= 0:
            self.look_at(self.view.showing(float(self.series.levels[0].x[index]) + 0.5, self.end))
        self._pointer = None
        self._cross_at(index)

    def _cross_at(self, index: int) -> None:
        is_other = index != self.index
        self.index = index
        self._place_cross()
        if is_other:
            self.crossed.emit(index)

    def _place_cross(self) -> None:
        series, sheet = self.series, self._sheet
        is_there = 0 <= self.index < len(self.candles)
        if series is None or not is_there or fmt.mask() is fmt.Mask.EVERYTHING:
            self.tags.show_cross(None)
            return
        candle = self.candles[self.index]
        x = sheet.x(series.place(candle.at) + 0.5)
        price, y = candle.close, sheet.y(float(candle.close))
        if self._pointer is not None:
            y = min(max(self._pointer.y(), sheet.area.top()), sheet.area.bottom())
            price = self.price_at(y)
        when = moment_words(candle.at, series.interval)
        note = fmt.prose(self.fills.words(candle.at, candle.at + series.interval))
        value = f"+ {fmt.price(price)}" if self._can_draw(self._pointer) else fmt.price(price)
        self.tags.show_cross(Cross(QPointF(x, y), sheet.area, value, when, note, self._pointer is None))

    def _can_draw(self, at: QPointF | None) -> bool:
        """Tell whether an alert line can be drawn from here: from the prices at the edge."""
        return self.can_alert and at is not None and at.x() > self._sheet.area.right()

    def price_at(self, y: float) -> Decimal:
        """Return the price of a pixel, as fine as a hundredth of the distance between two labels."""
        sheet = self.sheet()
        y = min(max(y, sheet.area.top()), sheet.area.bottom())
        fine = (self._label_step / 100).normalize()
        return (Decimal(repr(sheet.price(y))) / fine).to_integral_value() * fine

    @property
    def line_step(self) -> Decimal:
        """Return by how much a key moves an alert line."""
        return self._label_step / 20

    def tell_line(self) -> None:
        """Let go of the held line and tell where it is, if that is another place."""
        before = {line.key: line.price for line in self.wires.lines}
        key, price = self.wires.let_go()
        if key == wires.NEW:
            self.line_asked.emit(price)
        elif before.get(key) != price:
            self.line_moved.emit(key, price)
        self.redraw()

    # the mouse -----------------------------------------------------------------------------------------------------
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of an alert line, else of the chart; nothing can be held that is hidden."""
        is_left = event.button() == Qt.MouseButton.LeftButton
        if is_left and self.series is not None and fmt.mask() is not fmt.Mask.EVERYTHING:
            self._dragged, self._is_dragged_far = event.position(), False
            self.wires.hold_at(self.sheet(), event.position().y())
            self.redraw()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer a key, or let it go on to the window."""
        is_hidden, was_held = fmt.mask() is fmt.Mask.EVERYTHING, self.wires.is_held
        if self.series is None or not len(self.series) or is_hidden or not market_keys.press(self, event):
            event.ignore()
        if was_held and not self.wires.is_held:
            self._dragged = None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag what is held, else follow with the crosshair."""
        at, sheet = event.position(), self.sheet()
        if self.series is None:
            return
        if self._dragged is None:
            is_wire = self._can_draw(at) or self.wires.near(sheet, at.y()) is not None
            self.setCursor(Qt.CursorShape.SizeVerCursor if is_wire else Qt.CursorShape.CrossCursor)
        elif self._can_draw(self._dragged) and not self.wires.is_held and not self._is_dragged_far:
            if (at - self._dragged).manhattanLength() > _STILL:
                self.wires.begin(self.price_at(at.y()))
                self.redraw()
        elif self.wires.is_held:
            self._is_dragged_far = True
            self.wires.move(self.price_at(at.y()))
            self.redraw()
        elif self._is_dragged_far or (at - self._dragged).manhattanLength() > _STILL:
            self._is_dragged_far = True
            self.look_at(self.view.moved((self._dragged.x() - at.x()) / sheet.step, self.end))
            self._dragged = at
        self._pointer = at
        self._cross_at(self.series.nearest(self.sheet().place(at.x())))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go: a moved line is told, a fill under the pointer is opened."""
        was_far, self._dragged = self._is_dragged_far, None
        if self.wires.is_held:
            self.tell_line()
        elif not was_far and self.series is not None:
            entry = self.fills.entry_at(event.position(), self.sheet(), self.series)
            if entry:
                self.picked.emit(entry)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Show everything."""
        self.look_at(Viewport.whole(self.end))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the pointer; sideways, or with Shift, move."""
        turned = event.angleDelta()
        sideways = turned.x() or (turned.y() if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0)
        sheet = self.sheet()
        if sideways:
            self.look_at(self.view.moved(-sideways / _NOTCH * self.view.span * 0.1, self.end))
        elif turned.y():
            around = sheet.place(event.position().x())
            self.look_at(self.view.zoomed(_ZOOM ** (turned.y() / _NOTCH), around, self.end))
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """Take the crosshair away, unless the keyboard holds it."""
        super().leaveEvent(event)
        self._pointer = None
        if not self.tags.is_focused:
            self._cross_at(-1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the tags over the chart."""
        super().resizeEvent(event)
        self.tags.resize(self.size())
        if self._is_untouched and self.series is not None:
            self.view = self._first_view()
        self._layer = None


def moment_words(at: int, interval: int) -> str:
    """Return when a candle begins: a day, or a day and a time where it is shorter."""
    return fmt.date(at) if interval % DAY == 0 else f"{fmt.date(at)} {fmt.time(at)[:5]}"
