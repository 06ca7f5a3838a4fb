"""The right half of the unlock slip: passphrase, keyring, and what is said when the vault does not open."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.screens.troubles import Trouble
from app.ui.widgets import basics as w
from app.ui.widgets.bars import Progress
from app.ui.widgets.tables_states import Details
from app.ui.words import tr


class CapsLock(QObject):
    """Watches the letters typed into a field: a capital without Shift tells that Caps Lock is on.

    Signals:
        changed: Whether it is on.
    """

    changed = Signal(bool)

    def __init__(self, field: QLineEdit) -> None:
        """Take the field."""
        super().__init__(field)
        self._is_on = False
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Look at each key."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            text = event.text()
            if event.key() == Qt.Key.Key_CapsLock:
                self._tell(is_on=not self._is_on)
            elif len(text) == 1 and text.isalpha() and text.lower() != text.upper():
                is_shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                self._tell(is_on=text.isupper() != is_shifted)
        return super().eventFilter(watched, event)

    def _tell(self, *, is_on: bool) -> None:
        if is_on != self._is_on:
            self._is_on = is_on
            self.changed.emit(is_on)


class UnlockForm(QWidget):
    """Passphrase, keyring, and the ways to other vaults.

    Signals:
        tried: The passphrase that was typed.
        keyring_tried: The keyring shall open it.
        others_wanted: The other vaults shall be shown, below this widget.
        restore_wanted: A backup shall be restored.
    """

    tried = Signal(str)
    keyring_tried = Signal()
    others_wanted = Signal(QWidget)
    restore_wanted = Signal()

    def __init__(self) -> None:
        """Make it empty."""
        super().__init__()
        self._title = w.text("", "title")
        self._meaning = w.text("", "body", "text_2", wrap=True)
        self.field = w.field("", name=tr("Passphrase"), size="large", secret=True)
        self.field.returnPressed.connect(self._try)
        self._caps = w.row(
            w.glyph("arrow-big-up", "warn", 13), w.text(tr("Caps Lock is on"), "caption", "warn"), spacing=5
        )
        self._caps.hide()
        CapsLock(self.field).changed.connect(self._caps.setVisible)
        self._told = w.text("", "caption", "danger", wrap=True)
        self._told.hide()
        self._hint = w.text("", "caption", "text_3", wrap=True, selectable=True)
        self._hint.hide()
        self.go = w.button(tr("Unlock"), "primary", size="large")
        self.go.clicked.connect(self._try)
        self._bar = Progress(None)
        self.keyring = w.button(tr("System keyring"), "", "fingerprint-pattern", size="large")
        self.keyring.clicked.connect(self.keyring_tried)
        line = w.row((w.hline(), 1), w.text(tr("or"), "caption", "text_3"), (w.hline(), 1), spacing=10)
        self._or = w.column(4, line, 2, self.keyring, spacing=4)
        restore = w.button(tr("Restore a backup…"), "link")
        restore.clicked.connect(self.restore_wanted)
        self.others = w.button(tr("Open another vault"), "link")
        self.others.clicked.connect(self._ask_others)
        head = w.row(w.text(tr("Passphrase"), "label", "text_2"), None, self._caps)
        head.setFixedHeight(theme.px(18))
        items: list[w.Item] = [
            self._title,
            self._meaning,
            8,
            head,
            self.field,
            self._told,
            self._hint,
            2,
            self.go,
            self._bar,
            self._or,
        ]
        w.fill(QVBoxLayout(self), [*items, None, w.row(restore, None, self.others)], 6, (32, 28, 32, 22))
        self.show_purpose(
            tr("Unlock the vault"), tr("Encrypted on this computer; nobody else can open or reset it."), tr("Unlock")
        )
        self.show_busy("")

    def show_purpose(self, title: str, meaning: str, action: str) -> None:
        """Say what the passphrase is for."""
        self._title.setText(title)
        self._meaning.setText(meaning)
        self._action = action
        self.go.setText(action)
        self.go.setAccessibleName(action)

    def _try(self) -> None:
        if self.field.isEnabled() and self.field.text():
            self.tried.emit(self.field.text())

    def _ask_others(self) -> None:
        self.others_wanted.emit(self.others)

    def show_keyring(self, name: str) -> None:
        """Offer the keyring; "" takes the offer away."""
        self._or.setVisible(bool(name))
        self.keyring.setToolTip(name)

    def show_told(self, words: str) -> None:
        """Say something beside the field."""
        self._told.setText(words)
        self._told.setVisible(bool(words))

    def show_hint(self, words: str) -> None:
        """Say quietly what helps with this vault; "" says nothing."""
        self._hint.setText(words)
        self._hint.setVisible(bool(words))

    def show_busy(self, words: str) -> None:
        """Say what is being done, or be ready again."""
        is_busy = bool(words)
        self.go.setText(words or self._action)
        for widget in (self.field, self.go, self.keyring, self.others):
            widget.setEnabled(not is_busy)
        sizes = self._bar.sizePolicy()
        sizes.setRetainSizeWhenHidden(True)
        self._bar.setSizePolicy(sizes)
        self._bar.setVisible(is_busy)
        w.tint(self.keyring)

    def clear(self) -> None:
        """Forget what was typed."""
        self.field.clear()


class TroubleCard(QWidget):
    """Why the vault did not open, and the ways out.

    Signals:
        chosen: The id of a way out.
    """

    chosen = Signal(str)

    def __init__(self, shown: Trouble) -> None:
        """Take what is wrong."""
        super().__init__()
        words = {
            "retry": (tr("Try again"), "", "rotate-cw"),
            "other": (tr("Open another copy"), "", "folder-open"),
            "restore": (tr("Restore a backup…"), "", "archive-restore"),
            "new": (tr("Make a new vault"), "", "plus"),
            "older": (tr("Go on with this copy…"), "danger", ""),
        }
        buttons: list[w.Item] = []
        for way in shown.ways:
            label, kind, icon = words[way]
            made = w.button(label, kind or ("primary" if not buttons else ""), icon)
            made.clicked.connect(partial(self._chosen, way))
            buttons.append(made)
        head = w.row(w.glyph("circle-alert", "danger", 18), (w.text(shown.what, "heading", wrap=True), 1), spacing=9)
        items: list[w.Item] = [head, w.text(shown.meaning, "body", "text_2", wrap=True), 6]
        items += [w.row(*buttons[:2], None), *([w.row(*buttons[2:], None)] if len(buttons) > 2 else [])]  # noqa: PLR2004
        if shown.details:
            items += [4, Details(shown.details)]
        w.fill(QVBoxLayout(self), [*items, None], 8, (32, 28, 32, 22))
        self.setAccessibleName(shown.what)

    def _chosen(self, way: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        self.chosen.emit(way)
