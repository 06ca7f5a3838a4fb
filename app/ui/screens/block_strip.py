"""Figures side by side in one panel, each with its name, its "how computed" and a note."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from app.core.money import plain
from app.ui import theme
from app.ui.screens.overview_figures import Block
from app.ui.widgets import basics as w


class BlockStrip(QFrame):
    """Blocks by their key, of one width but for the main one, which is wider and whose figure is larger.

    Signals:
        asked: Key of a figure: how is it computed?
    """

    asked = Signal(str)

    def __init__(self, names: Mapping[str, str], *, main: str = "") -> None:
        """Take what the figures are called, by their key, and which is the main one; none is known yet."""
        super().__init__()
        self.setObjectName("panel")
        self.blocks = {kind: Block(name, is_main=kind == main) for kind, name in names.items()}
        parts: list[w.Item] = []
        for kind, block in self.blocks.items():
            block.asked.connect(partial(self.asked.emit, kind))
            parts += ([w.vline()] if parts else []) + [(block, 3 if kind == main else 2)]
        w.fill(QHBoxLayout(self), parts, 14, (18, 10, 12, 9) if main else (16, 10, 10, 9))
        self.setFixedHeight(theme.px(90 if main else 84))

    def figures(self) -> dict[str, str]:
        """Return the exact figures that are known."""
        blocks = self.blocks.items()
        return {kind: plain(block.figure.exact) for kind, block in blocks if block.figure.exact is not None}
