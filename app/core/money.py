"""Exact numbers: parsing that refuses floats, arithmetic that cannot round, integer limbs for SQL."""

from __future__ import annotations

import functools
from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow

EXACT = Context(prec=400, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow])
"""Every operation of the books runs in this context: a result that would need rounding raises instead."""

_scaled = EXACT.scaleb

SHARES = Context(prec=34, traps=[InvalidOperation, DivisionByZero, Overflow])
"""For shares and returns, which are no part of the books and may be rounded."""

SCALE = 18
"""Decimal places of the unit in which quantities are stored; an asset may declare more."""

LIMB = 10**9
_LOWEST = -(2**63)
_MOST_PLACES = 36
"""A number of fewer digits than these, in units of the scale, has a first limb inside 64 bits; 10^37 has none."""

_POWERS = tuple(10**places for places in range(SCALE + 1))
ZERO = Decimal(0)

Limbs = tuple[int, int, int]

_SHOWN = 60
_REMEMBERED = 16_384
"""The quantities of one page are validated, encoded and kept as limbs: each is taken apart once."""


def exact(value: object) -> Decimal:
    """Return the number that was written, digit for digit; ValueError for anything that is not one.

    A float is refused: it already lost what was written.
    """
    if isinstance(value, Decimal):
        number = value
    elif isinstance(value, (int, str)) and not isinstance(value, bool):
        try:
            number = EXACT.create_decimal(value.strip() if isinstance(value, str) else value)
        except (InvalidOperation, Inexact) as error:
            message = f"{value!r} is not a decimal number"
            raise ValueError(message) from error
    else:
        message = f"{value!r} is not an exact number"
        raise TypeError(message)
    if not number.is_finite():
        message = f"{value!r} is not a finite number"
        raise ValueError(message)
    return number


def plain(value: Decimal) -> str:
    """Return the shortest plain text of a number: no exponent, no trailing zeros, one zero."""
    if not value:
        return "0"
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def brief(value: Decimal) -> str:
    """Return a number for a message: what would fill a screen with zeros is written with its exponent."""
    if abs(value.adjusted()) < _SHOWN and len(value.as_tuple().digits) < _SHOWN:
        return plain(value)
    text = str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


@functools.lru_cache(maxsize=_REMEMBERED)
def to_fraction(value: Decimal) -> tuple[int, int]:
    """Return (exponent, mantissa) with no trailing zeros in the mantissa; zero is (0, 0)."""
    whole, _, places = str(value).partition(".")
    if places.isdigit() and (kept := places.rstrip("0")):
        return -len(kept), int(whole + kept)
    if not value:
        return 0, 0
    number = value.normalize(EXACT)
    exponent = int(number.as_tuple().exponent)
    return exponent, int(number.scaleb(-exponent, EXACT))


def from_fraction(exponent: int, mantissa: int) -> Decimal:
    """Return the number that (exponent, mantissa) stands for."""
    return _scaled(mantissa, exponent)


def to_limbs(value: Decimal, scale: int = SCALE) -> Limbs:
    """Return a quantity as three integers whose SQL sums are exact.

    The number of units of 10^-scale is written in base 10^9; only the first limb is signed and unbounded by the
    base, so that a sum over four billion rows stays inside 64 bits. ValueError where the value is finer than the
    scale, or its first limb leaves 64 bits.
    """
    exponent, mantissa = to_fraction(value)
    places = exponent + scale
    if places < 0:
        message = f"{brief(value)} has more than {scale} decimal places"
        raise ValueError(message)
    if places <= _MOST_PLACES:
        upper, low = divmod(mantissa * (_POWERS[places] if places <= SCALE else 10**places), LIMB)
        high, middle = divmod(upper, LIMB)
        if _LOWEST <= high < -_LOWEST:
            return high, middle, low
    message = f"{brief(value)} is too large for {scale} decimal places"
    raise ValueError(message)


def check_limbs(value: Decimal, scale: int = SCALE) -> None:
    """Raise the ValueError that `to_limbs` would; what is plainly neither too fine nor too large costs less here."""
    exponent, _ = to_fraction(value)
    if exponent + scale < 0 or value.adjusted() + scale >= _MOST_PLACES:
        to_limbs(value, scale)


def from_limbs(high: int, middle: int, low: int, scale: int = SCALE) -> Decimal:
    """Return the quantity of limbs or of sums of limbs, which may have left their base."""
    return Decimal((high * LIMB + middle) * LIMB + low).scaleb(-scale, EXACT).normalize(EXACT)


def add(*values: Decimal) -> Decimal:
    """Return the exact sum."""
    total = ZERO
    for value in values:
        total = EXACT.add(total, value)
    return total


def multiply(left: Decimal, right: Decimal) -> Decimal:
    """Return the exact product."""
    return EXACT.multiply(left, right)


def ratio(part: Decimal, whole: Decimal) -> Decimal | None:
    """Return part ÷ whole to 34 digits, None where the whole is zero: for shares and returns, never for books."""
    return None if not whole else SHARES.divide(part, whole)
