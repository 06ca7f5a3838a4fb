"""Made-up markets for the tests of risk."""

from __future__ import annotations

import numpy as np

from app.core.clock import DAY
from app.core.risk.arrays import Floats
from app.core.risk.returns import Kind, Returns
from app.core.risk.scenarios import Scenarios, historical


def returns_of(values: Floats, step: int = DAY) -> Returns:
    """Return a table of returns whose assets are called a0, a1 and so on."""
    at = np.arange(1, values.shape[0] + 1, dtype=np.int64) * step
    return Returns(tuple(f"a{column}" for column in range(values.shape[1])), at, values, Kind.SIMPLE, step)


def market(days: int, assets: int, seed: int = 7) -> Floats:
    """Return fat-tailed returns that share a common factor."""
    random = np.random.Generator(np.random.SFC64(seed))
    common = random.standard_t(4, size=(days, 1)) * 0.02
    return np.asarray(np.clip(common + random.standard_t(4, size=(days, assets)) * 0.02, -0.9, 2.0))


def scenarios_of(values: Floats) -> Scenarios:
    """Return a table of returns as historical scenarios."""
    found = returns_of(values)
    return historical(found, found.assets, values.shape[0])
