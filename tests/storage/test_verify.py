"""Verification names the first break, whatever was done to the vault."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.storage.bodies import erase
from app.storage.replay import rebuild
from tests.storage.journal_books import Books, KeyDevice, entry, new_books, page

DEVICE = KeyDevice(1).fingerprint


@pytest.fixture
def books(tmp_path: Path) -> Books:
    """Return a chain: device, book, commit; account, commit; observation, 3 entries, commit; note, commit."""
    made = new_books(tmp_path)
    made.append(page(*(entry(f"T{n}", n, "1 bitcoin") for n in range(3))))
    made.writer.annotate(made.reader.export_entries()[0][0], "checked")
    return made


def flip(column: str, table: str = "records", place: int = 20) -> Callable[[Any], None]:
    """Return a change of one bit in record 7, the first entry."""

    def change(connection: Any) -> None:
        (content,) = connection.execute(f"SELECT {column} FROM {table} WHERE n = 7").fetchone()  # noqa: S608
        changed = bytes([*content[:place], content[place] ^ 1, *content[place + 1 :]])
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE n = 7", (changed,))  # noqa: S608

    return change


def run(*statements: str) -> Callable[[Any], None]:
    def change(connection: Any) -> None:
        for statement in statements:
            connection.execute(statement)

    return change


BREAKS = {
    "a flipped bit in a header": (flip("header"), 7, "header"),
    "a flipped bit in a hash": (flip("hash"), 7, "header"),
    "a flipped bit in a body": (flip("body", "bodies"), 7, "body that was changed"),
    "a flipped bit in a salt": (flip("salt", "bodies"), 7, "body that was changed"),
    "a body gone without a tombstone": (run("DELETE FROM bodies WHERE n = 7"), 7, "without a tombstone"),
    "a removed record": (run("DELETE FROM records WHERE n = 7"), 7, "is missing"),
    "a removed commit": (run("DELETE FROM records WHERE n = 10"), 10, "is missing"),
    "a removed end": (run("DELETE FROM records WHERE n = 12"), 11, "not covered by a signed commit"),
    "a removed signature": (run("UPDATE records SET signature = NULL WHERE n = 10"), 10, "without a signature"),
    "another signature": (
        run("UPDATE records SET signature = (SELECT signature FROM records WHERE n = 5) WHERE n = 10"),
        10,
        "not the device's",
    ),
    "swapped records": (
        run(
            "UPDATE records SET seq = 100 WHERE n = 7",
            "UPDATE records SET seq = 7 WHERE n = 8",
            "UPDATE records SET seq = 8 WHERE n = 7",
        ),
        7,
        "does not follow",
    ),
    "a record renumbered after a removal": (
        run("DELETE FROM records WHERE n = 7", "UPDATE records SET seq = 7 WHERE n = 8"),
        7,
        "does not follow",
    ),
    "a record under another kind": (run("UPDATE records SET kind = 'note' WHERE n = 7"), 7, "sealed as entry"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_a_break_is_named_by_its_record(books: Books, name: str) -> None:
    change, record, words = BREAKS[name]
    with books.database.write() as connection:
        change(connection)
    found = books.verify()

    assert not found.is_valid
    assert found.first_break.startswith(f"record {record} of device {DEVICE}: ")
    assert words in found.first_break


def test_a_sound_vault_is_valid(books: Books) -> None:
    found = books.verify()

    assert (found.is_valid, found.records, found.commits, found.devices) == (True, 12, 4, 1)
    assert found.head == books.reader.head()


def test_an_erased_body_leaves_a_chain_that_verifies(books: Books) -> None:
    with books.database.write() as connection:
        erase(connection, 7, "a person asked for it", 0)
    found = books.verify()

    assert (found.is_valid, found.erased) == (True, 1)


def test_an_erased_page_leaves_entries_without_their_raw_row(books: Books) -> None:
    with books.database.write() as connection:
        erase(connection, 6, "a person asked for it", 0)
    shown = books.reader.entry(books.reader.export_entries()[0][0])

    assert books.verify().is_valid
    assert (shown.raw_row, shown.proof.is_verified) == ("", True)


def test_a_kind_that_is_not_known_is_kept_and_verified(books: Books) -> None:
    books.writer._write(lambda work: work.seal("kind_of_a_newer_version", {"lot": "L1"}))

    assert books.verify().is_valid
    assert rebuild(books.database, books.assets) == 14


@pytest.mark.parametrize(
    "statement", ["UPDATE balances SET low = low + 1", "DELETE FROM balances", "DELETE FROM entries WHERE n = 7"]
)
def test_projections_that_differ_from_the_journal_are_named_and_rebuilt(books: Books, statement: str) -> None:
    with books.database.write() as connection:
        connection.execute(statement)
    broken = books.verify().first_break
    rebuild(books.database, books.assets)

    assert "rebuild the projections" in broken
    assert books.verify().is_valid
