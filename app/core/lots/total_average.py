"""The total average of Japan: one average a year, over what was held at its start and all that the year brought.

What becomes another asset, or leaves for good without a sale, takes its share of that average before the sales of the
year do.

Order for Enforcement of the Income Tax Act, article 119-2 (所得税法施行令第119条の2).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.core.lots.averages import Pool, departure
from app.core.lots.events import ACQUISITIONS, Event, Kind, arrivals, in_last_units, later_splits
from app.core.lots.results import Disposal, Holding, Match, Matched, Shortage
from app.core.lots.shares import share

RULE = "total-average"


def total_average(events: Sequence[Event], year_of: Callable[[int], int]) -> Matched:
    """Return what the history gives when every sale of a year costs the average of that year."""
    matched = Matched()
    quantities = in_last_units(events)
    factors, becoming = later_splits(events), arrivals(events)
    pools: dict[str, Pool] = {}
    years: dict[int, list[int]] = {}
    for place, event in enumerate(events):
        years.setdefault(year_of(event.at), []).append(place)
    for year in sorted(years):
        for place in years[year]:
            event = events[place]
            if event.kind in ACQUISITIONS:
                pools.setdefault(event.asset, Pool()).add(quantities[place], event.value)
        for place in years[year]:
            if events[place].kind == Kind.CARRY:
                _carry(events[place], pools, quantities[place], becoming.get(place, 0), matched)
        for place in years[year]:
            factor = factors[place] if factors else (1, 1)
            _leave(events[place], pools.setdefault(events[place].asset, Pool()), quantities[place], factor, matched)
    for asset, pool in pools.items():
        if pool.quantity or pool.cost:
            matched.holdings.append(Holding(asset, None, pool.quantity, pool.cost if pool.is_known else None))
    return matched


def _carry(event: Event, pools: dict[str, Pool], wanted: int, units: int, matched: Matched) -> None:
    quantity, cost = pools.setdefault(event.asset, Pool()).take(wanted)
    if event.to_asset:
        pools.setdefault(event.to_asset, Pool()).add(share(units, wanted, quantity), cost)
    else:
        matched.departures.append(departure(event, quantity * event.quantity // wanted, cost))
    if quantity < wanted:
        missing = (wanted - quantity) * event.quantity // wanted
        matched.shortages.append(Shortage(event.row, event.asset, event.wallet, missing))


def _leave(event: Event, pool: Pool, wanted: int, factor: tuple[int, int], matched: Matched) -> None:
    if event.kind == Kind.DISPOSE:
        matched.disposals.append(_disposal(event, pool, wanted, factor))
    elif event.kind == Kind.SPEND:
        pool.quantity -= min(wanted, pool.quantity)


def _disposal(event: Event, pool: Pool, wanted: int, factor: tuple[int, int]) -> Disposal:
    quantity, cost = pool.take(wanted)
    new, old = factor
    found = quantity * old // new
    matches: list[Match] = [(None, RULE, found, cost, None)] if quantity else []
    missing = event.quantity - found
    return Disposal(
        event.row,
        event.asset,
        event.wallet,
        event.at,
        event.quantity,
        event.value,
        None if missing else cost,
        matches,
        0,
        missing,
    )
