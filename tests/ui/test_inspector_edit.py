"""Correcting an entry: the day and the cost of a giver are asked where the kind can have them, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from app.core.clock import iso
from app.core.errors import InputError
from app.core.ledger.entries import EntryKind, Stated
from app.core.model.views import EntryView
from app.ui.screens.inspector_edit import Correction
from tests.ui import made_up_books as books

pytestmark = pytest.mark.usefixtures("qapp")


def received() -> EntryView:
    """Return an entry that brings in one asset and says nothing of where it came from."""
    found = next(one for one in books.entries() if len(one.legs) == 1 and one.legs[0].quantity > 0)
    return replace(found, kind=EntryKind.DEPOSIT, references={}, stated=None)


def choose(fields: Correction, kind: EntryKind) -> None:
    fields.kind.setCurrentIndex(fields.kind.findData(kind))


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (EntryKind.GIFT, ["Giver's day", "Giver's cost, USD"]),
        (EntryKind.OPENING, ["Held since", "Cost, USD"]),
        (EntryKind.DEPOSIT, []),
        (EntryKind.AIRDROP, []),
    ],
)
def test_what_a_kind_may_say_of_its_origin_is_asked(kind: EntryKind, words: list[str]) -> None:
    fields = Correction(received(), "usd")
    choose(fields, kind)
    asked = [] if fields.origin.isHidden() else [fields.origin.since, fields.origin.cost]

    assert words == [field.accessibleName() for field in asked]


def test_a_gift_is_recorded_with_the_giver_s_day_and_cost() -> None:
    fields = Correction(received(), "usd")
    choose(fields, EntryKind.GIFT)
    fields.origin.since.setText("2019-05-04")
    fields.origin.cost.setText("1250.505")

    made = fields.revised()
    assert (made.kind, made.references, made.stated) == (
        EntryKind.GIFT, {"acquired": "2019-05-04"}, Stated(Decimal("1250.505"), "usd"),
    )  # fmt: skip


def test_what_was_said_before_is_shown_and_can_be_taken_back() -> None:
    known = replace(
        received(),
        kind=EntryKind.GIFT,
        references={"acquired": "2019-05-04", "note": "from an aunt"},
        stated=Stated(Decimal(900), "eur"),
    )
    fields = Correction(known, "usd")
    shown = (fields.origin.since.text(), fields.origin.cost.text(), fields.origin.cost.accessibleName())
    fields.origin.since.clear()
    fields.origin.cost.clear()

    made = fields.revised()
    assert shown == ("2019-05-04", "900", "Giver's cost, EUR")
    assert (made.references, made.stated) == ({"note": "from an aunt"}, None)


@pytest.mark.parametrize(
    ("since", "cost", "told"),
    [
        ("4 May 2019", "", "is no day"),
        ("2999-01-01", "", "lies after the day of the entry"),
        ("", "much", "is not a decimal number"),
        ("", "-5", "is below zero"),
    ],
)
def test_what_cannot_be_is_named(since: str, cost: str, told: str) -> None:
    fields = Correction(received(), "usd")
    choose(fields, EntryKind.GIFT)
    fields.origin.since.setText(since)
    fields.origin.cost.setText(cost)

    with pytest.raises(InputError, match=told):
        fields.revised()


def test_the_origin_of_other_kinds_stays_as_it_was() -> None:
    known = replace(received(), stated=Stated(Decimal(-7), "usd"), references={"acquired": "2019-05-04"})
    fields = Correction(known, "usd")
    fields.time.setText(iso(known.at - 86_400 * 10**9))

    made = fields.revised()
    assert (made.references, made.stated) == (known.references, known.stated)
