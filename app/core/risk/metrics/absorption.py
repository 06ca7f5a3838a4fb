"""Absorption ratio: how much of all movement a few forces explain. When it rises, a shock finds no shelter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.core.errors import InputError
from app.core.risk.arrays import Floats, Moments, frozen
from app.core.risk.basis import Basis
from app.core.risk.scenarios import Scenarios

WINDOW = 90
SHORT, LONG = 15, 365


@dataclass(frozen=True, slots=True, eq=False)
class Absorption:
    """The ratio of each day, and its shift: (mean of 15 days − mean of a year) ÷ deviation of the year.

    Attributes:
        forces: How many eigenvectors count: a fifth of the assets (Kritzman et al. 2011).
        shift: None where the ratio did not move in a year, or there is no year of it.
    """

    at: Moments
    ratios: Floats
    forces: int
    shift: float | None
    basis: Basis

    @property
    def latest(self) -> float:
        """Return the ratio of the last day."""
        return float(self.ratios[-1])


def ratio(by_bar: Floats, forces: int) -> float:
    """Return the share of variance that the largest eigenvectors explain; NaN where nothing moves."""
    centred = by_bar - by_bar.mean(axis=0)
    # With fewer bars than assets the smaller of the two products has the same eigenvalues, the others are zero.
    values = np.linalg.eigvalsh(centred.T @ centred if by_bar.shape[1] <= by_bar.shape[0] else centred @ centred.T)
    total = float(np.square(centred).sum())
    return float(values[-forces:].sum()) / total if total > 0 else float("nan")


def absorption(history: Scenarios, days: int = LONG, window: int = WINDOW) -> Absorption:
    """Return the ratio of the last days, each over the window that ends with it."""
    if window < 2:  # noqa: PLR2004 - one bar has no variance
        raise InputError(f"a window of {window} bars has no variance", hint="Give 2 bars or more.")
    taken = history.last(window + days - 1)
    by_bar = taken.by_bar
    forces = max(1, round(len(taken.assets) / 5))
    ratios = np.array([ratio(by_bar[day : day + window], forces) for day in range(days)])
    return Absorption(
        at=taken.at[window - 1 :],
        ratios=frozen(ratios),
        forces=forces,
        shift=shift(ratios),
        basis=history.market_basis(
            f"absorption ratio ({forces} of {len(taken.assets)}), {window} bars",
            f"The share of the assets' variance over {window} bars that its {forces} largest eigenvectors explain.",
        ),
    )


def shift(ratios: Floats) -> float | None:
    """Return how far the last days are from the year, in its deviations."""
    year = ratios[-LONG:]
    if year.size < LONG or not np.isfinite(year).all():
        return None
    deviation = float(year.std(ddof=1))
    return float((year[-SHORT:].mean() - year.mean()) / deviation) if deviation > 0 else None
