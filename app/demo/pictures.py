"""Pictures of every screen in light and dark, and the exact figures that its widgets hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from app.core.ports import Runtime
from app.services.workspace import Workspace
from app.ui.application import grab, open_window, settle
from app.ui.main_window import MainWindow
from app.ui.screens.tax import TaxScreen

PLACES = {
    "overview": "overview",
    "performance": "performance",
    "risk-adjusted": "track",
    "positions": "positions",
    "position": "positions/bitcoin",
    "activity": "activity",
    "markets": "markets/bitcoin",
    "risk": "risk",
    "alerts": "alerts",
    "tax": "tax/summary",
    "tax-disposals": "tax/disposals",
    "tax-lots": "tax/lots",
    "tax-income": "tax/income",
    "tax-losses": "tax/losses",
    "tax-forms": "tax/forms",
    "connections": "connections",
    "findings": "findings",
    "reconciliation": "reconciliation",
    "settings": "settings",
}
"""Names of pictures with the place that each shows."""

COUNTRIES = ("us", "uk", "de")
"""Whose figures of the year are read back from the widgets; the others are those of their forms."""

MODES = ("dark", "light")
SIZE = (1440, 900)

Figures = Mapping[str, Mapping[str, str]]


class Pictures:
    """One window that is photographed screen by screen."""

    def __init__(self, runtime: Runtime, workspace: Workspace, folder: Path) -> None:
        """Open the window with preferences of its own: the person's are left alone."""
        apart = replace(runtime, settings_folder=folder / ".window")
        self.window: MainWindow = open_window(apart, workspace)
        self.folder = folder
        self.files: list[Path] = []
        self.figures: dict[str, Mapping[str, str]] = {}
        self._workspace = workspace

    async def take(self) -> None:
        """Show every screen once in each mode, save it, and read its figures back from the widgets."""
        self.window.resize(*SIZE)
        self.window.show()
        await settle(self.window)
        # Prices stand still from here on: all pictures and figures are of one moment.
        await self._workspace.market_data.stop_live()
        for mode in MODES:
            self.window.preferences.keep("look/mode", mode)
            self.window.apply_look()
            for name, place in PLACES.items():
                await self._take(name, place, mode)

        await self._take_countries()

    async def _take_countries(self) -> None:
        """Show the year under the rules of each country, in the last mode."""
        for code in COUNTRIES:
            await self._take(f"tax-{code}", "tax/summary", MODES[-1], country=code)

    async def _take(self, name: str, place: str, mode: str, country: str = "") -> None:
        desk = self.window.desk
        if desk is None:
            return
        desk.go(place)
        await settle(self.window)
        if country and isinstance(desk.screen, TaxScreen):
            desk.screen.bar.choose_country(country)
            await settle(self.window)
        # What the screen has computed as a job is part of the picture.
        working = [job for job in self._workspace.jobs.all() if job.ended_ns is None]
        for job in working:
            await self._workspace.jobs.finished(job.job_id)
        if working:
            await settle(self.window)
        if desk.screen is not None:
            self.figures[name] = desk.screen.figures()
        self.files.append(self.folder / f"{name}-{mode}.png")
        grab(self.window, self.files[-1])

    async def close(self) -> None:
        """Lock the vault and let the window go."""
        await self.window.end()
