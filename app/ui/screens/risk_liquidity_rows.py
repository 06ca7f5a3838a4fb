"""Rows of how each asset of a book is left: depth, spread, cost, days; what is not known stays unknown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from app.core.clock import SECOND
from app.ui import format as fmt
from app.ui.models.cells import Cell, Figure, Named, Words
from app.ui.models.columns import LEFT, RIGHT, Column, figure_column
from app.ui.models.rows import Branch
from app.ui.screens.risk_found import Found, exact
from app.ui.words import tr

if TYPE_CHECKING:
    from app.core.risk.leaving import Leaving, Way

_TINY = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class WayRow:
    """One asset, with how a person knows it and whose order books it goes through.

    Attributes:
        age: Of the oldest of those books, in nanoseconds; None where there is none.
    """

    way: Way
    symbol: str
    venues: str
    currency: str
    age: int | None

    @property
    def cost(self) -> Decimal | None:
        """Return what closing it at once costs."""
        return exact(self.way.exit_cost)


def way_rows(found: Found, left: Leaving, now: int) -> tuple[Branch, ...]:
    """Return the rows, the largest exposure first."""
    rows = [
        WayRow(
            way,
            found.name(way.asset),
            ", ".join(found.place(venue) for venue in way.venues),
            found.currency,
            None if way.at is None else max(0, now - way.at),
        )
        for way in left.ways
    ]
    return tuple(Branch(row.way.asset, row) for row in rows)


def way_name(row: WayRow) -> str:
    """Return the asset's symbol."""
    return row.symbol


def known_words(row: WayRow) -> str:
    """Return what is known of an asset's market."""
    if row.venues:
        return row.venues
    return tr("spread only") if row.way.spread is not None else tr("nothing")


def days_words(days: float | None) -> str:
    """Return days as they are read: tenths below ten, and below a tenth only that."""
    value = exact(days)
    if value is None:
        return fmt.UNKNOWN
    if fmt.mask() is not fmt.Mask.NOTHING:
        # With the volume that everybody knows, days would tell the amount.
        return fmt.MASK
    if value < _TINY:
        return tr("under %n").replace("%n", fmt.price(_TINY, places=1)) if value else fmt.price(value, places=0)
    return fmt.price(value, places=1 if value < 10 else 0)  # noqa: PLR2004


def _market(row: WayRow) -> Cell:
    if row.venues:
        return Words(row.venues, icon="circle-check", icon_tone="up")
    if row.way.spread is not None:
        return Words(known_words(row), "text_2", icon="circle-dashed")
    return Words(known_words(row), "text_3", icon="circle-dashed")


def _cost(row: WayRow) -> Cell:
    text = fmt.amount(row.cost, row.currency, places=0 if row.cost is not None and row.cost >= 1 else 2)
    tone = "text" if row.cost is not None else "text_3"
    return Figure(text, tone, icon="triangle-alert" if row.way.is_partial else "")


def _cost_tip(row: WayRow) -> str:
    if row.cost is None:
        return tr("No order book of it is known.")
    words = [fmt.amount(row.cost, row.currency)]
    if row.way.is_partial:
        filled = fmt.amount(exact(row.way.exit_filled), row.currency)
        words.append(tr("only %s of it find a counterpart").replace("%s", filled))
    if row.way.perpetuals.cost is not None:
        closed = fmt.amount(exact(row.way.perpetuals.cost), row.currency)
        words.append(tr("%s of it for perpetuals").replace("%s", closed))
    elif row.way.perpetuals.gross:
        words.append(tr("without perpetuals, whose own order book is not known"))
    return " · ".join(words)


def _widened(row: WayRow) -> Decimal | None:
    return exact(row.way.widened)


def _spread(row: WayRow) -> Decimal | None:
    return None if row.way.spread is None else exact(row.way.spread.mean)


def _spread_tip(row: WayRow) -> str:
    one = row.way.spread
    if one is None:
        return tr("Nobody quoted it within a week.")
    varies = tr("too few to tell how it varies")
    if one.deviation is not None:
        varies = tr("deviation %s").replace("%s", fmt.percent(exact(one.deviation), places=4))
    seen = fmt.counted(one.count, tr("%s second observed"), tr("%s seconds observed"))
    last = tr("last at %s").replace("%s", fmt.moment(one.until))
    return f"{one.venue.capitalize()} · {varies} · {seen} · {last}"


