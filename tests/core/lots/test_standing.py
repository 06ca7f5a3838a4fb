"""Tests of lots whose method changes with time and from wallet to wallet."""

from __future__ import annotations

import pytest

from app.core.lots.book import Book
from app.core.lots.events import Event, Kind, Rare
from app.core.lots.methods import Method, Scope
from app.core.lots.results import Matched
from app.core.lots.standing import Change, StandingBook

EVENTS = [
    Event(1, Kind.ACQUIRE, "X", "a", 10, 100, "cheap"),
    Event(2, Kind.ACQUIRE, "X", "a", 10, 300, "dear"),
    Event(3, Kind.ACQUIRE, "X", "a", 10, 200, "middle"),
    Event(3, Kind.ACQUIRE, "X", "b", 10, 150, "b-old"),
    Event(4, Kind.ACQUIRE, "X", "b", 10, 250, "b-new"),
    Event(5, Kind.DISPOSE, "X", "a", 4, 100, "first"),
    Event(10, Kind.DISPOSE, "X", "a", 4, 100, "second"),
    Event(10, Kind.DISPOSE, "X", "b", 4, 100, "of-b"),
    Event(20, Kind.DISPOSE, "X", "a", 4, 100, "third"),
]


def used(found: Matched) -> dict[str, list[tuple[str | None, str]]]:
    """Return the lots and the rule of each disposal."""
    return {one.row: [match[:2] for match in one.matches] for one in found.disposals}


def test_each_sale_follows_the_method_of_its_moment_and_wallet() -> None:
    changes = [Change(10, "", Method.HIFO), Change(10, "b", Method.LIFO), Change(15, "", Method.FIFO)]

    found = StandingBook(Method.FIFO, Scope.PER_WALLET, EVENTS, changes).played()

    assert used(found) == {
        "first": [("cheap", "fifo")],
        "second": [("dear", "hifo")],
        "of-b": [("b-new", "lifo")],
        "third": [("cheap", "fifo")],
    }


@pytest.mark.parametrize("scope", Scope)
@pytest.mark.parametrize("method", [Method.FIFO, Method.LIFO, Method.HIFO, Method.LOFO])
def test_one_order_from_the_start_is_that_method(method: Method, scope: Scope) -> None:
    move = Event(4, Kind.TRANSFER, "X", "a", 5, None, "move", "b")
    split = Event(6, Kind.SPLIT, "X", "", 0, None, "split", rare=Rare(ratio=(2, 1)))
    events = [*EVENTS[:5], move, EVENTS[5], split, *EVENTS[6:]]

    ordered = StandingBook(Method.FIFO, scope, events, [Change(0, "", method)]).played()
    plain = Book(method, scope, events).played()

    assert (used(plain), plain.holdings, plain.lots) == (used(ordered), ordered.holdings, ordered.lots)


def test_a_change_keeps_every_unit_and_its_cost() -> None:
    found = StandingBook(Method.FIFO, Scope.UNIVERSAL, EVENTS, [Change(10, "", Method.LOFO)]).played()

    sold = sum(one.cost or 0 for one in found.disposals)
    ((_, _, quantity, cost),) = found.holdings
    assert (quantity, (cost or 0) + sold) == (50 - 16, 1_000)
