"""Return for risk: Sharpe, Sortino, Calmar, beta, tracking error. A year has 365 days; ddof is 1 throughout."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from app.core.errors import InputError
from app.core.risk.arrays import Floats
from app.core.risk.basis import YEAR_DAYS, Basis, Coverage, Covered

_CALENDAR_YEAR = 365.25
_LEAST = 2


@dataclass(frozen=True, slots=True)
class Ratios:
    """Figures of a series of daily returns; None where they cannot be told.

    Attributes:
        growth: Compound growth of a year of 365.25 days.
        volatility: Annual.
        downside: Annual root of mean squared returns below the riskless one.
        beta: To the benchmark, as the following.
        alpha: Annual return beyond beta × the benchmark's (Jensen).
        tracking_error: Annual deviation of the difference to the benchmark.
        information: Annual difference ÷ tracking error.
    """

    growth: float | None
    volatility: float | None
    downside: float | None
    deepest: float | None
    sharpe: float | None
    sortino: float | None
    calmar: float | None
    beta: float | None
    alpha: float | None
    correlation: float | None
    tracking_error: float | None
    information: float | None
    basis: Basis


def ratios(
    daily: Floats,
    benchmark: Floats | None = None,
    *,
    riskless: float = 0.0,
    since: int | None = None,
    until: int | None = None,
) -> Ratios:
    """Return what daily simple returns tell; `riskless` is the annual rate without risk.

    Days that are unknown (NaN) are left out; beside a benchmark, days on which one of the two is.
    """
    if benchmark is not None and benchmark.shape != daily.shape:
        raise InputError(
            f"{daily.size} returns stand beside {benchmark.size} of the benchmark", hint="Give the same days of both."
        )
    own = daily[~np.isnan(daily)]
    rate = (1 + riskless) ** (1 / YEAR_DAYS) - 1
    growth, deepest = _growth(own), _deepest(own)
    volatility = _annual_deviation(own)
    excess = own - rate
    downside = math.sqrt(float(np.square(np.minimum(excess, 0)).mean()) * YEAR_DAYS) if own.size else None
    mean = float(excess.mean()) * YEAR_DAYS if own.size >= _LEAST else None
    beside = _beside(daily, benchmark, rate)
    return Ratios(
        growth=growth,
        volatility=volatility,
        downside=downside,
        deepest=deepest,
        sharpe=_over(mean, volatility),
        sortino=_over(mean, downside),
        calmar=_over(growth, deepest),
        beta=beside[0],
        alpha=beside[1],
        correlation=beside[2],
        tracking_error=beside[3],
        information=beside[4],
        basis=_basis(daily, own, riskless, since, until),
    )


def _basis(daily: Floats, own: Floats, riskless: float, since: int | None, until: int | None) -> Basis:
    return Basis(
        method="daily returns, 365 days a year, ddof 1",
        since=since,
        until=until,
        observations=int(own.size),
        coverage=Coverage(float(daily.size), float(own.size), of=Covered.BARS),
        how=(
            f"From {own.size} daily returns without flows, brought to a year of 365 days; "
            f"{riskless:.2%} a year counts as riskless."
        ),
    )


def _growth(own: Floats) -> float | None:
    if own.size < _LEAST or (own <= -1).any():
        return None if own.size < _LEAST else -1.0
    return math.expm1(float(np.log1p(own).sum()) * _CALENDAR_YEAR / own.size)


def _deepest(own: Floats) -> float | None:
    if not own.size:
        return None
    curve = np.concatenate(([1.0], np.cumprod(1 + own)))
    return float((1 - curve / np.maximum.accumulate(curve)).max())


def _annual_deviation(own: Floats) -> float | None:
    return float(own.std(ddof=1)) * math.sqrt(YEAR_DAYS) if own.size >= _LEAST else None


def _over(above: float | None, below: float | None) -> float | None:
    return above / below if above is not None and below is not None and below > 0 else None


Beside = tuple[float | None, float | None, float | None, float | None, float | None]


def _beside(daily: Floats, benchmark: Floats | None, rate: float) -> Beside:
    """Return beta, alpha, correlation, tracking error and information ratio."""
    if benchmark is None:
        return None, None, None, None, None
    common = ~(np.isnan(daily) | np.isnan(benchmark))
    own, other = daily[common], benchmark[common]
    if own.size < _LEAST:
        return None, None, None, None, None
    covariance = np.cov(own, other)
    spread, moved = float(covariance[1, 1]), float(covariance[0, 0])
    error = _annual_deviation(own - other)
    information = _over(float((own - other).mean()) * YEAR_DAYS, error)
    if spread <= 0:
        return None, None, None, error, information
    beta = float(covariance[0, 1]) / spread
    alpha = (float(own.mean()) - rate - beta * (float(other.mean()) - rate)) * YEAR_DAYS
    together = float(covariance[0, 1]) / math.sqrt(spread * moved) if moved > 0 else None
    return beta, alpha, together, error, information
