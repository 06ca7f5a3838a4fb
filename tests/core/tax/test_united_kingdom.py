"""What the rules of the United Kingdom make of small histories; sources stand in the file of the country."""

from __future__ import annotations

from tests.core.lots.histories import figures, lots, of, written

HMRC_22256 = """
open 2020-01-01 buy 100000 F 300000
b1 2020-07-31T08:00:00Z buy 10000 F 45000
s1 2020-07-31T09:00:00Z sell 30000 F 150000
s2 2020-08-05 sell 20000 F 100000
b2 2020-08-06 buy 50000 F 225000
s3 2020-08-07 sell 100000 F 150000
"""


def test_the_united_kingdom_matches_as_in_hmrc_crypto22256() -> None:
    found = figures(written(HMRC_22256), code="uk")

    assert [(of(row, found)[:2]) for row in ("s1", "s2")] == [("135000", "15000"), ("90000", "10000")]
    assert lots("s1", found) == [
        ("b1", "same-day", "10000"),
        ("b2", "thirty-day", "20000"),
    ]
    assert of("s3", found)[1].startswith("-163636.3636")


def test_day_30_counts_and_day_31_does_not() -> None:
    text = """
    a 2024-01-01 buy  2 BTC 200
    s 2024-03-01 sell 2 BTC 500
    b 2024-03-31 buy  1 BTC 400
    c 2024-04-01 buy  1 BTC 450
    """

    assert lots("s", figures(written(text), code="uk")) == [("b", "thirty-day", "1"), (None, "section-104", "1")]


def test_the_day_is_londons() -> None:
    text = """
    a 2023-01-01 buy  1 BTC 100
    s 2023-06-30T23:00:00Z sell 1 BTC 500
    b 2023-07-01T12:00:00Z buy  1 BTC 400
    """

    assert lots("s", figures(written(text), code="uk")) == [("b", "same-day", "1")]
    assert lots("s", figures(written(text), code="uk", options={"day-zone": "UTC"})) == [("b", "thirty-day", "1")]


def test_all_sales_of_a_day_are_one_disposal() -> None:
    text = """
    a 2023-01-01 buy  3 BTC 300
    s 2023-06-01T10:00:00Z sell 1 BTC 500
    t 2023-06-01T11:00:00Z sell 1 BTC 700
    """
    (only,) = figures(written(text), code="uk").disposals

    assert only.rows == ("s", "t")
    assert [only.quantity, only.proceeds, only.cost] == [2, 1200, 200]


def test_a_company_matches_ten_days_before_and_not_after() -> None:
    text = """
    a 2024-01-01 buy  2 BTC 200
    b 2024-02-20 buy  1 BTC 300
    c 2024-02-21 buy  1 BTC 400
    s 2024-03-02 sell 2 BTC 900
    d 2024-03-05 buy  1 BTC 500
    """
    found = figures(written(text), code="uk", options={"taxpayer": "company"})

    # The pool has 2 for 200 and, after its ten days, 1 for 300.
    assert lots("s", found) == [("c", "ten-day", "1"), (None, "section-104", "1")]
    assert of("s", found)[0].startswith("566.666")


def test_a_split_between_the_days_of_a_match_is_converted() -> None:
    text = """
    a 2019-01-01 buy   20 FOO 200
    s 2019-02-01 sell  20 FOO 240
    b 2019-02-10 buy   10 FOO 100
    x 2019-02-15 split -  FOO ratio=2
    c 2019-02-20 buy   20 FOO 100
    """
    found = figures(written(text), code="uk")

    assert lots("s", found) == [("b", "thirty-day", "10"), ("c", "thirty-day", "10")]
    assert [held.quantity for held in found.holdings] == [40]
