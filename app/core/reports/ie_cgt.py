"""Ireland: figures for the capital gains panel of Form 11 or Form CG1."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from app.core.money import EXACT, ZERO
from app.core.reports.frame import Content, framed
from app.core.reports.rounding import cut, nearest, summed
from app.core.reports.source import ReportSource
from app.core.reports.table import Cell, Column, Kind, Reference, Report, Table
from app.core.tax.figures import DisposalFigures

FORM = "ie-cgt"
TITLE = "Capital gains: Form 11 or CG1"
JURISDICTION = "ie"

_CENTS = 2
_EXEMPTION = Decimal(1270)
_DECEMBER = 12
_COLUMNS = (
    Column("Asset"),
    Column("Quantity", Kind.QUANTITY),
    Column("Acquired"),
    Column("Disposed of", Kind.DATE),
    Column("Consideration", Kind.MONEY),
    Column("Allowable cost", Kind.MONEY),
    Column("Loss not allowed", Kind.MONEY),
    Column("Gain or loss", Kind.MONEY),
    Column("Entry"),
)
_NOTES = (
    (
        "Disposals are rounded to the cent, a half up; the panel is in whole euros, cents left "
        "out; every sum is of exact figures, rounded once."
    ),
    (
        "The personal exemption of 1,270 EUR is taken off once, whatever other gains there are; "
        "losses brought forward are not part of these figures and come off before it."
    ),
    "A loss on units bought again within four weeks is set against the gain on those units only.",
    (
        "Unverified: the layout of the panel, its rounding, the exemption and the periods of payment "
        "(15 December for January to November, 31 January for December), which are from secondary sources."
    ),
)


def report(source: ReportSource) -> Report:
    """Return the figures of the Irish return."""
    disposals = source.figures.disposals
    rows = tuple(_row(source, one) for one in disposals)
    totals = source.figures.totals
    sums: tuple[Cell, ...] = (
        "Total",
        "",
        "",
        "",
        nearest(totals.proceeds, _CENTS),
        nearest(totals.cost, _CENTS),
        nearest(totals.denied, _CENTS),
        nearest(totals.gain, _CENTS),
        "",
    )
    return framed(
        source,
        Content(
            FORM,
            TITLE,
            [_panel(disposals), _periods(source, disposals), Table("Disposals", _COLUMNS, rows, (sums,))],
            _NOTES,
            edition=f"Form 11 / CG1 for {source.year}",
            references=(
                Reference("Revenue, capital gains tax", "https://www.revenue.ie/en/gains-gifts-and-inheritance/"),
            ),
        ),
    )


def _row(source: ReportSource, one: DisposalFigures) -> tuple[Cell, ...]:
    days = {None if match.acquired_ns is None else source.day(match.acquired_ns) for match in one.matches}
    day: date | None = days.pop() if len(days) == 1 else None
    return (
        one.asset,
        one.quantity,
        day or ("various" if days else None),
        source.day(one.at),
        nearest(one.proceeds, _CENTS),
        nearest(one.cost, _CENTS),
        nearest(one.denied, _CENTS),
        nearest(one.gain, _CENTS),
        one.row,
    )


def _gains(disposals: Sequence[DisposalFigures]) -> Decimal | None:
    return summed(None if one.gain is None else max(one.gain, ZERO) for one in disposals)


def _losses(disposals: Sequence[DisposalFigures]) -> Decimal | None:
    return summed(None if one.gain is None else max(one.gain.copy_negate(), ZERO) for one in disposals)


def _panel(disposals: Sequence[DisposalFigures]) -> Table:
    gains, losses = _gains(disposals), _losses(disposals)
    net = exempt = chargeable = forward = None
    if gains is not None and losses is not None:
        net = max(EXACT.subtract(gains, losses), ZERO)
        forward = max(EXACT.subtract(losses, gains), ZERO)
        exempt = min(net, _EXEMPTION)
        chargeable = EXACT.subtract(net, exempt)
    rows: tuple[tuple[Cell, ...], ...] = (
        ("Aggregate consideration", cut(summed(one.proceeds for one in disposals))),
        ("Gains of the year", cut(gains)),
        ("Losses of the year", cut(losses)),
        ("Net gain", cut(net)),
        ("Personal exemption", cut(exempt)),
        ("Net chargeable gain", cut(chargeable)),
        ("Unused losses carried forward", cut(forward)),
    )
    return Table("Panel", (Column("What"), Column("EUR", Kind.MONEY)), rows)


def _periods(source: ReportSource, disposals: Sequence[DisposalFigures]) -> Table:
    initial = [one for one in disposals if source.day(one.at).month != _DECEMBER]
    later = [one for one in disposals if source.day(one.at).month == _DECEMBER]
    rows = tuple(
        (name, nearest(_gains(part), _CENTS), nearest(_losses(part), _CENTS))
        for name, part in (("January to November", initial), ("December", later))
    )
    return Table(
        "Periods of payment", (Column("Period"), Column("Gains", Kind.MONEY), Column("Losses", Kind.MONEY)), rows
    )
