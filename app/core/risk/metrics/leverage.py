"""How large a book is beside what it is worth, and how much of it cannot be sold at present."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.core.risk.exposures import Exposure, Kind, net, worth


@dataclass(frozen=True, slots=True)
class Leverage:
    """Sizes of a book in its currency.

    Attributes:
        long: Net exposure to assets that gain with their price.
        short: Net exposure to those that lose with it, as a positive figure.
        equity: What the book is worth: holdings, margins and open gains, less debt.
        leverage: Gross exposure for each unit of equity; None where nothing is left.
        debt: What is owed.
        perpetuals: Notional of perpetuals, long and short added up.
        locked: Holdings that cannot be sold at present.
        locked_share: Their part of everything held; None where nothing is.
        unlocks: Start of the last day on which some of it is free; None where that is not known of all of it.
    """

    long: float
    short: float
    equity: float
    leverage: float | None
    debt: float
    perpetuals: float
    locked: float
    locked_share: float | None
    unlocks: int | None

    @property
    def gross(self) -> float:
        """Return long and short exposure added up."""
        return self.long + self.short

    @property
    def net(self) -> float:
        """Return what is gained when all prices double."""
        return self.long - self.short


def leverage(exposures: Sequence[Exposure], constant: Collection[str] = ()) -> Leverage:
    """Return the sizes of a book; what is `constant`, such as its own currency, is worth something and moves nothing.

    Long and short in one asset are netted, wherever they are: a holding that a perpetual hedges is no exposure.
    """
    moving = [value for asset, value in net(exposures).items() if asset not in constant]
    long, short = (math.fsum(max(side * value, 0.0) for value in moving) for side in (1, -1))
    equity = worth(exposures)
    held = math.fsum(one.claim for one in exposures if one.kind is not Kind.PERPETUAL)
    stakes = [one for one in exposures if one.kind is Kind.STAKED]
    locked = math.fsum(one.claim for one in stakes)
    days = [one.locked_until for one in stakes]
    return Leverage(
        long=long,
        short=short,
        equity=equity,
        leverage=(long + short) / equity if equity > 0 else None,
        debt=math.fsum(-one.value for one in exposures if one.kind is Kind.DEBT),
        perpetuals=math.fsum(abs(one.value) for one in exposures if one.kind is Kind.PERPETUAL),
        locked=locked,
        locked_share=locked / held if held > 0 else None,
        unlocks=max((day for day in days if day is not None), default=None) if None not in days else None,
    )
