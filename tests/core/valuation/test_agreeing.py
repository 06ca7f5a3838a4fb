"""What sources agree on: weights move the price little by little, nobody outside of the others' reach has any."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import SECOND
from app.core.valuation.agreeing import Quoted, agree, median, weighted_median

NOW = 1_800_000_000 * SECOND
PRICES = st.lists(st.decimals("0.01", "100000", places=4), min_size=1, max_size=9)


def quoted(venue: str, price: str, *, age: int = 0, spread: str | None = None, depth: str | None = None) -> Quoted:
    money = None if depth is None else Decimal(depth)
    width = None if spread is None else Decimal(spread)
    return Quoted(venue, Decimal(price), NOW - age * SECOND, None, venue, width, money)


@given(PRICES)
def test_equal_weights_give_the_plain_median(values: list[Decimal]) -> None:
    assert weighted_median(values, [250] * len(values)) == median(values)


@given(PRICES, st.data())
def test_a_weighted_median_lies_between_the_extremes_in_any_order(values: list[Decimal], data: st.DataObject) -> None:
    weights = data.draw(st.lists(st.integers(1, 1000), min_size=len(values), max_size=len(values)))
    found = weighted_median(values, weights)

    assert min(values) <= found <= max(values)
    assert weighted_median(values[::-1], weights[::-1]) == found


def test_a_source_that_has_nearly_all_of_the_weight_is_nearly_the_price() -> None:
    assert weighted_median([Decimal(1), Decimal(2), Decimal(3)], [1, 1, 98]) == Decimal("2.979")


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"age": 0}, {"age": 60}),
        ({"spread": "0.0001"}, {"spread": "0.01"}),
        ({"depth": "1000000"}, {"depth": "1000"}),
    ],
)
def test_fresher_tighter_and_deeper_sources_have_the_larger_share(
    better: dict[str, int | str], worse: dict[str, int | str]
) -> None:
    found = agree([quoted("good", "100", **better), quoted("poor", "101", **worse)])  # type: ignore[arg-type]
    shares = {part.source: part.share for part in found.parts}

    assert shares["good"] > shares["poor"]
    assert found.price is not None
    assert found.price < Decimal("100.5")


def test_four_sources_that_are_split_in_halves_have_no_price() -> None:
    found = agree([quoted(name, price) for name, price in zip("abcd", ("100", "100", "125", "125"), strict=True)])

    assert found.price is None
    assert {part.left_out for part in found.parts} == {"nothing tells which of them is right"}


def test_a_price_of_before_in_the_middle_speaks_for_nobody() -> None:
    assert agree([quoted("a", "100"), quoted("b", "125")], Decimal(112)).price is None


@given(st.lists(st.decimals("99", "101", places=2), min_size=3, max_size=7), st.decimals("110", "500", places=2))
def test_however_deep_and_fresh_a_liar_is_it_moves_nothing(honest: list[Decimal], lie: Decimal) -> None:
    others = [quoted(f"v{number}", str(price), age=60, depth="1") for number, price in enumerate(honest)]
    liar = quoted("liar", str(lie), depth="1000000000", spread="0")

    assert agree([*others, liar]).price == agree(others).price
