"""Quotes as the spot market always writes them, many at once: of the wrapped frames that make up most of a feed.

A quote of an instrument that has one already says the same before and after any other kind of frame, so all of them
may be taken first; among themselves they keep their order. Whatever is written otherwise is left to be read as JSON.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
import orjson

from app.core.feed_ports import FrameLine, FrameMarket, QuoteColumns

_MARK = b'bookTicker","data":{"u":'
"""What the line of such a quote has in it; those of futures begin otherwise."""

_UNUSUAL = "-eE"
"""What no price and no size is written with; without it a short number is zero or sound."""

_Number = Annotated[str, msgspec.Meta(max_length=32)]


class _Quote(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    u: int
    s: str
    b: _Number
    B: _Number
    a: _Number
    A: _Number


class _Frame(msgspec.Struct, gc=False):
    data: _Quote


_LINES = msgspec.json.Decoder(tuple[int, int, _Frame])


class PlainQuotes:
    """Takes quotes of the instruments that it knows, and gives back every other line."""

    def __init__(self, market: FrameMarket) -> None:
        self._market = market
        self._known: dict[int, dict[str, int]] = {}

    def know(self, source: int, symbol: str, line: FrameLine) -> None:
        """Take quotes of an instrument from now on, once it has one."""
        if line.is_quoted:
            self._known.setdefault(source, {})[symbol] = line.place

    def take(self, lines: bytes) -> bytes:
        """Take the plain quotes of lines; returns the others, in their order."""
        if not self._known or _MARK not in lines:
            return lines
        plain, others = lines, b""
        if lines.count(_MARK) != lines.count(b"\n"):
            parts = lines.splitlines(keepends=True)
            plain = b"".join([one for one in parts if _MARK in one])
            others = b"".join([one for one in parts if _MARK not in one])
        try:
            self._take(plain)
        except (KeyError, ValueError):
            # An instrument that is new, or a number such as 007: all of them are read one by one.
            return lines
        return others

    def _take(self, lines: bytes) -> None:
        """Take quotes; where any of them is otherwise than it should be, none is taken.

        Columns of all lines cost less than one line after the other: most of the time is that of making objects.
        """
        told = _LINES.decode_lines(lines)
        quotes = [frame.data for _, _, frame in told]
        texts = [f"{one.b},{one.B},{one.a},{one.A}" for one in quotes]
        # JSON reads a row of numbers three times as fast as they are read one by one.
        row = ",".join(texts)
        four = orjson.loads(f"[{row}]")
        if len(four) != 4 * len(told) or any(map(row.__contains__, _UNUSUAL)):
            raise ValueError(_UNUSUAL)
        known = self._known
        places = [known[source][frame.data.s] for source, _, frame in told]
        numbers, received = [one.u for one in quotes], [at for _, at, _ in told]
        self._market.quotes(QuoteColumns(places, numbers, received, four[::4], four[2::4], texts))
