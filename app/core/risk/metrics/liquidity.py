"""What it costs to get out, and how long it takes: spreads (Bangia et al. 1999), depth of the book, daily volume."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.core.errors import InputError
from app.core.risk.basis import Basis, Coverage, Figure, Tail

DEVIATIONS = 3.0
"""Spreads widen when everybody leaves: the mean one and so many deviations are counted."""
PARTICIPATION = 0.1
"""Share of a day's volume that one seller can be without moving the price by himself."""

Levels = Sequence[tuple[float, float]]
"""(price, quantity), the best first."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Relative bid-ask spread of an asset: mean and deviation of (ask − bid) ÷ middle."""

    mean: float
    deviation: float


@dataclass(frozen=True, slots=True)
class Exit:
    """What selling (or buying back) at once through the levels of an order book brings.

    Attributes:
        filled: Quantity that finds a counterpart.
        unfilled: The rest, for which the book has no depth.
        average: Price of what is filled; None where nothing is.
        cost: What is lost against the middle on what is filled, in quote money.
    """

    filled: float
    unfilled: float
    average: float | None
    cost: float


def spread_cost(
    exposures: Mapping[str, float], spreads: Mapping[str, Spread], deviations: float = DEVIATIONS
) -> Figure:
    """Return half of the widened spread on every exposure; what has no spread is left out and named."""
    held = {asset: abs(value) for asset, value in exposures.items() if value}
    known = {asset: value for asset, value in held.items() if asset in spreads}
    cost = sum(
        value * (spreads[asset].mean + deviations * spreads[asset].deviation) / 2 for asset, value in known.items()
    )
    basis = Basis(
        method=f"half spread, mean + {deviations:g} deviations",
        since=None,
        until=None,
        observations=len(known),
        coverage=Coverage(sum(held.values()), sum(known.values()), tuple(sorted(held.keys() - known.keys()))),
        how=f"Half of (mean spread + {deviations:g} × its deviation) of each asset, times its exposure.",
    )
    return Figure(cost if known or not held else None, basis)


def liquidity_adjusted(found: Tail, cost: Figure) -> Figure:
    """Return value at risk with what it costs to leave; None where one of the two is not known."""
    basis = Basis(
        method=f"{found.basis.method} + {cost.basis.method}",
        since=found.basis.since,
        until=found.basis.until,
        observations=found.basis.observations,
        coverage=min(found.basis.coverage, cost.basis.coverage, key=lambda one: one.share or 0.0),
        how="Value at risk, and on top of it the cost of closing the book through widened spreads.",
        assumptions=(*found.basis.assumptions, *cost.basis.assumptions, "Both are worst at the same time."),
    )
    if found.value_at_risk is None or cost.value is None:
        return Figure(None, basis)
    return Figure(found.value_at_risk + cost.value, basis)


def days_to_liquidate(
    quantity: float, daily_volume: float | None, participation: float = PARTICIPATION
) -> float | None:
    """Return the days that selling takes at a share of the daily volume; None where there is no volume."""
    if not 0 < participation <= 1:
        raise InputError(
            f"{participation:g} is no share of a day's volume", hint="Give a share above 0 and up to 1, such as 0.1."
        )
    if quantity == 0:
        return 0.0
    if daily_volume is None or not daily_volume > 0:
        return None
    return abs(quantity) / (participation * daily_volume)


def sold_after(values: Mapping[str, float], days: Mapping[str, float | None], horizon: float) -> float | None:
    """Return the share of a book's value that can be turned to money within so many days; None for an empty book.

    An asset without known volume counts as one that cannot be sold.
    """
    total = sum(abs(value) for value in values.values())
    if total <= 0:
        return None
    sold = 0.0
    for asset, value in values.items():
        needed = days.get(asset)
        if needed is not None:
            sold += abs(value) * (1.0 if needed <= horizon else horizon / needed)
    return sold / total


def exit_at_once(quantity: float, levels: Levels, middle: float) -> Exit:
    """Return what walking the levels brings: bids for what is held, asks for what is short (a negative quantity)."""
    left, money, filled = abs(quantity), 0.0, 0.0
    for price, size in levels:
        taken = min(left, size)
        money += taken * price
        filled += taken
        left -= taken
        if left <= 0:
            break
    lost = filled * middle - money if quantity > 0 else money - filled * middle
    return Exit(filled, left, money / filled if filled > 0 else None, lost)
