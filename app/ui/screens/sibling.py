"""A place whose tabs are other places: one item of the rail leads to all of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from app.ui.screens.base import Screen
from app.ui.words import tr


class SiblingScreen(Screen):
    """One of these places; each is a screen of its own, read only once it is shown.

    Attributes:
        siblings: All of them, this one included: place and title, as their tabs stand.
    """

    siblings: ClassVar[tuple[tuple[str, str], ...]]

    def tabs(self) -> Sequence[str]:
        """Return the names of all of them."""
        return tuple(tr(title) for _, title in self.siblings)

    def tab(self) -> int:
        """Return which of them this one is."""
        return next(number for number, (place, _) in enumerate(self.siblings) if place == self.place)

    def show_tab(self, index: int) -> None:
        """Go to another one."""
        if index != self.tab():
            self.shell.go(self.siblings[index][0])
