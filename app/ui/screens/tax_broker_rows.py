"""Lines of Form 1099-DA as rows: what was reported, what the own books say, and the row of Form 8949 that follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.core.reports.broker_match import BrokerMatch
from app.core.tax.profile import Profile
from app.ui import format as fmt
from app.ui.models.cells import Cell, Figure, Status, Words
from app.ui.models.columns import RIGHT, Column, full_amount, quantity_column, text_column
from app.ui.models.rows import Branch
from app.ui.screens import tax_words as words
from app.ui.words import tr


@dataclass(frozen=True, slots=True)
class BrokerRow:
    """A line with what people read of it."""

    match: BrokerMatch
    profile: Profile
    currency: str

    @property
    def sold(self) -> str:
        """Return the day of the sale; "" where the line fits none."""
        return "" if self.match.form is None else self.match.form.sold.isoformat()

    @property
    def asset(self) -> str:
        """Return the asset; the line's own id where it fits no sale."""
        return self.match.line.row if self.match.own is None else self.match.own.sale.asset

    @property
    def term(self) -> str:
        """Return how long the part was held: what the line says, else what the own books do."""
        own = None if self.match.own is None else self.match.own.term
        return words.term(self.match.line.term or own, self.profile)

    @property
    def quantity(self) -> Decimal | None:
        """Return the units."""
        return None if self.match.own is None else self.match.own.quantity

    @property
    def own_proceeds(self) -> Decimal | None:
        """Return the proceeds of the own books."""
        return None if self.match.own is None else self.match.own.proceeds

    @property
    def own_cost(self) -> Decimal | None:
        """Return the cost of the own books."""
        return None if self.match.own is None else self.match.own.cost


def branches(found: Sequence[BrokerMatch], profile: Profile, currency: str) -> tuple[Branch, ...]:
    """Return the lines, those that fit no sale first."""
    rows = [BrokerRow(one, profile, currency) for one in sorted(found, key=lambda one: one.fault is None)]
    return tuple(Branch(f"{row.match.line.row}/{row.match.line.term or ''}", row) for row in rows)


def name(row: BrokerRow) -> str:
    """Return how a line is called."""
    return f"{row.asset} {row.sold}".strip()


def state(row: BrokerRow) -> str:
    """Return in a word whether a line fits, and where it differs from the own books."""
    if row.match.fault is not None:
        return tr("fits no sale")
    return tr("differs") if row.match.form is not None and row.match.form.code else tr("agrees")


def _state(row: BrokerRow) -> Cell:
    tone = {tr("fits no sale"): "danger", tr("differs"): "warn"}.get(state(row), "text_3")
    return Status(state(row), tone)


def _why(row: BrokerRow) -> str:
    fault = row.match.fault
    return "" if fault is None else fmt.prose(f"{fault.message} {fault.hint}")


def _money(value: Decimal | None, row: BrokerRow) -> Cell:
    return Figure(fmt.amount(value, row.currency), "text_3" if value is None else "text")


def _full(value: Decimal | None, row: BrokerRow) -> str:
    return "" if value is None else full_amount(value, row.currency)


def _basis(row: BrokerRow) -> Cell:
    line = row.match.line
    if line.basis is None:
        return Figure(tr("none"), "text_3")
    return Figure(fmt.amount(line.basis, row.currency), "text" if line.is_basis_reported else "text_2")


def _adjustment(row: BrokerRow) -> Decimal | None:
    form = row.match.form
    return form.adjustment if form is not None and form.code else None


def _box(row: BrokerRow) -> str:
    return "" if row.match.form is None else row.match.form.box


def _code(row: BrokerRow) -> str:
    return "" if row.match.form is None else row.match.form.code


def columns() -> Sequence[Column]:
    """Return the columns of the lines."""
    return (
        Column("state", tr("Line"), state, _state, priority=100, width=84, can_hide=False, tooltip=_why),
        text_column("sold", tr("Sold"), lambda row: row.sold, priority=90, width=84, gives_way=False),
        text_column("asset", tr("Asset"), lambda row: row.asset, priority=95, width=70),
        quantity_column("quantity", tr("Quantity"), lambda row: row.quantity, lambda row: row.asset, priority=60),
        text_column("term", tr("Term"), lambda row: row.term, tone="text_2",
                    priority=70, width=50),
        Column("proceeds", tr("Reported proceeds"), lambda row: row.match.line.proceeds,
               lambda row: _money(row.match.line.proceeds, row), RIGHT, priority=85,
               tooltip=lambda row: _full(row.match.line.proceeds, row)),
        Column("own_proceeds", tr("Own proceeds"), lambda row: row.own_proceeds,
               lambda row: _money(row.own_proceeds, row), RIGHT, priority=75,
               tooltip=lambda row: _full(row.own_proceeds, row)),
        Column("basis", tr("Reported basis"), lambda row: row.match.line.basis, _basis, RIGHT, priority=85,
               about=tr("Grey where the tax authority was not told it"),
               tooltip=lambda row: _full(row.match.line.basis, row)),
        Column("own_cost", tr("Own cost"), lambda row: row.own_cost, lambda row: _money(row.own_cost, row), RIGHT,
               priority=75, tooltip=lambda row: _full(row.own_cost, row)),
        Column("box", tr("Box"), _box, lambda row: Words(_box(row), "text", "cell_strong"), priority=100, width=40,
               can_hide=False),
        Column("code", tr("Code"), _code, lambda row: Words(_code(row)), priority=88, width=40,
               about=tr("B: the basis is wrong; E and O: the proceeds are")),
        Column("adjustment", tr("Adjustment"), _adjustment, lambda row: _money(_adjustment(row), row)
               if _adjustment(row) is not None else Figure("", "text_3"), RIGHT, priority=88),
    )  # fmt: skip
