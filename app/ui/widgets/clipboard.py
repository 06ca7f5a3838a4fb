"""Copying something that should not lie on the clipboard for long: it is taken off again if nobody else put more on."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QWidget

from app.ui import theme
from app.ui.style import tint
from app.ui.words import tr

KEPT = 20_000
"""Milliseconds after which the clipboard is cleared, where it still holds what was copied."""
SAID = 1_500


class CopyButton(QPushButton):
    """Copies a text and says so by its glyph.

    Signals:
        copied: The text is on the clipboard.
    """

    copied = Signal()

    def __init__(self, text: str, what: str, parent: QWidget | None = None) -> None:
        """Take the text and what it is."""
        super().__init__(parent)
        self._text = text
        self.setProperty("kind", "glyph")
        self.setFixedSize(theme.px(24), theme.px(24))
        self.setProperty("icon_side", 14)
        self.setAccessibleName(tr("Copy %s").replace("%s", what))
        self.setToolTip(tr("Copy %s; it is taken off the clipboard after 20 s").replace("%s", what))
        self._show("copy", "text_3")
        self._back = QTimer(self, singleShot=True, interval=SAID)
        self._back.timeout.connect(self._rest)
        self.clicked.connect(self.copy)

    def _show(self, icon: str, tone: str) -> None:
        self.setProperty("icon_name", icon)
        self.setProperty("icon_role", tone)
        tint(self)

    @Slot()
    def copy(self) -> None:
        """Copy the text."""
        copy_for_a_while(self._text)
        self._show("check", "ok")
        self._back.start()
        self.copied.emit()

    @Slot()
    def _rest(self) -> None:
        self._show("copy", "text_3")


def copy_for_a_while(text: str) -> QTimer:
    """Put a text on the clipboard and take it off later; returns the timer that does."""
    board = QGuiApplication.clipboard()
    board.setText(text)
    timer = QTimer(board, singleShot=True, interval=KEPT)

    def clear() -> None:
        if board.text() == text:
            board.clear()
        timer.deleteLater()

    timer.timeout.connect(clear)
    timer.start()
    return timer
