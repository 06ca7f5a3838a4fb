"""What brokers reported is read whole or refused with each bad row."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.core.errors import InputError
from app.core.reports.broker import BrokerLine, read_all, read_lines
from app.core.reports.broker_match import LIST_COLUMNS, matches, sales_list
from app.core.reports.catalog import report
from app.core.reports.source import ReportSource, Wanted, from_transactions
from app.core.tax.figures import Term
from app.core.tax.profile import profile
from app.core.tax.transactions import read
from tests.core.reports.golden import GOLDEN

HEADING = "id,term,proceeds,basis,basis_reported\n"


def test_lines_are_found_by_sale_and_term() -> None:
    found = read_lines(f"{HEADING}s,long,10.5,,no\nt,,3,2,yes\n")

    assert found == {
        ("s", Term.LONG): BrokerLine("s", Term.LONG, Decimal("10.5"), None, is_basis_reported=False),
        ("t", None): BrokerLine("t", None, Decimal(3), Decimal(2), is_basis_reported=True),
    }


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (",,1,,no", "row 2: id is empty"),
        ("s,medium,1,,no", "row 2: term 'medium'"),
        ("s,,1,,maybe", "row 2: basis_reported 'maybe'"),
        ("s,,one,,no", "row 2: 'one' is not a decimal number"),
        ("s,,1,,yes", "row 2: basis is empty though it was reported"),
        ("s,,1,,no\ns,short,1,,no", "row 3: 's' is told twice"),
        ("s,short,1,,no\ns,,1,,no", "row 3: 's' is told twice"),
    ],
)
def test_a_bad_row_is_named(row: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        read_lines(f"{HEADING}{row}\n")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("x,,1,,no", "belongs to no sale of 2025"),
        ("s1,,1,,no", "says no term, and that sale was held: long, short"),
        ("s2,long,1,,no", "says long, and that sale was held: short"),
    ],
)
def test_a_line_that_fits_no_sale_is_refused(row: str, told: str) -> None:
    found = read((GOLDEN / "histories" / "us.csv").read_text("utf-8"))
    wanted = Wanted(2025, found.currency, broker=read_lines(f"{HEADING}{row}\n"))

    with pytest.raises(InputError, match=told):
        report("us-8949", from_transactions(found.transactions, profile("us"), wanted))


def test_a_wrong_basis_that_was_not_reported_is_corrected_with_nothing_in_column_g() -> None:
    found = read((GOLDEN / "histories" / "us.csv").read_text("utf-8"))
    wanted = Wanted(2025, found.currency, broker=read_lines(f"{HEADING}s2,short,40000,39000,no\n"))
    made = report("us-8949", from_transactions(found.transactions, profile("us"), wanted))

    (row,) = [row for row in made.tables[0].rows if row[1] == "H"]
    assert row[6:10] == (Decimal("45000.00"), "B", Decimal("0.00"), Decimal("-5000.00"))


def of_2025(broker: str = "") -> ReportSource:
    """Return the sales of the golden history, with what a broker reported of them."""
    found = read((GOLDEN / "histories" / "us.csv").read_text("utf-8"))
    lines = read_lines(HEADING + broker) if broker else None
    return from_transactions(found.transactions, profile("us"), Wanted(2025, found.currency, broker=lines))


def test_bad_rows_are_told_and_the_others_are_read() -> None:
    found, faults = read_all(f"{HEADING}s,long,10.5,,no\nt,medium,3,2,yes\nu,,x,,no\n")

    assert list(found) == [("s", Term.LONG)]
    assert [fault.partition(":")[0] for fault in faults] == ["row 3", "row 4"]


def test_a_line_of_a_list_that_nobody_filled_in_says_nothing() -> None:
    assert list(read_lines(f"{HEADING}s,long,,,\nt,,3,2,yes\n")) == [("t", None)]


def test_each_line_stands_beside_its_sale_and_the_row_of_the_form_that_follows() -> None:
    lines = read_lines((GOLDEN / "histories" / "us-1099-da.csv").read_text("utf-8"))
    found = matches(of_2025(), lines)

    told = [
        (one.own.quantity, one.own.cost, one.form.box, one.form.code, one.form.gain)
        for one in found
        if one.own is not None and one.form is not None
    ]
    assert told == [
        (Decimal(1), Decimal("40000.00"), "K", "", Decimal("50000.33")),
        (Decimal("0.5"), Decimal("45000.00"), "G", "B", Decimal("0.17")),
        (Decimal("0.5"), Decimal("45000.00"), "H", "E", Decimal("-5000.00")),
    ]


def test_a_line_that_fits_no_sale_says_why_and_the_others_go_on() -> None:
    found = matches(of_2025(), read_lines(f"{HEADING}gone,,1,,no\ns2,short,40000,,no\n"))

    assert [one.fault is None for one in found] == [False, True]
    assert "belongs to no sale of 2025" in str(found[0].fault)
    assert found[1].form is not None


def test_a_list_of_all_sales_that_is_filled_in_gives_the_lines() -> None:
    rows = [list(row) for row in sales_list(of_2025())]
    for row in rows[:2]:
        row[2:5] = "1", "", "no"
    text = "\n".join(",".join(row) for row in [list(LIST_COLUMNS), *rows])

    assert [(row[0], row[1], *row[5:]) for row in rows] == [
        ("s1", "long", "2025-03-01", "BTC", "1", "kraken", "90000.33", "40000.00"),
        ("s1", "short", "2025-03-01", "BTC", "0.5", "kraken", "45000.17", "45000.00"),
        ("s2", "short", "2025-06-01", "BTC", "0.5", "kraken", "40000.00", "45000.00"),
    ]
    assert list(read_lines(text)) == [("s1", Term.LONG), ("s1", Term.SHORT)]
