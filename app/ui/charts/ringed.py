"""A chart that shows by a ring that the keyboard is at it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from app.ui.charts.tags import Tags

_BY_POINTER = (Qt.FocusReason.MouseFocusReason, Qt.FocusReason.PopupFocusReason)


class RingedChart(QWidget):
    """Its tags paint the ring; whoever derives from it makes them."""

    tags: Tags

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring where the keyboard brought the focus."""
        super().focusInEvent(event)
        self.tags.is_focused = event.reason() not in _BY_POINTER
        self.tags.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.tags.is_focused = False
        self.tags.update()
