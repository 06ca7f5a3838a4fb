"""Attribution: which assets made a period's return, and whether weights or picks made the difference to a benchmark.

Effects of single days do not add up over a period. They are linked by Cariño's factors (1999), after which they do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.core.errors import InputError
from app.core.risk.arrays import Floats, frozen

_SAME = 1e-12
_WHOLE = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Contribution:
    """Parts of a period's return by asset, which add up to `total`."""

    assets: tuple[str, ...]
    parts: Floats
    total: float


@dataclass(frozen=True, slots=True, eq=False)
class Brinson:
    """Why a book did otherwise than its benchmark, by group (Brinson and Fachler); all of it adds up to `difference`.

    Attributes:
        allocation: From weights other than the benchmark's.
        selection: From returns within a group other than the benchmark's.
        interaction: From both at once.
        apart: From what the book made in no group, one for each column that was given.
    """

    groups: tuple[str, ...]
    allocation: Floats
    selection: Floats
    interaction: Floats
    apart: Floats
    difference: float


def contribution(assets: tuple[str, ...], weights: Floats, returns: Floats) -> Contribution:
    """Return each asset's part of the growth over all days: rows are days, weights those of their start."""
    _same_shape(weights, returns)
    daily = weights * returns
    by_day = daily.sum(axis=1)
    total = float(np.prod(1 + by_day)) - 1
    return Contribution(assets, frozen(_links(by_day, total) @ daily), total)


def brinson(  # noqa: PLR0913, PLR0917 - a book, a benchmark, and what is in no group
    groups: tuple[str, ...],
    weights: Floats,
    returns: Floats,
    benchmark_weights: Floats,
    benchmark_returns: Floats,
    apart: Floats | None = None,
) -> Brinson:
    """Return the effects over all days: rows are days, columns groups, and the weights of a day add up to one.

    `apart` is what a day brought the book beyond its groups, such as fees: columns of their own.
    """
    beyond = np.zeros((weights.shape[0], 0)) if apart is None else apart
    for table in (returns, benchmark_weights, benchmark_returns):
        _same_shape(weights, table)
    for table in (weights, benchmark_weights):
        _adds_up(table)
    book = (weights * returns).sum(axis=1) + beyond.sum(axis=1)
    other = (benchmark_weights * benchmark_returns).sum(axis=1)
    whole, whole_other = float(np.prod(1 + book)) - 1, float(np.prod(1 + other)) - 1
    links = _linked_difference(book, other, whole, whole_other)
    shifted, picked = weights - benchmark_weights, returns - benchmark_returns
    return Brinson(
        groups=groups,
        allocation=frozen(links @ (shifted * (benchmark_returns - other[:, None]))),
        selection=frozen(links @ (benchmark_weights * picked)),
        interaction=frozen(links @ (shifted * picked)),
        apart=frozen(links @ beyond),
        difference=whole - whole_other,
    )


def _links(by_day: Floats, total: float) -> Floats:
    """Return the factor of each day: log growth of the day over its return, in units of the same for the period."""
    return _log_share(by_day) / float(_log_share(np.array([total]))[0])


def _log_share(growth: Floats) -> Floats:
    if (growth <= -1).any():
        raise InputError("a day lost everything", hint="Attribute the days before it.")
    return np.divide(np.log1p(growth), growth, out=np.ones_like(growth), where=growth != 0)


def _linked_difference(book: Floats, other: Floats, whole: float, whole_other: float) -> Floats:
    daily = _log_slope(book, other)
    period = _log_slope(np.array([whole]), np.array([whole_other]))
    return np.asarray(daily / period[0], np.float64)


def _log_slope(one: Floats, other: Floats) -> Floats:
    """Return (log growth of one − of the other) ÷ (one − the other), which is 1 ÷ growth where they are the same."""
    if (one <= -1).any() or (other <= -1).any():
        raise InputError("a day lost everything", hint="Attribute the days before it.")
    gap = one - other
    slopes: Floats = 1 / (1 + one)
    apart = np.abs(gap) > _SAME
    slopes[apart] = (np.log1p(one) - np.log1p(other))[apart] / gap[apart]
    return slopes


def _same_shape(one: Floats, other: Floats) -> None:
    if one.shape != other.shape or np.isnan(one).any() or np.isnan(other).any():
        raise InputError(
            f"weights of {one.shape} stand beside returns of {other.shape}",
            hint="Give a weight and a return, both known, for each day and name.",
        )


def _adds_up(weights: Floats) -> None:
    sums = weights.sum(axis=1)
    off = np.abs(sums - 1) > _WHOLE
    if off.any():
        raise InputError(
            f"the weights of a day add up to {float(sums[off][0]):g}",
            hint="Give every group, cash too, so that it is 1.",
        )
