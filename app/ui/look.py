"""Brings the chosen look to the application, and starts the demo beside it."""

from __future__ import annotations

import sys

from PySide6.QtCore import QProcess, QProcessEnvironment
from PySide6.QtWidgets import QApplication

from app.ui import preferences as prefs
from app.ui import style, theme
from app.ui.preferences import FOLLOW_SYSTEM, Preferences


def apply(application: QApplication, preferences: Preferences) -> None:
    """Take the look from the preferences and draw every open widget anew."""
    if preferences.mode == FOLLOW_SYSTEM:
        application.styleHints().unsetColorScheme()
    prefs.use(preferences)
    if preferences.mode != FOLLOW_SYSTEM:
        theme.tell_system(application)
    style.apply(application)


def demo_command() -> tuple[str, list[str]]:
    """Return program and words that open the demo in a window of its own."""
    if getattr(sys, "frozen", False):
        return sys.executable, ["demo"]
    return sys.executable, ["-m", "app", "demo"]


def start_demo() -> bool:
    """Start the demo as a process of its own: its vault and its venues are not this window's."""
    program, words = demo_command()
    process = QProcess()
    process.setProgram(program)
    process.setArguments(words)
    process.setProcessEnvironment(QProcessEnvironment.systemEnvironment())
    # The binding returns a pair or the first of it alone, by version.
    started: object = process.startDetached()
    return bool(started[0] if isinstance(started, tuple) else started)
