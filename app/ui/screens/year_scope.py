"""First step of closing a year: whose rules, which year, which method and why; other ways, and the order of another."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.errors import CounterfoilError
from app.core.model.standing_orders import StandingOrder
from app.core.tax.jurisdictions import JURISDICTIONS
from app.core.tax.orders import in_force
from app.services.tax_years import Asked
from app.ui import format as fmt
from app.ui import hints
from app.ui.screens import tax_words as words
from app.ui.screens.base import Shell
from app.ui.screens.inspector_parts import Pair, pairs
from app.ui.screens.section import Rows
from app.ui.screens.tax_compare import ComparePane
from app.ui.screens.year_closing import YearState
from app.ui.screens.year_page import Page
from app.ui.widgets import basics as w
from app.ui.words import tr


class ScopePage(Page):
    """The question that is closed, in words; and the same sales under every other way that the law allows."""

    word: ClassVar[str] = "scope"
    title: ClassVar[str] = "Scope and method"
    lead: ClassVar[str] = "A year is closed as law and standing orders say. Compare, and order another way if you want."

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is read yet."""
        super().__init__(shell)
        self._taken: object = None
        self._box = QVBoxLayout()
        w.fill(self._box, [], 0)
        facts = QWidget()
        facts.setLayout(self._box)
        self.change = w.button(tr("Another year or country"), "link", size="small")
        self.change.clicked.connect(self._go_back)
        self.compare = ComparePane(shell)
        # Closing follows what is recorded: to look at another way is what the tab of taxes is for.
        self.compare.use.hide()
        head = w.row((facts, 1), w.column(self.change, None), spacing=12, margins=(16, 12, 16, 12))
        w.fill(QVBoxLayout(self), [head, w.hline(), (self.compare, 1)], 0)

    def take(self, standing: YearState, asked: Asked) -> None:
        """Say what is closed, and offer to compare."""
        if self._taken is standing.found:
            return
        self._taken = standing.found
        self.compare.take(standing.found, asked)
        self.shell.run(self._read(standing, asked), what=tr("Reading the standing orders"))

    async def _read(self, standing: YearState, asked: Asked) -> None:
        try:
            orders = await self.shell.workspace.tax.orders()
        except CounterfoilError as fault:
            self._show([Pair(tr("Orders"), hints.line(fault), tone="danger")])
            return
        if self._taken is standing.found:
            self._show(_facts(standing, asked, orders))

    def _show(self, facts: list[Pair]) -> None:
        w.clear(self._box)
        self._box.addWidget(pairs(facts, left=110))

    def be_stale(self, *, is_stale: bool) -> None:
        """Say that what is compared is older than the books."""
        self.compare.be_stale(is_stale=is_stale)

    def redraw(self) -> None:
        """Write every figure anew."""
        self.compare.redraw()

    def main_part(self) -> QWidget:
        """Return the table of ways."""
        return self.compare.main_part()

    def export_rows(self) -> Rows | None:
        """Return the comparison, raw."""
        return self.compare.export_rows()

    @Slot()
    def _go_back(self) -> None:
        self.shell.go("tax")


def _facts(standing: YearState, asked: Asked, orders: tuple[StandingOrder, ...]) -> list[Pair]:
    chosen, rules = standing.found.profile, JURISDICTIONS[asked.jurisdiction]
    first, last = chosen.calendar.bounds(asked.year or 0)
    span = tr("%a to %b, %z").replace("%a", _day(first)).replace("%b", _day(last)).replace("%z", rules.zone)
    method = words.method(chosen.method)
    note = rules.methods.get(chosen.method, "")
    return [
        Pair(tr("Rules"), rules.name),
        Pair(tr("Tax year"), f"{words.year(rules, asked.year)} · {span}"),
        Pair(tr("Method"), f"{method} · {_why(asked, orders)}", tone="text"),
        *([Pair("", note, tone="text_3")] if note else []),
        Pair(tr("Wallets"), words.scope(chosen.scope)),
        Pair(tr("Money"), standing.found.figures.currency.upper()),
    ]


def _day(one: date) -> str:
    return f"{one.day} {one:%b} {one.year}"


def _why(asked: Asked, orders: tuple[StandingOrder, ...]) -> str:
    """Return whose word the method is."""
    if asked.method is not None:
        return tr("as it was closed before")
    held = in_force(orders, asked.jurisdiction, asked.year)
    if not held:
        return tr("by law: nothing else was ordered")
    last = held[-1]
    told = tr("by your order of %d: %r").replace("%d", fmt.date(last.recorded_ns))
    return told.replace("%r", last.reason)
