"""A book that is in step with its venue, or says that it is not: numbers without gaps, levels that are some."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.market.order_book import OrderBook
from app.core.model.order_books import BookState

Levels = Sequence[tuple[str, str]]
BIDS, ASKS = [("99", "1"), ("98", "2")], [("101", "1"), ("102", "2")]


def spot(number: int = 10) -> OrderBook:
    book = OrderBook(is_futures=False)
    book.snapshot(number, BIDS, ASKS)
    return book


def futures(number: int = 10) -> OrderBook:
    book = OrderBook(is_futures=True)
    book.snapshot(number, BIDS, ASKS)
    return book


def bid_after(book: OrderBook) -> Decimal | None:
    best = book.best()
    return None if best is None else best[0][0]


def test_before_a_snapshot_nothing_is_believed() -> None:
    book = OrderBook(is_futures=False)
    book.change(1, 2, None, BIDS, ASKS)

    assert (book.state, book.best(), book.depth(5)) == (BookState.WAITING, None, ((), ()))


def test_changes_before_the_snapshot_are_kept_and_judged() -> None:
    book = OrderBook(is_futures=False)
    book.change(5, 8, None, [("97", "9")], [])
    book.change(9, 12, None, [("100", "1")], [])
    book.change(13, 14, None, [("100", "0")], [])
    book.snapshot(10, BIDS, ASKS)

    assert (book.state, book.old, book.applied, bid_after(book)) == (BookState.IN_STEP, 1, 2, Decimal(99))


@pytest.mark.parametrize(
    ("first", "last", "state"),
    [(11, 11, BookState.IN_STEP), (5, 11, BookState.IN_STEP), (12, 13, BookState.LOST), (5, 10, BookState.IN_STEP)],
)
def test_the_first_change_of_a_spot_book_holds_the_number_after_the_snapshot(
    first: int, last: int, state: BookState
) -> None:
    book = spot(10)
    book.change(first, last, None, [], [])

    assert book.state is state


@pytest.mark.parametrize(
    ("first", "last", "state", "applied"),
    [
        (10, 10, BookState.IN_STEP, 1),
        (5, 12, BookState.IN_STEP, 1),
        (11, 12, BookState.LOST, 0),
        (5, 9, BookState.IN_STEP, 0),
    ],
)
def test_the_first_change_of_a_futures_book_holds_the_number_of_the_snapshot(
    first: int, last: int, state: BookState, applied: int
) -> None:
    book = futures(10)
    book.change(first, last, 1, [], [])

    assert (book.state, book.applied) == (state, applied)


def test_a_missing_change_is_a_gap_and_the_book_waits_for_a_new_snapshot() -> None:
    book = spot()
    book.change(11, 12, None, [("100", "1")], [])
    book.change(14, 15, None, [("100", "2")], [])
    lost = book.state, book.gaps, book.best()
    book.change(16, 16, None, [("100.5", "1")], [])
    book.snapshot(14, BIDS, ASKS)

    assert lost == (BookState.LOST, 1, None)
    assert (book.state, bid_after(book)) == (BookState.IN_STEP, Decimal("100.5"))


def test_futures_follow_the_number_that_each_change_names() -> None:
    book = futures()
    book.change(8, 12, 3, [], [])
    book.change(20, 22, 12, [("100", "1")], [])
    book.change(30, 31, 23, [], [])

    assert (book.applied, book.gaps, book.state) == (2, 1, BookState.LOST)


def test_a_change_that_comes_again_is_old_and_no_gap() -> None:
    book = spot()
    for _ in range(3):
        book.change(11, 12, None, [("100", "1")], [])

    assert (book.applied, book.old, book.gaps, book.state) == (1, 2, 0, BookState.IN_STEP)


BAD_PRICES = [(price, "1") for price in ("0", "-1", "NaN", "sNaN", "Infinity", "x", "")]
BAD_SIZES = [("99", size) for size in ("-1", "NaN", "Infinity", "x", "")]


@pytest.mark.parametrize("level", [*BAD_PRICES, *BAD_SIZES])
def test_a_change_with_a_level_that_is_none_is_refused_whole_and_the_next_tells_the_gap(
    level: tuple[str, str],
) -> None:
    book = spot()
    book.change(11, 11, None, [("100", "1"), level], [])
    after = book.refused, bid_after(book)
    book.change(12, 12, None, [], [])

    assert after == (1, Decimal(99))
    assert (book.state, book.gaps) == (BookState.LOST, 1)


def test_a_book_whose_sides_cross_is_not_believed() -> None:
    book = spot()
    book.change(11, 11, None, [("101", "1")], [])

    assert (book.state, book.refused, book.best()) == (BookState.LOST, 1, None)


def test_a_crossed_snapshot_is_not_believed() -> None:
    book = OrderBook(is_futures=False)
    book.snapshot(1, ASKS, BIDS)

    assert (book.state, book.refused) == (BookState.LOST, 1)


def test_an_older_snapshot_does_not_replace_a_book_that_is_in_step() -> None:
    book = spot()
    book.change(11, 20, None, [("100", "1")], [])
    book.snapshot(12, BIDS, ASKS)

    assert (bid_after(book), book.old) == (Decimal(100), 1)


def test_depth_is_told_from_the_best_on() -> None:
    bids, asks = spot().depth(2)

    assert [price for price, _ in bids] == [Decimal(99), Decimal(98)]
    assert [price for price, _ in asks] == [Decimal(101), Decimal(102)]


SIDE = st.lists(st.tuples(st.integers(1, 40), st.integers(0, 3)), max_size=6)
CHANGES = st.lists(st.tuples(SIDE, SIDE), max_size=12)


def below(side: list[tuple[int, int]], base: int) -> Levels:
    return [(f"{base + price}.00", str(size)) for price, size in side]


@given(CHANGES, st.integers(0, 12))
def test_a_book_is_the_sum_of_its_changes_wherever_the_snapshot_comes_in_between(
    changes: list[tuple[list[tuple[int, int]], list[tuple[int, int]]]], place: int
) -> None:
    plain: dict[str, dict[Decimal, Decimal]] = {"bids": {}, "asks": {}}
    whole = OrderBook(is_futures=False)
    whole.snapshot(0, [], [])
    late = OrderBook(is_futures=False)
    for number, (bids, asks) in enumerate(changes, 1):
        told = below(bids, 0), below(asks, 100)
        whole.change(number, number, None, *told)
        late.change(number, number, None, *told)
        for side, side_levels in zip(("bids", "asks"), told, strict=True):
            plain[side] |= {Decimal(price): Decimal(size) for price, size in side_levels}
        if number == place:
            bids_now, asks_now = (
                [(str(price), str(size)) for price, size in side if size] for side in whole.depth(1000)
            )
            late.snapshot(number, bids_now, asks_now)
    expected = [sorted((price, size) for price, size in plain[side].items() if size) for side in ("bids", "asks")]

    assert [sorted(side) for side in whole.depth(1000)] == expected
    assert late.state is BookState.WAITING or late.depth(1000) == whole.depth(1000)
