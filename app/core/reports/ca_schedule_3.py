"""Canada: rows of Schedule 3, capital gains or losses."""

from __future__ import annotations

from app.core.money import EXACT, plain
from app.core.reports.frame import Content, framed
from app.core.reports.rounding import column_sum, minus, nearest
from app.core.reports.source import ReportSource
from app.core.reports.table import Cell, Column, Kind, Reference, Report, Table
from app.core.tax.figures import DisposalFigures

FORM = "ca-schedule-3"
TITLE = "Schedule 3: capital gains or losses, crypto-assets"
JURISDICTION = "ca"

_CENTS = 2
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
        "Rows are rounded to the cent, a half up; column (5) is (2) less (3) plus what is denied, and "
        "totals are sums of the rounded rows."
    ),
    "Outlays of a sale are already taken off its proceeds, so column (4) stays empty.",
    "A superficial loss that is denied is no loss of this year: it is added to the cost of the substituted units.",
    (
        "Unverified: in which section and on which lines crypto-assets stand (until 2024 with bonds and other "
        "properties), and the share of a gain that is taxable, which is not applied here."
    ),
)


def report(source: ReportSource) -> Report:
    """Return the rows of Schedule 3."""
    rows = tuple(_row(source, one) for one in source.figures.disposals)
    totals: tuple[Cell, ...] = (
        "Total",
        "",
        "",
        *(nearest(column_sum(rows, place), _CENTS) for place in (3, 4)),
        "",
        *(nearest(column_sum(rows, place), _CENTS) for place in (6, 7)),
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


def _row(source: ReportSource, one: DisposalFigures) -> tuple[Cell, ...]:
    proceeds, cost, denied = nearest(one.proceeds, _CENTS), nearest(one.cost, _CENTS), nearest(one.denied, _CENTS)
    before = minus(proceeds, cost)
    gain = None if before is None or one.gain is None or denied is None else EXACT.add(before, denied)
    return (
        f"{plain(one.quantity)} {one.asset}",
        source.day(one.at),
        "various",
        proceeds,
        cost,
        "",
        denied,
        gain,
        one.row,
    )


def _acb(source: ReportSource) -> Table:
    columns = (Column("Asset"), Column("Quantity", Kind.QUANTITY), Column("Adjusted cost base", Kind.MONEY))
    rows = tuple((one.asset, one.quantity, nearest(one.cost, _CENTS)) for one in source.figures.holdings)
    return Table("Adjusted cost base at the end of the year", columns, rows)
