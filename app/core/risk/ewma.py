"""Volatilities that forget: exponentially weighted means of squared returns (RiskMetrics)."""

from __future__ import annotations

import numpy as np

from app.core.errors import InputError
from app.core.risk.arrays import Floats

DAILY = 0.94
"""RiskMetrics' decay of daily returns."""
SLOW = 0.97
"""RiskMetrics' decay of monthly horizons."""
SEED = 30
"""So many first squared returns are averaged to start with."""


def checked(decay: float) -> float:
    """Return a decay that forgets; InputError for anything else."""
    if not 0 < decay < 1:
        raise InputError(f"{decay:g} is no decay", hint="Give a share between 0 and 1, such as 0.94.")
    return decay


def variances(series: Floats, decay: float) -> Floats:
    """Return the variance that is expected of each row before it is known, and one more for the row to come.

    A series (T) gives T + 1, a table (T × P) gives (T + 1) × P. An unknown return leaves the variance as it was.
    """
    checked(decay)
    squares = np.square(series)
    found = np.empty((series.shape[0] + 1, *series.shape[1:]))
    found[0] = _seed(squares)
    is_whole = not np.isnan(squares).any()
    for row, square in enumerate(squares):
        before = found[row]
        news = square if is_whole else np.where(np.isnan(square), before, square)
        found[row + 1] = decay * before + (1 - decay) * news
    return found


def volatilities(series: Floats, decay: float) -> Floats:
    """Return the square roots of `variances`."""
    return np.sqrt(variances(series, decay))


def _seed(squares: Floats) -> Floats:
    head = squares[:SEED]
    count = (~np.isnan(head)).sum(axis=0)
    total = np.where(np.isnan(head), 0.0, head).sum(axis=0)
    return np.asarray(total / np.maximum(count, 1), np.float64)
