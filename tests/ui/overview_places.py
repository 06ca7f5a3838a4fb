"""The Overview as it is opened in tests, and what can be read in it."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.ui.screens.overview import OverviewScreen
from app.ui.screens.overview_rows import Figure, RowButton
from app.ui.widgets.marks import Badge, Pill
from tests.ui.fake_shell import FakeShell


async def opened(qtbot: QtBot, shell: FakeShell, size: tuple[int, int] = (1244, 774)) -> OverviewScreen:
    """Return the Overview on screen with its figures."""
    screen = OverviewScreen(shell)
    qtbot.addWidget(screen)
    screen.resize(*size)
    screen.show()
    screen.activate()
    await shell.settled()
    return screen


def words(screen: QWidget) -> list[str]:
    """Return every text of the visible widgets, spoken ones and tips included."""
    found = []
    for widget in screen.findChildren(QWidget):
        if not widget.isVisibleTo(screen):
            continue
        if isinstance(widget, (QLabel, QAbstractButton)):
            found.append(widget.text())
        if isinstance(widget, RowButton):
            found += [cell.text for cell in widget.row.cells if isinstance(cell, Figure)]
        found += [widget.toolTip(), widget.accessibleName()]
        if isinstance(widget, (Pill, Badge)):
            found.append(widget.text())
    return [text for text in found if text]
