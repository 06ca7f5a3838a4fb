"""Quotes as the spot market always writes them, many at once: no frame becomes an object that nobody looks at.

A quote of an instrument that has one already says the same before and after any other kind of frame, so all of them
may be taken first; among themselves they keep their order. Whatever is written otherwise is left to be read as JSON.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import orjson

from app.core.feed_ports import FrameLine, FrameMarket, QuoteColumns

_NUMBER = r"[0-9]{1,12}+\.[0-9]{1,18}+"
_PLAIN = re.compile(
    (
        r"\n\[([0-9]{1,9}+),([0-9]{1,19}+),"
        r'\{"stream":"[0-9A-Za-z@!_.]*+","data":\{"u":([1-9][0-9]{0,17}+),"s":"([0-9A-Z]++)",'
        rf'"b":"({_NUMBER}","B":"{_NUMBER}","a":"{_NUMBER}","A":"{_NUMBER})"\}}\}}\](?=\n)'
    ).encode()
)
_STEP = _PLAIN.groups + 1
"""A line that is split leaves what stood before it, and its groups."""

_BETWEEN = (b'","B":"', b'","a":"', b'","A":"')
"""What stands between the numbers of a quote."""


class PlainQuotes:
    """Takes quotes of the instruments that it knows, and gives back every other line."""

    def __init__(self, market: FrameMarket) -> None:
        self._market = market
        self._known: dict[bytes, dict[bytes, int]] = {}

    def know(self, source: int, symbol: str, line: FrameLine) -> None:
        """Take quotes of an instrument from now on, once it has one."""
        if line.is_quoted:
            self._known.setdefault(b"%d" % source, {})[symbol.encode()] = line.place

    def take(self, lines: bytes) -> bytes:
        """Take the plain quotes of lines; returns the others, in their order."""
        if not self._known:
            return lines
        parts = _PLAIN.split(b"\n" + lines)
        try:
            told = self._columns(parts)
        except (KeyError, orjson.JSONDecodeError):
            # An instrument that is new, or a number such as 007: all of them are read one by one.
            return lines
        self._market.quotes(told)
        return b"".join(parts[::_STEP])[1:]

    def _columns(self, parts: Sequence[bytes]) -> QuoteColumns:
        sources, received, numbers, symbols, texts = (parts[group::_STEP] for group in range(1, _STEP))
        places = self._places(sources, symbols)
        # JSON reads a row of numbers three times as fast as they are read one by one.
        prices = b",".join(texts)
        for between in _BETWEEN:
            prices = prices.replace(between, b",")
        told, came, four = orjson.loads(b"[[%b],[%b],[%b]]" % (b",".join(numbers), b",".join(received), prices))
        return QuoteColumns(places, told, came, four[::4], four[2::4], texts)

    def _places(self, sources: Sequence[bytes], symbols: Sequence[bytes]) -> list[int]:
        known = self._known
        if len(set(sources)) == 1:
            return list(map(known[sources[0]].__getitem__, symbols))
        return [known[source][symbol] for source, symbol in zip(sources, symbols, strict=True)]
