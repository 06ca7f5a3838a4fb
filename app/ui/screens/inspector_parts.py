"""What every inspector is put together from: head, sections, pairs of word and figure, footer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QApplication, QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.ui import theme
from app.ui.widgets import basics as w
from app.ui.widgets.clipboard import CopyButton
from app.ui.words import tr

SIDE = 16
_SEPARATORS = re.compile(r"[,;:|=&{}\[\]\t]|[^\s,;:|=&{}\[\]]{32}")


class InspectorPanel(QWidget):
    """Details of a selection: a head, a body that scrolls, a footer. It never takes the focus by itself.

    Signals:
        closed: The cross was clicked.
    """

    closed = Signal()

    def __init__(self, name: str) -> None:
        """Take the name for screen readers."""
        super().__init__()
        self.setAccessibleName(name)
        self.close_button = w.icon_button("x", tr("Close inspector (Esc)"), side=26)
        self.close_button.clicked.connect(self.closed)
        self._head = QWidget()
        self._head_box = QVBoxLayout(self._head)
        w.fill(self._head_box, [], 0)
        self._body = QWidget()
        self._body_box = QVBoxLayout(self._body)
        w.fill(self._body_box, [], 0)
        self.foot = QWidget()
        self.foot_box = QVBoxLayout(self.foot)
        w.fill(self.foot_box, [], 0)
        self.area = w.scroll(self._body)
        w.fill(QVBoxLayout(self), [self._head, (self.area, 1), w.hline(), self.foot], 0)

    def show_head(self, mark: QWidget, title: str, caption: str, *actions: QWidget) -> None:
        """Show what this is about."""
        w.clear(self._head_box)
        self.close_button.setParent(None)
        words = w.column(w.elided(title, "heading"), w.elided(caption, "caption", "text_3"), spacing=0)
        head = w.row(mark, (words, 1), *actions, self.close_button, spacing=10, margins=(SIDE, 12, 10, 8))
        self._head_box.addWidget(head)
        self.close_button.show()

    def show_body(self, *parts: QWidget) -> None:
        """Show other content, from its top."""
        w.clear(self._body_box)
        w.fill(self._body_box, [*parts, None], 0)


def give_back_focus(form: QWidget, to: QWidget) -> None:
    """Hand the focus of a form that goes on to what takes its place; else it would jump to the window's first part."""
    focused = QApplication.focusWidget()
    if focused is not None and (focused is form or form.isAncestorOf(focused)):
        to.setFocus(Qt.FocusReason.OtherFocusReason)


def section(title: str, *items: w.Item, right: Sequence[w.Item] = (), spacing: int = 6) -> QWidget:
    """Return a titled part of an inspector, with a hairline above."""
    head = w.row(w.text(title, "label"), None, *right, spacing=8)
    has_buttons = any(isinstance(item, QAbstractButton) for item in right)
    top = 8 if has_buttons else 12  # a button is higher than the words beside it
    made = w.column(head, *items, spacing=spacing, margins=(SIDE, top, SIDE, 12))
    made.setAccessibleName(title)
    return w.column(w.hline(), made, spacing=0)


def line(left: Sequence[w.Item], right: Sequence[w.Item]) -> QWidget:
    """Return words at the left and figures at the right."""
    return w.row(*left, None, *right, spacing=7)


class Pair:
    """A word and what it says; with `copied` a button copies that."""

    def __init__(self, word: str, value: str, role: str = "cell", *, tone: str = "text", copied: str = "") -> None:
        """Take the word, the text as shown, and what a copy of it gives."""
        self.word, self.value, self.role, self.tone, self.copied = word, value, role, tone, copied


def pairs(rows: Sequence[Pair], left: int = 84) -> QWidget:
    """Return words and what they say, in two columns; long values wrap, so that nothing is cut."""
    host = QWidget()
    grid = QGridLayout(host)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(4)
    grid.setColumnMinimumWidth(0, theme.px(left))
    grid.setColumnStretch(1, 1)
    for place, pair in enumerate(rows):
        word = w.text(pair.word, "cell", "text_3")
        word.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        value = wrapped(pair.value, pair.role, pair.tone)
        value.setAccessibleName(f"{pair.word} {pair.value}")
        grid.addWidget(word, place, 0)
        grid.addWidget(value, place, 1, 1, 1 if pair.copied else 2)
        if pair.copied:
            grid.addWidget(CopyButton(pair.copied, pair.word.lower()), place, 2, Qt.AlignmentFlag.AlignTop)
    return host


def breakable(text: str) -> str:
    """Return a row of a source with places to break a line after its separators, so that nothing of it is cut."""
    return _SEPARATORS.sub("\\g<0>\u200b", text)


def wrapped(text: str, role: str = "cell", tone: str = "text") -> QLabel:
    """Return text that wraps and can be selected with the mouse."""
    made = w.text(text, role, tone, wrap=True, selectable=True)
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    made.setMinimumWidth(theme.px(80))
    return made
