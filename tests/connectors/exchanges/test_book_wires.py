"""What frames of each venue do to its books: numbers, sums, refusals, and what cannot be read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from app.connectors.exchanges.binance.books import BinanceBooks
from app.connectors.exchanges.binance.calls import DEPTH
from app.connectors.exchanges.book_wire import BookWire
from app.connectors.exchanges.coinbase import books
from app.connectors.exchanges.coinbase.books import CoinbaseBooks
from app.connectors.exchanges.kraken.books import KrakenBooks
from app.core.model.market import Instrument
from app.core.model.order_books import BookState, BookView

NOW = 1_790_000_000 * 10**9

# Levels of BTC/USD and the sum over them, as Kraken's guide to its second version prints them (from memory; the sum
# fits them, so they are what they are said to be).
ASKS = (
    "45285.2 0.00100000", "45286.4 1.54571953", "45286.6 1.54571109", "45289.6 1.54560911", "45290.2 0.15890660",
    "45291.8 1.54553491", "45294.7 0.04454749", "45296.1 0.35380000", "45297.5 0.09945542", "45299.5 0.18772827",
)  # fmt: skip
BIDS = (
    "45283.5 0.10000000", "45283.4 1.54582015", "45282.1 0.10000000", "45281.0 0.10000000", "45280.3 1.54592586",
    "45279.0 0.07990000", "45277.6 0.03310103", "45277.5 0.30000000", "45277.3 1.54602737", "45276.6 0.15445238",
)  # fmt: skip
SUM = 3_310_070_434


def take(wire: BookWire, *frames: str) -> BookView:
    wire.take((frame, NOW) for frame in frames)
    (book,) = wire.books.values()
    return book.view(20)


def kraken(kind: str, bids: Sequence[str], asks: Sequence[str], total: int) -> str:
    """Return a frame as Kraken writes it: numbers with all their digits."""
    sides = (",".join('{{"price":{},"qty":{}}}'.format(*level.split()) for level in side) for side in (bids, asks))
    row = '{{"symbol":"BTC/USD","bids":[{}],"asks":[{}],"checksum":{}}}'.format(*sides, total)
    return f'{{"channel":"book","type":"{kind}","data":[{row}]}}'


@pytest.fixture
def krakens() -> KrakenBooks:
    wire = KrakenBooks()
    wire.add("BTC/USD", Instrument("kraken", "BTC/USD", "bitcoin", "usd"))
    return wire


def test_the_sum_of_krakens_own_example_comes_out(krakens: KrakenBooks) -> None:
    view = take(krakens, kraken("snapshot", BIDS, ASKS, SUM))

    assert (view.state, len(view.bids), view.asks[0]) == (
        BookState.IN_STEP,
        10,
        (Decimal("45285.2"), Decimal("0.00100000")),
    )


def test_a_sum_that_differs_loses_the_book_until_it_is_told_whole(krakens: KrakenBooks) -> None:
    whole = kraken("snapshot", BIDS, ASKS, SUM)
    lost = take(krakens, whole, kraken("update", ["45283.5 0.20000000"], [], SUM))
    again = take(krakens, kraken("update", ["45283.5 0.30000000"], [], SUM), whole)

    assert (lost.state, lost.gaps) == (BookState.LOST, 1)
    assert (again.state, again.bids[0][1]) == (BookState.IN_STEP, Decimal("0.1"))


def test_a_zero_takes_a_level_away_and_the_sum_is_over_what_is_left(krakens: KrakenBooks) -> None:
    changed = kraken("update", ["45283.5 0.00000000"], [], 0)
    krakens.take([(kraken("snapshot", BIDS, ASKS, SUM), NOW), (changed, NOW)])
    (book,) = krakens.books.values()

    # The level is gone; a sum of zero is not that of what is left.
    assert (book.is_in_step, book.book.counts()) == (False, (9, 10))


def test_kraken_says_why_it_gives_no_book(krakens: KrakenBooks) -> None:
    refused = {"method": "subscribe", "success": False, "symbol": "BTC/USD", "error": "Currency pair not supported"}

    assert take(krakens, json.dumps(refused)).fault == "Kraken gives no book: Currency pair not supported."


def coinbase(number: int, *events: dict[str, Any], channel: str = "l2_data") -> str:
    told = {"channel": channel, "timestamp": "2026-09-21T14:13:20.5Z", "sequence_num": number, "events": events}
    return json.dumps(told)


def level2(kind: str, *updates: tuple[str, str, str], product: str = "BTC-USD") -> dict[str, Any]:
    rows = [
        {"side": side, "event_time": "1970-01-01T00:00:00Z", "price_level": price, "new_quantity": size}
        for side, price, size in updates
    ]
    return {"type": kind, "product_id": product, "updates": rows}


WHOLE = level2("snapshot", ("bid", "99", "1"), ("offer", "101", "2"))


def coinbases(name: str = "BTC-USD") -> CoinbaseBooks:
    wire = CoinbaseBooks()
    wire.add(name, Instrument("coinbase", name, "bitcoin", "usd"))
    return wire


def test_a_number_of_coinbase_that_is_missing_loses_every_book_of_the_socket() -> None:
    wire = coinbases()
    in_step = take(wire, coinbase(7, WHOLE), coinbase(8, channel="heartbeats"), coinbase(9, level2("update")))
    lost = take(wire, coinbase(11, level2("update", ("bid", "98", "1"))))

    assert (in_step.at, in_step.heard_at) == (NOW, NOW)
    assert (in_step.state, lost.state, lost.gaps) == (BookState.IN_STEP, BookState.LOST, 1)


def test_levels_of_coinbase_come_go_and_change() -> None:
    changes = level2("update", ("bid", "99", "0"), ("bid", "98.5", "3"), ("ask", "101", "5"))
    view = take(coinbases(), coinbase(0, WHOLE), coinbase(1, changes))

    assert view.bids == ((Decimal("98.5"), Decimal(3)),)
    assert view.asks == ((Decimal(101), Decimal(5)),)


def test_a_market_in_usd_coin_hears_of_its_book_under_the_name_of_the_one_in_dollars() -> None:
    assert take(coinbases("BTC-USDC"), coinbase(0, WHOLE)).is_whole


def test_a_whole_book_of_many_levels_is_the_same_read_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [("bid", f"{99 - place / 100:.2f}", f"{place + 1}") for place in range(300)]
    rows += [("offer", f"{101 + place / 100:.2f}", f"{place + 1}") for place in range(300)]
    whole, other = level2("snapshot", *rows), level2("update", ("bid", "98.5", "7"))
    told = coinbase(0, whole, other).replace('"updates": [', '"updates":[')
    at_once = take(coinbases(), told)
    monkeypatch.setattr(books, "_LARGE", 1_000)
    in_parts = take(coinbases(), told)

    assert len(at_once.bids) == 20
    assert in_parts == at_once


def test_coinbase_says_why_it_gives_no_book() -> None:
    refused = json.dumps({"type": "error", "message": "X-Y is not a valid product"})

    assert take(coinbases(), refused).fault == "Coinbase gives no book: X-Y is not a valid product."


def binances() -> BinanceBooks:
    wire = BinanceBooks()
    wire.add("BTCUSDT", Instrument("binance", "BTCUSDT", "bitcoin", "tether"))
    return wire


def depth(first: int, last: int, bids: Sequence[Sequence[str]] = (), asks: Sequence[Sequence[str]] = ()) -> str:
    data = {"e": "depthUpdate", "E": NOW // 10**6, "s": "BTCUSDT", "U": first, "u": last, "b": bids, "a": asks}
    return json.dumps({"stream": "btcusdt@depth@100ms", "data": data})


def test_changes_of_binance_before_the_whole_book_are_judged_by_its_number() -> None:
    wire = binances()
    take(wire, depth(1, 5), depth(6, 8, [["100", "1"]]), depth(9, 9, [["100", "2"]]))
    wire.take_whole("BTCUSDT", {"lastUpdateId": 7, "bids": [["99", "1"]], "asks": [["101", "1"]]}, NOW)
    view = take(wire)

    assert (view.state, view.bids[0]) == (BookState.IN_STEP, (Decimal(100), Decimal(2)))


def test_binance_says_why_it_gives_no_book() -> None:
    refused = json.dumps({"error": {"code": 2, "msg": "Invalid request"}, "id": 1})

    assert take(binances(), refused).fault == "Binance gives no book: Invalid request."


@pytest.mark.parametrize("frame", ["", "no JSON", "[]", "null", "7", '{"data":{"e":"depthUpdate"}}'])
@pytest.mark.parametrize("make", [binances, coinbases])
def test_a_frame_that_is_none_is_counted_and_changes_nothing(frame: str, make: Any) -> None:
    wire = make()
    view = take(wire, frame)

    assert (wire.unreadable, view.state, view.at) == (1, BookState.WAITING, None)


@pytest.mark.parametrize(("levels", "weight"), [(100, 5), (500, 25), (1000, 50), (5000, 250)])
def test_a_whole_book_of_binance_weighs_by_its_levels(levels: int, weight: int) -> None:
    assert DEPTH.weights({"symbol": "BTCUSDT", "limit": levels}) == {"address": weight}


@pytest.mark.parametrize("wire", [BinanceBooks(), KrakenBooks(), CoinbaseBooks()])
def test_each_venue_is_asked_over_its_own_encrypted_socket(wire: BookWire) -> None:
    assert wire.address.startswith("wss://")
    assert [json.loads(text) for text in wire.subscribing(["BTC-USD"])]
    assert [json.loads(text) for text in wire.leaving(["BTC-USD"])]
