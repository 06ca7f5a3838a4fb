"""Waivers in the journal: sealed bytes that never change, and what is read back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.core.journal.encoding import encode
from app.core.model.waivers import Waiver
from app.storage.decisions.waivers import waiver_fields
from tests.storage.journal_books import new_books

VECTOR = json.loads((Path(__file__).parents[1] / "vectors" / "waiver.json").read_text())
WAIVED = Waiver("break", "kraken-main/bitcoin/spot", "-0.00000001", "the venue rounds its own fees")
TAKEN_BACK = Waiver("break", "kraken-main/bitcoin/spot", "-0.00000001", "seen again: a deposit", is_taken_back=True)


@pytest.mark.parametrize(("name", "waiver"), [("waived", WAIVED), ("taken_back", TAKEN_BACK)])
def test_the_body_of_a_waiver_has_the_committed_bytes(name: str, waiver: Waiver) -> None:
    assert encode(waiver_fields(waiver)).hex() == VECTOR[name]


def test_waivers_are_read_back_oldest_first_with_their_times_and_records(tmp_path: Path) -> None:
    books = new_books(tmp_path)
    records = [books.writer.append_decision(one) for one in (WAIVED, TAKEN_BACK)]

    found = books.reader.decisions(Waiver)
    assert [(one.seen, one.reason, one.is_taken_back) for one in found] == [
        (one.seen, one.reason, one.is_taken_back) for one in (WAIVED, TAKEN_BACK)
    ]
    assert [one.record for one in found] == records
    assert all(one.recorded_ns > 0 for one in found)
    assert books.verify().is_valid
