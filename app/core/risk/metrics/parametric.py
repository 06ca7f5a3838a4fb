"""Tails in closed form: normal, and Cornish-Fisher inside the domain in which it is a quantile at all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from app.core.risk.arrays import Floats
from app.core.risk.basis import LEVELS, Basis, Tail
from app.core.risk.quantiles import normal_quantile, tail_share

_NORMAL = NormalDist()


def normal(mean: float, deviation: float, confidence: float) -> tuple[float, float]:
    """Return value at risk and expected shortfall of a normal gain."""
    z = normal_quantile(confidence)
    return deviation * z - mean, deviation * _NORMAL.pdf(z) / tail_share(confidence) - mean


def deviation_of(values: Floats, covariance: Floats) -> float:
    """Return the standard deviation of a book's gain, from exposures and the covariance of returns."""
    return math.sqrt(max(float(values @ covariance @ values), 0.0))


def normal_tail(
    deviation: float, basis: Basis, levels: Sequence[float] = LEVELS, horizon_days: int = 1
) -> tuple[Tail, ...]:
    """Return the tails of a normal gain without a mean: that of a day is lost in its deviation.

    Where nothing of the book takes part they are None, as those of all models are.
    """
    if not basis.coverage.covered:
        return tuple(Tail(level, horizon_days, None, None, basis) for level in levels)
    found = [(level, *normal(0.0, deviation * math.sqrt(horizon_days), level)) for level in levels]
    return tuple(Tail(level, horizon_days, var, shortfall, basis) for level, var, shortfall in found)


@dataclass(frozen=True, slots=True)
class Shape:
    """Moments of gains, with ddof 0: mean, deviation, skewness, and kurtosis beyond that of the normal one."""

    mean: float
    deviation: float
    skewness: float
    excess: float


def shape(gains: Floats) -> Shape:
    """Return the moments of gains; those of constant ones are those of a normal distribution without deviation."""
    mean = float(gains.mean())
    centred = gains - mean
    deviation = math.sqrt(float(np.square(centred).mean()))
    if deviation <= 0:
        return Shape(mean, 0.0, 0.0, 0.0)
    unit = centred / deviation
    return Shape(mean, deviation, float((unit**3).mean()), float((unit**4).mean()) - 3)


def is_quantile(found: Shape) -> bool:
    """Return whether Cornish-Fisher rises with the quantile everywhere, which a quantile must (Maillard 2012)."""
    skewness, excess = found.skewness, found.excess
    rise = excess / 8 - skewness**2 / 6
    base = 1 - excess / 8 + 5 * skewness**2 / 36
    return rise >= 0 and base >= 0 and (skewness / 3) ** 2 <= 4 * rise * base


def cornish_fisher_quantile(found: Shape, confidence: float) -> float:
    """Return the quantile of the lower tail in deviations, corrected for skewness and kurtosis, valid or not."""
    z, skewness, excess = -normal_quantile(confidence), found.skewness, found.excess
    return z + (z**2 - 1) * skewness / 6 + (z**3 - 3 * z) * excess / 24 - (2 * z**3 - 5 * z) * skewness**2 / 36


def cornish_fisher_mean_beyond(found: Shape, confidence: float) -> float:
    """Return the mean of the corrected quantiles beyond the confidence in deviations, valid or not.

    It follows from the first three moments of a normal distribution cut there.
    """
    share, z = tail_share(confidence), -normal_quantile(confidence)
    density, skewness, excess = _NORMAL.pdf(z), found.skewness, found.excess
    first, second, third = -density, share - z * density, -(z**2 + 2) * density
    return (
        first
        + (second - share) * skewness / 6
        + (third - 3 * first) * excess / 24
        - (2 * third - 5 * first) * skewness**2 / 36
    ) / share
