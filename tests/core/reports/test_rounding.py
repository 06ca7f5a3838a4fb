"""Rounded parts add up, and what is not known stays so."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.core.reports.rounding import cut, divided, down, nearest, rounded_parts, split, summed, up

AMOUNTS = st.decimals(min_value=0, max_value=10**15, places=9)
QUANTITIES = st.lists(st.decimals(min_value=Decimal("1e-18"), max_value=10**12, places=18), min_size=1, max_size=9)


@given(AMOUNTS, QUANTITIES)
def test_parts_of_an_amount_add_up_to_the_rounded_amount(amount: Decimal, quantities: list[Decimal]) -> None:
    parts = split(amount, quantities, 2)

    assert (len(parts), summed(parts)) == (len(quantities), nearest(amount, 2))
    assert all(part is not None and part >= 0 for part in parts)


@given(st.lists(AMOUNTS, min_size=1, max_size=9))
def test_rounded_parts_add_up_to_the_rounded_sum(values: list[Decimal]) -> None:
    assert summed(rounded_parts(values, 2)) == nearest(summed(values), 2)


def test_a_half_goes_away_from_zero_and_the_others_where_they_say() -> None:
    half, less = Decimal("2.5"), Decimal("-2.5")

    assert [nearest(half), down(half), up(half), cut(half)] == [Decimal(one) for one in (3, 2, 3, 2)]
    assert [nearest(less), down(less), up(less), cut(less)] == [Decimal(one) for one in (-3, -3, -2, -2)]


def test_no_zero_has_a_sign() -> None:
    assert str(nearest(Decimal("-0.001"), 2)) == "0.00"


def test_what_is_not_known_stays_so() -> None:
    one = Decimal(1)

    assert (nearest(None), summed([one, None]), divided(one, None, 2), divided(one, Decimal(0), 2)) == (None,) * 4
    assert (split(None, [one, one], 2), rounded_parts([one, None], 0)) == ([None, None], [1, None])
