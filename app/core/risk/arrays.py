"""The arrays of the risk engine: their types, and the one way in which missing figures are written (NaN)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Scenario = NDArray[np.float64] | NDArray[np.float32]
"""Scenario matrices may be of single precision: what they feed is a tail, not the books."""

Flags = NDArray[np.bool_]
Moments = NDArray[np.int64]
"""Nanoseconds since 1970."""


def frozen(values: Floats) -> Floats:
    """Return the array closed to writing: results are shared between threads and screens."""
    values.flags.writeable = False
    return values


def known(values: Floats) -> Floats:
    """Return the figures of a series that are known."""
    return values[~np.isnan(values)]
