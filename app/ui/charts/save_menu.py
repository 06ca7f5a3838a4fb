"""The menu of a chart: what may be saved of it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import QMenu, QWidget

from app.ui import theme
from app.ui.words import tr


class SaveMenu(QMenu):
    """Asks for a picture ("png") or for the values ("csv"), once."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        """Offer both."""
        super().__init__(parent)
        self.setFont(theme.font("body"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.addAction(tr("Save picture (PNG)…")).triggered.connect(self._choose_png)
        self.addAction(tr("Save values (CSV)…")).triggered.connect(self._choose_csv)

    def open_below(self, button: QWidget) -> None:
        """Show the menu under the button that asks for it."""
        self.popup(button.mapToGlobal(QPoint(0, button.height() + 4)))

    @Slot()
    def _choose_png(self) -> None:
        self.chosen.emit("png")

    @Slot()
    def _choose_csv(self) -> None:
        self.chosen.emit("csv")
