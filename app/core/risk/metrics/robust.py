"""Middle and size of returns that a few jumps do not move, and returns cut at so many sizes (winsorised)."""

from __future__ import annotations

import numpy as np

from app.core.risk.arrays import Floats

_NORMAL_MAD = 1.4826
"""A normal distribution's deviation in units of its median absolute one."""


def middle_and_size(by_bar: Floats) -> tuple[Floats, Floats]:
    """Return median and robust deviation of each column."""
    middle = np.asarray(np.median(by_bar, axis=0), np.float64)
    return middle, np.asarray(_NORMAL_MAD * np.median(np.abs(by_bar - middle), axis=0), np.float64)


def cut(by_bar: Floats, limit: float) -> Floats:
    """Return the columns with what is further than `limit` robust deviations from the median brought there.

    A column that mostly stands still has no size to be cut at, and stays as it is.
    """
    middle, size = middle_and_size(by_bar)
    reach = np.where(size > 0, limit * size, np.inf)
    return np.asarray(np.clip(by_bar, middle - reach, middle + reach), np.float64)
