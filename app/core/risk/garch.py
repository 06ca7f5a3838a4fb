"""Volatilities that return to their mean: GARCH(1,1) by quasi-likelihood, its variance that of the sample (targeting).

The variance of a bar is a constant + alpha × (return before)² + beta × (variance before), with the constant for which
its mean is the sample's: two numbers are left to find. They are looked for on a grid and then step by step, for many
samples at once, so that a report card which estimates anew every few weeks needs no library of optimisers.
"""

from __future__ import annotations

import numpy as np

from app.core.risk.arrays import Floats

_REACTION = np.sqrt([0.01, 0.03, 0.06, 0.1, 0.15, 0.22, 0.3])
_PERSISTENCE = np.array([0.5, 1.0, 1.4, 1.8, 2.3, 3.0])
"""Coordinates in which the search walks: root of alpha, and nines of alpha + beta: near one a thousandth matters."""
_MOST_REACTION, _MOST_PERSISTENCE = np.sqrt(0.5), 3.3
_FIRST_STEPS = np.array([0.05, 0.25])
_ROUNDS = 24
_AROUND = np.array([(0, 0), (-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)], np.float64)
"""No step comes first: it wins where another is only as good."""


def estimated(samples: Floats) -> Floats:
    """Return alpha and beta of each sample, F × T → F × 2, under a normal likelihood; zeros where nothing moves."""
    squares = np.square(samples)
    level = squares.mean(axis=1)
    moves = level > 0
    found = np.zeros((samples.shape[0], 2))
    if moves.any():
        found[moves] = _searched(squares[moves] / level[moves, None])
    return found


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


def _searched(squares: Floats) -> Floats:
    """Return the best of squares whose mean is one: from a grid, in steps that are halved where none helps."""
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
    return np.asarray(_parameters(at), np.float64)


def _parameters(at: Floats) -> Floats:
    """Return alpha and beta at coordinates; what reacts more than it lasts has no beta."""
    alpha = np.square(at[..., 0])
    return np.stack((alpha, np.maximum(1 - 10.0 ** -at[..., 1] - alpha, 0.0)), axis=-1)


def _losses(squares: Floats, at: Floats) -> Floats:
    """Return twice the negative log-likelihood, without its constant, of C candidates for each sample: F × C."""
    alpha, beta = np.moveaxis(_parameters(at), -1, 0)
    constant = 1 - alpha - beta
    variance, found = np.ones_like(alpha), np.zeros_like(alpha)
    for square in squares.T[:, :, None]:
        found += np.log(variance) + square / variance
        variance = constant + alpha * square + beta * variance
    return np.asarray(found, np.float64)
