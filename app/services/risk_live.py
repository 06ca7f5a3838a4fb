"""Value at risk and shortfall at the marks of this moment, between two studies of the book."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

import numpy as np

from app.core.model.market import Mark
from app.core.risk.live import LiveTail
from app.core.risk.study import Study


class LiveFigures(NamedTuple):
    """Tails of the default model over one day, and by how much the book is worth more than when it was studied."""

    value_at_risk: float
    expected_shortfall: float
    gained: float


class LiveRisk:
    """A study whose exposures follow the marks: what is held stays, so that an exposure grows as its mark does.

    Holdings, debt and perpetuals are all linear in the price. An asset without a mark keeps its last known exposure.
    """

    def __init__(self, study: Study, prices: Mapping[str, Decimal]) -> None:
        """Take a study over one day, and the prices that its exposures rest on."""
        self._tail = LiveTail(study.scenarios, study.book, (study.question.confidence,))
        self._then = study.book.values
        self._rows = {asset: row for row, asset in enumerate(study.book.assets) if prices.get(asset)}
        self._prices = prices

    def follow(self, assets: Iterable[str], marks: Mapping[str, Mark]) -> LiveFigures:
        """Take the marks of some assets, and return the figures with them."""
        moved = {self._rows[asset]: asset for asset in assets if asset in self._rows and asset in marks}
        rows = np.fromiter(moved, np.intp, len(moved))
        grown = [float(marks[asset].price) / float(self._prices[asset]) for asset in moved.values()]
        self._tail.change_many(rows, self._then[rows] * np.array(grown))
        value_at_risk, shortfall = self._tail.tails()[0]
        return LiveFigures(value_at_risk, shortfall, float((self._tail.book.values - self._then).sum()))
