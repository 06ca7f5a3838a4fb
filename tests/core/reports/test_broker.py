"""What brokers reported is read whole or refused with each bad row."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.core.errors import InputError
from app.core.reports.broker import BrokerLine, read_lines
from app.core.reports.catalog import report
from app.core.reports.source import Wanted, from_transactions
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
