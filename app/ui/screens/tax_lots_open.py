"""All lots that are open now: where they lie, what they cost, what they would gain, when they are long-term."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.model.assets import Asset
from app.core.ports import AssetRegistry
from app.core.tax.events import total
from app.services.lots import OpenLot, OpenLots
from app.ui import format as fmt
from app.ui.models.cells import Cell, Figure, Named, Status, Words
from app.ui.models.columns import LEFT, RIGHT, Column, full_amount, quantity_column, text_column
from app.ui.models.paged import PagedModel
from app.ui.models.rows import Branch
from app.ui.screens import tax_lots_rows as rows
from app.ui.screens.base import Shell
from app.ui.screens.positions_holdings import Total
from app.ui.widgets import basics as w
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_layout import TableLook
from app.ui.widgets.tables_states import Stage, pinned
from app.ui.words import tr


@dataclass(frozen=True, slots=True)
class OpenRow:
    """One open lot with what people read of it."""

    lot: OpenLot
    asset: Asset
    wallet: str
    currency: str


def branches(found: OpenLots, assets: AssetRegistry, accounts: Mapping[str, str]) -> tuple[Branch, ...]:
    """Return the lots; `accounts` names each account. Of many it takes a while: not for the main thread."""
    return tuple(
        Branch(f"{one.figures.wallet}/{one.figures.asset}/{one.figures.lot}", _row(one, found, assets, accounts))
        for one in found.lots
    )


def _row(one: OpenLot, found: OpenLots, assets: AssetRegistry, accounts: Mapping[str, str]) -> OpenRow:
    wallet = one.figures.wallet
    name = tr("all wallets") if wallet is None else accounts.get(wallet, wallet)
    return OpenRow(one, assets.asset(one.figures.asset), name, found.currency)


def _name(row: OpenRow) -> str:
    return f"{row.asset.symbol} {fmt.date(row.lot.figures.acquired_ns)}"


def _searched(row: OpenRow) -> str:
    one = row.lot.figures
    held = rows.holding_words(one)
    return f"{row.asset.symbol} {row.asset.name} {one.asset} {row.wallet} {fmt.date(one.acquired_ns)} {held} {one.lot}"


def _asset(row: OpenRow) -> Cell:
    return Named(row.asset.symbol, row.asset.symbol, row.asset.name)


def _money(value: Decimal | None, row: OpenRow) -> Cell:
    return Figure(fmt.amount(value, row.currency), "text_3" if value is None else "text")


def _full(value: Decimal | None, row: OpenRow) -> str:
    return "" if value is None else full_amount(value, row.currency)


def _ahead(row: OpenRow) -> Cell:
    if not row.lot.turn:
        return Words("")
    return Status(f"{fmt.count(row.lot.turn)} · {fmt.quantity(row.lot.ahead)}", "info")


def columns() -> Sequence[Column]:
    """Return the columns of all open lots."""
    return (
        Column("asset", tr("Asset"), lambda row: row.asset.symbol, _asset, priority=100, width=110, gives_way=True,
               can_hide=False),
        text_column("wallet", tr("Wallet"), lambda row: row.wallet, tone="text_2", priority=60, width=90),
        Column("acquired", tr("Acquired"), lambda row: fmt.date(row.lot.figures.acquired_ns),
               lambda row: Words(fmt.date(row.lot.figures.acquired_ns)),
               sort_key=lambda row: row.lot.figures.acquired_ns, priority=95, width=84,
               tooltip=lambda row: f"{fmt.moment(row.lot.figures.acquired_ns)}\n{row.lot.figures.lot}"),
        quantity_column("quantity", tr("Quantity"), lambda row: row.lot.figures.quantity, lambda row: row.asset.symbol,
                        priority=90),
        Column("unit_cost", tr("Unit cost"), lambda row: row.lot.figures.unit_cost,
               lambda row: rows.unit_cost_cell(row.lot.figures, row.currency), RIGHT, priority=70),
        Column("cost", tr("Cost"), lambda row: row.lot.figures.cost, lambda row: _money(row.lot.figures.cost, row),
               RIGHT, priority=80, tooltip=lambda row: _full(row.lot.figures.cost, row)),
        Column("holding", tr("Holding"), lambda row: row.lot.figures.days_held,
               lambda row: Words(rows.holding_words(row.lot.figures), "text_2"), LEFT, priority=65, width=96,
               gives_way=True),
        Column("ahead", tr("Sold next"), lambda row: row.lot.ahead or None, _ahead,
               sort_key=lambda row: row.lot.turn or None, priority=55, width=60,
               about=tr("What the next sales from this wallet use up, as you selected in advance")),
        Column("value", tr("Value now"), lambda row: row.lot.value.amount,
               lambda row: _money(row.lot.value.amount, row), RIGHT, priority=75,
               tooltip=lambda row: row.lot.value.source, about=tr("At the newest price that the books know")),
        Column("gain", tr("Unrealised gain"), lambda row: row.lot.gain,
               lambda row: rows.gain_cell(row.lot.gain, row.currency), RIGHT, priority=100, can_hide=False,
               tooltip=lambda row: _full(row.lot.gain, row), about=tr("Value now less cost")),
    )  # fmt: skip


class OpenLotsView(QWidget):
    """Table and totals.

    Signals:
        copied: How many rows went to the clipboard.
        picked: Other rows are selected.
    """

    copied = Signal(int)
    picked = Signal()

    def __init__(self, shell: Shell) -> None:
        """Start empty."""
        super().__init__()
        self.model = PagedModel(columns(), _name, search=_searched)
        look = TableLook(settings=shell.workspace.runtime.settings_folder)
        self.table = Table(self.model, "open-lots", tr("Open lots"), look)
        self.table.near_end.connect(self.model.grow, Qt.ConnectionType.QueuedConnection)
        self.table.copied.connect(self.copied)
        self.table.selectionModel().selectionChanged.connect(self._picked)
        self.stage = Stage(self.table)
        self.count = w.text("", "label", "text_2")
        self.cost, self.value, self.gain = Total(tr("Cost")), Total(tr("Value")), Total(tr("Unrealised gain"))
        foot = pinned(self.count, None, self.cost, 8, self.value, 8, self.gain)
        w.fill(QVBoxLayout(self), [(self.stage, 1), w.hline(), foot], 0)
        self._currency = ""

    def show_lots(self, made: tuple[Branch, ...], currency: str) -> None:
        """Show the lots."""
        self._currency = currency
        self.model.show(made, fresh=True)
        if made:
            self.stage.show_table()
        else:
            self.stage.show_empty(tr("No lot is open."), tr("Everything that was acquired has been disposed of."))
        self.show_totals()

    def selected(self) -> list[OpenRow]:
        """Return the selected lots, from top to bottom."""
        numbers = [self.model.number(key) for key in self.table.selected_keys()]
        return [self.model.line(number).row for number in numbers if number is not None]

    @Slot()
    def _picked(self) -> None:
        self.picked.emit()

    @Slot(str)
    def set_filter(self, text: str) -> None:
        """Keep the lots that have all of these words; the totals are of what is kept."""
        self.model.set_filter(text)
        self.show_totals()

    def show_totals(self) -> None:
        """Add up what fits the filter; what is not known is left out, and said so."""
        fitting: Sequence[OpenRow] = self.model.fitting
        words = fmt.counted(len(fitting), tr("%s open lot"), tr("%s open lots"))
        unpriced = sum(1 for row in fitting if row.lot.gain is None)
        if unpriced:
            words += " · " + fmt.counted(unpriced, tr("%s without a known gain"), tr("%s without a known gain"))
        self.count.setText(words)
        for label, values, signed in (
            (self.cost, [row.lot.figures.cost for row in fitting], False),
            (self.value, [row.lot.value.amount for row in fitting], False),
            (self.gain, [row.lot.gain for row in fitting], True),
        ):
            known = total(one for one in values if one is not None) if any(one is not None for one in values) else None
            label.show_text(fmt.amount(known, self._currency, sign=signed), "text" if known is not None else "text_3")

    def redraw(self) -> None:
        """Write every figure anew."""
        self.model.redraw()
        self.show_totals()
