"""What the place of prices shows: a row for each asset with its gaps, and a row for each day of one asset."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from app.core.clock import DAY
from app.services.prices import PriceCoverage, PriceDay
from app.ui import format as fmt
from app.ui.models.cells import NOTHING, Cell, Figure, Named, Words
from app.ui.models.columns import RIGHT, Column, full_price, text_column
from app.ui.models.rows import Branch
from app.ui.words import tr

GAPS, DOUBTED, BY_HAND, ALL = "gaps", "doubted", "by-hand", "all"


@dataclass(frozen=True, slots=True)
class DayRow:
    """One day of one asset.

    Attributes:
        is_needed: Something happened to the asset on that day, so figures need its price.
        currency: The book's, as a symbol.
    """

    day: PriceDay
    is_needed: bool
    currency: str

    @property
    def key(self) -> str:
        """Return what tells the row from the others."""
        return str(self.day.day)


def asset_branches(found: Iterable[PriceCoverage]) -> tuple[Branch, ...]:
    """Return a row for each asset."""
    return tuple(Branch(one.asset.asset_id, one) for one in found)


def before(found: Sequence[PriceCoverage], end: int | None) -> tuple[PriceCoverage, ...]:
    """Return the days before a moment, of the assets to which something happened until then, most gaps first."""
    if end is None:
        return tuple(found)

    def cut_off(days: Iterable[int]) -> tuple[int, ...]:
        return tuple(day for day in days if day * DAY < end)

    cut = [
        replace(
            one, days=cut_off(one.days), gaps=cut_off(one.gaps), doubted=cut_off(one.doubted),
            by_hand=cut_off(one.by_hand),
        )
        for one in found
    ]  # fmt: skip
    return tuple(sorted((one for one in cut if one.days), key=lambda one: (-len(one.gaps), -len(one.doubted))))


def day_branches(days: Iterable[PriceDay], needed: Iterable[int], currency: str) -> tuple[Branch, ...]:
    """Return a row for each day, the newest first."""
    wanted = frozenset(needed)
    rows = [DayRow(one, one.day in wanted, currency) for one in days]
    return tuple(Branch(row.key, row) for row in reversed(rows))


def fits(row: DayRow, kind: str) -> bool:
    """Tell whether a day is of the kind that is looked at."""
    one = row.day
    if kind == GAPS:
        return row.is_needed and one.price is None
    if kind == DOUBTED:
        return one.told is not None and bool(one.told.left_out)
    return kind == ALL or one.set_price is not None


def date(row: DayRow) -> str:
    """Return the day."""
    return fmt.date(row.day.day * DAY)


def sources(row: DayRow) -> str:
    """Return who the price is from."""
    if row.day.set_price is not None:
        return tr("set by hand")
    return "" if row.day.told is None else ", ".join(row.day.told.sources)


def remark(row: DayRow) -> str:
    """Return why it was set by hand, who was not believed, or that nobody tells anything."""
    one = row.day
    said = [] if one.set_price is None else [one.set_price.reason]
    if one.told is not None:
        said += [f"{out.source} {fmt.price(out.price)} {out.why}" for out in one.told.left_out]
    elif one.set_price is None:
        said.append(tr("no source tells a price"))
    return "; ".join(said)


def _price(row: DayRow) -> Cell:
    if row.day.price is None:
        return Figure(fmt.UNKNOWN, "warn" if row.is_needed else "text_3", icon="circle-dashed" if row.is_needed else "")
    return Figure(fmt.price(row.day.price))


def _spread(row: DayRow) -> Cell:
    told = row.day.told
    is_several = told is not None and len(told.sources) > 1 and row.day.set_price is None
    return Figure(fmt.percent(told.spread), "text_2") if told is not None and is_several else NOTHING


def _remark(row: DayRow) -> Cell:
    is_warning = row.day.told is not None and bool(row.day.told.left_out)
    return Words(remark(row), "warn" if is_warning else "text_2")


def _count(number: int, tone: str) -> Cell:
    return Figure(fmt.count(number), tone) if number else NOTHING


def day_columns() -> Sequence[Column]:
    """Return the columns of the days of one asset."""
    return (
        Column("day", tr("Day"), date, lambda row: Words(date(row)), sort_key=lambda row: row.day.day, priority=100,
               width=84, can_hide=False),
        Column("price", tr("Price"), lambda row: row.day.price, _price, RIGHT, priority=100, can_hide=False,
               tooltip=lambda row: "" if row.day.price is None else f"{full_price(row.day.price)} {row.currency}",
               about=tr("What figures take: the median of the sources that agree, or what was set by hand")),
        text_column("sources", tr("Sources"), sources, tone="text_2", priority=80, width=110),
        Column("spread", tr("Spread"), lambda row: row.day.told.spread if row.day.told else None, _spread, RIGHT,
               priority=60, about=tr("How far the sources that take part are apart, as a share of the price")),
        Column("remark", tr("Remark"), remark, _remark, gives_way=True, priority=90, width=160),
    )  # fmt: skip


def asset_columns() -> Sequence[Column]:
    """Return the columns of the assets."""
    return (
        Column("asset", tr("Asset"), lambda one: one.asset.symbol,
               lambda one: Named(one.asset.symbol, one.asset.symbol, one.asset.name), priority=100, width=110,
               gives_way=True, can_hide=False),
        Column("days", tr("Days"), lambda one: len(one.days), lambda one: _count(len(one.days), "text_2"), RIGHT,
               priority=50, about=tr("Days on which something happened to the asset")),
        Column("gaps", tr("Gaps"), lambda one: len(one.gaps), lambda one: _count(len(one.gaps), "warn"), RIGHT,
               priority=100, can_hide=False, about=tr("Of these, without a price")),
        Column("doubted", tr("Doubted"), lambda one: len(one.doubted), lambda one: _count(len(one.doubted), "text"),
               RIGHT, priority=80, about=tr("Of these, with a source that was not believed")),
        Column("by_hand", tr("By hand"), lambda one: len(one.by_hand), lambda one: _count(len(one.by_hand), "text"),
               RIGHT, priority=60, about=tr("Days with a price that a person set")),
    )  # fmt: skip


def asset_name(one: PriceCoverage) -> str:
    """Return how the row of an asset is called."""
    return one.asset.symbol


def day_name(row: DayRow) -> str:
    """Return how the row of a day is called."""
    return date(row)
