"""Spreads in the encrypted file of prices: an hour of each instrument, there at the next start, and no more."""

from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from app.core.clock import DAY
from app.core.market.spreads import MINUTE
from app.core.model.market import SpreadMinute
from app.storage.price_history import SqlPriceHistory
from tests.storage.price_files import MOST, ONE, START, opened

ROOT = Path(__file__).parents[2]
KILLS = 5


def at(minute: int) -> SpreadMinute:
    return replace(ONE, start=START + minute * MINUTE)


def test_what_was_kept_is_there_at_the_next_start_digit_for_digit(tmp_path: Path, prices: SqlPriceHistory) -> None:
    others = [replace(ONE, venue="binance", quote="tether"), replace(ONE, base="ether")]
    prices.spreads.keep([ONE, *others], MOST, 0)
    prices.close()
    again = opened(tmp_path / "books.prices")
    found = again.spreads.all()
    again.close()

    assert sorted(found, key=str) == sorted([ONE, *others], key=str)


def test_a_minute_that_grew_takes_the_place_of_what_was_kept_of_it_and_never_the_other_way(
    prices: SqlPriceHistory,
) -> None:
    grown = replace(ONE, last=START + 30, count=20, total=0.04)
    prices.spreads.keep([ONE], MOST, 0)
    prices.spreads.keep([grown], MOST, 0)
    prices.spreads.keep([ONE], MOST, 0)

    assert list(prices.spreads.all()) == [grown]


def test_of_each_instrument_only_the_newest_minutes_stay(prices: SqlPriceHistory) -> None:
    prices.spreads.keep([replace(ONE, base="ether")], MOST, 0)
    for first in range(0, 40, 3):
        prices.spreads.keep([at(minute) for minute in range(first, first + 3)], MOST, 0)
    found = prices.spreads.all()

    assert [one.start for one in found if one.base == "bitcoin"] == [
        START + minute * MINUTE for minute in range(37, 42)
    ]
    assert [one.start for one in found if one.base == "ether"] == [START]


def test_what_is_too_old_goes_also_where_nobody_quotes_any_more(prices: SqlPriceHistory) -> None:
    prices.spreads.keep([replace(ONE, base="delisted")], MOST, 0)
    later = replace(ONE, start=START + 8 * DAY)
    prices.spreads.keep([later], MOST, START + DAY)

    assert list(prices.spreads.all()) == [later]


def test_a_file_of_before_spreads_takes_them(tmp_path: Path, prices: SqlPriceHistory) -> None:
    prices.spreads.keep([], MOST, 0)
    prices._write(lambda connection: connection.execute("DROP TABLE spreads"))
    prices.close()
    again = opened(tmp_path / "books.prices")
    again.spreads.keep([ONE], MOST, 0)
    found = again.spreads.all()
    again.close()

    assert list(found) == [ONE]


def test_whoever_is_killed_while_it_keeps_leaves_all_of_one_time_and_loses_none_that_it_told(tmp_path: Path) -> None:
    path, chance, first = tmp_path / "books.prices", random.Random(3), 1  # noqa: S311 - moments to kill at, no secrets
    for _ in range(KILLS):
        command = [sys.executable, "-m", "tests.storage.spread_writer_process", str(path), str(first)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
            assert process.stdout is not None
            told = [int(process.stdout.readline()) for _ in range(chance.randrange(1, 9))]
            process.kill()
            told += [int(line) for line in process.stdout if line.endswith("\n")]
        prices = opened(path)
        found = prices.spreads.all()
        prices.close()
        counts = {one.count for one in found}

        assert len(found) == len({one.base for one in found}) == 4
        assert counts in ({told[-1]}, {told[-1] + 1})
        first = told[-1] + 2
