"""The tail after every tick: one asset's change costs one pass over the outcomes, and no full computation.

A full computation now and then takes away what floats have lost in between, and says how much that was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.core.risk import quantiles
from app.core.risk.arrays import Floats
from app.core.risk.basis import LEVELS, Basis
from app.core.risk.exposures import Book
from app.core.risk.scenarios import Scenarios

FULL_AFTER = 100_000
"""Changes after which everything is computed anew, if nobody asked before."""


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What a full computation found: the largest difference, as a share of the largest gain or loss."""

    changes: int
    drift: float


class LiveTail:
    """Gains of a book in every scenario, kept current while exposures change."""

    def __init__(self, scenarios: Scenarios, of: Book, levels: Sequence[float] = LEVELS) -> None:
        self._scenarios, self._book, self._levels = scenarios, of, tuple(levels)
        self._by_asset = np.ascontiguousarray(scenarios.by_asset, np.float64)
        self._values = of.values.copy()
        self._gains: Floats = self._values @ self._by_asset
        self._step = np.empty_like(self._gains)
        self._work = np.empty_like(self._gains)
        self._count = max(quantiles.order(level, self._gains.size) for level in self._levels)
        self._changes = 0

    @property
    def basis(self) -> Basis:
        """Return where the figures come from."""
        return self._scenarios.basis(self.book)

    @property
    def book(self) -> Book:
        """Return the book as it is now."""
        return Book(self._book.assets, self._values.copy(), self._book.left_out)

    def change(self, row: int, exposure: float) -> None:
        """Take the new exposure to one asset."""
        np.multiply(self._by_asset[row], exposure - self._values[row], out=self._step)
        self._gains += self._step
        self._values[row] = exposure
        self._counted(1)

    def change_many(self, rows: NDArray[np.intp], exposures: Floats) -> None:
        """Take the new exposures to several assets, each named once: what came in between two frames."""
        if 2 * rows.size > self._values.size:
            # To pick out the rows costs more than to compute everything anew, which loses nothing besides.
            self._values[rows] = exposures
            self._gains, self._changes = self._values @ self._by_asset, 0
            return
        self._gains += (exposures - self._values[rows]) @ self._by_asset[rows]
        self._values[rows] = exposures
        self._counted(rows.size)

    def tails(self) -> list[tuple[float, float]]:
        """Return value at risk and expected shortfall for each level."""
        self._work[:] = self._gains
        return self._read()

    def after(self, row: int, by: float) -> list[tuple[float, float]]:
        """Return the tails that a trade would leave; nothing is changed."""
        np.multiply(self._by_asset[row], by, out=self._work)
        self._work += self._gains
        return self._read()

    def recompute(self) -> Recomputed:
        """Compute everything anew, and return how far off the kept figures were."""
        fresh = self._values @ self._by_asset
        size = float(np.abs(fresh).max(initial=0.0))
        off = float(np.abs(fresh - self._gains).max(initial=0.0))
        found = Recomputed(self._changes, off / size if size > 0 else off)
        self._gains = fresh
        self._changes = 0
        return found

    def _read(self) -> list[tuple[float, float]]:
        self._work.partition(self._count - 1)
        lowest = self._work[: self._count]
        lowest.sort()
        return [quantiles.of_sorted(lowest, level, self._work.size) for level in self._levels]

    def _counted(self, changes: int) -> None:
        self._changes += changes
        if self._changes >= FULL_AFTER:
            self.recompute()


class LiveDeviation:
    """Standard deviation of a book's gain, kept current by the row of the covariance that a change touches."""

    def __init__(self, covariance: Floats, values: Floats) -> None:
        self._covariance = np.ascontiguousarray(covariance)
        self._values = values.copy()
        self._pulled: Floats = self._covariance @ self._values

    def change(self, row: int, exposure: float) -> None:
        """Take the new exposure to one asset."""
        self._pulled += self._covariance[row] * (exposure - self._values[row])
        self._values[row] = exposure

    @property
    def deviation(self) -> float:
        """Return the standard deviation; that of the normal value at risk is z times it."""
        return float(np.sqrt(max(float(self._values @ self._pulled), 0.0)))
