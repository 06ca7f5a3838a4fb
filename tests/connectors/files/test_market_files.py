"""Files of prices and of holdings: long, wide, packed, Parquet, and what is wrong with them."""

from __future__ import annotations

import gzip
import math
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from app.connectors.files.market_courses import thinned
from app.connectors.files.market_files import MarketFiles
from app.core.clock import DAY
from app.core.errors import InputError
from app.core.model.market_files import HeldLine
from app.core.risk.prices import prices

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
    path = written(tmp_path, "symbol,date,open,high,low,close,volume\nBTC,2020-01-01,7100,7300,7000,7200.5,3\n")
    assert MarketFiles().prices(path).histories == {"BTC": [(FIRST, 7200.5)]}


def test_money_that_changed_hands_is_told_where_the_file_says_what_it_counts(tmp_path: Path) -> None:
    money = "date,asset,close,volume,quote_volume\n2020-01-01,BTC,100,3,310\n2020-01-01,ETH,10,1,\n"
    units = "date,asset,close,base_volume\n2020-01-01,BTC,100,3\n"
    bare = "date,asset,close,volume\n2020-01-01,BTC,100,3\n"
    found = [MarketFiles().prices(written(tmp_path, text)).turnover for text in (money, units, bare)]

    assert found == [{"BTC": [(FIRST, 310.0)]}, {"BTC": [(FIRST, 300.0)]}, {}]


def test_a_volume_that_is_none_is_told_and_the_price_beside_it_taken(tmp_path: Path) -> None:
    rows = "2020-01-01,BTC,100,-5\n2020-01-02,BTC,101,many\n2020-01-03,BTC,102,1e400\n"
    found = MarketFiles().prices(written(tmp_path, f"date,asset,close,quote_volume\n{rows}"))

    assert (found.turnover, len(found.histories["BTC"])) == ({}, 3)
    assert [(one.code, one.asset) for one in found.findings] == [("price-volume-unreadable", "BTC")]


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
        "1 row: what should be read has no time that can be read: row 4: 'soon'.",
        "1 row of BTC: what should be read is no number: row 3: 'n/a'.",
        "1 row of BTC has no close.",
    ]


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("", "The file is empty."),
        ("asset,close\nBTC,1\n", "The columns asset, close name no time."),
        ("date,asset,close\nsoon,BTC,1\n", "No price can be read: row 2: 'soon' has no time that can be read."),
        (
            "date,asset,high,low,close\n2026-01-01,BTC,2,1,9\n",
            "No price can be read: row 2: 9 is outside of high and low.",
        ),
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
    assert refused.value.message == "Row 3 has the quantity 'many': it is not a number."


def test_names_in_two_forms_of_the_same_letters_are_one_asset(tmp_path: Path) -> None:
    composed, apart = "\u00dcnit", "U\u0308nit"
    prices = MarketFiles().prices(written(tmp_path, f"date,asset,close\n2020-01-01,{apart},1\n"))
    held = MarketFiles().holdings(written(tmp_path, f"asset,quantity\n{composed},5\n", "held.csv"))
    assert list(prices.histories) == [held[0].asset]


@pytest.mark.parametrize(
    "word",
    [
        "20200101",
        "1577836800",
        "1577836800.0",
        "1577836800000000",
        "1577836800000000000",
        "2020-01-01 00:00:00 UTC",
        "2020/01/01",
        "2020/1/1",
        '"Jan 01, 2020"',
        "01-Jan-2020",
        "1 January 2020",
        "2019-12-31T19:00-05:00",
    ],
)
def test_a_day_is_the_same_however_it_is_written(tmp_path: Path, word: str) -> None:
    found = MarketFiles().prices(written(tmp_path, f"date,asset,close\n{word},BTC,1\n"))
    assert found.histories == {"BTC": [(FIRST, 1.0)]}


@pytest.mark.parametrize("word", ["43831", "0", "1.57784E+12", "9999-12-31", "0001-01-01", "2020-13-01", "20201301"])
def test_what_is_no_certain_day_is_never_taken_for_one(tmp_path: Path, word: str) -> None:
    """A spreadsheet's number of a day would be a morning of 1970."""
    found = MarketFiles().prices(written(tmp_path, f"date,asset,close\n2020-01-01,BTC,1\n{word},BTC,2\n"))
    assert found.histories == {"BTC": [(FIRST, 1.0)]}
    assert [one.code for one in found.findings] == ["price-row-unreadable"]


