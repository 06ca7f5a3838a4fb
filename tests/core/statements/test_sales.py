"""Form 1099-DA beside own sales: each line finds the one sale that it is about, or says why it finds none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest

from app.core.errors import InputError
from app.core.reports.source import ReportSource, Wanted, from_transactions
from app.core.statements.lines import Matched, Status
from app.core.statements.sales import match_sales, read_sales
from app.core.tax.profile import profile
from app.core.tax.transactions import read
from tests.core.reports.golden import GOLDEN

BY_CONTENT = "asset,sold,quantity,proceeds,basis\n"
HISTORY = (GOLDEN / "histories" / "us.csv").read_text("utf-8")
"""Its sales: s1 of 1 (long) and 0.5 (short) for 90,000.33 and 45,000.17, s2 of 0.5 (short) for 40,000."""

ELSEWHERE = """b3,2024-01-10T12:00:00Z,buy,coinbase,BTC,1,,40000,USD,,
s3,2025-06-01T12:00:00Z,sell,coinbase,BTC,0.5,,41000,USD,,
"""


def source(more: str = "") -> ReportSource:
    found = read(HISTORY + more)
    return from_transactions(found.transactions, profile("us"), Wanted(2025, found.currency))


def matched(text: str, more: str = "", places: Sequence[str] = ()) -> list[Matched]:
    return list(match_sales(read_sales(text), source(more), places))


def told(found: Sequence[Matched]) -> list[tuple[str, str, object]]:
    """Return line, status and own id of each."""
    return [(one.line, one.status.value, None if one.own is None else one.own["id"]) for one in found]


def test_lines_that_say_what_the_books_say_are_matched() -> None:
    found = matched(
        f"{BY_CONTENT}BTC,2025-03-01,1,90000.33,40000\nbtc,2025-03-01,0.5,45000.17,\nBTC,2025-06-01,0.5,40000,45000\n"
    )

    assert told(found) == [("row 2", "matched", "s1"), ("row 3", "matched", "s1"), ("row 4", "matched", "s2")]
    assert [one.evidence.entries for one in found] == [("s1", "b1"), ("s1", "b2"), ("s2", "b2")]
    assert {one.evidence.rule for one in found} == {"asset, day and units"}


def test_a_line_that_differs_says_in_what_and_by_how_much() -> None:
    (found, *_) = matched("id,term,proceeds,basis,basis_reported\ns2,,40100,44000,yes\n")

    assert (found.status, found.difference) == (
        Status.DIFFERS,
        {"proceeds": Decimal(100), "basis": Decimal(-1000)},
    )
    assert found.evidence.rule == "the id of the sale"


def test_other_units_on_the_only_sale_of_a_day_are_a_difference() -> None:
    (found, *_) = matched(f"{BY_CONTENT}BTC,2025-06-01,0.4,40000,\n")

    assert (found.status, found.own and found.own["id"], found.difference) == (
        Status.DIFFERS,
        "s2",
        {"quantity": Decimal("-0.1")},
    )


def test_two_sales_that_fit_equally_well_are_named_and_neither_is_taken() -> None:
    equal = ELSEWHERE.replace("41000", "40000")
    found = matched(f"{BY_CONTENT}BTC,2025-06-01,0.5,40000,\n", equal)

    assert told(found)[0] == ("row 2", "ambiguous", None)
    assert set(found[0].evidence.entries) == {"s2", "s3"}
    assert {one.own["id"] for one in found[1:] if one.own} == {"s1", "s2", "s3"}


def test_of_two_sales_of_a_day_the_one_with_the_same_proceeds_is_meant_or_the_one_at_that_place() -> None:
    (by_proceeds, *_) = matched(f"{BY_CONTENT}BTC,2025-06-01,0.5,41000,\n", ELSEWHERE)
    (by_place, *_) = matched("asset,sold,quantity,proceeds,place\nBTC,2025-06-01,0.5,1,coinbase\n", ELSEWHERE)

    assert told([by_proceeds, by_place]) == [("row 2", "matched", "s3"), ("row 2", "differs", "s3")]
    assert by_proceeds.evidence.rule == "asset, day, units and proceeds"


def test_an_id_comes_before_what_only_looks_alike() -> None:
    rows = "BTC,2025-06-01,0.5,40000,,\n,,,40000,,s2\n"
    found = matched(f"asset,sold,quantity,proceeds,basis,id\n{rows}")

    assert told(found)[:2] == [("row 2", "only-theirs", None), ("row 3", "matched", "s2")]


def test_what_only_one_side_has_is_told_with_the_reason() -> None:
    found = matched("id,asset,sold,quantity,proceeds\nx9,,,,1\ns1,,,,1\n,ETH,2025-06-01,2,1\n")

    assert [one.status.value for one in found] == ["only-theirs"] * 3 + ["only-ours"] * 3
    assert "belongs to no sale of 2025" in found[0].evidence.why
    assert "says no term, and that sale was held: long, short" in found[1].evidence.why
    assert found[2].evidence.why == "no own sale of ETH on 2025-06-01 in 2025 is left for it"


def test_a_sale_told_twice_is_ambiguous() -> None:
    found = matched("id,proceeds\ns2,40000\ns2,40000\n")

    assert told(found)[:2] == [("row 2", "matched", "s2"), ("row 3", "ambiguous", None)]


def test_only_sales_at_the_places_of_the_statement_are_missed_in_it() -> None:
    line = f"{BY_CONTENT}BTC,2025-06-01,0.5,41000,\n"
    by_itself = matched(line, ELSEWHERE)
    asked = matched(line, ELSEWHERE, ("kraken",))

    assert told(by_itself) == [("row 2", "matched", "s3")]
    assert [one.own["id"] for one in asked[1:] if one.own] == ["s1", "s1", "s2"]


def test_what_the_own_books_do_not_know_is_a_difference_that_is_not_known() -> None:
    books = source()
    sales = tuple(
        replace(one, cost=None, matches=tuple(replace(part, cost=None) for part in one.matches))
        for one in books.figures.disposals
    )
    lines = read_sales("id,proceeds,basis\ns2,40000,45000\n")

    (found, *_) = match_sales(lines, replace(books, figures=replace(books.figures, disposals=sales)))

    assert (found.status, found.difference) == (Status.DIFFERS, {"basis": None})


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("id,basis\ns,1\n", "no column proceeds"),
        ("proceeds\n1\n", "says which sale a line is about"),
        ("asset,sold,proceeds\nBTC,June,1\n", "row 2: sold 'June' is no day"),
        ("asset,sold,proceeds\nBTC,2025-06-01,one\n,,3\n", "row 2: 'one' is not a decimal number; row 3: neither id"),
        ("id,proceeds\ns,\n", "No line of the file is filled in"),
    ],
)
def test_a_bad_file_is_refused_with_every_bad_row(text: str, fault: str) -> None:
    with pytest.raises(InputError, match=fault):
        read_sales(text)
