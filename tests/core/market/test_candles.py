"""Candles: the same whatever the order of trades, wider ones out of narrower, gaps told."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import DAY, SECOND
from app.core.market.candles import HOUR, MINUTE, WEEK, CandleBuilder, begins, gaps, kept_for, refusal, unasked, wider
from app.core.model.market import Candle

START = 1_800_000_000 * SECOND // DAY * DAY
GOOD = Candle(START, Decimal(10), Decimal(12), Decimal(9), Decimal(11), Decimal(5))
Trades = list[tuple[int, int]]


def built(trades: Trades) -> list[Candle]:
    """Return candles of (second, price) trades; each has the size 1 and its second as its number."""
    builder = CandleBuilder()
    for second, price in trades:
        builder.add(START + second * SECOND, Decimal(price), Decimal(1), second)
    return builder.so_far()


def test_a_minute_has_its_first_highest_lowest_and_last_price() -> None:
    assert built([(1, 10), (20, 12), (30, 9), (59, 11)]) == [replace(GOOD, volume=Decimal(4))]


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(1, 50)), unique_by=lambda trade: trade[0]), st.randoms())
def test_the_order_in_which_trades_come_does_not_matter(trades: Trades, random: Random) -> None:
    shuffled = list(trades)
    random.shuffle(shuffled)

    assert built(shuffled) == built(sorted(trades))


@given(st.lists(st.tuples(st.integers(0, 3 * 86_400), st.integers(1, 50)), unique_by=lambda trade: trade[0]))
def test_days_out_of_minutes_are_days_out_of_hours_and_nothing_is_lost(trades: Trades) -> None:
    minutes = built(trades)
    days = wider(minutes, DAY)

    assert wider(wider(minutes, HOUR), DAY) == days
    assert sum(candle.volume or 0 for candle in days) == len(trades)


def test_a_volume_of_which_a_part_is_unknown_is_unknown() -> None:
    (hour,) = wider([GOOD, replace(GOOD, at=START + MINUTE, volume=None)], HOUR)

    assert hour.volume is None


def test_weeks_begin_on_monday() -> None:
    """2026-11-23 is a Monday."""
    monday = 1_795_392_000 * SECOND
    days = [replace(GOOD, at=monday + day * DAY) for day in range(-1, 8)]

    assert [candle.at for candle in wider(days, WEEK)] == [monday - WEEK, monday, monday + WEEK]
    assert begins(monday + 6 * DAY + 5, WEEK) == monday


@pytest.mark.parametrize(("interval", "kept"), [(5 * MINUTE, MINUTE), (4 * HOUR, HOUR), (DAY, DAY), (WEEK, DAY)])
def test_longer_candles_are_made_of_the_longest_that_are_kept(interval: int, kept: int) -> None:
    assert kept_for(interval) == kept


def test_minutes_are_given_away_once_they_no_longer_change() -> None:
    builder = CandleBuilder()
    given_away = []
    for minute in range(5):
        builder.add(START + minute * MINUTE, Decimal(10))
        given_away += builder.finished()
    builder.add(START, Decimal(99))

    assert [candle.at for candle in given_away] == [START, START + MINUTE, START + 2 * MINUTE]
    assert (builder.late, [candle.at for candle in builder.so_far()]) == (
        1,
        [START + 3 * MINUTE, START + 4 * MINUTE],
    )


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (replace(GOOD, close=Decimal("NaN")), "not a number"),
        (replace(GOOD, low=Decimal(0)), "not above zero"),
        (replace(GOOD, high=Decimal(10)), "high or low is not the extreme"),
        (replace(GOOD, low=Decimal(11)), "high or low is not the extreme"),
        (replace(GOOD, volume=Decimal(-1)), "volume below zero"),
        (replace(GOOD, at=START + 1), "not at the start of its interval"),
        (GOOD, ""),
    ],
)
def test_a_candle_that_is_none_says_why(bad: Candle, why: str) -> None:
    assert refusal(bad, MINUTE) == why


def test_gaps_are_told_as_first_and_last_missing() -> None:
    starts = [START + minute * MINUTE for minute in (1, 2, 5)]

    assert gaps(starts, MINUTE, START, START + 7 * MINUTE) == [
        (START, START),
        (START + 3 * MINUTE, START + 4 * MINUTE),
        (START + 6 * MINUTE, START + 7 * MINUTE),
    ]


@given(st.sets(st.integers(0, 30)))
def test_what_is_there_and_what_is_missing_are_the_whole(minutes: set[int]) -> None:
    starts = [START + minute * MINUTE for minute in minutes]
    missing = gaps(starts, MINUTE, START, START + 30 * MINUTE)
    told = {at for first, last in missing for at in range(first, last + 1, MINUTE)}

    assert told | set(starts) == {START + minute * MINUTE for minute in range(31)}
    assert told & set(starts) == set()


def test_what_was_not_asked_for_lies_beside_what_was_the_newest_first() -> None:
    assert unasked(None, (5, 9), 1) == [(5, 9)]
    assert unasked(None, (9, 5), 1) == []
    assert unasked((5, 9), (5, 9), 1) == []
    assert unasked((5, 9), (6, 8), 1) == []
    assert unasked((5, 9), (3, 12), 1) == [(10, 12), (3, 4)]
    assert unasked((5, 9), (1, 2), 1) == [(1, 4)]
    assert unasked((5, 9), (20, 22), 1) == [(10, 22)]
