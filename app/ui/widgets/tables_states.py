"""What stands in place of a table: bars while it is read for the first time, a sentence where it is empty, a fault."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLineEdit, QStackedWidget, QToolButton, QWidget

from app.core.errors import CounterfoilError
from app.ui import format as fmt
from app.ui import hints, theme
from app.ui.widgets import basics as w
from app.ui.widgets.bars import Skeleton
from app.ui.words import tr

WIDTH = 600


class Details(QFrame):
    """The technical side of a fault, in mono, with a button that copies it."""

    def __init__(self, text: str) -> None:
        """Take the text, which holds no secret and no figure of the books."""
        super().__init__()
        self.setObjectName("inset")
        self._text = text
        copy = w.icon_button("copy", tr("Copy the details"), side=24)
        copy.clicked.connect(self._copy)
        words = w.text(text, "mono_small", "text_2", wrap=True, selectable=True)
        w.fill(QHBoxLayout(self), [(words, 1), copy], 8, (10, 6, 6, 6))

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)


def message(  # noqa: PLR0913
    what: str, meaning: str, *, icon: str = "", tone: str = "danger", buttons: Sequence[QWidget] = (), details: str = ""
) -> QWidget:
    """Return what happened, what it means and what to do, in the middle of the place it stands for."""
    title = w.text(what, "strong" if icon else "title", wrap=True)
    head = w.row(w.glyph(icon, tone, 18), (title, 1), spacing=10) if icon else title
    parts: list[w.Item] = [head]
    if meaning:
        parts.append(w.text(meaning, "body", "text_2", wrap=True))
    if buttons:
        parts += [6, w.row(*buttons, None)]
    if details:
        parts.append(Details(details))
    block = w.column(*parts, spacing=6)
    block.setMaximumWidth(theme.px(WIDTH))
    block.setMinimumWidth(0)
    outer = w.column(None, w.row(None, (block, 6), None), None, margins=(24, 16, 24, 16))
    outer.setAccessibleName(what)
    return outer


class Stage(QStackedWidget):
    """A table, or what stands in its place."""

    def __init__(self, table: QWidget) -> None:
        """Take the table."""
        super().__init__()
        self.addWidget(table)
        self._table, self._other = table, QWidget()
        self.addWidget(self._other)
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self._show_bars)
        self.setMinimumSize(0, 0)

    @property
    def state(self) -> str:
        """Return "table", "loading" or "message"."""
        if self.currentWidget() is self._table:
            return "table"
        return "loading" if isinstance(self._other, Skeleton) else "message"

    def show_table(self) -> None:
        """Show the table; the keyboard goes back to it where it stayed here meanwhile."""
        self._later.stop()
        had_focus = self.hasFocus()
        self.setCurrentWidget(self._table)
        if had_focus:
            self._table.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_loading(self) -> None:
        """Show bars, but only where the answer takes longer than a moment."""
        self._later.start(theme.motion("skeleton_delay"))

    @Slot()
    def _show_bars(self) -> None:
        bars = Skeleton(12)
        bars.setAccessibleName(tr("Being read"))
        self._put(bars)

    def show_empty(self, sentence: str, help_: str, *buttons: QWidget) -> None:
        """Say in one sentence that there is nothing, and what to do."""
        self._put(message(sentence, help_, buttons=buttons))

    def show_fault(self, what: str, fault: BaseException, *buttons: QWidget) -> None:
        """Say what could not be read; the rest of the screen goes on."""
        if isinstance(fault, CounterfoilError):
            meaning = fmt.prose(" ".join(part for part in (fault.message, hints.hint(fault)) if part))
            meaning = meaning[:1].upper() + meaning[1:]
            details = " · ".join(part for part in (fault.code, fault.where) if part)
        else:
            meaning = tr("This is a fault of the program; your books are not affected.")
            details = type(fault).__name__
        self._put(message(what, meaning, icon="circle-alert", buttons=buttons, details=details))

    def _put(self, other: QWidget) -> None:
        self._later.stop()
        focused = QApplication.focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            # Else it would jump to the first part of the window.
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.removeWidget(self._other)
        self._other.deleteLater()
        self._other = other
        self.addWidget(other)
        self.setCurrentWidget(other)


def pinned(*items: w.Item) -> QFrame:
    """Return the pinned line of totals under a table."""
    made = w.frame("chrome", *items, vertical=False, spacing=6, margins=(16, 0, 16, 0))
    made.setFixedHeight(theme.size("table_footer"))
    return made


def tool_bar(*items: w.Item, is_framed: bool = False) -> QWidget:
    """Return the line of filter, chips and buttons above a table.

    What ends it stands in line with what is below: a bare button has air of its own, one with a frame has none.
    """
    made = w.row(*items, spacing=8, margins=(16, 0, 16 if is_framed else 12, 0))
    made.setFixedHeight(theme.px(46))
    return made


def filter_field(hint: str, width: int = 190) -> QLineEdit:
    """Return a field that filters as one types."""
    made = w.field("", hint, icon="funnel")
    made.setMinimumWidth(theme.px(110))
    made.setMaximumWidth(theme.px(width))
    offer_clearing(made)
    return made


def offer_clearing(field: QLineEdit) -> None:
    """Give a field the button that empties it, with a name."""
    field.setClearButtonEnabled(True)
    for button in field.findChildren(QToolButton):
        if not button.accessibleName():
            button.setAccessibleName(tr("Clear the field"))
