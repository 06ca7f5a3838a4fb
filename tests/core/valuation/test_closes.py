"""Daily closes of several sources: one price, what was left out and why, gaps where nothing can be defended."""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.money import SHARES
from app.core.valuation.closes import Close, LeftOut, closes

D = Decimal
EPOCH = date(1970, 1, 1)
QUIET = {day: D(100 + day % 3) for day in range(10)}


def with_day(day: int, price: str) -> dict[int, Decimal]:
    return {**QUIET, day: D(price)}


def shifted(share: str) -> dict[int, Decimal]:
    return {day: price * D(share) for day, price in QUIET.items()}


def test_sources_that_agree_give_their_median_and_their_spread() -> None:
    found = closes({"kraken": {5: D(100)}, "binance": {5: D(101)}, "coinbase": {5: D("100.5")}})

    assert found == {5: Close(D("100.5"), ("binance", "coinbase", "kraken"), SHARES.divide(D(1), D("100.5")))}


def test_a_source_that_lies_for_a_day_is_left_out_and_named() -> None:
    found = closes({"binance": QUIET, "coinbase": shifted("1.001"), "kraken": with_day(4, "126.25")})

    assert found[4].price == D("101.0505")
    assert found[4].sources == ("binance", "coinbase")
    assert found[4].left_out == (LeftOut("kraken", D("126.25"), "stands apart from the others"),)
    assert all(not one.left_out for day, one in found.items() if day != 4)


def test_of_two_sources_the_one_that_follows_the_days_around_is_believed() -> None:
    found = closes({"binance": with_day(4, "126.25"), "kraken": shifted("1.001")})

    assert (found[4].price, found[4].sources) == (D("101.101"), ("kraken",))
    assert found[4].left_out == (
        LeftOut("binance", D("126.25"), "stands apart from kraken and from the days around it"),
    )


def test_a_lie_of_several_days_is_held_against_days_on_which_all_agreed() -> None:
    lying = {**QUIET, **{day: QUIET[day] * D("1.25") for day in (4, 5, 6)}}
    found = closes({"binance": lying, "kraken": QUIET})

    assert [found[day].price for day in (4, 5, 6)] == [QUIET[day] for day in (4, 5, 6)]


def test_two_sources_of_which_nothing_tells_the_right_one_leave_a_gap() -> None:
    found = closes({"binance": {7: D(100)}, "kraken": {7: D(125)}})

    assert (found[7].price, found[7].sources) == (None, ())
    assert [one.source for one in found[7].left_out] == ["binance", "kraken"]


def test_three_sources_without_a_majority_leave_a_gap() -> None:
    found = closes({"binance": {7: D(100)}, "coinbase": {7: D(110)}, "kraken": {7: D(125)}})

    assert found[7].price is None
    assert {one.why for one in found[7].left_out} == {"no majority of the sources agrees"}


def test_a_bad_print_of_a_lone_source_is_a_gap_and_a_crash_is_not() -> None:
    assert closes({"binance": with_day(4, "1010")})[4].price is None
    assert closes({"binance": with_day(4, "10.1")})[4].price is None
    crash = {**QUIET, **{day: D(45) for day in range(5, 10)}}
    assert [one.price for one in closes({"binance": crash}).values()] == list(crash.values())


def test_zero_and_negative_prices_and_no_numbers_are_no_prices() -> None:
    for price in ("0", "-3", "NaN", "Infinity"):
        found = closes({"binance": with_day(4, price), "kraken": QUIET})

        assert (found[4].price, found[4].sources) == (QUIET[4], ("kraken",))
        assert [(one.source, one.why) for one in found[4].left_out] == [("binance", "is no price")]


PRICES = st.decimals(D("0.00001"), D(100_000), allow_nan=False, places=5)


@given(st.dictionaries(st.sampled_from("abcde"), st.dictionaries(st.integers(0, 12), PRICES), max_size=5))
def test_every_quote_takes_part_or_is_named_and_no_price_leaves_the_range_of_those_that_do(
    told: dict[str, dict[int, Decimal]],
) -> None:
    found = closes(told)

    for day, close in found.items():
        quoted = {source for source, series in told.items() if day in series}
        assert quoted == {*close.sources, *(one.source for one in close.left_out)}
        assert len(close.sources) + len(close.left_out) == len(quoted)
        taken = [told[source][day] for source in close.sources]
        assert (close.price is None) == (not taken)
        if close.price is not None:
            assert min(taken) <= close.price <= max(taken)
    assert set(found) == {day for series in told.values() for day in series}


@given(st.integers(1, 8), st.decimals(D("0.2"), D(20), places=2), st.sampled_from(["a", "b", "c"]))
def test_one_liar_among_three_never_moves_a_price(day: int, times: Decimal, liar: str) -> None:
    honest = {"a": QUIET, "b": shifted("1.001"), "c": shifted("0.999")}
    lied = {**honest, liar: {**honest[liar], day: honest[liar][day] * times}}
    true = closes(honest)[day].price
    told = closes(lied)[day].price

    assert true is not None
    assert told is not None
    assert abs(told - true) <= true * D("0.001")


