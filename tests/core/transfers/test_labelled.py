"""The labelled histories themselves: they are what they say, before any matcher looks at them."""

from __future__ import annotations

from decimal import Decimal

from app.core.ledger.entries import EntryKind
from app.core.transfers.ends import ends
from tests.core.transfers.labelled import CLASSES, labelled


def test_a_history_is_the_same_for_the_same_seed_and_has_every_class() -> None:
    one, again, other = labelled(1), labelled(1), labelled(2)

    assert one.entries == again.entries
    assert one.entries != other.entries
    assert {case.kind for case in one.cases} == set(CLASSES)
    assert len(one.entries) > 5_000


def test_every_entry_is_an_end_and_belongs_to_one_transfer_at_most() -> None:
    for seed in (1, 2, 3):
        found = labelled(seed)
        seen = {end.entry_id: end for end in ends(found.entries)}
        assert len(seen) == len(found.entries)
        used: set[str] = set()
        for case in found.cases:
            for out, into in case.transfers:
                assert used.isdisjoint(out | into)
                used |= out | into
                sent = sum((seen[one].quantity + seen[one].fee for one in out), Decimal(0))
                arrived = sum((seen[one].quantity for one in into), Decimal(0))
                assert 0 < arrived <= sent
                assert {seen[one].is_deposit for one in out} == {False}
                assert {seen[one].is_deposit for one in into} == {True}


def test_quantities_are_positive_and_the_sides_have_their_signs() -> None:
    for _, entry in labelled(4).entries:
        assert (entry.legs[0].quantity > 0) is (entry.kind is EntryKind.DEPOSIT)
