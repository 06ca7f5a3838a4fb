"""Request budgets of venues: how much is left, who goes first, and how long to wait."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Per(StrEnum):
    """What a venue counts a budget for."""

    ADDRESS = "address"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class BudgetSpec:
    """A documented limit.

    Attributes:
        name: Named by the costs of endpoints.
        size: Weight that fits in.
        seconds: After which all of it is free again: the length of a window, or the whole decay of a counter.
        is_window: A fixed window as Binance counts, or a counter that decays steadily as Kraken's.
    """

    name: str
    size: float
    seconds: float
    per: Per = Per.ADDRESS
    is_window: bool = False
