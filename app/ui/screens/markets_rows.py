"""The rows of the live table: mark, change, spread, who took part in it, its age, and the last week."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.core.clock import SECOND
from app.core.model.assets import Asset
from app.core.model.market import Contribution, Mark, Tick
from app.core.valuation.staleness import is_stale
from app.ui import format as fmt
from app.ui.models.cells import Cell, Delta, Figure, Named, Spark
from app.ui.models.columns import RIGHT, Column, full_price
from app.ui.models.rows import Branch
from app.ui.words import tr

_TWO = Decimal(2)


@dataclass(frozen=True, slots=True)
class MarketRow:
    """One asset that is watched.

    Attributes:
        spread: Smallest distance of bid and ask at one venue, as a share of the price; None where nobody tells both.
        age: Age of the mark in whole seconds.
        disputed: What the sources say where they disagree and nothing tells who is right.
    """

    asset: Asset
    mark: Mark | None
    spread: Decimal | None = None
    age: int | None = None
    is_old: bool = False
    disputed: tuple[Contribution, ...] = ()
    week: tuple[Decimal, ...] = ()

    @property
    def parts(self) -> tuple[Contribution, ...]:
        """Return every source that was looked at."""
        return self.disputed or (self.mark.parts if self.mark is not None else ())

    @property
    def took_part(self) -> int:
        """Return how many sources the mark is made of."""
        return sum(not part.left_out for part in self.parts) if not self.disputed else 0


@dataclass(frozen=True, slots=True)
class Board:
    """What is known of all markets at one moment.

    Attributes:
        spreads: Spread by asset.
        currency: What marks are in; it needs no price of its own.
    """

    marks: Mapping[str, Mark]
    spreads: Mapping[str, Decimal]
    disputed: Mapping[str, tuple[Contribution, ...]]
    currency: str
    now: int


def spreads(ticks: Iterable[Tick], wanted: Iterable[str]) -> dict[str, Decimal]:
    """Return the smallest spread of each asset; a perpetual's is not that of the asset."""
    of, found = frozenset(wanted), dict[str, Decimal]()
    for tick in ticks:
        if tick.base not in of or tick.is_perpetual or tick.bid is None or tick.ask is None:
            continue
        spread = (tick.ask - tick.bid) / ((tick.ask + tick.bid) / _TWO)
        if tick.base not in found or spread < found[tick.base]:
            found[tick.base] = spread
    return found


def course(week: tuple[Decimal, ...], mark: Mark | None) -> tuple[Decimal, ...]:
    """Return the last closes and, after them, the mark of the moment."""
    return (*week, mark.price) if week and mark is not None else week


def row_of(asset: Asset, board: Board, week: tuple[Decimal, ...]) -> MarketRow:
    """Return the row of an asset, with its course as it is drawn."""
    key = asset.asset_id
    mark = board.marks.get(key)
    age = None if mark is None else max(0, board.now - mark.at) // SECOND
    is_old = is_stale(mark, asset, board.currency, board.now)
    return MarketRow(asset, mark, board.spreads.get(key), age, is_old, board.disputed.get(key, ()), week)


def branches(rows: Iterable[MarketRow]) -> tuple[Branch, ...]:
    """Return a row for each asset."""
    return tuple(Branch(row.asset.asset_id, row) for row in rows)


def name(row: MarketRow) -> str:
    """Return how a row is called."""
    return row.asset.symbol


def search_text(row: MarketRow) -> str:
    """Return what a filter looks into."""
    return f"{row.asset.symbol} {row.asset.name} {row.asset.asset_id}"


def sources_words(row: MarketRow) -> str:
    """Return how many sources took part, of how many where some did not."""
    if row.disputed:
        return tr("disagree")
    if not row.parts:
        return fmt.UNKNOWN
    if fmt.mask() is fmt.Mask.EVERYTHING:
        return fmt.MASK
    took, all_ = row.took_part, len(row.parts)
    if took == all_:
        return fmt.count(took)
    return tr("%n of %m").replace("%n", fmt.count(took)).replace("%m", fmt.count(all_))


def source_name(source: str) -> str:
    """Return a source as it is written: its own name, with a capital, and futures as such."""
    named = re.sub(r"-usdm\b", f" {tr('futures')}", source)
    return named[:1].upper() + named[1:]


