"""Tests of Coinbase's transaction report CSV."""

from __future__ import annotations

from decimal import Decimal

from app.core.ledger.entries import Stated
from tests.connectors.files.conftest import Read
from tests.connectors.files.legs import entries

NEW = """
Transactions
User,Jane Doe,0b1c2d3e-0000-0000-0000-000000000000
ID,Timestamp,Transaction Type,Asset,Quantity Transacted,Price Currency,Price at Transaction,Subtotal,Total (inclusive of fees and/or spread),Fees and/or Spread,Notes
aaa1,2024-01-31 10:20:30 UTC,Deposit,USD,5000,USD,$1.00,$5000.00,$5000.00,$0.00,Deposit from Bank
aaa2,2024-02-01 10:20:30 UTC,Buy,BTC,0.05,USD,"$42,000.00","$2,100.00","$2,130.99",$30.99,"Bought 0.05 BTC for $2,130.99 USD"
aaa3,2024-02-02 10:20:30 UTC,Advanced Trade Sell,BTC,-0.01,USD,"$43,000.10","$430.00","$428.28",$1.72,Sold 0.01 BTC for 430.001 USD on BTC-USD at 43000.1 USD/BTC
aaa4,2024-02-03 10:20:30 UTC,Convert,ETH,-0.5,USD,"$2,300.00","$1,150.00","$1,150.00",$0.00,Converted 0.5 ETH to 0.02612 BTC
aaa5,2024-02-03 10:20:30 UTC,Convert,BTC,0.02612,USD,"$44,000.00","$1,150.00","$1,150.00",$0.00,Converted 0.5 ETH to 0.02612 BTC
aaa6,2024-02-04 10:20:30 UTC,Staking Income,ETH2,0.000123,USD,$2300.00,$0.28,$0.28,$0.00,
aaa7,2024-02-05 10:20:30 UTC,Send,BTC,-0.002,USD,$43000.00,-$86.00,-$86.00,$0.00,Sent 0.002 BTC
"""
OLD = """You can use this transaction report to inform your likely tax obligations.

Timestamp,Transaction Type,Asset,Quantity Transacted,Spot Price Currency,Spot Price at Transaction,Subtotal,Total (inclusive of fees and/or spread),Fees and/or Spread,Notes
2021-03-04T05:06:07Z,Sell,BTC,0.1,EUR,40000.00,4000.00,3960.00,40.00,Sold 0.1 BTC
2021-03-05T05:06:07Z,Advance Trade Buy,ETH,2,EUR,1500.00,3000.00,3015.00,15.00,
"""
OLDEST = """Timestamp,Transaction Type,Asset,Quantity Transacted,USD Spot Price at Transaction,USD Subtotal,USD Total (inclusive of fees),USD Fees,Notes
2019-03-04T05:06:07Z,Coinbase Earn,XLM,12.5,0.10,,,,Received 12.5 XLM
2019-03-05T05:06:07Z,Buy,BTC,0.5,4000,2000,2010,10,Bought
"""


def test_the_newest_report_keeps_the_ids_that_the_interface_has(read: Read) -> None:
    page = read("coinbase", NEW)

    assert entries(page) == [
        "2024-01-31T10:20:30Z deposit spot/usd:5000:principal [transaction:aaa1]",
        "2024-02-01T10:20:30Z trade spot/bitcoin:0.05:principal [transaction:aaa2]",
        "2024-02-02T10:20:30Z trade spot/bitcoin:-0.01:principal spot/usd:430.001:principal spot/usd:-1.72:fee [transaction:]",
        "2024-02-03T10:20:30Z conversion spot/ethereum:-0.5:principal spot/bitcoin:0.02612:principal [transaction:]",
        "2024-02-04T10:20:30Z reward staked/ethereum:0.000123:interest [transaction:aaa6]",
        "2024-02-05T10:20:30Z withdrawal spot/bitcoin:-0.002:principal [transaction:aaa7]",
    ]
    assert list(page.findings) == []


def test_the_value_that_the_report_states_is_kept(read: Read) -> None:
    page = read("coinbase", NEW)

    assert page.candidates[1].entry.stated == Stated(Decimal("2130.99"), "usd")


def test_older_reports_have_no_ids(read: Read) -> None:
    page = read("coinbase", OLD)

    assert entries(page) == [
        "2021-03-04T05:06:07Z trade spot/bitcoin:-0.1:principal [transaction:]",
        "2021-03-05T05:06:07Z trade spot/ethereum:2:principal spot/eur:-3000:principal spot/eur:-15:fee [transaction:]",
    ]


def test_the_oldest_report_names_its_currency_in_the_heading(read: Read) -> None:
    page = read("coinbase", OLDEST)

    assert [candidate.entry.stated for candidate in page.candidates] == [None, Stated(Decimal(2010), "usd")]


def test_a_conversion_that_does_not_say_into_what_is_named(read: Read) -> None:
    page = read("coinbase", NEW.replace("Converted 0.5 ETH to 0.02612 BTC", "Converted"))

    assert [finding.message for finding in page.findings] == [
        "Row 8, column Notes: 'Converted' does not say what was converted to what, as in 'Converted 1 ETH to 0.05 BTC'.",
    ]
