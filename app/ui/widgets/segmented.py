"""An exclusive choice of a few words: time frames, groupings."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QMenu, QPushButton

from app.ui import theme
from app.ui.widgets import basics

_MORE = "\u25be"
"""Stands beside the word of a choice that opens a menu."""


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
        self._words = dict(options)
        self._offered = set(self._words)
        self._is_folded = False
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
        button.setText(label)
        button.setFixedWidth(button.fontMetrics().horizontalAdvance(label) + theme.px(self._room))

    def offer(self, key: str, label: str, *, is_offered: bool = True) -> None:
        """Give a choice another word, or take it away while it makes no sense."""
        (self._offered.add if is_offered else self._offered.discard)(key)
        if self._words[key] != label:
            self._words[key] = label
            self._buttons[key].setAccessibleName(f"{self._name}: {label}")
        self._show_words()

    def fold(self, *, is_folded: bool) -> None:
        """Show the choice that is made, with all of them in a menu, where there is no room for each."""
        if is_folded != self._is_folded:
            self._is_folded = is_folded
            self._show_words()

    def whole_width(self) -> int:
        """Return the width that all that is offered takes, folded or not."""
        wide = next(iter(self._buttons.values())).fontMetrics()
        offered = (self._words[key] for key in self._buttons if key in self._offered)
        return sum(wide.horizontalAdvance(word) + theme.px(self._room) for word in offered) + 2

    def _show_words(self) -> None:
        current = self.current
        is_folded = self._is_folded and current in self._offered
        for key, made in self._buttons.items():
            label = f"{self._words[key]} {_MORE}" if is_folded else self._words[key]
            if made.text() != label:
                self._fit(made, label)
            made.setVisible(key in self._offered and (not is_folded or key == current))

    def is_offered(self, key: str) -> bool:
        """Tell whether a choice can be made."""
        return key in self._offered

    def label(self, key: str) -> str:
        """Return the word of a choice."""
        return self._words[key]

    def _clicked(self, button: QPushButton) -> None:
        key = str(button.property("key"))
        if self._is_folded:
            self._open_menu(key)
        else:
            self.chosen.emit(key)

    def _open_menu(self, current: str) -> None:
        menu = QMenu(self)
        menu.setFont(theme.font("body"))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for key in (key for key in self._buttons if key in self._offered):
            action = menu.addAction(self._words[key])
            action.setCheckable(True)
            action.setChecked(key == current)
            action.triggered.connect(partial(self._picked, key))
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + 4)))

    def _picked(self, key: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - the signal's own argument
        self.choose(key)
        self.chosen.emit(key)

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
        if self._is_folded:
            self._show_words()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the choice with the arrow keys."""
        keys = [key for key in self._buttons if key in self._offered]
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if by is None or self.current not in keys:
            super().keyPressEvent(event)
            return
        index = max(0, min(len(keys) - 1, keys.index(self.current) + by))
        if self._is_folded:
            self._picked(keys[index])
        self._buttons[keys[index]].setFocus(Qt.FocusReason.TabFocusReason)
        if not self._is_folded:
            self._buttons[keys[index]].click()
