"""The pools of a book: what is used up is let go of, and what comes back is there again."""

from __future__ import annotations

import pytest

from app.core.clock import DAY
from app.core.lots.book import Book
from app.core.lots.book_lots import Lot, Pool
from app.core.lots.events import Choice, Event, Kind
from app.core.lots.methods import BY_LOT, Method, Scope
from app.core.lots.results import Matched

every_method = pytest.mark.parametrize("method", sorted(BY_LOT))


def pool(method: Method) -> Pool:
    made = Pool(method, 64, has_ages=True, has_rows=True)
    for number in range(1, 4):
        made.add(Lot(f"r{number}", number, number, (number, 1), 10, 100 * number))
    return made


def played(method: Method, *events: Event, scope: Scope = Scope.PER_WALLET) -> Matched:
    return Book(method, scope, events, is_lenient=True).played()


def bought(day: int, row: str, units: int, wallet: str = "hot") -> Event:
    return Event(day * DAY, Kind.ACQUIRE, "BTC", wallet, units, 7 * units, row)


def moved(day: int, units: int, wallet: str, target: str) -> Event:
    return Event(day * DAY, Kind.TRANSFER, "BTC", wallet, units, None, f"t{day}", target)


def sold(day: int, units: int, wallet: str = "hot", choice: Choice = ()) -> Event:
    return Event(day * DAY, Kind.DISPOSE, "BTC", wallet, units, 0, f"s{day}", choice=choice)


@every_method
def test_a_lot_that_is_used_up_is_let_go_of(method: Method) -> None:
    lots = pool(method)
    lots.draw(10)
    lots.draw_oldest(10)

    assert [lot.quantity for lot in lots.lots.values()] == [10]


def test_chosen_lots_are_let_go_of_and_still_known_by_their_rows() -> None:
    lots = pool(Method.SPEC_ID)
    lots.take_chosen((("r1", 10), ("r3", 4)))

    assert [None if lot is None else lot.quantity for lot in map(lots.chosen, ("r1", "r2", "r3", "r4"))] == [
        None,
        10,
        6,
        None,
    ]
    assert [lots.has_held("r1"), lots.has_held("r4")] == [True, False]


@every_method
def test_a_lot_that_left_and_came_back_is_there_again(method: Method) -> None:
    found = played(
        method,
        bought(1, "a", 10), bought(2, "b", 10), moved(3, 10, "hot", "cold"), moved(4, 4, "cold", "hot"), sold(5, 14),
    )  # fmt: skip

    sale = found.disposals[0]
    assert {("a", 4, 28), ("b", 10, 70)} == {(row, units, cost) for row, _, units, cost, _ in sale.matches}
    assert [(lot.row, lot.wallet, lot.quantity) for lot in found.lots] == [("a", "cold", 6)]


@every_method
def test_parts_of_one_lot_that_meet_are_one_lot(method: Method) -> None:
    # A checkpoint tells the parts of one lot one after the other.
    found = played(method, bought(1, "a", 10), bought(1, "a", 5, "cold"), moved(2, 5, "cold", "hot"))

    assert [(lot.row, lot.wallet, lot.quantity, lot.cost) for lot in found.lots] == [("a", "hot", 15, 105)]


@every_method
def test_two_purchases_of_one_row_in_one_wallet_are_both_kept(method: Method) -> None:
    found = played(method, bought(1, "a", 10), bought(2, "a", 5))

    assert found.holdings[0].quantity == 15


def test_a_choice_of_what_was_sold_before_says_so_and_not_that_it_lies_elsewhere() -> None:
    found = played(
        Method.SPEC_ID,
        bought(1, "a", 10), bought(2, "b", 10), sold(3, 10, choice=(("a", 10),)), sold(4, 5, choice=(("a", 5),)),
    )  # fmt: skip

    assert [(one.reason, one.lot) for one in found.wrong_choices] == [
        ("identifies more of %lot than it still holds here", "a")
    ]
