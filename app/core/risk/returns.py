"""Returns between neighbouring bars, NaN where one of the two closes is not known or looks split-adjusted."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from app.core.clock import iso
from app.core.findings import Finding, Severity
from app.core.risk.arrays import Flags, Floats, Moments, frozen, known
from app.core.risk.prices import Prices

_RATIOS = np.array([2, 3, 4, 5, 8, 10, 20, 25, 50, 100, 1_000, 10_000, 100_000, 1_000_000], np.float64)
_NEAR = 0.01
_CALM = 0.10
"""A market whose median asset moves more is one in which a halving may be real."""
_PLAIN = 4.5
"""A market of one asset: a halving is more likely to be real than a split."""
_UNLIKE = 12
_AROUND = 10
"""Steps before and after, whose median size is the asset's usual one. Real doublings of coins reach ten times it."""
_STAYS = 0.25
_LOOK_AHEAD = 3


class Kind(StrEnum):
    """How a return is counted."""

    SIMPLE = "simple"
    LOG = "log"


@dataclass(frozen=True, slots=True, eq=False)
class Returns:
    """Returns of many assets: row t is what the bar that starts at `at[t]` brought.

    Attributes:
        findings: Those of the prices, and steps that look like a split or redenomination.
    """

    assets: tuple[str, ...]
    at: Moments
    values: Floats
    kind: Kind
    step: int
    findings: tuple[Finding, ...] = ()

    def of(self, asset: str) -> Floats:
        """Return the column of an asset."""
        return self.values[:, self.assets.index(asset)]

    def between(self, first: int, last: int) -> Returns:
        """Return those of the bars that start from `first` to `last`, both included."""
        inside = (self.at >= first) & (self.at <= last)
        return Returns(self.assets, self.at[inside], self.values[inside], self.kind, self.step, self.findings)


def returns(found: Prices, kind: Kind = Kind.SIMPLE) -> Returns:
    """Return the growth from bar to bar; a step over a hole is no return of one bar and stays unknown."""
    if found.at.size < 2:  # noqa: PLR2004 - from one bar to another
        return Returns(found.assets, found.at[:0], found.closes[:0], kind, found.step, found.findings)
    growth = found.closes[1:] / found.closes[:-1]
    split = _looks_split(found.closes, growth)
    values = np.log(growth) if kind is Kind.LOG else growth - 1
    values[split] = np.nan
    findings = [
        _split(asset, int(found.at[row + 1]), float(growth[row, column]))
        for column, asset in enumerate(found.assets)
        for row in np.flatnonzero(split[:, column])
    ]
    return Returns(found.assets, found.at[1:], frozen(values), kind, found.step, (*found.findings, *findings))


def _looks_split(closes: Floats, growth: Floats) -> Flags:
    """Return the steps whose ratio is a round number, that stay, and that the rest of the market does not share."""
    times = np.maximum(growth, 1 / growth)
    split = np.zeros(growth.shape, np.bool_)
    for row, column in np.argwhere(times > _RATIOS[0] * (1 - _NEAR)):
        ratio = float(times[row, column])
        is_round = bool(np.any(np.abs(ratio / _RATIOS - 1) < _NEAR))
        split[row, column] = (
            is_round
            and _is_unlike_itself(growth[:, column], int(row))
            and _stands_alone(growth[row], int(column), ratio)
            and _stays(closes[row + 1 :, column])
        )
    return split


def _stands_alone(growth: Floats, column: int, ratio: float) -> bool:
    """Return whether the median of the other assets hardly moves; without others, only a large ratio is taken."""
    others = known(np.delete(growth, column))
    if not others.size:
        return ratio > _PLAIN
    return float(np.median(np.abs(np.log(others)))) < _CALM


def _is_unlike_itself(growth: Floats, row: int) -> bool:
    """Return whether the step is far from the asset's usual ones: coins that double do so in wild weeks."""
    around = np.r_[max(0, row - _AROUND) : row, row + 1 : min(growth.size, row + 1 + _AROUND)]
    usual = known(np.abs(np.log(growth[around])))
    return not usual.size or abs(math.log(float(growth[row]))) > _UNLIKE * float(np.median(usual))


def _stays(closes: Floats) -> bool:
    after = known(closes[1 : 1 + _LOOK_AHEAD])
    return after.size > 0 and abs(float(np.median(after)) / float(closes[0]) - 1) < _STAYS


def _split(asset: str, at: int, growth: float) -> Finding:
    return Finding(
        Severity.WARNING,
        "price-split",
        f"The price of {asset} changes by a factor of {growth:.6g} at {iso(at)} and stays there.",
        subject=asset,
        detail="It looks like a split or a new unit, so that this step is no return.",
        fix="Check the price source",
        asset=asset,
    )
