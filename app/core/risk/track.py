"""The track record: what a curve without flows made, which assets made it, and how a benchmark did beside it.

Where the curve comes from is told in `curves`: of the books as they were, or of weights that stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from app.core.clock import DAY
from app.core.errors import InputError
from app.core.risk.arrays import Floats, Moments
from app.core.risk.basis import YEAR_DAYS, Basis, Coverage
from app.core.risk.metrics import rolling
from app.core.risk.metrics.attribution import brinson, contribution
from app.core.risk.metrics.drawdown import Drawdown, drawdown
from app.core.risk.metrics.ratios import Ratios, ratios

LEAST_DAYS = 30
"""Below so many known days, every ratio is noise."""


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """What was held from one known close to the next, and what it brought: one row a step.

    Attributes:
        ends: The level at which each step ends; it begins where the one before ended, the first one at level 0.
        weights: Shares of the value at the start of the step, which add up to one.
        returns: Of each asset, zero where it was not held.
        other: Shares of the value at the start by name, such as fees: what a step brought beyond weights × returns.
    """

    ends: Moments
    assets: tuple[str, ...]
    weights: Floats
    returns: Floats
    other: Mapping[str, Floats]

    @property
    def beyond(self) -> Floats:
        """Return what each step brought beyond weights × returns, a column a name."""
        return np.array(list(self.other.values()), np.float64).reshape(len(self.other), self.ends.size).T


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Growth without flows.

    Attributes:
        at: Start of each day.
        levels: One more than days: 1 at the close before the first day, NaN where a close is not known.
        steps: What made it.
        how: One sentence: whose growth it is.
    """

    at: Moments
    levels: Floats
    steps: Steps
    how: str
    coverage: Coverage
    assumptions: tuple[str, ...] = ()

    @property
    def daily(self) -> Floats:
        """Return the return of each day; NaN beside a close that is not known."""
        return np.asarray(self.levels[1:] / self.levels[:-1] - 1, np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Benchmark:
    """What a curve is held against.

    Attributes:
        levels: Of the same days as the curve's, in any unit; NaN where not known.
        weights: Its own by step and asset of the curve; None where it is one asset, its name.
    """

    name: str
    levels: Floats
    how: str
    weights: Floats | None = None

    @property
    def daily(self) -> Floats:
        """Return the return of each day."""
        return np.asarray(self.levels[1:] / self.levels[:-1] - 1, np.float64)


@dataclass(frozen=True, slots=True)
class Line:
    """One part of the return.

    Attributes:
        weight: Mean share of the value; None where it is no asset.
        growth: Of the asset itself, over the steps in which it was held.
        part: Of the whole return: all parts add up to it.
        benchmark_weight: Mean share of the benchmark.
        against: Of the difference to the benchmark: what was made by holding more or less of it than the benchmark.
    """

    name: str
    weight: float | None
    growth: float | None
    part: float
    benchmark_weight: float | None = None
    against: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Attribution:
    """The whole return in parts, the largest first.

    Attributes:
        difference: To the benchmark over the steps on which both are known; the parts `against` add up to it.
    """

    lines: tuple[Line, ...]
    total: float
    difference: float | None
    basis: Basis


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


def track(curve: Curve, benchmark: Benchmark | None = None, riskless: float = 0.0) -> Track:
    """Return what a curve tells; InputError where too few days are known, or where it lost everything."""
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
        attribution=_attribution(curve, benchmark),
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


def rebased(levels: Floats, start: float = 100.0) -> Floats:
    """Return levels as an index that is `start` at the first known one."""
    known = levels[~np.isnan(levels)]
    return levels * (start / known[0]) if known.size else levels


def equal(curve: Curve, assets: Mapping[str, bool] | None = None, least: float = 0.001) -> Benchmark:
    """Return the benchmark that holds what the curve holds, each the same, set anew with every step.

    What makes up less than `least` of the value does not count, nor what `assets` rules out, such as money.
    """
    steps = curve.steps
    counts = np.array([assets is None or assets.get(one, True) for one in steps.assets])
    taken = (steps.weights >= least) & counts
    sizes = taken.sum(axis=1, keepdims=True)
    weights = np.divide(taken, sizes, out=np.zeros(taken.shape), where=sizes > 0)
    made = np.where(sizes[:, 0] > 0, (weights * steps.returns).sum(axis=1), np.nan)
    levels = np.full(curve.levels.size, np.nan)
    levels[0] = 1.0
    levels[steps.ends] = np.cumprod(1 + made)
    how = f"What was held, each asset of at least {least:.1%} of the value the same, set anew every day."
    return Benchmark("equal", levels, how, weights)


def _total(levels: Floats) -> float | None:
    known = levels[~np.isnan(levels)]
    return float(known[-1] / known[0]) - 1 if known.size > 1 else None


def _told(basis: Basis, curve: Curve, benchmark: Benchmark | None = None) -> Basis:
    beside = () if benchmark is None else (f"Benchmark: {benchmark.how}",)
    return replace(basis, how=f"{curve.how} {basis.how}", assumptions=(*basis.assumptions, *beside, *curve.assumptions))


def _attribution(curve: Curve, benchmark: Benchmark | None) -> Attribution:
    steps = curve.steps
    whole = np.ones(steps.beyond.shape)
    parts = contribution(
        (*steps.assets, *steps.other), np.hstack((steps.weights, whole)), np.hstack((steps.returns, steps.beyond))
    )
    weights, growth = steps.weights.mean(axis=0), _growth_held(steps)
    against = None if benchmark is None else _against(curve, benchmark)
    lines = []
    for row, (name, part) in enumerate(zip(parts.assets, parts.parts.tolist(), strict=True)):
        is_asset = row < len(steps.assets)
        line = Line(name, float(weights[row]) if is_asset else None, growth[row] if is_asset else None, part)
        lines.append(line if against is None else against.beside(line))
    if against is not None:
        lines += against.not_held(steps.assets)
    basis = _basis(curve, against)
    ordered = tuple(sorted(lines, key=lambda one: (-one.part, one.name)))
    return Attribution(ordered, parts.total, None if against is None else against.difference, basis)


def _basis(curve: Curve, against: _Against | None) -> Basis:
    how = (
        "Each asset's share of the value at a close, times what its price did until the next one; what a step brought "
        "beyond that is told apart. Steps are linked by Cariño's factors, so that the parts add up to the return."
    )
    assumed: tuple[str, ...] = ()
    if against is not None:
        how += (
            " Against the benchmark: the share beyond the benchmark's, times what the asset did better than it"
            " (allocation of Brinson and Fachler)."
        )
        if against.steps < curve.steps.ends.size:
            assumed = (f"Against the benchmark, {against.steps} of {curve.steps.ends.size} steps are known of both.",)
    return Basis(
        "contribution by asset, linked (Cariño)", int(curve.at[0]), int(curve.at[-1]), int(curve.steps.ends.size),
        curve.coverage, f"{curve.how} {how}", (*assumed, *curve.assumptions),
    )  # fmt: skip


def _growth_held(steps: Steps) -> list[float | None]:
    held = steps.weights != 0
    grown = np.prod(1 + np.where(held, steps.returns, 0.0), axis=0) - 1
    return [float(one) if is_held else None for one, is_held in zip(grown, held.any(axis=0), strict=True)]


@dataclass(frozen=True, slots=True, eq=False)
class _Against:
    """Effects against a benchmark by name of a line, and its own mean weights by asset."""

    effects: Mapping[str, float]
    weights: Mapping[str, float]
    difference: float
    steps: int

    def beside(self, line: Line) -> Line:
        """Return a line with its effect."""
        return replace(line, benchmark_weight=self.weights.get(line.name), against=self.effects[line.name])

    def not_held(self, held: tuple[str, ...]) -> list[Line]:
        """Return what the benchmark holds and the curve never did."""
        missed = [name for name in self.weights if name not in held]
        return [Line(name, 0.0, None, 0.0, self.weights[name], self.effects[name]) for name in missed]


def _against(curve: Curve, benchmark: Benchmark) -> _Against | None:
    """Return the effects over the steps on which both are known; None where there is none."""
    steps = curve.steps
    begins = np.concatenate(([0], steps.ends[:-1]))
    made = benchmark.levels[steps.ends] / benchmark.levels[begins] - 1
    known = ~np.isnan(made)
    if not known.any():
        return None
    names, weights, returns = steps.assets, steps.weights[known], steps.returns[known]
    if benchmark.weights is not None:
        theirs = benchmark.weights[known]
    else:
        if benchmark.name not in names:
            names = (*names, benchmark.name)
            weights, returns = (np.hstack((one, np.zeros((one.shape[0], 1)))) for one in (weights, returns))
        theirs, place = np.zeros(weights.shape), names.index(benchmark.name)
        theirs[:, place] = 1.0
        returns = returns.copy()
        returns[:, place] = made[known]
    found = brinson(names, weights, returns, theirs, returns, steps.beyond[known])
    effects = zip((*names, *steps.other), (*found.allocation.tolist(), *found.apart.tolist()), strict=True)
    mean = zip(names, theirs.mean(axis=0).tolist(), strict=True)
    return _Against(dict(effects), dict(mean), found.difference, int(np.count_nonzero(known)))
