"""A program with two alerts that wait: a click on its icon shows a message, the next one ends it."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QSystemTrayIcon

from app.ui.widgets.tray import Tray

_LONGEST_MS = 20_000


def main() -> int:
    """Show the icon and tell whether that can be; the status is 0 where somebody clicked twice."""
    application = QApplication([])
    application.setApplicationName("counterfoil")
    owner = QObject()
    tray = Tray(owner)
    clicks = 0

    def clicked() -> None:
        nonlocal clicks
        clicks += 1
        if clicks == 1:
            tray.message("An alert fires", "price of BTC")
        else:
            application.exit(0)

    tray.wanted.connect(clicked)
    tray.show_count(2)
    has_tray = QSystemTrayIcon.isSystemTrayAvailable()
    sys.stdout.write(f"{has_tray or tray.message('An alert fires', 'price of BTC')}\n")
    sys.stdout.flush()
    QTimer.singleShot(_LONGEST_MS, lambda: application.exit(3))
    status = application.exec()
    tray.hide()
    return status


if __name__ == "__main__":
    sys.exit(main())
