"""The order book of one instrument, kept from a snapshot and the changes that follow it without a gap.

Spot: changes name their first and last number (U, u), and each begins where the one before ended. Futures: each names
the last number of the one before (pu). Changes that came before the snapshot are kept and judged once it is there.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from app.core.model.order_books import BookState, Level

WAITING_MOST = 10_000
"""Changes that are kept while no snapshot is there; older ones are let go."""

Texts = Sequence[Sequence[str]]
_INFINITE = Decimal("Infinity")


@dataclass(frozen=True, slots=True)
class Change:
    """Levels that are other now, with the numbers of the venue.

    Attributes:
        before: The last number of the change before; None where the venue does not say (spot).
    """

    first: int
    last: int
    before: int | None
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]


class BadLevelError(ValueError):
    """A level that is none."""


def levels(texts: Texts) -> tuple[Level, ...]:
    """Return levels digit for digit; BadLevelError for a price that is not above zero or a size below it."""
    if not texts:
        return ()
    try:
        made = tuple((Decimal(price), Decimal(size)) for price, size in texts)
        prices, sizes = [price for price, _ in made], [size for _, size in made]
        # Whatever is compared with NaN raises InvalidOperation.
        is_sound = min(prices) > 0 and min(sizes) >= 0 and max(prices) < _INFINITE and max(sizes) < _INFINITE
    except (InvalidOperation, TypeError, ValueError) as error:
        raise BadLevelError("a price or a size is not a number") from error
    if not is_sound:
        raise BadLevelError("a price is not above zero, or a size below it, or without end")
    return made


class Side:
    """Prices in order, with what waits at each."""

    def __init__(self) -> None:
        self.prices: list[Decimal] = []
        self._sizes: dict[Decimal, Decimal] = {}

    def __len__(self) -> int:
        return len(self.prices)

    def put(self, changed: Iterable[Level]) -> None:
        """Take new sizes of levels; a size of zero takes the level away."""
        sizes, prices = self._sizes, self.prices
        for price, size in changed:
            if size:
                if price not in sizes:
                    insort(prices, price)
                sizes[price] = size
            elif sizes.pop(price, None) is not None:
                del prices[bisect_left(prices, price)]

    def fill(self, whole: Iterable[Level]) -> None:
        """Take the whole side in place of what was there: sorted once, since some venues tell tens of thousands."""
        self._sizes = {price: size for price, size in dict(whole).items() if size}
        self.prices = sorted(self._sizes)

    def keep(self, most: int, *, highest: bool) -> None:
        """Forget what lies further from the middle than so many levels."""
        prices = self.prices
        while len(prices) > most:
            del self._sizes[prices.pop(0 if highest else -1)]

    def size(self, price: Decimal) -> Decimal:
        """Return what waits at a price."""
        return self._sizes[price]


class OrderBook:
    """Bids and asks that are in step with the venue, or say that they are not.

    Attributes:
        applied: Changes that are in the book.
        old: Changes that the book had already.
        gaps: How often changes were missing.
        refused: Changes and snapshots with a level that is none, or after which bid and ask would cross.
    """

    def __init__(self, *, is_futures: bool, most: int | None = None) -> None:
        """Begin without levels; `most` a side are kept where the venue tells no more than those."""
        self._is_futures = is_futures
        self._most = most
        self._bids, self._asks = Side(), Side()
        self._kept: deque[Change] = deque(maxlen=WAITING_MOST)
        self._last = -1
        self._is_begun = False
        self.state = BookState.WAITING
        self.applied = self.old = self.gaps = self.refused = 0

    @property
    def number(self) -> int:
        """Return the number of what was taken last; -1 before there was any."""
        return self._last

    @property
    def has_waiting(self) -> bool:
        """Tell whether changes wait for a snapshot."""
        return bool(self._kept)

    def best(self) -> tuple[Level, Level] | None:
        """Return the best bid and ask; None while the book is not in step or has an empty side."""
        bids, asks = self._bids.prices, self._asks.prices
        if self.state is not BookState.IN_STEP or not bids or not asks:
            return None
        return (bids[-1], self._bids.size(bids[-1])), (asks[0], self._asks.size(asks[0]))

    def depth(self, count: int) -> tuple[tuple[Level, ...], tuple[Level, ...]]:
        """Return the best levels of both sides, the best first; none while the book is not in step."""
        if self.state is not BookState.IN_STEP:
            return (), ()
        bids = reversed(self._bids.prices[-count:] if count else [])
        return (
            tuple((price, self._bids.size(price)) for price in bids),
            tuple((price, self._asks.size(price)) for price in self._asks.prices[:count]),
        )

    def counts(self) -> tuple[int, int]:
        """Return the numbers of levels, bids and asks."""
        return len(self._bids), len(self._asks)

    def snapshot(self, number: int, bids: Texts, asks: Texts) -> None:
        """Take the whole book as of a number, then the changes that came before and go on from it."""
        try:
            new_bids, new_asks = levels(bids), levels(asks)
        except BadLevelError:
            self.refused += 1
            return
        if number < self._last and self.state is BookState.IN_STEP:
            self.old += 1
            return
        self._bids.fill(new_bids)
        self._asks.fill(new_asks)
        self._last, self._is_begun, self.state = number, False, BookState.IN_STEP
        waiting = tuple(self._kept)
        self._kept.clear()
        if self._is_crossed():
            self._refuse()
        for change in waiting:
            self._judge(change)

    def change(self, first: int, last: int, before: int | None, bids: Texts, asks: Texts) -> None:
        """Take a change; one with a level that is none is refused, and the next will tell the gap."""
        try:
            made = Change(first, last, before, levels(bids), levels(asks))
        except BadLevelError:
            self.refused += 1
            return
        self._judge(made)

    def lose(self) -> None:
        """Believe nothing until the next snapshot: the venue's own check says that something is missing."""
        if self.state is BookState.IN_STEP:
            self.gaps += 1
            self.state = BookState.LOST

    def _judge(self, change: Change) -> None:
        if self.state is not BookState.IN_STEP:
            self._kept.append(change)
        elif self._is_old(change):
            self.old += 1
        elif self._follows(change):
            self._apply(change)
        else:
            self.gaps += 1
            self._lose(change)

    def _is_old(self, change: Change) -> bool:
        # Until the first change is in, the last number is that of a snapshot, with which futures' changes may share it.
        if self._is_futures and not self._is_begun:
            return change.last < self._last
        return change.last <= self._last

    def _follows(self, change: Change) -> bool:
        if not self._is_begun:
            next_one = self._last + (0 if self._is_futures else 1)
            return change.first <= next_one <= change.last
        return change.before == self._last if self._is_futures else change.first == self._last + 1

    def _apply(self, change: Change) -> None:
        self._bids.put(change.bids)
        self._asks.put(change.asks)
        if self._most is not None:
            self._bids.keep(self._most, highest=True)
            self._asks.keep(self._most, highest=False)
        self._last, self._is_begun = change.last, True
        if self._is_crossed():
            self._refuse()
        else:
            self.applied += 1

    def _is_crossed(self) -> bool:
        bids, asks = self._bids.prices, self._asks.prices
        return bool(bids and asks and bids[-1] >= asks[0])

    def _refuse(self) -> None:
        """Believe nothing any more: a book whose sides cross was not the venue's."""
        self.refused += 1
        self.state = BookState.LOST

    def _lose(self, change: Change) -> None:
        self.state = BookState.LOST
        self._kept.append(change)
