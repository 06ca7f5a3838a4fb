"""The palette: one field for assets, actions, places and entries. What is in memory answers at once, entries follow."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QListView, QVBoxLayout, QWidget

from app.ui import format as fmt
from app.ui import theme
from app.ui.shell import hits
from app.ui.shell.hit_lines import HIT, IS_HEADING, QUERY, HitDelegate
from app.ui.shell.hits import Hit
from app.ui.widgets import basics as w
from app.ui.widgets.marks import KeyCap
from app.ui.words import tr

_Index = QModelIndex | QPersistentModelIndex
_LINE, _HEADING = 34, 28
_TALLEST = 480


class HitModel(QAbstractListModel):
    """Headings and hits, one below the other."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Start empty."""
        super().__init__(parent)
        self._lines: list[Hit | str] = []
        self._query = ""

    def show_hits(self, found: Sequence[Hit], query: str) -> None:
        """Show other hits, grouped."""
        self.beginResetModel()
        self._query = query
        self._lines = []
        group = ""
        for hit in found:
            if hit.group != group:
                group = hit.group
                self._lines.append(hits.group_title(group))
            self._lines.append(hit)
        self.endResetModel()

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        """Return how many lines there are."""
        return 0 if parent.isValid() else len(self._lines)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Tell headings from hits."""
        if isinstance(self._lines[index.row()], str):
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what the delegate paints and a screen reader says."""
        line = self._lines[index.row()]
        if role == IS_HEADING:
            return isinstance(line, str)
        if role == QUERY:
            return self._query
        if isinstance(line, str):
            return line if role == Qt.ItemDataRole.DisplayRole else None
        if role == HIT:
            return line
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return " ".join(part for part in (line.title, line.detail, line.value, line.keys) if part)
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(theme.size("palette_width"), theme.px(_LINE))
        return None

    def hit_rows(self) -> list[int]:
        """Return the rows that can be chosen."""
        return [row for row, line in enumerate(self._lines) if isinstance(line, Hit)]

    def height(self) -> int:
        """Return the height of all lines."""
        return sum(theme.px(_HEADING if isinstance(line, str) else _LINE) for line in self._lines)


class Palette(QFrame):
    """Field, hits, keys.

    Signals:
        chosen: The target of the hit that was chosen.
        asked: Text that entries shall be searched for.
    """

    chosen = Signal(str)
    asked = Signal(str)

    def __init__(self, known: Sequence[Hit], resized: Callable[[], None]) -> None:
        """Take everything that is in memory, and whom to tell about a new height."""
        super().__init__()
        self.setObjectName("overlay")
        self.setAccessibleName(tr("Search or run a command"))
        self.setFixedWidth(theme.size("palette_width"))
        self._known, self._entries = list(known), list[Hit]()
        self._resized = resized
        self.field = w.field("", tr("Asset, action, place or entry"), name=tr("Search"), role="heading")
        self.field.setProperty("kind", "bare")
        self.field.textChanged.connect(self._typed)
        self.field.installEventFilter(self)
        self._told = w.text("", "caption", "text_3")
        head = w.row(w.glyph("search", "text_2", 18), (self.field, 1), self._told, KeyCap("Esc"), spacing=9)
        head.setContentsMargins(18, 0, 16, 0)
        head.setFixedHeight(theme.px(52))
        self.model = HitModel(self)
        self.list = QListView()
        self.list.setProperty("on", "overlay")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setAccessibleName(tr("Hits"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.setModel(self.model)
        self.list.setItemDelegate(HitDelegate(self.list))
        self.list.clicked.connect(self._clicked)
        self._none = w.text(tr("Nothing fits. Try a symbol, a place or a verb."), "body", "text_2")
        self._none.setContentsMargins(18, 12, 18, 12)
        body = w.column(self.list, self._none, spacing=0, margins=(6, 2, 6, 8))
        w.fill(QVBoxLayout(self), [head, w.hline(), body, w.hline(), self._foot()], 0, (1, 1, 1, 1))
        w.shadow(self, 3)
        self.setFocusProxy(self.field)
        self._typed("")

    def _foot(self) -> QWidget:
        words: list[w.Item] = [KeyCap("↑"), KeyCap("↓"), w.text(tr("move"), "caption", "text_3"), 4]
        words += [KeyCap("Enter"), w.text(tr("open"), "caption", "text_3"), None]
        for label in (tr("> actions"), tr("# entries"), tr("@ places")):
            words.append(w.text(label, "caption", "text_3"))
        return w.row(*words, spacing=6, margins=(16, 8, 16, 8))

    def add_known(self, hits_: Sequence[Hit]) -> None:
        """Add what has been read since; it comes first."""
        self._known = [*hits_, *self._known]
        self._search()

    def show_entries(self, asked: str, entries: Sequence[Hit]) -> None:
        """Add the entries that were found for a text, where it is still what is asked."""
        if asked == self.words():
            self._entries = list(entries)
            self._search()

    def words(self) -> str:
        """Return what is searched for, without its prefix."""
        asked = self.field.text()
        return (asked[1:] if asked[:1] in hits.PREFIXES else asked).strip()

    def _typed(self, _text: str) -> None:
        self._entries = []
        self._search()
        if len(self.words()) > 1 and self.field.text()[:1] not in (">", "@"):
            self.asked.emit(self.words())

    def _search(self) -> None:
        began = time.perf_counter_ns()
        asked = self.field.text()
        found = [*hits.search(self._known, asked), *(self._entries if asked[:1] not in (">", "@") else [])]
        self.model.show_hits(found, self.words())
        spent = max(1, round((time.perf_counter_ns() - began) / 1e6))
        words = fmt.counted(len(found), tr("%s hit · %m ms"), tr("%s hits · %m ms")).replace("%m", fmt.count(spent))
        self._told.setText(words if self.words() else "")
        self._none.setVisible(not found)
        self.list.setVisible(bool(found))
        self.list.setFixedHeight(min(theme.px(_TALLEST), self.model.height() + 2))
        rows = self.model.hit_rows()
        if rows:
            self.list.setCurrentIndex(self.model.index(rows[0], 0))
            self.list.scrollToTop()
        self._resized()

    def _clicked(self, index: QModelIndex) -> None:
        hit = index.data(HIT)
        if isinstance(hit, Hit):
            self.chosen.emit(hit.target)

    def _move(self, step: int) -> None:
        rows = self.model.hit_rows()
        if not rows:
            return
        current = self.list.currentIndex().row()
        place = rows.index(current) if current in rows else -1
        self.list.setCurrentIndex(self.model.index(rows[(place + step) % len(rows)], 0))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let arrows and Enter work while the field has the focus."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 6, Qt.Key.Key_PageUp: -6}
            key = Qt.Key(event.key())
            if key in steps:
                self._move(steps[key])
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._clicked(self.list.currentIndex())
                return True
        return super().eventFilter(watched, event)
