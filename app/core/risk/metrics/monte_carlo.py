"""Monte Carlo: scenarios drawn from a covariance, kept, and weighted anew with whatever the book becomes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.core.errors import InputError
from app.core.risk.arrays import Floats
from app.core.risk.scenarios import Scenarios

DRAWS = 100_000
_CHUNK = 4_096
"""Draws that are made together, so that they stay in the cache of the processor."""


def drawn(
    history: Scenarios,
    covariance: Floats,
    *,
    count: int = DRAWS,
    freedom: float | None = None,
    seed: int = 1,
) -> Scenarios:
    """Return outcomes of one bar whose logarithmic returns have this covariance; the same seed gives the same ones.

    `freedom` gives them the tails of Student's t with so many degrees, at the same covariance. In single precision:
    memory and time are half, and what is lost is a millionth of a return.
    """
    _check(len(history.assets), covariance, count, freedom)
    law = "normal" if freedom is None else f"Student's t ({freedom:g})"
    made = history.other(
        _outcomes(covariance, count, freedom, seed),
        method=f"Monte Carlo ({count}, {law})",
        how=(
            f"{count} outcomes are drawn whose logarithmic returns are {law} with the covariance of the history; "
            "the worst outcomes of the book as it is are the tail."
        ),
        assumptions=("No return is expected.",),
    )
    return made.without_order()


def _check(assets: int, covariance: Floats, count: int, freedom: float | None) -> None:
    if covariance.shape != (assets, assets) or not np.isfinite(covariance).all():
        raise InputError(
            f"the covariance of {assets} assets must have as many rows and columns, all known",
            hint="Leave assets without a covariance out.",
        )
    if count < 1 or (freedom is not None and freedom <= 2):  # noqa: PLR2004 - below, t has no variance
        raise InputError(
            f"{count} draws with {freedom} degrees of freedom", hint="Give draws, and more than 2 degrees."
        )


def _outcomes(covariance: Floats, count: int, freedom: float | None, seed: int) -> NDArray[np.float32]:
    random = np.random.Generator(np.random.SFC64(seed))
    factor = _factor(covariance).astype(np.float32)
    drift = (-np.diag(covariance) / 2).astype(np.float32)[:, None]
    outcomes = np.empty((covariance.shape[0], count), np.float32)
    for start in range(0, count, _CHUNK):
        part = outcomes[:, start : start + _CHUNK]
        shocks = factor @ random.standard_normal(part.shape, dtype=np.float32)
        if freedom is not None:
            shocks *= np.sqrt((freedom - 2) / random.chisquare(freedom, part.shape[1])).astype(np.float32)
        shocks += drift
        # exp is vectorised and expm1 is not; the difference is below single precision of a price.
        np.exp(shocks, out=part)
        part -= 1
    return outcomes


def _factor(covariance: Floats) -> Floats:
    """Return a root of the covariance: Cholesky's, or by eigenvalues where a pegged asset makes it singular."""
    try:
        return np.asarray(np.linalg.cholesky(covariance), np.float64)
    except np.linalg.LinAlgError:
        values, vectors = np.linalg.eigh(covariance)
        return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)), np.float64)
