"""The state of live markets: quotes, trades and books of every instrument, where only the newest of each is kept.

What comes in is text as the venue wrote it. It is checked at once and turned into exact numbers only when somebody
takes the ticks, so that what is conflated costs next to nothing. The state follows from the frames alone: neither how
fast they come nor how often ticks are taken changes it.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from app.core.feed_ports import Levels, Quote, QuoteColumns
from app.core.market.board import CROSSED, NOT_FINITE, NOT_POSITIVE
from app.core.market.candles import CandleBuilder
from app.core.market.clock_offset import ClockOffset
from app.core.market.order_book import OrderBook
from app.core.model.market import Instrument, Tick
from app.core.money import EXACT, plain

BEYOND = "beyond any price"
_INFINITE = float("inf")
_TWO = Decimal(2)
_LONGEST, _WIDEST = 64, 40
"""Characters of a number, and places left or right of the point where it may begin: what is exact stays short."""

_SHORT = 2 * _LONGEST


class Line:
    """One instrument.

    Attributes:
        at: When the newest price was told, by this computer's clock.
        middle: The newest price for figures of risk, which follow every frame of the screen; NaN before there is one.
            Money is computed from ticks.
        quoted: The newest quote, or what the venue wrote of it (`QuoteColumns.texts`); None before there is one.
        quoted_number: The venue's number of it.
        is_fresh: Whether there is a price that nobody took.
        late: Frames that came after a newer one, or again.
        refused: Numbers of frames that cannot be believed, by why.
        place: Which line of its market it is.
    """

    __slots__ = (
        "_clock", "_last", "_market", "_trade_number", "at", "book", "candles", "instrument", "is_fresh", "late",
        "middle", "place", "quoted", "quoted_number", "refused",
    )  # fmt: skip

    def __init__(self, instrument: Instrument, market: LiveMarket, clock: ClockOffset, place: int) -> None:
        self.instrument, self.place = instrument, place
        self.book = OrderBook(is_futures=instrument.is_perpetual)
        self.candles = CandleBuilder()
        self.late = 0
        self.refused: Counter[str] = Counter()
        self._market, self._clock = market, clock
        self.quoted: Quote | str | None = None
        self.quoted_number = self._trade_number = -1
        self.at = 0
        self.middle = math.nan
        self._last: Decimal | None = None
        self.is_fresh = False

    @property
    def is_quoted(self) -> bool:
        """Tell whether a quote stands."""
        return self.quoted is not None

    @property
    def clock_offset_ns(self) -> int | None:
        """Return this computer's clock less the venue's; None where no frame told its time."""
        return self._clock.ns if self._clock.is_known else None

    def quote(self, number: int, event_ns: int, received_ns: int, quote: Quote) -> None:
        """Take best bid and ask; `event_ns` is 0 where the venue does not say when."""
        if number <= self.quoted_number:
            self.late += 1
            return
        bid, bid_size, ask, ask_size = quote
        try:
            # A comparison with NaN is false, and with it the whole chain.
            low, high = float(bid), float(ask)
            is_sound = 0 < low < high < _INFINITE and 0 <= float(bid_size) + float(ask_size) < _INFINITE
        except ValueError:
            self.refused[NOT_FINITE] += 1
            return
        if not is_sound or not _is_plain(quote):
            why = _refusal(quote)
            if why:
                self.refused[why] += 1
                return
        self.quoted_number, self.quoted = number, quote
        self.middle = (low + high) / 2
        if event_ns or not self.is_fresh:
            self._came(event_ns, received_ns)
            return
        # Most frames end here: one that is told without its moment, and replaces another that nobody saw.
        self.at = max(self.at, received_ns)
        self._market.conflated += 1

    def trade(self, number: int, event_ns: int, received_ns: int, price: str, size: str) -> None:
        """Take a trade: it belongs to a candle, and is the price while nobody quotes."""
        if number <= self._trade_number:
            self.late += 1
            return
        try:
            paid, amount = Decimal(price), Decimal(size)
            why = "" if paid > 0 and amount >= 0 else NOT_POSITIVE
            if not paid.is_finite() or not amount.is_finite():
                why = NOT_FINITE
            elif _is_beyond(price, paid) or _is_beyond(size, amount):
                why = BEYOND
        except InvalidOperation:
            why = NOT_FINITE
            paid = amount = Decimal(0)
        if why:
            self.refused[why] += 1
            return
        self._trade_number, self._last = number, paid
        self.candles.add(event_ns or received_ns, paid, amount, number)
        if self.quoted is None:
            self.middle = float(paid)
            self._came(event_ns, received_ns)
        elif event_ns:
            self._clock.saw(event_ns, received_ns)

    def change(self, numbers: tuple[int, int, int | None], times: tuple[int, int], bids: Levels, asks: Levels) -> None:
        """Take a change of the book: its first and last number, and the last of the one before where that is told."""
        self._clock.saw(*times)
        self.book.change(*numbers, bids, asks)

    def snapshot(self, number: int, bids: Levels, asks: Levels) -> None:
        """Take the whole book."""
        self.book.snapshot(number, bids, asks)

    def _came(self, event_ns: int, received_ns: int) -> None:
        if event_ns:
            self._clock.saw(event_ns, received_ns)
            here = event_ns + self._clock.ns
        else:
            here = received_ns
        # The offset is an estimate: what is newer by the venue's numbers is never older by the clock.
        self.at = max(self.at, here)
        if self.is_fresh:
            self._market.conflated += 1
        else:
            self.is_fresh = True
            self._market.note_fresh(self)

    def tick(self) -> Tick | None:
        """Return the newest price in exact numbers; None before there was one."""
        one, quote = self.instrument, self.quoted
        if quote is None:
            if self._last is None:
                return None
            return Tick(one.venue, one.base, one.quote, self._last, self.at, is_perpetual=one.is_perpetual)
        bid, bid_size, ask, ask_size = map(Decimal, _numbers(quote))
        middle, depth = EXACT.divide(EXACT.add(bid, ask), _TWO), EXACT.add(bid_size, ask_size)
        return Tick(one.venue, one.base, one.quote, middle, self.at, None, bid, ask, depth, one.is_perpetual)

    def taken(self) -> Tick | None:
        """Return the newest price, which then is no news any more."""
        self.is_fresh = False
        return self.tick()

    def state(self) -> Mapping[str, Any]:
        """Return everything that follows from the frames, in texts and whole numbers."""
        book, one = self.book, self.instrument
        return {
            "instrument": [one.venue, one.symbol, one.base, one.quote],
            "quote": list(map(str, _numbers(self.quoted) if self.quoted else ())),
            "last": None if self._last is None else plain(self._last),
            "at": self.at,
            "numbers": [self.quoted_number, self._trade_number],
            "counts": [self.late, self.candles.late, dict(sorted(self.refused.items()))],
            "book": [book.state.value, book.applied, book.old, book.gaps, book.refused],
            "levels": [[[plain(price), plain(size)] for price, size in side] for side in book.depth(10**9)],
        }


class LiveMarket:
    """All instruments that frames came of.

    Attributes:
        frames: Frames that were understood.
        conflated: Prices whose place a newer one took before anybody saw them.
        unreadable: Numbers of frames that cannot be understood, by why.
    """

    def __init__(self) -> None:
        self._lines: dict[tuple[str, str], Line] = {}
        self._opened: list[Line] = []
        self._clocks: dict[str, ClockOffset] = {}
        self._fresh: list[Line] = []
        self.frames = 0
        self.conflated = 0
        self.unreadable: Counter[str] = Counter()

    def line(self, instrument: Instrument) -> Line:
        """Return the line of an instrument, made where there is none."""
        key = instrument.venue, instrument.symbol
        if key not in self._lines:
            self._lines[key] = Line(instrument, self, self.clock(instrument.venue), len(self._opened))
            self._opened.append(self._lines[key])
        return self._lines[key]

    def quotes(self, told: QuoteColumns) -> None:
        """Take quotes of many lines that are quoted already, with the same end as one after the other."""
        lines, conflated = map(self._opened.__getitem__, told.places), 0
        for line, number, at, low, high, text in zip(lines, *told[1:], strict=True):
            if number <= line.quoted_number or not 0 < low < high < _INFINITE:
                line.quote(number, 0, at, _numbers(text))
                continue
            line.quoted_number, line.quoted, line.middle = number, text, (low + high) / 2
            if at > line.at:  # noqa: PLR1730 - to call max costs a fifth of the whole
                line.at = at
            if line.is_fresh:
                conflated += 1
            else:
                line.is_fresh = True
                self._fresh.append(line)
        self.conflated += conflated
        self.frames += len(told.places)

    def lines(self) -> Iterator[Line]:
        """Yield every instrument, by venue and symbol."""
        return (self._lines[key] for key in sorted(self._lines))

    def clock(self, venue: str) -> ClockOffset:
        """Return what is known of a venue's clock."""
        return self._clocks.setdefault(venue, ClockOffset())

    def note_fresh(self, line: Line) -> None:
        """Remember that an instrument has a price that nobody took."""
        self._fresh.append(line)

    def take(self) -> list[Tick]:
        """Return the newest price of each instrument that has another one than when it was taken last."""
        fresh, self._fresh = self._fresh, []
        return [tick for line in fresh if (tick := line.taken()) is not None]

    def fingerprint(self) -> str:
        """Return a hash over everything that follows from the frames: equal at any speed and size of batch."""
        state = [line.state() for line in self.lines()]
        whole = {"frames": self.frames, "unreadable": dict(sorted(self.unreadable.items())), "lines": state}
        return hashlib.sha256(json.dumps(whole, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def _numbers(quote: Quote | str) -> Quote:
    """Return the numbers of a quote."""
    if not isinstance(quote, str):
        return quote
    bid, bid_size, ask, ask_size = quote.split(",")
    return bid, bid_size, ask, ask_size


def _is_plain(quote: Quote) -> bool:
    """Tell whether numbers are short, without sign and exponent: nothing of them can be beyond any price."""
    text = "".join(quote)
    return len(text) <= _SHORT and text.replace(".", "").isdecimal()


def _is_beyond(text: str, number: Decimal) -> bool:
    """Tell whether a number is one with which nothing can be computed exactly, such as 1e9999."""
    return len(text) > _LONGEST or abs(number.adjusted()) > _WIDEST


def _refusal(quote: Quote) -> str:
    """Return why a quote is none, in exact numbers: two floats may be equal where the prices are not."""
    numbers = [Decimal(text) for text in quote]
    bid, bid_size, ask, ask_size = numbers
    if not all(number.is_finite() for number in numbers):
        return NOT_FINITE
    if any(map(_is_beyond, quote, numbers)):
        return BEYOND
    if min(bid, ask) <= 0 or min(bid_size, ask_size) < 0:
        return NOT_POSITIVE
    return CROSSED if bid >= ask else ""
