"""Tests of deposits, withdrawals and moves as transactions: what is one transfer, and what is left of one end alone."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import SECOND
from app.core.ledger.entries import EntryKind, Stated
from app.core.model.transfer_links import TransferLink
from app.core.money import add
from app.core.tax.events import TransactionType
from app.core.tax.from_entries import UNPAIRED, from_entries
from app.core.tax.transfers import flows
from tests.core.tax.made_entries import FEE, KINDS, NOON, PRICES, entry, made, rows


def test_money_comes_and_goes_without_an_event() -> None:
    found = made(
        entry(EntryKind.DEPOSIT, ("usd", "100")), entry(EntryKind.WITHDRAWAL, ("eur", "-100"), ("eur", "-1", FEE))
    )

    assert (found.transactions, found.findings) == ([], [])


def test_one_transaction_hash_in_two_accounts_is_one_transfer_that_paid_its_fee() -> None:
    found = made(
        entry(EntryKind.WITHDRAWAL, ("bitcoin", "-1.0"), ("bitcoin", "-0.001", FEE), references={"tx_hash": "0xAB"}),
        entry(
            EntryKind.DEPOSIT, ("bitcoin", "0.999"), account="cold", at=NOON + 60 * SECOND, references={"tx_hash": "ab"}
        ),
    )

    assert [
        (one.row, one.type, str(one.quantity), one.wallet, one.to_wallet, one.at) for one in found.transactions
    ] == [
        ("e0/transfer/bitcoin", TransactionType.TRANSFER, "0.999", "main", "cold", NOON),
        ("e0/fee/bitcoin", TransactionType.SELL, "0.002", "main", "", NOON),
    ]
    assert (found.valuations["e0/fee/bitcoin"].amount, found.findings) == (Decimal(80), [])


def test_what_arrives_beyond_what_left_has_no_known_cost() -> None:
    found = made(
        entry(EntryKind.WITHDRAWAL, ("bitcoin", "-1"), references={"tx_hash": "ab"}),
        entry(EntryKind.DEPOSIT, ("bitcoin", "1.5"), account="cold", references={"tx_hash": "ab"}),
    )

    assert [row for row in rows(found) if "buy" in row[0]] == [("e1/buy/bitcoin", "0.5", None)]


def test_what_one_transaction_brought_to_two_accounts_is_moved_to_both() -> None:
    ends = [
        entry(EntryKind.WITHDRAWAL, ("bitcoin", "-1.001"), references={"tx_hash": "ab"}),
        entry(EntryKind.DEPOSIT, ("bitcoin", "0.6"), account="cold", references={"tx_hash": "ab"}),
        entry(EntryKind.DEPOSIT, ("bitcoin", "0.4"), account="other", references={"tx_hash": "ab"}),
    ]
    found = made(*ends)

    assert [(one.row, one.wallet, one.to_wallet, one.quantity) for one in found.transactions] == [
        ("e0/transfer/bitcoin", "main", "cold", Decimal("0.6")),
        ("e0/transfer/bitcoin/1", "main", "other", Decimal("0.4")),
        ("e0/fee/bitcoin", "main", "", Decimal("0.001")),
    ]


def test_hashes_whose_amounts_do_not_fit_are_not_paired() -> None:
    ends = [
        entry(EntryKind.WITHDRAWAL, ("bitcoin", "-1"), references={"tx_hash": "ab"}),
        entry(EntryKind.DEPOSIT, ("bitcoin", "0.5"), account="cold", references={"tx_hash": "ab"}),
        entry(EntryKind.DEPOSIT, ("bitcoin", "0.6"), account="other", references={"tx_hash": "ab"}),
    ]

    assert [row for row, _, _ in rows(made(*ends))] == ["e1/buy/bitcoin", "e2/buy/bitcoin", "e0/left/bitcoin"]


def test_a_person_s_word_makes_a_transfer_of_ends_without_a_hash_and_unmakes_one() -> None:
    ends = [
        entry(EntryKind.WITHDRAWAL, ("bitcoin", "-1")),
        entry(EntryKind.DEPOSIT, ("bitcoin", "0.9995"), account="cold"),
    ]
    named = [(f"e{index}", one) for index, one in enumerate(ends)]
    mine = TransferLink(("e0",), ("e1",), is_transfer=True, reason="mine")
    linked = from_entries(named, PRICES, KINDS.__getitem__, links=[mine])
    undone = from_entries(named, PRICES, KINDS.__getitem__, links=[mine, replace(mine, is_transfer=False)])

    assert [one.row for one in linked.transactions] == ["e0/transfer/bitcoin", "e0/fee/bitcoin"]
    assert linked.findings == []
    assert [one.row for one in undone.transactions] == ["e1/buy/bitcoin", "e0/left/bitcoin"]


QUANTITIES = st.lists(st.decimals(Decimal(0), Decimal(1000), places=8), min_size=1, max_size=4)


@given(QUANTITIES, QUANTITIES)
def test_no_unit_flows_twice_and_as_many_as_can_do(sent: list[Decimal], arrived: list[Decimal]) -> None:
    fees = [Decimal("0.001")] * len(sent)
    found = flows(sent, fees, arrived)

    for out in range(len(sent)):
        assert add(*(one.quantity for one in found if one.out == out)) <= sent[out] + fees[out]
    for into in range(len(arrived)):
        assert add(*(one.quantity for one in found if one.into == into)) <= arrived[into]
    assert add(*(one.quantity for one in found)) == min(add(*sent, *fees), add(*arrived))
    assert all(one.quantity > 0 for one in found)


def test_a_deposit_from_nowhere_has_no_known_cost_whatever_its_source_states() -> None:
    found = made(entry(EntryKind.DEPOSIT, ("bitcoin", "1"), stated=Stated(Decimal(40_000), "usd")))

    assert rows(found) == [("e0/buy/bitcoin", "1", None)]


def test_a_withdrawal_to_nowhere_sets_its_units_aside_and_sells_only_its_fee() -> None:
    found = made(entry(EntryKind.WITHDRAWAL, ("bitcoin", "-1"), ("bitcoin", "-0.001", FEE)))

    assert [(one.type, str(one.quantity), one.to_wallet) for one in found.transactions] == [
        (TransactionType.TRANSFER, "1.000", UNPAIRED),
        (TransactionType.SELL, "0.001", ""),
    ]
    assert [(finding.code, finding.entries) for finding in found.findings] == [("unpaired-withdrawal", ("e0",))]


def test_moves_inside_an_account_are_nothing_also_as_two_entries() -> None:
    found = made(
        entry(EntryKind.MOVE, ("ethereum", "-2"), ("ethereum", "2")),
        entry(EntryKind.MOVE, ("bitcoin", "-1")),
        entry(EntryKind.MOVE, ("bitcoin", "1")),
    )

    assert (found.transactions, found.findings) == ([], [])


def test_half_a_move_is_a_finding() -> None:
    found = made(entry(EntryKind.MOVE, ("bitcoin", "-1")))

    assert [(one.code, one.subject) for one in found.findings] == [("unbalanced-move", "main/bitcoin")]
