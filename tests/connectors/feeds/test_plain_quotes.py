"""Quotes taken many at once: in any order and cut anywhere, the end is that of reading frame by frame as JSON."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.connectors.feeds.binance import BinanceFrames
from app.core.market.live import BEYOND, LiveMarket
from tests.connectors.feeds.frames import REGISTRY, START, change, snapshot, spot_quote, swap_quote, trade

MS = START // 1_000_000
SYMBOLS = ("BTCUSDT", "ETHUSDT", "SOLUSDT")
PRICES = (
    "99.50000000",
    "100.00000000",
    "100.50000000",
    "0.00000000",
    "0100.20000000",
    "-1.00000000",
    "NaN",
    "1e2",
    "9" * 90,
)


def lines_of(frames: Iterable[tuple[int, bytes]]) -> list[bytes]:
    """Return the lines of frames with their sources, received as they come."""
    return [b"[%d,%d,%b]\n" % (source, START + at * 1_000, frame) for at, (source, frame) in enumerate(frames)]


def spelled_otherwise(line: bytes) -> bytes:
    """Return a line that says the same with a space after each comma, as no venue writes it."""
    try:
        return json.dumps(json.loads(line)).encode() + b"\n"
    except ValueError:
        return line


def taken(chunks: Iterable[bytes]) -> LiveMarket:
    market = LiveMarket()
    decoder = BinanceFrames(market, REGISTRY)
    for chunk in chunks:
        decoder.take(chunk)
    return market


def end(market: LiveMarket) -> tuple[object, ...]:
    """Return everything that frames leave behind."""
    middles = [(line.instrument, line.middle, line.late, dict(line.refused)) for line in market.lines()]
    return market.fingerprint(), market.conflated, sorted(map(repr, middles)), sorted(map(repr, market.take()))


quotes = st.builds(
    spot_quote, st.integers(0, 30), st.sampled_from(PRICES), st.sampled_from(PRICES), st.sampled_from(SYMBOLS)
)
others = st.one_of(
    st.builds(trade, st.integers(1, 9), st.sampled_from(PRICES), st.integers(MS, MS + 9)),
    st.builds(swap_quote, st.integers(1, 9), st.sampled_from(PRICES), st.just("101.0"), st.integers(MS, MS + 9)),
    st.builds(change, st.integers(1, 5), st.integers(1, 5), st.just([["99.00", "2.0"]]), st.just(MS)),
    st.builds(snapshot, st.integers(1, 5)),
    st.sampled_from([b"{", b"[]", b'{"data":{}}', spot_quote(5, "1.0", "2.0", "NOQUOTE"), "\u00e9".encode()]),
)
frames = st.lists(st.tuples(st.integers(0, 1), st.one_of(quotes, quotes, quotes, others)), max_size=60)


@given(told=frames, cuts=st.lists(st.integers(0, 60), max_size=8))
def test_any_order_and_any_cut_ends_as_reading_each_frame_alone_as_json(
    told: list[tuple[int, bytes]], cuts: list[int]
) -> None:
    lines = lines_of(told)
    places = [0, *sorted(cuts), len(lines)]
    chunks = [b"".join(lines[first:last]) for first, last in pairwise(places)]
    alone = taken(map(spelled_otherwise, lines))

    assert end(alone) == end(taken(chunks))


@given(
    told=st.lists(st.tuples(st.integers(1, 40), st.integers(1, 10**6), st.sampled_from(SYMBOLS)), max_size=80),
    size=st.integers(1, 40),
)
def test_the_newest_number_wins_and_every_quote_is_taken_late_or_conflated(
    told: Sequence[tuple[int, int, str]], size: int
) -> None:
    lines = lines_of(
        (0, spot_quote(number, f"{cents / 100:.2f}", f"{cents / 100 + 1:.2f}", symbol))
        for number, cents, symbol in told
    )
    market = taken(b"".join(lines[at : at + size]) for at in range(0, len(lines), size))
    newest: dict[str, tuple[int, int]] = {}
    late = 0
    for number, cents, symbol in told:
        if number > newest.get(symbol, (0, 0))[0]:
            newest[symbol] = number, cents
        else:
            late += 1
    bids = {line.instrument.symbol: tick.bid for line in market.lines() if (tick := line.tick()) is not None}

    assert {symbol: Decimal(cents) / 100 for symbol, (_, cents) in newest.items()} == bids
    assert late == sum(line.late for line in market.lines())
    assert len(told) == late + market.conflated + len(market.take())


@pytest.mark.parametrize(
    "frame",
    [
        b'{"stream":"btcusdt@bookTicker","data":{"u":007,"s":"BTCUSDT","b":"3.0","B":"1.0","a":"4.0","A":"1.0"}}',
        b'{"stream":"btc\x01@bookTicker","data":{"u":7,"s":"BTCUSDT","b":"3.0","B":"1.0","a":"4.0","A":"1.0"}}',
        b'{"stream":"btcusdt@bookTicker","data":{"u":7,"s":"BTCUSDT","b":"3.0","B":"1.0","a":"4.0","A":"1.0"}}}',
        b'{"stream":"btcusdt@bookTicker","data":{"u":7,"s":"BTCUSDT","b":"3.0","B":"1.0","a":"4.0"}}',
    ],
)
def test_what_only_looks_like_a_quote_is_counted_as_unreadable(frame: bytes) -> None:
    lines = lines_of((0, one) for one in (spot_quote(1, "1.0", "2.0"), spot_quote(2, "1.5", "2.0"), frame))
    market = taken([lines[0], lines[1] + lines[2]])
    (tick,) = market.take()

    assert (1, 2, Decimal("1.5")) == (sum(market.unreadable.values()), market.frames, tick.bid)


@pytest.mark.parametrize("price", ["9" * 400 + ".5", "1e300", "1e-999999", "1." + "0" * 300 + "1"])
def test_a_price_with_which_nothing_can_be_computed_is_refused_and_the_one_before_stands(price: str) -> None:
    lines = lines_of(
        (0, frame)
        for frame in (
            spot_quote(1, "1.0", "2.0"),
            spot_quote(2, price, "2" + price),
            trade(1, price, MS),
            trade(2, "1.0", MS, size=price),
        )
    )
    market = taken([lines[0], b"".join(lines[1:])])
    (line,), (tick,) = market.lines(), market.take()

    assert dict(line.refused) == {BEYOND: 3}
    assert (Decimal(1), []) == (tick.bid, line.candles.so_far())


def test_plain_quotes_are_taken_without_being_read_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    market = LiveMarket()
    decoder = BinanceFrames(market, REGISTRY)
    lines = lines_of((0, spot_quote(number, "1.0", f"{number}.5", symbol)) for number in (2, 3) for symbol in SYMBOLS)
    decoder.take(b"".join(lines[:3]))
    monkeypatch.setattr(BinanceFrames, "_take", lambda *_: pytest.fail("a plain quote was read as JSON"))
    told = decoder.take(b"".join(lines[3:]))

    assert (market.frames, market.conflated) == (6, 3)
    assert told == (START + 3_000, START + 5_000)


def test_what_is_replaced_leaves_nothing_behind() -> None:
    market = LiveMarket()
    decoder = BinanceFrames(market, REGISTRY)
    after_a_third = 0
    tracemalloc.start()
    try:
        for number in range(1_001, 1_301):
            frames = ((0, spot_quote(number, f"{number}.25", f"{number}.50", symbol)) for symbol in SYMBOLS)
            decoder.take(b"".join(lines_of(frames)))
            if number == 1_100:
                after_a_third = tracemalloc.get_traced_memory()[0]
        at_the_end = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()

    assert market.conflated == 3 * 299
    assert at_the_end - after_a_third < 2_000
