"""Gifts that were worth less than they had cost the giver, in the United States."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import parse_iso
from app.core.tax.events import Transaction
from app.core.tax.figures import TaxFigures, Term
from tests.core.lots.histories import figures, of, written

GIVEN = parse_iso("2020-01-01T12:00:00Z")[0]


def with_gift(history: str, *, lower: str = "8000", code: str = "us") -> TaxFigures:
    """Return the figures of a history whose row g is such a gift, which its giver had bought in 2020."""
    return figures([_gift(one, lower) if one.row == "g" else one for one in written(history)], code=code)


def _gift(one: Transaction, lower: str) -> Transaction:
    return replace(one, lower_value=Decimal(lower), acquired_ns=GIVEN)


@pytest.mark.parametrize(
    ("proceeds", "expected", "term"),
    [
        # Given at 8,000 what had cost 10,000.
        ("12000", ("10000", "2000", "0"), Term.LONG),
        ("10000", ("10000", "0", "0"), Term.LONG),
        ("9000", ("9000", "0", "0"), Term.LONG),
        ("8000", ("8000", "0", "0"), Term.LONG),
        # A loss counts from the gift.
        ("7000", ("8000", "-1000", "0"), Term.SHORT),
        ("0", ("8000", "-8000", "0"), Term.SHORT),
    ],
)
def test_a_gain_has_the_giver_s_cost_and_a_loss_the_value_at_the_gift(
    proceeds: str, expected: tuple[str, str, str], term: Term
) -> None:
    found = with_gift(f"""
    g 2024-06-01 buy  1 A 10000
    s 2025-03-01 sell 1 A {proceeds}
    """)

    assert (of("s", found), found.disposals[0].term) == (expected, term)


def test_each_part_of_a_sale_is_measured_by_itself() -> None:
    found = with_gift(
        """
    a 2019-06-01 buy  1 A 1000
    g 2024-06-01 buy  2 A 20000
    s 2024-07-01 sell 2 A 14000
    t 2024-08-01 sell 1 A 9000
    """,
        lower="16000",
    )

    # 7,000 for the bought one is a gain of 6,000, 7,000 for a given one a loss of 1,000; 9,000 lies between.
    assert [(match.lot, match.cost) for match in found.disposals[0].matches] == [
        ("a", Decimal(1000)),
        ("g", Decimal(8000)),
    ]
    assert (of("s", found)[1], of("t", found)) == ("5000", ("9000", "0", "0"))


def test_what_is_left_of_a_gift_keeps_the_giver_s_cost() -> None:
    found = with_gift(
        """
    g 2024-06-01 buy  3 A 30000
    s 2024-07-01 sell 1 A 100
    """,
        lower="3000",
    )

    assert (of("s", found)[0], found.holdings[0].cost) == ("1000", Decimal(20_000))


def test_elsewhere_no_other_value_counts() -> None:
    history = """
    g 2024-06-01 buy  1 A 10000
    s 2025-03-01 sell 1 A 7000
    """

    assert [of("s", with_gift(history, code=code))[1] for code in ("de", "uk", "ca")] == ["-3000"] * 3


@given(
    cost=st.integers(1, 10**9), lower=st.integers(0, 10**9), proceeds=st.integers(0, 2 * 10**9), part=st.integers(1, 99)
)
def test_the_result_is_never_further_from_zero_than_by_either_basis(
    cost: int, lower: int, proceeds: int, part: int
) -> None:
    lower = min(lower, cost - 1)
    found = with_gift(
        f"""
    g 2024-06-01 buy  100 A {cost}
    s 2024-07-01 sell {part} A {proceeds}
    """,
        lower=str(lower),
    )

    gain = found.disposals[0].gain
    by_cost, by_value = (Decimal(proceeds) - Decimal(whole) * part / 100 for whole in (cost, lower))
    assert gain is not None
    assert abs(gain - (max(by_cost, Decimal(0)) + min(by_value, Decimal(0)))) < Decimal("1e-20")
