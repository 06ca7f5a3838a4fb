"""Tests of encodings, separators and numbers, the same for every format and size."""

from __future__ import annotations

import contextlib
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.connectors.files.faults import CellError
from app.connectors.files.numbers import DecimalMark, decimal_mark, number
from app.core.errors import InputError
from app.core.file_ports import StatementFormat
from tests.connectors.files.conftest import Read
from tests.connectors.files.legs import entries

BINANCE = 'User_ID,UTC_Time,Account,Operation,Coin,Change,Remark\n1,2023-02-18 10:11:12,Spot,Deposit,BTC,1.5,"zwölf\nZeilen"\n1,2023-02-19 10:11:12,Spot,Deposit,BTC,1,x\n'
EXPECTED = [
    "2023-02-18T10:11:12Z deposit spot/bitcoin:1.5:principal [history:]",
    "2023-02-19T10:11:12Z deposit spot/bitcoin:1:principal [history:]",
]
AS_EXCEL = BINANCE.replace("1.5,", "1;5,").replace(",", "§").replace("§", ";").replace("1;5;", "1,5;")


@pytest.mark.parametrize(
    "content",
    [
        BINANCE.encode(),
        BINANCE.encode("utf-8-sig"),
        BINANCE.encode("utf-16"),
        BINANCE.encode("utf-16-le"),
        BINANCE.encode("utf-16-be"),
        BINANCE.encode("cp1252"),
        BINANCE.replace("\n", "\r\n").encode(),
        BINANCE.replace(",", ";").encode(),
        BINANCE.replace(",", "\t").encode(),
        b"sep=;\r\n" + AS_EXCEL.encode(),
    ],
    ids=["utf-8", "bom", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "crlf", "semicolons", "tabs", "decimal-comma"],
)
def test_one_statement_in_every_dress_is_the_same(read: Read, content: bytes) -> None:
    page = read("binance-history", content)

    assert entries(page) == EXPECTED
    assert list(page.findings) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty"),
        (b"a\n1\n", "No heading with the columns utc_time, account, operation, coin, change"),
        (b"PK\x03\x04rest", "a ZIP archive or an Excel workbook"),
        (b"a,b\n1,2\n", "No heading"),
        (BINANCE.encode().replace(b"1.5", b"1\x005"), "zero byte"),
        (BINANCE.encode().replace(b"zw", b"z" * 200_000), "not readable as CSV"),
    ],
)
def test_a_file_of_another_kind_is_refused_in_words(
    formats: dict[str, StatementFormat], content: bytes, words: str
) -> None:
    with pytest.raises(InputError, match=words):
        formats["binance-history"].read(content, "statement.csv", "main")


@pytest.mark.parametrize(
    ("cell", "mark", "expected"),
    [
        ("1234.56", DecimalMark.DOT, "1234.56"),
        ("$1,234.56", DecimalMark.UNKNOWN, "1234.56"),
        ("1.234,56 €", DecimalMark.UNKNOWN, "1234.56"),
        ("-$86.00", DecimalMark.DOT, "-86.00"),
        ("USD 1'000.5", DecimalMark.DOT, "1000.5"),
        ("1,234", DecimalMark.DOT, "1234"),
        ("1,234", DecimalMark.COMMA, "1.234"),
        ("1.234", DecimalMark.UNKNOWN, "1.234"),
        ("0,5", DecimalMark.UNKNOWN, "0.5"),
        ("1,234,567", DecimalMark.UNKNOWN, "1234567"),
        ("\u22120.1", DecimalMark.DOT, "-0.1"),
        ("1.5E-8", DecimalMark.DOT, "1.5E-8"),
        ("123456789.123456789012345678", DecimalMark.DOT, "123456789.123456789012345678"),
    ],
)
def test_numbers_are_read_exactly(cell: str, mark: DecimalMark, expected: str) -> None:
    assert number(cell, "Amount", mark) == Decimal(expected)


@pytest.mark.parametrize(
    ("cell", "mark", "why"),
    [
        ("1,234", DecimalMark.UNKNOWN, "can be read with the comma as decimal mark or as thousands"),
        ("", DecimalMark.DOT, "is empty where a number is due"),
        ("NaN", DecimalMark.DOT, "is not a number"),
        ("1e400", DecimalMark.DOT, "is not a number"),
        ("12,34,5.6", DecimalMark.UNKNOWN, "has separators that are no thousands"),
        ("0,5", DecimalMark.DOT, "does not fit the decimal mark '.' of the other rows"),
    ],
)
def test_a_number_that_can_mean_two_is_refused(cell: str, mark: DecimalMark, why: str) -> None:
    with pytest.raises(CellError) as refused:
        number(cell, "Amount", mark)

    assert refused.value.why == why


@given(
    st.lists(
        st.decimals(allow_nan=False, allow_infinity=False, places=8, min_value=-(10**15), max_value=10**15), min_size=1
    )
)
def test_a_number_written_in_either_dress_is_the_same(values: list[Decimal]) -> None:
    english = [f"{value:,f}" for value in values]
    german = [text.replace(",", "_").replace(".", ",").replace("_", ".") for text in english]

    assert [number(cell, "x", decimal_mark(english)) for cell in english] == values
    assert [number(cell, "x", decimal_mark(german)) for cell in german] == values


@given(st.binary(max_size=300))
def test_no_bytes_make_a_format_fail_in_an_unnamed_way(formats: dict[str, StatementFormat], content: bytes) -> None:
    for found in formats.values():
        found.recognises(content)
        with contextlib.suppress(InputError):
            found.read(BINANCE.encode()[:55] + content, "statement.csv", "main")


def test_a_hundred_thousand_rows_are_read_whole(formats: dict[str, StatementFormat]) -> None:
    rows = [
        f"1,2023-02-{1 + n // 5000:02d} {n // 3600 % 24:02d}:{n // 60 % 60:02d}:{n % 60:02d},Spot,Deposit,BTC,0.{n:08d}1,"
        for n in range(100_000)
    ]
    content = "\n".join(["User_ID,UTC_Time,Account,Operation,Coin,Change,Remark", *rows]).encode()

    page = formats["binance-history"].read(content, "big.csv", "main")

    assert len(page.candidates) == 100_000
