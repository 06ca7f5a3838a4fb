"""Two parts side by side whose border can be dragged; it shows itself under the pointer."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSplitter, QSplitterHandle, QWidget

from app.ui import theme

_ROOM = 12


class _Border(QSplitterHandle):
    """The gap between the parts."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a grip where it is about to be dragged."""
        if self.underMouse():
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("border_strong"))
            painter.drawRoundedRect(QRectF(self.width() / 2 - 1.5, self.height() / 2 - 16, 3, 32), 1.5, 1.5)


class Parted(QSplitter):
    """Parts side by side; `share` of the width is that of the first until somebody drags."""

    def __init__(self, first: QWidget, second: QWidget, share: float) -> None:
        """Take both parts."""
        super().__init__(Qt.Orientation.Horizontal)
        self.setHandleWidth(_ROOM)
        for place, part in enumerate((first, second)):
            self.addWidget(part)
            self.setStretchFactor(place, round((share, 1 - share)[place] * 100))
        self.setChildrenCollapsible(False)
        whole = 10_000
        self.setSizes([int(whole * share), int(whole * (1 - share))])

    def createHandle(self) -> QSplitterHandle:
        """Return the gap."""
        return _Border(self.orientation(), self)
