"""Connecting a venue, in place of the list: the same form as in the first run."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.ui import theme
from app.ui.screens.base import Shell
from app.ui.widgets import basics as w
from app.ui.wizards.connect_form import ConnectForm
from app.ui.words import tr

WIDEST = 1_180


class ConnectPage(QWidget):
    """The form with its way back.

    Signals:
        closed: Nothing more is to be connected.
        added: The `ConnectionView` of what was connected.
    """

    closed = Signal()
    added = Signal(object)

    def __init__(self, shell: Shell, taken: Sequence[str]) -> None:
        """Take the window and the names that are taken."""
        super().__init__()
        self.setAccessibleName(tr("Connect a source"))
        self.form = ConnectForm(shell.workspace.connections, shell.run, taken=taken)
        self.form.added.connect(self.added)
        back = w.button(tr("Cancel"), "ghost")
        back.clicked.connect(self.closed)
        head = w.row(
            w.text(tr("Connect a source"), "heading"),
            w.text(tr("A key that can only read is enough."), "body", "text_3"),
            None,
            margins=(16, 0, 16, 0),
        )
        head.setFixedHeight(theme.px(46))
        body = w.column((self.form, 1), margins=(16, 16, 16, 16))
        body.setMaximumWidth(theme.px(WIDEST))
        foot = w.row(None, back, self.form.add_button, margins=(16, 0, 16, 0))
        foot.setFixedHeight(theme.px(58))
        w.fill(QVBoxLayout(self), [head, w.hline(), (w.scroll(body), 1), w.hline(), foot], 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave with Esc; nothing is kept."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
