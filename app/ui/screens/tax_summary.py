"""The tab of the year's figures: gain, proceeds, cost, income, by asset, and what stands between them and a return."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.core.findings import Severity
from app.core.money import plain
from app.core.tax.figures import Term
from app.services.tax_years import Asked, TaxYear
from app.ui import format as fmt
from app.ui import theme
from app.ui.models.columns import full_amount
from app.ui.models.table import TableModel
from app.ui.screens import tax_findings as findings
from app.ui.screens import tax_summary_rows as rows
from app.ui.screens import tax_words as words
from app.ui.screens.base import Shell
from app.ui.screens.overview_figures import Block
from app.ui.screens.positions_rows import seen_change
from app.ui.screens.tax_allowances import AllowanceCard
from app.ui.screens.tax_pane import Pane
from app.ui.widgets import basics as w
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_layout import TableLook
from app.ui.widgets.tables_states import Stage
from app.ui.words import tr

TERMS = ("short_gain", "long_gain")
_SIDE = 340


class Strip(QFrame):
    """The figures of the year, the gain first.

    Signals:
        asked: How a figure is computed: its name.
    """

    asked = Signal(str)

    def __init__(self) -> None:
        """Start without figures."""
        super().__init__()
        self.setObjectName("panel")
        self.titles = {
            "gain": tr("Gain"), "short_gain": tr("Short-term gain"), "long_gain": tr("Long-term gain"),
            "proceeds": tr("Proceeds"), "cost": tr("Cost"), "income": tr("Income"),
        }  # fmt: skip
        self.blocks = {name: Block(title, is_main=name == "gain") for name, title in self.titles.items()}
        self.lines: dict[str, QWidget] = {}
        parts: list[w.Item] = []
        for name, block in self.blocks.items():
            if parts:
                self.lines[name] = w.vline()
                parts.append(self.lines[name])
            parts.append((block, 2 if name == "gain" else 1))
            block.asked.connect(partial(self.asked.emit, name))
        w.fill(QHBoxLayout(self), parts, 14, (18, 10, 12, 9))
        self.setFixedHeight(theme.px(90))

    def show_year(self, found: TaxYear, *, is_stale: bool) -> None:
        """Show the figures; what is not known is a dash and says why."""
        figures, totals = found.figures, found.figures.totals
        has_terms = found.profile.is_long is not None
        notes = _notes(found)
        for name, term in zip(TERMS, (Term.SHORT, Term.LONG), strict=True):
            self.titles[name] = words.term_gain(term, found.profile)
            self.blocks[name].name.setText(self.titles[name])
        for name, block in self.blocks.items():
            is_shown = has_terms or name not in TERMS
            block.setVisible(is_shown)
            if name in self.lines:
                self.lines[name].setVisible(is_shown)
            value: Decimal | None = getattr(totals, name)
            is_change = name.endswith("gain")
            text = fmt.amount(value, figures.currency, sign=is_change)
            tone = "text_3" if is_stale or value is None else fmt.tone(seen_change(value)) if is_change else "text"
            block.figure.show_figure(text, value, tone, "" if value is None else full_amount(value, figures.currency))
            block.note.setText(notes.get(name, ""))


def _notes(found: TaxYear) -> dict[str, str]:
    figures = found.figures
    sold, blocked = len(figures.disposals), sum(one.gain is None for one in figures.disposals)
    told = fmt.counted(sold, tr("%s disposal"), tr("%s disposals"))
    if blocked:
        told = tr("blocked: %n of %m disposals have no known gain").replace("%n", fmt.count(blocked))
        told = told.replace("%m", fmt.count(sold))
    elif found.is_blocked:
        told = tr("blocked: see what needs you")
    denied = figures.totals.denied
    if denied:
        told += " · " + tr("%s of losses denied").replace("%s", fmt.amount(denied, figures.currency))
    receipts = fmt.counted(len(figures.income), tr("%s receipt"), tr("%s receipts"))
    return {"gain": told, "income": receipts}


class SummaryPane(Pane):
    """Figures, assets, findings."""

    word: ClassVar[str] = "summary"
    title: ClassVar[str] = "Summary"

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is read yet."""
        super().__init__(shell)
        self._found: TaxYear | None = None
        self._rows: Sequence[rows.AssetRow] = ()
        self._days: Mapping[str, str] = {}
        self._is_stale = False
        self.strip = Strip()
        self.strip.asked.connect(self._explain)
        self.model = TableModel(rows.columns(), rows.row_name)
        self.table = Table(self.model, "tax-assets", tr("The year by asset"), TableLook(is_one=True))
        self.table.opened.connect(self._open_asset)
        self.stage = Stage(self.table)
        left = w.panel(tr("By asset"), (self.stage, 1), note=tr("Enter shows an asset's disposals"))
        host = QWidget()
        self._list = QVBoxLayout(host)
        w.fill(self._list, [], 8, (10, 10, 10, 10))
        cards = w.scroll(host)
        cards.setAccessibleName(tr("What stands between these figures and a return"))
        self.side = w.panel(tr("Before you file"), (cards, 1))
        self.side.setFixedWidth(theme.px(_SIDE))
        lower = w.row((left, 1), self.side, spacing=12)
        w.fill(QVBoxLayout(self), [self.strip, (lower, 1)], 12, (16, 12, 16, 14))

    def take(self, found: TaxYear, asked: Asked) -> None:
        """Show the figures of a question."""
        del asked
        self._found = found
        self.strip.show_year(found, is_stale=self._is_stale)
        self.shell.run(self._write(found), what=tr("Adding up the year"))

    async def _write(self, found: TaxYear) -> None:
        """Add up by asset on another thread, and show it where it is still wanted."""
        loop, assets = asyncio.get_running_loop(), self.shell.workspace.runtime.assets
        made = await loop.run_in_executor(None, rows.by_asset, found.figures, assets)
        on = await loop.run_in_executor(None, findings.days, found)
        if self._found is not found:
            return
        self._rows, self._days = made, on
        self.model.show(rows.branches(made), fresh=True)
        if made:
            self.stage.show_table()
        else:
            self.stage.show_empty(tr("Nothing was disposed of or received."), tr("Choose another year above."))
        self._show_findings(found)

    def _show_findings(self, found: TaxYear) -> None:
        w.clear(self._list)
        shown = findings.groups(found)
        pressing = sum(group.count for group in shown if group.first.severity is not Severity.INFO)
        self.side.note.setText(fmt.count(pressing) if pressing else "")
        self.side.note.setVisible(bool(pressing))
        cards = findings.cards(shown, self._days, self.shell.go)
        if not cards:
            cards = [w.text(tr("Nothing stands in the way of these figures."), "body", "text_2", wrap=True)]
        figures = found.figures
        allowances = [
            AllowanceCard(one, figures.currency, self.shell.explain, found.head) for one in figures.allowances
        ]
        parts: list[w.Item] = [*cards, *allowances]
        w.fill(self._list, [*parts, None], 8, (10, 10, 10, 10))

    def be_stale(self, *, is_stale: bool) -> None:
        """Show figures grey while they are old."""
        if is_stale != self._is_stale:
            self._is_stale = is_stale
            if self._found is not None:
                self.strip.show_year(self._found, is_stale=is_stale)

    def redraw(self) -> None:
        """Write every figure anew."""
        if self._found is not None:
            self.strip.show_year(self._found, is_stale=self._is_stale)
            self._show_findings(self._found)
        self.model.redraw()

    def main_part(self) -> QWidget:
        """Return the table."""
        return self.table

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return the year by asset, raw."""
        return self.table.seen()

    def figures(self) -> Mapping[str, str]:
        """Return the exact totals that the strip holds, and those of each asset."""
        made = {f"tax/{name}": _exact(block.figure.exact) for name, block in self.strip.blocks.items()}
        for row in self._rows:
            made[f"tax/{row.asset.asset_id}/gain"] = _exact(row.gain)
        return made

    @Slot(str)
    def _explain(self, name: str) -> None:
        if self._found is not None:
            block = self.strip.blocks[name]
            self.shell.explain(block.info, rows.explained(name, self.strip.titles[name], self._found, self._rows))

    @Slot(str)
    def _open_asset(self, key: str) -> None:
        self.shell.go(f"tax/disposals/{key}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out cost where there is little width: it is proceeds less gain."""
        super().resizeEvent(event)
        is_tight = self.width() < theme.px(1_000)
        self.strip.blocks["cost"].setVisible(not is_tight)
        self.strip.lines["cost"].setVisible(not is_tight)


def _exact(value: Decimal | None) -> str:
    return "" if value is None else plain(value)
