"""What every figure of risk says about itself: method, window, coverage, and how it was computed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LEVELS = (0.95, 0.975, 0.99)
"""Confidences that are shown; expected shortfall at 97.5 % stands beside value at risk at 99 %, as in Basel's FRTB."""

YEAR_DAYS = 365
"""Markets that never close: a year has 365 returns, not 252."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """An asset with too little history, whose missing returns are those of another, times beta.

    Attributes:
        own: How many returns of its own were used.
        is_estimated: Whether beta comes from common history; otherwise it is taken as 1.
    """

    asset: str
    proxy: str
    beta: float
    own: int
    is_estimated: bool

    def told(self) -> str:
        """Return it as a clause."""
        source = "estimated" if self.is_estimated else "assumed, too little common history"
        return f"{self.asset} by {self.proxy} × {self.beta:.2f} ({source}; {self.own} returns of its own)"


class Covered(StrEnum):
    """What a coverage is a share of."""

    EXPOSURE = "exposure"
    ASSETS = "assets"
    BARS = "bars"


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the book a figure speaks of.

    Attributes:
        gross: Absolute exposure of the whole book; or how many assets or bars there are.
        covered: The part of it that takes part, with a history of its own or of a proxy.
        left_out: Assets that should take part and do not.
        proxied: Assets that take part by another's history.
    """

    gross: float
    covered: float
    left_out: tuple[str, ...] = ()
    proxied: tuple[Proxy, ...] = ()
    of: Covered = Covered.EXPOSURE

    @property
    def share(self) -> float | None:
        """Return the covered share; None where there is nothing to cover."""
        return self.covered / self.gross if self.gross > 0 else None


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a figure comes from.

    Attributes:
        method: Short name with its parameters, such as "FHS-EWMA (0.94)".
        since: Start of the first observation; None where no history is behind the figure.
        until: Start of the last one.
        observations: How many.
        how: One sentence: how this is computed.
        assumptions: What else a reader must know, a sentence each.
    """

    method: str
    since: int | None
    until: int | None
    observations: int
    coverage: Coverage
    how: str
    assumptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A single figure; None where it cannot be known, and `basis` says why."""

    value: float | None
    basis: Basis


@dataclass(frozen=True, slots=True)
class Tail:
    """Value at risk and expected shortfall: losses are positive, None where they are not known."""

    confidence: float
    horizon_days: int
    value_at_risk: float | None
    expected_shortfall: float | None
    basis: Basis