def _widened_tip(row: WayRow) -> str:
    contracts, words = row.way.perpetuals, [fmt.amount(_widened(row), row.currency)]
    if contracts.spread_cost is not None:
        closed = fmt.amount(exact(contracts.spread_cost), row.currency)
        words.append(tr("%s of it for perpetuals").replace("%s", closed))
    if any(one.spread_cost is None for one in contracts.parts):
        words.append(tr("without perpetuals of which it is not known how their spreads vary"))
    return " · ".join(words)


def _days_tip(row: WayRow) -> str:
    way, parts = row.way, list[str]()
    if not way.perpetuals.parts:
        return ""
    if way.value:
        parts.append(_in_days(tr("spot"), way.days))
    parts.append(_in_days(tr("perpetuals"), way.perpetuals.days))
    return " · ".join(parts)


def _in_days(what: str, days: float | None) -> str:
    return tr("%w not known").replace("%w", what) if days is None else f"{what} {days_words(days)} {tr('d')}"


def _locked_tip(row: WayRow) -> str:
    if not row.way.locked:
        return ""
    if row.way.freed is None:
        return tr("When all of it is free and sold is not known.")
    return tr("Free and sold in %s d").replace("%s", days_words(row.way.freed))


def columns() -> Sequence[Column]:
    """Return the columns."""
    return (
        Column("asset", tr("Asset"), way_name, lambda row: Named(row.symbol, row.symbol), LEFT, width=96,
               priority=100, can_hide=False),
        figure_column("value", tr("To close"), lambda row: exact(row.way.value),
                      lambda row: fmt.amount(exact(row.way.value), row.currency, places=0), priority=95,
                      tooltip=lambda row: fmt.amount(exact(row.way.value), row.currency),
                      about=tr("What must be sold, or bought back; without locked stakes and perpetuals")),
        figure_column("perpetual", tr("Perpetuals"), lambda row: exact(row.way.perpetual or None),
                      lambda row: fmt.amount(exact(row.way.perpetual or None), row.currency, places=0), priority=91,
                      tooltip=lambda row: fmt.amount(exact(row.way.perpetual or None), row.currency),
                      about=tr("Notional, long less short: each is closed in the market of its own contract")),
        Column("market", tr("Market"), known_words, _market, LEFT, width=190, gives_way=True, priority=90,
               about=tr("Whose order books are known: each holding is sold at its own venue")),
        figure_column("spread", tr("Spread"), _spread, lambda row: fmt.percent(_spread(row), places=3), priority=60,
                      tooltip=_spread_tip,
                      about=tr("Mean of (ask − bid) ÷ middle in the last hour, or in the last one that was seen")),
        figure_column("widened", tr("Spread cost"), _widened,
                      lambda row: fmt.amount(_widened(row), row.currency, places=2), priority=80,
                      tooltip=_widened_tip,
                      about=tr("Half of the mean spread and three deviations, on the exposure")),
        Column("cost", tr("Exit cost"), lambda row: row.cost, _cost, RIGHT, tooltip=_cost_tip, priority=94,
               about=tr("What closing it at once through the order books of now loses against the middle")),
        figure_column("share", tr("Of value"), lambda row: exact(row.way.share),
                      lambda row: fmt.percent(exact(row.way.share), places=3), priority=70,
                      about=tr("The exit cost as a share of what the order books take")),
        figure_column("days", tr("Days"), lambda row: exact(row.way.longest), lambda row: days_words(row.way.longest),
                      priority=92, tooltip=_days_tip,
                      about=tr("That closing takes at the share of the daily volume that is chosen")),
        figure_column("age", tr("Age"), lambda row: None if row.age is None else Decimal(row.age // SECOND),
                      lambda row: fmt.UNKNOWN if row.age is None else fmt.age(row.age), priority=40,
                      about=tr("Since the order books changed last")),
        figure_column("locked", tr("Locked"), lambda row: exact(row.way.locked or None),
                      lambda row: fmt.amount(exact(row.way.locked or None), row.currency, places=0), priority=30,
                      tooltip=_locked_tip, about=tr("What cannot be sold before a day")),
    )  # fmt: skip
