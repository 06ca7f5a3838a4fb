"""Which screens there are, and where the rail shows them."""

from __future__ import annotations

from collections.abc import Sequence

from app.ui.actions import Commands, written
from app.ui.screens.alerts import AlertsScreen
from app.ui.screens.audit_log import AuditScreen
from app.ui.screens.base import Screen
from app.ui.screens.connections import ConnectionsScreen
from app.ui.screens.findings import FindingsScreen
from app.ui.screens.markets import MarketsScreen
from app.ui.screens.overview import OverviewScreen
from app.ui.screens.performance import PerformanceScreen
from app.ui.screens.positions import PositionsScreen
from app.ui.screens.prices import PricesScreen
from app.ui.screens.reconciliation import ReconciliationScreen
from app.ui.screens.risk import RiskScreen
from app.ui.screens.settings import SettingsScreen
from app.ui.screens.tax import TaxScreen
from app.ui.screens.track import TrackScreen
from app.ui.screens.transfers import TransfersScreen
from app.ui.screens.year_close import CloseScreen
from app.ui.shell.rail import NavItem
from app.ui.words import tr

UPPER: Sequence[type[Screen]] = (
    OverviewScreen, PositionsScreen, MarketsScreen, RiskScreen, AlertsScreen, ReconciliationScreen, TaxScreen,
    ConnectionsScreen,
)  # fmt: skip
LOWER: Sequence[type[Screen]] = (SettingsScreen,)
SCREENS: Sequence[type[Screen]] = (
    *UPPER, PerformanceScreen, TrackScreen, TransfersScreen, PricesScreen, FindingsScreen, AuditScreen, CloseScreen,
    *LOWER,
)  # fmt: skip


def screen_of(place: str) -> tuple[type[Screen], int | None]:
    """Return the screen of a place, and which of its tabs; KeyError where there is no such place."""
    for screen in SCREENS:
        if screen.place == place:
            return screen, (0 if screen.also else None)
        if place in screen.also:
            return screen, screen.also[place]
    raise KeyError(place)


def items(screens: Sequence[type[Screen]], commands: Commands) -> list[NavItem]:
    """Return the items of the rail."""
    made = []
    for screen in screens:
        keys = commands.keys(f"go-{screen.place}")
        made.append(
            NavItem(screen.place, tr(screen.heading or screen.title), screen.icon, written(keys[0]) if keys else "")
        )
    return made
