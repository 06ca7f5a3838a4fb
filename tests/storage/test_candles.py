"""Candles in the encrypted file of prices: kept by source, merged, and there at the next start."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from app.core.clock import DAY
from app.core.market.candles import HOUR, MINUTE
from app.core.model.market import Candle, Series
from app.storage.price_history import SqlPriceHistory
from tests.storage.price_files import START, opened

MINUTES = Series("bitcoin", "usd", "kraken", MINUTE)


def candle(at: int, price: str, volume: str | None = "1") -> Candle:
    return Candle(at, *(Decimal(price),) * 4, None if volume is None else Decimal(volume))


def test_candles_are_told_between_two_moments_over_the_borders_of_blocks(prices: SqlPriceHistory) -> None:
    told = [candle(START + minute * MINUTE, str(minute + 1)) for minute in range(0, 4_000, 7)]
    prices.candles.add(MINUTES, told)
    first, last = told[100].at, told[500].at

    assert prices.candles.of(MINUTES, first, last) == told[100:501]


@pytest.mark.parametrize("interval", [MINUTE, HOUR, DAY])
def test_every_interval_is_kept_apart(prices: SqlPriceHistory, interval: int) -> None:
    series = replace(MINUTES, interval=interval)
    prices.candles.add(series, [candle(START, str(interval))])
    others = [replace(series, source="binance"), replace(series, asset="ether"), replace(series, currency="eur")]

    assert prices.candles.of(series, 0, 2 * START) == [candle(START, str(interval))]
    assert [prices.candles.of(other, 0, 2 * START) for other in others] == [[], [], []]
    assert prices.candles.sources("bitcoin", "usd", interval) == ["kraken"]


def test_a_later_candle_takes_the_place_of_one_of_before_and_leaves_its_neighbours(prices: SqlPriceHistory) -> None:
    prices.candles.add(MINUTES, [candle(START, "1"), candle(START + MINUTE, "2")])
    prices.candles.add(MINUTES, [candle(START + MINUTE, "3"), candle(START + 2 * MINUTE, "4")])

    assert [one.close for one in prices.candles.of(MINUTES, START, START + DAY)] == [1, 3, 4]


def test_a_candle_of_live_prices_never_replaces_one_whose_volume_is_known(prices: SqlPriceHistory) -> None:
    prices.candles.add(MINUTES, [candle(START, "1", "5"), candle(START + MINUTE, "1", None)])
    prices.candles.add(MINUTES, [candle(START, "2", None), candle(START + MINUTE, "2", "7")])

    assert prices.candles.of(MINUTES, START, START + DAY) == [candle(START, "1", "5"), candle(START + MINUTE, "2", "7")]


def test_what_a_source_was_asked_for_grows(prices: SqlPriceHistory) -> None:
    before = prices.candles.asked(MINUTES)
    prices.candles.add(MINUTES, [], (START, START + HOUR))
    prices.candles.add(MINUTES, [], (START + HOUR, START + DAY))

    assert (before, prices.candles.asked(MINUTES)) == (None, (START, START + DAY))


def test_starts_are_those_of_the_candles_and_every_series_that_was_asked_for_is_listed(prices: SqlPriceHistory) -> None:
    told = [candle(START + minute * MINUTE, str(minute + 1)) for minute in range(0, 4_000, 7)]
    prices.candles.add(MINUTES, told, (START, START + DAY))
    prices.candles.add(replace(MINUTES, source="binance"), told)

    assert prices.candles.starts(MINUTES, told[100].at, told[500].at) == [one.at for one in told[100:501]]
    assert prices.candles.all_asked() == {MINUTES: (START, START + DAY)}


def test_candles_are_there_at_the_next_start_and_can_be_deleted(tmp_path: Path, prices: SqlPriceHistory) -> None:
    prices.candles.add(MINUTES, [candle(START, "1")])
    prices.close()
    again = opened(tmp_path / "books.prices")
    kept = again.candles.of(MINUTES, START, START)
    again.close()
    (tmp_path / "books.prices").unlink()
    anew = opened(tmp_path / "books.prices")
    gone = anew.candles.of(MINUTES, START, START)
    anew.close()

    assert (kept, gone) == ([candle(START, "1")], [])


def test_the_file_shows_nothing_of_what_is_in_it(tmp_path: Path, prices: SqlPriceHistory) -> None:
    prices.candles.add(MINUTES, [candle(START, "1")])

    assert not any(b"bitcoin" in path.read_bytes() for path in tmp_path.iterdir())


def test_a_file_of_before_candles_keeps_its_closes_and_takes_candles(tmp_path: Path, prices: SqlPriceHistory) -> None:
    prices.add("bitcoin", "usd", "kraken", {START // DAY: Decimal(7)})
    prices._write(lambda connection: connection.execute("DROP TABLE candles"))
    prices.close()
    again = opened(tmp_path / "books.prices")
    again.candles.add(MINUTES, [candle(START, "1")])
    found = again.candles.of(MINUTES, START, START), again.told("bitcoin", "usd")
    again.close()

    assert found == ([candle(START, "1")], {"kraken": {START // DAY: Decimal(7)}})
