"""Tests of what each program is given: names, quotes, months, debits and credits."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from app.core.errors import RefusedError
from app.core.general_ledger import beancount, hledger, quickbooks, xero
from app.core.general_ledger.journal import Books, sums
from app.core.general_ledger.monthly import files, months
from app.core.general_ledger.names import account_names, commodity_names
from tests.core.general_ledger.books import LIFE, RECORDS, books


def test_two_assets_of_one_symbol_are_told_apart() -> None:
    found = commodity_names(replace(books(*LIFE), commodities={"bitcoin": "BTC", "ethereum": "btc", "usd": "USD"}))

    assert (found["bitcoin"], found["ethereum"], found["usd"]) == ("BTC", "BTC.2", "USD")


def test_a_symbol_that_no_program_takes_gets_a_name_and_keeps_its_id() -> None:
    made = books(*LIFE)

    assert commodity_names(made)["dust"] == "X1-DUST"
    assert 'commodity X1-DUST\n  asset: "dust"\n' in beancount.text(made)
    assert 'commodity "X1-DUST"  ; asset: dust\n' in hledger.text(made)


def test_names_of_accounts_are_one_to_one() -> None:
    found = account_names(books(*LIFE))

    assert found["Assets", "Cold wallet", "spot"] == "Assets:Cold-wallet:Spot"
    assert len(set(found.values())) == len(found)


def test_a_transaction_of_beancount_names_its_entry_and_what_is_not_known() -> None:
    text = beancount.text(books(*LIFE))

    assert 'option "title" "The \\"fund\\""\n' in text
    record = RECORDS["e6"]
    assert (
        f'2024-10-09 ! "deposit"\n  entry: "e6"\n  record: "{record}"\n  at: "2024-10-09T12:00:00Z"\n'
        '  unknown: "the cost of dust"\n'
        "  Assets:Kraken:Spot  5 X1-DUST\n  Equity:Unpaired-Deposits  -5 X1-DUST\n"
    ) in text


def test_debits_of_quickbooks_equal_credits_in_every_journal() -> None:
    (rows,) = quickbooks.tables(books(*LIFE))

    assert [row[:3] for row in rows][:1] == [("CF-2024-10", "2024-10-31", "USD")]
    debits, credits_ = (sum(Decimal(row[column] or 0) for row in rows) for column in (5, 6))
    assert (debits, debits > 0) == (credits_, True)
    # Bought for 401.25 with its fee; 0.004 of 0.01 were sold, and 0.0001 paid the fee of the transfer.
    assert ("Assets:At cost:BTC", "236.74", "") in [(row[4], row[5], row[6]) for row in rows]


def test_journals_of_xero_sum_to_zero_and_every_code_is_in_the_chart() -> None:
    made = books(*LIFE)
    (rows,) = xero.tables(made)

    assert sum(Decimal(row[5]) for row in rows) == 0
    assert {row[3] for row in rows} == {row[0] for row in xero.accounts(made)}
    assert all(len(row[3]) <= 10 for row in rows)


def test_months_keep_each_account_within_half_a_cent() -> None:
    made = books(*LIFE)
    posted: dict[tuple[str, ...], Decimal] = {}
    for month in months(made):
        for line in month.lines:
            posted[line.account] = posted.get(line.account, Decimal(0)) + line.amount

    exact = sums(posting for one in made.journals for posting in one.postings)
    gains = exact[("Income", "Realised-Gains"), "usd"]
    assert abs(posted["Income", "Realised-Gains"] - gains) <= Decimal("0.005")
    assert sum(posted.values()) == 0


def test_a_file_never_has_more_rows_than_a_program_takes_and_no_journal_is_divided() -> None:
    (month,) = months(books(*LIFE))
    size = len(month.lines)

    assert [len(one) for one in files([month] * 5, 2 * size)] == [2, 2, 1]
    with pytest.raises(RefusedError, match=f"{size} lines, and a file may have {size - 1}"):
        list(files([month], size - 1))


def test_books_without_entries_are_an_empty_file() -> None:
    empty = Books("usd", {"usd": "USD"}, ())

    assert (quickbooks.tables(empty), xero.tables(empty)) == ([], [])
    assert "2024" not in beancount.text(empty)
