"""Canada: rows of Schedule 3, capital gains or losses."""

from __future__ import annotations

from collections.abc import Mapping

from app.core.money import EXACT, ZERO, plain
from app.core.reports.frame import Content, framed
from app.core.reports.rounding import column_sum, minus, nearest, summed
from app.core.reports.source import ReportSource
from app.core.reports.table import Cell, Column, Kind, Reference, Report, Table
from app.core.tax.events import TransactionType
from app.core.tax.figures import DisposalFigures

FORM = "ca-schedule-3"
TITLE = "Schedule 3: capital gains or losses, crypto-assets"
JURISDICTION = "ca"

_CENTS = 2
_ACQUIRED = (TransactionType.BUY, TransactionType.INCOME)
_COLUMNS = (
    Column("Property"),
    Column("Sold", Kind.DATE),
    Column("(1) Year of acquisition"),
    Column("(2) Proceeds of disposition", Kind.MONEY),
    Column("(3) Adjusted cost base", Kind.MONEY),
    Column("(4) Outlays and expenses", Kind.MONEY),
    Column("Superficial loss, denied", Kind.MONEY),
    Column("(5) Gain or loss", Kind.MONEY),
    Column("Entry"),
)
_NOTES = (
    (
        "Rows are rounded to the cent, a half up; column (5) is (2) less (3) and (4) plus what is denied, and "
        "totals are sums of the rounded rows."
    ),
    (
        "Column (1) is the one year in which the units of the property were acquired until the sale, else various; "
        "outlays that a file of transactions does not name in a column costs are taken off (2) already."
    ),
    "A superficial loss that is denied is no loss of this year: it is added to the cost of the substituted units.",
    (
        "Unverified: in which section and on which lines crypto-assets stand (until 2024 with bonds and other "
        "properties), and the share of a gain that is taxable, which is not applied here."
    ),
)


def report(source: ReportSource) -> Report:
    """Return the rows of Schedule 3."""
    years = _years(source)
    rows = tuple(_row(source, years, one) for one in source.figures.disposals)
    totals: tuple[Cell, ...] = (
        "Total",
        "",
        "",
        *(nearest(column_sum(rows, place), _CENTS) for place in range(3, 8)),
        "",
    )
    exact = source.figures.totals.gain
    notes = [*_NOTES]
    if exact is not None:
        notes.append(f"Total gain, exact, without any rounding: {plain(exact)}.")
    return framed(
        source,
        Content(
            FORM,
            TITLE,
            [Table(TITLE, _COLUMNS, rows, (totals,)), _acb(source)],
            notes,
            edition=f"Schedule 3 (T1) for {source.year}",
            references=(
                Reference(
                    "Schedule 3: bonds, debentures, promissory notes, crypto-assets, and other similar properties",
                    "https://www.canada.ca/en/revenue-agency/services/tax/individuals/topics/about-your-tax-return/"
                    "tax-return/completing-a-tax-return/personal-income/line-12700-capital-gains/completing-schedule-3/"
                    "bonds-debentures-promissory-notes-other-similar-properties.html",
                ),
            ),
        ),
    )


def _row(source: ReportSource, years: Mapping[str, tuple[int, int | None]], one: DisposalFigures) -> tuple[Cell, ...]:
    net, cost, denied = nearest(one.proceeds, _CENTS), nearest(one.cost, _CENTS), nearest(one.denied, _CENTS)
    transaction = source.transactions.get(one.row)
    outlays = nearest(ZERO if transaction is None else transaction.costs, _CENTS)
    before = minus(net, cost)
    gain = None if before is None or one.gain is None or denied is None else EXACT.add(before, denied)
    return (
        f"{plain(one.quantity)} {one.asset}",
        source.day(one.at),
        _year(years, one),
        summed((net, outlays)),
        cost,
        outlays,
        denied,
        gain,
        one.row,
    )


def _years(source: ReportSource) -> dict[str, tuple[int, int | None]]:
    """Return by asset the year of its first acquisition, and the moment since which there is one of another year."""
    found: dict[str, tuple[int, int | None]] = {}
    for one in source.transactions.values():
        asset = one.to_asset or one.asset
        if one.type not in _ACQUIRED and not one.to_asset:
            continue
        year = source.day(one.at if one.acquired_ns is None else one.acquired_ns).year
        first, other = found.setdefault(asset, (year, None))
        # Units that were another asset before may be of any year.
        if other is None and (year != first or one.to_asset):
            found[asset] = first, one.at
    return found


def _year(years: Mapping[str, tuple[int, int | None]], one: DisposalFigures) -> str:
    first, other = years.get(one.asset, (None, None))
    return "various" if first is None or (other is not None and other <= one.at) else str(first)


def _acb(source: ReportSource) -> Table:
    columns = (Column("Asset"), Column("Quantity", Kind.QUANTITY), Column("Adjusted cost base", Kind.MONEY))
    rows = tuple((one.asset, one.quantity, nearest(one.cost, _CENTS)) for one in source.figures.holdings)
    return Table("Adjusted cost base at the end of the year", columns, rows)
