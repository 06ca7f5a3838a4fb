"""What a venue's file fills in so that its order books can be followed over a raw socket."""

from __future__ import annotations

import abc
from collections.abc import Iterable, Sequence
from typing import ClassVar

from app.core.market.clock_offset import ClockOffset
from app.core.market.live_book import LiveBook
from app.core.model.market import Instrument


class BookWire(abc.ABC):
    """The books of one socket: what is sent for them, and what its frames do to them. Made anew with each socket.

    Whole books come with a subscription; where they do not, the wire is an `AskedBookWire`.

    Frames are read on a thread, everything else happens on the loop, and never both at once.

    Attributes:
        address: Of the venue's own socket.
        most: Levels a side that the venue tells; None for its whole book.
        books: By the venue's own name of the market.
        unreadable: Frames that could not be understood; what they held is missed like any other change.
    """

    address: ClassVar[str]
    most: ClassVar[int | None] = None

    def __init__(self) -> None:
        """Start without a book."""
        self.books: dict[str, LiveBook] = {}
        self.unreadable = 0
        self._clock = ClockOffset()

    def add(self, name: str, instrument: Instrument) -> None:
        """Keep the book of a market from now on."""
        self.books[name] = LiveBook(instrument, self._clock, self.most)

    def remove(self, name: str) -> None:
        """Keep the book of a market no more."""
        self.books.pop(name, None)

    def name(self, symbol: str, native_id: str) -> str:
        """Return how the socket calls a market that ccxt calls `symbol` and the venue's interface `native_id`."""
        del symbol
        return native_id

    def greeting(self) -> Sequence[str]:
        """Return what is sent as soon as the socket is open."""
        return ()

    @abc.abstractmethod
    def subscribing(self, names: Sequence[str]) -> Sequence[str]:
        """Return what is sent to hear of markets."""

    @abc.abstractmethod
    def leaving(self, names: Sequence[str]) -> Sequence[str]:
        """Return what is sent to hear of markets no more."""

    def take(self, frames: Iterable[tuple[str, int]]) -> None:
        """Read frames, each with the moment of its receipt; what they leave as it is stands at that moment."""
        received_ns = 0
        for text, received_ns in frames:
            try:
                self.read(text, received_ns)
            except (KeyError, TypeError, ValueError, AttributeError):
                # Whatever the frame was to change is missing now, and each venue's own numbers or sums tell so.
                self.unreadable += 1
        if received_ns:
            for book in self.books.values():
                book.heard_at = received_ns

    @abc.abstractmethod
    def read(self, text: str, received_ns: int) -> None:
        """Read one frame; ValueError, KeyError, TypeError or AttributeError where it is none of the venue's."""
