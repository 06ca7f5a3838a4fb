"""The worklist: one line for a flood, one root for many rows, the largest effect first, the unknown told as unknown."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from app.core.findings import Finding, Severity
from app.core.worklist import groups, headline

PRICES = {"bitcoin": Decimal(40_000), "ether": Decimal(2_000)}


def effect(one: Finding) -> Decimal | None:
    price = PRICES.get(one.asset)
    return None if price is None or one.quantity is None else price * one.quantity


def broken(account: str, asset: str, quantity: str, root: str = "missing-page") -> Finding:
    words = f"{account}: the ledger differs by {quantity} {asset}."
    return Finding(
        Severity.WARNING, "break", words, f"{account}/{asset}/spot", source=account, asset=asset,
        quantity=Decimal(quantity), seen=quantity, root=root,
    )  # fmt: skip


def row(number: int, source: str = "main") -> Finding:
    return Finding(
        Severity.WARNING, "quarantined-row", f"Row {number} has no amount.", f"{source}/{number}", source=source
    )


def test_a_flood_is_one_line_with_all_of_it_inside() -> None:
    (found,) = groups([row(number) for number in range(191)], effect)

    assert (found.title, len(found.members)) == ("main: 191 rows could not be read.", 191)


def test_a_source_is_called_by_its_label() -> None:
    (found,) = groups([row(1, "kraken-1"), row(2, "kraken-1")], effect, {"kraken-1": "Kraken, desk"})

    assert (found.title, found.name) == ("Kraken, desk: 2 rows could not be read.", "quarantined-row@kraken-1")


def test_breaks_of_one_root_are_one_group_and_of_another_root_another() -> None:
    one, two = broken("k", "bitcoin", "1"), broken("k", "ether", "2")
    other = broken("k", "solana", "3", "duplicate/abc")
    found = groups([one, two, other], effect)

    assert [(group.name, len(group.members)) for group in found] == [
        ("break@k@missing-page", 2),
        ("break@k@duplicate/abc", 1),
    ]


def alone(number: int, root: str = "") -> Finding:
    return Finding(
        Severity.WARNING, "unpaired-withdrawal", f"{number} BTC left.", f"e{number}", asset="bitcoin",
        quantity=Decimal(number), root=root, place=f"transfers/unpaired/e{number}",
    )  # fmt: skip


def test_what_went_to_one_address_is_one_line_that_says_so_and_leads_to_all_of_it() -> None:
    found = groups([alone(1), alone(2, "abc"), alone(3, "abc"), alone(4)], effect)

    assert [(group.title, group.place, group.amount) for group in found] == [
        ("2 withdrawals arrived in no account of these books.", "transfers/unpaired", Decimal(200_000)),
        (
            "2 withdrawals to abc arrived in no account of these books.",
            "transfers/unpaired",
            Decimal(200_000),
        ),
    ]


def test_a_long_address_is_told_by_both_ends_and_kept_whole() -> None:
    address = "0x62d637cf97e7da67df51ddd6c4e09fb97a1b2c3d"
    (group,) = groups([alone(1, address), alone(2, address)], effect)

    assert group.title.startswith("2 withdrawals to 0x62d637…1b2c3d arrived")
    assert group.root == address


def test_one_finding_is_told_in_its_own_words() -> None:
    assert groups([row(7)], effect)[0].title == "Row 7 has no amount."


def test_groups_are_ordered_by_severity_then_by_what_they_are_about() -> None:
    failed = Finding(Severity.ERROR, "source-failed", "x cannot be read.", "x")
    found = groups([broken("a", "ether", "1"), row(1), broken("b", "bitcoin", "1"), failed], effect)

    assert [group.source or group.code for group in found] == ["source-failed", "b", "a", "main"]


def test_what_is_unknown_is_counted_and_never_taken_for_nothing() -> None:
    known, unknown = broken("k", "bitcoin", "0.5"), broken("k", "nobody-knows", "7")
    (mixed,) = groups([known, unknown], effect)
    (alone,) = groups([unknown], effect)

    assert (mixed.amount, mixed.unknown) == (Decimal(20_000), 1)
    assert (alone.amount, alone.unknown) == (None, 1)


def test_members_with_the_largest_effect_come_first() -> None:
    (found,) = groups([broken("k", "ether", "1"), broken("k", "bitcoin", "1")], effect)

    assert [one.asset for one in found.members] == ["bitcoin", "ether"]


def test_members_of_no_known_effect_are_in_the_order_in_which_people_count() -> None:
    (found,) = groups([row(10), row(9), row(100)], effect)

    assert [one.subject for one in found.members] == ["main/9", "main/10", "main/100"]


def test_what_is_waived_is_a_group_of_its_own_at_the_end() -> None:
    waived = replace(broken("k", "bitcoin", "1"), waived="too small")
    found = groups([waived, row(1)], effect)

    assert [group.is_waived for group in found] == [False, True]


def test_what_is_unknown_to_the_words_is_counted_with_its_own() -> None:
    odd = [Finding(Severity.INFO, "odd-thing", "A thing is odd.", str(number)) for number in range(3)]

    assert groups(odd, effect)[0].title == "A thing is odd, and 2 more like it."


def test_a_flood_is_one_headline_that_leads_to_the_worklist() -> None:
    flood, single = (headline(group) for group in groups([*map(row, range(191)), broken("k", "bitcoin", "1")], effect))
    if flood.code == "break":
        flood, single = single, flood

    assert (flood.message, flood.place) == ("main: 191 rows could not be read.", "findings/quarantined-row")
    assert single == broken("k", "bitcoin", "1")