def test_the_order_of_day_and_month_is_what_the_whole_file_proves(tmp_path: Path) -> None:
    american = written(tmp_path, "date,asset,close\n01/02/2020,BTC,1\n01/13/2020,BTC,2\n")
    european = written(tmp_path, "date,asset,close\n02.01.2020,BTC,1\n13.01.2020,BTC,2\n", "european.csv")
    expected = {"BTC": [(FIRST + DAY, 1.0), (FIRST + 12 * DAY, 2.0)]}
    assert expected == MarketFiles().prices(american).histories
    assert expected == MarketFiles().prices(european).histories


def test_days_and_months_that_could_be_swapped_are_refused_with_a_way_out(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No price can be read") as refused:
        MarketFiles().prices(written(tmp_path, "date,asset,close\n01/02/2020,BTC,1\n"))
    assert "could be swapped" in refused.value.hint


@pytest.mark.parametrize(
    "rows",
    [
        "date;asset;close\n2020-01-01;BTC;7200,5\n",
        "date;asset;close\n2020-01-01;BTC;7.200,50\n",
        "date;asset;close\n2020-01-01;BTC;7200.5\n",
        "date\tasset\tclose\n2020-01-01\tBTC\t7200.5\n",
        'date,asset,close\n2020-01-01,BTC,"7,200.50"\n',
        'date,asset,close\n2020-01-01,BTC,"$7,200.50"\n',
        "Prices of a venue\n\ndate,asset,close\n2020-01-01,BTC,7200.5\n",
        "\ufeffdate,asset,close\r\n2020-01-01,BTC,7200.5\r\n",
        ",BTC\n2020-01-01,7200.5\n",
    ],
)
def test_separators_and_marks_of_any_spreadsheet_give_the_same_price(tmp_path: Path, rows: str) -> None:
    assert MarketFiles().prices(written(tmp_path, rows)).histories == {"BTC": [(FIRST, 7200.5)]}


def test_thousands_of_a_file_with_decimal_commas_are_no_decimals(tmp_path: Path) -> None:
    rows = "date;asset;close\n2020-01-01;BTC;7.200\n2020-01-02;BTC;6.985,25\n"
    assert MarketFiles().prices(written(tmp_path, rows)).histories == {"BTC": [(FIRST, 7200.0), (FIRST + DAY, 6985.25)]}


def test_a_comma_that_could_mean_two_things_is_no_price(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="'10,066'"):
        MarketFiles().prices(written(tmp_path, 'date,asset,close\n2020-01-01,BTC,"10,066"\n'))


@pytest.mark.parametrize("word", ["1_000", "0x10", "nan", "inf", "########", "#REF!", "2-Jan"])
def test_what_only_a_programming_language_reads_is_no_price(tmp_path: Path, word: str) -> None:
    found = MarketFiles().prices(written(tmp_path, f"date,asset,close\n2020-01-01,BTC,1\n2020-01-02,BTC,{word}\n"))
    assert found.histories == {"BTC": [(FIRST, 1.0)]}
    assert [one.code for one in found.findings] == ["price-cell-unreadable"]


def test_a_row_that_a_thousands_comma_split_is_told_and_not_read_as_a_smaller_price(tmp_path: Path) -> None:
    rows = "date,asset,close\n2020-01-01,BTC,7200.5\n2020-01-02,BTC,6,985.25\n"
    found = MarketFiles().prices(written(tmp_path, rows))
    assert found.histories == {"BTC": [(FIRST, 7200.5)]}
    assert "has more than 3 cells: row 3" in found.findings[0].message


def test_a_close_outside_of_high_and_low_is_held_out(tmp_path: Path) -> None:
    rows = "symbol,date,high,low,close\nBTC,2020-01-01,7300,7000,7200\nBTC,2020-01-02,7000,7300,7200\n"
    rows += "BTC,2020-01-03,7300,7000,6900\nBTC,2020-01-04,7300,7000,7400\n"
    found = MarketFiles().prices(written(tmp_path, rows))
    assert found.histories == {"BTC": [(FIRST, 7200.0)]}
    assert [one.code for one in found.findings] == ["price-crossed"]


def venues(*days: tuple[float, ...]) -> str:
    rows = [
        f"2020-01-{day:02d},BTC,{venue},{close}"
        for day, closes in enumerate(days, 1)
        for venue, close in zip(("binance", "coinbase", "kraken"), closes, strict=False)
    ]
    return "\n".join(["date,asset,venue,close", *rows])


def test_a_venue_that_is_a_quarter_off_on_the_last_day_is_named_and_no_price(tmp_path: Path) -> None:
    found = MarketFiles().prices(written(tmp_path, venues((100, 101, 102), (100, 101, 125))))
    assert found.histories == {"BTC": [(FIRST, 101.0), (FIRST + DAY, 100.5)]}
    assert "left out: kraken at 125" in found.findings[0].message


def test_of_two_venues_the_one_is_believed_that_the_days_around_speak_for(tmp_path: Path) -> None:
    found = MarketFiles().prices(written(tmp_path, venues((100, 100), (125, 100), (100, 100))))
    assert [close for _, close in found.histories["BTC"]] == [100.0, 100.0, 100.0]
    assert [one.code for one in found.findings] == ["price-venue-apart"]


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("date,close\n2020-01-01,1\n", "None of the columns date, close has the asset, such as asset or symbol."),
        (
            "date,symbol,volume\n2020-01-01,BTC,1\n",
            "None of the columns date, symbol, volume has prices: close or price.",
        ),
        (
            'date,asset,close\n2020-01-01,"BTC,1\n',
            "From row 2 on the file cannot be read as CSV: unexpected end of data.",
        ),
        ("date,asset,close\n2020-01-01,B\0C,1\n", "The file holds a zero byte at character 29, so it is no text file."),
        ("PK\x03\x04", "The file is a ZIP archive or an Excel workbook. Unpack it, or save the sheet as CSV."),
    ],
)
def test_a_file_of_another_kind_is_refused_with_what_it_is(tmp_path: Path, text: str, fact: str) -> None:
    with pytest.raises(InputError) as refused:
        MarketFiles().prices(written(tmp_path, text))
    assert fact == refused.value.message


