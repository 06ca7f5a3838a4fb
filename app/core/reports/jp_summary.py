"""Japan: summary for 雑所得, asset by asset."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from app.core.money import ZERO
from app.core.reports.frame import Content, framed
from app.core.reports.rounding import column_sum, cut, divided, minus, summed, up
from app.core.reports.source import ReportSource
from app.core.reports.table import Cell, Column, Kind, Reference, Report, Table
from app.core.tax.figures import DisposalFigures, HoldingFigures

FORM = "jp-summary"
TITLE = "Summary of crypto-assets: miscellaneous income"
JURISDICTION = "jp"

_UNIT_PLACES = 4
_GAIN = 4
_COLUMNS = (
    Column("Asset"),
    Column("Sold", Kind.QUANTITY),
    Column("Proceeds", Kind.MONEY),
    Column("Cost of what was sold", Kind.MONEY),
    Column("Gain or loss", Kind.MONEY),
    Column("Average cost of a unit", Kind.MONEY),
    Column("Held at the end", Kind.QUANTITY),
    Column("Cost of what is held", Kind.MONEY),
)
_NOTES = (
    (
        "Amounts are in whole yen: proceeds, income and what is held are cut, the cost of what was sold is rounded up, "
        "and the gain is their difference; totals are sums of the rows. The average cost of a unit is shown to four "
        "places and not used again."
    ),
    "Losses of miscellaneous income cannot be set against other income.",
    "Unverified: the rounding, and that every receipt belongs to miscellaneous income.",
)


def report(source: ReportSource) -> Report:
    """Return the Japanese summary."""
    held = {one.asset: one for one in source.figures.holdings}
    sold: dict[str, list[DisposalFigures]] = {}
    for one in source.figures.disposals:
        sold.setdefault(one.asset, []).append(one)
    assets = sorted(held.keys() | sold.keys())
    rows = tuple(_row(asset, sold.get(asset, []), held.get(asset)) for asset in assets)
    gain = column_sum(rows, _GAIN)
    sums: tuple[Cell, ...] = (
        "Total",
        "",
        column_sum(rows, 2),
        column_sum(rows, 3),
        gain,
        "",
        "",
        column_sum(rows, 7),
    )
    return framed(
        source,
        Content(
            FORM,
            TITLE,
            [_income(source, gain), Table("Asset by asset", _COLUMNS, rows, (sums,))],
            _NOTES,
            edition=f"確定申告書 {source.year}",
            references=(
                Reference(
                    "国税庁 暗号資産の計算書",
                    "https://www.nta.go.jp/publication/pamph/shotoku/kakuteishinkokukankei/kasoutuka/",
                ),
            ),
        ),
    )


def _row(asset: str, sold: Sequence[DisposalFigures], held: HoldingFigures | None) -> tuple[Cell, ...]:
    quantity, cost = summed(one.quantity for one in sold), summed(one.cost for one in sold)
    kept, kept_cost = (ZERO, ZERO) if held is None else (held.quantity, held.cost)
    proceeds = cut(summed(one.proceeds for one in sold))
    unit = divided(cost, quantity, _UNIT_PLACES) if sold else divided(kept_cost, kept, _UNIT_PLACES)
    return (
        asset,
        quantity,
        proceeds,
        up(cost),
        minus(proceeds, up(cost)),
        unit,
        kept,
        cut(kept_cost),
    )


def _income(source: ReportSource, gain: Decimal | None) -> Table:
    income = cut(source.figures.totals.income)
    rows: tuple[tuple[Cell, ...], ...] = (
        ("Gains on sales", gain),
        ("Income at its value on receipt", income),
        ("Together", summed((gain, income))),
    )
    return Table("Miscellaneous income", (Column("What"), Column("JPY", Kind.MONEY)), rows)
