"""Prices that only the seed and the moment decide."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import statistics

import pytest

from app.core.clock import DAY, SECOND, from_datetime
from app.demo.instruments import INSTRUMENTS, price_places
from app.demo.market import START_NS, TICK_NS, Market

NOW = from_datetime(dt.datetime(2026, 11, 24, 12, 34, 56, tzinfo=dt.UTC))
HOUR = 3_600 * SECOND
COINS = ("bitcoin", "ethereum", "solana")


@pytest.fixture(scope="module")
def market() -> Market:
    return Market(7)


def closes(market: Market, asset: str) -> list[float]:
    return [float(candle.close) for candle in market.candles(asset, "usd", START_NS, NOW, DAY)]


def returns(prices: list[float]) -> list[float]:
    return [math.log(after / before) for before, after in itertools.pairwise(prices)]


def test_the_past_is_the_same_whenever_it_is_asked_for(market: Market) -> None:
    moments = [START_NS + number * 7 * DAY + number * 977 * SECOND for number in range(100)]
    market.price("bitcoin", "usd", NOW)
    backwards = Market(7)

    expected = [market.price(coin, "eur", moment, "kraken") for moment in moments for coin in COINS]
    actual = [backwards.price(coin, "eur", moment, "kraken") for moment in reversed(moments) for coin in COINS[::-1]]
    assert expected == actual[::-1]


def test_another_seed_is_another_market(market: Market) -> None:
    assert market.price("bitcoin", "usd", NOW) != Market(8).price("bitcoin", "usd", NOW)


def test_a_candle_ends_where_the_next_begins_and_holds_its_prices(market: Market) -> None:
    candles = market.candles("ethereum", "tether", NOW - 30 * DAY, NOW, HOUR, venue="binance")

    assert [candle.close for candle in candles[:-1]] == [candle.open for candle in candles[1:]]
    assert all(candle.low <= min(candle.open, candle.close) for candle in candles)
    assert all(candle.high >= max(candle.open, candle.close) for candle in candles)
    assert market.price("ethereum", "tether", NOW, "binance") == candles[-1].close
    assert market.price("ethereum", "tether", candles[5].at, "binance") == candles[5].open


def test_a_closed_candle_does_not_depend_on_now(market: Market) -> None:
    early = market.candles("solana", "usd", NOW - 9 * DAY, NOW - 2 * DAY, DAY)[:-1]

    assert early == market.candles("solana", "usd", NOW - 9 * DAY, NOW, DAY)[: len(early)]


@pytest.mark.parametrize("seed", [7, 1, 2])
def test_three_years_have_crashes_rallies_and_calm(seed: int) -> None:
    daily = returns(closes(Market(seed), "bitcoin"))
    weeks = [statistics.pstdev(daily[start : start + 7]) for start in range(0, len(daily) - 7, 7)]

    assert sum(change < -0.14 for change in daily) >= 3
    assert min(daily) > -0.45
    assert sum(change > 0.07 for change in daily) >= 3
    assert 0.02 < statistics.pstdev(daily) < 0.05
    assert max(weeks) > 2.5 * statistics.median(weeks)


def test_coins_move_together(market: Market) -> None:
    bitcoin, ethereum = (returns(closes(market, asset)) for asset in ("bitcoin", "ethereum"))

    assert 0.6 < statistics.correlation(bitcoin, ethereum) < 0.99


def test_money_stays_near_its_peg(market: Market) -> None:
    for asset in ("tether", "usd-coin"):
        assert 0.95 < min(closes(market, asset)) <= max(closes(market, asset)) < 1.02
    assert 0.95 < min(closes(market, "eur")) <= max(closes(market, "eur")) < 1.25


def test_live_prices_move_a_little_every_tick(market: Market) -> None:
    first = NOW // TICK_NS * TICK_NS
    prices = [market.price("bitcoin", "usd", first + step * TICK_NS) for step in range(40)]

    assert len(set(prices)) > 30
    assert max(prices) / min(prices) < 1.003


def test_venues_differ_by_a_few_basis_points(market: Market) -> None:
    for number in range(50):
        at = START_NS + number * 20 * DAY + HOUR
        one, other = (market.price("bitcoin", "usd", at, venue) for venue in ("coinbase", "kraken"))

        assert abs(one / other - 1) < 0.0012


def test_prices_are_written_at_the_tick_of_the_venue(market: Market) -> None:
    for row in INSTRUMENTS:
        for venue in ("binance", "kraken"):
            price = market.price(row.asset, "usd", NOW, venue)

            assert price.as_tuple().exponent == -price_places(row.asset, "usd", venue)
            assert price > 0
