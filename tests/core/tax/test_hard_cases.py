"""Cases at the edges of each law, worked out by hand: days of change, leap years, windows, splits, sizes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from app.core.lots.methods import Method
from app.core.tax.compute import compute
from app.core.tax.figures import TaxFigures
from app.core.tax.profile import profile
from tests.core.lots.histories import lots, of, written


def year_of(code: str, year: int, text: str, options: Mapping[str, str] | None = None) -> TaxFigures:
    """Return the figures of a tax year in the country's money."""
    chosen = profile(code, options=options)
    return compute(written(text), chosen, currency=chosen.jurisdiction.currency, year=year)


def results(code: str, text: str, options: Mapping[str, str] | None = None) -> dict[str, tuple[str, ...]]:
    """Return cost, gain and denied of every disposal."""
    chosen = profile(code, options=options)
    found = compute(written(text), chosen, currency=chosen.jurisdiction.currency)
    return {one.row: of(one.row, found) for one in found.disposals}


CASES: dict[str, tuple[str, str, dict[str, tuple[str, ...]]]] = {
    "uk: two sales share one later purchase, the earlier one first": (
        "uk",
        """
        a 2023-01-01 buy  10 A 1000
        s 2023-06-01 sell 4  A 800
        t 2023-06-02 sell 4  A 900
        b 2023-06-03 buy  5  A 1500
        """,
        # 4 × 300, then 1 × 300 + 3 × 100.
        {"s": ("1200", "-400", "0"), "t": ("600", "300", "0")},
    ),
    "uk: what the same day leaves of a purchase is matched to the sale before it": (
        "uk",
        """
        a 2023-01-01 buy  10 A 1000
        s 2023-06-01 sell 4  A 800
        b 2023-06-10T09:00:00Z buy  3 A 900
        t 2023-06-10T15:00:00Z sell 2 A 700
        """,
        {"s": ("600", "200", "0"), "t": ("600", "100", "0")},
    ),
    "uk: bought and sold at the same second": (
        "uk",
        """
        a 2023-01-01 buy  1 A 100
        s 2023-06-01T10:00:00Z sell 1 A 300
        b 2023-06-01T10:00:00Z buy  1 A 250
        """,
        {"s": ("250", "50", "0")},
    ),
    "uk: the last second of day 30 after the clocks went forward": (
        "uk",
        """
        a 2024-01-01 buy  10 A 1000
        s 2024-03-01T23:30:00Z sell 1 A 200
        b 2024-03-31T22:59:59Z buy  1 A 150
        """,
        {"s": ("150", "50", "0")},
    ),
    "uk: a second later it is day 31": (
        "uk",
        """
        a 2024-01-01 buy  10 A 1000
        s 2024-03-01T23:30:00Z sell 1 A 200
        b 2024-03-31T23:00:00Z buy  1 A 150
        """,
        {"s": ("100", "100", "0")},
    ),
    "uk: a split of two for one within the 30 days": (
        "uk",
        """
        a 2024-01-01 buy   10 A 1000
        s 2024-02-01 sell  4  A 800
        x 2024-02-10 split -  A ratio=2
        b 2024-02-15 buy   2  A 150
        """,
        # Two new units are one old: 150 + 3 × 100.
        {"s": ("450", "350", "0")},
    ),
    "uk: a split of one for two within the 30 days": (
        "uk",
        """
        a 2024-01-01 buy   12 A 1200
        s 2024-02-01 sell  6  A 900
        x 2024-02-10 split -  A ratio=0.5
        b 2024-02-15 buy   1  A 180
        """,
        {"s": ("580", "320", "0")},
    ),
    "uk: a transfer within the window is nothing, a receipt in it is matched": (
        "uk",
        """
        a 2024-01-01 buy      10 A 1000 wallet=w1
        s 2024-02-01 sell     4  A 800  wallet=w1
        t 2024-02-05 transfer 3  A wallet=w1 to_wallet=w2
        i 2024-02-10 income   1  A 300  wallet=w2
        """,
        {"s": ("600", "200", "0")},
    ),
    "ca: 30 days before count, and so does what is left of them": (
        "ca",
        """
        a 2024-01-01 buy  10 A 1000
        b 2024-03-02 buy  2  A 120
        s 2024-04-01 sell 4  A 180
        """,
        # 4 × 1,120 ÷ 12 = 373.33…; least of 4 sold, 2 acquired, 8 held: a half of the loss of 193.33….
        {
            "s": (
                "373.333333333333333333333333333333",
                "-96.666666666666666666666666666667",
                "96.666666666666666666666666666666",
            )
        },
    ),
    "ca: the 31st day before does not count": (
        "ca",
        """
        a 2024-01-01 buy  10 A 1000
        b 2024-03-01 buy  2  A 200
        s 2024-04-01 sell 4  A 200
        """,
        {"s": ("400", "-200", "0")},
    ),
    "ca: what was bought again and sold within the window denies nothing": (
        "ca",
        """
        a 2024-01-01 buy  10 A 1000
        s 2024-04-01 sell 10 A 500
        b 2024-04-10 buy  5  A 300
        t 2024-04-20 sell 5  A 200
        """,
        {"s": ("1000", "-500", "0"), "t": ("300", "-100", "0")},
    ),
    "ca: two of five are held on day 30, and bear what is denied": (
        "ca",
        """
        a 2024-01-01 buy  10 A 1000
        s 2024-04-01 sell 10 A 500
        b 2024-04-10 buy  5  A 300
        t 2024-04-20 sell 3  A 300
        """,
        # 500 × 2 ÷ 10 denied; 3 × (300 + 100) ÷ 5.
        {"s": ("1000", "-400", "100"), "t": ("240", "60", "0")},
    ),
    "ca: a split within the window": (
        "ca",
        """
        a 2024-01-01 buy   10 A 1000
        s 2024-04-01 sell  10 A 500
        x 2024-04-05 split -  A ratio=2
        b 2024-04-10 buy   10 A 300
        """,
        {"s": ("1000", "-250", "250")},
    ),
    "ie: one purchase is bought again for one loss only": (
        "ie",
        """
        a 2024-01-01 buy  4 A 400
        s 2024-03-03 sell 2 A 100
        t 2024-03-04 sell 2 A 100
        b 2024-03-10 buy  2 A 120
        """,
        {"s": ("200", "0", "100"), "t": ("200", "-100", "0")},
    ),
    "ie: what is left of a purchase is bought again for the next loss": (
        "ie",
        """
        a 2024-01-01 buy  8 A 800
        s 2024-03-03 sell 2 A 100
        t 2024-03-04 sell 4 A 100
        b 2024-03-10 buy  3 A 120
        """,
        # All of 100, then a quarter of 300.
        {"s": ("200", "0", "100"), "t": ("400", "-225", "75")},
    ),
    "ie: within four weeks before, the earlier purchase goes first, and then the oldest": (
        "ie",
        """
        a 2024-01-01 buy  2 A 200
        b 2024-03-01 buy  1 A 300
        c 2024-03-05 buy  1 A 400
        s 2024-03-10 sell 3 A 900
        """,
        {"s": ("800", "100", "0")},
    ),
    "ie: day 28 in Dublin after the clocks went forward": (
        "ie",
        """
        a 2024-01-01 buy  4 A 400
        s 2024-03-03 sell 2 A 100
        b 2024-03-31T22:59:59Z buy 1 A 60
        """,
        {"s": ("200", "-50", "50")},
    ),
    "ie: a second later it is day 29": (
        "ie",
        """
        a 2024-01-01 buy  4 A 400
        s 2024-03-03 sell 2 A 100
        b 2024-03-31T23:00:00Z buy 1 A 60
        """,
        {"s": ("200", "-100", "0")},
    ),
    "us: an amount of a billion, a price of nothing and 30 decimal places": (
        "us",
        """
        a 2024-05-01 buy  1000000000000.000000000000000001 A 0.000000000000000000000000000001
        b 2024-05-02 buy  0.000000000000000000000000000003 A 3
        s 2024-06-01 sell 1000000000000.000000000000000001000000000002 A 305.01
        """,
        {"s": ("2.000000000000000000000000000001", "303.009999999999999999999999999999", "0")},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_case_at_the_edge_of_a_law_comes_out_as_by_hand(name: str) -> None:
    code, text, expected = CASES[name]

    assert expected == results(code, text)


@pytest.mark.parametrize(("day", "is_matched"), [("2024-02-11", True), ("2024-02-12", False)])
def test_a_company_is_matched_with_day_ten_before_and_not_with_day_eleven(day: str, is_matched: bool) -> None:  # noqa: FBT001
    text = f"""
    a 2024-01-01 buy  10 A 1000
    b 2024-02-01 buy  1  A 150
    s {day} sell 1 A 200
    """
    found = compute(written(text), profile("uk", options={"taxpayer": "company"}), currency="GBP")

    assert lots("s", found) == ([("b", "ten-day", "1")] if is_matched else [(None, "section-104", "1")])


@pytest.mark.parametrize(
    ("code", "year", "zone", "in_year", "after"),
    [
        ("uk", 2023, "", "2024-04-05T22:59:59Z", "2024-04-05T23:00:00Z"),
        ("au", 2024, "Australia/Sydney", "2024-06-30T13:59:59Z", "2024-06-30T14:00:00Z"),
        ("jp", 2023, "", "2023-12-31T14:59:59Z", "2023-12-31T15:00:00Z"),
        ("ca", 2023, "America/Toronto", "2024-01-01T04:59:59Z", "2024-01-01T05:00:00Z"),
        ("us", 2023, "America/Los_Angeles", "2024-01-01T07:59:59Z", "2024-01-01T08:00:00Z"),
        ("de", 2023, "", "2023-12-31T22:59:59Z", "2023-12-31T23:00:00Z"),
        ("fr", 2023, "", "2023-12-31T22:59:59Z", "2023-12-31T23:00:00Z"),
        ("ie", 2023, "", "2023-12-31T23:59:59Z", "2024-01-01T00:00:00Z"),
    ],
)
def test_a_year_ends_with_the_last_second_of_the_local_day(
    code: str, year: int, zone: str, in_year: str, after: str
) -> None:
    text = f"""
    a 2023-07-05 buy  2 A 200
    s {in_year} sell 1 A 150 portfolio_value=300
    t {after}   sell 1 A 150 portfolio_value=150
    """
    found = year_of(code, year, text, {"day-zone": zone} if zone else None)

    assert [one.row for one in found.disposals] == ["s"]


@pytest.mark.parametrize(
    ("code", "year", "text", "expected"),
    [
        ("de", 2024, "a 2024-05-01 buy 1 A 100\ns 2024-06-01 sell 1 A 1099.99", "0"),
        ("de", 2024, "a 2024-05-01 buy 1 A 100\ns 2024-06-01 sell 1 A 1100", "1000"),
        ("de", 2023, "a 2023-05-01 buy 1 A 100\ns 2023-06-01 sell 1 A 699.99", "0"),
        ("de", 2023, "a 2023-05-01 buy 1 A 100\ns 2023-06-01 sell 1 A 700", "600"),
        # The 31st of March in Berlin is the day of the purchase, though it is the 30th in UTC.
        ("de", 2025, "a 2024-03-30T23:30:00Z buy 1 A 100\ns 2025-03-31T21:59:59Z sell 1 A 2000", "1900"),
        ("de", 2025, "a 2024-03-30T23:30:00Z buy 1 A 100\ns 2025-03-31T22:00:00Z sell 1 A 2000", "0"),
        ("fr", 2024, "a 2024-05-01 buy 1 A 100\ns 2024-06-01 sell 1 A 305 portfolio_value=305", "0"),
        ("fr", 2024, "a 2024-05-01 buy 1 A 100\ns 2024-06-01 sell 1 A 305.01 portfolio_value=305.01", "205.01"),
        ("ie", 2024, "a 2023-01-01 buy 4 A 400\ns 2024-03-03 sell 2 A 2200", "730"),
        # 29 February 2024 is within the 12 months that begin on 1 March 2023, and 1 March is not.
        ("au", 2024, "a 2023-02-28 buy 1 A 200\ns 2024-02-29 sell 1 A 500", "300"),
        ("au", 2024, "a 2023-02-28 buy 1 A 200\ns 2024-03-01 sell 1 A 500", "150"),
        ("au", 2025, "a 2024-02-29 buy 1 A 200\ns 2025-02-28 sell 1 A 500", "300"),
        ("au", 2025, "a 2024-02-29 buy 1 A 200\ns 2025-03-01 sell 1 A 500", "150"),
    ],
)
def test_a_cliff_an_allowance_or_a_term_decides_by_a_cent_or_a_second(
    code: str, year: int, text: str, expected: str
) -> None:
    found = year_of(code, year, text)

    assert Decimal(expected) == found.allowances[0].taxable


def test_a_transfer_keeps_the_day_and_goes_before_what_was_bought_later() -> None:
    text = """
    a 2023-05-01 buy      1 A 100 wallet=w1
    b 2024-06-01 buy      1 A 500 wallet=w2
    t 2024-07-01 transfer 1 A wallet=w1 to_wallet=w2
    s 2024-08-01 sell     1 A 300 wallet=w2
    """
    found = compute(written(text), profile("us", method=Method.FIFO), currency="USD")

    assert (lots("s", found), found.disposals[0].long_gain) == ([("a", "fifo", "1")], Decimal(200))


@pytest.mark.parametrize(
    ("code", "moment", "expected"),
    [
        ("us", "2024-01-01T04:59:59Z", ["other-tax-year"]),
        ("us", "2024-01-01T05:00:00Z", []),
        ("au", "2024-06-30T14:00:00Z", ["other-tax-year"]),
        ("au", "2024-06-30T13:59:59Z", []),
        ("ca", "2024-01-01T04:59:59Z", ["other-tax-year"]),
        ("uk", "2024-04-05T23:30:00Z", []),
    ],
)
def test_a_sale_that_is_in_another_year_where_most_people_live_is_told(
    code: str, moment: str, expected: list[str]
) -> None:
    text = f"""
    a 2023-03-01 buy  1 A 100
    s {moment}   sell 1 A 300
    """
    chosen = profile(code)
    found = compute(written(text), chosen, currency=chosen.jurisdiction.currency)
    named = compute(written(text), profile(code, options={"day-zone": "America/Denver"}), currency="")

    assert [one.code for one in found.findings] == expected
    assert "other-tax-year" not in [one.code for one in named.findings]
