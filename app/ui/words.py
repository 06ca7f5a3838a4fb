"""Words on screen: one door to translation for functions that belong to no QObject."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def tr(text: str) -> str:
    """Return the text in the person's language."""
    return QCoreApplication.translate("Counterfoil", text)
