"""Where a curve's return comes from: parts by asset that add up to it, and what made the difference to a benchmark."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

from app.core.risk.arrays import Flags, Floats
from app.core.risk.basis import Basis
from app.core.risk.curves import Benchmark, Curve, Steps
from app.core.risk.metrics.attribution import brinson, contribution

_NOTHING = 1e-9
"""A group with a smaller share of the value has no return of its own."""


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


@dataclass(frozen=True, slots=True)
class Effects:
    """What made the difference to a benchmark (Brinson and Fachler, groups: money, and all else).

    Attributes:
        allocation: How much was in money, and in all else.
        selection: Which assets each of the two was made of; with the interaction of both.
        beyond: Income, fees and trades, which are in no asset.
    """

    allocation: float
    selection: float
    beyond: float


@dataclass(frozen=True, slots=True, eq=False)
class Attribution:
    """The whole return in parts, the largest first.

    Attributes:
        difference: To the benchmark over the steps on which both are known; the parts `against` add up to it.
        effects: The same difference by what was decided; None without a benchmark.
    """

    lines: tuple[Line, ...]
    total: float
    difference: float | None
    basis: Basis
    effects: Effects | None = None


def attribution(curve: Curve, benchmark: Benchmark | None, money: Collection[str] = ()) -> Attribution:
    """Return the parts of a curve's return; `money` are the assets that are cash, whatever they are called."""
    steps = curve.steps
    whole = np.ones(steps.beyond.shape)
    parts = contribution(
        (*steps.assets, *steps.other), np.hstack((steps.weights, whole)), np.hstack((steps.returns, steps.beyond))
    )
    weights, growth = steps.weights.mean(axis=0), _growth_held(steps)
    against = None if benchmark is None else _against(curve, benchmark, money)
    lines = []
    for row, (name, part) in enumerate(zip(parts.assets, parts.parts.tolist(), strict=True)):
        is_asset = row < len(steps.assets)
        line = Line(name, float(weights[row]) if is_asset else None, growth[row] if is_asset else None, part)
        lines.append(line if against is None else against.beside(line))
    if against is not None:
        lines += against.not_held(steps.assets)
    basis = _basis(curve, against)
    ordered = tuple(sorted(lines, key=lambda one: (-one.part, one.name)))
    if against is None:
        return Attribution(ordered, parts.total, None, basis)
    return Attribution(ordered, parts.total, against.difference, basis, against.decided)


def _basis(curve: Curve, against: _Against | None) -> Basis:
    how = (
        "Each asset's share of the value at a close, times what its price did until the next one; what a step brought "
        "beyond that is told apart. Steps are linked by Cariño's factors, so that the parts add up to the return."
    )
    assumed: tuple[str, ...] = ()
    if against is not None:
        how += (
            " Against the benchmark: the share beyond the benchmark's, times what the asset did better than it"
            " (allocation of Brinson and Fachler); by what was decided, the same for money against all else, with"
            " what the choice within the two made."
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
    decided: Effects
    steps: int

    def beside(self, line: Line) -> Line:
        """Return a line with its effect."""
        return replace(line, benchmark_weight=self.weights.get(line.name), against=self.effects[line.name])

    def not_held(self, held: tuple[str, ...]) -> list[Line]:
        """Return what the benchmark holds and the curve never did."""
        missed = [name for name in self.weights if name not in held]
        return [Line(name, 0.0, None, 0.0, self.weights[name], self.effects[name]) for name in missed]


def _against(curve: Curve, benchmark: Benchmark, money: Collection[str]) -> _Against | None:
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
    beyond = steps.beyond[known]
    found = brinson(names, weights, returns, theirs, returns, beyond)
    effects = zip((*names, *steps.other), (*found.allocation.tolist(), *found.apart.tolist()), strict=True)
    mean = zip(names, theirs.mean(axis=0).tolist(), strict=True)
    is_money = np.array([name in money for name in names])
    decided = _decided(is_money, weights, theirs, returns, beyond)
    return _Against(dict(effects), dict(mean), found.difference, decided, int(np.count_nonzero(known)))


def _decided(is_money: Flags, weights: Floats, theirs: Floats, returns: Floats, beyond: Floats) -> Effects:
    """Return the effects of two groups: money, and all else."""
    belongs = np.column_stack((is_money, ~is_money)).astype(np.float64)
    own, other = weights @ belongs, theirs @ belongs
    made, benchmark_made = (weights * returns) @ belongs, (theirs * returns) @ belongs
    own_return, other_return = _of_group(made, own), _of_group(benchmark_made, other)
    # Where one of the two holds nothing of a group, what the other made in it is the group's return.
    own_filled = np.where(np.isnan(own_return), np.nan_to_num(other_return), own_return)
    other_filled = np.where(np.isnan(other_return), own_filled, other_return)
    # Long and short positions of one group may add up to nothing and still have made something.
    left = (made - own * own_filled).sum(axis=1)
    found = brinson(
        ("money", "else"), own, own_filled, other, other_filled, np.column_stack((left, beyond.sum(axis=1)))
    )
    selection = float(found.selection.sum() + found.interaction.sum() + found.apart[0])
    return Effects(float(found.allocation.sum()), selection, float(found.apart[1]))


def _of_group(made: Floats, weights: Floats) -> Floats:
    return np.asarray(
        np.divide(made, weights, out=np.full(made.shape, np.nan), where=np.abs(weights) > _NOTHING), np.float64
    )
