"""The reading side: filters, sums up to a moment, proof down to the raw row."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from app.core.clock import SECOND
from app.core.errors import InputError
from app.core.ledger.entries import EntryKind, Stated
from app.core.model.pages import Candidate
from app.core.model.views import ActivityFilter
from app.core.money import exact, plain
from tests.storage.journal_books import ACCOUNT, SOURCE, START, Books, entry, new_books, page

BUY = replace(
    entry("TBUY", 0, "1 bitcoin", "-100 usd", "-0.1 usd fee"),
    references={"tx_hash": "abcDEF0123", "order": "O-77"},
    stated=Stated(exact("100"), "usd"),
)
DEPOSIT = entry("TDEP", 10, "5 ether", kind=EntryKind.DEPOSIT)
LENT = entry("TLEND", 20, "-2 ether", "earn/2 ether", kind=EntryKind.MOVE)


@pytest.fixture
def books(tmp_path: Path) -> Books:
    made = new_books(tmp_path)
    made.append(page(BUY, DEPOSIT, LENT))
    return made


def found(books: Books, asked: ActivityFilter) -> list[str]:
    shown = books.reader.activity(asked, 0, 50)

    assert shown.total == len(shown.entries)
    return [view.kind.value for view in shown.entries]


@pytest.mark.parametrize(
    ("asked", "kinds"),
    [
        (ActivityFilter(), ["move", "deposit", "trade"]),
        (ActivityFilter(kinds=(EntryKind.TRADE, EntryKind.MOVE)), ["move", "trade"]),
        (ActivityFilter(assets=("ether",)), ["move", "deposit"]),
        (ActivityFilter(assets=("dogecoin",)), []),
        (ActivityFilter(accounts=(ACCOUNT,)), ["move", "deposit", "trade"]),
        (ActivityFilter(accounts=("other",)), []),
        (ActivityFilter(since_ns=(START + 10) * SECOND), ["move", "deposit"]),
        (ActivityFilter(until_ns=(START + 10) * SECOND), ["deposit", "trade"]),
        (ActivityFilter(text="btc"), ["trade"]),
        (ActivityFilter(text="ABCdef"), ["trade"]),
        (ActivityFilter(text="o-77"), ["trade"]),
        (ActivityFilter(text="tdep"), ["deposit"]),
        (ActivityFilter(text="Kraken MAIN"), ["move", "deposit", "trade"]),
        (ActivityFilter(text="eth tlend"), ["move"]),
        (ActivityFilter(text="100%"), []),
    ],
)
def test_activity_is_filtered(books: Books, asked: ActivityFilter, kinds: Sequence[str]) -> None:
    assert found(books, asked) == kinds


def test_an_entry_is_found_by_the_start_of_its_id(books: Books) -> None:
    entry_id = books.reader.activity(ActivityFilter(), 1, 1).entries[0].entry_id

    assert found(books, ActivityFilter(text=entry_id[:8].upper())) == ["deposit"]


def test_a_slice_counts_all_that_match(books: Books) -> None:
    shown = books.reader.activity(ActivityFilter(), 1, 1)

    assert ([view.kind for view in shown.entries], shown.total, shown.offset) == ([EntryKind.DEPOSIT], 3, 1)


def test_balances_stand_at_a_moment(books: Books) -> None:
    rows = books.reader.balances(until_ns=(START + 10) * SECOND)

    assert [(row.sub_place, row.asset, plain(row.quantity)) for row in rows] == [
        ("spot", "bitcoin", "1"),
        ("spot", "ether", "5"),
        ("spot", "usd", "-100.1"),
    ]


def test_balances_up_to_now_are_the_kept_sums(books: Books) -> None:
    assert books.reader.balances(until_ns=2**62) == books.reader.balances()
    assert books.reader.balances(accounts=["other"]) == []


def test_legs_come_in_time_order(books: Books) -> None:
    rows = books.reader.legs(assets=["ether"])

    assert [(row.at // SECOND - START, row.sub_place, plain(row.quantity)) for row in rows] == [
        (10, "spot", "5"),
        (20, "spot", "-2"),
        (20, "earn", "2"),
    ]


def test_counts_and_spans_follow_the_entries(books: Books) -> None:
    counts = books.reader.counts()

    assert (counts["entries"], counts[f"account:{ACCOUNT}"], counts["records"]) == (3, 3, 10)
    assert books.reader.entries_per_asset() == {"bitcoin": 1, "usd": 1, "ether": 2}
    assert books.reader.span(ACCOUNT) == (START * SECOND, (START + 20) * SECOND)
    assert books.reader.span("other") is None


def test_an_entry_is_proved_down_to_the_row_of_its_source(books: Books) -> None:
    ((entry_id, _), *_) = books.reader.export_entries()
    shown = books.reader.entry(entry_id)
    proof = shown.proof

    assert (proof.record, proof.records, proof.observation_row, proof.normaliser) == (7, 10, 0, "kraken/1")
    assert (proof.observation_stream, proof.is_verified) == ("ledger", True)
    assert json.loads(shown.raw_row)["row"] == 0
    assert (shown.entry.references["order"], shown.entry.stated) == ("O-77", BUY.stated)


def test_a_changed_body_is_not_called_verified(books: Books) -> None:
    ((entry_id, _), *_) = books.reader.export_entries()
    with books.database.write() as connection:
        connection.execute("UPDATE bodies SET salt = zeroblob(32) WHERE n = 6")

    assert not books.reader.entry(entry_id).proof.is_verified


def test_an_unknown_entry_is_an_input_error(books: Books) -> None:
    for wrong in ("00" * 16, "no id"):
        with pytest.raises(InputError):
            books.reader.entry(wrong)


def test_an_id_that_a_statement_row_took_over_leads_to_it(tmp_path: Path) -> None:
    books = new_books(tmp_path)
    weak = replace(DEPOSIT, identity=replace(DEPOSIT.identity, native_id=""))
    books.append(page(weak, stream="statement"))
    (tmp_path / "other").mkdir()
    other = new_books(tmp_path / "other")
    other.append(page(DEPOSIT))
    strong_id = other.reader.export_entries()[0][0]
    books.append(page(DEPOSIT))
    shown = books.reader.entry(strong_id)

    assert shown.entry.entry_id == books.reader.export_entries()[0][0]
    assert shown.history[-1].endswith("also told as ledger TDEP")


def test_a_line_of_a_statement_is_shown_as_it_was_written(tmp_path: Path) -> None:
    books = new_books(tmp_path)
    told = replace(
        page(),
        content="id;Betrag\r\nT1;0,10€\r\n".encode("cp1252"),
        media_type="text/csv; charset=cp1252",
        candidates=[Candidate(1, DEPOSIT)],
    )
    books.writer.append_page(SOURCE, ACCOUNT, told)

    assert books.reader.entry(books.reader.export_entries()[0][0]).raw_row == "T1;0,10€"


def test_proofs_of_several_entries_are_those_that_each_has_on_its_own(books: Books) -> None:
    books.append(
        page(entry("p1", 1, "1 bitcoin"), entry("p2", 2, "2 bitcoin")), page(entry("p3", 3, "1 ether"), salt=" ")
    )
    known = [entry_id for entry_id, _ in books.reader.export_entries()]
    books.writer.revise_entry(known[0], None, "twice")

    found = books.reader.proofs([*known, "00" * 16])
    assert list(found) == known
    assert [found[one] for one in known] == [books.reader.entry(one).proof for one in known]
    assert all(one.is_verified for one in found.values())


def test_fees_and_income_are_summed_by_day_and_flows_are_neither(tmp_path: Path) -> None:
    books = new_books(tmp_path)
    books.append(
        page(
            entry("a", 0, "1 bitcoin", "-100 usd", "-0.1 usd fee"),
            entry("b", 1, "-2 usd", kind=EntryKind.FEE),
            entry("c", 2, "0.5 ether", "-0.01 ether fee", kind=EntryKind.REWARD),
            entry("d", 3, "0.04 usd rebate", "0.5 usd interest", "-0.2 usd interest", kind=EntryKind.OTHER),
            entry("e", 4, "9 ether", kind=EntryKind.DEPOSIT),
            entry("f", 5, "7 ether", kind=EntryKind.AIRDROP),
        )
    )

    found = {(row.asset, row.is_fee): plain(row.quantity) for row in books.reader.earnings()}
    assert found == {
        ("usd", True): "2.06",
        ("ether", True): "0.01",
        ("usd", False): "0.3",
        ("ether", False): "7.5",
    }
    assert books.reader.earnings(("other",)) == []


def test_an_entry_that_is_void_earns_nothing_and_stands_in_no_record(books: Books) -> None:
    known = [entry_id for entry_id, _ in books.reader.export_entries()]
    books.writer.revise_entry(known[0], None, "twice")

    assert books.reader.earnings() == []
    assert list(books.reader.record_hashes()) == known[1:]


def test_the_record_of_an_entry_is_the_one_that_its_proof_names(books: Books) -> None:
    (first, *_) = [entry_id for entry_id, _ in books.reader.export_entries()]
    before = books.reader.record_hashes()[first]
    books.writer.revise_entry(first, replace(BUY, at=BUY.at + SECOND), "a second late")

    after = books.reader.record_hashes()
    assert after[first] != before
    assert after == {one: books.reader.entry(one).proof.record_hash for one in after}
