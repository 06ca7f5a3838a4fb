"""Exact numbers: nothing is rounded, whatever the sum."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.money import LIMB, add, brief, exact, from_fraction, from_limbs, multiply, plain, to_fraction, to_limbs

Units = st.integers(-(10**36), 10**36)


def number(units: int, scale: int = 18) -> Decimal:
    return from_fraction(-scale, units)


@given(st.lists(Units, max_size=30))
def test_sums_of_limbs_are_exact(units: list[int]) -> None:
    limbs = [to_limbs(number(one)) for one in units]
    sums = [sum(place) for place in zip(*limbs, strict=True)] or [0, 0, 0]

    assert from_limbs(*sums) == number(sum(units))
    assert all(0 <= middle < LIMB and 0 <= low < LIMB for _, middle, low in limbs)


@given(Units, st.integers(18, 30))
def test_limbs_of_any_scale_read_back(units: int, scale: int) -> None:
    value = number(units, scale)

    assert from_limbs(*to_limbs(value, scale), scale=scale) == value


@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_a_fraction_is_the_number_without_trailing_zeros(value: Decimal) -> None:
    exponent, mantissa = to_fraction(value)

    assert Fraction(mantissa) * Fraction(10) ** exponent == Fraction(value)
    assert (exponent, mantissa) == (0, 0) if not value else mantissa % 10


@given(Units, Units)
def test_sums_and_products_are_exact(left: int, right: int) -> None:
    assert Fraction(add(number(left), number(right))) == Fraction(left + right, 10**18)
    assert Fraction(multiply(number(left), number(right))) == Fraction(left * right, 10**36)


@pytest.mark.parametrize(
    ("value", "text"), [("1.500", "1.5"), ("0E-8", "0"), ("-0", "0"), ("1E+3", "1000"), ("1E-9", "0.000000001")]
)
def test_plain_text_has_no_exponent_and_no_trailing_zeros(value: str, text: str) -> None:
    assert plain(exact(value)) == text


@pytest.mark.parametrize("value", ["", "1,5", "NaN", "inf", "0x10"])
def test_what_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="is not a"):
        exact(value)


@pytest.mark.parametrize("value", ["1E-19", "1E+40"])
def test_what_limbs_cannot_hold_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="decimal places"):
        to_limbs(Decimal(value))


@pytest.mark.parametrize(
    ("value", "text"),
    [("1e400", "1E+400"), ("1e-999", "1E-999"), ("12.50", "12.5"), ("0." + "3" * 90, f"0.{'3' * 58}…")],
)
def test_a_number_in_a_message_never_fills_the_screen(value: str, text: str) -> None:
    assert brief(Decimal(value)) == text
