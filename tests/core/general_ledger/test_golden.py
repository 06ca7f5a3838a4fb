"""Journals for QuickBooks and Xero against golden files, and the way from each of their lines back to the journal.

`python -m tests.core.general_ledger.test_golden` writes the golden files anew, to be read line by line against the
entries. The columns of both programs are from memory: no file was ever imported into one of them.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from app.core.general_ledger import quickbooks, xero
from app.core.general_ledger.journal import Books
from app.core.general_ledger.monthly import TRAIL_COLUMNS, digest, months, trail
from app.core.ledger.entries import EntryKind
from app.documents.csv_files import CsvFiles
from tests.core.general_ledger.books import LIFE, RECORDS, books, entry

GOLDEN = Path(__file__).parents[2] / "golden"
LATER = entry(EntryKind.TRADE, ("bitcoin", "-0.001"), ("usd", "30.333"), day=45)
"""In the month after the others, so that a second journal closes where the first one left off."""


def made() -> Books:
    """Return books of two months."""
    return books(*LIFE, LATER)


def tables(of: Books) -> dict[str, tuple[tuple[str, ...], list[tuple[str, ...]]]]:
    """Return what is written for both programs, by the name of its golden file."""
    (of_quickbooks,), (of_xero,) = quickbooks.tables(of), xero.tables(of)
    return {
        "gl-quickbooks": (quickbooks.COLUMNS, of_quickbooks),
        "gl-xero": (xero.COLUMNS, of_xero),
        "gl-xero-accounts": (xero.ACCOUNT_COLUMNS, xero.accounts(of)),
        "gl-trail": (TRAIL_COLUMNS, trail(of)),
    }


@pytest.mark.parametrize("name", ["gl-quickbooks", "gl-xero", "gl-xero-accounts", "gl-trail"])
def test_a_file_is_written_as_its_golden_one(name: str, tmp_path: Path) -> None:
    CsvFiles().write(tmp_path / "made.csv", *tables(made())[name])

    assert (GOLDEN / f"{name}.csv").read_text("utf-8") == (tmp_path / "made.csv").read_text("utf-8")


def test_every_line_leads_to_the_records_that_it_comes_of() -> None:
    of = made()
    rows = trail(of)

    for month in months(of):
        for line in month.lines:
            told = [row for row in rows if row[:2] == (month.number, ":".join(line.account))]
            records = [row[4] for row in told]
            assert [RECORDS[row[3]] for row in told] == records
            if len(told) > 1:
                assert line.memo == f"{len(told)} records, SHA-256 of their hashes {digest(records)}"
            else:
                assert line.memo == (f"Record {records[0]}" if told else "What rounding leaves over")


def test_lines_are_what_their_entries_moved_but_for_half_a_cent() -> None:
    of = made()
    moved: dict[str, Decimal] = defaultdict(Decimal)
    posted: dict[str, Decimal] = defaultdict(Decimal)
    for row in trail(of):
        moved[row[1]] += Decimal(row[5])
    for month in months(of):
        for line in month.lines:
            if line.sources:
                posted[":".join(line.account)] += line.amount

    assert moved.keys() == posted.keys()
    assert max(abs(moved[account] - posted[account]) for account in moved) <= Decimal("0.005")


def test_what_is_less_than_half_a_cent_waits_with_its_record_for_a_later_month() -> None:
    small = entry(EntryKind.FEE, ("usd", "-0.003"), day=0)
    more = entry(EntryKind.FEE, ("usd", "-0.003"), day=40)
    (only,) = months(books(small, more))

    fees = next(line for line in only.lines if line.account == ("Expenses", "Fees"))
    assert (only.number, fees.amount) == ("CF-2024-11", Decimal("0.01"))
    assert [one.entry_id for one in fees.sources] == ["e0", "e1"]


def test_balances_of_accounts_are_what_the_legs_sum_to() -> None:
    of = made()
    held: dict[str, Decimal] = defaultdict(Decimal)
    for one in (*LIFE, LATER):
        for leg in one.legs:
            held[leg.asset] += leg.quantity
    posted: dict[str, Decimal] = defaultdict(Decimal)
    for journal in of.journals:
        for posting in journal.postings:
            if posting.account[0] == "Assets" and posting.account[1] in ("Kraken", "Cold wallet"):
                posted[posting.commodity] += posting.quantity

    assert dict(held) == dict(posted)


if __name__ == "__main__":
    for named, (columns, lines) in tables(made()).items():
        CsvFiles().write(GOLDEN / f"{named}.csv", columns, lines)
