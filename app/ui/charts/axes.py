"""Pens, fills and axes of the charts. Importing this loads pyqtgraph."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QLinearGradient

from app.ui import theme


def pen(role: str, width: float = 1, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> Any:
    """Return a pen; pyqtgraph's are in device pixels, so that they need the density or get thin at 200 %."""
    return pg.mkPen(theme.color(role), width=width * theme.density(), style=style)


def fade(*, is_hanging: bool) -> QLinearGradient:
    """Return the fill: 18 % of the accent at the line, nothing at the base; pyqtgraph's y points up."""
    gradient = QLinearGradient(0, 0, 0, 1)
    gradient.setCoordinateMode(QLinearGradient.CoordinateMode.ObjectBoundingMode)
    gradient.setColorAt(0 if is_hanging else 1, theme.color("accent", 0.18))
    gradient.setColorAt(1 if is_hanging else 0, theme.color("accent", 0.0))
    return gradient


class Axis(pg.AxisItem):  # type: ignore[misc]
    """An axis of labels only: no spine, no tick marks."""

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self._labels: list[tuple[float, str]] | None = None
        self.setStyle(tickLength=0, tickTextOffset=8, autoExpandTextSpace=False, hideOverlappingLabels=False)
        self.restyle()

    def restyle(self) -> None:
        """Take colours and font of the look in use."""
        self.setPen(pg.mkPen(0, 0, 0, 0))
        self.setTextPen(pg.mkPen(theme.color("text_3")))
        self.setTickFont(theme.font("caption"))

    def show_labels(self, labels: list[tuple[float, str]]) -> None:
        """Show labels at their values; the same ones are not drawn again."""
        if labels != self._labels:
            self._labels = labels
            self.setTicks([labels])

    def generateDrawSpecs(self, painter: Any) -> Any:
        """Drop the ticks: one of length 0 would still paint a dot."""
        specs = super().generateDrawSpecs(painter)
        return specs and (specs[0], [], specs[2])
