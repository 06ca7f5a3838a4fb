"""A chart that shows by a ring that the keyboard is at it."""

from __future__ import annotations

from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget

from app.ui.charts.tags import Tags


class RingedChart(QWidget):
    """Its tags paint the ring; whoever derives from it makes them."""

    tags: Tags

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring where the keyboard brought the focus."""
        super().focusInEvent(event)
        self.tags.show_ring(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.tags.show_ring(event)
