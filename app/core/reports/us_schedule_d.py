"""United States: the lines of Schedule D that Form 8949 fills."""

from __future__ import annotations

from decimal import Decimal

from app.core.money import ZERO
from app.core.reports.frame import Content, framed
from app.core.reports.parcels import CENTS
from app.core.reports.rounding import nearest, summed
from app.core.reports.source import ReportSource
from app.core.reports.table import Cell, Column, Kind, Reference, Report, Table
from app.core.reports.us_8949 import DIGITAL_BOXES_FROM, Line, lines

FORM = "us-schedule-d"
TITLE = "Schedule D: capital gains and losses"
JURISDICTION = "us"

_LINES = (("1b", "A", "G"), ("2", "B", "H"), ("3", "C", "I"), ("8b", "D", "J"), ("9", "E", "K"), ("10", "F", "L"))
_SHORT = ("1b", "2", "3")
_COLUMNS = (
    Column("Line"),
    Column("What"),
    Column("(d) Proceeds", Kind.MONEY),
    Column("(e) Cost", Kind.MONEY),
    Column("(g) Adjustments", Kind.MONEY),
    Column("(h) Gain or loss", Kind.MONEY),
)


def report(source: ReportSource) -> Report:
    """Return the totals of Schedule D."""
    found = lines(source)
    is_new = source.year >= DIGITAL_BOXES_FROM
    # A row whose term is not known could stand on either side.
    is_open = any(one.term is None for one in found)
    rows = [_row(number, new if is_new else old, found) for number, old, new in _LINES]
    short = [one for one in rows if one[0] in _SHORT]
    long = [one for one in rows if one[0] not in _SHORT]
    sums = [_net(short), _net(long)]
    net: list[Decimal | None] = [None, None] if is_open else sums
    totals: tuple[tuple[Cell, ...], ...] = (
        ("7", "Net short-term gain or loss, of these sales", "", "", "", net[0]),
        ("15", "Net long-term gain or loss, of these sales", "", "", "", net[1]),
        ("16", "Lines 7 and 15 together", "", "", "", summed(net)),
    )
    return framed(
        source,
        Content(
            FORM,
            TITLE,
            [Table(TITLE, _COLUMNS, tuple(rows), totals)],
            [
                "Sums of the rows of Form 8949, which are rounded to the cent, a half up.",
                (
                    "Carryovers (lines 6 and 14), other forms (lines 4, 5, 11 to 13) and the limit of losses "
                    "(line 21) are not part of these figures."
                ),
                "Unverified: that the boxes G to L stand on the lines of A to F.",
            ],
            edition=f"Schedule D (Form 1040) for {source.year}",
            references=(Reference("Instructions for Schedule D", "https://www.irs.gov/instructions/i1040sd"),),
        ),
    )


def _row(number: str, box: str, found: list[Line]) -> tuple[Cell, ...]:
    part = [one for one in found if one.box == box]
    return (
        number,
        f"Form 8949, box {box}",
        nearest(summed(one.proceeds for one in part), CENTS),
        nearest(summed(one.cost for one in part), CENTS),
        nearest(summed(one.adjustment for one in part), CENTS),
        nearest(summed(one.gain for one in part), CENTS),
    )


def _net(rows: list[tuple[Cell, ...]]) -> Decimal | None:
    gains = [one[-1] for one in rows]
    return None if None in gains else summed(one if isinstance(one, Decimal) else ZERO for one in gains)
