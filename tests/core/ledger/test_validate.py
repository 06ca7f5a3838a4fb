"""What cannot become an entry, in words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from app.core.clock import DAY
from app.core.ledger.entries import Entry, EntryKind, Identity, Leg
from app.core.ledger.validate import EARLIEST, fault, quarantined

NOW = EARLIEST + 5_000 * DAY
ENTRY = Entry("a", NOW, EntryKind.DEPOSIT, (Leg("a", "spot", "bitcoin", Decimal(1)),), Identity("ledger", "T1"))


def scale(asset: str) -> int:
    return 24 if asset == "fine" else 18


def with_leg(quantity: str, asset: str = "bitcoin") -> Entry:
    return replace(ENTRY, legs=(Leg("a", "spot", asset, Decimal(quantity)),))


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (replace(ENTRY, legs=()), "moves nothing"),
        (replace(ENTRY, at=EARLIEST - 1), "2009-01-02T23:59:59Z is not between"),
        (replace(ENTRY, at=NOW + DAY + 1), "tomorrow"),
        (replace(ENTRY, at=2**80), "tomorrow"),
        (replace(ENTRY, account=""), "names no account"),
        (with_leg("0"), "quantity 0"),
        (with_leg("NaN"), "not an exact number"),
        (with_leg("1E-19"), "more than 18 decimal places"),
        (with_leg("1E+30"), "too large"),
        (with_leg("1", ""), "no asset"),
        (replace(ENTRY, identity=Identity("ledger", "\udc00")), "not Unicode"),
    ],
)
def test_an_entry_with_a_fault_is_told_why(entry: Entry, words: str) -> None:
    assert words in fault(entry, NOW, scale)
    assert words in quarantined("kraken", "ledger", 3, entry, fault(entry, NOW, scale)).message


@pytest.mark.parametrize("entry", [ENTRY, replace(ENTRY, at=EARLIEST), with_leg("-1E-24", "fine")])
def test_a_sound_entry_has_no_fault(entry: Entry) -> None:
    assert fault(entry, NOW, scale) == ""
