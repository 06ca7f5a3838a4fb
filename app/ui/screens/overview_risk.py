"""The tile of risk on the Overview: value at risk of what is held, read after everything else, with the way to Risk."""

from __future__ import annotations

import asyncio
import sys
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.core.errors import CounterfoilError
from app.core.model.views import Positions
from app.ui import format as fmt
from app.ui.screens import overview_ages
from app.ui.screens.base import Shell
from app.ui.screens.overview_figures import Block
from app.ui.screens.risk_explained import told
from app.ui.screens.risk_found import exact, horizon_words, in_names, level, share_of
from app.ui.widgets import basics as ui
from app.ui.words import tr

if TYPE_CHECKING:
    from app.services.risk_glance import Glance

_SERVICE = "app.services.risk_glance"
_LATER = 1_000
"""Milliseconds that the first figures of the window have for themselves before what computes risk is loaded."""
_LEVEL = 0.99


class RiskBlock(Block):
    """Value at risk with shortfall in its note.

    Signals:
        opened: The Risk place is wanted.
    """

    opened = Signal()

    def __init__(self) -> None:
        """Start without figures."""
        more = ui.icon_button("arrow-right", tr("Open Risk"), tone="text_3", side=24)
        super().__init__(f"{tr('VaR')} {level(_LEVEL)} · {horizon_words(1)}", more=more)
        self.more = more
        more.setProperty("icon_side", 12)
        more.setIconSize(self.info.iconSize())
        more.setFixedHeight(self.info.height())
        self.more.clicked.connect(self.opened)
        self.show_words(tr("computing"))

    def show_words(self, words: str) -> None:
        """Show that nothing is known, and why."""
        self.figure.show_figure(fmt.UNKNOWN, None, "text_3")
        self.note.setText(fmt.prose(words))
        self.note.setToolTip(fmt.prose(words))

    def show_glance(self, found: Glance, now: int, *, is_stale: bool) -> None:
        """Show an answer, grey where it rests on old marks."""
        amount = exact(found.value_at_risk.value_at_risk)
        tip = fmt.amount(amount, found.currency)
        self.figure.show_figure(fmt.compact(amount, found.currency), amount, "text_3" if is_stale else "text", tip)
        one = fmt.percent(share_of(found.value_at_risk.value_at_risk, found.value), places=1)
        other = fmt.percent(share_of(found.shortfall.expected_shortfall, found.value), places=1)
        short = f"{tr('ES')} {level(found.shortfall.confidence)}"
        age = tr("%a old").replace("%a", fmt.age(now - found.at))
        self.note.setText(f"{one} · {short} {other} · {age}")
        self.note.setToolTip(
            f"{one} {tr('of value')} · {short} {fmt.amount(exact(found.shortfall.expected_shortfall), found.currency)}"
            f" ({other}) · {age}"
        )


class _Names:
    """Names of an answer, for its explanation."""

    def __init__(self, found: Glance) -> None:
        self._names = found.names

    def name(self, asset: str) -> str:
        """Return how a person knows an asset."""
        return self._names.get(asset, asset)

    def words(self, sentence: str) -> str:
        """Return a sentence of the engine with names in place of ids."""
        return in_names(sentence, self._names)


class RiskTile(QObject):
    """Reads what the block shows, one answer at a time, and never before the rest of the Overview is there."""

    def __init__(self, shell: Shell, block: RiskBlock, parent: QObject) -> None:
        """Take the window and the block; nothing is asked yet."""
        super().__init__(parent)
        self._shell, self._block = shell, block
        self._held: Positions | None = None
        self._is_busy = self._is_due = False
        self.found: Glance | None = None
        self._later = QTimer(self, singleShot=True, interval=_LATER)
        self._later.timeout.connect(self._start)
        block.asked.connect(self._explain)
        block.opened.connect(partial(shell.go, "risk"))

    def ask(self, held: Positions) -> None:
        """Compute the risk of positions; while that is done once, the newest ones wait."""
        self._held, self._is_due = held, True
        if _SERVICE in sys.modules:
            self._start()
        elif not self._later.isActive():
            self._later.start()

    def rest(self) -> None:
        """Ask nothing more, now that the screen is hidden."""
        self._is_due = False
        self._later.stop()

    @Slot()
    def _start(self) -> None:
        if self._is_due and not self._is_busy:
            self._shell.run(self._read(), what=tr("Computing risk"))

    async def _read(self) -> None:
        self._is_busy = True
        try:
            # Numeric libraries take a moment to load, in which nothing would move.
            await asyncio.to_thread(import_module, _SERVICE)
            while self._is_due and self._held is not None:
                self._is_due, held = False, self._held
                await self._answer(held)
        finally:
            self._is_busy = False

    async def _answer(self, held: Positions) -> None:
        try:
            self.found = await self._shell.workspace.risk_glance.glance(held)
        except CounterfoilError as fault:
            self.found = None
            self._block.show_words(fault.message)
            return
        self.show()

    @Slot()
    def show(self) -> None:
        """Show the answer as old as it is now."""
        if self.found is None or self._held is None:
            return
        now = self._shell.workspace.runtime.clock.now_ns()
        self._block.show_glance(self.found, now, is_stale=overview_ages.ages(self._held, now).is_stale)

    @Slot()
    def _explain(self) -> None:
        found = self.found
        if found is None:
            return
        sides = (
            (tr("Value at risk"), found.value_at_risk, found.value_at_risk.value_at_risk),
            (tr("Expected shortfall"), found.shortfall, found.shortfall.expected_shortfall),
        )
        rows = [(f"{title} {level(one.confidence)}", self._told(value, found)) for title, one, value in sides]
        title = f"{tr('Value at risk')} {level(_LEVEL)} · {horizon_words(1)}"
        self._shell.explain(self._block.info, told(title, found.value_at_risk.basis, _Names(found), rows))

    @staticmethod
    def _told(value: float | None, found: Glance) -> str:
        share = fmt.percent(share_of(value, found.value), places=2)
        return f"{fmt.amount(exact(value), found.currency)} · {share}"
