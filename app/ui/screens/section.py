"""A part of a place that is made when it is shown for the first time: a tab of Risk or of taxes, a step of a wizard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from PySide6.QtWidgets import QWidget

from app.ui.screens.base import Shell
from app.ui.widgets.abstract import AbstractWidget

Rows = tuple[Sequence[str], Sequence[Sequence[str]]]
"""Headings and raw rows of what is seen."""


class Section(QWidget, metaclass=AbstractWidget):
    """What the place knows of it.

    Attributes:
        word: Opens it: `shell.go("<place>/<word>")`.
        title: Its word on screen.
    """

    word: ClassVar[str] = ""
    title: ClassVar[str] = ""

    def __init__(self, shell: Shell) -> None:
        """Take the window; what is shown comes with `pieces`."""
        super().__init__()
        self.shell = shell

    def pieces(self) -> Iterator[None]:
        """Make what it shows, a piece each time it is asked for one: each gets a turn of the loop of its own.

        Until all of them are made, nothing else is asked of it.
        """
        yield from ()

    def redraw(self) -> None:
        """Write every figure anew, since more or less is masked now."""

    def main_part(self) -> QWidget:
        """Return what the keyboard acts on once it is shown."""
        return self

    def filter_field(self) -> QWidget | None:
        """Return the field that Ctrl+F and "/" put the cursor into."""
        return None

    def export_rows(self) -> Rows | None:
        """Return what is seen, raw, for Ctrl+E; None where there is nothing to export."""
        return None

    def figures(self) -> Mapping[str, str]:
        """Return the exact figures that the widgets hold, for the demo run to compare."""
        return {}
