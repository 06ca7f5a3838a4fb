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
    """Blocks of one width, by their key.

    Signals:
        asked: Key of a figure: how is it computed?
    """

    asked = Signal(str)

    def __init__(self, names: Mapping[str, str]) -> None:
        """Take what the figures are called, by their key; none is known yet."""
        super().__init__()
        self.setObjectName("panel")
        self.blocks = {kind: Block(name) for kind, name in names.items()}
        parts: list[w.Item] = []
        for kind, block in self.blocks.items():
            block.asked.connect(partial(self.asked.emit, kind))
            parts += ([w.vline()] if parts else []) + [(block, 1)]
        w.fill(QHBoxLayout(self), parts, 14, (16, 10, 10, 9))
        self.setFixedHeight(theme.px(84))

    def figures(self) -> dict[str, str]:
        """Return the exact figures that are known."""
        blocks = self.blocks.items()
        return {kind: plain(block.figure.exact) for kind, block in blocks if block.figure.exact is not None}
