"""Frames of Binance: brought to quotes, trades and books; what cannot be understood is counted by why."""

from __future__ import annotations

from decimal import Decimal

import pytest

from app.connectors.feeds import binance
from app.connectors.feeds.binance import BinanceFrames
from app.core.market.live import LiveMarket
from app.core.model.order_books import BookState
from tests.connectors.feeds.frames import (
    REGISTRY,
    SECOND,
    START,
    change,
    snapshot,
    spot_quote,
    swap_quote,
    trade,
    wrapped,
)

MS = START // 1_000_000


def after(*frames: bytes) -> LiveMarket:
    """Return the market after frames that came a millisecond apart, all of one source."""
    market = LiveMarket()
    decoder = BinanceFrames(market, REGISTRY)
    for number, frame in enumerate(frames):
        decoder.take(b"[0,%d,%b]\n" % (START + number * 1_000_000, frame))
    return market


def test_a_spot_quote_is_the_middle_of_bid_and_ask_with_what_waits_there() -> None:
    (tick,) = after(spot_quote(1, "100.00000000", "100.02000000")).take()

    assert (tick.venue, tick.base, tick.quote, tick.is_perpetual) == ("binance", "bitcoin", "tether", False)
    assert (tick.price, tick.bid, tick.ask, tick.depth) == tuple(map(Decimal, ("100.01", "100", "100.02", "4")))
    assert tick.at == START


def test_a_quote_of_a_swap_is_its_own_instrument() -> None:
    ticks = after(spot_quote(1, "100", "101"), swap_quote(1, "99", "100", MS)).take()

    assert [(tick.venue, tick.is_perpetual) for tick in ticks] == [("binance", False), ("binance-usdm", True)]


def test_the_newest_quote_wins_by_the_number_of_the_venue_and_what_is_replaced_is_counted() -> None:
    market = after(spot_quote(5, "100", "101"), spot_quote(7, "102", "103"), spot_quote(6, "90", "91"))
    (line,) = market.lines()
    (tick,) = market.take()

    assert (tick.bid, market.conflated, line.late) == (Decimal(102), 1, 1)
    assert market.take() == []


def test_a_trade_is_the_price_while_nobody_quotes() -> None:
    market = after(trade(1, "100.5", MS))
    alone = [tick.price for tick in market.take()]
    quoted = after(trade(1, "100.5", MS), spot_quote(1, "101", "102"), trade(2, "100.6", MS + 5)).take()

    assert alone == [Decimal("100.5")]
    assert [tick.price for tick in quoted] == [Decimal("101.5")]


def test_trades_make_candles_at_the_time_of_the_venue_and_none_counts_twice() -> None:
    market = after(trade(1, "100", MS), trade(2, "103", MS + 10), trade(2, "999", MS + 10), trade(1, "999", MS))
    (line,) = market.lines()
    (candle,) = line.candles.so_far()

    assert (candle.open, candle.high, candle.close, candle.volume) == tuple(map(Decimal, ("100", "103", "103", "0.04")))
    assert line.late == 2


def test_a_clock_that_is_ahead_makes_nothing_old_and_nothing_from_the_future() -> None:
    market = after(*(swap_quote(number, "99", "100", MS + 1_270 + number) for number in range(50)))
    (tick,) = market.take()

    assert market.clock("binance-usdm").ns == -1_270_000_000
    assert tick.at == START + 49 * 1_000_000


@pytest.mark.parametrize(
    ("bid", "ask", "why"),
    [
        ("101", "100", "bid not below ask"),
        ("100", "100", "bid not below ask"),
        ("0.00000000", "100", "not above zero"),
        ("-5", "100", "not above zero"),
        ("NaN", "100", "not a number"),
        ("100", "Infinity", "not a number"),
        ("abc", "100", "not a number"),
    ],
)
def test_a_bad_quote_is_refused_and_the_one_before_stands(bid: str, ask: str, why: str) -> None:
    market = after(spot_quote(1, "98", "99"), spot_quote(2, bid, ask))
    (line,) = market.lines()
    (tick,) = market.take()

    assert (dict(line.refused), tick.bid) == ({why: 1}, Decimal(98))


def test_two_prices_that_only_floats_take_for_equal_are_a_sound_quote() -> None:
    low, high = f"100.{'0' * 40}1", f"100.{'0' * 40}2"
    (tick,) = after(spot_quote(1, low, high)).take()

    assert (tick.bid, tick.price) == (Decimal(low), Decimal(f"{low}5"))


