"""What floats above the screens: takes the keys, closes on Esc or a click beside it, and gives the focus back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from app.ui import theme
from app.ui.shell.reading_order import move_focus

Placing = Callable[[QSize, QSize], QPoint]
"""Gives the corner of a content of some size in a host of some size."""

_EDGE = 8


def centred(host: QSize, content: QSize) -> QPoint:
    """Put the content into the middle, a little above."""
    return QPoint((host.width() - content.width()) // 2, max(_EDGE, (host.height() - content.height()) // 2 - 20))


def from_top(top: int) -> Placing:
    """Return a placing in the middle, `top` pixels from above."""

    def place(host: QSize, content: QSize) -> QPoint:
        fitting = max(_EDGE, min(theme.px(top), host.height() - content.height() - _EDGE))
        return QPoint((host.width() - content.width()) // 2, fitting)

    return place


def beside(anchor: QRect) -> Placing:
    """Return a placing under a rectangle of the host, or above it where there is no room."""

    def place(host: QSize, content: QSize) -> QPoint:
        left = min(max(_EDGE, anchor.left()), host.width() - content.width() - _EDGE)
        top = anchor.bottom() + 6
        if top + content.height() > host.height() - _EDGE:
            top = max(_EDGE, anchor.top() - content.height() - 6)
        return QPoint(left, top)

    return place


def under_right(anchor: QRect) -> Placing:
    """Return a placing under a rectangle of the host, with the right edges in line."""

    def place(host: QSize, content: QSize) -> QPoint:
        left = min(anchor.right() - content.width(), host.width() - content.width() - _EDGE)
        return QPoint(max(_EDGE, left), anchor.bottom() + 14)

    return place


class Layer(QWidget):
    """A content above its host.

    Signals:
        closed: It is gone.
    """

    closed = Signal()

    def __init__(self, host: QWidget, content: QWidget, place: Placing, *, scrim: bool = False) -> None:
        """Show a content at its place; with `scrim` the page behind it is dimmed."""
        super().__init__(host)
        self._place, self._scrim, self._content = place, scrim, content
        self._before = QApplication.focusWidget()
        content.setParent(self)
        host.installEventFilter(self)
        content.installEventFilter(self)
        self._grown = QTimer(self, singleShot=True, interval=0)
        self._grown.timeout.connect(self.arrange)
        self.setGeometry(host.rect())
        content.show()
        self.arrange()
        self.show()
        self.raise_()

    @property
    def content(self) -> QWidget:
        """Return what is shown."""
        return self._content

    @Slot()
    def arrange(self) -> None:
        """Put the content in its place."""
        self._content.adjustSize()
        self._content.move(self._place(self.size(), self._content.size()))

    def close_layer(self) -> None:
        """Go away and give the focus back."""
        if self.isHidden():
            return
        self.hide()
        if self._before is not None:
            self._before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the host, and let the content be as large as it became."""
        if watched is self._content:
            if event.type() == QEvent.Type.LayoutRequest:
                self._grown.start()
        elif event.type() == QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
            self.arrange()
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Close on a click beside the content."""
        if not self._content.geometry().contains(event.position().toPoint()):
            self.close_layer()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_layer()
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Take Esc before any shortcut of the window does."""
        is_key = isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride
        if is_key and event.key() == Qt.Key.Key_Escape:  # type: ignore[attr-defined]
            event.accept()
            return True
        return super().event(event)

    def focusNextPrevChild(self, next: bool) -> bool:  # noqa: A002, FBT001
        """Keep Tab inside the layer."""
        move_focus(self, forward=next)
        return True

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Dim the page."""
        if self._scrim:
            QPainter(self).fillRect(QRectF(self.rect()), theme.color("scrim"))


def rect_in(host: QWidget, anchor: QWidget) -> QRect:
    """Return where a widget lies in the coordinates of its host."""
    return QRect(anchor.mapTo(host, QPoint(0, 0)), anchor.size())
