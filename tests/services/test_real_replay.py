"""Recorded frames of 2024-08-08: what they come to is known."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from app.connectors.feeds import RawFeeds
from app.core.clock import MILLISECOND, SECOND
from app.core.feed_ports import FASTEST
from app.core.market.live import Line
from app.core.model.order_books import BookState
from app.services.replay import Replayed, recordings, replay
from tests.services.books import ASSETS, Script, make_runtime

CLOSING = {
    ("binance", "BTCUSDT"): ("61685.99", "61686.00", (1_209, 2_196), 2),
    ("binance", "ETHUSDT"): ("2682.50", "2682.51", (1_195, 1_158), 2),
    ("binance-usdm", "BTCUSDT"): ("61659.7", "61659.8", (5_018, 4_578), 4),
}


@pytest.fixture(scope="module")
def found(data_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    runtime = replace(make_runtime(tmp_path_factory.mktemp("real"), Script()), feeds=RawFeeds(ASSETS))
    return replay(runtime, recordings([data_folder / "market"]), FASTEST, "usd")


def lines(found: Replayed) -> dict[tuple[str, str], Line]:
    return {(line.instrument.venue, line.instrument.symbol): line for line in found.market.lines()}


def test_every_frame_is_understood_and_none_is_refused(found: Replayed) -> None:
    refused = [(line.late, sum(line.refused.values()), line.book.refused) for line in found.market.lines()]

    assert (found.market.frames, dict(found.market.unreadable)) == (168_821, {})
    assert refused == [(0, 0, 0)] * 3


def test_the_books_close_as_the_venue_s_rules_give_them(found: Replayed) -> None:
    closing = {}
    for key, line in lines(found).items():
        best = line.book.best()
        assert best is not None
        closing[key] = best[0][0], best[1][0], line.book.counts(), line.book.old
        assert (line.book.state, line.book.gaps) == (BookState.IN_STEP, 0)

    assert closing == {
        key: (Decimal(bid), Decimal(ask), counts, old) for key, (bid, ask, counts, old) in CLOSING.items()
    }


def test_the_quotes_agree_with_the_books(found: Replayed) -> None:
    for line in found.market.lines():
        tick, best = line.tick(), line.book.best()
        assert tick is not None
        assert best is not None

        assert (tick.bid, tick.ask) == (best[0][0], best[1][0])


def test_a_clock_that_runs_behind_by_more_than_a_second_is_estimated(found: Replayed) -> None:
    offsets = {line.instrument.venue: line.clock_offset_ns for line in found.market.lines()}

    assert offsets["binance"] == pytest.approx(-1_272 * MILLISECOND, abs=3 * MILLISECOND)
    assert offsets["binance-usdm"] == pytest.approx(-1_268 * MILLISECOND, abs=5 * MILLISECOND)


def test_no_price_is_from_the_future_and_none_is_older_than_it_can_be(found: Replayed) -> None:
    last_received = 1_723_161_599 * SECOND + SECOND
    ages = [last_received - line.state()["at"] for line in found.market.lines()]

    assert all(0 <= age < 2 * SECOND for age in ages)


def test_the_perpetual_stands_beside_the_spot_price_and_is_not_averaged_in(found: Replayed) -> None:
    mark = found.board.marks["bitcoin"]

    assert mark.price == Decimal("61685.995")
    assert [part.left_out for part in mark.parts] == ["", "a perpetual beside spot"]


def test_minutes_have_the_trades_of_the_file(found: Replayed) -> None:
    minutes = lines(found)["binance", "BTCUSDT"].candles.so_far()

    assert len(minutes) == 7
    assert all(minute.low <= minute.open <= minute.high for minute in minutes)
    assert all(minute.low <= minute.close <= minute.high for minute in minutes)
