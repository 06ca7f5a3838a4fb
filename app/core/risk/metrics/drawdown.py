"""Drawdown: how far below its highest mark a curve is, was at worst, and is in the worst share of days."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.core.errors import InputError
from app.core.risk import quantiles
from app.core.risk.arrays import Floats, Moments, frozen
from app.core.risk.basis import Basis, Coverage, Covered


@dataclass(frozen=True, slots=True, eq=False)
class Drawdown:
    """Depths are positive shares of the highest mark before.

    Attributes:
        depths: One for each known point of the curve.
        peak: Moment of the mark from which the deepest fall began.
        trough: Moment of the deepest point.
        recovered: Moment at which that mark was reached again; None where it was not.
        conditional: Conditional drawdown at risk: mean of the deepest share of days.
    """

    at: Moments
    depths: Floats
    current: float
    deepest: float
    peak: int
    trough: int
    recovered: int | None
    average: float
    conditional: float
    confidence: float
    basis: Basis


def drawdown(at: Moments, curve: Floats, confidence: float = 0.95) -> Drawdown:
    """Return the drawdowns of a curve without flows (an index of time-weighted growth); unknown points are left out."""
    is_known = ~np.isnan(curve)
    moments, levels = at[is_known], curve[is_known]
    if not levels.size or (levels <= 0).any():
        raise InputError(
            "a drawdown needs a curve that is above zero throughout",
            hint="Give growth without flows, from the first day with a value on.",
        )
    marks = np.maximum.accumulate(levels)
    depths = 1 - levels / marks
    trough = int(depths.argmax())
    peak = int(np.flatnonzero(levels[: trough + 1] == marks[trough])[-1])
    after = np.flatnonzero(levels[trough:] >= marks[trough])
    conditional = quantiles.expected_shortfall(-depths, confidence)
    return Drawdown(
        at=moments,
        depths=frozen(depths),
        current=float(depths[-1]),
        deepest=float(depths[trough]),
        peak=int(moments[peak]),
        trough=int(moments[trough]),
        recovered=int(moments[trough + int(after[0])]) if after.size and depths[trough] > 0 else None,
        average=float(depths.mean()),
        conditional=conditional,
        confidence=confidence,
        basis=Basis(
            method=f"drawdown, CDaR {confidence:.1%}",
            since=int(moments[0]),
            until=int(moments[-1]),
            observations=int(levels.size),
            coverage=Coverage(float(curve.size), float(levels.size), of=Covered.BARS),
            how="Each day's distance below the highest value before, without what was paid in and out.",
        ),
    )
