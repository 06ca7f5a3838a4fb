"""Selections of lots when they are made: what is refused, and how sales and lots are named."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from app.core.clock import DAY
from app.core.errors import InputError, RefusedError
from app.core.lots.methods import Method, Scope
from app.core.tax.events import Transaction, TransactionType
from app.core.tax.profile import Profile, profile
from app.core.tax.selecting import AHEAD, ahead, check, named, sale_of
from app.core.tax.selections import followed
from tests.core.lots.histories import written
from tests.core.tax.made_selections import BOOKS, SALE, US, chosen


def judged(cell: str, *, disposal: str = "s/sell/BTC", profile: Profile = US) -> None:
    check(written(BOOKS), disposal, chosen(cell).lots, profile)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("a/buy/BTC:0.4", "do not add up"),
        ("a/buy/BTC:0.6", "do not add up"),
        ("a/buy/BTC:1.5", "more of the lot 'a/buy/BTC' than it still holds"),
        ("e/buy/ETH:0.5", "which is of ETH"),
        ("nothing:0.5", "which no acquisition opens"),
        ("z/buy/BTC:0.5", "which was acquired later"),
    ],
)
def test_a_choice_that_cannot_be_followed_is_refused_when_it_is_made(cell: str, reason: str) -> None:
    with pytest.raises(InputError, match="'s/sell/BTC'") as refused:
        judged(cell)

    assert reason in refused.value.message
    assert refused.value.hint.startswith("Nothing was recorded.")


def test_a_lot_of_another_wallet_is_refused_by_the_law() -> None:
    with pytest.raises(RefusedError, match="which is in another wallet"):
        judged("c/buy/BTC:0.5")


def test_lots_of_every_wallet_may_be_selected_where_all_are_looked_at_together() -> None:
    judged("c/buy/BTC:0.5", profile=profile("generic", method=Method.FIFO, scope=Scope.UNIVERSAL))


def test_a_choice_that_takes_what_another_sale_selected_is_refused() -> None:
    later = followed(written(BOOKS), [chosen("b/buy/BTC:1", disposal="t")], US)

    with pytest.raises(InputError, match="selected for 't/sell/BTC'"):
        check(later.transactions, "s/sell/BTC", chosen("b/buy/BTC:0.5").lots, US)


def test_lots_are_selected_ahead_of_a_sale_among_those_that_are_open_now() -> None:
    transactions = written(BOOKS)
    good, gone = chosen("z/buy/BTC:1;b/buy/BTC:0.5").lots, chosen("b/buy/BTC:1").lots

    later = SALE + 90 * DAY
    check(ahead(transactions, "BTC", "hot", Decimal("1.5"), later), AHEAD, good, US)
    with pytest.raises(InputError, match="The selection for the next sales identifies more of the lot"):
        check(ahead(transactions, "BTC", "hot", Decimal(1), later), AHEAD, gone, US)


def test_a_sale_is_named_by_its_row_or_by_its_entry() -> None:
    transactions = [*written(BOOKS), replace(written(BOOKS)[4], row="s/sell/ETH", asset="ETH")]

    assert sale_of(transactions, "t").row == "t/sell/BTC"
    assert sale_of(transactions, "s", "BTC").row == "s/sell/BTC"
    assert sale_of(transactions, "s/sell/ETH").row == "s/sell/ETH"
    with pytest.raises(InputError, match="sells several assets"):
        sale_of(transactions, "s")
    with pytest.raises(InputError, match="names no sale"):
        sale_of(transactions, "a")


def test_a_lot_may_be_named_by_its_entry_and_twice() -> None:
    transactions: list[Transaction] = written(BOOKS)

    assert named(transactions, "BTC", (("a", Decimal("0.2")), ("a/buy/BTC", Decimal("0.3")), ("q", Decimal(1)))) == (
        ("a/buy/BTC", Decimal("0.5")),
        ("q", Decimal(1)),
    )


def test_a_third_of_a_unit_is_refused_with_how_much_of_the_lot_can_be_selected() -> None:
    text = """
    a 2024-01-01 buy   1   FOO 100
    b 2024-01-02 buy   2   FOO 300
    c 2024-02-01 sell  3   FOO 1
    s 2025-04-01 sell  1   BAR 600
    x 2025-05-03 split -   BAR ratio=3
    """
    # Three old units became one: of a lot a third, of the other two.
    carried = {"type": TransactionType.CARRY, "value": None, "to_asset": "BAR", "to_quantity": Decimal(1)}
    books = [replace(one, **carried) if one.row == "c" else one for one in written(text)]  # type: ignore[arg-type]
    two_thirds = Decimal("0.666666666666666667")
    with pytest.raises(InputError) as refused:
        check(books, "s", (("a", 1 - two_thirds), ("b", two_thirds)), US)

    reason = "more of the lot 'b' than it still holds here, which is 0.6666666666666666666666666666666666666666666666"
    assert reason in refused.value.message
