"""The tail after every tick: one asset's change costs one pass over the outcomes, and no full computation.

A full computation now and then takes away what floats have lost in between, and says how much that was; after large
moves it comes by itself before anything is read. An exposure that is unknown is refused: it would make every later
figure unknown too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.core.errors import InputError
from app.core.risk import quantiles
from app.core.risk.arrays import Floats
from app.core.risk.basis import LEVELS, Basis
from app.core.risk.exposures import Book
from app.core.risk.scenarios import Scenarios

FULL_AFTER = 100_000
"""Changes after which everything is computed anew, if nobody asked before."""

_SWEPT = 1e-11 / float(np.finfo(np.float64).eps)
"""Sum of moves, in units of the book, that may cost the eleventh digit: a position of a billion that becomes one of a
dollar leaves dust of a billion's size."""


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
        self._swept = 0.0

    @property
    def basis(self) -> Basis:
        """Return where the figures come from."""
        return self._scenarios.basis(self.book)

    @property
    def book(self) -> Book:
        """Return the book as it is now."""
        return Book(self._book.assets, self._values.copy(), self._book.left_out)

    def change(self, row: int, exposure: float) -> None:
        """Take the new exposure to one asset; InputError where it is no number, and nothing is changed."""
        if not math.isfinite(exposure):
            raise _unknown(self._book.assets[row], exposure)
        moved = exposure - self._values[row]
        np.multiply(self._by_asset[row], moved, out=self._step)
        self._gains += self._step
        self._values[row] = exposure
        self._counted(1, abs(moved))

    def change_many(self, rows: NDArray[np.intp], exposures: Floats) -> None:
        """Take the new exposures to several assets, each named once: what came in between two frames."""
        if not np.isfinite(exposures).all():
            at = int(np.flatnonzero(~np.isfinite(exposures))[0])
            raise _unknown(self._book.assets[int(rows[at])], float(exposures[at]))
        if 3 * rows.size > self._values.size:
            # To pick a third of the rows out costs as much as to compute everything anew, which loses nothing besides.
            self._values[rows] = exposures
            self._gains, self._changes, self._swept = self._values @ self._by_asset, 0, 0.0
            return
        moved = exposures - self._values[rows]
        self._gains += moved @ self._by_asset[rows]
        self._values[rows] = exposures
        self._counted(rows.size, float(np.abs(moved).sum()))

    def tails(self) -> list[tuple[float, float]]:
        """Return value at risk and expected shortfall for each level."""
        self._settle()
        self._work[:] = self._gains
        return self._read()

    def after(self, row: int, by: float) -> list[tuple[float, float]]:
        """Return the tails that a trade would leave; nothing is changed."""
        self._settle()
        np.multiply(self._by_asset[row], by, out=self._work)
        self._work += self._gains
        return self._read()

    def recompute(self) -> Recomputed:
        """Compute everything anew, and return how far off the kept figures were."""
        fresh = self._values @ self._by_asset
        size = float(np.abs(fresh).max(initial=0.0))
        off = float(np.abs(fresh - self._gains).max(initial=0.0))
        found = Recomputed(self._changes, off / size if size > 0 else off)
        self._gains, self._changes, self._swept = fresh, 0, 0.0
        return found

    def _settle(self) -> None:
        if self._swept > _SWEPT * float(np.abs(self._values).sum()):
            self.recompute()

    def _read(self) -> list[tuple[float, float]]:
        self._work.partition(self._count - 1)
        lowest = self._work[: self._count]
        lowest.sort()
        return [quantiles.of_sorted(lowest, level, self._work.size) for level in self._levels]

    def _counted(self, changes: int, moved: float) -> None:
        self._changes += changes
        self._swept += moved
        if self._changes >= FULL_AFTER:
            self.recompute()


def _unknown(asset: str, exposure: float) -> InputError:
    return InputError(f"the exposure to {asset} is {exposure}", hint="Keep the last known one, and say that it is old.")
