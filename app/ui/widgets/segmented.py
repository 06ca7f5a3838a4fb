"""An exclusive choice of a few words: time frames, groupings."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton

from app.ui import theme
from app.ui.widgets import basics


class Segmented(QFrame):
    """Words side by side, one of them chosen; the arrow keys move the choice.

    Signals:
        chosen: A person chose another key.
    """

    chosen = Signal(str)

    def __init__(self, options: Sequence[tuple[str, str]], current: str, name: str, *, room: int = 18) -> None:
        """Take (key, label) pairs, the chosen key, its name for screen readers, and the room beside each word."""
        super().__init__()
        self.setObjectName("segments")
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, QPushButton] = {}
        for key, label in options:
            made = basics.button(label, "segment", name=f"{name}: {label}", role="overline")
            made.setCheckable(True)
            made.setChecked(key == current)
            made.setFixedWidth(made.fontMetrics().horizontalAdvance(label) + theme.px(room))
            made.setProperty("key", key)
            self._group.addButton(made)
            self._buttons[key] = made
        basics.fill(QHBoxLayout(self), list(self._buttons.values()), 0, (1, 1, 1, 1))
        self.setFixedHeight(theme.px(26))
        self._group.buttonClicked.connect(self._clicked)

    def _clicked(self, button: QPushButton) -> None:
        self.chosen.emit(str(button.property("key")))

    @property
    def current(self) -> str:
        """Return the chosen key; "" where none is."""
        checked = self._group.checkedButton()
        return str(checked.property("key")) if checked else ""

    def choose(self, key: str) -> None:
        """Show another choice, without telling; a key that is not there shows none."""
        self._group.setExclusive(False)
        for other, button in self._buttons.items():
            button.setChecked(other == key)
        self._group.setExclusive(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the choice with the arrow keys."""
        keys = list(self._buttons)
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if by is None or self.current not in keys:
            super().keyPressEvent(event)
            return
        index = max(0, min(len(keys) - 1, keys.index(self.current) + by))
        self._buttons[keys[index]].setFocus(Qt.FocusReason.TabFocusReason)
        self._buttons[keys[index]].click()
