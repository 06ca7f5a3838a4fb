"""Days that a person types, as 2025-06-30; an empty field is no limit."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QLineEdit

from app.core.errors import InputError
from app.ui import theme
from app.ui.widgets import basics as w
from app.ui.widgets.tables_states import offer_clearing
from app.ui.words import tr

_WIDE = 130


def day_field(name: str) -> QLineEdit:
    """Return a field for a day."""
    made = w.field("", tr("YYYY-MM-DD"), name=name)
    made.setFixedWidth(theme.px(_WIDE))
    made.setToolTip(name)
    offer_clearing(made)
    return made


def day_of(text: str) -> date | None:
    """Return the day that was typed; None where nothing was, InputError where it is none."""
    words = text.strip()
    if not words:
        return None
    try:
        return date.fromisoformat(words)
    except ValueError as error:
        raise InputError(f"“{words}” is no date.", hint=tr("Example: 2025-06-30")) from error
