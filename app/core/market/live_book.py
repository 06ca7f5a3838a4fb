"""Order books of venues as they are now: each with its state, its age and what was wrong with it."""

from __future__ import annotations

from app.core.market.clock_offset import ClockOffset
from app.core.market.order_book import OrderBook, Texts
from app.core.model.market import Instrument
from app.core.model.order_books import BookState, BookView


class LiveBook:
    """The order book of one instrument that a venue tells of.

    Attributes:
        book: What recordings are kept in too.
        at: When the venue changed it last, by this computer's clock.
        heard_at: When its socket said anything last.
        fault: Why the venue gives none.
    """

    def __init__(self, instrument: Instrument, clock: ClockOffset, most: int | None = None) -> None:
        """Begin without levels; the venue's clock is shared by all of its books."""
        self.instrument = instrument
        self.book = OrderBook(is_futures=instrument.is_perpetual, most=most)
        self.at: int | None = None
        self.heard_at: int | None = None
        self.fault = ""
        self._clock = clock

    @property
    def is_in_step(self) -> bool:
        """Tell whether it can be believed."""
        return self.book.state is BookState.IN_STEP

    def snapshot(self, number: int, bids: Texts, asks: Texts, received_ns: int) -> None:
        """Take the whole book, as of the venue's number."""
        self.fault = ""
        self.book.snapshot(number, bids, asks)
        self.heard(0, received_ns)

    def change(self, numbers: tuple[int, int, int | None], bids: Texts, asks: Texts, times: tuple[int, int]) -> None:
        """Take a change with its first and last number; times are those of the venue (0: not told) and of receipt."""
        self.book.change(*numbers, bids, asks)
        self.heard(*times)

    def heard(self, event_ns: int, received_ns: int) -> None:
        """Take that the venue told how the book is, at a moment of its own clock or (0) at that of receipt."""
        at = received_ns
        if event_ns:
            self._clock.saw(event_ns, received_ns)
            at = min(self._clock.here(event_ns), received_ns)
        self.at = at if self.at is None else max(self.at, at)

    def view(self, count: int) -> BookView:
        """Return so many of the best levels a side."""
        bids, asks = self.book.depth(count)
        lost = self.book.gaps + self.book.refused
        return BookView(self.instrument, self.book.state, bids, asks, self.at, self.heard_at, lost, self.fault)
