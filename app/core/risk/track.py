"""The track record: what a curve without flows made, which assets made it, and how a benchmark did beside it.

Where the curve comes from is told in `curves`: of the books as they were, or of weights that stay.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np

from app.core.clock import DAY
from app.core.errors import InputError
from app.core.risk.arrays import Floats, Moments
from app.core.risk.basis import YEAR_DAYS, Basis
from app.core.risk.curves import Benchmark, Curve
from app.core.risk.metrics import rolling
from app.core.risk.metrics.drawdown import Drawdown, drawdown
from app.core.risk.metrics.ratios import Ratios, ratios
from app.core.risk.parts import Attribution, attribution

LEAST_DAYS = 30
"""Below so many known days, every ratio is noise."""


@dataclass(frozen=True, slots=True, eq=False)
class Alone:
    """What is told of a benchmark by itself, between its own first and last known closes of the period."""

    total: float | None
    ratios: Ratios
    drawdown: Drawdown


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """Everything that is told of one curve; `ratios.growth` and Calmar are unknown below a year.

    Attributes:
        total: Growth from the first known close to the last.
        ratios: Of the curve, beside the benchmark.
        other: What is told of the benchmark alone; None where there is none.
    """

    curve: Curve
    benchmark: Benchmark | None
    total: float
    ratios: Ratios
    drawdown: Drawdown
    other: Alone | None
    rolling: rolling.Rolling
    attribution: Attribution

    @property
    def is_short(self) -> bool:
        """Tell whether it is shorter than a year, so that a yearly growth would say more than what came about."""
        return self.curve.at.size < YEAR_DAYS


def track(
    curve: Curve, benchmark: Benchmark | None = None, riskless: float = 0.0, money: Collection[str] = ()
) -> Track:
    """Return what a curve tells; `money` are its assets that are cash.

    Raises:
        InputError: Too few days are known, or everything was lost.
    """
    known = curve.levels[~np.isnan(curve.levels)]
    if (known <= 0).any():
        raise InputError("everything was lost on a day of the period", hint="Choose a period that begins after it.")
    days = int(np.count_nonzero(~np.isnan(curve.daily)))
    if days < LEAST_DAYS:
        raise InputError(
            f"only {days} of {curve.at.size} days have a return, and ratios need {LEAST_DAYS}",
            hint="Choose a longer period, or read the prices of its days.",
        )
    beside = None if benchmark is None else benchmark.daily
    found = _ratios(curve, curve.levels, riskless, beside)
    fallen = drawdown(_moments(curve), curve.levels)
    return Track(
        curve=curve,
        benchmark=benchmark,
        total=_total(curve.levels) or 0.0,
        ratios=replace(found, basis=_told(found.basis, curve, benchmark)),
        drawdown=replace(fallen, basis=_told(fallen.basis, curve)),
        other=None if benchmark is None else _alone(curve, benchmark, riskless),
        rolling=rolling.rolling(curve.daily, beside),
        attribution=attribution(curve, benchmark, money),
    )


def _ratios(curve: Curve, levels: Floats, riskless: float, beside: Floats | None = None) -> Ratios:
    daily = np.asarray(levels[1:] / levels[:-1] - 1, np.float64)
    since, until = int(curve.at[0]), int(curve.at[-1])
    found = ratios(daily, beside, riskless=riskless, since=since, until=until, levels=levels)
    return replace(found, growth=None, calmar=None) if curve.at.size < YEAR_DAYS else found


def _moments(curve: Curve) -> Moments:
    """Return the start of the day of each level."""
    return np.concatenate(([curve.at[0] - DAY], curve.at))


def _alone(curve: Curve, benchmark: Benchmark, riskless: float) -> Alone:
    levels = benchmark.levels
    return Alone(_total(levels), _ratios(curve, levels, riskless), drawdown(_moments(curve), levels))


def _total(levels: Floats) -> float | None:
    known = levels[~np.isnan(levels)]
    return float(known[-1] / known[0]) - 1 if known.size > 1 else None


def _told(basis: Basis, curve: Curve, benchmark: Benchmark | None = None) -> Basis:
    beside = () if benchmark is None else (f"Benchmark: {benchmark.how}",)
    return replace(basis, how=f"{curve.how} {basis.how}", assumptions=(*basis.assumptions, *beside, *curve.assumptions))
