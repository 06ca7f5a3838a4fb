"""Order books as they are shown and computed with: levels, state, age."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from app.core.model.market import Instrument
from app.core.money import EXACT

Level = tuple[Decimal, Decimal]
"""A price with what waits there."""


class BookState(StrEnum):
    """Whether a book can be believed."""

    WAITING = "waiting for a snapshot"
    IN_STEP = "in step"
    LOST = "lost step: a new snapshot is needed"


SILENT_NS = 60 * 10**9
"""A book whose socket said nothing for so long is stale: somewhere something moves each second."""

_TWO, _NEAR = Decimal(2), Decimal(100)


@dataclass(frozen=True, slots=True)
class BookView:
    """An order book at one moment, for whoever shows it or computes with it; the best levels come first.

    Attributes:
        at: When the venue changed it last, by this computer's clock; None before it told anything.
        heard_at: When its socket said anything last: what it did not change stands; None where there is no socket.
        gaps: How often changes were missing or could not be true, so that the book had to be fetched anew.
        fault: Why there is none, in words; "" where there is one, or where it is on its way.
    """

    instrument: Instrument
    state: BookState
    bids: tuple[Level, ...] = ()
    asks: tuple[Level, ...] = ()
    at: int | None = None
    heard_at: int | None = field(default=None, compare=False)
    gaps: int = 0
    fault: str = ""

    @property
    def is_whole(self) -> bool:
        """Tell whether it is in step and has both sides."""
        return self.state is BookState.IN_STEP and bool(self.bids and self.asks)

    @property
    def middle(self) -> Decimal | None:
        """Return the price between the best bid and ask; None where one is missing."""
        if not self.bids or not self.asks:
            return None
        return EXACT.divide(EXACT.add(self.bids[0][0], self.asks[0][0]), _TWO)

    def near(self) -> Decimal:
        """Return the units that wait within a hundredth of the middle, on both sides."""
        middle = self.middle
        if middle is None:
            return Decimal(0)
        reach = middle / _NEAR
        return sum((size for price, size in (*self.bids, *self.asks) if abs(price - middle) <= reach), Decimal(0))

    @property
    def known_at(self) -> int | None:
        """Return the last moment at which it was so: the venue changed it, or spoke of something else."""
        moments = [one for one in (self.at, self.heard_at) if one is not None]
        return max(moments) if self.at is not None else None

    def is_silent(self, now_ns: int) -> bool:
        """Tell whether nothing was heard for so long that it may not be believed."""
        known = self.known_at
        return known is None or now_ns - known > SILENT_NS

    def lost(self, fault: str) -> BookView:
        """Return the same book without what it showed: nothing tells any more whether that still holds."""
        return replace(self, state=BookState.LOST, bids=(), asks=(), fault=fault)


def best_of(views: Sequence[BookView], now_ns: int) -> BookView | None:
    """Return the book to show first: in step before lost, heard of before silent, spot, then where most waits."""
    return max(
        views,
        key=lambda one: (
            one.is_whole, not one.is_silent(now_ns), not one.instrument.is_perpetual, not one.fault, one.near(),
        ),
        default=None,
    )  # fmt: skip