def _real(data_folder: Path) -> dict[str, dict[int, Decimal]]:
    found: dict[str, dict[int, Decimal]] = defaultdict(dict)
    with gzip.open(data_folder / "market" / "binance_daily_ohlcv.csv.gz", "rt") as rows:
        for row in csv.DictReader(rows):
            found[row["symbol"]][(date.fromisoformat(row["date"]) - EPOCH).days] = D(row["close"])
    return found


def test_no_true_close_of_fifty_assets_over_eight_years_is_taken_for_a_bad_print(data_folder: Path) -> None:
    series = _real(data_folder)

    assert len(series) == 50
    assert [
        (symbol, day) for symbol, told in series.items() for day, one in closes({"b": told}).items() if not one.price
    ] == []


def test_a_venue_a_quarter_off_for_a_day_is_found_on_every_day_of_a_real_year(data_folder: Path) -> None:
    bitcoin = _real(data_folder)["BTC"]
    year = {day: bitcoin[day] for day in sorted(bitcoin)[-400:]}
    beside = {day: price * D("1.0007") for day, price in year.items()}
    missed = []
    for day in list(year)[1:-1]:
        found = closes({"one": {**year, day: year[day] * D("1.25")}, "two": beside})
        if found[day].price != beside[day]:
            missed.append(day)

    assert missed == []


def test_the_damaged_table_gives_prices_only_where_it_has_them(data_folder: Path) -> None:
    told: dict[int, Decimal] = {}
    empty = set()
    with gzip.open(data_folder / "market" / "kaggle_cmc_daily_23coins.csv.gz", "rt") as rows:
        for row in csv.DictReader(rows):
            if row["Symbol"] == "ADA":
                day = (date.fromisoformat(row["Date"][:10]) - EPOCH).days
                if row["Close"]:
                    told[day] = D(row["Close"])
                else:
                    empty.add(day)
    found = closes({"table": told})

    assert len(empty) == 140
    assert empty.isdisjoint(found)
    assert [day for day, one in found.items() if one.price != told[day]] == []


def _table(data_folder: Path, symbol: str) -> dict[int, Decimal]:
    with gzip.open(data_folder / "market" / "kaggle_cmc_daily_23coins.csv.gz", "rt") as rows:
        found = [row for row in csv.DictReader(rows) if row["Symbol"] == symbol and row["Close"]]
    return {(date.fromisoformat(row["Date"][:10]) - EPOCH).days: D(row["Close"]) for row in found}


@pytest.mark.parametrize("symbol", ["BTC", "ETH", "LTC"])
def test_the_crash_of_march_2020_is_a_price_though_two_real_sources_closed_apart(
    data_folder: Path, symbol: str
) -> None:
    one, other = _real(data_folder)[symbol], _table(data_folder, symbol)
    day = (date(2020, 3, 12) - EPOCH).days
    crash = closes({"one": one, "other": other})[day]

    assert abs(one[day] / other[day] - 1) > D("0.02")
    assert (crash.price, crash.left_out) == ((one[day] + other[day]) / 2, ())


@pytest.mark.parametrize("factor", [D("1.25"), D("0.75")])
def test_of_two_real_sources_one_that_is_a_quarter_off_for_a_day_is_never_averaged_in(
    data_folder: Path, factor: Decimal
) -> None:
    one, other = _real(data_folder)["ETH"], _table(data_folder, "ETH")
    days = sorted(one.keys() & other.keys())[1:-1]
    believed = gaps = mistaken = 0
    for day in days:
        near = {"one": _near(one, day), "other": _near(other, day)}
        near["one"][day] *= factor
        found = closes(near)[day]
        assert found.left_out
        assert found.price in (None, other[day], near["one"][day])
        believed += found.price == other[day]
        gaps += found.price is None
        mistaken += found.price == near["one"][day]

    # Where it takes back a crash, nothing tells a lie from the truth; it is named beside the other all the same.
    assert (len(days), mistaken) == (1_281, 0)
    assert believed > 0.9 * len(days)
    assert believed + gaps == len(days)


def _near(series: dict[int, Decimal], day: int) -> dict[int, Decimal]:
    """Return as much as a day is held against."""
    return {one: series[one] for one in range(day - 14, day + 15) if one in series}


def test_a_source_that_stands_still_while_the_others_crash_widens_nothing() -> None:
    before = {day: D(100) for day in range(5)}
    crashed = before | {day: D(60) for day in range(5, 10)}
    found = closes({"a": crashed, "b": crashed, "c": crashed | {5: D(100)}})

    assert (found[5].price, [one.source for one in found[5].left_out]) == (D(60), ["c"])
