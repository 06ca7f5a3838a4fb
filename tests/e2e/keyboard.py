"""The real window by keys alone: every press is counted, and goes where the focus is, as from a person's hands."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QWidget

from app.ui.main_window import MainWindow
from app.ui.widgets.tables import Table

_MOST_TABS = 80
_CALM_ROUNDS, _CALM_S = 3, 0.03


class Keyboard:
    """Ten fingers on one window.

    Attributes:
        count: Keys pressed so far; a letter is one, a shortcut of two keys at once too.
    """

    def __init__(self, window: MainWindow) -> None:
        """Take the window."""
        self.window = window
        self.count = 0

    @property
    def focused(self) -> QWidget:
        """Return what the keys go to: a dialog that is open first."""
        dialog = QApplication.activeModalWidget()
        owner = self.window if dialog is None else dialog
        return cast("QWidget | None", owner.focusWidget()) or owner

    async def press(self, *sequences: str) -> None:
        """Press keys such as "G, Y", "Ctrl+Return" or "Tab" one after the other, and wait until all is read."""
        for sequence in sequences:
            typed = QKeySequence(sequence)
            for part in range(typed.count()):
                combined = typed[part]  # type: ignore[index]  # what the stubs of Qt do not know
                self._click(combined.key(), combined.keyboardModifiers())
        await self.wait()

    def _click(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
        QTest.keyClick(self.focused, key, modifiers)
        self.count += 1

    async def type(self, text: str) -> None:
        """Type a text into what has the focus."""
        QTest.keyClicks(self.focused, text)
        self.count += len(text)
        await asyncio.sleep(0)

    async def wait(self) -> None:
        """Wait until nothing is being read."""
        if QApplication.activeModalWidget() is None and not self.window.isActiveWindow():
            # Without a window manager nobody gives the keyboard back when a dialog closes.
            self.window.activateWindow()
        # Events are left to the loop: handled inside of a task, they would wake another one in the midst of it.
        calm = 0
        while calm < _CALM_ROUNDS:
            await self.window.settled()
            await asyncio.sleep(_CALM_S)
            calm = 0 if self.window.is_busy else calm + 1

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait as a person does, who looks again and again."""
        while not is_so():  # noqa: ASYNC110 - eyes have no event
            await asyncio.sleep(_CALM_S)
        await self.wait()

    async def go_to(self, name: str) -> None:
        """Press Tab until the part of this name has the focus."""
        seen = []
        for _ in range(_MOST_TABS):
            self._click(Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier)
            await asyncio.sleep(0)
            seen.append(name_of(self.focused))
            if seen[-1].startswith(name):
                return
        raise AssertionError(f"{name!r} was not reached by Tab: {seen}")

    async def choose(self, text: str) -> None:
        """Choose an item of the list that has the focus."""
        choice = self.focused
        assert isinstance(choice, QComboBox)
        self._click(Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier)
        for _ in range(choice.count()):
            if choice.currentText() == text:
                break
            self._click(Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier)
        assert choice.currentText() == text
        await self.finish()

    async def down_to(self, row: str) -> None:
        """Press Down in the table until the row of this key is chosen."""
        table = self.focused
        assert isinstance(table, Table)
        for _ in range(table.model().rowCount() + 1):
            if table.current_key() == row:
                return
            await self.press("Down")
        raise AssertionError(f"{row!r} was not reached by Down.")

    async def finish(self) -> None:
        """Wait until every job has ended, as a person waits for the bar to go."""
        await self.wait()
        desk = self.window.desk
        await self.until(lambda: desk is None or all(job.ended_ns is not None for job in desk.workspace.jobs.all()))


def name_of(widget: QWidget) -> str:
    """Return what a part is called."""
    if widget.accessibleName():
        return widget.accessibleName()
    if isinstance(widget, QAbstractButton):
        return widget.text().strip()
    return widget.placeholderText() if isinstance(widget, QLineEdit) else type(widget).__name__
