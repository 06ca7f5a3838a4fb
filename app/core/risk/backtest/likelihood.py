"""Whether exceptions come as often as promised, and independent of each other; how sharp the forecasts were.

An exception is a day that lost more than its value at risk. p-values are those of chi-square with one and two degrees
of freedom, in closed form.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from app.core.errors import InputError
from app.core.risk.arrays import Flags, Floats
from app.core.risk.quantiles import tail_share

SIGNIFICANCE = 0.05
_GREEN, _YELLOW = 0.95, 0.9999
"""Basel 1996: a zone ends where so many or fewer exceptions have this probability under a right model."""
_BASEL_DAYS, _BASEL_CONFIDENCE = 250, 0.99
_MULTIPLIERS = (3.0, 3.0, 3.0, 3.0, 3.0, 3.4, 3.5, 3.65, 3.75, 3.85, 4.0)


@dataclass(frozen=True, slots=True)
class LikelihoodRatio:
    """A likelihood-ratio test and its p-value."""

    statistic: float
    p_value: float
    freedom: int

    @property
    def is_passed(self) -> bool:
        """Return whether it is not rejected at 5 %."""
        return self.p_value >= SIGNIFICANCE


class Zone(StrEnum):
    """Basel's traffic light."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True, slots=True)
class TrafficLight:
    """The zone, the probability of so many exceptions or fewer, and Basel's multiplier (250 days at 99 % only)."""

    zone: Zone
    probability: float
    multiplier: float | None


def chi_square_p(statistic: float, freedom: int) -> float:
    """Return the probability of a larger value of chi-square with one or two degrees of freedom."""
    if freedom == 1:
        return math.erfc(math.sqrt(max(statistic, 0.0) / 2))
    return math.exp(-max(statistic, 0.0) / 2)


def kupiec(days: int, exceptions: int, confidence: float) -> LikelihoodRatio:
    """Return the test of the proportion of failures (Kupiec 1995)."""
    if not 0 <= exceptions <= days or days < 1:
        raise InputError(f"{exceptions} exceptions on {days} days cannot be", hint="Count days with a forecast only.")
    share = tail_share(confidence)
    seen = exceptions / days
    ratio = _likelihood(days - exceptions, exceptions, share) - _likelihood(days - exceptions, exceptions, seen)
    return _test(-2 * ratio, 1)


def independence(calm: int, begins: int, ends: int, goes_on: int) -> LikelihoodRatio:
    """Return Christoffersen's test (1998) from transitions: 0→0, 0→1, 1→0, 1→1."""
    after_calm, after_exception = calm + begins, ends + goes_on
    total = after_calm + after_exception
    pooled = (begins + goes_on) / total if total else 0.0
    from_calm = begins / after_calm if after_calm else 0.0
    from_exception = goes_on / after_exception if after_exception else 0.0
    same = _likelihood(calm + ends, begins + goes_on, pooled)
    apart = _likelihood(calm, begins, from_calm) + _likelihood(ends, goes_on, from_exception)
    return _test(-2 * (same - apart), 1)


def transitions(exceptions: Flags) -> tuple[int, int, int, int]:
    """Return how often calm follows calm, an exception calm, calm an exception, an exception an exception."""
    before, after = exceptions[:-1], exceptions[1:]
    return (
        int(np.count_nonzero(~before & ~after)),
        int(np.count_nonzero(~before & after)),
        int(np.count_nonzero(before & ~after)),
        int(np.count_nonzero(before & after)),
    )


def conditional_coverage(failures: LikelihoodRatio, apart: LikelihoodRatio) -> LikelihoodRatio:
    """Return both in one: the right share of exceptions, and none that brings the next."""
    return _test(failures.statistic + apart.statistic, 2)


def traffic_light(days: int, exceptions: int, confidence: float) -> TrafficLight:
    """Return the zone of so many exceptions, for any number of days."""
    probability = binomial_cdf(exceptions, days, tail_share(confidence))
    zone = Zone.GREEN if probability < _GREEN else Zone.YELLOW if probability < _YELLOW else Zone.RED
    is_basel = days == _BASEL_DAYS and math.isclose(confidence, _BASEL_CONFIDENCE)
    return TrafficLight(zone, probability, _MULTIPLIERS[min(exceptions, len(_MULTIPLIERS) - 1)] if is_basel else None)


def binomial_cdf(successes: int, trials: int, share: float) -> float:
    """Return the probability of so many successes or fewer."""
    terms = (
        math.exp(
            math.lgamma(trials + 1)
            - math.lgamma(count + 1)
            - math.lgamma(trials - count + 1)
            + count * math.log(share)
            + (trials - count) * math.log1p(-share)
        )
        for count in range(min(successes, trials) + 1)
    )
    return min(1.0, math.fsum(terms))


def quantile_loss(gains: Floats, value_at_risk: Floats, confidence: float) -> float:
    """Return the mean loss of a quantile forecast: the lower, the sharper and truer it was."""
    off = gains + value_at_risk
    return float(np.mean((tail_share(confidence) - (off < 0)) * off))


def _likelihood(misses: int, hits: int, share: float) -> float:
    """Return the log-likelihood; 0·log 0 is 0."""
    found = 0.0
    if misses:
        found += misses * math.log1p(-share)
    if hits:
        found += hits * math.log(share)
    return found


def _test(statistic: float, freedom: int) -> LikelihoodRatio:
    return LikelihoodRatio(max(statistic, 0.0), chi_square_p(statistic, freedom), freedom)
