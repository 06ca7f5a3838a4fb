"""The tab of income: every receipt of the year with its value, totals by kind, and what each value follows from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.core.tax.income import IncomeKind
from app.services.tax_years import TaxYear
from app.ui import format as fmt
from app.ui.models.columns import full_amount
from app.ui.screens import tax_income_rows as rows
from app.ui.screens.base import Shell
from app.ui.screens.positions_holdings import Total
from app.ui.screens.tax_proof import ProofInspector
from app.ui.screens.tax_table_pane import Listing, TablePane, exact
from app.ui.widgets import basics as w
from app.ui.widgets.tables_states import pinned, tool_bar
from app.ui.words import tr

ALL = "all"


class IncomePane(TablePane):
    """Filter, kinds, table, totals by kind."""

    word: ClassVar[str] = "income"
    title: ClassVar[str] = "Income"
    finding: ClassVar[str] = "Filter income"
    reading: ClassVar[str] = "Reading the income"
    empty: ClassVar[str] = "Nothing was received in this year."

    def __init__(self, shell: Shell) -> None:
        """Take the window; nothing is read yet."""
        super().__init__(shell, Listing(rows.columns, rows.row_name, rows.search_text, rows.branches, "received"))
        self.inspector = ProofInspector(shell, self, tr("Receipt"))
        self.table.opened.connect(self.inspector.show_entry)
        self.kinds: dict[IncomeKind | None, QPushButton] = {}
        self._kind: IncomeKind | str | None = ALL
        self._chips = QHBoxLayout()
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
    def _whole(self, found: TaxYear) -> int:
        return len(found.figures.income)

    def _clear_conditions(self) -> None:
        self._choose_kind(ALL)

    def hidden(self) -> None:
        """Let the inspector go: the place closes it."""
        self.inspector.forget()

    def redraw(self) -> None:
        """Write every figure anew."""
        self.model.redraw()
        self._show_totals()
        self._follow(self.inspector.key)

    def figures(self) -> Mapping[str, str]:
        """Return the exact values that the table holds, and their sums by kind."""
        receipts: Sequence[rows.IncomeRow] = self.model.rows()
        made = {f"income/{row.figures.row}": exact(row.figures.value) for row in receipts}
        for kind, of in rows.by_kind(receipts).items():
            made[f"income/kind/{kind or 'not stated'}"] = exact(rows.sum_of(of))
        return made

    # what is shown -------------------------------------------------------------------------------------------------
    def _rows_made(self) -> None:
        self._offer_kinds()
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

    def _show_totals(self) -> None:
        """Show the totals of the year by kind; a filter changes what is seen, never what is counted."""
        found = self._found
        if found is None:
            return
        currency, tone = found.figures.currency, self._tone()
        told = self._counted(fmt.counted(self._whole(found), tr("%s receipt"), tr("%s receipts")))
        unknown = sum(one.value is None for one in found.figures.income)
        if unknown:
            told += " · " + fmt.counted(unknown, tr("%s without a known value"), tr("%s without a known value"))
        self.count.setText(told)
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


def _is_of(kind: object, row: rows.IncomeRow) -> bool:
    return row.kind == kind
