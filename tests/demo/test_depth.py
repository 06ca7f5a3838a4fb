"""The demo's order books: the same for everybody, never crossed, told whole by a snapshot and what changed since."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.demo.binance import BinanceServer
from app.demo.binance_depths import BinanceDepths
from app.demo.binance_markets import BinanceMarkets, listings
from app.demo.depth import LEVELS, DemoBook, DemoDepth
from app.demo.instruments import INSTRUMENTS, USD, lot_places, price_places
from app.demo.market import TICK_NS, Market
from app.demo.world import World
from tests.demo.conftest import NOW

MARKET = Market(7)
FIRST = NOW // TICK_NS


def book(number: int = FIRST, asset: str = "bitcoin", venue: str = "kraken") -> DemoBook:
    pair = asset, USD, price_places(asset, USD, venue), lot_places(asset, USD, venue)
    return DemoDepth(MARKET, venue).book(pair, number)


def test_a_moment_has_one_book_whoever_asks() -> None:
    assert book() == book()
    assert book() != book(venue="binance")


@pytest.mark.parametrize("asset", [one.asset for one in INSTRUMENTS])
def test_no_book_is_crossed_and_the_best_are_those_that_are_quoted(asset: str) -> None:
    places = price_places(asset, USD, "kraken")
    found = book(asset=asset)
    bids, asks = found.levels("bids", LEVELS), found.levels("asks", LEVELS)

    assert [price for price, _ in bids] == sorted({price for price, _ in bids}, reverse=True)
    assert [price for price, _ in asks] == sorted({price for price, _ in asks})
    assert (bids[0][0], asks[0][0]) == DemoDepth(MARKET, "kraken").quote(asset, USD, places, FIRST)
    assert bids[0][0] < asks[0][0]
    assert min(size for _, size in (*bids, *asks)) > 0


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 400), min_size=1, max_size=5), st.sampled_from([10, 100, 1_000]))
def test_a_snapshot_and_what_changed_since_are_the_whole_book(steps: list[int], count: int) -> None:
    told = book()
    known = {side: dict(told.levels(side, count)) for side in ("bids", "asks")}
    for step in steps:
        now = book(told.number + step)
        for side, levels in known.items():
            levels |= dict(now.since(told, side, count))
            kept = sorted(((price, size) for price, size in levels.items() if size), reverse=side == "bids")
            known[side] = dict(kept[:count])
        told = now

    assert known == {side: dict(told.levels(side, count)) for side in ("bids", "asks")}


def test_from_one_tick_to_the_next_few_levels_change() -> None:
    changed = sum(len(book(FIRST + step + 1).since(book(FIRST + step), "bids")) for step in range(20))

    assert 20 < changed < 20 * LEVELS / 5


def test_digits_are_those_of_the_venue_with_every_zero() -> None:
    price, size = book().levels("bids", 1)[0]

    assert (price.as_tuple().exponent, size.as_tuple().exponent) == (-1, -8)
    assert isinstance(price, Decimal)


def test_changes_over_several_numbers_tell_of_levels_that_came_and_went_between_them(small_world: World) -> None:
    markets = BinanceMarkets(small_world.market)
    listing = listings()["BTCUSDT"]
    first = markets.depth.number(NOW)
    changed = dict(BinanceDepths(BinanceServer(small_world), markets)._changed(listing, "bids", first, first + 6))
    last = dict(markets.demo_book(listing, first + 6).levels("bids", LEVELS))
    for middle in range(1, 6):
        taken = dict(markets.demo_book(listing, first + middle).levels("bids", LEVELS)) | changed

        assert {price: size for price, size in taken.items() if size} == last
