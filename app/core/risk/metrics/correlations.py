"""The correlation alarm: pairs that move together otherwise than they used to, told apart from chance.

Correlations of lately against those of before, compared by Fisher's z; of all pairs at once only so many are named
that the expected share of false ones stays below a limit (Benjamini and Hochberg 1995).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import starmap

import numpy as np

from app.core.risk.arrays import Flags, Floats, frozen
from app.core.risk.basis import Basis
from app.core.risk.metrics import robust
from app.core.risk.metrics.covariance import correlation, pearson
from app.core.risk.scenarios import Scenarios

LATELY, BEFORE = 30, 180
LONGER = (90, 365)
"""Other windows, in effective bars, over which correlations are told beside those of lately."""
FALSE_SHARE = 0.05
_CUT = 3.0
"""On made-up returns with the tails of coins (t, 3 degrees), this takes away nine of ten pairs named by chance."""
_CERTAIN = 0.999999
"""Fisher's z has no end at a correlation of one."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two assets whose correlation changed: from `before` to `lately`."""

    one: str
    other: str
    before: float
    lately: float
    z: float
    p_value: float

    @property
    def is_closer(self) -> bool:
        """Return whether they diversify less than they did."""
        return self.lately > self.before


@dataclass(frozen=True, slots=True, eq=False)
class Correlations:
    """Correlations of lately and of before, and the pairs that changed, the surest first.

    Attributes:
        lately: Exponentially weighted, of cut returns; NaN where an asset does not move.
        longer: The same by effective bars, weighted over the whole history; only windows that it has bars for.
        average: Means over all pairs; None where no pair is known.
        tested: How many pairs were compared.
    """

    assets: tuple[str, ...]
    lately: Floats
    before: Floats
    longer: Mapping[int, Floats]
    average: float | None
    average_before: float | None
    changed: tuple[Pair, ...]
    tested: int
    basis: Basis


def decay_of(bars: int) -> float:
    """Return the decay whose effective number of observations, (1 + λ) ÷ (1 − λ), is so many."""
    return (bars - 1) / (bars + 1)


def correlations(
    history: Scenarios, lately: int = LATELY, before: int = BEFORE, false_share: float = FALSE_SHARE
) -> Correlations:
    """Return what moves together now and did before, and which pairs changed."""
    by_bar = robust.cut(history.last(lately + before).by_bar, _CUT)
    now = weighted(by_bar, decay_of(lately))
    past = pearson(by_bar[:before])
    rows, columns = np.triu_indices(len(history.assets), 1)
    here, there = now[rows, columns], past[rows, columns]
    is_known = ~(np.isnan(here) | np.isnan(there))
    rows, columns, here, there = rows[is_known], columns[is_known], here[is_known], there[is_known]
    z = (_fisher(here) - _fisher(there)) / math.sqrt(1 / (lately - 3) + 1 / (before - 3))
    p_values = np.fromiter(map(math.erfc, np.abs(z) / math.sqrt(2)), np.float64, z.size)
    found = np.flatnonzero(discoveries(p_values, false_share))
    pairs = zip(rows[found], columns[found], there[found], here[found], z[found], p_values[found], strict=True)
    named = [(history.assets[i], history.assets[j], *map(float, figures)) for i, j, *figures in pairs]
    return Correlations(
        assets=history.assets,
        lately=frozen(now),
        before=frozen(past),
        longer=_longer(history),
        average=float(here.mean()) if here.size else None,
        average_before=float(there.mean()) if there.size else None,
        changed=tuple(sorted(starmap(Pair, named), key=lambda pair: pair.p_value)),
        tested=int(here.size),
        basis=history.market_basis(
            f"EWMA over {lately} bars against {before} before, Fisher z, false share {false_share:.0%}",
            f"Correlations of the last {lately} bars (weighted) are compared with those of the {before} bars before; "
            f"of the pairs that are named, {false_share:.0%} or fewer are expected to be chance.",
            (f"Returns are cut at {_CUT:g} robust deviations: single jumps would name pairs by chance.",),
        ),
    )


def _longer(history: Scenarios) -> Mapping[int, Floats]:
    by_bar = robust.cut(history.by_bar, _CUT)
    return {bars: frozen(weighted(by_bar, decay_of(bars))) for bars in LONGER if bars <= history.outcomes}


def weighted(by_bar: Floats, decay: float) -> Floats:
    """Return correlations of bars whose weight fades with age, without a mean."""
    weights = np.sqrt(decay ** np.arange(by_bar.shape[0] - 1, -1, -1, dtype=np.float64))
    scaled = by_bar * weights[:, None]
    return correlation(np.asarray(scaled.T @ scaled, np.float64))


def discoveries(p_values: Floats, false_share: float) -> Flags:
    """Return which tests stand when the expected share of false ones is limited (Benjamini and Hochberg)."""
    count = p_values.size
    ranked = np.sort(p_values)
    below = np.flatnonzero(ranked <= false_share * np.arange(1, count + 1) / max(count, 1))
    return p_values <= (ranked[below[-1]] if below.size else -1.0)


def of_pair(history: Scenarios, one: str, other: str, lately: int = LATELY) -> Floats:
    """Return the weighted correlation of two assets, bar by bar; NaN where there is too little before it."""
    decay = decay_of(lately)
    columns = [history.assets.index(name) for name in (one, other)]
    x, y = robust.cut(history.by_bar[:, columns], _CUT).T
    found = np.full(x.size, np.nan)
    xx = yy = xy = 0.0
    for bar, (here, there) in enumerate(zip(x.tolist(), y.tolist(), strict=True)):
        xx, yy, xy = decay * xx + here * here, decay * yy + there * there, decay * xy + here * there
        if bar >= lately and xx > 0 and yy > 0:
            found[bar] = xy / math.sqrt(xx * yy)
    return found


def _fisher(correlations_: Floats) -> Floats:
    return np.asarray(np.arctanh(np.clip(correlations_, -_CERTAIN, _CERTAIN)), np.float64)
