"""A live book tells state and age, keeps no more levels than its venue tells of, and is chosen by what it is."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import SECOND
from app.core.market.clock_offset import ClockOffset
from app.core.market.live_book import LiveBook
from app.core.market.order_book import OrderBook
from app.core.model.market import Instrument
from app.core.model.order_books import SILENT_NS, BookState, BookView, best_of

NOW = 1_700_000_000 * SECOND
SPOT = Instrument("binance", "BTCUSDT", "bitcoin", "tether")
BIDS, ASKS = [("99", "1"), ("98", "2")], [("101", "1"), ("102", "2")]


def live(most: int | None = None) -> LiveBook:
    made = LiveBook(SPOT, ClockOffset(), most)
    made.snapshot(10, BIDS, ASKS, NOW)
    return made


def test_a_book_is_as_old_as_its_last_change_by_the_estimated_clock_of_the_venue() -> None:
    book, behind = live(), 3 * SECOND
    for number in range(11, 15):
        book.change((number, number, None), [], [], (NOW + number * SECOND - behind, NOW + number * SECOND))
    view = book.view(1)

    assert (view.at, view.middle) == (NOW + 14 * SECOND, Decimal(100))
    assert view.is_whole
    assert not view.is_silent(NOW + 14 * SECOND + SILENT_NS)
    assert view.is_silent(NOW + 15 * SECOND + SILENT_NS)


def test_what_a_socket_that_speaks_does_not_change_stands() -> None:
    book = live()
    book.heard_at = NOW + 900 * SECOND
    view = book.view(1)

    assert (view.at, view.known_at) == (NOW, NOW + 900 * SECOND)
    assert view == live().view(1)
    assert not view.is_silent(NOW + 900 * SECOND + SILENT_NS)
    assert view.is_silent(NOW + 901 * SECOND + SILENT_NS)


def test_no_moment_of_a_venue_makes_a_book_newer_than_its_receipt() -> None:
    book = live()
    book.change((11, 11, None), [], [], (NOW, NOW + SECOND))
    book.change((12, 12, None), [], [], (NOW + 900 * SECOND, NOW + 2 * SECOND))

    assert book.at == NOW + 2 * SECOND


def test_a_book_that_lost_its_step_shows_no_level_and_counts_the_gap() -> None:
    book = live()
    book.change((14, 14, None), [("100", "1")], [], (0, NOW))
    view = book.view(5)

    assert (view.state, view.bids, view.asks, view.gaps, view.middle) == (BookState.LOST, (), (), 1, None)
    assert not view.is_whole


def test_a_book_that_fails_the_check_of_its_venue_waits_for_a_snapshot() -> None:
    book = live()
    book.book.lose()
    book.book.lose()
    lost = book.is_in_step, book.book.gaps
    book.snapshot(20, BIDS, ASKS, NOW)

    assert lost == (False, 1)
    assert book.is_in_step


def test_a_zero_in_a_snapshot_is_no_level() -> None:
    book = OrderBook(is_futures=False)
    book.snapshot(1, [("99", "0"), ("98", "1"), ("97", "2"), ("97", "0")], ASKS)

    assert book.depth(9)[0] == ((Decimal(98), Decimal(1)),)


MOST = 4
SIDES = st.lists(st.tuples(st.integers(1, 12), st.integers(0, 3)), max_size=5)


def best(side: Mapping[int, int], *, highest: bool) -> dict[int, int]:
    """Return the best levels that a venue tells a client of."""
    return dict(sorted(side.items(), reverse=highest)[:MOST])


def changed(before: Mapping[int, int], after: Mapping[int, int]) -> list[tuple[str, str]]:
    """Return what such a venue sends: levels that came, left or moved; not those that fell out by number."""
    keys = [key for key in before.keys() | after.keys() if before.get(key) != after.get(key)]
    return [(str(key), str(after.get(key, 0))) for key in sorted(keys)]


@given(st.lists(st.tuples(SIDES, SIDES), max_size=15), st.integers(0, 15))
def test_a_snapshot_and_changes_make_the_whole_book_at_any_cut_and_any_number_of_levels(
    steps: list[tuple[list[tuple[int, int]], list[tuple[int, int]]]], cut: int
) -> None:
    bids: dict[int, int] = {}
    asks: dict[int, int] = {}
    told: tuple[dict[int, int], dict[int, int]] = {}, {}
    book = OrderBook(is_futures=False, most=MOST)
    for number, (bid_steps, ask_steps) in enumerate([*steps, ([], [])]):
        bids |= dict(bid_steps)
        asks |= {price + 100: size for price, size in ask_steps}
        bids, asks = ({price: size for price, size in side.items() if size} for side in (bids, asks))
        now = best(bids, highest=True), best(asks, highest=False)
        if number <= cut:
            book.snapshot(number, *([(str(price), str(size)) for price, size in side.items()] for side in now))
        else:
            book.change(number, number, None, changed(told[0], now[0]), changed(told[1], now[1]))
        told = now
    expected = [[(Decimal(price), Decimal(size)) for price, size in side.items()] for side in told]

    assert [list(side) for side in book.depth(99)] == expected


def view(size: int = 2, *, at: int = NOW, state: BookState = BookState.IN_STEP, swap: bool = False) -> BookView:
    side = (Decimal(99), Decimal(size)), (Decimal(98), Decimal(1_000))
    asks = ((Decimal(101), Decimal(1)),)
    return BookView(Instrument("kraken", "BTC/USD", "bitcoin", "usd", is_perpetual=swap), state, side, asks, at)


def test_what_waits_near_the_middle_tells_how_deep_a_book_is() -> None:
    assert [view(9).near(), view(9).lost("").near()] == [Decimal(10), Decimal(0)]


def test_the_deepest_spot_book_in_step_is_shown_and_a_silent_one_only_where_there_is_no_other() -> None:
    deep, shallow = view(9), view(2)
    silent, swap, lost = view(20, at=NOW - 2 * SILENT_NS), view(30, swap=True), view(40).lost("gone")

    assert best_of([lost, silent, swap, shallow, deep], NOW) == deep
    assert best_of([lost, silent, swap], NOW) == swap
    assert best_of([lost, silent], NOW) == silent
    assert best_of([lost], NOW) == lost
    assert best_of([], NOW) is None
