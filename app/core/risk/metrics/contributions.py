"""What each asset adds to the tail: component, marginal and incremental value at risk and expected shortfall.

Both are homogeneous of degree one in the exposures, so the components of Euler's theorem add up to the total.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from app.core.errors import InputError
from app.core.risk import quantiles
from app.core.risk.arrays import Floats, Scenario
from app.core.risk.basis import Basis
from app.core.risk.exposures import Book
from app.core.risk.scenarios import Scenarios

_NEIGHBOURS = 200
"""One neighbour on each side of the k-th outcome for so many outcomes: a single outcome is a noisy witness."""


@dataclass(frozen=True, slots=True, eq=False)
class Contributions:
    """Shares of each asset in a tail, in the order of `assets`.

    Attributes:
        value_at_risk: Components, which add up to `total_value_at_risk`.
        expected_shortfall: Components, which add up to `total_expected_shortfall`.
        marginal: Change of expected shortfall for one more unit of money in the asset.
    """

    assets: tuple[str, ...]
    confidence: float
    value_at_risk: Floats
    expected_shortfall: Floats
    marginal: Floats
    total_value_at_risk: float
    total_expected_shortfall: float
    basis: Basis


@dataclass(frozen=True, slots=True)
class Change:
    """What a trade would do to the tail: after − before."""

    confidence: float
    value_at_risk: tuple[float, float]
    expected_shortfall: tuple[float, float]
    basis: Basis


def contributions(scenarios: Scenarios, of: Book, confidence: float = 0.975) -> Contributions:
    """Return components by asset, from the outcomes of the tail alone."""
    gains = scenarios.gains(of)
    if not gains.size:
        raise InputError("there are no outcomes to take a tail of", hint="Give a longer history.")
    count = quantiles.order(confidence, gains.size)
    reach = gains.size // _NEIGHBOURS
    most = min(gains.size, count + reach)
    by_loss = np.argpartition(gains, most - 1)[:most] if most < gains.size else np.arange(gains.size)
    by_loss = by_loss[np.argsort(gains[by_loss])]
    var, shortfall = quantiles.of_sorted(gains[by_loss].astype(np.float64), confidence, gains.size)
    marginal = -_mean(scenarios.by_asset, by_loss[:count], _weights(count, confidence, gains.size))
    around = by_loss[max(0, count - 1 - reach) : count + reach]
    return Contributions(
        assets=scenarios.assets,
        confidence=confidence,
        value_at_risk=_at(scenarios.by_asset, around, by_loss[count - 1], of.values, var),
        expected_shortfall=marginal * of.values,
        marginal=marginal,
        total_value_at_risk=var,
        total_expected_shortfall=shortfall,
        basis=scenarios.basis(
            of,
            how="An asset's share is the mean of its own gains and losses in the outcomes of the book's tail.",
            assumptions=(f"Shares of value at risk are those of the {around.size} outcomes around it.",),
        ),
    )


def _weights(count: int, confidence: float, outcomes: int) -> Floats:
    share = quantiles.tail_share(confidence) * outcomes
    weights = np.ones(count)
    weights[-1] = share - (count - 1)
    return weights / share


def _mean(by_asset: Scenario, columns: np.ndarray[tuple[int], np.dtype[np.intp]], weights: Floats) -> Floats:
    return np.asarray(by_asset[:, columns] @ weights, np.float64)


def _at(
    by_asset: Scenario,
    around: np.ndarray[tuple[int], np.dtype[np.intp]],
    kth: np.intp,
    values: Floats,
    var: float,
) -> Floats:
    """Return the mean of the outcomes around the k-th, brought to the total; the k-th alone where that cannot be."""
    shares = -_mean(by_asset, around, np.full(around.size, 1 / around.size)) * values
    total = float(shares.sum())
    exact = -np.asarray(by_asset[:, kth], np.float64) * values
    if total <= 0 or var <= 0:
        return exact
    return shares * (var / total)


def parametric(values: Floats, covariance: Floats, confidence: float) -> Floats:
    """Return components of the normal value at risk: exposure × covariance with the book × z ÷ deviation."""
    pulled = covariance @ values
    deviation = math.sqrt(max(float(values @ pulled), 0.0))
    if deviation <= 0:
        return np.zeros_like(values)
    return np.asarray(values * pulled * (quantiles.normal_quantile(confidence) / deviation), np.float64)


def what_if(scenarios: Scenarios, of: Book, trade: dict[str, float], confidence: float = 0.99) -> Change:
    """Return the tail before and after a trade: each asset traded costs one pass over the outcomes."""
    before = scenarios.gains(of)
    after = before
    for asset, by in trade.items():
        after = after + scenarios.by_asset[of.place(asset)] * by
    (var, shortfall), (next_var, next_shortfall) = (
        quantiles.tails(gains, (confidence,))[0] for gains in (before, after)
    )
    return Change(
        confidence=confidence,
        value_at_risk=(var, next_var),
        expected_shortfall=(shortfall, next_shortfall),
        basis=scenarios.basis(of, how="The same outcomes, for the book before and after the trade."),
    )


def incremental(scenarios: Scenarios, of: Book, confidence: float = 0.99) -> Floats:
    """Return by how much value at risk is higher with each asset than without it."""
    gains = scenarios.gains(of)
    whole = quantiles.tails(gains, (confidence,))[0][0]
    found = np.zeros(len(scenarios.assets))
    for row in np.flatnonzero(of.values):
        without = gains - scenarios.by_asset[row] * of.values[row]
        found[row] = whole - quantiles.tails(without, (confidence,))[0][0]
    return found
