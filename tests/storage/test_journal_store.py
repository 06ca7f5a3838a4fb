"""The writing side: idempotence, revisions, weak and strong readings, people's entries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from app.core.clock import DAY, SECOND
from app.core.errors import InputError
from app.core.findings import Finding, Severity
from app.core.ledger.entries import EntryKind
from app.core.model.accounts import Account
from app.core.model.futures import FuturesPosition, FuturesReading, Lock, MarginWallet, PairPrice, Part, Told
from app.core.model.pages import Balance, BalancePage
from app.core.model.views import ActivityFilter
from app.storage import futures
from app.storage.migrations.m0001_journal import PROJECTIONS
from app.storage.replay import rebuild
from tests.storage.journal_books import ACCOUNT, SOURCE, START, Books, entry, ids, new_books, page

BUY = entry("T1", 0, "1 bitcoin", "-100 usd", "-0.1 usd fee")
SELL = entry("T2", 5, "-0.4 bitcoin", "50 usd")


@pytest.fixture
def books(tmp_path: Path) -> Iterator[Books]:
    made = new_books(tmp_path)
    yield made
    before = tables(made)
    rebuild(made.database, made.assets)

    assert tables(made) == before
    assert made.verify().first_break == ""


def tables(books: Books) -> dict[str, list[tuple[object, ...]]]:
    """Return every projection row by row; sums that came back to zero are as good as none."""
    some = {"balances": "high <> 0 OR middle <> 0 OR low <> 0", "asset_entries": "entries <> 0"}
    with books.database.read() as connection:
        return {
            name: sorted(connection.execute(f"SELECT * FROM {name} WHERE {some.get(name, 'TRUE')}"))  # noqa: S608
            for name in PROJECTIONS
        }


def test_a_page_is_recorded_with_its_exact_balances(books: Books) -> None:
    outcome = books.append(page(BUY, SELL))

    assert outcome == ["2/0/0/0/0"]
    assert books.balances() == {"spot/bitcoin": "0.6", "spot/usd": "-50.1"}


def test_the_same_page_again_writes_nothing_at_all(books: Books) -> None:
    books.append(page(BUY, SELL))
    records, head, commits = books.records(), books.reader.head(), len(books.commits)
    again = books.writer.append_page(SOURCE, ACCOUNT, page(BUY, SELL))

    assert (again.seen, again.head) == (2, head)
    assert (books.records(), len(books.commits)) == (records, commits)


def test_an_empty_window_moves_the_cursor_without_a_record(books: Books) -> None:
    books.append(page(BUY))
    records = books.records()
    books.append(page(cursor="2"))

    assert books.records() == records
    assert [(s.stream, s.cursor, s.records) for s in books.reader.streams(SOURCE)] == [("ledger", "2", 1)]


def test_every_commit_is_told_with_length_and_head(books: Books) -> None:
    books.append(page(BUY))

    assert books.commits[-1] == (books.records(), books.reader.head())


def test_a_failed_transaction_leaves_nothing(books: Books) -> None:
    records = books.records()
    broken = replace(page(BUY), content="text")  # type: ignore[arg-type]

    with pytest.raises(TypeError):
        books.append(broken)
    assert (books.records(), books.balances()) == (records, {})


def test_other_content_under_a_known_id_is_a_revision(books: Books) -> None:
    books.append(page(BUY))
    changed = entry("T1", 0, "2 bitcoin", "-200 usd")
    outcome = books.append(page(changed, cursor="2"))

    assert outcome == ["0/0/1/0/0"]
    assert books.balances() == {"spot/bitcoin": "2", "spot/usd": "-200"}


def test_an_old_page_read_again_does_not_undo_a_revision(books: Books) -> None:
    books.append(page(BUY), page(entry("T1", 0, "2 bitcoin"), cursor="2"))
    outcome = books.append(page(BUY, cursor="3", salt=" "))

    assert outcome == ["0/1/0/0/0"]
    assert books.balances() == {"spot/bitcoin": "2"}


def test_a_coarser_clock_tells_of_the_same_moment(books: Books) -> None:
    fine = replace(BUY, at=BUY.at + 123_456_789, resolution=1_000)
    books.append(page(fine))
    outcome = books.append(page(BUY, cursor="2"))

    assert outcome == ["0/1/0/0/0"]


def test_a_provisional_entry_becomes_final_by_a_revision(books: Books) -> None:
    books.append(page(replace(BUY, is_provisional=True)))
    outcome = books.append(page(BUY, cursor="2"))

    assert outcome == ["0/0/1/0/0"]


def test_a_voided_entry_stays_void_when_it_is_read_again(books: Books) -> None:
    books.append(page(BUY, SELL))
    books.writer.revise_entry(ids(books, [BUY])[0], None, "a test order")
    outcome = books.append(page(replace(BUY, legs=BUY.legs[:1]), cursor="2", salt=" "))

    assert outcome == ["0/1/0/0/0"]
    assert books.balances() == {"spot/bitcoin": "-0.4", "spot/usd": "50"}
    assert [one.state for one in books.reader.activity(ActivityFilter(), 0, 9).entries] == ["recorded", "void"]


def test_rows_that_cannot_become_entries_are_kept_as_findings(books: Books) -> None:
    zero, late = entry("T3", 1, "0 bitcoin"), replace(entry("T4", 1, "1 bitcoin"), at=START * SECOND * 2)
    fine = entry("T5", 1, "0.0000000000000000001 bitcoin")
    outcome = books.append(page(zero, late, fine, BUY, entry("T6", 1)))
    again = books.append(page(zero, late, fine, BUY, entry("T6", 1)))

    assert (outcome, again) == (["1/0/0/0/4"], ["0/1/0/0/4"])
    assert [finding.subject for finding in books.reader.findings()] == [
        f"kraken/ledger/T{number}" for number in (3, 4, 5, 6)
    ]


def test_a_row_with_half_a_character_is_quarantined_and_the_others_are_not(books: Books) -> None:
    outcome = books.append(page(entry("\ud800", 1, "1 bitcoin"), BUY))

    assert outcome == ["1/0/0/0/1"]


def test_findings_of_a_page_are_kept_with_it(books: Books) -> None:
    odd = Finding(Severity.WARNING, "unmapped-asset", "XYZ is not mapped.", subject="kraken/XYZ")
    books.append(replace(page(BUY), findings=(odd,)))

    assert list(books.reader.findings()) == [replace(odd, source=SOURCE)]


WEAK = entry("", 0, "1 bitcoin", "-100 usd", "-0.1 usd fee")


@pytest.mark.parametrize("first", ["interface", "statement"])
def test_an_event_read_by_interface_and_statement_is_one_entry(books: Books, first: str) -> None:
    by_interface, by_statement = page(BUY, SELL), page(WEAK, stream="statement")
    order = [by_interface, by_statement] if first == "interface" else [by_statement, by_interface]
    outcome = books.append(*order, *order)

    told = {
        "interface": ["2/0/0/0/0", "0/0/0/1/0", "0/2/0/0/0", "0/0/0/1/0"],
        "statement": ["1/0/0/0/0", "1/0/0/1/0", "0/1/0/0/0", "0/2/0/0/0"],
    }
    assert outcome == told[first]
    assert books.balances() == {"spot/bitcoin": "0.6", "spot/usd": "-50.1"}


def test_a_statement_row_may_sum_up_several_fills(books: Books) -> None:
    fills = [entry("F1", 0, "1 bitcoin", "-100 usd"), entry("F2", 0, "2 bitcoin", "-200 usd")]
    summed = page(entry("", 0, "3 bitcoin", "-300 usd"), stream="statement")
    outcome = books.append(summed, page(fills[0]), page(fills[1], cursor="2"), summed)

    assert outcome == ["1/0/0/0/0", "0/0/0/1/0", "0/0/0/1/0", "0/1/0/0/0"]
    assert books.balances() == {"spot/bitcoin": "3", "spot/usd": "-300"}


def test_a_claim_takes_no_more_than_there_is(books: Books) -> None:
    books.append(page(entry("", 0, "3 bitcoin"), stream="statement"))
    outcome = books.append(page(entry("F1", 0, "2 bitcoin"), entry("F2", 0, "2 bitcoin")))

    assert outcome == ["1/0/0/1/0"]
    assert books.balances() == {"spot/bitcoin": "5"}


def test_a_purchase_and_a_sale_of_one_second_do_not_hide_each_other(books: Books) -> None:
    books.append(page(entry("", 0, "3 bitcoin"), entry("", 0, "-2 bitcoin"), stream="statement"))
    outcome = books.append(page(entry("F1", 0, "3 bitcoin"), entry("F2", 0, "-2 bitcoin")))

    assert outcome == ["0/0/0/2/0"]


def test_equal_rows_are_counted_by_their_maximum(books: Books) -> None:
    row = entry("", 0, "1 bitcoin")
    twice = page(row, row, cursor="2")
    outcome = books.append(page(row), twice, page(row, cursor="3"), twice)

    assert outcome == ["1/0/0/0/0", "1/1/0/0/0", "0/1/0/0/0", "0/2/0/0/0"]
    assert books.balances() == {"spot/bitcoin": "2"}


def test_only_the_excess_of_a_second_is_new(books: Books) -> None:
    books.append(page(BUY))
    deposit = entry("", 0, "7 ether", kind=EntryKind.DEPOSIT)
    outcome = books.append(page(WEAK, deposit, stream="statement"))

    assert outcome == ["1/0/0/1/0"]
    assert books.balances() == {"spot/bitcoin": "1", "spot/ether": "7", "spot/usd": "-100.1"}


def test_seconds_at_the_edge_of_a_cut_page_are_left_for_the_next_reading(books: Books) -> None:
    rows = [entry("", second, "1 bitcoin") for second in (0, 1, 2)]
    cut = books.append(page(*rows, is_complete=False))
    whole = books.append(page(*rows, cursor="2"))

    assert (cut, whole) == (["1/0/0/0/0"], ["2/1/0/0/0"])


def test_a_corrected_weak_entry_is_known_when_its_statement_is_read_again(books: Books) -> None:
    books.append(page(WEAK, stream="statement"))
    ((entry_id, known),) = books.reader.export_entries()
    moved = replace(known, at=known.at + DAY, legs=known.legs[:1])
    books.writer.revise_entry(entry_id, moved, "the fee was wrong")
    outcome = books.append(page(WEAK, stream="statement", salt=" "))

    assert outcome == ["0/1/0/0/0"]
    assert books.balances() == {"spot/bitcoin": "1"}


def test_a_preview_says_what_would_happen_and_changes_nothing(books: Books) -> None:
    books.append(page(BUY))
    records = books.records()
    result, fresh = books.writer.preview_page(SOURCE, ACCOUNT, page(BUY, SELL, cursor="2"))

    assert (result.recorded, result.seen) == (1, 1)
    assert [view.legs[0].quantity for view in fresh] == [Decimal("-0.4")]
    assert books.records() == records


def test_people_add_correct_void_and_note_entries(books: Books) -> None:
    entry_id = books.writer.append_entry(BUY, "found on paper")
    books.writer.revise_entry(entry_id, SELL, "other side")
    books.writer.annotate(entry_id, "see the letter")
    books.writer.revise_entry(entry_id, None, "never happened")
    history = [line.split(": ", 1)[1] for line in books.reader.entry(entry_id).history]

    assert history == ["recorded", "revised: other side", "note: see the letter", "voided: never happened"]
    assert books.balances() == {}


def test_an_unknown_entry_or_a_second_void_is_refused(books: Books) -> None:
    entry_id = books.writer.append_entry(BUY, "")
    books.writer.revise_entry(entry_id, None, "wrong")

    for wrong in (entry_id, "00" * 16, "no id"):
        with pytest.raises(InputError):
            books.writer.revise_entry(wrong, None, "again")


def test_an_entry_of_a_person_must_be_sound(books: Books) -> None:
    with pytest.raises(InputError, match="quantity 0"):
        books.writer.append_entry(entry("", 0, "0 bitcoin"), "")


def test_accounts_and_book_are_recorded_once(books: Books) -> None:
    records = books.records()
    books.writer.open_account(Account(ACCOUNT, "Kraken main", "kraken"))
    books.writer.set_book(books.book)
    same = books.records()
    books.writer.open_account(Account(ACCOUNT, "Kraken, new name", "kraken"))

    assert (same, books.records()) == (records, records + 2)
    assert [account.name for account in books.reader.accounts()] == ["Kraken, new name"]


def test_the_newest_reading_stands_and_what_it_does_not_name_is_zero(books: Books) -> None:
    def reading(second: int, *balances: Balance) -> BalancePage:
        return BalancePage(b"{}", "application/json", (START + second) * SECOND, balances)

    coin = Balance("spot", "bitcoin", Decimal(1))
    books.writer.append_balances(SOURCE, ACCOUNT, reading(5, coin, coin))
    books.writer.append_balances(SOURCE, ACCOUNT, reading(9, Balance("spot", "usd", Decimal("0.5"))))
    head = books.writer.append_balances(SOURCE, ACCOUNT, reading(7, Balance("spot", "usd", Decimal(9))))
    again = books.writer.append_balances(SOURCE, ACCOUNT, reading(7, Balance("spot", "usd", Decimal(9))))

    found = {(one.asset, str(one.quantity), one.at // SECOND - START) for one in books.reader.readings()}

    assert found == {("bitcoin", "0", 9), ("usd", "0.5", 9)}
    assert head == again == books.reader.head()


def beside(second: int, *told: Told) -> BalancePage:
    return BalancePage(repr(told).encode(), "text/plain", (START + second) * SECOND, (), beside=told)


def test_what_the_newest_reading_told_beside_balances_is_read_back_as_it_was_told(books: Books) -> None:
    first = Told(Part.FUTURES, (MarginWallet((("usd", Decimal(5)),)),))
    short = FuturesPosition(
        "BTCUSD", "bitcoin", Decimal("-0.50"), "usd", Decimal("90000.1"), None, Decimal(7), Decimal(99)
    )
    wallet = Told(Part.FUTURES, (MarginWallet((("usd", Decimal("-0.25")),), (short,)),))
    sold = PairPrice("bitcoin", "usd", Decimal("7.95"))
    pair = MarginWallet((("bitcoin", Decimal(1)),), (), (("usd", Decimal("7.5")),), "BTCUSD", sold)
    loan = Told(Part.ISOLATED, (pair,))
    bound = Told(Part.LOCKED, (), (Lock("solana", Decimal(3), START * SECOND), Lock("cosmos", Decimal(2), None, 21)))
    books.writer.append_balances(SOURCE, ACCOUNT, beside(5, first))
    assert [one.told for one in books.reader.futures()] == [first]

    books.writer.append_balances(SOURCE, ACCOUNT, beside(9, wallet, bound, loan))
    books.writer.append_balances(SOURCE, ACCOUNT, beside(7, first))
    at = (START + 9) * SECOND
    assert books.reader.futures() == [FuturesReading(ACCOUNT, at, one) for one in (wallet, loan, bound)]
    assert books.reader.futures(["elsewhere"]) == []
    assert books.verify().first_break == ""

    books.writer.append_balances(SOURCE, ACCOUNT, beside(11))
    assert [(one.told, one.is_current) for one in books.reader.futures()] == [
        (wallet, False), (loan, False), (bound, False),
    ]  # fmt: skip


def test_a_part_that_is_not_read_any_more_counts_as_it_was_and_one_that_never_was_is_unknown(books: Books) -> None:
    wallet = Told(Part.FUTURES, (MarginWallet((("usd", Decimal(5)),)),))
    never = Told(Part.MARGIN, is_read=False)
    books.writer.append_balances(SOURCE, ACCOUNT, beside(5, wallet, never))
    books.writer.append_balances(SOURCE, ACCOUNT, beside(9, Told(Part.FUTURES, is_read=False), never))

    assert books.reader.futures() == [
        FuturesReading(ACCOUNT, (START + 5) * SECOND, wallet, is_current=False),
        FuturesReading(ACCOUNT, (START + 9) * SECOND, never, is_current=False),
    ]

    gone = Told(Part.FUTURES)
    books.writer.append_balances(SOURCE, ACCOUNT, beside(11, gone, never))
    assert books.reader.futures()[0] == FuturesReading(ACCOUNT, (START + 11) * SECOND, gone)


def test_a_wallet_of_an_earlier_version_is_read(books: Books, monkeypatch: pytest.MonkeyPatch) -> None:
    older = {"collateral": [["usd", Decimal("1.5")]], "positions": []}
    monkeypatch.setattr(futures, "fields_of", lambda _: {"futures": older})
    books.writer.append_balances(SOURCE, ACCOUNT, beside(5))

    assert [one.told for one in books.reader.futures()] == [
        Told(Part.FUTURES, (MarginWallet((("usd", Decimal("1.5")),)),))
    ]


def test_two_devices_write_chains_of_their_own(books: Books) -> None:
    books.append(page(BUY))
    result = books.device(2).append_page(SOURCE, ACCOUNT, page(BUY, SELL, cursor="2"))

    assert (result.recorded, result.seen) == (1, 1)
    assert books.verify().devices == 2


def test_an_id_that_a_page_gives_twice_with_other_content_is_said(books: Books) -> None:
    other = entry("T1", 0, "2 bitcoin", "-100 usd", "-0.1 usd fee")
    result = books.writer.append_page(SOURCE, ACCOUNT, page(BUY, BUY, other))

    assert (result.recorded, result.seen, result.quarantined) == (1, 2, 1)
    assert [finding.message for finding in result.findings] == [finding.message for finding in books.reader.findings()]
    assert "another row before it has the same id and other content" in result.findings[0].message


def test_bad_rows_of_two_pages_are_two_findings(books: Books) -> None:
    early = [replace(entry(name, 0, "1 bitcoin"), at=0) for name in ("T8", "T9")]
    books.append(page(early[0], cursor="1"), page(early[1], cursor="2"), page(early[1], BUY, cursor="3"))

    assert [finding.subject.rpartition("/")[2] for finding in books.reader.findings()] == ["T9", "T8"]


def test_what_a_person_enters_has_the_same_id_in_every_vault_and_one_of_its_own_each_time(tmp_path: Path) -> None:
    def entered(name: str) -> list[str]:
        folder = tmp_path / name
        folder.mkdir()
        books = new_books(folder)
        made = [books.writer.append_entry(BUY, "found on paper") for _ in range(2)]
        books.writer.revise_entry(made[0], None, "wrong")
        made += [books.writer.append_entry(one, reason) for one, reason in ((BUY, "again"), (SELL, "sold"))]
        return made

    first, second = entered("first"), entered("second")

    assert first == second
    assert len(set(first)) == 4
