"""The one convention of tails, for every method.

Losses are positive. Of S outcomes sorted upwards, with a = 1 − confidence and k = ceil(a·S):
value at risk is −x(k), no interpolation; expected shortfall is the mean of the worst a·S outcomes, in which the
k-th counts with the fraction that is left (Acerbi and Tasche 2002).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np

from app.core.errors import InputError
from app.core.risk.arrays import Floats, Scenario

NORMAL = NormalDist()
_DIGITS = 9
"""1 − 0.99 is not 0.01 in floats: without rounding, k of 500 outcomes would be 6."""


def tail_share(confidence: float) -> float:
    """Return 1 − confidence without the dust of floats."""
    if not 0.5 < confidence < 1:  # noqa: PLR2004 - a tail is less than half
        raise InputError(
            f"{confidence:g} is no confidence of a tail", hint="Give a share between 0.5 and 1, such as 0.99."
        )
    return round(1 - confidence, _DIGITS)


def order(confidence: float, outcomes: int) -> int:
    """Return k, counted from 1."""
    return max(1, math.ceil(round(tail_share(confidence) * outcomes, _DIGITS)))


def worst(outcomes: Scenario, count: int) -> Floats:
    """Return the `count` lowest outcomes, sorted upwards."""
    head = np.partition(outcomes, count - 1)[:count] if count < outcomes.size else outcomes
    return np.sort(head.astype(np.float64, copy=False))


def of_sorted(lowest: Floats, confidence: float, outcomes: int) -> tuple[float, float]:
    """Return value at risk and expected shortfall from the lowest of `outcomes` outcomes, sorted upwards."""
    k = order(confidence, outcomes)
    weight = tail_share(confidence) * outcomes
    at_k = float(lowest[k - 1])
    beyond = float(lowest[: k - 1].sum())
    return -at_k, -(beyond + (weight - (k - 1)) * at_k) / weight


def tails(outcomes: Scenario, levels: Sequence[float]) -> list[tuple[float, float]]:
    """Return value at risk and expected shortfall of gains and losses, for each confidence."""
    if not outcomes.size:
        raise InputError("there are no outcomes to take a tail of", hint="Give a longer history or another method.")
    lowest = worst(outcomes, max(order(level, outcomes.size) for level in levels))
    return [of_sorted(lowest, level, outcomes.size) for level in levels]


def value_at_risk(outcomes: Floats, confidence: float) -> float:
    """Return the loss that is exceeded in a share of 1 − confidence."""
    return tails(outcomes, (confidence,))[0][0]


def expected_shortfall(outcomes: Floats, confidence: float) -> float:
    """Return the mean loss of the worst share of 1 − confidence."""
    return tails(outcomes, (confidence,))[0][1]


def few(confidence: float, outcomes: int) -> str:
    """Return what to say where the tail has less than one outcome; "" otherwise."""
    if tail_share(confidence) * outcomes >= 1:
        return ""
    return f"At {percent(confidence)} the tail of {outcomes} outcomes has less than one: the worst outcome is shown."


def percent(confidence: float) -> str:
    """Return a confidence in words: with one decimal, or as many as it has."""
    exact = f"{confidence * 100:.8g}"
    return f"{confidence:.1%}" if len(exact.partition(".")[2]) <= 1 else f"{exact}%"


def normal_quantile(confidence: float) -> float:
    """Return z of the standard normal distribution."""
    return NORMAL.inv_cdf(1 - tail_share(confidence))
