"""Spreads over a window that moves on: each second counts once, and what nobody saw lately is forgotten."""

from __future__ import annotations

import statistics
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import DAY, SECOND
from app.core.market.spreads import ENOUGH, LEAST, MINUTE, OLDEST, WINDOW, Spreads, SpreadSeen
from app.core.model.market import SpreadMinute

NOW = 1_700_000_040 * SECOND
KEY = "kraken", "bitcoin", "usd"


def quote(spreads: Spreads, second: int, width: str, key: tuple[str, str, str] = KEY) -> None:
    half = Decimal(width) * 50
    spreads.saw(key, NOW + second * SECOND, 100 - half, 100 + half)


def rounded(one: SpreadSeen) -> tuple[object, ...]:
    deviation = None if one.deviation is None else round(one.deviation, 7)
    return one.venue, round(one.mean, 10), deviation, one.count, one.since, one.until


@given(st.lists(st.integers(1, 500), min_size=LEAST, max_size=200))
def test_mean_and_deviation_are_those_of_the_observations_however_they_fall_into_minutes(widths: list[int]) -> None:
    spreads = Spreads()
    for second, width in enumerate(widths):
        quote(spreads, second * 3, f"0.{width:04d}")
    (seen,) = spreads.of("bitcoin", NOW + 600 * SECOND)
    plain = [width / 10_000 for width in widths]

    assert seen.count == len(widths)
    assert seen.mean == pytest.approx(statistics.fmean(plain))
    assert seen.deviation == pytest.approx(statistics.stdev(plain), abs=1e-7)


def test_a_second_counts_once() -> None:
    spreads = Spreads()
    for _ in range(50):
        quote(spreads, 0, "0.001")
    quote(spreads, 1, "0.003")
    (seen,) = spreads.of("bitcoin", NOW + SECOND)

    assert (seen.count, seen.since, seen.until) == (2, NOW, NOW + SECOND)
    assert seen.mean == pytest.approx(0.002)


def test_of_few_observations_the_deviation_is_not_known() -> None:
    spreads = Spreads()
    for second in range(LEAST - 1):
        quote(spreads, second, "0.001")

    assert [one.deviation for one in spreads.of("bitcoin", NOW)] == [None]


def test_where_the_last_hour_has_enough_what_is_older_counts_no_more() -> None:
    spreads = Spreads()
    quote(spreads, 0, "0.5")
    for second in range(ENOUGH):
        quote(spreads, WINDOW * 60 + second, "0.001")
    later = NOW + WINDOW * MINUTE + 61 * SECOND
    (seen,) = spreads.of("bitcoin", later)

    assert (seen.count, seen.since) == (ENOUGH, NOW + WINDOW * MINUTE)
    assert seen.mean == pytest.approx(0.001)


def test_where_the_last_hour_has_too_little_what_was_seen_before_counts_beside_it_for_a_week() -> None:
    spreads = Spreads()
    quote(spreads, 0, "0.003")
    quote(spreads, 86_400, "0.001")
    (both,) = spreads.of("bitcoin", NOW + DAY + SECOND)
    (one,) = spreads.of("bitcoin", NOW + OLDEST + MINUTE)

    assert (both.count, both.since, both.until) == (2, NOW, NOW + DAY)
    assert both.mean == pytest.approx(0.002)
    assert (one.count, one.since) == (1, NOW + DAY)
    assert spreads.of("bitcoin", NOW + DAY + OLDEST + MINUTE) == ()


@given(st.lists(st.tuples(st.integers(0, 9_000), st.integers(1, 500)), max_size=120), st.integers(0, 119))
def test_a_restart_at_any_moment_changes_no_figure(told: list[tuple[int, int]], cut: int) -> None:
    """What is kept now and then and loaded anew says what would have been said without an end."""
    whole, first, second = Spreads(), Spreads(), Spreads()
    kept: dict[int, SpreadMinute] = {}
    for place, (moment, width) in enumerate(sorted(told)):
        for spreads in (whole, first if place < cut else second):
            quote(spreads, moment, f"0.{width:04d}")
        if place == cut - 1:
            grown = first.unkept()
            first.note_kept(grown)
            kept |= {one.start: one for one in grown}
            second.load([kept[start] for start in sorted(kept)])
    if cut > len(told) or not cut:
        second = first if cut else whole
    at = NOW + 9_000 * SECOND

    assert [rounded(one) for one in second.of("bitcoin", at)] == [rounded(one) for one in whole.of("bitcoin", at)]


def test_only_what_grew_is_told_to_be_kept() -> None:
    spreads = Spreads()
    quote(spreads, 0, "0.001")
    quote(spreads, 61, "0.001")
    first = spreads.unkept()
    spreads.note_kept(first)
    quote(spreads, 62, "0.001")

    assert [one.count for one in first] == [1, 1]
    assert [(one.start, one.count) for one in spreads.unkept()] == [(first[1].start, 2)]
    assert spreads.unkept(frozenset({"bitcoin"})) == []


def test_what_is_seen_while_a_minute_is_written_is_kept_the_next_time() -> None:
    spreads = Spreads()
    quote(spreads, 0, "0.001")
    told = spreads.unkept()
    quote(spreads, 1, "0.001")
    spreads.note_kept(told)

    assert [one.count for one in spreads.unkept()] == [2]


@pytest.mark.parametrize(("bid", "ask"), [("100", "100"), ("101", "100"), ("0", "1"), ("NaN", "1"), ("1", "Infinity")])
def test_what_is_no_quote_is_let_go(bid: str, ask: str) -> None:
    spreads = Spreads()
    spreads.saw(KEY, NOW, Decimal(bid), Decimal(ask))

    assert spreads.of("bitcoin", NOW) == ()


def test_venues_and_quotes_are_told_apart() -> None:
    spreads = Spreads()
    quote(spreads, 0, "0.001")
    quote(spreads, 0, "0.002", ("binance", "bitcoin", "tether"))
    quote(spreads, 0, "0.004", ("binance", "ethereum", "tether"))

    assert [(one.venue, round(one.mean, 6)) for one in spreads.of("bitcoin", NOW)] == [
        ("binance", 0.002),
        ("kraken", 0.001),
    ]
