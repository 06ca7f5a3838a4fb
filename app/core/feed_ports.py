"""Ports of raw feeds: who understands a venue's frames, and another process that hands on recorded ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from app.core.model.market import Instrument

FASTEST = 0.0
"""As a speed: no waiting at all."""


Quote = tuple[str, str, str, str]
"""Bid, its size, ask, its size: as the venue wrote them."""

Levels = Sequence[Sequence[str]]
"""Prices with sizes, as the venue wrote them; a size of zero takes a level away."""


class QuoteColumns(NamedTuple):
    """Quotes of many instruments in the order in which they came, a column for each thing that they say.

    Attributes:
        places: Whose each is: the place of its line.
        received: When each came, by this computer's clock.
        lows: Bids as floats, to compare; what is not above zero is for the market to refuse.
        highs: Asks as floats.
        texts: Bid, its size, ask and its size as the venue wrote them, short and in digits, with commas between them:
            only of the newest are the numbers wanted.
    """

    places: Sequence[int]
    numbers: Sequence[int]
    received: Sequence[int]
    lows: Sequence[float]
    highs: Sequence[float]
    texts: Sequence[str]


class FrameLine(Protocol):
    """What frames of one instrument say; times are those of the venue (0 where it does not say) and of receipt."""

    @property
    def place(self) -> int:
        """Return which line of its market it is."""

    @property
    def is_quoted(self) -> bool:
        """Tell whether a quote of it stands."""

    def quote(self, number: int, event_ns: int, received_ns: int, quote: Quote) -> None:
        """Take best bid and ask."""

    def trade(self, number: int, event_ns: int, received_ns: int, price: str, size: str) -> None:
        """Take a trade."""

    def change(self, numbers: tuple[int, int, int | None], times: tuple[int, int], bids: Levels, asks: Levels) -> None:
        """Take a change of the book: its first and last number, and the last of the one before where that is told."""

    def snapshot(self, number: int, bids: Levels, asks: Levels) -> None:
        """Take the whole book."""


class FrameMarket(Protocol):
    """Where frames go.

    Attributes:
        frames: Frames that were understood.
        unreadable: Numbers of frames that cannot be understood, by why.
    """

    frames: int
    unreadable: Counter[str]

    def line(self, instrument: Instrument) -> FrameLine:
        """Return where frames of an instrument go."""

    def quotes(self, told: QuoteColumns) -> None:
        """Take best bids and asks of lines that are quoted already, told without the venue's moment."""


class FrameDecoder(Protocol):
    """Brings raw frames into the state of live markets."""

    def take(self, lines: bytes) -> tuple[int, int] | None:
        """Take lines of a `FramePipe`; frames that cannot be understood are counted in the market.

        Returns:
            When the first and the last of them were received; None where there are none.
        """


class FramePipe(Protocol):
    """Another process that hands on lines: `[<source>,<receive time, ns>,<frame as JSON>]`."""

    def receive(self) -> bytes:
        """Wait for the next lines, each with its end; b"" once there is no more."""

    def stop(self) -> None:
        """End the process."""


class Feeds(Protocol):
    """Raw feeds of venues."""

    def decoder(self, market: FrameMarket) -> FrameDecoder:
        """Return what understands frames."""

    def replayed(self, files: Sequence[Path], speed: float) -> FramePipe:
        """Hand on recorded files by receive time, so many times as fast as they came, or at `FASTEST`.

        Raises:
            InputError: A file is not there, or is no recording.
        """
