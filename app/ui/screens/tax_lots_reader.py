"""Reads the open lots as a job: the first time they are derived that takes a while, and can be stopped."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from app.core.errors import CounterfoilError
from app.core.lots.methods import BY_LOT
from app.core.ports import Progress
from app.services.lots import OpenLots
from app.services.tax_years import Asked, TaxYear
from app.ui import format as fmt
from app.ui.screens import tax_lots_open_rows as rows
from app.ui.screens.base import Shell
from app.ui.screens.tax_lots_open import OpenLotsView
from app.ui.widgets import basics as w
from app.ui.words import tr


class OpenReader(QObject):
    """Fills the view of open lots with those of a question and of the day that is asked for."""

    def __init__(self, shell: Shell, view: OpenLotsView, parent: QWidget) -> None:
        """Take the window and the view."""
        super().__init__(parent)
        self._shell, self._view = shell, view
        self._of: tuple[TaxYear, Asked] | None = None
        self._job: int | None = None
        view.day.changed.connect(self.again)

    def read(self, found: TaxYear, asked: Asked) -> None:
        """Read the lots of a question, unless they are there or on their way already."""
        if self._of is not None and self._of[0] is found:
            return
        self._of = found, asked
        self.again()

    @Slot()
    def again(self) -> None:
        """Read them anew: of another day, or after they were stopped."""
        if self._of is None or self._of[0].profile.method not in BY_LOT:
            return
        if self._job is not None:
            self._shell.workspace.jobs.cancel(self._job)
        self._view.stage.show_loading()
        self._shell.run(self._read(*self._of), what=tr("Reading the open lots"))

    async def _read(self, found: TaxYear, asked: Asked) -> None:
        workspace, at, made = self._shell.workspace, self._moment(found), list[OpenLots | Exception]()

        async def work(progress: Progress) -> str:
            try:
                lots = await workspace.lots.open(replace(asked, year=None), at, progress=progress)
            except Exception as fault:
                made.append(fault)
                raise
            made.append(lots)
            return fmt.counted(len(lots.lots), tr("%s open lot"), tr("%s open lots"))

        job = self._job = workspace.jobs.start(tr("Open lots"), work, can_retry=False)
        await workspace.jobs.finished(job)
        if self._job != job:
            return
        self._job = None
        answer = made[0] if made else None
        if isinstance(answer, OpenLots):
            await self._show(found, answer)
        elif answer is None:
            self._show_stopped()
        else:
            self._view.stage.show_fault(tr("The open lots cannot be told."), answer)
            if not isinstance(answer, CounterfoilError):
                raise answer

    async def _show(self, found: TaxYear, lots: OpenLots) -> None:
        workspace = self._shell.workspace
        accounts = {one.account_id: one.name for one in await workspace.portfolio.accounts()}
        make = asyncio.get_running_loop().run_in_executor
        made = await make(None, rows.branches, lots, workspace.runtime.assets, accounts)
        if self._of is not None and self._of[0] is found and self._job is None:
            self._view.show_lots(made, lots.currency, lots.profile)

    def _show_stopped(self) -> None:
        again = w.button(tr("Read open lots"), "primary", "rotate-cw")
        again.clicked.connect(self.again)
        told = tr("The reading was stopped; your books are as they were.")
        self._view.stage.show_empty(tr("The open lots were not read."), told, again)

    def _moment(self, found: TaxYear) -> int | None:
        """Return the last moment of the day that is asked for; None where it is now, or has not come yet."""
        day = self._view.day.day
        if day is None:
            return None
        at = found.profile.calendar.start_of(day + timedelta(days=1)) - 1
        return at if at < self._shell.workspace.runtime.clock.now_ns() else None
