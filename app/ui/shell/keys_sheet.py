"""The sheet of all keys, where each can be given to another action."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QKeySequenceEdit, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.actions import Action, Commands, written
from app.ui.widgets import basics as w
from app.ui.widgets.marks import KeyCap
from app.ui.words import tr


class KeyLine(QWidget):
    """One action: its title, its keys, and a field to change them."""

    def __init__(self, action: Action, commands: Commands, tell: Callable[[str, str], None]) -> None:
        """Take the action, who knows the keys, and where to tell what happened."""
        super().__init__()
        self._action, self._commands, self._tell = action, commands, tell
        self._caps = QWidget()
        self._caps_box = QHBoxLayout(self._caps)
        self._field = QKeySequenceEdit()
        self._field.setAccessibleName(f"{tr('New keys')}: {action.title}")
        self._field.setFixedWidth(theme.px(110))
        self._field.hide()
        self._field.editingFinished.connect(self._take)
        self._change = w.button(tr("Change"), "link", size="small", name=f"{tr('Change keys')}: {action.title}")
        self._change.clicked.connect(self._ask)
        items = [w.elided(action.title, "body"), None, self._caps, self._field, self._change]
        w.fill(QHBoxLayout(self), items, 8)
        self.setFixedHeight(theme.px(26))
        self.show_keys()

    def show_keys(self) -> None:
        """Show the keys that hold."""
        w.clear(self._caps_box)
        keys = self._commands.keys(self._action.action_id)
        caps: list[w.Item] = [KeyCap(written(key).replace(", ", "+")) for key in keys]
        w.fill(self._caps_box, caps or [w.text("—", "caption", "text_3")], 6)

    def _ask(self) -> None:
        self._caps.hide()
        self._change.hide()
        self._field.setKeySequence(QKeySequence())
        self._field.show()
        self._field.setFocus()
        self._tell(tr("Press the new keys"), "text_2")

    def _take(self) -> None:
        keys = self._field.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
        self._field.hide()
        self._caps.show()
        self._change.show()
        if not keys:
            self._tell("", "text_3")
            return
        taken = self._commands.remap(self._action.action_id, (keys,))
        if taken:
            words = tr("%k is taken by “%a”. Nothing was changed.")
            self._tell(words.replace("%k", keys).replace("%a", taken), "warn")
            return
        self.show_keys()
        self._tell(tr("Changed: %s").replace("%s", self._action.title), "ok")


class KeysSheet(QFrame):
    """All keys, in two columns by group."""

    def __init__(self, commands: Commands, close: Callable[[], None]) -> None:
        """Take who knows the keys and what closes the sheet."""
        super().__init__()
        self.setObjectName("overlay")
        self.setAccessibleName(tr("Shortcuts"))
        self._commands = commands
        self._told = w.text(tr("Single letters act only while no field has the focus."), "caption", "text_3")
        self.lines: list[KeyLine] = []
        left, right = self._columns()
        shut = w.icon_button("x", tr("Close (Esc)"), side=24)
        shut.clicked.connect(close)
        usual = w.button(tr("Usual keys again"), "", "rotate-ccw", size="small")
        usual.clicked.connect(self._reset)
        head = w.row(w.text(tr("Shortcuts"), "title"), None, usual, shut)
        body = w.row((left, 1), w.vline(), (right, 1), spacing=20)
        w.fill(QVBoxLayout(self), [head, self._told, 4, body], 6, (22, 16, 18, 18))
        self.setFixedWidth(theme.px(860))
        self.setFocusProxy(shut)
        w.shadow(self, 3)

    def _columns(self) -> tuple[QWidget, QWidget]:
        groups: dict[str, list[w.Item]] = {}
        for action in self._commands:
            line = KeyLine(action, self._commands, self._tell)
            self.lines.append(line)
            groups.setdefault(action.group, [w.text(action.group, "overline", "text_3")]).append(line)
        blocks = list(groups.values())
        first = [item for block in (blocks[0], *blocks[3:]) for item in (*block, 8)]
        second = [item for block in blocks[1:3] for item in (*block, 8)]
        return w.column(*first, None, spacing=1), w.column(*second, None, spacing=1)

    def _tell(self, words: str, tone: str) -> None:
        self._told.setText(words)
        w.set_tone(self._told, tone)

    def _reset(self) -> None:
        for action in self._commands:
            self._commands.restore(action.action_id)
        for line in self.lines:
            line.show_keys()
        self._tell(tr("The usual keys hold again."), "ok")
