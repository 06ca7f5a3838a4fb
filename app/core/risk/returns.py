"""Returns between neighbouring bars, NaN where one of the two closes is not known or not to be believed."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from app.core.clock import DAY, day_or_iso
from app.core.findings import Finding, Severity
from app.core.names import counted
from app.core.risk import jumps
from app.core.risk.arrays import Floats, Moments, frozen
from app.core.risk.prices import Prices

_OVER = 4
"""Bars of which nobody says anything that one step may go over: a long weekend of a market that closes."""


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
    """Return the growth from bar to bar; a step over a hole is no return of one bar and stays unknown.

    Where nobody says anything of a few bars, the next one has the whole step: it could hide a crash.
    """
    if found.at.size < 2:  # noqa: PLR2004 - from one bar to another
        return Returns(found.assets, found.at[:0], found.closes[:0], kind, found.step, found.findings)
    found = _without_unwritten(found)
    moved = jumps.steps(found.closes)
    values = moved.copy() if kind is Kind.LOG else _growth(found.closes)
    findings = list(found.findings)
    for row, column in np.argwhere(jumps.splits(found.closes, moved)).tolist():
        values[row, column] = np.nan
        findings.append(_split(found.assets[column], int(found.at[row + 1]), math.exp(moved[row, column])))
    findings += _held_out(found, moved, values)
    return Returns(found.assets, found.at[1:], frozen(values), kind, found.step, tuple(findings))


def _held_out(found: Prices, moved: Floats, values: Floats) -> Iterator[Finding]:
    """Hold out of `values` what is taken back and what is impossible, and tell both with what is odd and counts."""
    reach = max(1, DAY // found.step)
    told: dict[int, list[int]] = defaultdict(list)
    for (column, away, back), is_error in jumps.excursions(moved, reach):
        if np.isnan(values[[away, back], column]).any():
            continue
        if is_error:
            values[[away, back], column] = np.nan
            moments = (int(found.at[away + 1]), int(found.at[back]))
            yield _apart(found.assets[column], *moments, math.expm1(moved[away, column]))
        else:
            told[column].append(away)
    for row, column in np.argwhere(jumps.impossible(moved) & ~np.isnan(values)).tolist():
        values[row, column] = np.nan
        yield _impossible(found.assets[column], int(found.at[row + 1]), moved[row, column])
    ends = [(row, column) for row, column in jumps.open_ends(moved, reach) if not np.isnan(values[row, column])]
    for row, column in ends:
        yield _open(found.assets[column], int(found.at[row + 1]), math.expm1(moved[row, column]))
    for row, column in np.argwhere(jumps.large(moved) & ~np.isnan(values)).tolist():
        if (row, column) not in ends:
            told[column].append(row)
    for column, rows in told.items():
        yield _jumped(found.assets[column], found.at[1:][sorted(set(rows))], moved[rows, column])


def _without_unwritten(found: Prices) -> Prices:
    """Return the bars of which somebody says something, and those of holes that are too long for one step."""
    if not found.unwritten.any():
        return found
    edges = np.flatnonzero(np.diff(np.concatenate(([0], found.unwritten.astype(np.int8), [0]))))
    starts, ends = edges[::2], edges[1::2]
    is_short = ends - starts <= _OVER
    if not is_short.any():
        return found
    kept = np.ones(found.at.size, np.bool_)
    for start, end in zip(starts[is_short].tolist(), ends[is_short].tolist(), strict=True):
        kept[start:end] = False
    told = _bridged(int(is_short.sum()), int((~kept).sum()), int(found.at[starts[is_short][0]]))
    return replace(found, at=found.at[kept], closes=found.closes[kept], findings=(*found.findings, told))


def _bridged(steps: int, bars: int, first: int) -> Finding:
    it = "it" if bars == 1 else "them"
    return Finding(
        Severity.WARNING,
        "price-day-missing",
        f"Nobody has a price of {counted(bars, 'day')}, the first at {day_or_iso(first)}: "
        + counted(steps, f"step goes over {it}, as a day's.", "steps go over them, each as a day's."),
        subject="file",
        detail="Nothing is dropped, so that no crash hides there; figures of a day and a year are somewhat too high.",
        fix="Check the price source",
    )


def _growth(closes: Floats) -> Floats:
    # What overflows is by more than a million times, and held out.
    with np.errstate(over="ignore"):
        return np.asarray(closes[1:] / closes[:-1] - 1, np.float64)


def _split(asset: str, at: int, growth: float) -> Finding:
    return _odd(
        asset,
        "price-split",
        f"The price of {asset} changes by a factor of {growth:.6g} at {day_or_iso(at)} and stays there.",
        "It looks like a split or a new unit, so that this step is no return.",
    )


def _apart(asset: str, first: int, last: int, move: float) -> Finding:
    span = f"on {day_or_iso(first)}" if first == last else f"from {day_or_iso(first)} to {day_or_iso(last)}"
    return _odd(
        asset,
        "price-apart",
        f"The price of {asset} is {move:+.1%} apart {span}, and then back where it was.",
        "The market did not move with it: it looks like a source that was wrong, so that both steps are no returns.",
    )


def _open(asset: str, at: int, move: float) -> Finding:
    return _odd(
        asset,
        "price-step-open",
        f"The price of {asset} moves by {move:+.1%} on {day_or_iso(at)}, alone, and nothing has come after it yet.",
        "It counts as real. The market did not move with it: where the next price takes it back, a source was wrong.",
    )


def _impossible(asset: str, at: int, moved: float) -> Finding:
    return _odd(
        asset,
        "price-impossible",
        f"The price of {asset} changes by ten to the power of {moved / math.log(10):+.0f} at {day_or_iso(at)}.",
        "No price moves by more than a million times in a bar, so that this step is no return.",
    )


def _jumped(asset: str, at: Moments, moved: Floats) -> Finding:
    largest = math.exp(float(moved[np.abs(moved).argmax()]))
    steps = counted(at.size, f"step of {asset} is", f"steps of {asset} are")
    return _odd(
        asset,
        "price-jump",
        f"{steps} odd and taken as real, the first at {day_or_iso(int(at[0]))}; "
        f"the largest is by a factor of {largest:.4g}.",
        "It was fourfold, or taken back at once while the market stood still. Where it is an error, figures are off.",
        Severity.INFO,
    )


def _odd(asset: str, code: str, message: str, detail: str, severity: Severity = Severity.WARNING) -> Finding:
    return Finding(severity, code, message, subject=asset, detail=detail, fix="Check the price source", asset=asset)
