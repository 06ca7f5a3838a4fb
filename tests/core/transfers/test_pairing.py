"""Pairing judged by labelled histories, and what must hold for any history."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import DAY, SECOND
from app.core.ledger.entries import Entry, EntryKind, Identity, Leg, Role
from app.core.model.assets import AssetKind
from app.core.model.transfer_links import TransferLink
from app.core.transfers import Pairing, Standing, money_by, pairing, transfers
from app.core.transfers.inside import Inside, inside
from tests.core.transfers.labelled import CLASSES, Labelled, labelled

D = Decimal
SEEDS = (1, 2, 3, 4, 5)
PRECISION, RECALL = D("0.99"), D("0.98")
NOON = 1_700_000_000 * SECOND
HASH, OTHER_HASH = "ab" * 32, "cd" * 32


def moved(  # noqa: PLR0913
    name: str, account: str, quantity: str, *, minutes: int = 0, tx_hash: str = "", asset: str = "bitcoin",
    fee: str = "", address: str = "", network: str = "",
) -> tuple[str, Entry]:  # fmt: skip
    """Return a deposit, or a withdrawal where the quantity is negative."""
    amount = D(quantity)
    kind = EntryKind.DEPOSIT if amount > 0 else EntryKind.WITHDRAWAL
    legs: tuple[Leg, ...] = (Leg(account, "spot", asset, amount),)
    if fee:
        legs += (Leg(account, "spot", asset, -D(fee), Role.FEE),)
    told = {"tx_hash": tx_hash, "address": address, "network": network}
    references = {word: text for word, text in told.items() if text}
    return name, Entry(account, NOON + minutes * 60 * SECOND, kind, legs, Identity("x", name), SECOND, references)


class Table:
    """The confusion table of one matcher over some histories, by class."""

    def __init__(self) -> None:
        self.right: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()
        self.missed: Counter[str] = Counter()
        self.by_itself: Counter[str] = Counter()

    def judge(self, history: Labelled, found: Pairing) -> None:
        kinds = history.kinds
        true = {out | into: case.kind for case in history.cases for out, into in case.transfers}
        made = {link.ids for link in found.links} | {one.link.ids for one in found.proposals}
        self.by_itself.update(kinds[min(link.ids)] for link in found.links)
        for ids in made:
            if ids in true:
                self.right[true[ids]] += 1
            else:
                self.wrong[kinds[min(ids)]] += 1
        self.missed.update(kind for ids, kind in true.items() if ids not in made)

    @property
    def precision(self) -> Decimal:
        return D(self.right.total()) / (self.right.total() + self.wrong.total())

    @property
    def recall(self) -> Decimal:
        return D(self.right.total()) / (self.right.total() + self.missed.total())

    def lines(self) -> list[str]:
        head = f"{'class':<16}{'right':>8}{'wrong':>8}{'missed':>8}{'by itself':>11}"
        rows = [
            f"{kind:<16}{self.right[kind]:>8}{self.wrong[kind]:>8}{self.missed[kind]:>8}{self.by_itself[kind]:>11}"
            for kind in CLASSES
        ]
        return [head, *rows, f"precision {self.precision:.4f}, recall {self.recall:.4f}"]


@pytest.fixture(scope="module")
def table() -> Table:
    """Return the table over all labelled histories."""
    made = Table()
    for seed in SEEDS:
        history = labelled(seed)
        made.judge(history, pairing(history.entries))
    return made


def test_precision_and_recall_on_the_labelled_histories(table: Table, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print("\n".join(["", *table.lines()]))  # noqa: T201 - the table belongs to what the run says

    assert table.precision >= PRECISION
    assert table.recall >= RECALL


def test_what_is_paired_by_itself_is_never_wrong() -> None:
    for seed in SEEDS:
        history = labelled(seed)
        true = {out | into for case in history.cases for out, into in case.transfers}
        assert [link.ids for link in pairing(history.entries).links if link.ids not in true] == []


def test_every_class_is_found_for_the_most_part(table: Table) -> None:
    for kind in CLASSES:
        found, missed = table.right[kind], table.missed[kind]
        if found + missed:
            assert D(found) / (found + missed) >= D("0.9"), kind


@pytest.mark.parametrize("seed", [1, 6])
def test_every_end_is_in_one_place_and_no_more_arrives_than_was_sent(seed: int) -> None:
    history = labelled(seed, 600)
    found = pairing(history.entries)
    groups = [*(link for link in found.links), *(one.link for one in found.proposals)]
    seen = [entry_id for link in groups for entry_id in link.ids] + [end.entry_id for end in found.unpaired]

    assert sorted(seen) == sorted(entry_id for entry_id, _ in history.entries)
    assert all(link.arrived <= link.sent for link in groups)
    assert all(len({end.asset for end in (*link.withdrawals, *link.deposits)}) == 1 for link in groups)
    assert all(
        {one.account for one in link.withdrawals}.isdisjoint(one.account for one in link.deposits) for link in groups
    )


@given(st.randoms(use_true_random=False), st.integers(1, 40))
def test_the_order_in_which_entries_come_changes_nothing(shuffler: Random, seed: int) -> None:
    entries = labelled(seed, 60).entries
    shuffled = list(entries)
    shuffler.shuffle(shuffled)
    one, other = pairing(entries), pairing(shuffled)

    assert {link.ids for link in one.links} == {link.ids for link in other.links}
    assert [(one.link.ids, one.is_clear) for one in one.proposals] == [
        (two.link.ids, two.is_clear) for two in other.proposals
    ]


def test_one_hash_in_two_spellings_is_one_transfer() -> None:
    found = pairing(
        [moved("w", "kraken", "-1", tx_hash=f"0x{HASH}"), moved("d", "ledger", "0.9996", tx_hash=HASH.upper())]
    )

    (link,) = found.links
    assert (link.ids, link.confidence, link.reason) == (frozenset("wd"), D(1), "same transaction hash")


def test_two_hashes_that_differ_are_no_transfer_however_alike_the_amounts_are() -> None:
    entries = [moved("w", "kraken", "-1.2345678", tx_hash=HASH), moved("d", "ledger", "1.2345678", tx_hash=OTHER_HASH)]

    found = pairing(entries)
    assert (found.links, found.proposals, len(found.unpaired)) == ((), (), 2)


def test_two_equal_candidates_are_never_guessed_both_are_told() -> None:
    entries = [
        moved("w", "kraken", "-0.5"),
        moved("a", "ledger", "0.5", minutes=30),
        moved("b", "binance", "0.5", minutes=31),
    ]

    found = pairing(entries)
    (proposal,) = found.proposals
    assert (found.links, proposal.link.ids, proposal.is_clear, proposal.others) == ((), frozenset("wa"), False, ("b",))


def test_the_address_tells_which_of_two_accounts_it_was() -> None:
    entries = [
        moved("w", "kraken", "-0.5", address="bc1qmine"),
        moved("a", "binance", "0.5", minutes=30),
        moved("b", "ledger", "0.5", minutes=31, address="bc1qmine"),
    ]

    (proposal,) = pairing(entries).proposals
    assert (proposal.link.ids, proposal.is_clear) == (frozenset("wb"), True)
    assert "it was sent to an address of that account" in proposal.link.reason


def test_a_batch_of_two_withdrawals_is_one_deposit_of_their_sum() -> None:
    entries = [
        moved("a", "kraken", "-0.25", tx_hash=HASH), moved("b", "kraken", "-0.5", tx_hash=HASH),
        moved("d", "ledger", "0.75", minutes=20, tx_hash=HASH),
    ]  # fmt: skip

    (link,) = pairing(entries).links
    assert (link.ids, link.sent, link.arrived) == (frozenset("abd"), D("0.75"), D("0.75"))


def test_more_than_was_sent_is_not_paired_by_itself_in_a_batch() -> None:
    entries = [
        moved("a", "kraken", "-0.25", tx_hash=HASH), moved("b", "kraken", "-0.5", tx_hash=HASH),
        moved("d", "ledger", "0.9", minutes=20, tx_hash=HASH),
    ]  # fmt: skip

    assert pairing(entries).links == ()


def test_a_person_s_word_counts_until_it_is_taken_back_and_a_rejected_one_is_not_proposed_again() -> None:
    entries = [moved("w", "kraken", "-1.2345678"), moved("d", "ledger", "1.2345678", minutes=15)]
    accept = TransferLink(("w",), ("d",), is_transfer=True, reason="mine")
    reject = replace(accept, is_transfer=False, reason="a gift")

    assert [one.link.ids for one in pairing(entries).proposals] == [frozenset("wd")]
    assert [link.decided for link in pairing(entries, [accept]).links] == [accept]
    taken_back = pairing(entries, [accept, reject])
    assert (taken_back.links, taken_back.proposals) == ((), ())
    assert [link.decided for link in pairing(entries, [accept, reject, accept]).links] == [accept]
    neither = replace(accept, is_transfer=None, reason="let me think")
    assert [one.link.ids for one in pairing(entries, [accept, neither]).proposals] == [frozenset("wd")]
    assert [one.link.ids for one in pairing(entries, [reject, neither]).proposals] == [frozenset("wd")]


def test_a_rejected_hash_is_no_transfer() -> None:
    entries = [moved("w", "kraken", "-1", tx_hash=HASH), moved("d", "ledger", "1", minutes=15, tx_hash=HASH)]
    reject = TransferLink(("w",), ("d",), is_transfer=False, reason="the hash is of the exchange's own books")

    assert pairing(entries, [reject]).links == ()


def test_a_word_on_entries_that_are_gone_is_told_and_not_followed() -> None:
    entries = [moved("w", "kraken", "-1"), moved("other", "ledger", "1", minutes=15)]
    accept = TransferLink(("w",), ("d",), is_transfer=True, reason="mine")
    links, free, broken = transfers(entries, [accept])

    assert (links, broken) == ([], [accept])
    assert {end.entry_id for end in free} == {"w", "other"}


def test_taking_one_word_back_leaves_another_that_shares_an_entry() -> None:
    entries = [moved("w", "kraken", "-1"), moved("a", "ledger", "1", minutes=15), moved("b", "other", "1", minutes=16)]
    reject = TransferLink(("w",), ("b",), is_transfer=False, reason="not there")
    accept = TransferLink(("w",), ("a",), is_transfer=True, reason="mine")

    found = pairing(entries, [reject, accept, replace(reject, is_transfer=None, reason="who knows")])
    assert [link.decided for link in found.links] == [accept]
    assert [(one.standing, one.word.reason) for one in found.aside] == [(Standing.UNDONE, "who knows")]


def test_every_word_that_makes_no_transfer_is_told_with_how_it_stands() -> None:
    entries = [moved("w", "kraken", "-1"), moved("a", "ledger", "1", minutes=15), moved("b", "other", "1", minutes=16)]
    first = TransferLink(("w",), ("a",), is_transfer=True, reason="first")
    later = TransferLink(("w",), ("b",), is_transfer=True, reason="later")
    gone = TransferLink(("w2",), ("a",), is_transfer=True, reason="of before")
    no = TransferLink(("w",), ("c",), is_transfer=False, reason="never")

    found = pairing(entries, [no, first, later, gone])
    assert {(one.standing, one.word, len(one.ends)) for one in found.aside} == {
        (Standing.REJECTED, no, 1), (Standing.REPLACED, first, 2), (Standing.BROKEN, gone, 1),
    }  # fmt: skip
    assert [link.decided for link in found.links] == [later]


def test_money_is_in_no_transfer_whoever_says_so() -> None:
    entries = [
        moved("w", "kraken", "-100", asset="eur", tx_hash=HASH), moved("d", "bank", "100", asset="eur", tx_hash=HASH)
    ]  # fmt: skip
    is_money = money_by({"eur": AssetKind.FIAT}.__getitem__)
    accept = TransferLink(("w",), ("d",), is_transfer=True, reason="mine")

    assert transfers(entries, [], is_money) == ([], [], [])
    assert transfers(entries, [accept], is_money) == ([], [], [accept])
    found = pairing(entries, [], is_money)
    assert (found.links, found.proposals, found.unpaired) == ((), (), ())


def test_what_a_transfer_means_to_the_accounts_that_are_looked_at() -> None:
    entries = [
        moved("a", "kraken", "-0.25", tx_hash=HASH), moved("b", "kraken", "-0.5", minutes=1, tx_hash=HASH),
        moved("d", "ledger", "0.74", minutes=20, tx_hash=HASH),
    ]  # fmt: skip
    links, _, _ = transfers(entries)

    assert inside(links) == Inside(frozenset("abd"), {"b": D("0.01")})
    assert inside(links, ("kraken", "ledger")) == inside(links)
    assert inside(links, ("kraken",)) == Inside(frozenset(), {"b": D("0.01")})


@pytest.mark.parametrize("days", [5, 30])
def test_what_comes_days_later_than_any_transfer_takes_is_not_proposed(days: int) -> None:
    entries = [
        moved("w", "kraken", "-1.2345678"),
        moved("d", "ledger", "1.2345678", minutes=days * DAY // (60 * SECOND)),
    ]

    assert pairing(entries).proposals == ()
