"""The tab of losses: what a sale would lose now, and when it may be bought again."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.errors import CounterfoilError
from app.core.lots.methods import BY_LOT, Method
from app.core.money import plain
from app.core.tax.figures import Term
from app.core.tax.from_entries import entry_of
from app.services.harvest import Harvested
from app.services.tax_years import Asked, TaxYear
from app.ui import format as fmt
from app.ui.models.columns import full_amount
from app.ui.models.paged import PagedModel
from app.ui.models.rows import Branch
from app.ui.screens import tax_harvest_rows as rows
from app.ui.screens import tax_words as words
from app.ui.screens.base import HowComputed, Shell
from app.ui.screens.positions_holdings import Total
from app.ui.screens.tax_pane import Pane
from app.ui.screens.tax_proof import ProofInspector
from app.ui.widgets import basics as w
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_layout import TableLook
from app.ui.widgets.tables_states import Stage, filter_field, pinned, tool_bar
from app.ui.words import tr

_SHOWN_ASSETS = 12
"""Assets in the words of how the total is computed."""


class HarvestPane(Pane):
    """Losses, the rule on buying again, and totals."""

    word: ClassVar[str] = "losses"
    title: ClassVar[str] = "Losses"

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is read yet."""
        super().__init__(shell)
        self._of: TaxYear | None = None
        self.made: Harvested | None = None
        self.model = PagedModel(rows.columns(), rows.name, search=rows.searched)
        self.model.sort(self.model.column_number("loss"), Qt.SortOrder.AscendingOrder)
        look = TableLook(settings=shell.workspace.runtime.settings_folder)
        self.table = Table(self.model, "losses", tr("Losses that could be realised"), look)
        self.table.near_end.connect(self.model.grow, Qt.ConnectionType.QueuedConnection)
        self.table.copied.connect(self._copied)
        self.table.opened.connect(self._open)
        self.inspector = ProofInspector(shell, self, tr("Loss"))
        self.table.previewed.connect(self._inspect)
        self.table.chosen.connect(self._follow)
        self.stage = Stage(self.table)
        self.filter = filter_field(tr("Filter by asset, wallet, date"), 230)
        self.filter.textChanged.connect(self._filtered)
        self.count = w.text("", "caption", "text_3")
        self.how = w.button(tr("How computed"), "ghost", "info")
        self.how.clicked.connect(self._explain)
        self._notice = QVBoxLayout()
        self._make_foot()
        self._lay_out()

    def _make_foot(self) -> None:
        self.rows_told, self.left_out = w.text("", "label", "text_2"), w.elided("", "caption", "warn")
        self.short, self.long, self.total = Total(tr("Short-term")), Total(tr("Long-term")), Total(tr("Losses"))
        self.foot = pinned(self.rows_told, (self.left_out, 1), self.short, 8, self.long, 8, self.total)
        self.foot.hide()

    def _lay_out(self) -> None:
        told = QWidget()
        told.setLayout(w.fill(self._notice, [], 0, (16, 0, 16, 10)))
        bar = tool_bar((self.filter, 1), None, self.count, self.how)
        w.fill(QVBoxLayout(self), [bar, told, w.hline(), (self.stage, 1), w.hline(), self.foot], 0)

    # the place asks ------------------------------------------------------------------------------------------------
    def take(self, found: TaxYear, asked: Asked) -> None:
        """Look for losses under the rules of a question; its year does not matter."""
        self._of = found
        if self.made is None or self.made.found.profile != found.profile:
            self.stage.show_loading()
        self.shell.run(self._read(found, asked), what=tr("Looking for losses"))

    def redraw(self) -> None:
        """Write every figure anew."""
        self.model.redraw()
        self._show_words()
        self._follow(self.inspector.key)

    def hidden(self) -> None:
        """Let the inspector go: the place closes it."""
        self.inspector.forget()

    def main_part(self) -> QWidget:
        """Return the table."""
        return self.table

    def filter_field(self) -> QWidget | None:
        """Return the filter."""
        return self.filter

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return every loss that fits the filter, raw."""
        return None if self.made is None else self.table.texts_of(self.model.fitting)

    def figures(self) -> Mapping[str, str]:
        """Return the exact losses that the table holds, and their sums."""
        if self.made is None:
            return {}
        found = self.made.found
        named = {"loss": found.total, "short": found.short, "long": found.long}
        sums = {f"losses/{name}": "" if value is None else plain(value) for name, value in named.items()}
        return sums | {f"losses/{row.key}": plain(row.loss.loss) for row in self.model.rows()}

    # reading -------------------------------------------------------------------------------------------------------
    async def _read(self, found: TaxYear, asked: Asked) -> None:
        workspace = self.shell.workspace
        try:
            made = await workspace.harvests.losses(replace(asked, year=None))
        except CounterfoilError as fault:
            if self._of is found:
                self.stage.show_fault(tr("The losses cannot be told."), fault)
            return
        accounts = {one.account_id: one.name for one in await workspace.portfolio.accounts()}
        write = asyncio.get_running_loop().run_in_executor
        branches = await write(None, rows.branches, made, workspace.runtime.assets, accounts)
        if self._of is found:
            self._show(made, branches)

    def _show(self, made: Harvested, branches: tuple[Branch, ...]) -> None:
        is_same = self.made is not None and self.made.found.profile == made.found.profile
        self.made = made
        self.model.show(branches, fresh=not is_same)
        self._show_words()
        if branches:
            self.stage.show_table()
        elif made.found.profile.method is Method.PMP:
            rules = made.found.profile.jurisdiction
            what = tr("In %c no part of the portfolio has a cost of its own.").replace("%c", rules.name)
            self.stage.show_empty(what, f"{rules.law}.")
        elif made.found.unknown:
            self.stage.show_empty(
                tr("No loss is known."),
                tr("Of what is named below the cost or the price is not known, and so is whether it is worth less."),
            )
        else:
            self.stage.show_empty(
                tr("Nothing is worth less than it cost."), tr("As far as costs and prices are known in these books.")
            )

    def _show_words(self) -> None:
        if self.made is None:
            return
        found, currency = self.made.found, self.made.currency
        self.count.setText(tr("As of %s UTC").replace("%s", fmt.time(found.at)))
        self._show_notice(*rows.notice(found))
        shown: Sequence[rows.LossRow] = self.model.fitting
        several = (tr("%s lot"), tr("%s lots")) if found.profile.method in BY_LOT else (tr("%s pool"), tr("%s pools"))
        self.rows_told.setText(fmt.counted(len(shown), *several))
        names = ", ".join(self.shell.workspace.runtime.assets.asset(one).symbol for one in found.unknown)
        told = tr("cost or price not known, left out: %n").replace("%n", names)
        self.left_out.setText(told if found.unknown else "")
        self.left_out.setToolTip(told if found.unknown else "")
        for label, is_long in ((self.short, False), (self.long, True), (self.total, None)):
            # Where nothing is known there is no sum, and no zero either.
            value = rows.total(shown, is_long=is_long) if shown or not found.unknown else None
            tone, exact = "text" if value is not None else "text_3", full_amount(value, currency)
            label.show_text(fmt.amount(value, currency), tone, "" if value is None else exact)
        silent = {"term": found.profile.is_long is None, "recent": found.rule is None}
        self.table.leave_out(*(column for column, says_nothing in silent.items() if says_nothing))
        self.short.rename(words.term_title(Term.SHORT, found.profile))
        self.long.rename(words.term_title(Term.LONG, found.profile))
        self.short.setVisible(found.short is not None)
        self.long.setVisible(found.long is not None)
        self.foot.setVisible(True)

    def _show_notice(self, tone: str, what: str, meaning: str) -> None:
        w.clear(self._notice)
        said = w.text(meaning, "caption", "text_2")
        said.setWordWrap(True)
        icon = w.glyph("triangle-alert" if tone == "warn" else "info", tone, 18)
        line = w.frame(
            tone, icon, (w.column(w.text(what, "strong"), said, spacing=2), 1), vertical=False, spacing=10,
            margins=(14, 8, 14, 8),
        )  # fmt: skip
        line.setAccessibleName(f"{what} {meaning}")
        self._notice.addWidget(line)

    # hands ---------------------------------------------------------------------------------------------------------
    @Slot(str)
    def _filtered(self, text: str) -> None:
        self.model.set_filter(text)
        self._show_words()

    @Slot(int)
    def _copied(self, count: int) -> None:
        self.shell.toast(fmt.counted(count, tr("%s row copied."), tr("%s rows copied.")))

    @Slot(str)
    def _inspect(self, key: str) -> None:
        number = self.model.number(key)
        if number is not None:
            self.inspector.show(key, rows.proof(self.model.line(number).row))

    @Slot(str)
    def _follow(self, key: str) -> None:
        if self.inspector.is_open and key:
            self._inspect(key)

    @Slot(str)
    def _open(self, key: str) -> None:
        """Open the entry of a lot, or the entries of a pool."""
        number = self.model.number(key)
        if number is not None:
            one = self.model.line(number).row.loss
            self.shell.go(f"activity/{one.asset if one.lot is None else entry_of(one.lot)}")

    @Slot()
    def _explain(self) -> None:
        if self.made is None:
            return
        currency = self.made.currency
        sums: dict[str, list[rows.LossRow]] = {}
        shown: Sequence[rows.LossRow] = self.model.fitting
        for row in shown:
            sums.setdefault(row.asset.symbol, []).append(row)
        by_asset = sorted(sums.items(), key=lambda pair: rows.total(pair[1]))
        inputs = [(name, fmt.amount(rows.total(of), currency)) for name, of in by_asset[:_SHOWN_ASSETS]]
        left_out = self.left_out.text() or tr("everything that is held")
        self.shell.explain(
            self.how,
            HowComputed(
                tr("Losses that a sale would make now"),
                tr("Value at the newest price less cost, of each open lot or pool below its cost whose loss counts."),
                (tr("Asset"), tr("Loss")),
                tuple(inputs),
                left_out,
                self.made.head,
                "positions",
            ),
        )
