"""What a person is shown of a fault that nobody foresaw: what, what it means, and details without secrets."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QApplication, QPlainTextEdit, QWidget

from app.core.errors import CounterfoilError
from app.core.findings import Severity
from app.ui import hints, theme
from app.ui.screens.base import Banner
from app.ui.shell.layers import Layer, centred
from app.ui.traces import trace
from app.ui.widgets import basics as w
from app.ui.words import tr


def banner(what: str, fault: BaseException, show: Callable[[str], None]) -> Banner:
    """Return the banner of a fault: its own words where it has some, else what was being done."""
    if isinstance(fault, CounterfoilError):
        meaning = " ".join(part for part in (f"{what}." if what else "", hints.hint(fault)) if part)
        return Banner(Severity.ERROR, fault.message, meaning, tr("Details"), partial(show, trace(fault)))
    words = tr("%s failed.").replace("%s", what) if what else tr("Something failed.")
    meaning = tr("This is a fault of the program; your books are not affected.")
    return Banner(Severity.ERROR, words, meaning, tr("Details"), partial(show, trace(fault)))


def details(host: QWidget, text: str) -> Layer:
    """Return a card with the technical details, to be copied."""
    field = QPlainTextEdit(text)
    field.setReadOnly(True)
    field.setFont(theme.font("mono_small"))
    field.setAccessibleName(tr("Details"))
    field.setFixedSize(theme.px(600), theme.px(240))
    copy = w.button(tr("Copy"), "primary", "copy")
    copy.clicked.connect(partial(QApplication.clipboard().setText, text))
    close = w.button(tr("Close"))
    note = w.text(tr("No keys, names or figures are in here."), "caption", "text_3")
    card = w.frame(
        "overlay", w.text(tr("Details"), "heading"), field, w.row(note, None, close, copy), margins=(18, 14, 18, 16)
    )
    w.shadow(card, 3)
    layer = Layer(host, card, centred, scrim=True)
    close.clicked.connect(layer.close_layer)
    return layer
