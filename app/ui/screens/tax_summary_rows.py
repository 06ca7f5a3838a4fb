"""The year by asset, as rows; and how each figure of the year is computed, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.core.model.assets import Asset
from app.core.ports import AssetRegistry
from app.core.tax.events import total
from app.core.tax.figures import TaxFigures, Term
from app.services.tax_years import TaxYear
from app.ui import format as fmt
from app.ui.models.cells import Cell, Delta, Figure, Named
from app.ui.models.columns import RIGHT, Column, full_amount
from app.ui.models.rows import Branch
from app.ui.screens import tax_words as words
from app.ui.screens.base import HowComputed
from app.ui.screens.positions_rows import seen_change
from app.ui.words import tr

_SHOWN = 6


@dataclass(frozen=True, slots=True)
class AssetRow:
    """What an asset did in the year; sums are None where one of their parts is not known."""

    asset: Asset
    currency: str
    disposals: int
    blocked: int
    proceeds: Decimal | None
    cost: Decimal | None
    gain: Decimal | None
    income: Decimal | None


def by_asset(figures: TaxFigures, assets: AssetRegistry) -> tuple[AssetRow, ...]:
    """Return the year by asset, the largest gain or loss first. Of many disposals it takes a while."""
    sold: dict[str, list[int]] = {}
    for number, one in enumerate(figures.disposals):
        sold.setdefault(one.asset, []).append(number)
    received: dict[str, list[Decimal | None]] = {}
    for income in figures.income:
        received.setdefault(income.asset, []).append(income.value)
    made = []
    for asset_id in {**sold, **received}:
        own = [figures.disposals[number] for number in sold.get(asset_id, ())]
        made.append(
            AssetRow(
                assets.asset(asset_id), figures.currency, len(own), sum(one.gain is None for one in own),
                total(one.proceeds for one in own), total(one.cost for one in own), total(one.gain for one in own),
                total(received.get(asset_id, ())),
            )
        )  # fmt: skip
    return tuple(sorted(made, key=_weight))


def _weight(row: AssetRow) -> tuple[bool, Decimal, str]:
    return row.gain is not None, -abs(row.gain or Decimal(0)), row.asset.symbol


def branches(rows: Sequence[AssetRow]) -> tuple[Branch, ...]:
    """Return the assets as rows of a table."""
    return tuple(Branch(row.asset.asset_id, row) for row in rows)


def row_name(row: AssetRow) -> str:
    """Return how an asset is called."""
    return row.asset.name


def _gain(row: AssetRow) -> Cell:
    if row.gain is None:
        return Figure(fmt.UNKNOWN, "danger")
    return Delta(seen_change(row.gain), fmt.amount(row.gain, row.currency, sign=True))


def _count(row: AssetRow) -> Cell:
    return Figure(fmt.count(row.disposals), "text_2")


def _money(name: str, title: str, priority: int) -> Column:
    def value(row: AssetRow) -> Decimal | None:
        found: Decimal | None = getattr(row, name)
        return found

    def cell(row: AssetRow) -> Cell:
        return Figure(fmt.amount(value(row), row.currency), "text" if value(row) is not None else "text_3")

    def tip(row: AssetRow) -> str:
        return "" if value(row) is None else full_amount(value(row), row.currency)

    return Column(name, title, value, cell, RIGHT, priority=priority, tooltip=tip)


def columns() -> Sequence[Column]:
    """Return the columns of the assets."""
    return (
        Column(
            "asset", tr("Asset"), lambda row: row.asset.symbol,
            lambda row: Named(row.asset.symbol, row.asset.symbol, row.asset.name), priority=100, width=120,
            gives_way=True, can_hide=False,
        ),
        Column("disposals", tr("Disposals"), lambda row: row.disposals, _count, RIGHT, priority=60),
        _money("proceeds", tr("Proceeds"), 70),
        _money("cost", tr("Cost"), 70),
        Column("gain", tr("Gain"), lambda row: row.gain, _gain, RIGHT, priority=100),
        _money("income", tr("Income"), 80),
    )  # fmt: skip


# how it is computed --------------------------------------------------------------------------------------------------
_FORMULAS = {
    "gain": "Proceeds less cost of each disposal, plus what of a loss the law denies; added up exactly and rounded"
    " only to be shown.",
    "short_gain": "The part of each gain on units not held for long; proceeds belong to units in equal shares.",
    "long_gain": "The part of each gain on units held for long; proceeds belong to units in equal shares.",
    "proceeds": "What each disposal brought, less its fee, at the price of its own entry or the close of its day.",
    "cost": "What the lots that each disposal used had cost with their fees, by the method named here.",
    "income": "What was received, at its value on the day of receipt.",
}


def explained(name: str, title: str, found: TaxYear, rows: Sequence[AssetRow]) -> HowComputed:
    """Return how a figure of the year is computed, down to the disposals that it is the sum of."""
    by = "gain" if name.endswith("gain") else name
    shown = [row for row in rows if row.disposals or (name == "income" and getattr(row, by))]
    currency = found.figures.currency
    inputs = [
        (row.asset.symbol, fmt.count(row.disposals), fmt.amount(getattr(row, by), currency, sign=by == "gain"))
        for row in shown[:_SHOWN]
    ]
    if len(shown) > _SHOWN:
        rest = total(getattr(row, by) for row in shown[_SHOWN:])
        more = tr("%n more").replace("%n", fmt.count(len(shown) - _SHOWN))
        inputs.append((more, "", fmt.amount(rest, currency, sign=by == "gain")))
    long_means = found.profile.jurisdiction.long_means
    parts = [words.rules(found.profile, currency), _covered(found, rows)]
    if name in ("short_gain", "long_gain") and long_means:
        parts.append(f"{words.term_title(Term.LONG, found.profile)}: {long_means}")
    return HowComputed(
        title,
        tr(_FORMULAS[name]),
        (tr("Asset"), tr("Disposals"), tr("Gain") if by == "gain" else title) if inputs else (),
        tuple(inputs),
        " · ".join(parts),
        found.head,
        "tax/income" if name == "income" else "tax/disposals",
    )


def _covered(found: TaxYear, rows: Sequence[AssetRow]) -> str:
    whole, blocked = len(found.figures.disposals), sum(row.blocked for row in rows)
    return tr("%n of %m disposals known").replace("%n", fmt.count(whole - blocked)).replace("%m", fmt.count(whole))


def totals_explained(found: TaxYear, rows: Sequence[AssetRow]) -> HowComputed:
    """Return how proceeds, cost and gain of the year's disposals are computed, by asset."""
    currency, sold = found.figures.currency, [row for row in rows if row.disposals]
    inputs = [_parts(row.asset.symbol, [row], currency) for row in sold[:_SHOWN]]
    if len(sold) > _SHOWN:
        more = tr("%n more").replace("%n", fmt.count(len(sold) - _SHOWN))
        inputs.append(_parts(more, sold[_SHOWN:], currency))
    return HowComputed(
        tr("Totals of the disposals"),
        tr(_FORMULAS["gain"]),
        (tr("Asset"), tr("Proceeds"), tr("Cost"), tr("Gain")),
        tuple(inputs),
        f"{words.rules(found.profile, currency)} · {_covered(found, rows)}",
        found.head,
    )


def _parts(name: str, rows: Sequence[AssetRow], currency: str) -> tuple[str, ...]:
    gain = fmt.amount(total(row.gain for row in rows), currency, sign=True)
    proceeds, cost = total(row.proceeds for row in rows), total(row.cost for row in rows)
    return name, fmt.amount(proceeds, currency), fmt.amount(cost, currency), gain
