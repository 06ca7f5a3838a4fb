"""Risk: how much can be lost, by what, and how sure that is. One question at the top, its answer in sections."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from app.core.errors import CounterfoilError, InputError
from app.core.findings import Severity
from app.ui.screens.base import Banner, Screen, Shell
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
from app.ui.widgets import basics as w
from app.ui.widgets.tables_states import Stage
from app.ui.words import tr

PANES: Sequence[type[RiskPane]] = (
    OverviewPane, CorrelationPane, ContributionsPane, DrawdownPane, StressPane, ConcentrationPane, LiquidityPane,
    CardPane,
)  # fmt: skip


class RiskScreen(Screen):
    """The risk place; "risk/stress" opens a section of it."""

    place: ClassVar[str] = "risk"
    title: ClassVar[str] = "Risk"
    icon: ClassVar[str] = "shield-alert"
    parts: ClassVar[Sequence[tuple[str, str]]] = tuple((f"risk/{kind.word}", kind.title) for kind in PANES[1:])

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is asked yet."""
        super().__init__(shell)
        self.bar = RiskBar()
        self.reading = Reading(shell, self)
        self._made: dict[int, RiskPane] = {}
        self._taken: dict[int, object] = {}
        self._pages = QStackedWidget()
        for _kind in PANES:
            self._pages.addWidget(QWidget())
        self.stage = Stage(self._pages)
        w.fill(QVBoxLayout(self), [self.bar, (self.stage, 1)], 0)
        self._is_shown = self._is_giving = False
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

    # sections ------------------------------------------------------------------------------------------------------
    @property
    def pane(self) -> RiskPane:
        """Return the section that is shown; it is made when it is shown for the first time."""
        return self._made.get(self.tab()) or self._make(self.tab())

    def _make(self, index: int) -> RiskPane:
        made = self._made[index] = PANES[index](self.shell)
        stand_in = self._pages.widget(index)
        self._pages.insertWidget(index, made)
        self._pages.setCurrentWidget(made)
        if stand_in is not None:
            self._pages.removeWidget(stand_in)
            stand_in.deleteLater()
        return made

    def tabs(self) -> Sequence[str]:
        """Return the words of the sections."""
        return tuple(tr(kind.title) for kind in PANES)

    def tab(self) -> int:
        """Return the section that is shown."""
        return self._pages.currentIndex()

    def show_tab(self, index: int) -> None:
        """Show a section."""
        if index == self.tab():
            return
        focused = QApplication.focusWidget()
        had_focus = focused is not None and self.isAncestorOf(focused)
        self._pages.setCurrentIndex(index)
        if self._is_shown:
            self._show()
            if had_focus:
                self.main_part().setFocus(Qt.FocusReason.OtherFocusReason)

    # the window asks -----------------------------------------------------------------------------------------------
    def header_actions(self) -> Sequence[QWidget]:
        """Return Export."""
        return (self.export,)

    def activate(self, detail: str = "") -> None:
        """Follow prices and books, and compute; `detail` names a section."""
        index = next((index for index, kind in enumerate(PANES) if kind.word == detail), self.tab())
        was_shown = self._is_shown
        if index != self.tab():
            self._pages.setCurrentIndex(index)
            self.header_changed.emit()
        self._is_shown = True
        self.reading.listen()
        self._second.start()
        if self.reading.found is None:
            self.stage.show_loading()
        if was_shown:
            self._show()
        else:
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

    def masking_changed(self) -> None:
        """Write every figure anew."""
        for pane in self._made.values():
            pane.redraw()

    def main_part(self) -> QWidget:
        """Return what the keyboard acts on in the section that is shown, or what stands in its place."""
        return self.pane.main_part() if self.tab() in self._made and self.stage.state == "table" else self.stage

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return what the section shows, raw."""
        return self.pane.export_rows() if self.stage.state == "table" else None

    def figures(self) -> Mapping[str, str]:
        """Return the exact figures of the section that is shown."""
        return self.pane.figures() if self.stage.state == "table" else {}

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let t show the chart as a table."""
        if self.stage.state != "table" or not self.pane.press(event.key()):
            super().keyPressEvent(event)

    # question and answer -------------------------------------------------------------------------------------------
    @Slot(object)
    def _ask(self, asked: Asked) -> None:
        self.bar.show_asked(asked)
        self.reading.ask(asked)

    @Slot(object)
    def _look(self, _view: View) -> None:
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
        if self._taken.get(self.tab()) == self._wanted():
            self.stage.show_table()
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
                await asyncio.sleep(0)
                found, scored, view = self._taken[tab] = self._wanted()
                if found is None:
                    return
                # Seen before it is filled: to lay out a section takes as long as to fill it.
                had_focus = self.stage.hasFocus()
                self.stage.show_table()
                if had_focus:
                    self.main_part().setFocus(Qt.FocusReason.OtherFocusReason)
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
        if self.reading.found is not None and self.stage.state == "table":
            self.pane.show_limits()

    @Slot()
    def _tell_age(self) -> None:
        reading = self.reading
        now = self.shell.workspace.runtime.clock.now_ns()
        self.bar.show_state(reading.found, reading.job, now, is_current=reading.is_current)

    @Slot()
    def _export_seen(self) -> None:
        rows = self.export_rows()
        if rows is not None:
            name = f"risk-{self.pane.word}"
            self.shell.run(self.pane.files.save_rows(name, *rows), what=tr("Exporting"))
