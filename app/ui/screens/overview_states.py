"""What the Overview shows when there are no figures: bars while it is read, the ways in, a fault."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QVBoxLayout, QWidget

from app.core.errors import CounterfoilError, VaultError
from app.ui import format as fmt
from app.ui import hints, theme
from app.ui.widgets import basics as ui
from app.ui.widgets.bars import Skeleton
from app.ui.widgets.marks import KeyCap
from app.ui.widgets.tables_states import message
from app.ui.words import tr


class Way(QAbstractButton):
    """One way to bring something into the vault, with its number key."""

    def __init__(self, icon: str, title: str, detail: str, key: str) -> None:
        """Take what the way is called, what it needs, and its key."""
        super().__init__()
        self.setAccessibleName(f"{title}: {detail}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        words = ui.column(None, ui.text(title, "medium"), ui.text(detail, "caption", "text_3"), None, spacing=0)
        parts: Sequence[ui.Item] = (
            ui.glyph(icon, "text_2", 18), words, None, KeyCap(key), ui.glyph("chevron-right", "text_3", 14)
        )  # fmt: skip
        ui.fill(QHBoxLayout(self), parts, 12, (16, 0, 14, 0))
        for child in self.findChildren(QWidget):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedHeight(theme.px(54))

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show the hover."""
        super().enterEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint ground and focus ring; the words are labels."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse():
            painter.fillRect(self.rect(), theme.color("hover"))
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRoundedRect(self.rect().adjusted(3, 3, -3, -3), 5, 5)


class EmptyPage(QWidget):
    """No source yet: one sentence, the ways that there are, one primary action.

    Signals:
        chosen: The place that a way leads to.
    """

    chosen = Signal(str)

    def __init__(self, venues: Sequence[str]) -> None:
        """Take the names of the venues that can be connected."""
        super().__init__()
        names = ", ".join(venues)
        exchange = tr("read-only key: %s").replace("%s", names)
        self.ways = (
            Way("landmark", tr("Exchange"), exchange, "1"),
            Way("file-up", tr("Statement file"), tr("CSV, with preview before anything is kept"), "2"),
        )
        self._places = ("connections/add", "connections/import")
        self.primary = ui.button(tr("Add a source"), "primary", "plus", size="large")
        rows: list[ui.Item] = []
        for way in self.ways:
            rows += [way, ui.hline()]
        later = tr("Wallets and devices are not read yet: import their history as a CSV file.")
        block = ui.column(
            ui.text(tr("Nothing to show yet: this vault has no source."), "title"),
            ui.text(tr("Connect one and value, returns and holdings fill in as it is read."), "body", "text_2"),
            10,
            ui.frame("panel", *rows[:-1], spacing=0, margins=(1, 1, 1, 1)),
            ui.text(later, "caption", "text_3"),
            6,
            ui.row(self.primary, None),
            spacing=6,
        )
        block.setFixedWidth(theme.px(520))
        ui.fill(QVBoxLayout(self), [None, ui.row(None, block, None), None, 60], 0)
        self.primary.clicked.connect(self._first)
        self.ways[0].clicked.connect(self._first)
        self.ways[1].clicked.connect(self._second)

    def _first(self) -> None:
        self.chosen.emit(self._places[0])

    def _second(self) -> None:
        self.chosen.emit(self._places[1])

    def press(self, key: int) -> bool:
        """Answer the number keys."""
        ways = {Qt.Key.Key_1: self._first, Qt.Key.Key_2: self._second}
        act = ways.get(Qt.Key(key))
        if act is not None:
            act()
        return act is not None


def fault_notice(what: str, fault: BaseException, *buttons: QWidget) -> QWidget:
    """Return what happened, what it means, what to do; the details tell the code, no figure."""
    meaning = getattr(fault, "message", "") or tr("A fault of the program stopped it")
    hint = hints.hint(fault) if isinstance(fault, CounterfoilError) else ""
    unharmed = "" if isinstance(fault, VaultError) else tr("Your books are not affected.")
    words = " ".join(part for part in (f"{meaning.rstrip('.')}.", hint, unharmed) if part)
    codes = (getattr(fault, "code", type(fault).__name__), getattr(fault, "where", ""))
    details = " · ".join(code for code in codes if code)
    return message(what, fmt.prose(words), icon="circle-alert", buttons=buttons, details=details)


def _bars(rows: int, name: str = "panel") -> QWidget:
    return ui.frame(name, Skeleton(rows), margins=(1, 8, 1, 1))


def skeleton() -> QWidget:
    """Return bars in the places of the panels."""
    strip = _bars(2)
    strip.setFixedHeight(theme.px(90))
    lower = ui.row((_bars(7), 10), (_bars(7), 10), (_bars(7), 10), spacing=12)
    lower.setFixedHeight(theme.px(244))
    side = _bars(14)
    side.setFixedWidth(theme.px(316))
    left = ui.column((_bars(6), 1), lower, spacing=12)
    made = ui.column(strip, (ui.row((left, 1), side, spacing=12), 1), spacing=12, margins=(16, 0, 16, 14))
    made.setAccessibleName(tr("The overview is being read"))
    return made
