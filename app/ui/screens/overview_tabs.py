"""The tabs of the Overview: what it is worth now, what a period brought, and for which risk."""

from __future__ import annotations

from typing import ClassVar

from app.ui.screens.base import Screen
from app.ui.screens.sibling import SiblingScreen

TABS = (("overview", "Overview"), ("performance", "Performance"), ("track", "Risk-adjusted"))


class OverviewPlace(SiblingScreen):
    """One of them."""

    siblings = TABS
    heading: ClassVar[str] = "Overview"
    rail: ClassVar[str] = TABS[0][0]

    def stand_in(self) -> Screen:
        """Return what has the same tabs, so that they stay where they are."""
        return _StandIn(self)


class _StandIn(OverviewPlace):
    """Stands in for one of them while its pieces are made."""

    def __init__(self, of: OverviewPlace) -> None:
        super().__init__(of.shell)
        self._tab = of.tab()

    def tab(self) -> int:
        return self._tab
