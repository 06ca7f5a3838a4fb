"""The tabs of the Overview: what it is worth now, what a period brought, and for which risk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from app.ui.screens.base import Screen
from app.ui.words import tr

TABS = (("overview", "Overview"), ("performance", "Performance"), ("track", "Risk-adjusted"))


class OverviewPlace(Screen):
    """One of them; each is a screen of its own, read only once it is shown."""

    heading: ClassVar[str] = "Overview"
    rail: ClassVar[str] = TABS[0][0]

    def stand_in(self) -> Screen:
        """Return what has the same tabs, so that they stay where they are."""
        return _StandIn(self)

    def tabs(self) -> Sequence[str]:
        """Return the names of all of them."""
        return tuple(tr(title) for _, title in TABS)

    def tab(self) -> int:
        """Return which of them this one is."""
        return next(number for number, (place, _) in enumerate(TABS) if place == self.place)

    def show_tab(self, index: int) -> None:
        """Go to another one."""
        if index != self.tab():
            self.shell.go(TABS[index][0])


class _StandIn(OverviewPlace):
    """Stands in for one of them while its pieces are made."""

    def __init__(self, of: OverviewPlace) -> None:
        super().__init__(of.shell)
        self._tab = of.tab()

    def tab(self) -> int:
        return self._tab
