"""The tab of income: every receipt of the year with its value, totals by kind, and what each value follows from."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.core.money import plain
from app.core.tax.income import IncomeKind
from app.services.tax_years import Asked, TaxYear
from app.ui import format as fmt
from app.ui.models.columns import full_amount
from app.ui.models.paged import PagedModel
from app.ui.screens import tax_income_rows as rows
from app.ui.screens.base import Shell
from app.ui.screens.positions_holdings import Total
from app.ui.screens.tax_disposals_rows import Age
from app.ui.screens.tax_pane import Pane
from app.ui.screens.tax_proof import ProofInspector
from app.ui.widgets import basics as w
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_layout import TableLook
from app.ui.widgets.tables_states import Stage, filter_field, pinned, tool_bar
from app.ui.words import tr

ALL = "all"


class IncomePane(Pane):
    """Filter, kinds, table, totals by kind."""

    word: ClassVar[str] = "income"
    title: ClassVar[str] = "Income"

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is read yet."""
        super().__init__(shell)
        self._found: TaxYear | None = None
        self._age = Age()
        self._wanted = ""
        self.model = PagedModel(rows.columns(self._age), rows.row_name, search=rows.search_text)
        self.model.sort(self.model.column_number("received"), Qt.SortOrder.DescendingOrder)
        look = TableLook(settings=shell.workspace.runtime.settings_folder, is_one=True)
        self.table = Table(self.model, "income", tr("Income"), look)
        self.inspector = ProofInspector(shell, self, tr("Receipt"))
        self.table.near_end.connect(self.model.grow, Qt.ConnectionType.QueuedConnection)
        self.table.previewed.connect(self._inspect)
        self.table.opened.connect(self.inspector.show_entry)
        self.table.chosen.connect(self._follow)
        self.table.copied.connect(self._copied)
        self.stage = Stage(self.table)
        self.filter = filter_field(tr("Filter income"))
        self.filter.textChanged.connect(self._filtered)
        self.kinds: dict[IncomeKind | None, QPushButton] = {}
        self._kind: IncomeKind | str | None = ALL
        self._chips = QHBoxLayout()
        self.how = w.button(tr("How computed"), "ghost", "info")
        self.how.clicked.connect(self._explain)
        self.count = w.text("", "label", "text_2")
        self._totals = QHBoxLayout()
        self.whole = Total(tr("Income"))
        self._lay_out()

    def _lay_out(self) -> None:
        chips, totals = QWidget(), QWidget()
        chips.setLayout(w.fill(self._chips, [], 6))
        totals.setLayout(w.fill(self._totals, [], 16))
        bar = tool_bar((self.filter, 1), chips, None, self.how)
        foot = pinned(self.count, None, totals, 8, self.whole)
        w.fill(QVBoxLayout(self), [bar, w.hline(), (self.stage, 1), w.hline(), foot], 0)

    # the place asks ------------------------------------------------------------------------------------------------
    def label(self) -> str:
        """Return the word of the tab with how many receipts there are."""
        word = tr(self.title)
        return word if self._found is None else f"{word}  {fmt.count(len(self._found.figures.income))}"

    def take(self, found: TaxYear, asked: Asked) -> None:
        """Show the income of a question."""
        del asked
        self._found = found
        self.stage.show_loading()
        self.header_changed.emit()
        self.shell.run(self._write(found), what=tr("Reading the income"))

    def be_stale(self, *, is_stale: bool) -> None:
        """Show figures grey while they are old."""
        if is_stale != self._age.is_stale:
            self._age.is_stale = is_stale
            self.redraw()

    def shown(self, detail: str = "") -> None:
        """Show the income that `detail` is about: the id of an asset, or the row of one receipt."""
        self._wanted = detail if "/" in detail else ""
        if detail and not self._wanted:
            self._choose_kind(ALL)
            self.filter.setText(detail)
        self._choose_wanted()

    def hidden(self) -> None:
        """Let the inspector go: the place closes it."""
        self.inspector.forget()

    def redraw(self) -> None:
        """Write every figure anew."""
        self.model.redraw()
        self._show_totals()
        self._follow(self.inspector.key)

    def main_part(self) -> QWidget:
        """Return the table."""
        return self.table

    def filter_field(self) -> QWidget | None:
        """Return the filter."""
        return self.filter

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return what fits the filters, raw, in the order in which it is seen."""
        return self.table.texts_of(self.model.fitting)

    def figures(self) -> Mapping[str, str]:
        """Return the exact values that the table holds, and their sums by kind."""
        receipts: Sequence[rows.IncomeRow] = self.model.rows()
        made = {f"income/{row.figures.row}": _exact(row.figures.value) for row in receipts}
        for kind, of in rows.by_kind(receipts).items():
            made[f"income/kind/{kind or 'not stated'}"] = _exact(rows.sum_of(of))
        return made

    # what is shown -------------------------------------------------------------------------------------------------
    async def _write(self, found: TaxYear) -> None:
        """Make the rows on another thread, and show them where they are still wanted."""
        workspace = self.shell.workspace
        accounts = {one.account_id: one.name for one in await workspace.portfolio.accounts()}
        make = asyncio.get_running_loop().run_in_executor
        made = await make(None, rows.branches, found, workspace.runtime.assets, accounts)
        if self._found is not found:
            return
        current = self.table.current_key()
        self.model.show(made, fresh=True)
        if current and self.model.reach(current):
            self.table.choose(current)
        if made:
            self.stage.show_table()
        else:
            self.stage.show_empty(tr("Nothing was received in this year."), tr("Choose another year above."))
        self._offer_kinds()
        self._show_totals()
        self._choose_wanted()
        self._follow(self.inspector.key)

    def _offer_kinds(self) -> None:
        """Offer a chip for each kind, where there are several."""
        known = rows.by_kind(self.model.rows())
        if self._kind != ALL and self._kind not in known:
            self._choose_kind(ALL)
        offered = tuple(known) if len(known) > 1 else ()
        if offered == tuple(self.kinds):
            return
        w.clear(self._chips)
        self.kinds = {}
        for kind in offered:
            chip = w.button(rows.kind_words(kind), "chip")
            chip.setCheckable(True)
            chip.setChecked(kind == self._kind)
            chip.clicked.connect(partial(self._clicked, kind))
            self.kinds[kind] = chip
            self._chips.addWidget(chip)

    def _clicked(self, kind: IncomeKind | None, _checked: bool = False) -> None:  # noqa: FBT001, FBT002
        self._choose_kind(kind if self.kinds[kind].isChecked() else ALL)

    def _choose_kind(self, kind: IncomeKind | str | None) -> None:
        self._kind = kind
        for other, chip in self.kinds.items():
            chip.setChecked(other == kind)
        self.model.set_condition(None if kind == ALL else partial(_is_of, kind))
        self._show_totals()

    def _choose_wanted(self) -> None:
        if self._wanted and self.model.reach(self._wanted):
            self.table.choose(self._wanted)
            self._inspect(self._wanted)
            self._wanted = ""

    def _show_totals(self) -> None:
        """Show the totals of the year by kind; a filter changes what is seen, never what is counted."""
        found = self._found
        if found is None:
            return
        whole, seen, currency = len(found.figures.income), self.model.fitting_count, found.figures.currency
        told = fmt.counted(whole, tr("%s receipt"), tr("%s receipts"))
        if seen != whole:
            told = tr("%s of %t shown, all counted").replace("%s", fmt.count(seen)).replace("%t", fmt.count(whole))
        unknown = sum(one.value is None for one in found.figures.income)
        if unknown:
            told += " · " + fmt.counted(unknown, tr("%s without a known value"), tr("%s without a known value"))
        self.count.setText(told)
        tone = "text_3" if self._age.is_stale else "text"
        w.clear(self._totals)
        known = rows.by_kind(self.model.rows())
        for kind, of in known.items() if len(known) > 1 else ():
            total = Total(rows.kind_words(kind))
            value = rows.sum_of(of)
            total.show_text(fmt.amount(value, currency), tone, full_amount(value, currency))
            self._totals.addWidget(total)
        value = found.figures.totals.income
        self.whole.show_text(fmt.amount(value, currency), tone, full_amount(value, currency))

    # hands ---------------------------------------------------------------------------------------------------------
    @Slot(str)
    def _inspect(self, key: str) -> None:
        number = self.model.number(key)
        if number is not None:
            self.inspector.show(key, rows.proof(self.model.line(number).row))

    @Slot(str)
    def _follow(self, key: str) -> None:
        if self.inspector.is_open and key:
            self._inspect(key)

    @Slot()
    def _explain(self) -> None:
        if self._found is not None:
            self.shell.explain(self.how, rows.explained(self.model.rows(), self._found))

    @Slot(str)
    def _filtered(self, text: str) -> None:
        self.model.set_filter(text)
        self._show_totals()

    @Slot(int)
    def _copied(self, count: int) -> None:
        self.shell.toast(fmt.counted(count, tr("%s row copied."), tr("%s rows copied.")))


def _is_of(kind: object, row: rows.IncomeRow) -> bool:
    return row.kind == kind


def _exact(value: Decimal | None) -> str:
    return "" if value is None else plain(value)
