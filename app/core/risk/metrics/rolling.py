"""Rolling figures: volatility, and beta and correlation to a benchmark, of the days before each day."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from app.core.errors import InputError
from app.core.risk.arrays import Floats, frozen
from app.core.risk.basis import YEAR_DAYS

WINDOW = 90
_LEAST_SHARE = 2 / 3


@dataclass(frozen=True, slots=True, eq=False)
class Rolling:
    """One figure a day, of the `window` days that end with it; NaN before that, or where a third of them is unknown.

    Attributes:
        volatility: Annual.
        beta: None without a benchmark; so is the correlation.
    """

    window: int
    volatility: Floats
    beta: Floats | None
    correlation: Floats | None


def rolling(daily: Floats, benchmark: Floats | None = None, window: int = WINDOW) -> Rolling:
    """Return rolling figures of daily returns; days on which a return is unknown are left out of each window."""
    if window < 2:  # noqa: PLR2004 - a deviation is of two days at least
        raise InputError(f"a window of {window} days has no deviation", hint="Give at least two days.")
    own, _, _ = _moments(daily, daily, window)
    volatility = np.sqrt(own * YEAR_DAYS)
    if benchmark is None:
        return Rolling(window, frozen(volatility), None, None)
    spread, moved, together = _moments(benchmark, daily, window)
    with np.errstate(divide="ignore", invalid="ignore"):
        beta = np.where(spread > 0, together / spread, np.nan)
        correlation = np.where((spread > 0) & (moved > 0), together / np.sqrt(spread * moved), np.nan)
    return Rolling(window, frozen(volatility), frozen(beta), frozen(correlation))


def _moments(one: Floats, other: Floats, window: int) -> tuple[Floats, Floats, Floats]:
    """Return variance of one, variance of the other, covariance, over each window of what is known of both."""
    found = np.full((3, one.size), np.nan)
    if one.size < window:
        return found[0], found[1], found[2]
    known = ~(np.isnan(one) | np.isnan(other))
    count = _sums(known.astype(np.float64), window)
    enough = count >= max(2, math.ceil(window * _LEAST_SHARE))
    means = [_over(_sums(np.where(known, each, 0.0), window), count) for each in (one, other)]
    shifted = [sliding_window_view(np.where(known, each, np.nan), window) - mean[:, None] for each, mean in
               zip((one, other), means, strict=True)]  # fmt: skip
    for row, (left, right) in enumerate(((0, 0), (1, 1), (0, 1))):
        products = np.nansum(shifted[left] * shifted[right], axis=1)
        found[row, window - 1 :] = np.where(enough, _over(products, count - 1), np.nan)
    return found[0], found[1], found[2]


def _sums(values: Floats, window: int) -> Floats:
    return np.asarray(sliding_window_view(values, window).sum(axis=1), np.float64)


def _over(above: Floats, below: Floats) -> Floats:
    return np.asarray(np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0), np.float64)
