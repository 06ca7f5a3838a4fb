"""Prices set by a person, in the journal: sealed bytes that never change, and what is read back."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from app.core.journal.encoding import encode
from app.core.model.price_overrides import PriceOverride
from app.storage.decisions.overrides import override_fields
from tests.storage.journal_books import new_books

VECTOR = json.loads((Path(__file__).parents[1] / "vectors" / "price_override.json").read_text())
SET = PriceOverride("bitcoin", 19_700, Decimal("41234.5600"), "usd", "the administrator's close of the day")
TAKEN_BACK = PriceOverride("bitcoin", 19_700, None, "usd", "the venue corrected its own")


@pytest.mark.parametrize(("name", "override"), [("set", SET), ("taken_back", TAKEN_BACK)])
def test_the_body_of_a_price_has_the_committed_bytes(name: str, override: PriceOverride) -> None:
    assert encode(override_fields(override)).hex() == VECTOR[name]


def test_prices_are_read_back_oldest_first_with_their_times_and_records(tmp_path: Path) -> None:
    books = new_books(tmp_path)
    records = [books.writer.append_decision(one) for one in (SET, TAKEN_BACK)]

    found = books.reader.decisions(PriceOverride)
    assert [one.price for one in found] == [Decimal("41234.56"), None]
    assert [one.record for one in found] == records
    assert all(one.recorded_ns > 0 for one in found)
    assert books.verify().is_valid
