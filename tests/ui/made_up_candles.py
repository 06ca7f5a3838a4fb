"""Candles of made-up minutes for charts."""

from __future__ import annotations

from decimal import Decimal

from app.core.clock import SECOND, parse_iso
from app.core.model.market import Candle

D = Decimal
MINUTE = 60 * SECOND
START, _ = parse_iso("2026-11-20T12:00:00Z")


def candle(number: int, close: str, volume: str | None = "2") -> Candle:
    price = D(close)
    return Candle(
        START + number * MINUTE, price - 1, price + 2, price - 3, price, None if volume is None else D(volume)
    )


def candles(count: int) -> list[Candle]:
    return [candle(number, str(1_000 + number % 97)) for number in range(count)]
