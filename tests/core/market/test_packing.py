"""Candles as bytes: exact both ways, and few of them."""

from __future__ import annotations

import random
import zlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import DAY
from app.core.market.candles import MINUTE, refusal
from app.core.market.packing import packed, unpacked
from app.core.model.market import Candle

PRICE = st.decimals("0.00000001", "10000000", allow_nan=False, allow_infinity=False, places=8)
VOLUME = st.one_of(st.none(), st.decimals("0", "1000000000000000000000", places=8))


@st.composite
def candles(draw: st.DrawFn) -> list[Candle]:
    found = []
    for start in sorted(draw(st.sets(st.integers(0, 40_000_000), max_size=12))):
        first, last = draw(PRICE), draw(PRICE)
        high, low = max(first, last) + draw(PRICE), min(first, last)
        found.append(Candle(start * MINUTE, first, high, low, last, draw(VOLUME)))
    return found


@given(candles())
def test_what_is_packed_comes_back_to_the_last_digit(told: list[Candle]) -> None:
    assert unpacked(packed(told, MINUTE), MINUTE) == told


def test_prices_of_very_different_size_keep_every_digit() -> None:
    told = [
        Candle(0, *(Decimal("0.000000000000000001"),) * 4, Decimal("1E+30")),
        Candle(DAY, *(Decimal(123456789012345678901234),) * 4, None),
    ]

    assert unpacked(packed(told, DAY), DAY) == told


def test_a_day_of_minutes_takes_less_than_fifteen_bytes_a_candle() -> None:
    dice, price, told = random.Random(4), Decimal(61_800), []  # noqa: S311 - made-up prices, no secret
    for minute in range(1_440):
        first = price
        price += Decimal(dice.randrange(-3_000, 3_001)) / 100
        high, low = max(first, price) + Decimal(dice.randrange(900)) / 100, min(first, price) - Decimal(1)
        told.append(Candle(minute * MINUTE, first, high, low, price, Decimal(dice.randrange(10**6)) / 100_000))

    assert all(refusal(candle, MINUTE) == "" for candle in told)
    assert len(packed(told, MINUTE)) / len(told) < 15


def test_a_form_of_a_later_program_is_refused() -> None:
    with pytest.raises(ValueError, match="form that is not known"):
        unpacked(zlib.compress(b"9 0 0\n\n\n\n\n\n"), MINUTE)
