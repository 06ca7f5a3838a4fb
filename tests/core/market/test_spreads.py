"""Spreads over a window that moves on: each second counts once, and what nobody saw lately is forgotten."""

from __future__ import annotations

import statistics
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import SECOND
from app.core.market.spreads import LEAST, MINUTE, WINDOW, Spreads

NOW = 1_700_000_040 * SECOND
KEY = "kraken", "bitcoin", "usd"


def quote(spreads: Spreads, second: int, width: str, key: tuple[str, str, str] = KEY) -> None:
    half = Decimal(width) * 50
    spreads.saw(key, NOW + second * SECOND, 100 - half, 100 + half)


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


def test_what_is_older_than_the_window_counts_no_more() -> None:
    spreads = Spreads()
    quote(spreads, 0, "0.5")
    quote(spreads, WINDOW * 60, "0.001")
    later = NOW + WINDOW * MINUTE + 61 * SECOND
    (seen,) = spreads.of("bitcoin", later)

    assert seen.count == 1
    assert seen.mean == pytest.approx(0.001)
    assert spreads.of("bitcoin", later + WINDOW * MINUTE) == ()


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
