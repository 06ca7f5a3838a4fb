"""What a year leaves untaxed: amounts, cliffs, shares and discounts, each at its edge."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.core.tax.compute import compute
from app.core.tax.figures import AllowanceFigures
from app.core.tax.jurisdictions import JURISDICTIONS
from app.core.tax.profile import profile
from tests.core.lots.histories import written


def of(code: str, year: int, text: str, options: dict[str, str] | None = None) -> list[AllowanceFigures]:
    chosen = profile(code, options=options)
    return list(compute(written(text), chosen, currency=chosen.jurisdiction.currency, year=year).allowances)


def sold(proceeds: str, *, on: str = "2024-06-01", bought: str = "2024-05-01", cost: str = "1000") -> str:
    return f"""
    a {bought} buy  1 BTC {cost}
    s {on} sell 1 BTC {proceeds} portfolio_value={proceeds}
    """


@pytest.mark.parametrize(
    ("day", "year", "amount"),
    [
        ("2025-05-06", 2025, "3000"),
        ("2024-04-06", 2024, "3000"),
        ("2024-04-05", 2023, "6000"),
        ("2023-04-05", 2022, "12300"),
    ],
)
def test_the_exempt_amount_of_the_united_kingdom_is_that_of_its_year(day: str, year: int, amount: str) -> None:
    (one,) = of("uk", year, sold("14000", on=day, bought="2022-01-01"))

    exempt, gain = Decimal(amount), Decimal(13_000)
    assert (one.amount, one.measured, one.left, one.taxable) == (exempt, gain, exempt - gain, gain - exempt)


def test_a_loss_needs_no_exempt_amount() -> None:
    (one,) = of("uk", 2024, sold("900"))

    assert (one.applies, one.taxable, one.left) == (False, Decimal(-100), Decimal(3_100))


@pytest.mark.parametrize(
    ("proceeds", "day", "year", "applies", "taxable"),
    [
        ("1999.99", "2024-06-01", 2024, True, "0"),
        ("2000", "2024-06-01", 2024, False, "1000"),
        ("1599.99", "2023-06-01", 2023, True, "0"),
        ("1600", "2023-06-01", 2023, False, "600"),
    ],
)
def test_in_germany_a_gain_below_the_cliff_is_untaxed_and_one_at_it_wholly_taxed(
    proceeds: str, day: str, year: int, *, applies: bool, taxable: str
) -> None:
    one = of("de", year, sold(proceeds, on=day, bought=f"{year}-05-01"))[0]

    assert (one.applies, one.taxable) == (applies, Decimal(taxable))


def test_in_germany_what_was_held_for_more_than_a_year_does_not_count() -> None:
    one = of("de", 2024, sold("90000", bought="2022-05-01"))[0]

    assert (one.measured, one.taxable) == (Decimal(0), Decimal(0))


def test_in_germany_receipts_have_a_cliff_of_their_own() -> None:
    found = [of("de", 2024, f"r 2024-02-01 income 1 ETH {worth}")[1] for worth in ("255.99", "256")]

    assert [(one.applies, one.taxable) for one in found] == [(True, Decimal(0)), (False, Decimal(256))]


@pytest.mark.parametrize(("proceeds", "taxable"), [("305", "0"), ("305.01", "205.01")])
def test_in_france_sales_of_305_euros_are_exempt_and_more_is_not(proceeds: str, taxable: str) -> None:
    (one,) = of("fr", 2024, sold(proceeds, cost="100"))

    assert (one.measured, one.taxable, one.is_verified) == (Decimal(proceeds), Decimal(taxable), True)


def test_in_ireland_1270_euros_come_off() -> None:
    (one,) = of("ie", 2024, sold("3000"))

    assert (one.taxable, one.left) == (Decimal(730), Decimal(-730))


def test_in_canada_half_is_included_also_of_a_loss() -> None:
    assert [of("ca", 2024, sold(proceeds))[0].taxable for proceeds in ("3000", "500")] == [
        Decimal(1_000),
        Decimal(-250),
    ]


AUSTRALIA = """
a 2022-01-01 buy  1 BTC 1000
b 2024-01-01 buy  1 BTC 4000
s 2024-03-01 sell 1 BTC 5000
c 2024-03-02 buy  1 ETH 900
t 2024-03-03 sell 1 ETH 500
"""


def test_in_australia_losses_come_off_before_the_discount() -> None:
    (one,) = of("au", 2024, AUSTRALIA)

    # The long gain of 4,000 less the loss of 400, and half of that.
    assert (one.taxable, one.applies) == (Decimal(1_800), True)


def test_in_australia_a_loss_beyond_all_gains_is_a_loss() -> None:
    (one,) = of("au", 2024, AUSTRALIA.replace("ETH 900", "ETH 9000"))

    assert (one.taxable, one.applies) == (Decimal(-4_500), False)


def test_what_is_not_known_is_not_zero() -> None:
    (one,) = of("uk", 2024, "s 2024-06-01 sell 1 BTC 500")

    assert (one.measured, one.left, one.applies, one.taxable) == (None, None, None, None)


def test_there_is_none_for_all_years_for_companies_or_in_another_currency() -> None:
    chosen = profile("uk")

    assert compute(written(sold("9000")), chosen, currency="GBP").allowances == ()
    assert compute(written(sold("9000")), chosen, currency="EUR", year=2024).allowances == ()
    assert of("uk", 2024, sold("9000"), {"taxpayer": "company"}) == []
    assert [code for code, rules in JURISDICTIONS.items() if not rules.allowances] == ["us", "jp", "generic"]
