"""The form that pairs two ends by hand: what can be the other end, the nearest first, and why they belong together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from PySide6.QtCore import Slot

from app.core.transfers.partners import Partner
from app.ui import format as fmt
from app.ui import theme
from app.ui.models.cells import NOTHING, Cell, Quantity, Words
from app.ui.models.columns import RIGHT, Column, full_quantity, text_column
from app.ui.models.rows import Branch
from app.ui.models.table import TableModel
from app.ui.screens import transfers_rows as rows
from app.ui.screens.reason_form import Form
from app.ui.widgets.tables import Table
from app.ui.widgets.tables_layout import TableLook
from app.ui.words import tr

_SEEN = 4
"""Lines that are seen without scrolling."""


@dataclass(frozen=True, slots=True)
class PartnerRow:
    """One end that can be the other one, with what its account is called."""

    partner: Partner
    place: str
    symbol: str = field(repr=False)

    @property
    def at(self) -> int:
        """Return when it happened."""
        return self.partner.end.at

    @property
    def quantity(self) -> Decimal:
        """Return how much it moved."""
        return self.partner.end.quantity


def delay(row: PartnerRow) -> str:
    """Return how much later it arrived than it left, in words."""
    span = row.partner.delay
    later, earlier = tr("%s later"), tr("%s earlier")
    return (later if span >= 0 else earlier).replace("%s", fmt.age(abs(span)))


def _lost(row: PartnerRow) -> Cell:
    return Quantity(row.partner.lost, tone="text_2") if row.partner.lost else NOTHING


def _full(value: Decimal, row: PartnerRow) -> str:
    return full_quantity(value, row.symbol)


def _note(row: PartnerRow) -> str:
    return tr("in a proposal") if row.partner.is_proposed else ""


def columns(found: Sequence[Partner], *, is_deposit: bool) -> Sequence[Column]:
    """Return the columns; `is_deposit` tells whether what is offered arrived."""
    note = Column("note", tr("Besides"), _note, lambda row: Words(_note(row), "text_3"), priority=60, width=84)
    where, amount = (tr("To"), tr("Received")) if is_deposit else (tr("From"), tr("Sent"))
    return (
        text_column("place", where, lambda row: row.place, priority=95, width=90),
        Column("on", tr("When"), lambda row: fmt.moment(row.at), lambda row: Words(fmt.moment(row.at)),
               sort_key=lambda row: row.at, priority=90, width=120),
        Column("delay", tr("Time between"), delay, lambda row: Words(delay(row), "text_2"), RIGHT,
               sort_key=lambda row: row.partner.delay, priority=80, width=84,
               about=tr("How much later it arrived than it left")),
        Column("amount", amount, lambda row: row.quantity, lambda row: Quantity(row.quantity), RIGHT, priority=100,
               tooltip=lambda row: _full(row.quantity, row)),
        Column("lost", tr("Less"), lambda row: row.partner.lost, _lost, RIGHT, priority=85,
               tooltip=lambda row: _full(row.partner.lost, row), about=tr("How much less arrived than was sent")),
        *([note] if any(one.is_proposed for one in found) else []),
    )  # fmt: skip


def _called(row: PartnerRow) -> str:
    return f"{row.place} {fmt.moment(row.at)}"


class PartnerForm(Form):
    """A table of ends, the nearest chosen, and the reason; Enter goes from the table to the reason, and records."""

    def __init__(self, row: rows.TransferRow, found: Sequence[Partner]) -> None:
        """Take the end that is alone, and what can be its other one."""
        is_deposit = bool(row.outs)
        model = TableModel(columns(found, is_deposit=is_deposit), _called)
        title = tr("Pair with a deposit") if is_deposit else tr("Pair with a withdrawal")
        table = Table(model, "transfer-partners", title, TableLook(is_one=True))
        table.setFixedHeight(theme.size("table_header") + min(_SEEN, len(found)) * theme.size("row_compact") + 2)
        super().__init__(title, tr("Why they are one transfer"), tr("Accept as one transfer"), table)
        self.table = table
        self.table.opened.connect(self._to_reason)
        made = (PartnerRow(one, row.names.get(one.end.account, one.end.account), row.asset.symbol) for one in found)
        model.show([Branch(one.partner.end.entry_id, one) for one in made], fresh=True)
        self.table.choose(found[0].end.entry_id)

    @Slot(str)
    def _to_reason(self, _key: str) -> None:
        self.reason.setFocus()


def nothing_near(row: rows.TransferRow) -> str:
    """Say that nothing can be the other end, and what can be done then."""
    what = tr("No deposit of %s comes near") if row.outs else tr("No withdrawal of %s comes near")
    why = tr("in amount and time: within 30 days, and at least half of it.")
    return f"{what.replace('%s', row.asset.symbol)} {why} {rows.hint(row)}"