@pytest.mark.parametrize(("price", "size"), [("0", "1"), ("-1", "1"), ("NaN", "1"), ("1", "-1"), ("1", "Infinity")])
def test_a_bad_trade_is_refused_and_is_in_no_candle(price: str, size: str) -> None:
    market = after(trade(1, price, MS, size))
    (line,) = market.lines()

    assert (sum(line.refused.values()), line.candles.so_far(), market.take()) == (1, [], [])


def test_a_snapshot_belongs_to_the_instrument_of_its_source() -> None:
    market = after(change(1, 3, [["98.00", "1"]], MS), snapshot(2), change(4, 4, [["99.50", "1"]], MS))
    (line,) = market.lines()
    best = line.book.best()

    assert (line.book.state, line.book.applied) == (BookState.IN_STEP, 2)
    assert best is not None
    assert best[0][0] == Decimal("99.5")


def test_a_snapshot_from_a_source_of_several_instruments_belongs_to_none_of_them() -> None:
    market = after(spot_quote(1, "1", "2"), spot_quote(1, "1", "2", "ETHUSDT"), snapshot(2))

    assert dict(market.unreadable) == {binance.NAMELESS: 1}
    assert {line.book.state for line in market.lines()} == {BookState.WAITING}


def test_changes_of_swaps_follow_the_number_before() -> None:
    market = after(change(1, 3, [], MS, before=0), snapshot(2), change(9, 9, [], MS, before=3))
    (line,) = market.lines()

    assert (line.instrument.venue, line.book.applied, line.book.gaps) == ("binance-usdm", 2, 0)


@pytest.mark.parametrize(
    ("frame", "why"),
    [
        (b"{", binance.NOT_JSON),
        (b"\xff\xfe", binance.NOT_JSON),
        (b"[]", binance.MALFORMED),
        (b"null", binance.MALFORMED),
        (b'{"data": {"s": "BTCUSDT"}}', binance.MALFORMED),
        (b'{"data": {"e": ["list"]}}', binance.MALFORMED),
        (wrapped("x", {"e": "forceOrder"}), binance.UNKNOWN),
        (wrapped("x", {"u": "5", "s": "BTCUSDT", "b": "1", "B": "1", "a": "2", "A": "1"}), binance.MALFORMED),
        (wrapped("x", {"u": 5, "s": "NOQUOTE?", "b": "1", "B": "1", "a": "2", "A": "1"}), binance.UNSPLIT),
        (snapshot(1), binance.NAMELESS),
    ],
)
def test_what_cannot_be_understood_is_counted_by_why_and_stops_nothing(frame: bytes, why: str) -> None:
    market = after(frame, spot_quote(1, "100", "101"))

    assert (dict(market.unreadable), market.frames) == ({why: 1}, 1)


def test_one_frame_that_is_none_among_others_costs_only_itself() -> None:
    market = LiveMarket()
    frames = [spot_quote(1, "100", "101"), b"{}],[0,5,{}", b"}{", b"1,2", spot_quote(2, "102", "103")]
    lines = b"".join(b"[0,%d,%b]\n" % (START + number, frame) for number, frame in enumerate(frames))
    told = BinanceFrames(market, REGISTRY).take(lines)
    (tick,) = market.take()

    assert (dict(market.unreadable), tick.bid, told) == ({binance.NOT_JSON: 3}, Decimal(102), (START, START + 4))


def test_a_price_that_is_no_text_is_refused_or_malformed_and_never_a_float_in_a_tick() -> None:
    market = after(wrapped("x", {"u": 5, "s": "BTCUSDT", "b": None, "B": "1", "a": "2", "A": "1"}))

    assert (dict(market.unreadable), market.take()) == ({binance.MALFORMED: 1}, [])


def test_a_day_of_silence_then_a_frame_is_newer() -> None:
    market = LiveMarket()
    decoder = BinanceFrames(market, REGISTRY)
    for day, price in enumerate(("100", "200")):
        frame = spot_quote(day + 1, price, f"{price}.5")
        decoder.take(b"[0,%d,%b]\n" % (START + day * 86_400 * SECOND, frame))
    (tick,) = market.take()

    assert tick.at == START + 86_400 * SECOND
