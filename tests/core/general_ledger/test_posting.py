"""Tests of the books in double entry: what each kind of entry posts, and that nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.core.general_ledger.journal import Posting, between, sums
from app.core.ledger.entries import Entry, EntryKind
from app.core.money import ZERO, add
from tests.core.general_ledger.books import FEE, LIFE, entry, lines, posted


def test_a_purchase_stands_at_its_cost_with_its_fee() -> None:
    (found,) = posted(entry(EntryKind.TRADE, ("usd", "-400"), ("bitcoin", "0.01"), ("usd", "-1.25", FEE)))

    assert lines(found) == [
        "Assets:Kraken:spot -400 usd",
        "Assets:Kraken:spot 0.01 bitcoin",
        "Assets:Kraken:spot -1.25 usd",
        "Equity:At-Cost:bitcoin -0.01 bitcoin",
        "Equity:At-Cost:bitcoin 401.25 usd",
    ]


def test_a_sale_takes_its_cost_away_and_the_rest_is_gain() -> None:
    _, found = posted(
        entry(EntryKind.TRADE, ("usd", "-400"), ("bitcoin", "0.01")),
        entry(EntryKind.TRADE, ("usd", "250"), ("bitcoin", "-0.005"), day=3),
    )

    assert lines(found) == [
        "Assets:Kraken:spot 250 usd",
        "Assets:Kraken:spot -0.005 bitcoin",
        "Equity:At-Cost:bitcoin 0.005 bitcoin",
        "Equity:At-Cost:bitcoin -200 usd",
        "Income:Realised-Gains -50 usd",
    ]


def test_a_transfer_leaves_nothing_in_transit_and_its_fee_is_sold() -> None:
    found = posted(*LIFE[:6])

    left = sums(posting for one in found for posting in one.postings)
    assert [key for key in left if key[0] == ("Assets", "In-Transit")] == []
    # 0.0001 bitcoin at 40,000.
    assert left[("Expenses", "Fees"), "usd"] == Decimal(4)
    assert left[("Assets", "Cold wallet", "spot"), "bitcoin"] == Decimal("0.003")


def test_what_arrives_from_nowhere_is_unpaired_and_marked() -> None:
    (found,) = posted(entry(EntryKind.DEPOSIT, ("dust", "5")))

    assert lines(found) == ["Assets:Kraken:spot 5 dust", "Equity:Unpaired-Deposits -5 dust"]
    assert found.unknown == "the cost of dust"


def test_a_sale_without_a_known_cost_has_no_gain() -> None:
    _, found = posted(
        entry(EntryKind.DEPOSIT, ("dust", "5")),
        entry(EntryKind.TRADE, ("dust", "-5"), ("usd", "30"), day=1),
    )

    assert lines(found) == [
        "Assets:Kraken:spot -5 dust",
        "Assets:Kraken:spot 30 usd",
        "Equity:At-Cost:dust 5 dust",
        "Equity:Not-Valued -30 usd",
    ]
    assert found.unknown == "the cost of dust"


def test_a_withdrawal_to_nowhere_keeps_its_cost() -> None:
    *_, found = posted(*LIFE)

    assert lines(found) == ["Assets:Kraken:spot -0.001 ethereum", "Equity:Unpaired-Withdrawals 0.001 ethereum"]


def test_a_reward_is_income_at_its_value() -> None:
    (found,) = posted(entry(EntryKind.REWARD, ("ethereum", "0.002")))

    assert [line for line in lines(found) if line.endswith("usd")] == [
        "Equity:At-Cost:ethereum 4 usd",
        "Income:Reward -4 usd",
    ]


def test_a_period_opens_with_what_was_there_and_no_income() -> None:
    every = posted(*LIFE)
    first = every[4].day

    opening, *rest = between(every, first)

    assert (opening.day, opening.entry_id, len(rest)) == (first, "", 5)
    assert {one.account[0] for one in opening.postings} == {"Assets", "Equity"}
    whole = sums(posting for one in every for posting in one.postings)
    cut = sums(posting for one in (opening, *rest) for posting in one.postings)
    assert _held(whole) == _held(cut)


def test_a_period_ends_with_its_last_day() -> None:
    found = between(posted(*LIFE), last=date(2024, 10, 7))

    assert [one.entry_id for one in found] == ["e0", "e1", "e2", "e3"]


def _held(found: dict[tuple[tuple[str, ...], str], Decimal]) -> dict[tuple[tuple[str, ...], str], Decimal]:
    return {key: quantity for key, quantity in found.items() if key[0][0] == "Assets"}


_QUANTITIES = st.decimals("0.000000000000000001", "1000000", places=18)


@st.composite
def _entries(draw: st.DrawFn) -> list[Entry]:
    found = []
    for day in range(draw(st.integers(1, 12))):
        kind = draw(st.sampled_from([EntryKind.TRADE, EntryKind.DEPOSIT, EntryKind.REWARD, EntryKind.WITHDRAWAL,
                                     EntryKind.FEE, EntryKind.CONVERSION, EntryKind.OTHER]))  # fmt: skip
        given_, taken = draw(st.permutations(["usd", "eur", "bitcoin", "ethereum", "dust"]))[:2]
        legs = [(taken, str(draw(_QUANTITIES)))]
        if kind in (EntryKind.WITHDRAWAL, EntryKind.FEE):
            legs = [(given_, f"-{draw(_QUANTITIES)}")]
        elif kind in (EntryKind.TRADE, EntryKind.CONVERSION):
            legs.append((given_, f"-{draw(_QUANTITIES)}"))
        fee = [(draw(st.sampled_from(["usd", "bitcoin"])), f"-{draw(_QUANTITIES)}", FEE)] * draw(st.integers(0, 1))
        found.append(entry(kind, *legs, *fee, day=day))
    return found


@given(_entries(), st.sampled_from(["us", "uk", "de"]))
def test_every_transaction_balances_and_holdings_are_those_of_the_legs(entries: list[Entry], country: str) -> None:
    found = posted(*entries, country=country)

    assert [sums(replace(posting, account=()) for posting in one.postings) for one in found] == [{}] * len(found)
    legs = [
        Posting(("Assets", "Kraken", leg.sub_place), leg.asset, leg.quantity) for one in entries for leg in one.legs
    ]
    booked = sums(posting for one in found for posting in one.postings)
    transit = ("Assets", "In-Transit")
    assert {key: value for key, value in booked.items() if key[0][0] == "Assets" and key[0] != transit} == sums(legs)


@given(_entries())
def test_money_that_is_known_is_in_no_account_of_the_unknown(entries: list[Entry]) -> None:
    known = [one for one in posted(*entries) if not one.unknown]

    assert [one for one in known if any(posting.account == ("Equity", "Not-Valued") for posting in one.postings)] == []
    assert (
        add(ZERO, *(posting.quantity for one in known for posting in one.postings if posting.commodity == "usd")) == 0
    )
