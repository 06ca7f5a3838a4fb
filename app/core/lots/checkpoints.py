"""Checkpoints: the shortest history that leads to the same lots, kept in place of all that came before a moment.

What is open is told again as acquisitions, so that every engine goes on from a checkpoint as from any beginning, and
knows nothing of it. Where something cannot be told that way exactly, there is no checkpoint: the history is then
played from an earlier one, or from its start. Histories with splits or with units carried over into another asset
have none, because what an engine knows of those is more than what is open; nor have those with a gift of which a loss
is measured by another value than its cost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from app.core.clock import SECOND
from app.core.lots.events import ACQUISITIONS, Event, Kind
from app.core.lots.results import Holding, Matched

LONG_AGO = -2_240_000_000 * SECOND
"""When what a pool holds counts as acquired: in 1899, before the first day that a transaction can have."""

ABRIDGED = ""
"""The row of events that stand for many."""


def has_none(events: Iterable[Event]) -> bool:
    """Tell whether a history is one that has no checkpoints."""
    return any(event.kind in (Kind.SPLIT, Kind.CARRY) or event.rare.lower is not None for event in events)


def of_lots(events: Sequence[Event], found: Matched, *, has_ranks: bool) -> list[Event] | None:
    """Return a history with the same open lots: each keeps its row, its moment, its rank and what is left of its cost.

    Args:
        events: What was played, in its order.
        found: What it gave.
        has_ranks: Prices rank lots.
    """
    first: dict[str, tuple[int, Event]] = {}
    for place, event in enumerate(events):
        if event.kind in ACQUISITIONS:
            first.setdefault(event.row, (place, event))
    made: list[tuple[int, str, Event]] = []
    for lot in found.lots:
        place, event = first[lot.row]
        wallet = event.wallet if lot.wallet is None else lot.wallet
        price = event.price or (event.value or 0, event.quantity) if has_ranks else None
        kept = event._replace(wallet=wallet, quantity=lot.quantity, value=lot.cost, price=price)
        made.append((place, wallet, kept))
    made.sort(key=lambda one: one[:2])
    return [event for _, _, event in made]


def of_pools(found: Matched) -> list[Event] | None:
    """Return a history with the same pools: one acquisition for each, long ago."""
    return [_opening(one) for one in found.holdings]


def of_pools_with_window(events: Iterable[Event], found: Matched, since: int) -> list[Event] | None:
    """Return a history with the same pools in which also the same units were acquired since a moment.

    Those units come at no cost on their days and leave with none, so that only a rule that looks back sees them.
    """
    made = of_pools(found) or []
    if any(not one.quantity for one in made):
        # What left would take the cost along that no unit bears.
        return None
    recent: dict[str, list[Event]] = {}
    for event in events:
        if event.kind in ACQUISITIONS and event.at >= since:
            recent.setdefault(event.asset, []).append(event._replace(wallet="", value=0, row=ABRIDGED, price=None))
    made += sorted((event for several in recent.values() for event in several), key=lambda event: event.at)
    for asset, several in recent.items():
        units = sum(event.quantity for event in several)
        made.append(Event(made[-1].at, Kind.SPEND, asset, "", units, None, ABRIDGED))
    return made


def of_days(found: Matched, day_of: Callable[[int], int], day: int, rule: str) -> list[Event] | None:
    """Return a history with the same section 104 holdings, and with the sales that later purchases are matched with.

    Args:
        found: What was played until before the day, with the purchases after it in sight.
        day_of: The day of a moment.
        day: The first day that is not told any more.
        rule: The rule by which a sale is matched with a later purchase.
    """
    if any(not one.quantity for one in found.holdings):
        return None
    made = of_pools(found) or []
    for one in found.disposals:
        units = sum(
            quantity
            for _, how, quantity, _, acquired in one.matches
            if how == rule and acquired is not None and day_of(acquired) >= day
        )
        if units:
            made.append(Event(one.at, Kind.DISPOSE, one.asset, one.wallet, units, 0, one.row))
    return made


def of_portfolio(events: Iterable[Event], found: Matched) -> list[Event] | None:
    """Return a history with the same portfolio: every asset that was ever in it, and the cost of the whole."""
    held: Mapping[str, int] = {one.asset: one.quantity for one in found.holdings}
    ever = dict.fromkeys(event.asset for event in events if event.kind != Kind.TRANSFER)
    costs = [found.portfolio_cost, *[0] * len(ever)]
    return [
        Event(LONG_AGO, Kind.ACQUIRE, asset, "", held.get(asset, 0), cost, ABRIDGED)
        for asset, cost in zip(ever, costs, strict=False)
    ]


def _opening(one: Holding) -> Event:
    return Event(LONG_AGO, Kind.ACQUIRE, one.asset, one.wallet or "", one.quantity, one.cost, ABRIDGED)
