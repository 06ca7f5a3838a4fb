"""Tests of the money-weighted return against rates worked by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.valuation.money_weighted import annual

D = Decimal


def _near(found: Decimal | None, expected: str) -> bool:
    return found is not None and abs(found - D(expected)) < D("1e-20")


@pytest.mark.parametrize(
    ("payments", "last", "value", "rate"),
    [
        ([(0, D(100))], 365, D(110), "0.1"),
        ([(0, D(100))], 730, D(121), "0.1"),
        ([(0, D(100))], 365, D(50), "-0.5"),
        # 100 grow to 120, and 100 more for the second year: 100·g² + 100·g = 231 at g = 1.1.
        ([(0, D(100)), (365, D(100))], 730, D(231), "0.1"),
        # 100·g² − 50·g = 50 at g = 1: what was taken out counts from its day.
        ([(0, D(100)), (365, D(-50))], 730, D(50), "0"),
    ],
)
def test_a_rate_worked_by_hand_comes_out(
    payments: list[tuple[int, Decimal]], last: int, value: Decimal, rate: str
) -> None:
    assert _near(annual(payments, last, value).value, rate)


def test_several_rates_are_no_return() -> None:
    # −100·g² + 230·g − 132 = 0 at g = 1.1 and at g = 1.2, as −100 in, 230 out, 132 in.
    found = annual([(0, D(100)), (365, D(-230))], 730, D(-132))

    assert (found.value, "Several rates exist" in found.why) == (None, True)


def test_money_in_one_direction_has_no_rate() -> None:
    assert annual([(0, D(100))], 365, D(0)).why == "No rate exists: money flowed in one direction only."
    assert annual([], 365, D(0)).why == "Nothing was held for a day."


@given(st.decimals("0.2", "5", places=3), st.integers(30, 1_000), st.decimals("1", "1000", places=2), st.integers(2, 9))
def test_the_unit_of_money_changes_no_rate(growth: Decimal, days: int, paid: Decimal, unit: int) -> None:
    one = annual([(0, paid), (days // 2, paid)], days, paid * growth)
    other = annual([(0, paid * unit), (days // 2, paid * unit)], days, paid * growth * unit)

    assert (one.value is None) == (other.value is None)
    assert one.value is None or _near(one.value, str(other.value))
