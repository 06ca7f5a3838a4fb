"""Rows and columns of the income of a tax year, and how its figures are computed, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from app.core.model.assets import Asset
from app.core.money import ratio
from app.core.ports import AssetRegistry
from app.core.tax.events import total
from app.core.tax.figures import IncomeFigures
from app.core.tax.income import IncomeKind
from app.services.tax_years import TaxYear
from app.ui import format as fmt
from app.ui.models.cells import Cell, Figure, Named, Status, Words
from app.ui.models.columns import RIGHT, Column, full_amount, full_price, full_quantity, quantity_column, text_column
from app.ui.models.rows import Branch
from app.ui.screens import tax_words as words
from app.ui.screens.base import HowComputed
from app.ui.screens.inspector_parts import Pair
from app.ui.screens.tax_disposals_rows import Age
from app.ui.screens.tax_proof import Proof
from app.ui.words import tr

_SHOWN_ASSETS = 8
"""Assets in the words of how a total is computed."""

_KINDS = {
    IncomeKind.REWARD: ("Reward", "Rewards and interest"),
    IncomeKind.REBATE: ("Rebate", "Rebates"),
    IncomeKind.AIRDROP: ("Airdrop", "Airdrops"),
    IncomeKind.FORK: ("Fork", "Forks"),
}
"""One receipt, and all of them."""


@dataclass(frozen=True, slots=True)
class IncomeRow:
    """One receipt with what people read of it.

    Attributes:
        kind: None where nothing says it.
        day: The tax day, in the country's zone.
        unit: The value of one unit, to 34 digits.
        source: Where its value stands.
        searched: What the filter looks into.
    """

    figures: IncomeFigures
    kind: IncomeKind | None
    asset: Asset
    wallet: str
    day: date
    currency: str
    unit: Decimal | None
    source: str
    searched: str


def kind_word(kind: IncomeKind | None) -> str:
    """Return what a receipt of a kind is called."""
    return tr("Not stated") if kind is None else tr(_KINDS[kind][0])


def kind_words(kind: IncomeKind | None) -> str:
    """Return what all receipts of a kind are called."""
    return tr("Kind not stated") if kind is None else tr(_KINDS[kind][1])


def branches(found: TaxYear, assets: AssetRegistry, accounts: Mapping[str, str]) -> tuple[Branch, ...]:
    """Return the receipts; `accounts` names each account. Of many it takes a while: not for the main thread."""
    return tuple(Branch(one.row, _row(one, found, assets, accounts)) for one in found.figures.income)


def _row(one: IncomeFigures, found: TaxYear, assets: AssetRegistry, accounts: Mapping[str, str]) -> IncomeRow:
    asset, wallet, kind = assets.asset(one.asset), accounts.get(one.wallet, one.wallet), found.income_kinds.get(one.row)
    day = date.fromordinal(found.profile.calendar.day(one.at))
    unit = None if one.value is None or not one.quantity else ratio(one.value, one.quantity)
    valued = found.valuations.get(one.row)
    source = words.valued_by(valued, assets)
    blocked = tr("value not known") if one.value is None else ""
    searched = f"{asset.symbol} {asset.name} {one.asset} {wallet} {day} {kind_words(kind)} {blocked} {one.row}"
    return IncomeRow(one, kind, asset, wallet, day, found.figures.currency, unit, source, searched)


def row_name(row: IncomeRow) -> str:
    """Return how a receipt is called."""
    return f"{row.asset.symbol} {row.day.isoformat()}"


def search_text(row: IncomeRow) -> str:
    """Return what the filter looks into."""
    return row.searched


def is_unknown(row: IncomeRow) -> bool:
    """Tell whether the value of a receipt is not known."""
    return row.figures.value is None


def _value(age: Age, row: IncomeRow) -> Cell:
    value = row.figures.value
    if value is None:
        return Status(tr("value not known"), "danger")
    return Figure(fmt.amount(value, row.currency), "text_3" if age.is_stale else "text")


def _unit(row: IncomeRow) -> Cell:
    if row.unit is None:
        return Figure(fmt.UNKNOWN, "text_3")
    return Figure(fmt.amount(row.unit, row.currency, places=fmt.price_places(row.unit)), "text_2")


def columns(age: Age) -> Sequence[Column]:
    """Return the columns of the income."""
    return (
        Column("received", tr("Received"), lambda row: row.day.isoformat(), lambda row: Words(row.day.isoformat()),
               sort_key=lambda row: row.figures.at, priority=100, width=84, can_hide=False,
               tooltip=lambda row: f"{fmt.moment(row.figures.at)}\n{fmt.local(row.figures.at)}",
               about=tr("The day in the country's own time zone")),
        text_column("kind", tr("Kind"), lambda row: kind_word(row.kind), priority=85, width=80),
        Column("asset", tr("Asset"), lambda row: row.asset.symbol,
               lambda row: Named(row.asset.symbol, row.asset.symbol, row.asset.name), priority=95, width=110,
               gives_way=True),
        text_column("wallet", tr("Wallet"), lambda row: row.wallet, tone="text_2", priority=45, width=90),
        quantity_column("quantity", tr("Quantity"), lambda row: row.figures.quantity, lambda row: row.asset.symbol,
                        priority=80),
        Column("unit", tr("Unit value"), lambda row: row.unit, _unit, RIGHT, priority=55,
               tooltip=lambda row: "" if row.unit is None else full_price(row.unit)),
        Column("value", tr("Value"), lambda row: row.figures.value, lambda row: _value(age, row), RIGHT, priority=100,
               can_hide=False, about=tr("On the day of receipt; it is also the cost of what was received"),
               tooltip=lambda row: "" if is_unknown(row) else full_amount(row.figures.value, row.currency)),
        Column("source", tr("Valued by"), lambda row: row.source, lambda row: Words(fmt.prose(row.source), "text_3"),
               priority=30, width=130, gives_way=True),
    )  # fmt: skip


def by_kind(rows: Sequence[IncomeRow]) -> dict[IncomeKind | None, list[IncomeRow]]:
    """Return the receipts by their kind, in the order of the kinds."""
    found: dict[IncomeKind | None, list[IncomeRow]] = {kind: [] for kind in (*_KINDS, None)}
    for row in rows:
        found[row.kind].append(row)
    return {kind: of for kind, of in found.items() if of}


def proof(row: IncomeRow) -> Proof:
    """Return what the value of a receipt follows from."""
    one = row.figures
    told = [
        Pair(tr("Kind"), kind_word(row.kind)),
        Pair(tr("Quantity"), full_quantity(one.quantity, row.asset.symbol)),
        Pair(tr("Unit value"), _unit(row).text),
        Pair(tr("Valued by"), fmt.prose(row.source)),
        Pair(tr("Tax day"), row.day.isoformat()),
    ]
    return Proof(
        row.asset.symbol,
        tr("%q received").replace("%q", fmt.quantity(one.quantity, row.asset.symbol)),
        f"{row.wallet} · {fmt.moment(one.at)}",
        tr("Value not known") if one.value is None else fmt.amount(one.value, row.currency),
        "" if one.value is None else full_amount(one.value, row.currency),
        told,
        tr("Value = quantity × price of the day, or what the source stated; it is the cost of these units from then."),
        ((tr("Receipt"), one.row),),
    )


def explained(rows: Sequence[IncomeRow], found: TaxYear) -> HowComputed:
    """Return how the income of the year is computed, by kind and asset."""
    groups: dict[tuple[str, str], list[IncomeRow]] = {}
    for row in rows:
        groups.setdefault((kind_words(row.kind), row.asset.symbol), []).append(row)
    currency = found.figures.currency
    shown = sorted(groups.items(), key=lambda pair: sum_of(pair[1]) or Decimal(0), reverse=True)
    inputs = [
        (kind, symbol, fmt.count(len(of)), fmt.amount(sum_of(of), currency))
        for (kind, symbol), of in shown[:_SHOWN_ASSETS]
    ]
    if len(shown) > _SHOWN_ASSETS:
        rest = [row for _, of in shown[_SHOWN_ASSETS:] for row in of]
        more = tr("%n more").replace("%n", fmt.count(len(shown) - _SHOWN_ASSETS))
        inputs.append((more, "", fmt.count(len(rest)), fmt.amount(sum_of(rest), currency)))
    known = sum(not is_unknown(row) for row in rows)
    covered = tr("%n of %m receipts known").replace("%n", fmt.count(known)).replace("%m", fmt.count(len(rows)))
    return HowComputed(
        tr("Income"),
        tr("What was received, at its value on the day of receipt; added up exactly and rounded only to be shown."),
        (tr("Kind"), tr("Asset"), tr("Receipts"), tr("Value")),
        tuple(inputs),
        f"{words.rules(found.profile, currency)} · {covered}",
        found.head,
        "tax/income",
    )


def sum_of(rows: Sequence[IncomeRow]) -> Decimal | None:
    """Return the value of receipts together; None where one of them is not known."""
    return total(row.figures.value for row in rows)
