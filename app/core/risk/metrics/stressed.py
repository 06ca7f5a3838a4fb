"""Stressed value at risk: the book as it is in the worst year that the history has, found by search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from app.core.errors import InputError
from app.core.risk import quantiles
from app.core.risk.basis import LEVELS, YEAR_DAYS, Tail
from app.core.risk.exposures import Book
from app.core.risk.scenarios import Scenarios

_SEARCHED = 0.99


def stressed(
    history: Scenarios, of: Book, levels: Sequence[float] = LEVELS, window: int = YEAR_DAYS
) -> tuple[Tail, ...]:
    """Return the tails of the window of bars in which value at risk at 99 % was worst for this book."""
    if not 0 < window <= history.at.size:
        raise InputError(
            f"a window of {window} bars is asked for, and the history has {history.at.size}",
            hint="Load a longer history, or give a shorter window.",
        )
    gains = np.asarray(history.gains(of), np.float64)
    windows = sliding_window_view(gains, window)
    k = quantiles.order(_SEARCHED, window)
    start = int(np.partition(windows, k - 1, axis=1)[:, k - 1].argmin())
    taken = gains[start : start + window]
    basis = replace(
        history.basis(
            of,
            method=f"stressed historical ({window})",
            how=(
                f"Of all {windows.shape[0]} windows of {window} bars in the history, the one in which value at risk "
                "of the book as it is would have been worst."
            ),
        ),
        since=int(history.at[start]),
        until=int(history.at[start + window - 1]),
        observations=window,
    )
    found = quantiles.tails(taken, levels)
    is_known = of.covered > 0
    return tuple(
        Tail(level, history.horizon_days, var if is_known else None, shortfall if is_known else None, basis)
        for level, (var, shortfall) in zip(levels, found, strict=True)
    )
