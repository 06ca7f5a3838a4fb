"""Turbulence: how unusual a day is for a market, given how its assets move together, and which asset made it so.

The plain figure (Kritzman and Li 2010) is ruled by single coins that jump. Here the past is winsorised and its
covariance shrunk, and the jump of one asset counts up to a limit, so that the figure speaks of the market.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.core.risk.arrays import Floats
from app.core.risk.basis import Basis
from app.core.risk.metrics.covariance import shrunk
from app.core.risk.metrics.robust import middle_and_size
from app.core.risk.scenarios import Scenarios

BASELINE = 365
_LIMIT = 4.0
"""Robust deviations at which a return is cut."""


@dataclass(frozen=True, slots=True)
class Turbulence:
    """One day's turbulence: 1 is usual.

    Attributes:
        robust: Mean squared distance for each asset, returns cut at four robust deviations.
        plain: The same without the cut.
        magnitude: What sizes alone make of the robust figure.
        surprise: The rest, as a factor: above 1 where assets move together otherwise than they did.
        culprit: The asset with the largest part of the plain figure; "" where nothing moved.
        culprit_share: That part of all that add to it; others may take away, where they move as they usually do.
        percentile: Share of the days before that were calmer; None for a single day.
    """

    at: int
    robust: float
    plain: float
    magnitude: float
    surprise: float
    culprit: str
    culprit_share: float
    percentile: float | None
    basis: Basis


def turbulence(history: Scenarios, days: int = 1, baseline: int = BASELINE) -> tuple[Turbulence, ...]:
    """Return the last days, each against the `baseline` of bars before it."""
    taken = history.last(baseline + days)
    by_bar = taken.by_bar
    measured = [_measure(by_bar[day : day + baseline], by_bar[day + baseline], taken.assets) for day in range(days)]
    basis = history.market_basis(
        f"robust turbulence, {baseline} bars",
        f"The day's returns, cut at {_LIMIT:g} robust deviations, are measured against how the assets moved together "
        f"in the {baseline} bars before (shrunk covariance of cut returns); 1 is usual.",
    )
    robust = np.array([one[0] for one in measured])
    return tuple(
        Turbulence(int(taken.at[baseline + day]), *one, _percentile(robust[: day + 1]), basis)
        for day, one in enumerate(measured)
    )


def _measure(past: Floats, today: Floats, assets: tuple[str, ...]) -> tuple[float, float, float, float, str, float]:
    middle, size = middle_and_size(past)
    moves = np.flatnonzero(size > 0)
    if not moves.size:
        return 0.0, 0.0, 0.0, 1.0, "", 0.0
    units = (past[:, moves] - middle[moves]) / size[moves]
    day = (today[moves] - middle[moves]) / size[moves]
    covariance, _ = shrunk(np.clip(units, -_LIMIT, _LIMIT))
    cut = np.clip(day, -_LIMIT, _LIMIT)
    pulled = np.linalg.solve(covariance, np.column_stack((cut, day)))
    robust = float(cut @ pulled[:, 0]) / moves.size
    parts = day * pulled[:, 1]
    plain = float(parts.sum())
    magnitude = float(np.mean(cut**2 / np.diag(covariance)))
    worst = int(parts.argmax())
    return (
        robust,
        plain / moves.size,
        magnitude,
        robust / magnitude if magnitude > 0 else 1.0,
        assets[moves[worst]] if plain > 0 else "",
        float(parts[worst] / np.maximum(parts, 0.0).sum()) if plain > 0 else 0.0,
    )


def _percentile(robust: Floats) -> float | None:
    return float((robust[:-1] < robust[-1]).mean()) if robust.size > 1 else None
