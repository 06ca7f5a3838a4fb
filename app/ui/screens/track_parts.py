"""Where a return comes from, as rows: each asset's part, and what it made against the benchmark."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.ui import format as fmt
from app.ui.models.cells import Cell, Figure, Named, Share, Words
from app.ui.models.columns import LEFT, Column, figure_column
from app.ui.models.rows import Branch
from app.ui.screens.risk_found import exact
from app.ui.screens.track_found import Seen, share
from app.ui.words import tr

_ICONS = {"income": "coins", "fees": "receipt", "trades": "arrow-left-right", "rest": "circle-dashed"}
"""Signs of parts that are no asset, by what the engine calls them."""


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part of the return.

    Attributes:
        is_asset: Else it is income, fees, or trades within a day.
        widest: The largest part of all, for the length of the bars.
        farthest: The same of the parts against the benchmark.
    """

    key: str
    name: str
    weight: Decimal | None
    growth: Decimal | None
    part: Decimal | None
    against: Decimal | None
    is_asset: bool
    widest: float
    farthest: float


def part_rows(seen: Seen) -> tuple[Branch, ...]:
    """Return the parts, the largest effect first."""
    lines = seen.record.track.attribution.lines
    widest = max((abs(line.part) for line in lines), default=0.0) or 1.0
    farthest = max((abs(line.against or 0.0) for line in lines), default=0.0) or 1.0
    ordered = sorted(lines, key=lambda line: -abs(line.part))
    return tuple(
        Branch(line.name, PartRow(line.name, seen.name(line.name), exact(line.weight), exact(line.growth),
                                  exact(line.part), exact(line.against), line.weight is not None, widest, farthest))
        for line in ordered
    )  # fmt: skip


def part_name(row: PartRow) -> str:
    """Return how a row is called."""
    return row.name


def _named(row: PartRow) -> Cell:
    icon = _ICONS.get(row.key)
    return Named(row.name, row.name) if icon is None else Words(row.name, icon=icon)


def _bar(value: Decimal | None, widest: float) -> Cell:
    if value is None:
        return Figure(fmt.UNKNOWN, "text_3")
    is_hidden = fmt.mask() is fmt.Mask.EVERYTHING
    length = None if is_hidden else abs(float(value)) / widest
    return Share(length, fmt.percent(value, places=1, sign=True), "accent" if is_hidden else fmt.tone(value))


def part_columns() -> Sequence[Column]:
    """Return the columns."""
    return (
        Column("part", tr("Part"), part_name, _named, gives_way=True, width=92, priority=100, can_hide=False),
        figure_column("weight", tr("Weight"), lambda row: row.weight, lambda row: _known(row.weight), priority=60,
                      about=tr("Mean share of the value")),
        figure_column("growth", tr("Its return"), lambda row: row.growth, lambda row: _known(row.growth), priority=55,
                      about=tr("Of the asset itself, over the days on which it was held")),
        Column("return", tr("Part of return"), lambda row: row.part, lambda row: _bar(row.part, row.widest), LEFT,
               tooltip=lambda row: _whole(row.part), width=150, priority=95,
               about=tr("All parts add up to the return of the book")),
        Column("against", tr("Against"), lambda row: row.against, lambda row: _bar(row.against, row.farthest), LEFT,
               tooltip=lambda row: _whole(row.against), width=150, priority=90,
               about=tr("What holding more or less of it than the benchmark made; all add up to the difference")),
    )  # fmt: skip


def _whole(value: Decimal | None) -> str:
    return fmt.percent(value, places=4, sign=True)


def _known(value: Decimal | None) -> str:
    return "" if value is None else share(value)
