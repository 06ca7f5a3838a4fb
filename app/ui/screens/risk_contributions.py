"""Where the risk comes from: each asset's part of the tail, and what a trade would change before it is made."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import ClassVar

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from app.core.errors import InputError
from app.core.money import plain
from app.ui import format as fmt
from app.ui import theme
from app.ui.models.cells import Cell, Named, Share
from app.ui.models.columns import LEFT, Column, figure_column
from app.ui.models.rows import Branch
from app.ui.models.table import TableModel
from app.ui.screens.base import Shell
from app.ui.screens.risk_explained import told
from app.ui.screens.risk_found import Found, Scored, View, exact, level, share_of
from app.ui.screens.risk_pane import RiskPane
from app.ui.screens.risk_typed import amount_of
from app.ui.widgets import basics as w
from app.ui.widgets.choices import Choice
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_layout import TableLook
from app.ui.widgets.tables_states import pinned
from app.ui.words import tr


@dataclass(frozen=True, slots=True)
class PartRow:
    """An asset's exposure and its part of the tail.

    Attributes:
        marginal_var, marginal: Change of value at risk and of shortfall for one more unit of money in the asset.
        incremental: What value at risk has more than without the asset.
        widest: The largest share of all, for the length of the bars.
    """

    asset: str
    name: str
    exposure: Decimal | None
    weight: Decimal | None
    component: Decimal | None
    share: Decimal | None
    shortfall: Decimal | None
    marginal_var: Decimal | None
    marginal: Decimal | None
    incremental: Decimal | None
    widest: float
    currency: str


def part_rows(found: Found) -> tuple[PartRow, ...]:
    """Return the parts, the largest first; what has no history has no part, and says so."""
    study = found.report.study
    parts, of = study.contributions, study.book
    figures = zip(
        parts.assets, of.values.tolist(), parts.value_at_risk.tolist(), parts.expected_shortfall.tolist(),
        parts.marginal.tolist(), study.incremental.tolist(), strict=True,
    )  # fmt: skip
    total = parts.total_value_at_risk
    widest = max((abs(one / total) for one in parts.value_at_risk.tolist()), default=1.0) if total else 1.0
    rows = [
        PartRow(
            asset, found.name(asset), exact(value), share_of(value, of.gross), exact(component),
            share_of(component, total), exact(shortfall), exact(component / value), exact(marginal), exact(more),
            widest or 1.0, found.currency,
        )
        for asset, value, component, shortfall, marginal, more in figures
        if value
    ]  # fmt: skip
    rows.sort(key=lambda row: -(row.component or Decimal(0)))
    left = [
        PartRow(asset, found.name(asset), exact(value), share_of(value, of.gross), None, None, None, None, None,
                None, 1.0, found.currency)
        for asset, value in of.left_out
    ]  # fmt: skip
    return (*rows, *left)


def name(row: PartRow) -> str:
    """Return how a row is called."""
    return row.name


def _bar(row: PartRow) -> Cell:
    length = None if row.share is None else max(0.0, float(row.share) / row.widest)
    return Share(length, fmt.percent(row.share, places=1), "accent" if row.share is None or row.share >= 0 else "up")


def _money(column_id: str, title: str, about: str, priority: int) -> Column:
    def read(row: PartRow) -> Decimal | None:
        found: Decimal | None = getattr(row, column_id)
        return found

    def written(row: PartRow) -> str:
        return fmt.amount(read(row), row.currency, places=0)

    def full(row: PartRow) -> str:
        return fmt.amount(read(row), row.currency)

    return figure_column(column_id, title, read, written, about=about, priority=priority, tooltip=full)


def columns() -> Sequence[Column]:
    """Return the columns."""

    def asset(row: PartRow) -> Cell:
        return Named(row.name, row.name)

    return (
        Column("asset", tr("Asset"), name, asset, gives_way=True, width=96, priority=100, can_hide=False),
        _money("exposure", tr("Exposure"), tr("Net of debt and of short positions"), 80),
        figure_column("weight", tr("Weight"), lambda row: row.weight, lambda row: fmt.percent(row.weight, places=1),
                      about=tr("Share of the absolute exposure"), priority=60),
        Column("share", tr("Share of VaR"), lambda row: row.share, _bar, LEFT, width=170, priority=95,
               about=tr("Component ÷ value at risk; negative where it hedges the others")),
        _money("component", tr("Component VaR"), tr("Its part of value at risk: all of them add up to it"), 90),
        _money("shortfall", tr("Component ES"), tr("Its part of expected shortfall: all of them add up to it"), 70),
        _money("incremental", tr("Incremental VaR"), tr("What value at risk has more than without the asset"), 55),
        figure_column("marginal_var", tr("Marginal VaR"), lambda row: row.marginal_var,
                      lambda row: fmt.price(row.marginal_var, places=3), priority=50,
                      about=tr("Change of value at risk for one more unit of money in the asset")),
        figure_column("marginal", tr("Marginal ES"), lambda row: row.marginal,
                      lambda row: fmt.price(row.marginal, places=3), priority=40,
                      about=tr("Change of expected shortfall for one more unit of money in the asset")),
    )  # fmt: skip


class TradeBar(QFrame):
    """A trade before it is made: asset, amount, and what it does to the tail.

    Signals:
        tried: The answer is another one now.
    """

    tried = Signal()

    def __init__(self) -> None:
        """Start without assets."""
        super().__init__()
        self.setObjectName("panel")
        self.found: Found | None = None
        self.asset = Choice(tr("Asset of the trade"), is_large=False)
        self.amount = w.field("", tr("+25000 buys, −25000 sells"), name=tr("Amount of the trade"))
        self.trouble = w.text("", "caption", "danger")
        self.answer = w.text("", "cell", "text_2")
        self.after = w.text("", "strong")
        self.words: tuple[str, ...] = ()
        head = w.text(tr("What if"), "heading")
        self.currency = w.text("", "caption", "text_3")
        w.fill(
            QHBoxLayout(self),
            [head, 4, self.asset, self.amount, self.currency, 8, self.answer, self.after, (self.trouble, 1)],
            8,
            (14, 8, 12, 8),
        )
        hint = self.amount.fontMetrics().horizontalAdvance(self.amount.placeholderText())
        self.amount.setFixedWidth(hint + theme.px(32))
        self.amount.textChanged.connect(self._try)
        self.asset.currentIndexChanged.connect(self._try)

    def show_found(self, found: Found) -> None:
        """Offer the assets that have scenarios; the chosen one and what was typed stay."""
        self.found = found
        assets = tuple(found.report.study.scenarios.assets)
        known = tuple(self.asset.itemData(at) for at in range(self.asset.count()))
        self.currency.setText(found.currency.upper())
        if assets != known:
            chosen = self.asset.currentData()
            self.asset.blockSignals(True)  # noqa: FBT003
            self.asset.clear()
            for asset in assets:
                self.asset.addItem(found.name(asset), asset)
            self.asset.setCurrentIndex(max(0, self.asset.findData(chosen)))
            self.asset.blockSignals(False)  # noqa: FBT003
        self._try()

    @Slot()
    def _try(self) -> None:
        """Say what the trade would do; it is one pass over the outcomes of the asset."""
        self.trouble.setText("")
        self.answer.setText("")
        self.after.setText("")
        typed, found = self.amount.text().strip(), self.found
        if found is None or not typed:
            self.tried.emit()
            return
        try:
            amount = amount_of(typed)
        except InputError as fault:
            self.trouble.setText(fmt.prose(f"{fault.message} {fault.hint}"))
            return
        from app.core.risk.metrics.contributions import what_if  # noqa: PLC0415 - it is loaded with the first answer

        study = found.report.study
        trade = {str(self.asset.currentData()): float(amount)}
        made = what_if(study.scenarios, study.book, trade, found.asked.confidence)
        words = []
        for title, (before, after) in ((tr("VaR"), made.value_at_risk), (tr("ES"), made.expected_shortfall)):
            one, other = (fmt.amount(exact(value), found.currency, places=0) for value in (before, after))
            words.append(f"{title} {one} → {other}")
        change = share_of(made.value_at_risk[1] - made.value_at_risk[0], made.value_at_risk[0])
        at = f"{level(made.confidence)} · {tr('1 day')}"
        self.answer.setText(f"{words[0]}   {words[1]}   {at}")
        self.after.setText(fmt.percent(change, places=1, sign=True))
        self.tried.emit()


class ContributionsPane(RiskPane):
    """The parts, with a trade to try above them."""

    word: ClassVar[str] = "contributions"
    title: ClassVar[str] = "Contributions"

    def __init__(self, shell: Shell) -> None:
        """Make the parts; nothing is known yet."""
        super().__init__(shell)
        self.found: Found | None = None
        self.trade = TradeBar()
        self.model = TableModel(columns(), name)
        look = TableLook(settings=shell.workspace.runtime.settings_folder)
        self.table = Table(self.model, "risk-contributions", tr("Contribution to risk by asset"), look)
        self.table.opened.connect(self._open)
        self.total, self.shortfall = w.text("", "strong"), w.text("", "strong")
        self.note = w.elided("", "caption", "text_3")
        self.how = w.icon_button("info", f"{tr('How computed')}: {tr('Contributions')}", tone="text_3", side=24)
        self.how.clicked.connect(self._explain)
        foot = pinned(
            w.text(tr("VaR"), "label", "text_3"), self.total, 12, w.text(tr("ES"), "label", "text_3"), self.shortfall,
            12, (self.note, 1), self.how,
        )  # fmt: skip
        body = w.frame("panel", (self.table, 1), foot, spacing=0, margins=(1, 1, 1, 1))
        w.fill(QVBoxLayout(self), [self.trade, (body, 1)], 12, (16, 0, 16, 14))

    def take(self, found: Found, scored: Scored | None, view: View) -> Sequence[Callable[[], None]]:  # noqa: ARG002
        """Take the parts of an answer."""
        self.found = found
        return (
            lambda: self.model.show(Branch(row.asset, row) for row in part_rows(found)),
            partial(self._show_totals, found),
            partial(self.trade.show_found, found),
        )

    def _show_totals(self, found: Found) -> None:
        parts = found.report.study.contributions
        self.total.setText(fmt.amount(exact(parts.total_value_at_risk), found.currency))
        self.shortfall.setText(fmt.amount(exact(parts.total_expected_shortfall), found.currency))
        words = tr("%l, 1 day, by the default model %m").replace("%l", level(parts.confidence))
        self.note.setText(words.replace("%m", parts.basis.method))

    @Slot(str)
    def _open(self, asset: str) -> None:
        self.shell.go(f"positions/{asset}")

    @Slot()
    def _explain(self) -> None:
        if self.found is not None:
            basis = self.found.report.study.contributions.basis
            self.shell.explain(self.how, told(tr("Contribution to risk"), basis, self.found))

    def redraw(self) -> None:
        """Write every figure anew."""
        self.model.redraw()
        if self.found is not None:
            self._show_totals(self.found)
            self.trade.show_found(self.found)

    def main_part(self) -> QWidget:
        """Return the table."""
        return self.table

    def export_rows(self) -> tuple[Sequence[str], Sequence[Sequence[str]]] | None:
        """Return the parts."""
        return None if self.found is None else self.table.seen()

    def figures(self) -> Mapping[str, str]:
        """Return the exact component of each asset."""
        return {row.asset: plain(row.component) for row in self.model.rows() if row.component is not None}
