"""The place at the right for details of a selection: beside the screen, never above it."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QPoint, QPropertyAnimation, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.ui import theme
from app.ui.widgets import basics as w
from app.ui.words import tr

_WIDEST = 640


class Grip(QFrame):
    """The left edge: drag it to make the inspector wider.

    Signals:
        dragged: By how many pixels to the left.
        released: The drag has ended.
    """

    dragged = Signal(int)
    released = Signal()

    def __init__(self) -> None:
        """Make it five pixels wide, of which one is seen."""
        super().__init__()
        self.setFixedWidth(5)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self._from: QPoint | None = None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to drag."""
        self._from = event.globalPosition().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell how far."""
        if self._from is None:
            return
        now = event.globalPosition().toPoint()
        self.dragged.emit(self._from.x() - now.x())
        self._from = now

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """End."""
        self._from = None
        self.released.emit()


class InspectorHost(QFrame):
    """Holds one panel, or is closed.

    Signals:
        resized: The new width at 100 %, after a drag.
        opened: It was opened or closed.
    """

    resized = Signal(int)
    opened = Signal(bool)

    def __init__(self, width: int) -> None:
        """Take the width in pixels at 100 %."""
        super().__init__()
        self.setObjectName("inspector")
        self.setAccessibleName(tr("Inspector"))
        self._panel: QWidget | None = None
        self._width = self._fitting(theme.px(width))
        self._grip = Grip()
        self._grip.dragged.connect(self._drag)
        self._grip.released.connect(self._tell)
        self._box = QHBoxLayout(self)
        w.fill(self._box, [self._grip], 0, (0, 0, 0, 0))
        self._slide = QPropertyAnimation(self, b"maximumWidth", self)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._slide.finished.connect(self._settle)
        self.hide()

    @property
    def panel(self) -> QWidget | None:
        """Return what is shown."""
        return self._panel

    def show_panel(self, panel: QWidget | None) -> None:
        """Show a panel in place of the one before; the focus stays where it is."""
        old, self._panel = self._panel, panel
        if old is not None and old is not panel:
            self._box.removeWidget(old)
            old.hide()
            old.setParent(None)
            old.deleteLater()
        if panel is None:
            self.hide()
            self.opened.emit(False)  # noqa: FBT003
            return
        if old is panel:
            return
        self._box.addWidget(panel, 1)
        panel.show()
        if self.isHidden():
            self._open()

    def _open(self) -> None:
        duration = theme.motion("slow")
        self.show()
        self.opened.emit(True)  # noqa: FBT003
        if not duration or not self.window().isVisible():
            self._settle()
            return
        self._hold(self._width - self._grip.width())
        self.setMinimumWidth(0)
        self._slide.setDuration(duration)
        self._slide.setStartValue(0)
        self._slide.setEndValue(self._width)
        self._slide.start()

    def _hold(self, width: int) -> None:
        """Let the panel have its whole width while it is uncovered, so that nothing in it is squeezed."""
        if self._panel is not None:
            self._panel.setMinimumWidth(width)

    def _settle(self) -> None:
        self._hold(0)
        self.setFixedWidth(self._width)

    def _fitting(self, width: int) -> int:
        return max(theme.size("inspector_min"), min(width, theme.px(_WIDEST)))

    def _drag(self, by: int) -> None:
        self._width = self._fitting(self._width + by)
        self._settle()

    def _tell(self) -> None:
        self.resized.emit(round(self._width / theme.look().scale))
