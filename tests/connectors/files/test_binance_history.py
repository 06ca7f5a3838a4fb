"""Tests of Binance's transaction history CSV."""

from __future__ import annotations

import pytest

from app.core.errors import InputError
from tests.connectors.files.conftest import Read
from tests.connectors.files.legs import entries

QUOTED = """"User_ID","UTC_Time","Account","Operation","Coin","Change","Remark"
"123","2023-02-18 10:11:12","Spot","Deposit","USDT","1000.00000000",""
"123","2023-02-19 10:11:12","Spot","Buy","BTC","0.01000000",""
"123","2023-02-19 10:11:12","Spot","Transaction Related","USDT","-240.00000000",""
"123","2023-02-19 10:11:12","Spot","Fee","BNB","-0.00050000",""
"123","2023-02-20 10:11:12","Spot","Simple Earn Flexible Subscription","USDT","-100.00000000",""
"123","2023-02-20 10:11:12","Earn","Simple Earn Flexible Subscription","USDT","100.00000000",""
"123","2023-02-21 10:11:12","Spot","Savings purchase","USDT","-50.00000000",""
"123","2023-02-21 10:11:12","Spot","Savings purchase","LDUSDT","50.00000000",""
"123","2023-02-22 10:11:12","Earn","Simple Earn Flexible Interest","USDT","0.01000000",""
"123","2023-02-23 10:11:12","Spot","Small Assets Exchange BNB","LDO","-1.00000000",""
"123","2023-02-23 10:11:12","Spot","Small Assets Exchange BNB","BNB","0.00700000",""
"123","2023-02-24 10:11:12","Spot","Withdraw","USDT","-200.00000000","Withdraw fee is included"
"123","2023-02-25 10:11:12","Spot","Fee","BNB","0.00010000",""
"""


def heading_and(*rows: str) -> str:
    """Return an unquoted file."""
    return "\n".join(["User_ID,UTC_Time,Account,Operation,Coin,Change,Remark", *rows])


def test_rows_of_one_second_are_one_event_without_an_id(read: Read) -> None:
    page = read("binance-history", QUOTED)

    assert entries(page) == [
        "2023-02-18T10:11:12Z deposit spot/tether:1000:principal [history:]",
        "2023-02-19T10:11:12Z trade spot/bitcoin:0.01:principal spot/tether:-240:principal spot/bnb:-0.0005:fee [history:]",
        "2023-02-20T10:11:12Z move spot/tether:-100:principal earn/tether:100:principal [history:]",
        "2023-02-21T10:11:12Z move spot/tether:-50:principal earn/tether:50:principal [history:]",
        "2023-02-22T10:11:12Z reward earn/tether:0.01:interest [history:]",
        "2023-02-23T10:11:12Z conversion spot/lido:-1:principal spot/bnb:0.007:principal [history:]",
        "2023-02-24T10:11:12Z withdrawal spot/tether:-200:principal [history:]",
        "2023-02-25T10:11:12Z trade spot/bnb:0.0001:rebate [history:]",
    ]


def test_equal_rows_are_two_rewards(read: Read) -> None:
    row = "1,2023-02-22 10:11:12,Earn,Distribution,BNB,0.01,"

    page = read("binance-history", heading_and(row, row))

    assert len(page.candidates) == 2


def test_two_digit_years_are_read_when_only_one_order_fits_the_file(read: Read) -> None:
    page = read(
        "binance-history",
        heading_and("1,23-02-18 10:11:12,Spot,Deposit,BTC,1,", "1,23-02-28 10:11:12,Spot,Deposit,BTC,1,"),
    )

    assert [line[:20] for line in entries(page)] == ["2023-02-18T10:11:12Z", "2023-02-28T10:11:12Z"]


def test_a_date_that_can_mean_two_days_is_refused(read: Read) -> None:
    with pytest.raises(InputError) as refused:
        read("binance-history", heading_and("1,02/03/2023 10:11:12,Spot,Deposit,BTC,1,"))

    assert refused.value.line() == (
        "statement.csv: The dates can be read in more than one order of year, month and day: row 2, column UTC_Time: "
        "'02/03/2023 10:11:12' can mean 2023-02-03 or 2023-03-02. "
        "Export the file again and do not save it from a spreadsheet. Nothing was imported."
    )


def test_times_without_seconds_are_refused_because_rows_are_known_by_them(read: Read) -> None:
    with pytest.raises(InputError, match="has no seconds"):
        read("binance-history", heading_and("1,2023-02-18 10:11,Spot,Deposit,BTC,1,"))


def test_a_bad_row_takes_the_trades_of_its_second_out(read: Read) -> None:
    page = read("binance-history", QUOTED.replace('"-240.00000000"', '"minus 240"'))

    assert [line for line in entries(page) if " trade " in line] == [
        "2023-02-25T10:11:12Z trade spot/bnb:0.0001:rebate [history:]"
    ]
    assert [finding.subject for finding in page.findings] == ["statement.csv:3", "statement.csv:4", "statement.csv:5"]


def test_lines_of_totals_and_empty_lines_are_no_rows(read: Read) -> None:
    page = read(
        "binance-history", heading_and("", "1,2023-02-18 10:11:12,Spot,Deposit,BTC,1,", ",,,,,,", "Total,,,,,1,")
    )

    assert len(page.candidates) == 1
    assert list(page.findings) == []