def part_words(part: Contribution, now: int) -> str:
    """Return what one source said, and with which share it took part or why it did not."""
    said = f"{source_name(part.source)} {fmt.price(part.price)}"
    took = part.left_out and tr("left out: %s").replace("%s", tr(part.left_out))
    took = took or tr("%s of the mark").replace("%s", fmt.percent(part.share, places=0))
    return f"{said} · {took} · {tr('%s old').replace('%s', fmt.age(now - part.at))}"


def mark_tip(row: MarketRow) -> str:
    """Return the provenance of a mark: exact price, source, moment, and every source with its part."""
    if row.mark is None:
        return tr("No source has a price.")
    mark = row.mark
    now = mark.at + (row.age or 0) * SECOND
    lines = [f"{full_price(mark.price)} {mark.currency.upper()}" if fmt.mask() < fmt.Mask.EVERYTHING else fmt.MASK]
    lines += [source_name(fmt.prose(mark.source)), fmt.moment(mark.at)]
    return "\n".join(lines + [part_words(part, now) for part in row.parts])


def _price(row: MarketRow) -> Decimal | None:
    return None if row.mark is None else row.mark.price


def _change(row: MarketRow) -> Decimal | None:
    return None if row.mark is None else row.mark.change_24h


def _spread(row: MarketRow) -> Decimal | None:
    return row.spread


def _took(row: MarketRow) -> int:
    return row.took_part


def _age(row: MarketRow) -> int | None:
    return row.age


def _asset_cell(row: MarketRow) -> Cell:
    return Named(row.asset.symbol, row.asset.symbol, row.asset.name)


def _mark_cell(row: MarketRow) -> Cell:
    is_grey = row.mark is None or row.is_old
    return Figure(fmt.price(_price(row)), "text_3" if is_grey else "text", "cell_strong")


def _change_cell(row: MarketRow) -> Cell:
    value = _change(row)
    if value is None or row.is_old:
        return Figure(fmt.percent(value, sign=True), "text_3")
    return Delta(value, fmt.percent(value, sign=True))


def _spread_cell(row: MarketRow) -> Cell:
    is_known = row.spread is not None and not row.is_old
    return Figure(fmt.percent(row.spread, places=3), "text_2" if is_known else "text_3")


def _sources_cell(row: MarketRow) -> Cell:
    is_odd = bool(row.disputed) or row.took_part < len(row.parts)
    tone = "warn" if is_odd else "text_2" if row.parts else "text_3"
    return Figure(sources_words(row), tone, icon="triangle-alert" if is_odd else "")


def _age_cell(row: MarketRow) -> Cell:
    if row.age is None:
        return Figure(fmt.UNKNOWN, "text_3")
    return Figure(fmt.age(row.age * SECOND), "warn" if row.is_old else "text_3", icon="clock" if row.is_old else "")


def _week_cell(row: MarketRow) -> Cell:
    return Spark(tuple(float(value) for value in row.week), "" if row.week else fmt.UNKNOWN)


def _spoken_spread(row: MarketRow) -> str:
    return f"{tr('Spread')} {fmt.percent(row.spread, places=3)}"


def _age_tip(row: MarketRow) -> str:
    return "" if row.mark is None else f"{fmt.moment(row.mark.at)}\n{fmt.local(row.mark.at)}"


def columns() -> Sequence[Column]:
    """Return the columns."""
    spread_about = tr("Distance of bid and ask at the venue where it is smallest, as a share of the price")
    sources_about = tr("How many sources the mark is made of; Space shows each, and why one was left out")
    return (
        Column("asset", tr("Asset"), name, _asset_cell, priority=100, width=94, gives_way=True, can_hide=False),
        Column("mark", tr("Mark"), _price, _mark_cell, RIGHT, tooltip=mark_tip, priority=99, is_live=True),
        Column("change", tr("24 h"), _change, _change_cell, RIGHT, priority=95),
        Column("spread", tr("Spread"), _spread, _spread_cell, RIGHT, about=spread_about, spoken=_spoken_spread,
               priority=50),
        Column("sources", tr("Sources"), _took, _sources_cell, RIGHT, tooltip=mark_tip, about=sources_about,
               priority=60),
        Column("age", tr("Age"), _age, _age_cell, RIGHT, tooltip=_age_tip, priority=80),
        Column("week", tr("7 d"), _nothing, _week_cell, RIGHT, can_sort=False, is_copied=False, priority=40, width=84),
    )  # fmt: skip


def _nothing(_row: MarketRow) -> None:
    return None
