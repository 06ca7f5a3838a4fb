"""Concentration: by how many things a book really stands, counted by size and by what moves on its own."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from app.core.risk.arrays import Floats
from app.core.risk.exposures import NOBODY
from app.core.risk.metrics.covariance import correlation

_ROUNDS = 1_000
_SETTLED = 1e-12


@dataclass(frozen=True, slots=True)
class Concentration:
    """Shares of a book by asset, venue, chain, issuer or counterparty, the largest first.

    Attributes:
        hhi: Herfindahl-Hirschman index: the sum of squared shares; None for an empty book.
        effective: 1 ÷ HHI: as concentrated as so many of equal size.
        unnamed: Part of the whole of which it is not known to whom it belongs; it has no share.
        nobody: Part of the whole that is known to belong to none, such as money on no chain; it has no share either.
    """

    shares: tuple[tuple[str, float], ...]
    hhi: float | None
    effective: float | None
    total: float
    unnamed: float
    nobody: float = 0.0


@dataclass(frozen=True, slots=True)
class Bets:
    """How many independent bets a book makes.

    Attributes:
        effective: Effective number of minimum-torsion bets; None for a book without risk.
        diversification: Σ|wᵢ|·deviationᵢ ÷ deviation of the book: 1 where nothing diversifies.
        shares: Each bet's part of the variance, in the order of the assets.
    """

    effective: float | None
    diversification: float | None
    shares: tuple[float, ...]


def concentration(by_name: Mapping[str, float]) -> Concentration:
    """Return the shares of absolute sizes; what is under "" is unnamed, what is under NOBODY has none."""
    named = {name: abs(size) for name, size in by_name.items() if name not in ("", NOBODY) and size}
    unnamed, nobody = abs(by_name.get("", 0.0)), abs(by_name.get(NOBODY, 0.0))
    total = math.fsum(named.values())
    if total <= 0:
        return Concentration((), None, None, unnamed + nobody, unnamed, nobody)
    shares = sorted(((name, size / total) for name, size in named.items()), key=lambda one: (-one[1], one[0]))
    hhi = math.fsum(share**2 for _, share in shares)
    return Concentration(tuple(shares), hhi, 1 / hhi, total + unnamed + nobody, unnamed, nobody)


def bets(values: Floats, covariance: Floats) -> Bets:
    """Return the effective number of bets (Meucci, Santangelo and Deguest 2013), and the diversification ratio.

    The bets are the uncorrelated factors that are closest to the assets: the torsion that twists them least.
    """
    moving = np.flatnonzero(np.diag(covariance) > 0)
    exposure = values[moving]
    kept = covariance[np.ix_(moving, moving)]
    variance = float(exposure @ kept @ exposure) if moving.size else 0.0
    if variance <= 0:
        return Bets(None, None, (0.0,) * values.size)
    deviations = np.sqrt(np.diag(kept))
    torsion = minimum_torsion(kept)
    parts = np.linalg.solve(torsion.T, exposure) * (torsion @ kept @ exposure) / variance
    parts = np.maximum(parts, 0.0)
    parts /= parts.sum()
    entropy = -math.fsum(part * math.log(part) for part in parts.tolist() if part > 0)
    shares = np.zeros(values.size)
    shares[moving] = parts
    return Bets(math.exp(entropy), float(np.abs(exposure) @ deviations) / math.sqrt(variance), tuple(shares.tolist()))


def minimum_torsion(covariance: Floats) -> Floats:
    """Return the matrix that turns returns into uncorrelated ones, each as close to its asset as can be."""
    deviations = np.sqrt(np.diag(covariance))
    root = _root(correlation(covariance))
    scale = np.ones(deviations.size)
    distance, twisted = math.inf, root
    for _ in range(_ROUNDS):
        inner = _root(scale[:, None] * (root @ root) * scale)
        turned = np.linalg.pinv(inner, hermitian=True) @ (scale[:, None] * root)
        scale = np.diag(turned @ root).copy()
        twisted = scale[:, None] * turned
        before, distance = distance, float(np.linalg.norm(root - twisted))
        if abs(before - distance) <= _SETTLED * max(distance, 1.0):
            break
    torsion = twisted @ np.linalg.pinv(root, hermitian=True)
    return np.asarray(deviations[:, None] * torsion / deviations, np.float64)


def _root(matrix: Floats) -> Floats:
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T, np.float64)