def test_a_frame_whose_index_has_no_name_is_read_by_its_only_column_of_moments(tmp_path: Path) -> None:
    path = tmp_path / "prices.parquet"
    times = pa.array([FIRST + 1, FIRST + DAY], pa.timestamp("ns"))
    parquet.write_table(pa.table({"BTC": pa.array([1.5, None], pa.float32()), "__index_level_0__": times}), path)
    assert MarketFiles().prices(path).histories == {"BTC": [(FIRST, 1.5)]}


@pytest.mark.parametrize("word", ["1e300", "nan", "1,500", ""])
def test_a_quantity_that_is_none_is_refused_with_its_row(tmp_path: Path, word: str) -> None:
    with pytest.raises(InputError, match=f"Row 2 has the quantity '{word}'"):
        MarketFiles().holdings(written(tmp_path, f'asset,quantity\nBTC,"{word}"\n'))


def test_holdings_with_decimal_commas_are_exact(tmp_path: Path) -> None:
    found = MarketFiles().holdings(written(tmp_path, "asset;quantity\nBTC;1,5\nETH;1.234,5\n"))
    assert [one.quantity for one in found] == [Decimal("1.5"), Decimal("1234.5")]


def test_a_year_of_minutes_is_kept_as_its_closes_and_its_last_points(tmp_path: Path) -> None:
    step = DAY // 24
    rows = [f"{(FIRST + hour * step) // 10**9},{100 + hour},{0 if hour == 30 else 1}" for hour in range(24 * 200)]
    found = MarketFiles().prices(written(tmp_path, "\n".join(["time,A,B", *rows]))).histories
    closes = {at // DAY: close for at, close in found["A"]}

    assert len(found["A"]) < 24 * 200 / 2
    assert closes == {FIRST // DAY + day: 100.0 + 24 * day + 23 for day in range(200)}
    assert [at for at, close in found["B"] if close == 0] == [FIRST + 30 * step]
    assert [at % DAY // step for at, _ in found["A"][-24:]] == list(range(24))


@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.sampled_from([0.0, -1.0, math.inf, 1.0, 2.0, 3.0])),
        max_size=700,
        unique_by=lambda point: point[0],
    ),
    st.lists(st.integers(0, 23), min_size=300, max_size=300),
)
def test_thinning_changes_no_close(days: list[tuple[int, float]], hours: list[int]) -> None:
    points = [
        (day * DAY + hour * (DAY // 24), price + hour)
        for place, (day, price) in enumerate(days)
        for hour in sorted(set(hours[place : place + 9]), reverse=bool(place % 2))
    ] + [(90 * DAY + place, 5.0) for place in range(200)]

    assert np.array_equal(prices({"a": thinned(points)}).closes, prices({"a": points}).closes, equal_nan=True)


def test_rows_that_come_twice_are_traded_once_and_venues_are_added_up(tmp_path: Path) -> None:
    rows = ["2020-01-01,BTC,kraken,100,7", "2020-01-01,BTC,kraken,100,7", "2020-01-01,BTC,binance,100,5"]
    path = written(tmp_path, "\n".join(["date,asset,venue,close,quote_volume", *rows]))
    assert MarketFiles().prices(path).turnover == {"BTC": [(FIRST, 12.0)]}
