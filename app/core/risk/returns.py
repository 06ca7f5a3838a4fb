"""Returns between neighbouring bars, NaN where one of the two closes is not known or not to be believed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from app.core.clock import DAY, iso
from app.core.findings import Finding, Severity
from app.core.risk import jumps
from app.core.risk.arrays import Floats, Moments, frozen
from app.core.risk.prices import Prices


class Kind(StrEnum):
    """How a return is counted."""

    SIMPLE = "simple"
    LOG = "log"


@dataclass(frozen=True, slots=True, eq=False)
class Returns:
    """Returns of many assets: row t is what the bar that starts at `at[t]` brought.

    Attributes:
        findings: Those of the prices, and steps that look like errors.
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
    values = np.log(growth) if kind is Kind.LOG else growth - 1
    findings = list(found.findings)
    for row, column in np.argwhere(jumps.splits(found.closes, growth)):
        values[row, column] = np.nan
        findings.append(_split(found.assets[column], int(found.at[row + 1]), float(growth[row, column])))
    for column, away, back in jumps.excursions(growth, max(1, DAY // found.step)):
        if not np.isnan(values[[away, back], column]).any():
            values[[away, back], column] = np.nan
            moments = (int(found.at[away + 1]), int(found.at[back]))
            findings.append(_apart(found.assets[column], *moments, float(growth[away, column]) - 1))
    return Returns(found.assets, found.at[1:], frozen(values), kind, found.step, tuple(findings))


def _split(asset: str, at: int, growth: float) -> Finding:
    return _odd(
        asset,
        "price-split",
        f"The price of {asset} changes by a factor of {growth:.6g} at {iso(at)} and stays there.",
        "It looks like a split or a new unit, so that this step is no return.",
    )


def _apart(asset: str, first: int, last: int, move: float) -> Finding:
    return _odd(
        asset,
        "price-apart",
        f"The price of {asset} is {move:+.1%} apart from {iso(first)} to {iso(last)}, and then back where it was.",
        "The market did not move with it: it looks like a source that was wrong, so that both steps are no returns.",
    )


def _odd(asset: str, code: str, message: str, detail: str) -> Finding:
    return Finding(
        Severity.WARNING, code, message, subject=asset, detail=detail, fix="Check the price source", asset=asset
    )
