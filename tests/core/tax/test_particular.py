"""What a person said that an entry was, as each country's options read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from app.core.clock import DAY, SECOND
from app.core.ledger.entries import Entry, EntryKind, Identity, Leg, Role, Stated
from app.core.model.assets import AssetKind
from app.core.tax.compute import compute
from app.core.tax.events import Transaction, TransactionType
from app.core.tax.figures import TaxFigures, Term
from app.core.tax.from_entries import Made, from_entries
from app.core.tax.jurisdictions import JURISDICTIONS
from app.core.tax.particular import KINDS, OPTIONS
from app.core.tax.profile import profile
from app.core.tax.valuations import Prices

NOON = 20_000 * DAY + DAY // 2
CLOSES = {
    "ethereum": {20_000: Decimal(2_000), 20_010: Decimal(3_000)},
    "wrapped": {20_000: Decimal(2_000), 20_010: Decimal(3_000)},
}
PRICES = Prices("usd", "usd", CLOSES)


def entry(kind: EntryKind, *legs: tuple[str, str], days: int = 0, **more: str) -> Entry:
    made = tuple(Leg("main", "spot", asset, Decimal(quantity)) for asset, quantity in legs)
    return Entry("main", NOON + days * DAY, kind, made, Identity("t", f"{kind}{days}"), references=more)


BOUGHT = entry(EntryKind.TRADE, ("ethereum", "2"), ("usd", "-1000"), days=-500)


def made(*entries: Entry, code: str = "generic", options: Mapping[str, str] | None = None) -> Made:
    chosen = profile(code, options=options)
    rows = [(f"e{number}", one) for number, one in enumerate(entries)]
    return from_entries(
        rows, PRICES, lambda asset: AssetKind.FIAT if asset == "usd" else AssetKind.CRYPTO, chosen.options
    )


def figures(*entries: Entry, code: str = "us", options: Mapping[str, str] | None = None) -> TaxFigures:
    chosen = profile(code, options=options)
    return compute(made(*entries, code=code, options=options).transactions, chosen, currency="USD")


def last(found: Made) -> Transaction:
    return found.transactions[-1]


def kept(found: TaxFigures) -> list[tuple[str, Decimal | None]]:
    return [(one.asset, one.cost) for one in found.holdings]


GIVEN = entry(EntryKind.GIFT, ("ethereum", "-1"))
LOST = entry(EntryKind.LOSS, ("ethereum", "-1"))


@pytest.mark.parametrize("code", ["us", "de", "fr", "uk", "ca", "au", "ie", "jp"])
def test_a_gift_is_a_sale_at_its_value_where_the_country_says_so(code: str) -> None:
    one = last(made(BOUGHT, GIVEN, code=code))

    expected = (TransactionType.CARRY, None) if code in ("us", "de", "fr") else (TransactionType.SELL, Decimal(2_000))
    assert (one.type, one.value, one.to_asset) == (*expected, "")


def test_a_gift_that_is_no_disposal_leaves_with_its_cost() -> None:
    found = figures(BOUGHT, GIVEN)

    assert [(one.asset, one.quantity, one.cost) for one in found.departures] == [("ethereum", Decimal(1), Decimal(500))]
    assert (found.disposals, kept(found)) == ((), [("ethereum", Decimal(500))])


def test_a_gift_received_has_the_cost_and_the_day_of_its_giver_in_the_united_states() -> None:
    gift = replace(entry(EntryKind.GIFT, ("ethereum", "1"), acquired="2020-05-06"), stated=Stated(Decimal(100), "usd"))
    found = figures(gift, entry(EntryKind.SPENDING, ("ethereum", "-1"), days=10))

    (sold,) = found.disposals
    assert (sold.proceeds, sold.cost, sold.term) == (Decimal(3_000), Decimal(100), Term.LONG)


def test_a_gift_received_without_the_giver_s_cost_blocks_its_figure() -> None:
    found = figures(entry(EntryKind.GIFT, ("ethereum", "1")), entry(EntryKind.SPENDING, ("ethereum", "-1"), days=10))

    assert found.totals.gain is None
    assert [one.code for one in made(entry(EntryKind.GIFT, ("ethereum", "1")), code="us").findings] == [
        "gift-without-day"
    ]


def test_a_gift_worth_less_than_it_had_cost_is_told() -> None:
    gift = replace(
        entry(EntryKind.GIFT, ("ethereum", "1"), acquired="2020-05-06"), stated=Stated(Decimal(9_999), "usd")
    )

    assert [one.code for one in made(gift, code="us").findings] == ["gift-below-cost"]
    assert last(made(gift, code="us")).lower_value == Decimal(2_000)
    assert (made(gift, code="de").findings, last(made(gift, code="de")).lower_value) == ([], None)


def test_what_lies_between_the_value_of_a_gift_and_its_giver_s_cost_is_neither_gain_nor_loss() -> None:
    gift = replace(
        entry(EntryKind.GIFT, ("ethereum", "1"), acquired="2020-05-06"), stated=Stated(Decimal(9_999), "usd")
    )
    (sold,) = figures(gift, entry(EntryKind.SPENDING, ("ethereum", "-1"), days=10)).disposals

    assert (sold.proceeds, sold.cost, sold.gain) == (Decimal(3_000), Decimal(3_000), Decimal(0))


def test_a_gift_whose_value_nobody_knows_is_told() -> None:
    gift = replace(entry(EntryKind.GIFT, ("dust", "1"), acquired="2020-05-06"), stated=Stated(Decimal(9), "usd"))

    assert [one.code for one in made(gift, code="us").findings] == ["gift-without-value"]


def test_a_gift_received_costs_its_value_elsewhere() -> None:
    assert last(made(entry(EntryKind.GIFT, ("ethereum", "1")), code="uk")).value == Decimal(2_000)


def test_a_loss_is_deducted_where_the_country_or_a_person_says_so() -> None:
    deducted = made(BOUGHT, LOST, code="au")
    paid = made(BOUGHT, replace(LOST, stated=Stated(Decimal(300), "usd")), code="us", options={"losses": "deducted"})
    neither = made(BOUGHT, LOST, code="us")

    assert [(last(one).type, last(one).value) for one in (deducted, paid, neither)] == [
        (TransactionType.SELL, Decimal(0)),
        (TransactionType.SELL, Decimal(300)),
        (TransactionType.CARRY, None),
    ]
    assert [one.code for one in neither.findings] == ["loss-not-deducted"]


def test_a_theft_that_is_not_deducted_takes_its_cost_along() -> None:
    found = figures(BOUGHT, replace(LOST, kind=EntryKind.THEFT))

    assert (found.totals.gain, kept(found)) == (Decimal(0), [("ethereum", Decimal(500))])


def test_spending_is_a_sale_at_its_value() -> None:
    assert last(made(BOUGHT, entry(EntryKind.SPENDING, ("ethereum", "-1")))).value == Decimal(2_000)


@pytest.mark.parametrize(
    ("kind", "code", "expected"),
    [
        (EntryKind.AIRDROP, "us", (TransactionType.INCOME, Decimal(2_000))),
        (EntryKind.AIRDROP, "uk", (TransactionType.BUY, Decimal(0))),
        (EntryKind.FORK, "us", (TransactionType.INCOME, Decimal(2_000))),
        (EntryKind.FORK, "au", (TransactionType.BUY, Decimal(0))),
    ],
)
def test_airdrops_and_forks_are_income_or_cost_nothing(
    kind: EntryKind, code: str, expected: tuple[TransactionType, Decimal]
) -> None:
    one = last(made(entry(kind, ("ethereum", "1")), code=code))

    assert (one.type, one.value) == expected


def test_a_fork_that_costs_nothing_says_that_no_cost_is_divided() -> None:
    fork = entry(EntryKind.FORK, ("ethereum", "1"))

    assert {code: [one.code for one in made(fork, code=code).findings] for code in ("uk", "de", "us")} == {
        "uk": ["fork-at-no-cost"],
        "de": ["fork-at-no-cost"],
        "us": [],
    }


WRAPPED = entry(EntryKind.WRAP, ("ethereum", "-1"), ("wrapped", "1"))
SPENT = entry(EntryKind.SPENDING, ("wrapped", "-1"), days=10)


def test_a_wrap_carries_date_and_cost_over_or_is_an_exchange() -> None:
    carried = figures(BOUGHT, WRAPPED, SPENT, options={"wraps": "carry-over"})
    exchanged = figures(BOUGHT, WRAPPED, SPENT)

    assert [(one.asset, one.cost, one.term) for one in carried.disposals] == [("wrapped", Decimal(500), Term.LONG)]
    assert [(one.asset, one.gain, one.term) for one in exchanged.disposals] == [
        ("ethereum", Decimal(1_500), Term.LONG),
        ("wrapped", Decimal(1_000), Term.SHORT),
    ]


@pytest.mark.parametrize("kind", [EntryKind.MIGRATION, EntryKind.WRAP, EntryKind.LIQUID_STAKING])
def test_what_carries_over_keeps_its_units_and_its_cost(kind: EntryKind) -> None:
    one = entry(kind, ("ethereum", "-2"), ("wrapped", "2000"))
    found = figures(BOUGHT, one, code="generic")

    assert [(held.asset, held.quantity, held.cost) for held in found.holdings] == [
        ("wrapped", Decimal(2_000), Decimal(1_000))
    ]


def test_a_fee_beside_it_is_sold_at_its_value() -> None:
    fee = Leg("main", "spot", "ethereum", Decimal("-0.01"), Role.FEE)
    found = made(BOUGHT, replace(WRAPPED, legs=(*WRAPPED.legs, fee)))

    assert [(one.type, one.quantity, one.value) for one in found.transactions[1:]] == [
        (TransactionType.CARRY, Decimal(1), None),
        (TransactionType.SELL, Decimal("0.01"), Decimal(20)),
    ]


@pytest.mark.parametrize("kind", sorted(KINDS - {EntryKind.GIFT}))
def test_an_entry_that_does_not_fit_its_kind_is_told_and_changes_no_lots(kind: EntryKind) -> None:
    found = made(entry(kind, ("ethereum", "-1"), ("wrapped", "1"), ("third", "1"), ("fourth", "-1")))

    assert ([one.code for one in found.findings], found.transactions) == (["unclassified-entry"], [])


def test_an_opening_balance_may_say_since_when_it_is_held() -> None:
    opened = replace(
        entry(EntryKind.OPENING, ("ethereum", "1"), acquired="2021-02-03"), stated=Stated(Decimal(7), "usd")
    )
    one = last(made(opened))

    assert one.acquired_ns == 1_612_353_600 * SECOND
    assert last(made(replace(opened, references={"acquired": "long ago"}))).acquired_ns is None


@pytest.mark.parametrize("code", sorted(JURISDICTIONS))
def test_every_country_says_what_each_kind_is_and_why(code: str) -> None:
    rules = JURISDICTIONS[code].rules

    assert sorted(rules) == (sorted(OPTIONS) if code != "generic" else [])
    assert all(rule.why for rule in rules.values())
    assert all(rule.url for rule in rules.values() if rule.is_verified)
