"""A chart whose crosshair stands on one of its points, by pointer and by keyboard."""

from __future__ import annotations

from abc import abstractmethod

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QResizeEvent

from app.ui.charts.ringed import RingedChart
from app.ui.charts.tags import Tags
from app.ui.widgets.abstract import AbstractWidget


class CrossedChart(RingedChart, metaclass=AbstractWidget):
    """Such a chart; where its points are, and what is written beside one, is its own.

    Signals:
        crossed: The crosshair is at another point; -1 is nowhere.
    """

    crossed = Signal(int)

    def __init__(self) -> None:
        """Start with the crosshair nowhere."""
        super().__init__()
        self.index = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.tags = Tags(self)

    @abstractmethod
    def _place_cross(self) -> None:
        """Give the tags what is written at the point of the crosshair, or None."""

    def move_to(self, index: int) -> None:
        """Put the crosshair at a point; -1 takes it away."""
        if index != self.index:
            self.index = index
            self._place_cross()
            self.update()
            self.crossed.emit(index)

    def leaveEvent(self, event: QEvent) -> None:
        """Take the crosshair away, unless the keyboard holds it."""
        super().leaveEvent(event)
        if not self.tags.is_focused:
            self.move_to(-1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the tags over the chart."""
        super().resizeEvent(event)
        self.tags.resize(self.size())
        self._place_cross()
