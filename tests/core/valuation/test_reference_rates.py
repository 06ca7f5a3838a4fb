"""Official rates: crossed by the euro, and standing over weekends for a week at most."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.core.money import SHARES
from app.core.valuation.reference_rates import STILL_HOLDS, crossed, per_euro

D = Decimal
FRIDAY = 19_846
TOLD = {"usd": {FRIDAY: D("1.0745"), FRIDAY + 3: D("1.0776")}, "gbp": {FRIDAY: D("0.8576"), FRIDAY + 3: D("0.8573")}}
RATES = st.decimals(D("0.0001"), D(100_000), places=4)


def test_a_money_is_crossed_by_the_euro() -> None:
    found = crossed("gbp", "usd", TOLD, FRIDAY)

    assert found[FRIDAY].price == SHARES.divide(D("1.0745"), D("0.8576"))
    assert (found[FRIDAY].of_base, found[FRIDAY].of_money, found[FRIDAY].published) == (
        D("1.0745"),
        D("0.8576"),
        FRIDAY,
    )


def test_the_euro_costs_what_is_published_and_another_money_its_inverse_in_euros() -> None:
    assert crossed("eur", "usd", TOLD, FRIDAY)[FRIDAY].price == D("1.0745")
    assert crossed("usd", "eur", TOLD, FRIDAY)[FRIDAY].price == SHARES.divide(D(1), D("1.0745"))


def test_a_weekend_has_the_rates_of_friday_and_says_so() -> None:
    found = crossed("gbp", "usd", TOLD, FRIDAY + 2)

    assert [found[day].published for day in (FRIDAY, FRIDAY + 1, FRIDAY + 2)] == [FRIDAY] * 3
    assert FRIDAY + 3 not in found


def test_after_a_week_without_rates_there_is_a_gap() -> None:
    found = crossed("gbp", "usd", TOLD, FRIDAY + 60)

    assert max(found) == FRIDAY + 3 + STILL_HOLDS
    assert found[FRIDAY + 3].published == FRIDAY + 3


def test_a_day_of_which_one_of_both_is_not_told_takes_the_last_day_of_both() -> None:
    told = {"usd": TOLD["usd"], "gbp": {FRIDAY: D("0.8576")}}

    assert crossed("gbp", "usd", told, FRIDAY + 4)[FRIDAY + 3].published == FRIDAY


def test_what_nobody_tells_has_no_rate() -> None:
    assert crossed("sek", "usd", TOLD, FRIDAY) == {}
    assert crossed("eur", "usd", {}, FRIDAY) == {}
    assert per_euro("eur", TOLD) == {FRIDAY: D(1), FRIDAY + 3: D(1)}


@given(RATES, RATES)
def test_there_and_back_again_is_what_it_was_to_the_last_digits(one: Decimal, other: Decimal) -> None:
    told = {"usd": {FRIDAY: one}, "gbp": {FRIDAY: other}}
    product = SHARES.multiply(
        crossed("gbp", "usd", told, FRIDAY)[FRIDAY].price, crossed("usd", "gbp", told, FRIDAY)[FRIDAY].price
    )

    assert abs(product - 1) < D("1e-30")
