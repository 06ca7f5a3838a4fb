"""Candles as few bytes: columns of whole numbers, each beside what it is near, packed; exact both ways."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import accumulate

from app.core.model.market import Candle
from app.core.money import EXACT, to_fraction

_FORM = "1"
_UNKNOWN = -1
"""Stands for a volume that is not known: no volume is below zero."""

_LEVEL = 9


def packed(candles: Sequence[Candle], interval: int) -> bytes:
    """Return candles of one interval, in the order of time, as bytes."""
    prices = _places(price for one in candles for price in (one.open, one.high, one.low, one.close))
    volumes = _places(one.volume for one in candles if one.volume is not None)
    starts = [one.at // interval for one in candles]
    opens = [_whole(one.open, prices) for one in candles]
    closes = [_whole(one.close, prices) for one in candles]
    columns = (
        _steps(starts),
        [price - before for price, before in zip(opens, [0, *closes][:-1], strict=True)],
        [_whole(one.high, prices) - max(pair) for one, *pair in zip(candles, opens, closes, strict=True)],
        [min(pair) - _whole(one.low, prices) for one, *pair in zip(candles, opens, closes, strict=True)],
        [close - price for close, price in zip(closes, opens, strict=True)],
        [_UNKNOWN if one.volume is None else _whole(one.volume, volumes) for one in candles],
    )
    lines = [f"{_FORM} {prices} {volumes}", *(" ".join(map(str, column)) for column in columns)]
    return zlib.compress("\n".join(lines).encode(), _LEVEL)


def unpacked(data: bytes, interval: int) -> list[Candle]:
    """Return the candles of `packed`; ValueError for bytes that are none."""
    head, *lines = zlib.decompress(data).decode().split("\n")
    form, prices, volumes = head.split(" ")
    if form != _FORM:
        raise ValueError(f"candles are packed in a form that is not known: {form}")
    starts, gaps, above, below, moved, traded = ([int(text) for text in line.split()] for line in lines)
    found, before = [], 0
    for start, gap, up, down, move, volume in zip(accumulate(starts), gaps, above, below, moved, traded, strict=True):
        first, last = before + gap, before + gap + move
        found.append(
            Candle(
                at=start * interval,
                open=_exact(first, prices),
                high=_exact(max(first, last) + up, prices),
                low=_exact(min(first, last) - down, prices),
                close=_exact(last, prices),
                volume=None if volume == _UNKNOWN else _exact(volume, volumes),
            )
        )
        before = last
    return found


def unpacked_starts(data: bytes, interval: int) -> list[int]:
    """Return when the candles of `packed` begin, without making them."""
    _, starts, _ = zlib.decompress(data).decode().split("\n", 2)
    return [start * interval for start in accumulate(int(text) for text in starts.split())]


def _places(values: Iterable[Decimal]) -> int:
    """Return the exponent that all values are whole numbers of."""
    return min((to_fraction(value)[0] for value in values), default=0)


def _whole(value: Decimal, exponent: int) -> int:
    return int(value.scaleb(-exponent, EXACT))


def _exact(value: int, exponent: str) -> Decimal:
    return Decimal(value).scaleb(int(exponent), EXACT)


def _steps(values: Sequence[int]) -> list[int]:
    return [value - before for value, before in zip(values, [0, *values][:-1], strict=True)]
