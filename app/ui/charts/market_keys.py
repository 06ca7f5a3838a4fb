"""The keys of the chart of a market.

Crosshair: arrows, ten with Shift, Home and End. Stretch: Ctrl with arrows, + and −, 0 for all.
Alert lines: A puts one at the crosshair, L takes hold of the next, up and down move it, Enter keeps it there,
Delete takes it away, Escape leaves it as it was. With the mouse one is drawn from the prices at the edge.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from app.core.model.market import Candle
from app.ui.charts.market_lines import AlertLines
from app.ui.charts.tags import Tags
from app.ui.charts.viewport import Viewport

_FAR = 10
_IN, _OUT = 0.8, 1.25
_PART = 0.2


class Keyed(Protocol):
    """The chart, as far as its keys know it."""

    view: Viewport
    index: int
    candles: Sequence[Candle]
    wires: AlertLines
    tags: Tags
    can_alert: bool
    line_asked: Any
    line_removed: Any

    @property
    def end(self) -> float:
        """Return where the series ends."""

    @property
    def bar_span(self) -> int:
        """Return how many candles one bar stands for."""

    @property
    def line_step(self) -> Decimal:
        """Return by how much a key moves an alert line."""

    def look_at(self, view: Viewport) -> None:
        """Show another stretch."""

    def move_to(self, index: int) -> None:
        """Put the crosshair at a candle."""

    def price_at(self, y: float) -> Decimal:
        """Return the price of a pixel."""

    def tell_line(self) -> None:
        """Let go of the held line."""

    def redraw(self) -> None:
        """Draw anew."""


def press(plot: Keyed, event: QKeyEvent) -> bool:
    """Answer a key; False where it means nothing here."""
    key = Qt.Key(event.key())
    has_ctrl = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    far = _FAR if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
    return _held(plot, key) or (not has_ctrl and _alerts(plot, key)) or _moved(plot, key, far, has_ctrl=has_ctrl)


def _moved(plot: Keyed, key: Qt.Key, far: int, *, has_ctrl: bool) -> bool:
    view, end, last = plot.view, plot.end, len(plot.candles) - 1
    middle = (view.first + view.last) / 2
    steps = {Qt.Key.Key_Left: -far, Qt.Key.Key_Right: far}
    jumps = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}
    if key in steps and has_ctrl:
        plot.look_at(view.moved((1 if steps[key] > 0 else -1) * view.span * _PART, end))
    elif key in steps:
        # A step is as wide as what is painted: over years one candle would be less than a pixel.
        here = plot.index if plot.index >= 0 else last + (1 if steps[key] < 0 else 0)
        plot.move_to(max(0, min(last, here + steps[key] * plot.bar_span)))
    elif key in jumps:
        plot.move_to(jumps[key])
    elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus}:
        plot.look_at(view.zoomed(_OUT if key == Qt.Key.Key_Minus else _IN, middle, end))
    elif key == Qt.Key.Key_0:
        plot.look_at(Viewport.whole(end))
    elif key == Qt.Key.Key_Escape and plot.index >= 0:
        plot.move_to(-1)
    else:
        return False
    return True


def _alerts(plot: Keyed, key: Qt.Key) -> bool:
    if key == Qt.Key.Key_L and plot.wires.lines:
        plot.wires.hold_next()
        plot.redraw()
        return True
    if key == Qt.Key.Key_A and plot.can_alert:
        cross = plot.tags.cross
        price = plot.candles[-1].close if cross is None else plot.price_at(cross.spot.y())
        plot.line_asked.emit(price)
        return True
    return False


def _held(plot: Keyed, key: Qt.Key) -> bool:
    """Move the line that is held; other keys do what they always do."""
    if not plot.wires.is_held:
        return False
    if key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
        plot.wires.move(plot.wires.price + (plot.line_step if key == Qt.Key.Key_Up else -plot.line_step))
    elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
        plot.tell_line()
    elif key in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}:
        plot.line_removed.emit(plot.wires.let_go()[0])
    elif key == Qt.Key.Key_Escape:
        plot.wires.let_go()
    else:
        return False
    plot.redraw()
    return True
