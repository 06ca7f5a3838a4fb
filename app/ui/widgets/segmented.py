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
        self._name, self._room = name, room
        for key, label in options:
            made = basics.button(label, "segment", name=f"{name}: {label}", role="overline")
            made.setCheckable(True)
            made.setChecked(key == current)
            self._fit(made, label)
            made.setProperty("key", key)
            self._group.addButton(made)
            self._buttons[key] = made
        basics.fill(QHBoxLayout(self), list(self._buttons.values()), 0, (1, 1, 1, 1))
        self.setFixedHeight(theme.px(26))
        self._group.buttonClicked.connect(self._clicked)

    def _fit(self, button: QPushButton, label: str) -> None:
        button.setFixedWidth(button.fontMetrics().horizontalAdvance(label) + theme.px(self._room))

    def offer(self, key: str, label: str, *, is_offered: bool = True) -> None:
        """Give a choice another word, or take it away while it makes no sense."""
        made = self._buttons[key]
        made.setVisible(is_offered)
        if made.text() != label:
            made.setText(label)
            made.setAccessibleName(f"{self._name}: {label}")
            self._fit(made, label)

    def is_offered(self, key: str) -> bool:
        """Tell whether a choice can be made."""
        return not self._buttons[key].isHidden()

    def label(self, key: str) -> str:
        """Return the word of a choice."""
        return self._buttons[key].text()

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
        keys = [key for key, button in self._buttons.items() if not button.isHidden()]
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if by is None or self.current not in keys:
            super().keyPressEvent(event)
            return
        index = max(0, min(len(keys) - 1, keys.index(self.current) + by))
        self._buttons[keys[index]].setFocus(Qt.FocusReason.TabFocusReason)
        self._buttons[keys[index]].click()
