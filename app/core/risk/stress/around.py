"""What a stress needs to know beside the book: histories, classes of assets, and how things are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from app.core.risk.returns import Returns
from app.core.risk.scenarios import Scenarios, beta

STILL = ("fiat", "stable")
"""Classes of assets that follow nobody: without enough history they are taken to keep their price."""


@dataclass(frozen=True, slots=True, eq=False)
class Around:
    """All of it may be missing: a stress that needs some says so.

    Attributes:
        scenarios: Those that value at risk is read from.
        returns: Of the market, for betas.
        window: How many bars of them count.
        classes: By asset: "crypto", "stable", "fiat" or "unmapped".
        names: What assets and venues are called, by id; what is missing is called by its id.
    """

    scenarios: Scenarios | None = None
    returns: Returns | None = None
    window: int = 500
    classes: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def name(self, key: str) -> str:
        """Return what something is called."""
        return self.names.get(key, key)

    def beta(self, asset: str, factor: str) -> tuple[float, bool] | None:
        """Return an asset's slope on a factor, and whether it is estimated; None where the factor has no history.

        Without enough common history money and stablecoins have a slope of 0, all else of 1.
        """
        found = self.returns
        if found is None or factor not in found.assets:
            return None
        assumed = 0.0 if self.classes.get(asset) in STILL else 1.0
        if asset not in found.assets:
            return assumed, False
        some = np.flatnonzero((~np.isnan(found.values)).any(axis=1))[-self.window :]
        slope, is_estimated = beta(found.of(asset)[some], found.of(factor)[some])
        return (slope, True) if is_estimated else (assumed, False)


ALONE = Around()
