"""What each action does: the list in `app.ui.actions` bound to the desk."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from typing import cast

from PySide6.QtWidgets import QWidget

from app.core.model.views import ActivityFilter
from app.core.ports import Progress
from app.ui import format as fmt
from app.ui import theme
from app.ui.aio import thread_safe
from app.ui.screens.audit_log import verified
from app.ui.screens.base import Screen
from app.ui.screens.ledger_export import ask_for_ledger
from app.ui.screens.tax import TaxScreen
from app.ui.screens.year_close import CloseScreen
from app.ui.shell import hits, popovers
from app.ui.shell.desk import Desk
from app.ui.shell.keys_sheet import KeysSheet
from app.ui.shell.layers import Layer, centred, from_top, rect_in, under_right
from app.ui.shell.palette import Palette
from app.ui.shell.places import SCREENS
from app.ui.shell.reading_order import focus_stops
from app.ui.shell.scope_bar import focus
from app.ui.widgets.saving import ask_where
from app.ui.words import tr

_ENTRIES = 6


class Bindings:
    """The doing side of the actions of one desk."""

    def __init__(self, desk: Desk, leave: Callable[[], None]) -> None:
        """Take the desk and what closes the window."""
        self._desk = desk
        bind = desk.commands.bind
        for place in (
            "overview", "performance", "track", "positions", "activity", "reconciliation", "transfers", "prices",
            "findings", "audit", "markets", "risk", "alerts", "tax", "connections", "settings",
        ):  # fmt: skip
            bind(f"go-{place}", partial(desk.go, place))
        bind("next-region", partial(self.next_region, 1))
        bind("previous-region", partial(self.next_region, -1))
        bind("palette", self.open_palette)
        bind("hide-amounts", partial(self.toggle_mask, fmt.Mask.AMOUNTS))
        bind("hide-everything", partial(self.toggle_mask, fmt.Mask.EVERYTHING))
        bind("filter", self.focus_filter)
        bind("previous-period", partial(desk.scope_bar.step_period, -1))
        bind("next-period", partial(desk.scope_bar.step_period, 1))
        bind("all-accounts", desk.all_accounts)
        bind("jobs", self.toggle_dock)
        bind("notifications", self.open_findings)
        bind("undo", desk.toasts.undo)
        bind("fold-rail", self.fold_rail)
        bind("theme", self.next_theme)
        bind("close-panel", desk.close_panel)
        bind("refresh", self.refresh)
        bind("add-source", partial(desk.go, "connections/add"))
        bind("import", partial(desk.go, "connections/import"))
        bind("export", self.export)
        bind("export-ledger", self.export_ledger)
        bind("export-gl", partial(ask_for_ledger, desk))
        bind("close-year", self.close_year)
        bind("verify", self.verify)
        bind("lock", desk.lock_wanted.emit)
        bind("backup", self.backup)
        bind("keys", self.open_keys)
        bind("quit", leave)
        desk.rail.menu_wanted.connect(self.open_menu)
        self._menu = desk.commands.menu(desk)

    # moving about --------------------------------------------------------------------------------------------------
    def regions(self) -> list[QWidget]:
        """Return the parts of the window that F6 goes through."""
        desk = self._desk
        parts = [desk.rail, desk.scope_bar, desk.header, desk.stack, desk.inspector, desk.dock]
        return [part for part in parts if part.isVisibleTo(desk) and focus_stops(part)]

    def next_region(self, step: int) -> None:
        """Put the focus into the next part of the window."""
        parts, current = self.regions(), cast("QWidget | None", self._desk.window().focusWidget())
        inside = [index for index, part in enumerate(parts) if current is not None and part.isAncestorOf(current)]
        at = inside[0] if inside else -1
        if parts:
            focus(focus_stops(parts[(at + step) % len(parts)])[0])

    def open_menu(self) -> None:
        """Open the menu of everything under the logo."""
        brand = self._desk.rail.brand
        self._menu.popup(brand.mapToGlobal(brand.rect().bottomLeft()))

    def focus_filter(self) -> None:
        """Put the cursor into the filter of the screen."""
        field = self._desk.screen.filter_field() if self._desk.screen else None
        if field is not None:
            focus(field)

    def toggle_dock(self) -> None:
        """Open or close the jobs."""
        self._desk.dock.open_dock(is_open=not self._desk.dock.isVisibleTo(self._desk))

    def fold_rail(self) -> None:
        """Fold or unfold the rail, and remember it."""
        self._desk.preferences.keep("look/narrow-rail", not self._desk.preferences.is_rail_narrow)
        self._desk.fold()

    def next_theme(self) -> None:
        """Take the theme after this one."""
        modes = theme.MODES
        self._desk.preferences.keep("look/mode", modes[(modes.index(theme.look().mode) + 1) % len(modes)])
        self._desk.look_changed.emit()

    def toggle_mask(self, level: fmt.Mask) -> None:
        """Hide, or show again."""
        self._desk.set_mask(fmt.Mask.NOTHING if fmt.mask() >= level else level)

    # what floats ---------------------------------------------------------------------------------------------------
    def open_palette(self) -> None:
        """Open the palette over everything that is in memory; entries are searched for as one types."""
        desk = self._desk
        if desk.layer is not None and isinstance(desk.layer.content, Palette):
            desk.close_layer()
            return
        known = [
            *hits.of_commands(desk.commands),
            *hits.of_screens(SCREENS, desk.commands),
            *hits.of_connections(desk.standing.connections),
        ]
        palette = Palette(known, self._rearrange)
        palette.chosen.connect(self._chosen)
        palette.asked.connect(partial(self._asked, palette))
        desk.open_layer(Layer(desk, palette, from_top(112), scrim=True))
        desk.run(self._add_assets(palette), what=tr("Reading the positions"))

    def _rearrange(self) -> None:
        if self._desk.layer is not None:
            self._desk.layer.arrange()

    async def _add_assets(self, palette: Palette) -> None:
        positions = await self._desk.workspace.portfolio.positions()
        if self._is_open(palette):
            palette.add_known(hits.of_positions(positions.positions))

    def _is_open(self, palette: Palette) -> bool:
        return self._desk.layer is not None and self._desk.layer.content is palette

    def _asked(self, palette: Palette, words: str) -> None:
        self._desk.run(self._find_entries(palette, words), what=tr("Searching the entries"))

    async def _find_entries(self, palette: Palette, words: str) -> None:
        page = await self._desk.workspace.portfolio.activity(ActivityFilter(text=words), 0, _ENTRIES)
        if self._is_open(palette):
            palette.show_entries(words, hits.of_entries(page.entries))

    def _chosen(self, target: str) -> None:
        self._desk.close_layer()
        kind, _, action_id = target.partition(":")
        if kind == "action":
            self._desk.commands.run(action_id)
        else:
            self._desk.go(target)

    def open_findings(self) -> None:
        """Open the findings under the bell."""
        desk = self._desk
        card = popovers.findings(desk.standing.findings, desk.go, desk.close_layer)
        desk.open_layer(Layer(desk, card, under_right(rect_in(desk, desk.scope_bar.bell))))

    def open_keys(self) -> None:
        """Open the sheet of all keys."""
        desk = self._desk
        sheet = KeysSheet(desk.commands, desk.close_layer)
        desk.open_layer(Layer(desk, sheet, centred, scrim=True))

    def close_year(self) -> None:
        """Close the year that the place of taxes shows, else go on with the one that is under way."""
        shown = self._desk.screen
        self._desk.go(shown.closing_place() if isinstance(shown, TaxScreen) else CloseScreen.place)

    # books ---------------------------------------------------------------------------------------------------------
    def refresh(self) -> None:
        """Read all sources and the newest marks."""
        desk = self._desk
        if desk.standing.connections:
            desk.workspace.ingest.start()
        desk.prices.ask()

    def verify(self) -> None:
        """Check every record again, as a job."""
        desk = self._desk

        async def work(progress: Progress) -> str:
            return await verified(desk.workspace, progress)

        self._job(tr("Verify every record"), work)

    def backup(self) -> None:
        """Ask where, then write an encrypted copy as a job."""
        self._desk.run(self._backup(), what=tr("Backing up"))

    async def _backup(self) -> None:
        stamp = fmt.date(self._desk.now_ns)
        target = await self._ask_where(tr("Back up the vault"), f"counterfoil-{stamp}.backup")
        if target is None:
            return

        async def work(progress: Progress) -> str:
            await self._desk.workspace.backup(target, thread_safe(progress))
            return tr("Written and checked: %s").replace("%s", target.name)

        self._job(tr("Back up the vault"), work)

    def _job(self, title: str, work: Callable[[Progress], Coroutine[object, object, str]]) -> None:
        job_id = self._desk.workspace.jobs.start(title, work)
        self._desk.run(self._announce(job_id), what=title)

    async def _announce(self, job_id: int) -> None:
        job = await self._desk.workspace.jobs.finished(job_id)
        if job.outcome:
            self._desk.toast(f"{job.title}: {job.outcome}")

    def export(self) -> None:
        """Ask where, then write what the screen shows."""
        screen = self._desk.screen
        if screen is not None and screen.export_rows() is not None:
            self._desk.run(self._export(screen), what=tr("Exporting"))

    async def _export(self, screen: Screen) -> None:
        place = self._desk.place.partition("/")[0]
        target = await self._ask_where(tr("Export what you see"), f"{place}-{fmt.date(self._desk.now_ns)}.csv")
        found = None if target is None else await screen.whole_rows()
        if target is None or found is None:
            return
        columns, rows = found
        loop, write = asyncio.get_running_loop(), self._desk.workspace.runtime.csv.write
        await loop.run_in_executor(None, write, target, columns, rows)
        self._told(len(rows), target)

    def export_ledger(self) -> None:
        """Ask where, then write all entries."""
        self._desk.run(self._export_ledger(), what=tr("Exporting"))

    async def _export_ledger(self) -> None:
        target = await self._ask_where(tr("Export all entries"), f"ledger-{fmt.date(self._desk.now_ns)}.csv")
        if target is not None:
            self._told(await self._desk.workspace.exports.ledger_csv(target), target)

    def _told(self, rows: int, target: Path) -> None:
        words = fmt.counted(rows, tr("%s row written to %f"), tr("%s rows written to %f")).replace("%f", target.name)
        self._desk.toast(words)

    async def _ask_where(self, title: str, name: str) -> Path | None:
        return await ask_where(self._desk, title, name)
