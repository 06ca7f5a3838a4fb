"""United Kingdom: figures of SA108, capital gains summary, with the computation that goes with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from app.core.errors import RefusedError
from app.core.money import ZERO
from app.core.reports.frame import Content, framed
from app.core.reports.rounding import down, nearest, summed, up
from app.core.reports.source import ReportSource
from app.core.reports.table import Cell, Column, Kind, Reference, Report, Table
from app.core.tax.figures import DisposalFigures

FORM = "uk-sa108"
TITLE = "SA108: capital gains summary, cryptoassets"
JURISDICTION = "uk"

_PENCE = 2
_OWN_SECTION_FROM = 2024
_OWN_BOXES = ("13.1", "13.2", "13.3", "13.4", "13.5")
_OTHER_BOXES = ("14", "15", "16", "17", "19")
_RATES_CHANGED = date(2024, 10, 30)
_RULES = {"same-day": "same day", "thirty-day": "30 days after", "section-104": "section 104 pool"}


def report(source: ReportSource) -> Report:
    """Return the figures of SA108 and their computation."""
    if source.profile.has("taxpayer", "company"):
        raise RefusedError(
            "SA108 is a return of individuals; a company's gains stand in CT600.",
            hint="Use the report realised, or leave out --option taxpayer=company.",
        )
    disposals = source.figures.disposals
    tables = [_boxes(source, disposals), _computation(source, disposals), _pools(source)]
    notes = [
        (
            "Boxes are in whole pounds: proceeds and gains down, costs and losses up; the computation is in "
            "pence, to the nearest. Every sum is of exact figures, rounded once."
        ),
        "Acquisitions of a day are one acquisition, disposals of a day and asset one disposal.",
        "Unverified, from secondary sources: the numbers of the boxes, their rounding, and which of them is which.",
        "The annual exempt amount, losses brought forward and the tax itself are not part of these figures.",
    ]
    first, last = source.period
    if first <= _RATES_CHANGED <= last:
        tables.append(_around_change(source, disposals))
        notes.append(
            "Rates changed on 30 October 2024 (unverified): GOV.UK's calculator makes box 51 of the last table."
        )
    return framed(
        source,
        Content(
            FORM,
            TITLE,
            tables,
            notes,
            edition=f"SA108 {source.year}-{(source.year + 1) % 100:02d}",
            references=(
                Reference(
                    "SA108 and its notes",
                    "https://www.gov.uk/government/publications/self-assessment-capital-gains-summary-sa108",
                ),
            ),
        ),
    )


def _gains(disposals: Iterable[DisposalFigures]) -> Decimal | None:
    return summed(None if one.gain is None else max(one.gain, ZERO) for one in disposals)


def _losses(disposals: Iterable[DisposalFigures]) -> Decimal | None:
    return summed(None if one.gain is None else max(one.gain.copy_negate(), ZERO) for one in disposals)


def _boxes(source: ReportSource, disposals: tuple[DisposalFigures, ...]) -> Table:
    boxes = _OWN_BOXES if source.year >= _OWN_SECTION_FROM else _OTHER_BOXES
    named: tuple[tuple[str, Decimal | None], ...] = (
        ("Number of disposals", Decimal(len(disposals))),
        ("Disposal proceeds", down(source.figures.totals.proceeds)),
        ("Allowable costs", up(source.figures.totals.cost)),
        ("Gains in the year, before losses", down(_gains(disposals))),
        ("Losses in the year", up(_losses(disposals))),
    )
    rows = tuple((box, name, value) for box, (name, value) in zip(boxes, named, strict=True))
    return Table("Figures of SA108", (Column("Box"), Column("What"), Column("Figure", Kind.MONEY)), rows)


def _computation(source: ReportSource, disposals: tuple[DisposalFigures, ...]) -> Table:
    columns = (
        Column("Date", Kind.DATE),
        Column("Asset"),
        Column("Matched with"),
        Column("Quantity", Kind.QUANTITY),
        Column("Proceeds", Kind.MONEY),
        Column("Allowable cost", Kind.MONEY),
        Column("Gain or loss", Kind.MONEY),
        Column("Entries"),
    )
    rows = tuple(row for one in disposals for row in _steps(source, one))
    totals = source.figures.totals
    sums: tuple[Cell, ...] = (
        "Total",
        "",
        "",
        "",
        nearest(totals.proceeds, _PENCE),
        nearest(totals.cost, _PENCE),
        nearest(totals.gain, _PENCE),
        "",
    )
    return Table("Computation", columns, rows, (sums,))


def _steps(source: ReportSource, one: DisposalFigures) -> Iterator[tuple[Cell, ...]]:
    yield (
        source.day(one.at),
        one.asset,
        "disposal",
        one.quantity,
        nearest(one.proceeds, _PENCE),
        nearest(one.cost, _PENCE),
        nearest(one.gain, _PENCE),
        " ".join(one.rows),
    )
    for match in one.matches:
        name = _RULES.get(match.rule, match.rule)
        if match.acquired_ns is not None:
            name = f"{name}: {source.day(match.acquired_ns).isoformat()}"
        yield "", "", name, match.quantity, "", nearest(match.cost, _PENCE), "", match.lot or ""


def _pools(source: ReportSource) -> Table:
    columns = (Column("Asset"), Column("Quantity", Kind.QUANTITY), Column("Pooled cost", Kind.MONEY))
    rows = tuple((one.asset, one.quantity, nearest(one.cost, _PENCE)) for one in source.figures.holdings)
    return Table("Section 104 pools at the end of the year", columns, rows)


def _around_change(source: ReportSource, disposals: tuple[DisposalFigures, ...]) -> Table:
    columns = (Column("Disposed of"), Column("Gains", Kind.MONEY), Column("Losses", Kind.MONEY))
    before = [one for one in disposals if source.day(one.at) < _RATES_CHANGED]
    after = [one for one in disposals if source.day(one.at) >= _RATES_CHANGED]
    rows = tuple(
        (name, nearest(_gains(part), _PENCE), nearest(_losses(part), _PENCE))
        for name, part in (("before 2024-10-30", before), ("from 2024-10-30", after))
    )
    return Table("Before and after the change of rates", columns, rows)
