"""Volatilities that return to their mean: GARCH(1,1) by quasi-likelihood, its variance that of the sample (targeting).

The variance of a bar is a constant + alpha × (return before)² + beta × (variance before), with the constant for which
its mean is the sample's: two numbers are left to find. They are looked for on a grid and then step by step, for many
samples at once, so that a report card which estimates anew every few weeks needs no library of optimisers.

Where they are not to be had (too few returns, a likelihood without a peak inside what is tried) that is said, so that
whoever asks takes another volatility and says so too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.core.risk.arrays import Floats

_REACTION = np.sqrt([0.01, 0.03, 0.06, 0.1, 0.15, 0.22, 0.3])
_PERSISTENCE = np.array([0.5, 1.0, 1.4, 1.8, 2.3, 3.0])
"""Coordinates in which the search walks: root of alpha, and nines of alpha + beta: near one a thousandth matters."""
_MOST_REACTION, _MOST_PERSISTENCE = np.sqrt(0.5), 3.3
_FIRST_STEPS = np.array([0.05, 0.25])
_ROUNDS = 24
_AT_REST = 0.02
"""Of the first steps: a search whose steps are still larger has not come to rest."""
LEAST = 100
"""Fewer returns do not tell two numbers: of 60, every second likelihood peaks where one of them is nothing."""
_AROUND = np.array([(0, 0), (-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)], np.float64)
"""No step comes first: it wins where another is only as good."""


@dataclass(frozen=True, slots=True, eq=False)
class Fits:
    """Alpha and beta of each sample, F × 2, and why they are not to be used; "" where they are."""

    parameters: Floats
    troubles: tuple[str, ...]


def fitted(samples: Floats) -> Fits:
    """Return alpha and beta of each sample, F × T, under a normal likelihood; zeros where there are none."""
    count, bars = samples.shape
    found = Fits(np.zeros((count, 2)), (f"{bars} returns are fewer than the {LEAST} that it takes",) * count)
    if bars < LEAST:
        return found
    squares = np.square(samples)
    level = squares.mean(axis=1)
    moves = level > 0
    troubles = ["no return differs from zero"] * count
    if moves.any():
        at, steps = _searched(squares[moves] / level[moves, None])
        found.parameters[moves] = _parameters(at)
        for row, where, step in zip(np.flatnonzero(moves), at, steps, strict=True):
            troubles[row] = _trouble(where, step)
    return Fits(found.parameters, tuple(troubles))


def variances(samples: Floats, parameters: Floats, level: Floats) -> Floats:
    """Return the variance expected of each bar before it is known, and of the one to come: F × T → F × (T + 1).

    `level` is the mean variance of each sample, with which it begins.
    """
    alpha, beta = parameters.T
    constant = (1 - alpha - beta) * level
    found = np.empty((samples.shape[1] + 1, samples.shape[0]))
    found[0] = level
    for bar, square in enumerate(np.square(samples).T):
        found[bar + 1] = constant + alpha * square + beta * found[bar]
    return np.ascontiguousarray(found.T)


def _searched(squares: Floats) -> tuple[Floats, Floats]:
    """Return the best place of squares whose mean is one, and the last steps: they are halved where none helps."""
    grid = np.array([(reaction, nines) for reaction in _REACTION for nines in _PERSISTENCE])
    every = np.arange(squares.shape[0])
    at = grid[_losses(squares, np.broadcast_to(grid, (squares.shape[0], *grid.shape))).argmin(axis=1)]
    steps = np.tile(_FIRST_STEPS, (squares.shape[0], 1))
    for _ in range(_ROUNDS):
        around = at[:, None, :] + _AROUND * steps[:, None, :]
        around = np.clip(around, 0, (_MOST_REACTION, _MOST_PERSISTENCE))
        best = _losses(squares, around).argmin(axis=1)
        at = around[every, best]
        steps[best == 0] /= 2
    return at, steps


def _trouble(at: Floats, steps: Floats) -> str:
    """Return why a search did not find the likeliest pair; "" where it did."""
    if at[0] >= _MOST_REACTION:
        return f"its variance would take on more than {_MOST_REACTION**2:g} of every squared return"
    if at[1] >= _MOST_PERSISTENCE:
        return "its variance would not return to a mean"
    if (steps > _AT_REST * _FIRST_STEPS).any():
        return "the search for its two numbers does not come to rest"
    return ""


def _parameters(at: Floats) -> Floats:
    """Return alpha and beta at coordinates; what reacts more than it lasts has no beta."""
    alpha = np.square(at[..., 0])
    return np.stack((alpha, np.maximum(1 - 10.0 ** -at[..., 1] - alpha, 0.0)), axis=-1)


def _losses(squares: Floats, at: Floats) -> Floats:
    """Return twice the negative log-likelihood, without its constant, of C candidates for each sample: F × C.

    Each variance is a part of the one before and something new, so whole samples are summed by doubling the stride:
    few long steps of arrays, in which the interpreter is free for others, in place of one short step a bar.
    """
    alpha, beta = np.moveaxis(_parameters(at), -1, 0)[..., None]
    variance = np.empty((*alpha.shape[:-1], squares.shape[1]))
    variance[..., :1] = 1.0
    variance[..., 1:] = 1 - alpha - beta + alpha * squares[:, None, :-1]
    stride = 1
    while stride < variance.shape[-1]:
        variance[..., stride:] += beta * variance[..., :-stride]
        beta, stride = beta * beta, 2 * stride
    return np.asarray((np.log(variance) + squares[:, None, :] / variance).sum(axis=-1), np.float64)
