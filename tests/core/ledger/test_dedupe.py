"""Weak against strong readings, without a database."""

from __future__ import annotations

from decimal import Decimal

from app.core.clock import SECOND
from app.core.ledger.dedupe import Held, SecondInBooks, edge_seconds, judge, weak_identity
from app.core.ledger.entries import Entry, EntryKind, Identity, Leg


def entry(*legs: str, part: str = "") -> Entry:
    return Entry("a", 9 * SECOND, EntryKind.TRADE, tuple(map(leg, legs)), Identity("csv", "", part))


def leg(text: str) -> Leg:
    quantity, asset = text.split()
    return Leg("a", "spot", asset, Decimal(quantity))


def held(name: str, *legs: str, is_weak: bool = False) -> Held:
    return Held(name, is_weak, tuple(map(leg, legs)))


def excess(*entries: Entry, books: SecondInBooks) -> list[str | None]:
    """Return the new legs of each entry, None where nothing of it is new."""
    return [
        None if verdict.excess is None else " ".join(f"{one.quantity} {one.asset}" for one in verdict.excess.legs)
        for verdict in judge(entries, {}, books)
    ]


def test_a_second_with_the_same_net_is_the_same_event() -> None:
    books = SecondInBooks([held("x", "1 btc"), held("y", "2 btc", "-9 usd")])

    assert excess(entry("3 btc"), entry("-9 usd"), books=books) == [None, None]


def test_rows_that_cancel_out_are_no_reason_to_leave_them_out() -> None:
    assert excess(entry("3 btc"), entry("-3 btc"), books=SecondInBooks()) == ["3 btc", "-3 btc"]


def test_rows_are_matched_one_to_one() -> None:
    books = SecondInBooks([held("x", "1 btc", is_weak=True)])

    assert excess(entry("1 btc"), entry("1 btc"), entry("1 btc"), books=books) == [None, "1 btc", "1 btc"]


def test_new_equal_rows_have_ordinals_of_their_own() -> None:
    books = SecondInBooks([held("x", "1 btc", is_weak=True)])
    new = [verdict.excess for verdict in judge([entry("1 btc")] * 3, {}, books)]

    assert [one.identity.part for one in new if one is not None] == ["1", "2"]


def test_what_is_new_of_a_group_is_only_its_new_rows() -> None:
    books = SecondInBooks([held("x", "1 btc", "-9 usd")])

    assert excess(entry("1 btc", "-9 usd", "-0.1 bnb"), books=books) == ["-0.1 bnb"]


def test_an_asset_whose_net_is_the_same_is_not_new_beside_another_that_is() -> None:
    books = SecondInBooks([held("x", "1 btc"), held("y", "2 btc")])

    assert excess(entry("3 btc"), entry("7 eth"), books=books) == [None, "7 eth"]


def test_a_strong_reading_claims_its_part_once() -> None:
    books = SecondInBooks([held("w", "3 btc", "-30 usd", is_weak=True)])
    claims = [books.claim(entry("2 btc", "-20 usd")) for _ in range(2)]

    assert [claim is not None for claim in claims] == [True, False]


def test_a_fee_that_a_statement_took_off_already_is_claimed_by_the_net() -> None:
    books = SecondInBooks([held("w", "0.999 btc", is_weak=True)])
    claim = books.claim(entry("1 btc", "-0.001 btc"))

    assert claim is not None
    assert claim.parts == ((("a", "spot", "btc"), Decimal("0.999")),)


def test_a_strong_reading_with_an_asset_of_its_own_claims_nothing() -> None:
    books = SecondInBooks([held("w", "3 btc", is_weak=True)])

    assert books.claim(entry("3 btc", "-1 usd")) is None


def test_claims_are_exact_beyond_28_digits() -> None:
    books = SecondInBooks([held("w", "-1000000000000.999999999999999999 btc", is_weak=True)])

    assert books.claim(entry("-999999999999.999999999999999999 btc")) is not None
    assert books.claim(entry("-1 btc")) is not None
    assert books.claim(entry("-0.000000000000000001 btc")) is None


def test_the_order_of_rows_is_no_part_of_an_identity_and_the_ordinal_is() -> None:
    first, other = entry("1 btc", "-9 usd"), entry("-9.0 usd", "1.00 btc")

    assert weak_identity(first) == weak_identity(other)
    assert weak_identity(entry("1 btc", part="1")) != weak_identity(entry("1 btc"))


def test_only_a_page_that_may_be_cut_has_edges() -> None:
    assert edge_seconds([5, 3, 4], is_complete=False) == {3, 5}
    assert edge_seconds([5, 3, 4], is_complete=True) == frozenset()
    assert edge_seconds([], is_complete=False) == frozenset()
