"""What the gate for every figure writes."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.core.clock import DAY
from app.ui import format as fmt


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("1.0842", "1.0842"),
        ("0.99985", "0.99985"),
        ("61234.567", "61,234.57"),
        ("142.5", "142.50"),
        ("18.7", "18.700"),
        ("1", "1.00"),
        ("0.000012345678", "0.000012346"),
        ("0", "0.00"),
    ],
)
def test_a_price_has_five_figures_and_at_least_two_places(value: str, written: str) -> None:
    assert fmt.price(Decimal(value)) == written


@pytest.mark.parametrize(("value", "written"), [("-0.0001", "0.000"), ("-0.0006", "−0.001"), ("-12", "−12.000")])
def test_a_figure_that_rounds_to_nothing_has_no_sign(value: str, written: str) -> None:
    assert written == fmt.price(Decimal(value), places=3)


def test_a_word_does_not_tell_that_a_hidden_count_is_one() -> None:
    one = fmt.counted(1, "%s entry", "%s entries")
    fmt.set_mask(fmt.Mask.EVERYTHING)

    assert one == "1 entry"
    assert fmt.counted(1, "%s entry", "%s entries") == fmt.counted(2, "%s entry", "%s entries")


def test_a_minus_in_a_sentence_is_a_minus_and_a_date_stays_a_date() -> None:
    told = fmt.prose("kraken-2 differs by -0.05 BTC (-[[3]] %) since 2026-11-20.")

    assert told == "kraken-2 differs by \u22120.05 BTC (-3\u2009%) since 2026-11-20."


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("-28203857", "−$28.2 M"),
        ("-623900", "−$0.6 M"),
        ("-2000", "−<$0.1 M"),
        ("2000", "<$0.1 M"),
        ("0", "$0.0 M"),
    ],
)
def test_amounts_of_a_column_have_one_unit_and_none_is_rounded_to_nothing(value: str, written: str) -> None:
    told = fmt.compact(Decimal(value), "usd", places=1, like=Decimal(28_203_857))

    assert written == told.replace(fmt.THIN, " ")


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [(20_532, 20_754, "20 Mar – 28 Oct 2026"), (20_312, 20_454, "12 Aug 2025 – 1 Jan 2026")],
)
def test_the_year_of_two_days_is_written_once_where_it_is_one(first: int, last: int, written: str) -> None:
    assert written == fmt.days(first * DAY, last * DAY)


@pytest.mark.parametrize("told", ["FTX, 6–9 Nov 2022", "on 12 Mar 2020", "6 to 9 Nov", "2026-11-20 14:31"])
def test_days_that_are_named_stay_where_all_figures_are_hidden(told: str) -> None:
    fmt.set_mask(fmt.Mask.EVERYTHING)
    try:
        shown = fmt.prose(told)
    finally:
        fmt.set_mask(fmt.Mask.NOTHING)

    assert told == shown


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("4 forces move 82% of it", "4 forces move 82_% of it"),
        ("Gap of -50%", "Gap of −50_%"),
        ("is above 5 % of the book", "is above 5_% of the book"),
        ("ES 97.5% × 3", "ES 97.5_% × 3"),
        ("%s of 100%s", "%s of 100%s"),
    ],
)
def test_a_percent_sign_keeps_one_distance_whoever_wrote_it(typed: str, written: str) -> None:
    assert written == fmt.typeset(typed).replace(fmt.THIN, "_")


@pytest.mark.parametrize(("value", "written"), [("-0.0002", "−<0.1 %"), ("0.0002", "<0.1 %"), ("0", "0.0 %")])
def test_a_share_that_is_nearly_nothing_keeps_its_sign(value: str, written: str) -> None:
    assert written == fmt.percent(Decimal(value), places=1).replace(fmt.THIN, " ")


def test_both_ends_of_an_address_are_one_word() -> None:
    assert fmt.prose("sent to 0x62d6…7dff") == "sent to 0x62d6\u2060…\u20607dff"
    assert fmt.prose("Change…") == "Change…"


@pytest.mark.parametrize(
    ("level", "address"),
    [(fmt.Mask.AMOUNTS, "demo3d14\u2060…\u2060644612"), (fmt.Mask.EVERYTHING, fmt.MASK)],
)
def test_an_address_is_no_amount_but_tells_who_one_is(level: fmt.Mask, address: str) -> None:
    fmt.set_mask(level)
    try:
        told = fmt.prose("10 went to demo3d14…644612")
    finally:
        fmt.set_mask(fmt.Mask.NOTHING)

    assert told == f"{fmt.MASK} went to {address}"
