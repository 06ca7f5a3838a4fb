"""Tests of Kraken's ledgers CSV."""

from __future__ import annotations

import pytest

from app.core.errors import InputError
from tests.connectors.files.conftest import Read
from tests.connectors.files.legs import entries

OLD = """"txid","refid","time","type","aclass","asset","amount","fee","balance"
"L1","R1","2019-01-02 03:04:05","deposit","currency","ZEUR",1000.0000,0.0000,1000.0000
"L2","T1","2019-01-03 03:04:05","trade","currency","ZEUR",-300.0000,0.7800,699.2200
"L3","T1","2019-01-03 03:04:05","trade","currency","XXBT",0.1000000000,0.0000000000,0.1000000000
"""
NEW = """"txid","refid","time","type","subtype","aclass","subclass","asset","wallet","amount","fee","balance"
"","W1","2024-05-01 10:00:00","withdrawal","","currency","crypto","BTC","spot / main",-0.0500000000,0.0000200000,""
"L4","W1","2024-05-01 10:00:01","withdrawal","","currency","crypto","BTC","spot / main",-0.0500000000,0.0000200000,0.0499800000
"L5","E1","2024-05-02 00:00:00","earn","allocation","currency","crypto","DOT","spot / main",-10.0000000000,0,0
"L6","E1","2024-05-02 00:00:00","earn","allocation","currency","crypto","DOT","earn / bonded",10.0000000000,0,10
"L7","E2","2024-05-09 00:00:00","earn","reward","currency","crypto","DOT","earn / bonded",0.0123456789,0.0012345678,10
"L8","S1","2024-05-10 00:00:00.1234","staking","","currency","crypto","ETH2.S","",0.0001,0,1
"L9","S2","2024-05-10 01:00:00","transfer","spottostaking","currency","crypto","DOT28.S","",5,0,5
"""


def test_rows_of_one_refid_are_one_event(read: Read) -> None:
    page = read("kraken-ledgers", OLD)

    assert entries(page) == [
        "2019-01-02T03:04:05Z deposit spot/eur:1000:principal [ledger:R1]",
        "2019-01-03T03:04:05Z trade spot/eur:-300:principal spot/eur:-0.78:fee spot/bitcoin:0.1:principal [ledger:T1]",
    ]


def test_the_newest_heading_tells_spot_from_earn(read: Read) -> None:
    page = read("kraken-ledgers", NEW)

    assert entries(page) == [
        "2024-05-01T10:00:01Z withdrawal spot/bitcoin:-0.05:principal spot/bitcoin:-0.00002:fee [ledger:W1]",
        "2024-05-02T00:00:00Z move spot/polkadot:-10:principal earn/polkadot:10:principal [ledger:E1]",
        "2024-05-09T00:00:00Z reward earn/polkadot:0.0123456789:interest earn/polkadot:-0.0012345678:fee [ledger:E2]",
        "2024-05-10T00:00:00.1234Z reward staked/ethereum:0.0001:interest [ledger:S1]",
        "2024-05-10T01:00:00Z move staked/polkadot:5:principal [ledger:S2]",
    ]


def test_a_bad_row_takes_its_whole_event_out_and_leaves_the_others(read: Read) -> None:
    page = read("kraken-ledgers", OLD.replace("0.1000000000,0.0000000000,", "0.1x,0.0000000000,"))

    assert entries(page) == ["2019-01-02T03:04:05Z deposit spot/eur:1000:principal [ledger:R1]"]
    assert [finding.message for finding in page.findings] == [
        "Row 3, column refid: 'T1' belongs to an event with a row that cannot be read.",
        "Row 4, column amount: '0.1x' is not a number.",
    ]


def test_a_file_without_one_good_row_is_refused_naming_each(read: Read) -> None:
    text = "\n".join(
        [
            OLD.splitlines()[0],
            '"L1","R1","yesterday","deposit","currency","ZEUR",1,0,1',
            '"L2","R2","2019-13-01 00:00:00","deposit","currency","ZEUR",1,0,1',
        ]
    )

    with pytest.raises(InputError) as refused:
        read("kraken-ledgers", text)

    assert refused.value.line() == (
        "statement.csv: None of the 2 rows can be read: row 2, column time: 'yesterday' is not a moment such as 2026-01-31 23:59:59; "
        "row 3, column time: '2019-13-01 00:00:00' is not a date. Nothing was imported."
    )


def test_an_unknown_type_counts_and_is_named(read: Read) -> None:
    page = read("kraken-ledgers", OLD.replace('"deposit"', '"novelty"'))

    assert entries(page)[0] == "2019-01-02T03:04:05Z other spot/eur:1000:principal [ledger:R1]"
    assert [(finding.code, finding.subject) for finding in page.findings] == [
        ("unknown-operation", "statement.csv:novelty")
    ]


def test_the_row_of_an_entry_is_its_line_in_the_file(read: Read) -> None:
    page = read("kraken-ledgers", OLD)

    assert [page.content.splitlines()[candidate.row][:4] for candidate in page.candidates] == [b'"L1"', b'"L2"']


def test_files_that_were_put_together_give_each_event_once(read: Read) -> None:
    page = read("kraken-ledgers", OLD + OLD)

    assert (entries(page), page.findings) == (entries(read("kraken-ledgers", OLD)), [])


def test_a_ledger_id_that_comes_back_with_other_words_takes_its_event_out(read: Read) -> None:
    page = read("kraken-ledgers", OLD + '"L2","T1","2019-01-03 03:04:05","trade","currency","ZEUR",-400.0000,0,0\n')

    assert entries(page) == ["2019-01-02T03:04:05Z deposit spot/eur:1000:principal [ledger:R1]"]
    assert (
        page.findings[-1].message == "Row 5, column txid: 'L2' is the id of a row before it that says something else."
    )
