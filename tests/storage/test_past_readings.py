"""Every reading beside the ledger at its moment: what late entries change, what is not named, what has no reading."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from app.core.clock import SECOND
from app.core.ledger.entries import EntryKind
from app.core.model.accounts import Account
from app.core.model.ledger_rows import Compared
from app.core.model.pages import Balance, BalancePage
from app.core.money import plain
from app.storage.migrations import m0004_decisions
from app.storage.replay import rebuild
from tests.storage.journal_books import ACCOUNT, SOURCE, START, Books, entry, ids, new_books, page


@pytest.fixture
def books(tmp_path: Path) -> Books:
    return new_books(tmp_path)


def read(books: Books, second: int, account: str = ACCOUNT, **held: str) -> None:
    """Say what an account holds so many seconds after the start; "earn_ether" is in another sub-place."""
    balances = []
    for name, quantity in held.items():
        place, _, asset = name.rpartition("_")
        balances.append(Balance(place or "spot", asset, Decimal(quantity)))
    content = f"{account} {second} {held}".encode()
    books.writer.append_balances(
        SOURCE, account, BalancePage(content, "text/plain", (START + second) * SECOND, balances)
    )


def told(books: Books) -> list[str]:
    return [text(one) for one in books.reader.compared()]


def text(one: Compared) -> str:
    second = one.at // SECOND - START
    return f"{second} {one.sub_place}/{one.asset} {plain(one.ledger)} of {plain(one.reported)}"


def test_each_reading_is_held_against_the_ledger_of_its_own_moment(books: Books) -> None:
    books.append(page(entry("a", 10, "2 bitcoin"), entry("b", 20, "-0.5 bitcoin"), entry("c", 30, "1 bitcoin")))
    read(books, 15, bitcoin="2")
    read(books, 25, bitcoin="1.4")
    read(books, 30, bitcoin="2.5")

    assert told(books) == ["15 spot/bitcoin 2 of 2", "25 spot/bitcoin 1.5 of 1.4", "30 spot/bitcoin 2.5 of 2.5"]


def test_what_is_read_late_heals_the_readings_after_it(books: Books) -> None:
    read(books, 15, bitcoin="2")
    books.append(page(entry("a", 10, "2 bitcoin")))

    assert told(books) == ["15 spot/bitcoin 2 of 2"]


def test_void_entries_count_at_no_reading(books: Books) -> None:
    made = entry("a", 10, "2 bitcoin")
    books.append(page(made))
    read(books, 15, bitcoin="0")
    books.writer.revise_entry(ids(books, [made])[0], None, "was never there")

    assert told(books) == ["15 spot/bitcoin 0 of 0"]


def test_what_a_reading_no_longer_names_is_zero_there(books: Books) -> None:
    books.append(page(entry("a", 10, "2 bitcoin", "5 ether")))
    read(books, 15, bitcoin="2", ether="5")
    read(books, 25, bitcoin="2")

    assert told(books)[2:] == ["25 spot/bitcoin 2 of 2", "25 spot/ether 5 of 0"]


def test_a_sub_place_that_no_reading_tells_of_is_compared_with_nothing(books: Books) -> None:
    books.append(page(entry("a", 10, "2 bitcoin", "earn/5 ether")))
    read(books, 15, bitcoin="2")
    read(books, 25, bitcoin="2", earn_ether="5")

    assert told(books) == ["15 spot/bitcoin 2 of 2", "25 spot/bitcoin 2 of 2", "25 earn/ether 5 of 5"]


def test_two_names_of_one_asset_are_added(books: Books) -> None:
    twice = [Balance("spot", "bitcoin", Decimal(1)), Balance("spot", "bitcoin", Decimal("0.5"))]
    books.writer.append_balances(SOURCE, ACCOUNT, BalancePage(b"x", "text/plain", (START + 5) * SECOND, twice))

    assert told(books) == ["5 spot/bitcoin 0 of 1.5"]


def test_a_reading_older_than_the_newest_is_kept_and_does_not_replace_it(books: Books) -> None:
    books.append(page(entry("a", 10, "2 bitcoin")))
    read(books, 25, bitcoin="2")
    read(books, 5, bitcoin="1")

    assert told(books) == ["5 spot/bitcoin 0 of 1", "25 spot/bitcoin 2 of 2"]
    assert [plain(one.quantity) for one in books.reader.readings()] == ["2"]


def test_the_newest_readings_have_the_ledger_of_their_own_moments(books: Books) -> None:
    books.writer.open_account(Account("cold", "Cold", ""))
    books.append(page(entry("a", 10, "2 bitcoin"), entry("b", 40, "1 bitcoin")))
    read(books, 15, bitcoin="2")
    read(books, 50, account="cold", bitcoin="0")

    assert [(one.account, plain(one.quantity)) for one in books.reader.when_read()] == [(ACCOUNT, "2")]
    assert [plain(one.quantity) for one in books.reader.when_read([ACCOUNT])] == ["2"]


def test_any_history_gives_what_asking_for_each_moment_gives(books: Books) -> None:
    dice = random.Random(11)  # noqa: S311 - made-up books, no secret
    made = []
    for number in range(200):
        legs = [f"{dice.randrange(-900, 900)}e-{dice.randrange(19)} {asset}" for asset in ("bitcoin", "usd")]
        made.append(entry(f"e{number}", dice.randrange(1_000), *legs, kind=EntryKind.TRADE))
    books.append(page(*made))
    for second in sorted({dice.randrange(1_000) for _ in range(30)}):
        read(books, second, bitcoin="1", usd="1")

    found = {(one.at, one.asset): one.ledger for one in books.reader.compared()}
    asked = {
        (at, row.asset): row.quantity for at in {at for at, _ in found} for row in books.reader.balances([ACCOUNT], at)
    }
    assert {**dict.fromkeys(found, Decimal(0)), **asked} == found


def migrated(books: Books) -> None:
    """Take the migration back and run it again on the journal as it is."""
    with books.database.write() as connection:
        m0004_decisions.drop(connection)
        connection.execute("DROP INDEX decisions")
        m0004_decisions.apply(connection)


def rebuilt(books: Books) -> None:
    rebuild(books.database, books.assets)


@pytest.mark.parametrize("derive", [migrated, rebuilt])
def test_readings_are_derived_from_the_journal_again(books: Books, derive: Callable[[Books], None]) -> None:
    books.append(page(entry("a", 10, "2 bitcoin", "earn/5 ether")))
    read(books, 5, bitcoin="1", solana="3")
    read(books, 25, bitcoin="2", earn_ether="4")
    before = told(books)
    derive(books)

    assert told(books) == before
    assert len(before) == 5
