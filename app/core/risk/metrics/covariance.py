"""Covariances that forget, asset by asset as returns come in, and shrunk ones for what must be inverted."""

from __future__ import annotations

import numpy as np

from app.core.errors import InputError
from app.core.risk.arrays import Floats
from app.core.risk.ewma import DAILY, checked

_BLOCK = 32
"""So many returns are folded in at once: one product of matrices instead of as many passes over all pairs."""
_ROWS = 584
"""So many bars of two hundred assets stay in a core's own cache while they are centred and multiplied."""
_LONG = 4_000
"""Bars from which on correlations are told to six digits, in half the time."""
_EPSILON = float(np.finfo(np.float64).eps)


class EwmaCovariance:
    """Exponentially weighted covariance without a mean (RiskMetrics): Σ λᵏ·r·rᵀ ÷ Σ λᵏ.

    A return that is unknown (NaN) takes no part in its pairs, which keep their weight of before. With such returns
    the matrix need not be positive semidefinite.
    """

    def __init__(self, assets: int, decay: float = DAILY) -> None:
        self._decay = checked(decay)
        self._sum = np.zeros((assets, assets))
        self._weight = 0.0
        self._weights: Floats | None = None
        """Weight of each pair; None as long as every return was known, when `_weight` is that of all."""
        self._block = np.empty((_BLOCK, assets))
        self._pending = 0

    def update(self, returns: Floats) -> None:
        """Take the returns of one bar, NaN where one is unknown."""
        self._block[self._pending] = returns
        self._pending += 1
        if self._pending == _BLOCK:
            self._fold()

    def covariance(self) -> Floats:
        """Return the matrix; NaN for pairs that were never known together."""
        self._fold()
        found: Floats = np.full_like(self._sum, np.nan)
        weights: Floats | float = self._weight if self._weights is None else self._weights
        np.divide(self._sum, weights, out=found, where=np.greater(weights, 0))
        return found

    def correlation(self) -> Floats:
        """Return the matrix of correlations; NaN where an asset does not move."""
        return correlation(self.covariance())

    def _fold(self) -> None:
        count = self._pending
        if not count:
            return
        block = self._block[:count]
        share = np.sqrt((1 - self._decay) * self._decay ** np.arange(count - 1, -1, -1, dtype=np.float64))
        faded = self._decay**count
        unknown = np.isnan(block)
        has_holes = bool(unknown.any())
        rows = np.where(unknown, 0.0, block) if has_holes else block
        scaled = rows * share[:, None]
        self._sum *= faded
        self._sum += scaled.T @ scaled
        if has_holes and self._weights is None:
            self._weights = np.full_like(self._sum, self._weight)
        if self._weights is not None:
            weights = ~unknown * share[:, None]
            news = weights.T @ weights
            # A pair without news keeps sum and weight in proportion: both fade alike, so that its covariance stays.
            self._weights *= faded
            self._weights += news
        self._weight = self._weight * faded + float(np.square(share).sum())
        self._pending = 0


def correlation(covariance: Floats) -> Floats:
    """Return correlations of a covariance; NaN where an asset does not move."""
    deviations = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    sizes = np.outer(deviations, deviations)
    found: Floats = np.full(covariance.shape, np.nan)
    np.divide(covariance, sizes, out=found, where=sizes > 0)
    np.clip(found, -1, 1, out=found)
    return found


def pearson(by_bar: Floats) -> Floats:
    """Return correlations of all pairs, each over the bars in which both are known; NaN where one does not move.

    Nothing is copied as a whole: a part of the bars is centred and multiplied while it is in the cache, by a product
    that knows that its result is symmetric. Of long histories it is taken in single precision, with errors near 1e-7.
    """
    bars, assets = by_bar.shape
    means = by_bar.mean(axis=0)
    if np.isnan(means).any():
        return _pairwise(by_bar)
    # Single precision has a narrow range: returns are brought near one by what they were at first.
    units = _units(by_bar[:_ROWS]) if bars >= _LONG else np.ones(assets)
    exact = np.empty((min(_ROWS, bars), assets))
    block = np.empty(exact.shape, np.float32) if bars >= _LONG else exact
    found, part = np.zeros((assets, assets)), np.empty((assets, assets), block.dtype)
    for first in range(0, bars, _ROWS):
        rows = by_bar[first : first + _ROWS]
        centred = np.subtract(rows, means, out=exact[: len(rows)])
        if bars >= _LONG:
            centred = np.multiply(centred, units, out=block[: len(rows)], casting="same_kind")
        found += np.matmul(centred.T, centred, out=part)
    squares = np.diag(found).copy()
    squares[squares <= bars * np.square(bars * _EPSILON * means * units)] = np.nan
    shares = 1 / np.sqrt(squares)
    found *= shares[:, None]
    found *= shares
    return np.clip(found, -1, 1, out=found)


def _units(by_bar: Floats) -> Floats:
    """Return the factor of each column that makes its deviation one; one where it does not move."""
    deviations = by_bar.std(axis=0)
    return np.asarray(1 / np.where(deviations > 0, deviations, 1.0), np.float64)


def _pairwise(by_bar: Floats) -> Floats:
    """Return correlations where returns are missing: sums and squares of an asset are others in each of its pairs."""
    is_known = ~np.isnan(by_bar)
    known = is_known.astype(np.float64)
    means = np.where(is_known, by_bar, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    centred = np.where(is_known, by_bar - means, 0.0)
    counts = known.T @ known
    sums, squares = centred.T @ known, np.square(centred).T @ known
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = squares - sums * sums / counts
        # What is left of equal figures by rounding is no movement.
        spread[spread <= counts * np.square(counts * _EPSILON * means[:, None])] = np.nan
        spread[counts < 2] = np.nan  # noqa: PLR2004 - one bar has no spread
        found: Floats = (centred.T @ centred - sums * sums.T / counts) / np.sqrt(spread * spread.T)
    return np.clip(found, -1, 1, out=found)


def shrunk(by_bar: Floats) -> tuple[Floats, float]:
    """Return a covariance (ddof 0) drawn towards equal variances without correlation, and how far it was drawn.

    Ledoit and Wolf (2004): the share that has the least expected error, in closed form. It can always be inverted
    where anything moves.
    """
    bars, assets = by_bar.shape
    if bars < 2:  # noqa: PLR2004 - one row has no spread
        raise InputError(f"{bars} bars have no covariance", hint="Load a longer history.")
    centred = by_bar - by_bar.mean(axis=0)
    sample = centred.T @ centred / bars
    level = float(np.trace(sample)) / assets
    squares = float(np.square(sample).sum())
    distance = squares - assets * level**2
    noise = (float(np.square(np.square(centred).sum(axis=1)).sum()) / bars - squares) / bars
    share = min(noise, distance) / distance if distance > 0 else 1.0
    found = (1 - share) * sample
    found.flat[:: assets + 1] += share * level
    return found, share
