"""The total average of Japan: one average a year, over what was held at its start and all that the year brought.

Order for Enforcement of the Income Tax Act, article 119-2 (所得税法施行令第119条の2).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.core.lots.averages import Pool
from app.core.lots.events import ACQUISITIONS, Event, Kind, in_last_units, later_splits
from app.core.lots.results import Disposal, Holding, Match, Matched

RULE = "total-average"


def total_average(events: Sequence[Event], year_of: Callable[[int], int]) -> Matched:
    """Return what the history gives when every sale of a year costs the average of that year."""
    matched = Matched()
    quantities = in_last_units(events)
    factors = later_splits(events)
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
            event = events[place]
            pool = pools.setdefault(event.asset, Pool())
            if event.kind == Kind.DISPOSE:
                new, old = factors[place] if factors else (1, 1)
                matched.disposals.append(_disposal(event, pool, quantities[place], (new, old)))
            elif event.kind == Kind.SPEND:
                pool.quantity -= min(quantities[place], pool.quantity)
    for asset, pool in pools.items():
        if pool.quantity or pool.cost:
            matched.holdings.append(Holding(asset, None, pool.quantity, pool.cost if pool.is_known else None))
    return matched


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
