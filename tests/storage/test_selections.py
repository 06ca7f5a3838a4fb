"""Selections of lots in the journal: sealed bytes that never change, and what is refused."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from app.core.errors import InputError
from app.core.journal.encoding import encode
from app.core.model.lot_selections import LotSelection
from app.storage.decisions.selections import selection_fields
from app.storage.migrations.m0005_alerts import IS_FEW
from tests.storage.journal_books import entry, new_books, page

VECTOR = json.loads((Path(__file__).parents[1] / "vectors" / "lot_selection.json").read_text())
ENTRY = "00112233445566778899aabbccddeeff"
SELECTION = LotSelection(
    "us",
    "bitcoin",
    ((f"{ENTRY[::-1]}/buy/bitcoin", Decimal("0.50000000")), ("other/income/bitcoin", Decimal(2))),
    ENTRY,
    preset="hifo",
)
AHEAD = LotSelection("de", "ether", (), wallet="kraken-main")


@pytest.mark.parametrize(("name", "selection"), [("for_an_entry", SELECTION), ("taken_back_ahead", AHEAD)])
def test_the_body_of_a_selection_has_the_committed_bytes(name: str, selection: LotSelection) -> None:
    assert encode(selection_fields(selection)).hex() == VECTOR[name]


def test_a_selection_is_read_back_with_its_time_and_record(tmp_path: Path) -> None:
    books = new_books(tmp_path)
    books.append(page(entry("T1", 1, "1 bitcoin")))
    known = books.reader.export_entries()[0][0]
    record = books.writer.append_decision(
        LotSelection("us", "bitcoin", (("a/buy/bitcoin", Decimal("0.5")),), known, preset="fifo")
    )

    (found,) = books.reader.decisions(LotSelection)
    assert (found.disposal, found.lots, found.preset) == (known, (("a/buy/bitcoin", Decimal("0.5")),), "fifo")
    assert (found.record, found.recorded_ns > 0) == (record, True)
    assert books.verify().is_valid


def test_a_selection_for_an_entry_that_is_not_there_is_refused(tmp_path: Path) -> None:
    books = new_books(tmp_path)

    with pytest.raises(InputError, match="No entry has the id"):
        books.writer.append_decision(LotSelection("us", "bitcoin", (), ENTRY))
    assert books.reader.decisions(LotSelection) == ()


def test_decisions_are_found_by_the_index_of_the_few_and_not_by_reading_every_record(tmp_path: Path) -> None:
    books = new_books(tmp_path)
    books.writer.append_decision(AHEAD)

    asked = f"EXPLAIN QUERY PLAN SELECT n FROM records WHERE {IS_FEW} AND kind = ? ORDER BY n"  # noqa: S608 - our own
    with books.database.read() as connection:
        plan = connection.execute(asked, ("lot_selection",)).fetchall()
    assert [row[3] for row in plan] == ["SEARCH records USING COVERING INDEX decisions (kind=?)"]
