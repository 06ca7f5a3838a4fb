"""The line under the scope bar: title, tabs, note, and the actions of the screen."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QPushButton, QWidget

from app.ui import theme
from app.ui.widgets import basics as w


class Tab(QAbstractButton):
    """A tab: its word, and a line of two pixels under the current one."""

    def __init__(self, label: str, height: int) -> None:
        """Take the word and the height."""
        super().__init__()
        self.setText(label)
        self.setCheckable(True)
        self.setAccessibleName(label)
        self.setFixedSize(int(QFontMetricsF(theme.font("medium")).horizontalAdvance(label)) + 22, theme.px(height))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the arrow keys to the row of tabs: a button by itself would only move the focus."""
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            event.ignore()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Return the size of the word with its margins."""
        return self.size()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the word, the line and the focus ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("medium"))
        is_bright = self.isChecked() or self.underMouse()
        painter.setPen(theme.color("text" if is_bright else "text_2"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        if self.isChecked():
            painter.fillRect(QRectF(11, self.height() - 2, self.width() - 22, 2), theme.color("accent"))
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 6, -2, -6), 4, 4)


class Tabs(QWidget):
    """Tabs side by side.

    Signals:
        chosen: The index of the tab that was clicked.
    """

    chosen = Signal(int)

    def __init__(self, labels: Sequence[str], current: int = 0, height: int = 52) -> None:
        """Take the words and which one is current."""
        super().__init__()
        self.buttons = [Tab(label, height) for label in labels]
        for index, button in enumerate(self.buttons):
            button.clicked.connect(partial(self._chosen, index))
        w.fill(QHBoxLayout(self), list(self.buttons), 0)
        self.show_tab(current)

    def show_tab(self, index: int) -> None:
        """Mark the current tab, which alone is a stop of Tab; the arrow keys go to the others."""
        for position, button in enumerate(self.buttons):
            button.setChecked(position == index)
            is_stop = position == index
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_stop else Qt.FocusPolicy.ClickFocus)

    def focused(self) -> int:
        """Return the tab that has the focus; -1 for none."""
        return next((index for index, button in enumerate(self.buttons) if button.hasFocus()), -1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the tab beside with the arrow keys."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        at = self.focused()
        if step is None or at < 0:
            super().keyPressEvent(event)
            return
        target = max(0, min(len(self.buttons) - 1, at + step))
        self.buttons[target].setFocus(Qt.FocusReason.TabFocusReason)
        if target != at:
            self.buttons[target].click()

    def _chosen(self, index: int, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        self.show_tab(index)
        self.chosen.emit(index)


class PageHeader(QWidget):
    """Title, tabs, note and actions of the screen that is shown.

    Signals:
        tab_chosen: The index of the tab that was clicked.
    """

    tab_chosen = Signal(int)

    def __init__(self) -> None:
        """Make an empty header."""
        super().__init__()
        self.setFixedHeight(theme.size("page_header"))
        self._box = QHBoxLayout(self)
        w.fill(self._box, [], 10, (16, 0, 16, 0))
        self._actions: Sequence[QWidget] = ()
        self._shown: tuple[object, ...] = ()
        self._tabs: Tabs | None = None
        self._is_narrow = False

    def show_screen(self, title: str, note: str, tabs: Sequence[str], tab: int, actions: Sequence[QWidget]) -> None:
        """Show what belongs to a screen; its actions stay its own. What is the same as before is left as it is."""
        shown = title, note, tuple(tabs), tab, tuple(actions)
        if shown == self._shown:
            return
        self._shown = shown
        for action in self._actions:
            self._box.removeWidget(action)
            if action not in actions:
                action.hide()
        for action in actions:
            action.setParent(self)
        had_focus = self._tabs is not None and self._tabs.focused() >= 0
        self._tabs = None
        self._empty()
        self._actions = actions
        items: list[w.Item] = [w.text(title, "title")]
        if tabs:
            made = Tabs(tabs, tab)
            made.chosen.connect(self._tab_clicked)
            self._tabs = made
            items += [6, made]
        if note:
            items.append(w.text(note, "body", "text_3"))
        w.fill(self._box, [*items, None, *actions], 10, (16, 0, 16, 0))
        for action in actions:
            action.show()
        if had_focus and self._tabs is not None:
            self._tabs.buttons[tab].setFocus(Qt.FocusReason.TabFocusReason)
        self.fold(is_narrow=self._is_narrow)

    @Slot(int)
    def _tab_clicked(self, index: int) -> None:
        self._shown = ()  # the tab has marked itself, whatever the screen makes of it
        self.tab_chosen.emit(index)

    def _empty(self) -> None:
        while self._box.count():
            item = self._box.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None and widget not in self._actions:
                widget.hide()
                widget.deleteLater()

    def fold(self, *, is_narrow: bool) -> None:
        """Let buttons with an icon lose their words where space is short; the primary one keeps them."""
        self._is_narrow = is_narrow
        for action in self._actions:
            if not isinstance(action, QPushButton) or not action.property("icon_name"):
                continue
            if action.property("kind") in ("primary", "glyph"):
                continue
            words = action.property("words") or action.text()
            if not words:
                continue
            action.setProperty("words", words)
            action.setText("" if is_narrow else words)
            if not action.toolTip():
                action.setToolTip(words.strip())

    def release(self) -> None:
        """Let go of the screen's actions, before the screen goes."""
        for action in self._actions:
            self._box.removeWidget(action)
            action.hide()
        self._actions, self._shown = (), ()
