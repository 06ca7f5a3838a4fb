"""The icon in the notification area of this computer: there while an alert waits for somebody to see it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

from app.ui import format as fmt
from app.ui import theme
from app.ui.words import tr

_SIDES = (22, 44, 64)
_DOT = 0.42
_SHOWN_MS = 10_000
_CLICKS = (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick)


class Tray(QObject):
    """Shows an icon with a dot, and messages beside it; nothing where this computer has no such area.

    Signals:
        wanted: A person clicked it.
    """

    wanted = Signal()

    def __init__(self, parent: QObject) -> None:
        """Show nothing yet."""
        super().__init__(parent)
        self._icon: QSystemTrayIcon | None = None
        self._menu: QMenu | None = None

    def show_count(self, count: int) -> None:
        """Show that so many alerts wait; with none the icon goes."""
        if not count:
            self.hide()
        elif (icon := self._shown()) is not None:
            words = fmt.counted(count, tr("%s alert fires"), tr("%s alerts fire"))
            icon.setToolTip(f"Counterfoil: {words}")

    def message(self, title: str, text: str) -> bool:
        """Show a message beside the icon, and tell whether that can be."""
        icon = self._shown()
        if icon is None:
            return False
        icon.showMessage(title, text, QSystemTrayIcon.MessageIcon.Warning, _SHOWN_MS)
        return True

    def hide(self) -> None:
        """Take the icon away."""
        if self._icon is not None:
            self._icon.hide()

    def _shown(self) -> QSystemTrayIcon | None:
        # Asked each time: the area may come and go with the panel of the desktop.
        if not QSystemTrayIcon.isSystemTrayAvailable():
            return None
        if self._icon is None:
            self._icon = QSystemTrayIcon(_dotted(QApplication.windowIcon()), self)
            self._icon.activated.connect(self._clicked)
            self._icon.messageClicked.connect(self.wanted)
            # Some desktops open a menu at every click and tell of none.
            self._menu = QMenu()
            self._menu.addAction(tr("Show alerts")).triggered.connect(self._chosen)
            self._icon.setContextMenu(self._menu)
        self._icon.show()
        return self._icon

    @Slot(QSystemTrayIcon.ActivationReason)
    def _clicked(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in _CLICKS:
            self.wanted.emit()

    @Slot()
    def _chosen(self) -> None:
        self.wanted.emit()


def _dotted(icon: QIcon) -> QIcon:
    """Return the icon of the program with the dot of an alert."""
    made = QIcon()
    for side in _SIDES:
        pixmap = QPixmap(side, side)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        icon.paint(painter, 0, 0, side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("warn"))
        dot = round(side * _DOT)
        painter.drawEllipse(side - dot, side - dot, dot, dot)
        painter.end()
        made.addPixmap(pixmap)
    return made
