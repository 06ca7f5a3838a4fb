"""What persons say of transfers, in the journal: sealed bytes that never change, and which entries it concerns."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.errors import InputError
from app.core.journal.encoding import encode
from app.core.ledger.entries import EntryKind
from app.core.model.transfer_links import TransferLink
from app.storage.courses import SqlCourses
from app.storage.decisions.links import link_fields
from tests.storage.journal_books import entry, new_books, page

VECTOR = json.loads((Path(__file__).parents[1] / "vectors" / "transfer_link.json").read_text())
ONE, OTHER = "00112233445566778899aabbccddeeff", "ffeeddccbbaa99887766554433221100"
LINK = TransferLink((ONE,), (OTHER,), is_transfer=True, reason="between my own wallets")
NONE = TransferLink((ONE,), (OTHER,), is_transfer=False, reason="a gift to my sister")


@pytest.mark.parametrize(("name", "link"), [("transfer", LINK), ("none", NONE)])
def test_the_body_of_a_link_has_the_committed_bytes(name: str, link: TransferLink) -> None:
    assert encode(link_fields(link)).hex() == VECTOR[name]


def test_a_link_is_read_back_binds_its_entries_and_marks_their_months_as_changed(tmp_path: Path) -> None:
    books = new_books(tmp_path)
    out = replace(entry("W", 1, "-1 bitcoin"), kind=EntryKind.WITHDRAWAL)
    into = replace(entry("D", 90 * 86_400, "1 bitcoin"), kind=EntryKind.DEPOSIT)
    books.append(page(out, into))
    ids = [entry_id for entry_id, _ in books.reader.export_entries()]
    courses = SqlCourses(books.database, books.book, books.assets)
    seen, late = courses.newest(), into.at
    assert [one for one, _ in courses.entries("bitcoin", late)] == [ids[1]]

    record = books.writer.append_decision(TransferLink((ids[0],), (ids[1],), is_transfer=True, reason="mine"))

    (found,) = books.reader.decisions(TransferLink)
    assert (found.withdrawals, found.deposits, found.is_transfer, found.record) == ((ids[0],), (ids[1],), True, record)
    assert [one for one, _ in courses.entries("bitcoin", late)] == ids
    changed = courses.first_change("bitcoin", seen)
    assert changed is not None
    assert changed <= out.at
    assert books.verify().is_valid


def test_a_link_of_an_entry_that_is_not_there_is_refused(tmp_path: Path) -> None:
    books = new_books(tmp_path)

    with pytest.raises(InputError, match="No entry has the id"):
        books.writer.append_decision(LINK)
    assert books.reader.decisions(TransferLink) == ()


def test_several_words_are_recorded_together_or_not_at_all(tmp_path: Path) -> None:
    books = new_books(tmp_path)
    out = replace(entry("W", 1, "-1 bitcoin"), kind=EntryKind.WITHDRAWAL)
    into = replace(entry("D", 90, "1 bitcoin"), kind=EntryKind.DEPOSIT)
    books.append(page(out, into))
    ids = [entry_id for entry_id, _ in books.reader.export_entries()]
    fits = TransferLink((ids[0],), (ids[1],), is_transfer=True, reason="mine")

    with pytest.raises(InputError, match="No entry has the id"):
        books.writer.append_decisions([fits, LINK])
    assert books.reader.decisions(TransferLink) == ()
    records = books.writer.append_decisions([fits, replace(fits, is_transfer=None)])
    found = books.reader.decisions(TransferLink)
    assert tuple(one.record for one in found) == records
    assert len({one.device for one in found}) == 1
    assert books.verify().is_valid
