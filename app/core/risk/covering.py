"""How far back a history may reach before it is one of another book: old days know few of the assets of today."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from app.core.risk.returns import Returns
from app.core.risk.scenarios import LEAST

KEPT = 0.95
"""Share of the exposure that a shorter history covers, which a longer one must cover too."""


def bars_covering(found: Returns, exposures: Mapping[str, float], least: int) -> int:
    """Return how many of the last bars to take: the most that cover the book nearly as well as `least` of them.

    Bars in which nothing is known do not count, as in scenarios; all bars are taken where there are no more than
    `least`.
    """
    is_known = ~np.isnan(found.values)
    is_known = is_known[is_known.any(axis=1)]
    bars = int(is_known.shape[0])
    held = [asset for asset in exposures if asset in found.assets]
    if bars <= least or not held:
        return bars
    columns = [found.assets.index(asset) for asset in held]
    lengths = np.arange(1, bars + 1)
    shares = np.cumsum(is_known[::-1, columns], axis=0) / lengths[:, None]
    covered = (shares >= LEAST) @ np.abs([exposures[asset] for asset in held])
    is_kept = covered[least - 1 :] >= KEPT * covered[least - 1 :].max()
    return int(lengths[least - 1 :][is_kept][-1])
