"""Risk: how much can be lost, by what, and how sure that is. One question at the top, its answer in sections."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.errors import CounterfoilError, InputError
from app.core.findings import Severity
from app.ui.screens.base import Banner, Shell
from app.ui.screens.risk_bar import RiskBar
from app.ui.screens.risk_card import CardPane
from app.ui.screens.risk_concentration import ConcentrationPane
from app.ui.screens.risk_contributions import ContributionsPane
from app.ui.screens.risk_correlation import CorrelationPane
from app.ui.screens.risk_drawdown import DrawdownPane
from app.ui.screens.risk_found import Asked, Found, Scored, View
from app.ui.screens.risk_liquidity import LiquidityPane
from app.ui.screens.risk_overview import OverviewPane
from app.ui.screens.risk_pane import RiskPane
from app.ui.screens.risk_reading import Reading
from app.ui.screens.risk_stress import StressPane
from app.ui.screens.tabbed import TabbedScreen
from app.ui.widgets import basics as w
from app.ui.words import tr

if TYPE_CHECKING:
    from app.services.risk_live import LiveFigures

PANES: Sequence[type[RiskPane]] = (
    OverviewPane, CorrelationPane, ContributionsPane, DrawdownPane, StressPane, ConcentrationPane, LiquidityPane,
    CardPane,
)  # fmt: skip


class RiskScreen(TabbedScreen[RiskPane]):
    """The risk place; "risk/stress" opens a section of it."""

    place: ClassVar[str] = "risk"
    title: ClassVar[str] = "Risk"
    icon: ClassVar[str] = "shield-alert"
    parts: ClassVar[Sequence[tuple[str, str]]] = tuple((f"risk/{kind.word}", kind.title) for kind in PANES[1:])

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is asked yet."""
        super().__init__(shell, PANES)
        self.bar = RiskBar()
        self.reading = Reading(shell, self)
        w.fill(QVBoxLayout(self), [self.bar, (self.stage, 1)], 0)
        self._is_giving = False
        self._second = QTimer(self, interval=1_000)
        self._second.timeout.connect(self._tell_age)
        self.export = w.button(tr("Export"), "", "download")
        self.export.clicked.connect(self._export_seen)
        self.bar.asked.connect(self._ask)
        self.bar.looked.connect(self._look)
        self.bar.renewed.connect(self.reading.compute)
        self.bar.stopped.connect(self.reading.stop)
        self.reading.changed.connect(self._show)
        self.reading.limits_moved.connect(self._show_limits)
        self.reading.followed.connect(self._show_live)

    # the window asks -----------------------------------------------------------------------------------------------
    def header_actions(self) -> Sequence[QWidget]:
        """Return Export."""
        return (self.export,)

    def show_tab(self, index: int) -> None:
        """Show a section, and follow order books while it is one that shows them."""
        super().show_tab(index)
        self.reading.follow_books(is_wanted=self._kinds[index].shows_books)

    def activate(self, detail: str = "") -> None:
        """Follow prices and books, and compute; `detail` names a section."""
        index = self.tab_named(detail)
        was_shown = self._is_shown
        if index != self.tab():
            self.show_tab(index)
            self.header_changed.emit()
        self._is_shown = True
        self.reading.listen()
        self._second.start()
        if self.reading.found is None:
            self.stage.show_loading()
        self._enter()
        if not was_shown:
            self._ask(replace(self.reading.asked, accounts=self.shell.scope.accounts))

    def deactivate(self) -> None:
        """Follow nothing: a hidden screen costs nothing."""
        self._is_shown = False
        self.reading.rest()
        self.reading.stop()
        self._second.stop()

    def scope_changed(self) -> None:
        """Ask for the accounts of the scope; risk is of now, whatever the period is."""
        if self.shell.scope.accounts != self.reading.asked.accounts:
            self._ask(replace(self.reading.asked, accounts=self.shell.scope.accounts))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let t show the chart as a table."""
        pane = self._answering()
        if pane is None or not pane.press(event.key()):
            super().keyPressEvent(event)

    # question and answer -------------------------------------------------------------------------------------------
    @Slot(object)
    def _ask(self, asked: Asked) -> None:
        self.bar.show_asked(asked)
        self.reading.ask(asked)

    @Slot(object)
    def _look(self, _view: View) -> None:
        self._show()

    def _entered(self) -> None:
        self._show()

    @Slot()
    def _show(self) -> None:
        if not self._is_shown:
            return
        self._tell_age()
        reading = self.reading
        self.export.setEnabled(reading.found is not None)
        if reading.found is None:
            self._show_nothing()
            return
        self.shell.banner(self._banner())
        pane = self.pane
        if pane is None:
            # It is being made, and begins then.
            return
        if self._taken.get(self.tab()) == self._wanted():
            self._show_pane(pane)
        elif not self._is_giving:
            self._is_giving = True
            self.shell.run(self._give(), what=tr("Showing risk"))

    def _wanted(self) -> tuple[Found | None, Scored | None, View]:
        """Return what the section that is seen shall show."""
        return self.reading.found, self.reading.scored, self.bar.view

    async def _give(self) -> None:
        """Let sections show the newest answer, a part a turn, each to its end: half an answer is none."""
        try:
            while self._is_shown and self._taken.get(self.tab()) != self._wanted():
                tab, pane = self.tab(), self.pane
                if pane is None:
                    return
                found, scored, view = self._taken[tab] = self._wanted()
                if found is None:
                    return
                # Seen before it is filled: to lay out a section takes as long as to fill it.
                self._show_pane(pane)
                await asyncio.sleep(0)
                for show in pane.take(found, scored, view):
                    show()
                    await asyncio.sleep(0)
        finally:
            self._is_giving = False

    def _banner(self) -> Banner | None:
        """Return what says that figures of before are seen, since new ones could not be computed."""
        fault = self.reading.fault
        if fault is None:
            return None
        words = fault.message if isinstance(fault, CounterfoilError) else type(fault).__name__
        what = tr("These figures are of before: %s").replace("%s", words)
        return Banner(Severity.WARNING, what, "", tr("Compute again"), self.reading.compute)

    def _show_nothing(self) -> None:
        reading = self.reading
        if reading.fault is not None:
            self._show_fault(reading.fault)
        elif reading.job is None:
            again = w.button(tr("Compute"), "primary", "calculator")
            again.clicked.connect(reading.compute)
            self.stage.show_empty(
                tr("Not computed."), tr("The computation was stopped; your books are as they were."), again
            )

    def _show_fault(self, fault: Exception) -> None:
        again = w.button(tr("Compute again"), "primary", "rotate-cw")
        again.clicked.connect(self.reading.compute)
        if not isinstance(fault, InputError):
            self.stage.show_fault(tr("Risk was not computed."), fault, again)
            return
        prices = w.button(tr("Show prices"), "", "tag")
        prices.clicked.connect(partial(self._go, "prices"))
        connect = w.button(tr("Show connections"), "", "plug")
        connect.clicked.connect(partial(self._go, "connections"))
        words = " ".join(part for part in (fault.message, fault.hint) if part)
        self.stage.show_empty(
            tr("There is no figure of risk yet."), words[:1].upper() + words[1:], connect, prices, again
        )

    def _go(self, place: str, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        self.shell.go(place)

    @Slot()
    def _show_limits(self) -> None:
        pane = self._answering()
        if self.reading.found is not None and pane is not None:
            pane.show_limits()

    @Slot(object)
    def _show_live(self, figures: LiveFigures) -> None:
        pane = self._answering()
        if pane is not None:
            pane.show_live(figures)

    @Slot()
    def _tell_age(self) -> None:
        reading = self.reading
        now = self.shell.workspace.runtime.clock.now_ns()
        self.bar.show_state(reading.found, reading.job, now, is_current=reading.is_current)

    @Slot()
    def _export_seen(self) -> None:
        pane, rows = self.pane, self.export_rows()
        if pane is not None and rows is not None:
            self.shell.run(pane.files.save_rows(f"risk-{pane.word}", *rows), what=tr("Exporting"))
