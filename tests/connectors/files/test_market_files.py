"""Files of prices and of holdings: long, wide, packed, Parquet, and what is wrong with them."""

from __future__ import annotations

import gzip
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from app.connectors.files.market_files import MarketFiles
from app.core.clock import DAY
from app.core.errors import InputError
from app.core.model.market_files import HeldLine

FIRST = 18_262 * DAY
"""2020-01-01."""


def written(folder: Path, text: str, name: str = "prices.csv") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_a_long_table_and_a_wide_one_give_the_same_closes(tmp_path: Path) -> None:
    long = written(tmp_path, "date,asset,close\n2020-01-01,BTC,7200.5\n2020-01-02,BTC,6985\n2020-01-02,ETH,127.4\n")
    wide = written(tmp_path, "Date,BTC,ETH\n2020-01-01,7200.5,\n2020-01-02,6985,127.4\n", "wide.csv")
    expected = {"BTC": [(FIRST, 7200.5), (FIRST + DAY, 6985.0)], "ETH": [(FIRST + DAY, 127.4)]}
    assert expected == MarketFiles().prices(long).histories
    assert expected == MarketFiles().prices(wide).histories


def test_other_columns_of_a_candle_table_take_no_part(tmp_path: Path) -> None:
    path = written(tmp_path, "symbol,date,open,high,low,close,volume\nBTC,2020-01-01,1,9,1,7200.5,3\n")
    assert MarketFiles().prices(path).histories == {"BTC": [(FIRST, 7200.5)]}


def test_a_packed_file_is_read_as_what_is_in_it(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv.gz"
    path.write_bytes(gzip.compress(b"date,asset,close\n2020-01-01,BTC,7200.5\n"))
    assert MarketFiles().prices(path).histories == {"BTC": [(FIRST, 7200.5)]}


def test_a_parquet_file_is_read_with_its_times_in_utc(tmp_path: Path) -> None:
    path = tmp_path / "prices.parquet"
    times = pa.array([FIRST // 1000, (FIRST + DAY) // 1000], pa.timestamp("us", tz="UTC"))
    parquet.write_table(pa.table({"BTC": [7200.5, float("nan")], "ETH": [130.0, 127.4], "time": times}), path)
    expected = {"BTC": [(FIRST, 7200.5)], "ETH": [(FIRST, 130.0), (FIRST + DAY, 127.4)]}
    assert expected == MarketFiles().prices(path).histories


def test_seconds_milliseconds_and_times_with_a_zone_are_one_moment(tmp_path: Path) -> None:
    text = "time,asset,close\n1577836800,A,1\n1577836800000,B,1\n2020-01-01T01:00:00+01:00,C,1\n"
    found = MarketFiles().prices(written(tmp_path, text)).histories
    assert found == {"A": [(FIRST, 1.0)], "B": [(FIRST, 1.0)], "C": [(FIRST, 1.0)]}


def test_cells_that_cannot_be_read_are_told_with_their_rows_and_the_rest_is_taken(tmp_path: Path) -> None:
    text = "date,asset,close\n2020-01-01,BTC,7200\n2020-01-02,BTC,n/a\nsoon,BTC,3\n2020-01-03,BTC,\n"
    found = MarketFiles().prices(written(tmp_path, text))
    assert found.histories == {"BTC": [(FIRST, 7200.0)]}
    assert [one.message for one in found.findings] == [
        "1 rows: what should be read has no time that can be read: row 4: 'soon'.",
        "1 rows of BTC: what should be read is no number: row 3: 'n/a'.",
        "1 rows of BTC have no close.",
    ]


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("", "The file is empty."),
        ("asset,close\nBTC,1\n", "The columns asset, close name no time."),
        ("date,asset,close\nsoon,BTC,1\n", "No price can be read: row 2: 'soon'."),
    ],
)
def test_a_file_without_prices_is_refused_with_what_is_missing(tmp_path: Path, text: str, fact: str) -> None:
    with pytest.raises(InputError) as refused:
        MarketFiles().prices(written(tmp_path, text))
    assert fact == refused.value.message


def test_a_damaged_packed_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "prices.csv.gz"
    path.write_bytes(gzip.compress(b"date,asset,close\n" * 100)[:-12])
    with pytest.raises(InputError, match="cannot be unpacked"):
        MarketFiles().prices(path)


def test_holdings_are_exact_and_know_their_places(tmp_path: Path) -> None:
    path = written(
        tmp_path, "asset,quantity,venue,issuer,kind\nBTC,1.234567890123456789,kraken,,\nUSDT,-5,,tether,debt\n"
    )
    expected = [
        HeldLine("BTC", Decimal("1.234567890123456789"), "kraken"),
        HeldLine("USDT", Decimal(-5), issuer="tether", kind="debt"),
    ]
    assert expected == MarketFiles().holdings(path)


def test_a_bad_line_of_holdings_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        MarketFiles().holdings(written(tmp_path, "asset,quantity\nBTC,1\nETH,many\n"))
    assert refused.value.message == "Row 3 has the quantity 'many'."
