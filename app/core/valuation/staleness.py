"""From when on the mark of an asset is old: one rule for every screen and alert."""

from __future__ import annotations

from collections.abc import Mapping

from app.core.clock import DAY, SECOND
from app.core.model.assets import Asset, AssetKind
from app.core.model.market import Mark

_LIMITS: Mapping[AssetKind, int] = {AssetKind.FIAT: 4 * DAY}
"""Exchange rates of central banks pause over a weekend."""
_LIMIT = 600 * SECOND


def is_stale(mark: Mark | None, asset: Asset, currency: str, now_ns: int) -> bool:
    """Tell whether a mark is older than its limit; the base currency needs none."""
    if mark is None or asset.asset_id == currency:
        return False
    return now_ns - mark.at > _LIMITS.get(asset.kind, _LIMIT)
