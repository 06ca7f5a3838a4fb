"""The audit log as it is read: every record once, the newest first, by kind and by hash, also what was erased."""

from __future__ import annotations

from pathlib import Path

from app.core.model.audit_log import LogFilter, LogLine
from app.core.model.waivers import Waiver
from app.storage.bodies import erase
from app.storage.proofs import SqlProofs
from tests.storage.journal_books import Books, entry, ids, new_books, page

ENTRIES = (entry("T1", 1, "1 bitcoin", "-45000 usd"), entry("T2", 2, "-1 bitcoin"))


def log(books: Books, asked: LogFilter = LogFilter(), before: int | None = None, limit: int = 1_000) -> list[LogLine]:  # noqa: B008
    return list(SqlProofs(books.database, books.book).log(asked, before, limit))


def filled(folder: Path) -> Books:
    books = new_books(folder)
    books.append(page(*ENTRIES))
    books.writer.append_decision(Waiver("break", "kraken/usd/spot", "5", "dust"))
    return books


def test_every_record_is_there_once_and_the_newest_first(tmp_path: Path) -> None:
    books = filled(tmp_path)
    found = log(books)

    with books.database.read() as connection:
        sealed = [row[0].hex() for row in connection.execute("SELECT hash FROM records ORDER BY n DESC")]
    assert [one.hash for one in found] == sealed
    assert [one.kind for one in found][:2] == ["commit", "waiver"]


def test_pages_join_without_a_gap_and_without_a_record_twice(tmp_path: Path) -> None:
    books = filled(tmp_path)
    found: list[LogLine] = []
    while part := log(books, before=found[-1].number if found else None, limit=2):
        found += part

    assert found == log(books)


def test_a_decision_says_that_a_person_made_it_and_why(tmp_path: Path) -> None:
    (one,) = log(filled(tmp_path), LogFilter(("waiver",)))

    assert (one.is_of_person, one.words) == (True, "break of kraken/usd/spot, let stand: dust")


def test_an_entry_leads_to_itself_and_to_its_account(tmp_path: Path) -> None:
    books = filled(tmp_path)
    found = log(books, LogFilter(("entry",)))

    assert {one.entry_id for one in found} == set(ids(books, ENTRIES))
    assert {(one.source, one.is_of_person) for one in found} == {("kraken-main", False)}


def test_a_record_is_found_by_the_beginning_of_its_hash(tmp_path: Path) -> None:
    books = filled(tmp_path)
    wanted = log(books)[3]

    assert log(books, LogFilter(hash=wanted.hash[:12])) == [wanted]
    assert log(books, LogFilter(hash="zz")) == []


def test_a_record_is_found_by_its_place_in_the_chain(tmp_path: Path) -> None:
    books = filled(tmp_path)

    assert [one.seq for one in log(books, LogFilter(seq=3))] == [3]
    assert log(books, LogFilter(("waiver",), seq=3)) == []


def test_what_was_erased_stays_in_the_log(tmp_path: Path) -> None:
    books = filled(tmp_path)
    number = log(books, LogFilter(("waiver",)))[0].number
    with books.database.write() as connection:
        erase(connection, number, "asked to", 1)

    assert log(books, LogFilter(("waiver",)))[0].words == "its content was erased"


def test_kinds_are_counted(tmp_path: Path) -> None:
    books = filled(tmp_path)
    counted = SqlProofs(books.database, books.book).kinds()

    assert counted["entry"] == 2
    assert sum(counted.values()) == len(log(books))
