"""Rows and columns of the disposals of a tax year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from app.core.model.assets import Asset
from app.core.ports import AssetRegistry
from app.core.tax.figures import DisposalFigures
from app.services.tax_years import TaxYear
from app.ui import format as fmt
from app.ui.models.cells import Cell, Delta, Figure, Named, Status, Words
from app.ui.models.columns import RIGHT, Column, full_amount, full_quantity, quantity_column, text_column
from app.ui.models.rows import Branch
from app.ui.screens import tax_words as words
from app.ui.screens.positions_rows import seen_change
from app.ui.words import tr


@dataclass(frozen=True, slots=True)
class DisposalRow:
    """One disposal with what people read of it.

    Attributes:
        day: The tax day, in the country's zone.
        term: How long it was held, in the country's words; "" where it does not ask.
        searched: What the filter looks into.
    """

    figures: DisposalFigures
    asset: Asset
    wallet: str
    day: date
    currency: str
    rule: str
    term: str
    searched: str

    @property
    def is_blocked(self) -> bool:
        """Tell whether its gain is not known."""
        return self.figures.gain is None


class Age:
    """Whether the figures of a table are older than the books or the prices; its cells ask."""

    is_stale = False


def branches(found: TaxYear, assets: AssetRegistry, accounts: Mapping[str, str]) -> tuple[Branch, ...]:
    """Return the disposals; `accounts` names each account. Of many it takes a while: not for the main thread."""
    return tuple(Branch(one.row, _row(one, found, assets, accounts)) for one in found.figures.disposals)


def _row(one: DisposalFigures, found: TaxYear, assets: AssetRegistry, accounts: Mapping[str, str]) -> DisposalRow:
    asset, wallet, rule = assets.asset(one.asset), accounts.get(one.wallet, one.wallet), rules_of(one)
    day = date.fromordinal(found.profile.calendar.day(one.at))
    blocked = tr("blocked") if one.gain is None else ""
    term = words.term(one.term, found.profile)
    searched = f"{asset.symbol} {asset.name} {one.asset} {wallet} {day} {rule} {term} {blocked} {one.row}"
    return DisposalRow(one, asset, wallet, day, found.figures.currency, rule, term, searched)


def rules_of(one: DisposalFigures) -> str:
    """Return the rules by which a disposal was matched, each once."""
    return ", ".join(words.rule(name) for name in dict.fromkeys(match.rule for match in one.matches))


def row_name(row: DisposalRow) -> str:
    """Return how a disposal is called."""
    return f"{row.asset.symbol} {row.day.isoformat()}"


def search_text(row: DisposalRow) -> str:
    """Return what the filter looks into."""
    return row.searched


def _asset(row: DisposalRow) -> Cell:
    return Named(row.asset.symbol, row.asset.symbol, row.asset.name)


def _money(age: Age, value: Decimal | None, row: DisposalRow) -> Cell:
    return Figure(fmt.amount(value, row.currency), "text_3" if value is None or age.is_stale else "text")


def _proceeds(age: Age, row: DisposalRow) -> Cell:
    return _money(age, row.figures.proceeds, row)


def _cost(age: Age, row: DisposalRow) -> Cell:
    return _money(age, row.figures.cost, row)


def _gain(age: Age, row: DisposalRow) -> Cell:
    gain = row.figures.gain
    if gain is None:
        return Status(tr("blocked"), "danger")
    text = fmt.amount(gain, row.currency, sign=True)
    return Figure(text, "text_3") if age.is_stale else Delta(seen_change(gain), text)


def _term(row: DisposalRow) -> Cell:
    return Words(row.term, "text_2")


def _moment_tip(row: DisposalRow) -> str:
    return f"{fmt.moment(row.figures.at)}\n{fmt.local(row.figures.at)}"


def _full(value: Decimal | None, row: DisposalRow) -> str:
    return "" if value is None else full_amount(value, row.currency)


def columns(age: Age) -> Sequence[Column]:
    """Return the columns of the disposals."""
    return (
        Column(
            "sold", tr("Disposed of"), lambda row: row.day.isoformat(), lambda row: Words(row.day.isoformat()),
            sort_key=lambda row: row.figures.at, tooltip=_moment_tip, priority=100, width=84, can_hide=False,
            about=tr("The day in the country's own time zone"),
        ),
        Column("asset", tr("Asset"), lambda row: row.asset.symbol, _asset, priority=95, width=110, gives_way=True),
        text_column("wallet", tr("Wallet"), lambda row: row.wallet, tone="text_2", priority=45, width=90),
        quantity_column(
            "quantity", tr("Quantity"), lambda row: row.figures.quantity, lambda row: row.asset.symbol, priority=80,
        ),
        Column(
            "proceeds", tr("Proceeds"), lambda row: row.figures.proceeds, partial(_proceeds, age), RIGHT, priority=70,
            tooltip=lambda row: _full(row.figures.proceeds, row),
        ),
        Column(
            "cost", tr("Cost"), lambda row: row.figures.cost, partial(_cost, age), RIGHT, priority=70,
            tooltip=lambda row: _full(row.figures.cost, row),
        ),
        Column(
            "gain", tr("Gain"), lambda row: row.figures.gain, partial(_gain, age), RIGHT, priority=100,
            tooltip=lambda row: _full(row.figures.gain, row), can_hide=False,
            about=tr("Proceeds less cost, plus what of a loss the law denies"),
        ),
        Column("term", tr("Term"), lambda row: row.term, _term, priority=60, width=52),
        text_column("rule", tr("Rule"), lambda row: row.rule, tone="text_2", priority=50, width=70),
    )  # fmt: skip


def quantity_of(row: DisposalRow) -> str:
    """Return the whole quantity with its unit."""
    return full_quantity(row.figures.quantity, row.asset.symbol)
