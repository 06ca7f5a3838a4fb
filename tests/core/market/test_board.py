"""Marks from ticks: the newest wins whatever the order, bad ticks are counted, a source that lies is never averaged."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from app.core.clock import DAY, SECOND
from app.core.market.board import CROSSED, NOT_FINITE, NOT_POSITIVE, MarkBoard
from app.core.model.assets import Asset, AssetKind
from app.core.model.market import Mark, Tick
from app.core.valuation import consensus

NOW = 1_800_000_000 * SECOND
KINDS = {"usd": AssetKind.FIAT, "tether": AssetKind.STABLE}


class Assets:
    """Assets under their own names."""

    def asset(self, asset_id: str) -> Asset:
        return Asset(asset_id, asset_id.upper(), asset_id, KINDS.get(asset_id, AssetKind.CRYPTO))

    def resolve(self, venue: str, native_id: str) -> Asset:
        return self.asset(native_id)

    def native_id(self, venue: str, asset_id: str) -> str | None:
        return asset_id


def board() -> MarkBoard:
    return MarkBoard("usd", Assets())


def tick(price: str, at: int = NOW, venue: str = "a", pair: str = "bitcoin/usd") -> Tick:
    base, quote = pair.split("/")
    return Tick(venue, base, quote, Decimal(price), at)


@given(st.permutations([(1, "100"), (2, "101"), (3, "102"), (4, "103"), (5, "104")]), st.sets(st.integers(0, 4)))
def test_the_newest_tick_wins_whatever_the_order_and_whenever_marks_are_made(
    order: list[tuple[int, str]], settled_after: set[int]
) -> None:
    made = board()
    for number, (at, price) in enumerate(order):
        made.take(tick(price, NOW + at))
        if number in settled_after:
            made.settle()
    made.settle()

    assert made.price("bitcoin") == Decimal(104)


PAIRS = {
    "bitcoin/usd": "1000",
    "bitcoin/tether": "1000",
    "ether/tether": "100",
    "ether/bitcoin": "0.1",
    "tether/usd": "1",
    "coin/ether": "2",
}
TOLD = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(tuple(PAIRS)), st.integers(-4, 4), st.integers(0, 60)),
    max_size=30,
)
"""Venue, pair, how many thousandths off, second: sources that agree, as far as rates carry them over."""


@given(TOLD, st.integers(1, 7))
def test_marks_made_bit_by_bit_are_those_made_at_once(told: list[tuple[str, str, int, int]], every: int) -> None:
    made, ticks = board(), dict[tuple[str, str], Tick]()
    for number, (venue, pair, off, at) in enumerate(told):
        price = Decimal(PAIRS[pair]) * (1000 + off) / 1000
        one = tick(str(price), NOW + at * SECOND, venue, pair)
        if made.take(one):
            ticks[venue, pair] = one
        if number % every == 0:
            made.settle()
    made.settle()
    at_once = consensus.marks(ticks.values(), "usd", Assets()).marks

    assert made.marks == at_once


def test_a_stablecoin_at_par_is_as_new_as_the_newest_price_that_is_told_in_it() -> None:
    made = board()
    made.take(tick("1000", NOW + 60, pair="bitcoin/tether"))
    made.settle()
    made.take(tick("100", NOW, pair="ether/tether"))
    made.settle()

    assert made.marks["tether"].at == NOW + 60


def test_ticks_that_replace_one_that_is_in_no_mark_yet_are_counted() -> None:
    made = board()
    for at in range(5):
        made.take(tick("100", NOW + at))
    made.settle()
    made.take(tick("100", NOW + 9))

    assert made.conflated == 4


def test_a_late_tick_never_wins_and_is_counted() -> None:
    made = board()
    made.take(tick("100"))

    assert not made.take(tick("90", NOW - 1))
    assert made.late == 1


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (structs.replace(tick("1"), price=Decimal("NaN")), NOT_FINITE),
        (structs.replace(tick("1"), price=Decimal("Infinity")), NOT_FINITE),
        (tick("0"), NOT_POSITIVE),
        (tick("-5"), NOT_POSITIVE),
        (structs.replace(tick("100"), bid=Decimal(101), ask=Decimal(99)), CROSSED),
        (structs.replace(tick("100"), bid=Decimal(100), ask=Decimal(100)), CROSSED),
        (structs.replace(tick("100"), bid=Decimal("sNaN"), ask=Decimal(100)), NOT_FINITE),
    ],
)
def test_a_bad_tick_is_refused_and_counted_and_the_price_before_stands(bad: Tick, why: str) -> None:
    made = board()
    made.take(tick("100", NOW - 1))

    assert not made.take(bad)
    made.settle()
    assert made.price("bitcoin") == Decimal(100)
    assert dict(made.refused) == {("a", why): 1}


def test_a_source_that_is_a_quarter_off_for_a_day_is_named_and_never_averaged_in() -> None:
    made, prices = board(), set[Decimal | None]()
    for minute in range(0, DAY // SECOND, 600):
        at = NOW + minute * SECOND
        for venue, price in (("a", "100"), ("b", "100.1"), ("c", "99.9"), ("liar", "125")):
            made.take(tick(price, at, venue))
        made.settle()
        prices.add(made.price("bitcoin"))
    left_out = {part.source: part.left_out for part in made.marks["bitcoin"].parts if part.left_out}

    assert prices == {Decimal(100)}
    assert left_out == {"liar": "too far off"}


def test_of_two_that_disagree_the_one_is_believed_that_the_price_of_before_speaks_for() -> None:
    made = board()
    made.seed([Mark("bitcoin", Decimal(99), "usd", "kept", NOW - DAY)])
    made.take(tick("100", venue="a"))
    made.take(tick("125", venue="liar"))
    made.settle()

    assert (made.price("bitcoin"), made.marks["bitcoin"].source) == (
        Decimal(100),
        "a; left out as too far off: liar",
    )


def test_where_nothing_tells_which_of_two_is_right_there_is_no_mark_and_both_are_named() -> None:
    made = board()
    made.take(tick("100", venue="a"))
    made.take(tick("125", venue="b"))
    made.settle()

    assert made.price("bitcoin") is None
    assert [part.source for part in made.disputed["bitcoin"]] == ["a", "b"]


def test_a_dispute_ends_with_a_third_source() -> None:
    made = board()
    for venue, price in (("a", "100"), ("b", "125"), ("c", "100.2")):
        made.take(tick(price, venue=venue))
        made.settle()

    assert made.price("bitcoin") == Decimal("100.1")
    assert dict(made.disputed) == {}


def test_when_the_spot_market_falls_silent_a_perpetual_stands_in_and_says_so() -> None:
    made = board()
    swap = structs.replace(tick("99.5", venue="swaps"), is_perpetual=True)
    made.take(tick("100", venue="spot"))
    made.take(swap)
    made.settle()
    with_spot = made.marks["bitcoin"]
    made.take(structs.replace(swap, at=NOW + 200 * SECOND))
    made.settle()
    alone = made.marks["bitcoin"]

    assert (with_spot.price, with_spot.source) == (
        Decimal(100),
        "spot; left out as a perpetual beside spot: swaps (perpetual)",
    )
    assert (alone.price, alone.source) == (Decimal("99.5"), "swaps (perpetual); left out as too old: spot")
