"""Content that scrolls up and down, by keyboard too: whoever scrolls with keys sees where the keyboard is."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.ui import theme


class _Ring(QWidget):
    """The ring around an area that has the focus; it lies above the content and moves nothing."""

    def __init__(self, area: QWidget) -> None:
        super().__init__(area)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ring."""
        painter = QPainter(self)
        painter.setPen(QPen(theme.color("focus"), 2))
        painter.drawRect(QRectF(self.rect()).adjusted(1, 1, -1, -1))


class _Flow(QWidget):
    """The content at the width that there is: text that wraps is as high as it is then, not as at its narrowest."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setObjectName("flow")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(content)

    def minimumSizeHint(self) -> QSize:
        """Return the least size: the height is that of the present width."""
        least, layout, around = super().minimumSizeHint(), self.layout(), self.parentWidget()
        if layout is None or around is None or not layout.hasHeightForWidth():
            return least
        return QSize(least.width(), layout.totalHeightForWidth(max(least.width(), around.width())))


class Scroll(QScrollArea):
    """The area."""

    def __init__(self, content: QWidget) -> None:
        """Take the content."""
        super().__init__()
        content.setObjectName("flow")
        self.setWidget(_Flow(content))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._ring = _Ring(self)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self._ring.raise_()
        self._ring.show()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self._ring.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the ring around the whole."""
        super().resizeEvent(event)
        self._ring.setGeometry(self.rect())
