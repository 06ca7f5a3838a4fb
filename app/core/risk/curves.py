"""Curves without flows and what they are held against: of the books as they were held, or of weights that stay."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from app.core.clock import DAY, iso
from app.core.errors import InputError
from app.core.model.performance import Day
from app.core.money import ZERO, add
from app.core.names import counted
from app.core.risk.arrays import Floats, Moments
from app.core.risk.basis import Coverage, Covered
from app.core.risk.exposures import Book
from app.core.risk.scenarios import Scenarios
from app.core.valuation.equity import History

INCOME, FEES, TRADES, REST = "income", "fees", "trades", "rest"
"""What a step brings beyond weights × returns; `REST` is the part of a book with fixed weights that is in no asset."""

Amounts = Mapping[int, Decimal | None]


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


def held(days: Sequence[Day], past: History, income: Amounts, fees: Amounts, left_out: Sequence[str] = ()) -> Curve:
    """Return the curve of books: `days` as performance measures them, and what was held at each close.

    What a day brought beyond the prices of what was held at its start is told apart: income and fees as they are
    known, and by difference the trades of the day, at other prices than its close.
    """
    days = _begun(days)
    levels = np.array([np.nan if one.grown is None else 1 + float(one.grown) for one in days])
    known = np.flatnonzero(~np.isnan(levels))
    if known.size <= 1:
        raise InputError(
            "no two days of the period have a price for everything that was held",
            hint="Read prices, set them by hand, or choose another period.",
        )
    first = int(known[0])
    days, levels, known = days[first:], levels[first:] / levels[first], known - first
    _check_values(days)
    return Curve(
        at=np.array([one.at - DAY for one in days[1:]], np.int64),
        levels=levels,
        steps=_steps(
            [days[int(place)] for place in known], levels[known], known[1:], past, {INCOME: income, FEES: fees}
        ),
        how="The books as they were held, at the close of each day in UTC, without what was paid in and out.",
        coverage=Coverage(
            float(len(days) - 1), float(np.count_nonzero(np.diff(known) == 1)), tuple(left_out), of=Covered.BARS
        ),
        assumptions=tuple(_large_flows(days)),
    )


def _check_values(days: Sequence[Day]) -> None:
    owed = next((one for one in days if one.value is not None and one.value < 0), None)
    if owed is not None:
        raise InputError(
            f"more was owed than held at the close of {iso(owed.at - DAY)[:10]}, and debt has no return",
            hint="Choose a period that begins later, or accounts without the debt.",
        )


def _steps(
    days: Sequence[Day], levels: Floats, ends: NDArray[np.intp], past: History, earned: Mapping[str, Amounts]
) -> Steps:
    values = np.array([float(one.value or 0) for one in days])
    numbers = [one.at // DAY - 1 for one in days]
    assets, amounts = _amounts(past, numbers)
    weights, returns = _moved(amounts, _prices(past, assets, numbers), values)
    income, fees = (_shares(earned[name], numbers, values) for name in (INCOME, FEES))
    trades = levels[1:] / levels[:-1] - 1 - (weights * returns).sum(axis=1) - income + fees
    other = {INCOME: income, FEES: -fees, TRADES: trades}
    return Steps(np.asarray(ends, np.int64), assets, weights, returns, other)


def _large_flows(days: Sequence[Day]) -> Iterator[str]:
    """Tell of days whose return rests on when in the day money came: by convention flows come at its end."""
    count = sum(
        abs(after.contributed - before.contributed) > before.value
        for before, after in pairwise(days)
        if before.value and before.contributed is not None and after.contributed is not None
    )
    if count:
        days_told = counted(count, "day")
        yield f"On {days_told} more was paid in or out than was held before; returns take it as paid at the day's end."


def fixed(past: Scenarios, of: Book) -> Curve:
    """Return the curve of a book that is held in the same proportions through past bars, set anew after each."""
    if not of.covered:
        raise InputError("nothing of the book has both a value and a history", hint="Give prices of what it holds.")
    held_now = of.values != 0
    assets = tuple(asset for asset, is_held in zip(of.assets, held_now, strict=True) if is_held)
    shares, returns = of.values[held_now] / of.covered, past.by_bar[:, held_now]
    bars = returns.shape[0]
    rest = 1 - float(shares.sum())
    if abs(rest) > 1e-12:  # noqa: PLR2004 - debt and short positions leave a part that is in no asset
        assets, shares, returns = (*assets, REST), np.append(shares, rest), np.hstack((returns, np.zeros((bars, 1))))
    weights = np.tile(shares, (bars, 1))
    levels = np.concatenate(([1.0], np.cumprod(1 + (weights * returns).sum(axis=1))))
    basis = past.basis(of)
    return Curve(
        at=past.at,
        levels=levels,
        steps=Steps(np.arange(1, bars + 1, dtype=np.int64), assets, weights, np.asarray(returns), {}),
        how="The book as it is now, held in the same proportions through the past days, set anew after each.",
        coverage=basis.coverage,
        assumptions=basis.assumptions,
    )


def of_closes(asset: str, name: str, closes: Mapping[int, Decimal], curve: Curve) -> Benchmark:
    """Return one asset as the benchmark of a curve of books; InputError where it has no two closes in its days."""
    numbers = [int(curve.at[0]) // DAY - 1, *(int(at) // DAY for at in curve.at)]
    # A close of zero is no price that anything could be held against.
    levels = np.array([float(closes.get(number) or "nan") for number in numbers])
    if np.count_nonzero(~np.isnan(levels)) <= 1:
        raise InputError(
            f"{name} has no closes in the period", hint="Choose another benchmark, or read prices of it first."
        )
    return Benchmark(asset, levels, f"{name}, bought at the start and held.")


def of_scenarios(asset: str, past: Scenarios) -> Benchmark:
    """Return one asset as the benchmark of a curve with fixed weights."""
    made = past.by_bar[:, past.assets.index(asset)]
    return Benchmark(asset, np.concatenate(([1.0], np.cumprod(1 + made))), f"{asset}, bought at the start and held.")


def rebased(levels: Floats, start: float = 100.0) -> Floats:
    """Return levels as an index that is `start` at the first known one."""
    known = levels[~np.isnan(levels)]
    return levels * (start / known[0]) if known.size else levels


def equal(curve: Curve, money: Collection[str] = (), least: float = 0.001) -> Benchmark:
    """Return the benchmark that holds what the curve holds, each the same, set anew with every step.

    Money does not count, nor what makes up less than `least` of the value.
    """
    steps = curve.steps
    counts = np.array([one not in money for one in steps.assets])
    taken = (steps.weights >= least) & counts
    sizes = taken.sum(axis=1, keepdims=True)
    weights = np.divide(taken, sizes, out=np.zeros(taken.shape), where=sizes > 0)
    made = np.where(sizes[:, 0] > 0, (weights * steps.returns).sum(axis=1), np.nan)
    levels = np.full(curve.levels.size, np.nan)
    levels[0] = 1.0
    levels[steps.ends] = np.cumprod(1 + made)
    how = f"What was held but money, each asset of at least {least:.1%} of the value the same, set anew every day."
    return Benchmark("equal", levels, how, weights)


def _begun(days: Sequence[Day]) -> Sequence[Day]:
    """Return the days from the first on whose close something was held."""
    first = next((place for place, one in enumerate(days) if one.value), len(days))
    return days[first:]


def _amounts(past: History, numbers: Sequence[int]) -> tuple[tuple[str, ...], Floats]:
    """Return assets that can be priced, and what was held of each at the close of each day: summed exactly."""
    course: dict[str, list[tuple[int, Decimal]]] = defaultdict(list)
    for one in sorted(past.changes, key=lambda change: change.day):
        if one.asset == past.currency or past.closes.get(one.asset):
            sums = course[one.asset]
            sums.append((one.day, add(sums[-1][1] if sums else ZERO, one.quantity)))
    columns = {}
    at = np.array(numbers, np.int64)
    for asset, sums in course.items():
        places = np.searchsorted(np.array([day for day, _ in sums], np.int64), at, side="right")
        held_then = np.array([0.0, *(float(quantity) for _, quantity in sums)])[places]
        if held_then.any():
            columns[asset] = held_then
    assets = tuple(sorted(columns))
    return assets, np.array([columns[asset] for asset in assets]).reshape(len(assets), len(numbers)).T


def _prices(past: History, assets: Sequence[str], numbers: Sequence[int]) -> Floats:
    return np.array([
        [1.0 if asset == past.currency else float(past.closes[asset].get(number, "nan")) for asset in assets]
        for number in numbers
    ])  # fmt: skip


def _moved(amounts: Floats, prices: Floats, values: Floats) -> tuple[Floats, Floats]:
    """Return shares of the value at the start of each step, and what the price of each asset did in it."""
    is_held = amounts[:-1] != 0
    worth = np.where(is_held, amounts[:-1] * prices[:-1], 0.0)
    # What was sold within a step needs no price at its end: what it brought is then part of the trades.
    has_return = is_held & ~np.isnan(prices[1:]) & (prices[:-1] > 0)
    growth = np.divide(prices[1:], prices[:-1], out=np.ones(prices[1:].shape), where=has_return)
    return worth / values[:-1, None], growth - 1


def _shares(amounts: Amounts, numbers: Sequence[int], values: Floats) -> Floats:
    """Return amounts of the days of each step as shares of the value at its start; what is unknown counts as none."""
    by_day: Moments = np.array(sorted(day for day, amount in amounts.items() if amount), np.int64)
    sums = np.concatenate(([0.0], np.cumsum([float(amounts[int(day)] or 0) for day in by_day])))
    at = np.searchsorted(by_day, np.array(numbers, np.int64), side="right")
    return np.asarray((sums[at[1:]] - sums[at[:-1]]) / values[:-1], np.float64)
