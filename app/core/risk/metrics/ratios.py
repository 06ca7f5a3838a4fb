"""Return for risk: Sharpe, Sortino, Calmar, beta, tracking error, capture. A year has 365 days, ddof is 1."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

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
        sharpe_error: Standard error of the Sharpe ratio, for returns that do not depend on each other (Lo 2002).
        beta: To the benchmark, as the following.
        alpha: Annual return beyond beta × the benchmark's (Jensen).
        tracking_error: Annual deviation of the difference to the benchmark.
        information: Annual difference ÷ tracking error.
        up: Upside capture: mean growth of the days on which the benchmark rose ÷ that of the benchmark on them.
        down: Downside capture: the same of the days on which it fell; less than one loses less than it.
    """

    growth: float | None
    volatility: float | None
    downside: float | None
    deepest: float | None
    sharpe: float | None
    sharpe_error: float | None
    sortino: float | None
    calmar: float | None
    beta: float | None
    alpha: float | None
    correlation: float | None
    tracking_error: float | None
    information: float | None
    up: float | None
    down: float | None
    basis: Basis


def ratios(  # noqa: PLR0913 - what a series is held against
    daily: Floats,
    benchmark: Floats | None = None,
    *,
    riskless: float = 0.0,
    since: int | None = None,
    until: int | None = None,
    levels: Floats | None = None,
) -> Ratios:
    """Return what daily simple returns tell; `riskless` is the annual rate without risk.

    Days that are unknown (NaN) are left out; beside a benchmark, days on which one of the two is. `levels` is the curve
    that the returns are of, one point more than them: growth and the deepest fall then go over unknown days too.
    """
    if benchmark is not None and benchmark.shape != daily.shape:
        raise InputError(
            f"{daily.size} returns stand beside {benchmark.size} of the benchmark", hint="Give the same days of both."
        )
    own = daily[~np.isnan(daily)]
    rate = (1 + riskless) ** (1 / YEAR_DAYS) - 1
    curve = np.concatenate(([1.0], np.cumprod(1 + own))) if levels is None else levels
    growth, deepest = _growth(curve), _deepest(curve)
    volatility = _annual_deviation(own)
    excess = own - rate
    downside = math.sqrt(float(np.square(np.minimum(excess, 0)).mean()) * YEAR_DAYS) if own.size else None
    mean = float(excess.mean()) * YEAR_DAYS if own.size >= _LEAST else None
    beside = _NOTHING if benchmark is None else _beside(daily, benchmark, rate)
    return Ratios(
        growth=growth,
        volatility=volatility,
        downside=downside,
        deepest=deepest,
        sharpe=_over(mean, volatility),
        sharpe_error=_sharpe_error(_over(mean, volatility), own.size),
        sortino=_over(mean, downside),
        calmar=_over(growth, deepest),
        **beside._asdict(),
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


def _growth(curve: Floats) -> float | None:
    places = np.flatnonzero(~np.isnan(curve))
    if places.size <= _LEAST:
        return None
    known = curve[places]
    if (known <= 0).any():
        return -1.0
    days = int(places[-1] - places[0])
    return math.expm1(math.log(known[-1] / known[0]) * _CALENDAR_YEAR / days)


def _deepest(curve: Floats) -> float | None:
    known = curve[~np.isnan(curve)]
    if known.size < _LEAST:
        return None
    return float((1 - known / np.maximum.accumulate(known)).max())


def _sharpe_error(sharpe: float | None, days: int) -> float | None:
    """Return √((1 + ½·S²) ÷ n) of a day, brought to a year as the ratio itself is."""
    return None if sharpe is None else math.sqrt((YEAR_DAYS + sharpe**2 / 2) / days)


def _annual_deviation(own: Floats) -> float | None:
    return float(own.std(ddof=1)) * math.sqrt(YEAR_DAYS) if own.size >= _LEAST else None


def _over(above: float | None, below: float | None) -> float | None:
    return above / below if above is not None and below is not None and below > 0 else None


class _Beside(NamedTuple):
    """Figures beside a benchmark, named as `Ratios` has them."""

    beta: float | None = None
    alpha: float | None = None
    correlation: float | None = None
    tracking_error: float | None = None
    information: float | None = None
    up: float | None = None
    down: float | None = None


_NOTHING = _Beside()


def _beside(daily: Floats, benchmark: Floats, rate: float) -> _Beside:
    common = ~(np.isnan(daily) | np.isnan(benchmark))
    own, other = daily[common], benchmark[common]
    if own.size < _LEAST:
        return _NOTHING
    covariance = np.cov(own, other)
    spread, moved = float(covariance[1, 1]), float(covariance[0, 0])
    error = _annual_deviation(own - other)
    found = _Beside(
        tracking_error=error,
        information=_over(float((own - other).mean()) * YEAR_DAYS, error),
        up=_captured(own[other > 0], other[other > 0]),
        down=_captured(own[other < 0], other[other < 0]),
    )
    if spread <= 0:
        return found
    beta = float(covariance[0, 1]) / spread
    return found._replace(
        beta=beta,
        alpha=(float(own.mean()) - rate - beta * (float(other.mean()) - rate)) * YEAR_DAYS,
        correlation=float(covariance[0, 1]) / math.sqrt(spread * moved) if moved > 0 else None,
    )


def _captured(own: Floats, other: Floats) -> float | None:
    """Return mean growth ÷ that of the benchmark, of the same days; None where there are none."""
    if not own.size or (own <= -1).any() or (other <= -1).any():
        return None
    return math.expm1(float(np.log1p(own).mean())) / math.expm1(float(np.log1p(other).mean()))
