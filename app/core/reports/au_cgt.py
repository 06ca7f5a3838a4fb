"""Australia: data for the capital gains item of the return and the CGT schedule."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from app.core.money import EXACT, ZERO
from app.core.reports.frame import Content, framed
from app.core.reports.parcels import Parcel, parcels
from app.core.reports.rounding import cut, divided, minus, nearest, summed
from app.core.reports.source import ReportSource
from app.core.reports.table import Cell, Column, Kind, Reference, Report, Table
from app.core.tax.figures import Term

FORM = "au-cgt"
TITLE = "Capital gains tax schedule: crypto assets"
JURISDICTION = "au"

_HALF = Decimal(2)
_CENTS = 2
_COLUMNS = (
    Column("Asset"),
    Column("Quantity", Kind.QUANTITY),
    Column("Acquired", Kind.DATE),
    Column("Disposed of", Kind.DATE),
    Column("Capital proceeds", Kind.MONEY),
    Column("Cost base", Kind.MONEY),
    Column("Gain or loss", Kind.MONEY),
    Column("Method"),
    Column("Entry"),
)
_NOTES = (
    (
        "Rows are rounded to the cent, a half up, and add up to the rounded sale; labels are sums "
        "of the rows in whole dollars, cents left out."
    ),
    (
        "Losses of the year are taken from gains without discount first, which leaves the least "
        "to be taxed; the discount halves what then remains of discountable gains. It is that of "
        "individuals."
    ),
    "Losses of earlier years are not part of these figures: they come off before the discount.",
    ("Labels G, H, A and V of item 18 as the Taxation Office's guide of 2022 names them; unverified for this year."),
)


def report(source: ReportSource) -> Report:
    """Return the data of the CGT schedule."""
    found = list(parcels(source))
    rows = tuple(_row(one) for one in found)
    sums: tuple[Cell, ...] = (
        "Total",
        "",
        "",
        "",
        nearest(summed(one.proceeds for one in found), _CENTS),
        nearest(summed(one.cost for one in found), _CENTS),
        nearest(summed(one.gain for one in found), _CENTS),
        "",
        "",
    )
    return framed(
        source,
        Content(
            FORM,
            TITLE,
            [_labels(found), Table("CGT events, each parcel by itself", _COLUMNS, rows, (sums,))],
            _NOTES,
            edition=f"Tax return for individuals (supplementary section) {source.year}, item 18",
            references=(
                Reference(
                    "Guide to capital gains tax, part B",
                    "https://www.ato.gov.au/forms-and-instructions/capital-gains-tax-guide-2022/"
                    "part-b-completing-the-capital-gains-section-of-your-tax-return",
                ),
            ),
        ),
    )


def _row(one: Parcel) -> tuple[Cell, ...]:
    gain = one.gain
    if gain is None:
        method = "unknown"
    elif gain <= 0:
        method = "loss" if gain < 0 else "neither"
    else:
        method = "discount" if one.term is Term.LONG else "other"
    return (
        one.disposal.asset,
        one.quantity,
        one.acquired,
        one.sold,
        one.proceeds,
        one.cost,
        gain,
        method,
        one.disposal.row,
    )


def _positive(found: Sequence[Parcel], *, is_long: bool) -> Decimal | None:
    part = [one for one in found if (one.term is Term.LONG) is is_long]
    return summed(None if one.gain is None else max(one.gain, ZERO) for one in part)


def _losses(found: Sequence[Parcel]) -> Decimal | None:
    return summed(None if one.gain is None else max(one.gain.copy_negate(), ZERO) for one in found)


def _labels(found: Sequence[Parcel]) -> Table:
    other, long, losses = _positive(found, is_long=False), _positive(found, is_long=True), _losses(found)
    gains = summed((other, long))
    discount = net = forward = None
    if other is not None and long is not None and losses is not None:
        left = max(EXACT.subtract(losses, other), ZERO)
        discounted = max(EXACT.subtract(long, left), ZERO)
        discount = divided(discounted, _HALF, _CENTS)
        forward = max(EXACT.subtract(left, long), ZERO)
        net = minus(EXACT.add(max(EXACT.subtract(other, losses), ZERO), discounted), discount)
    rows: tuple[tuple[Cell, ...], ...] = (
        ("G", "CGT event during the year", "yes" if found else "no"),
        ("", "Gains without discount", cut(other)),
        ("", "Gains with discount, before it", cut(long)),
        ("H", "Total current year capital gains", cut(gains)),
        ("", "Losses of the year", cut(losses)),
        ("", "Discount", cut(discount)),
        ("A", "Net capital gain", cut(net)),
        ("V", "Net capital losses carried forward", cut(forward)),
    )
    return Table("Labels of the return", (Column("Label"), Column("What"), Column("AUD", Kind.MONEY)), rows)
