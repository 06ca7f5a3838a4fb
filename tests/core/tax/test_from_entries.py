"""Tests of entries as transactions: what each kind of entry sells, buys and is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import DAY, parse_iso
from app.core.ledger.entries import Entry, EntryKind, Role, Stated
from app.core.names import Names
from app.core.tax.events import Transaction, TransactionType, total
from app.core.tax.exchanges import Exchange, for_money
from app.core.tax.from_entries import entry_of, from_entries
from app.core.tax.valuations import Prices
from tests.core.tax.made_entries import CLOSES, FEE, INTEREST, KINDS, NOON, PRICES, ALeg, entry, made, rows

TRADES: Mapping[str, tuple[tuple[ALeg, ...], list[tuple[str, str, str | None]]]] = {
    "a fee in money adds to the cost": (
        (("bitcoin", "0.5"), ("usd", "-20000"), ("usd", "-25", FEE)),
        [("e0/buy/bitcoin", "0.5", "20025")],
    ),
    "a fee in money reduces the proceeds": (
        (("bitcoin", "-0.5"), ("usd", "20000"), ("usd", "-25", FEE)),
        [("e0/sell/bitcoin", "0.5", "19975")],
    ),
    "a fee in what was bought leaves less of it at the whole cost": (
        (("bitcoin", "0.5"), ("usd", "-20000"), ("bitcoin", "-0.001", FEE)),
        [("e0/buy/bitcoin", "0.499", "20000")],
    ),
    "a third asset that pays the fee is sold and adds to the cost": (
        (("bitcoin", "0.5"), ("usd", "-20000"), ("bnb", "-0.1", FEE)),
        [("e0/buy/bitcoin", "0.5", "20030"), ("e0/fee/bnb", "0.1", "30")],
    ),
    "a third asset that pays the fee of a sale for a stablecoin reduces the proceeds": (
        (("bitcoin", "-0.5"), ("tether", "20000"), ("bnb", "-0.1", FEE)),
        [("e0/sell/bitcoin", "0.5", "19770"), ("e0/buy/tether", "20000", "19800"), ("e0/fee/bnb", "0.1", "30")],
    ),
    "a stablecoin that is given is sold at its own close": (
        (("bitcoin", "0.5"), ("tether", "-20000")),
        [("e0/sell/tether", "20000", "19800"), ("e0/buy/bitcoin", "0.5", "19800")],
    ),
    "a fee in the stablecoin received reduces what both sides are worth": (
        (("bitcoin", "-0.5"), ("tether", "20000"), ("tether", "-20", FEE)),
        [("e0/sell/bitcoin", "0.5", "19780.2"), ("e0/buy/tether", "19980", "19780.2")],
    ),
    "a swap is worth what was received": (
        (("ethereum", "10"), ("bitcoin", "-0.51")),
        [("e0/sell/bitcoin", "0.51", "20000"), ("e0/buy/ethereum", "10", "20000")],
    ),
    "a swap whose received side has no price is worth what was given": (
        (("dust", "10"), ("bitcoin", "-0.5")),
        [("e0/sell/bitcoin", "0.5", "20000"), ("e0/buy/dust", "10", "20000")],
    ),
    "a fee in what was given is sold with it and adds to the cost": (
        (("ethereum", "10"), ("bitcoin", "-0.5"), ("bitcoin", "-0.001", FEE)),
        [("e0/sell/bitcoin", "0.501", "20040"), ("e0/buy/ethereum", "10", "20040")],
    ),
    "other money counts at the rate of its day": (
        (("bitcoin", "0.5"), ("eur", "-16000")),
        [("e0/buy/bitcoin", "0.5", "20000")],
    ),
    "several assets given share what was received by their worth": (
        (("bitcoin", "-0.01"), ("ethereum", "-0.1"), ("bnb", "1.98")),
        [("e0/sell/bitcoin", "0.01", "396"), ("e0/sell/ethereum", "0.1", "198"), ("e0/buy/bnb", "1.98", "594")],
    ),
    "a rebate in a third asset is bought at its worth and lessens the fee": (
        (("bitcoin", "0.5"), ("usd", "-20000"), ("bnb", "0.1", Role.REBATE)),
        [("e0/buy/bitcoin", "0.5", "19970"), ("e0/buy/bnb", "0.1", "30")],
    ),
    "money for money is no event": ((("eur", "100"), ("usd", "-125"), ("usd", "-1", FEE)), []),
    "nothing is guessed where the other side is missing": (
        (("bitcoin", "0.5"),),
        [("e0/buy/bitcoin", "0.5", None)],
    ),
    "without any price nothing is worth anything known": (
        (("dust", "-5"), ("usd-coin", "5")),
        [("e0/sell/dust", "5", None), ("e0/buy/usd-coin", "5", None)],
    ),
    "a fee without a price leaves the cost unknown": (
        (("bitcoin", "0.5"), ("usd", "-20000"), ("dust", "-1", FEE)),
        [("e0/buy/bitcoin", "0.5", None), ("e0/fee/dust", "1", None)],
    ),
}


@pytest.mark.parametrize("name", TRADES)
def test_of_a_trade(name: str) -> None:
    legs, expected = TRADES[name]

    assert expected == rows(made(entry(EntryKind.TRADE, *legs)))


def test_what_the_source_stated_comes_before_the_price_of_the_day() -> None:
    stated = Stated(Decimal(19_500), "usd")

    found = made(entry(EntryKind.CONVERSION, ("ethereum", "10"), ("bitcoin", "-0.5"), stated=stated))

    assert [value for _, _, value in rows(found)] == ["19500", "19500"]


def test_what_the_source_stated_in_the_money_of_the_books_is_carried_over_at_the_rate_of_its_day() -> None:
    in_euros, stated = replace(PRICES, currency="eur"), Stated(Decimal(19_500), "usd")

    swap = made(entry(EntryKind.CONVERSION, ("ethereum", "10"), ("bitcoin", "-0.5"), stated=stated), prices=in_euros)
    reward = made(entry(EntryKind.REWARD, ("ethereum", "0.5", INTEREST), stated=stated), prices=in_euros)

    # One euro is 1.25 dollars.
    assert [value for one in (swap, reward) for _, _, value in rows(one)] == ["15600", "15600", "15600"]
    assert swap.valuations["e0/sell/bitcoin"].source == (
        "stated by the source: 19500 usd at 1 usd, eur at the close of 2024-10-04, 1.25 usd"
    )


def test_other_money_that_changed_hands_comes_before_what_was_stated_in_the_money_of_the_books() -> None:
    in_pounds = replace(PRICES, currency="gbp", closes={**CLOSES, "gbp": {20_000: Decimal(2)}})
    stated = Stated(Decimal(19_500), "usd")

    found = made(entry(EntryKind.TRADE, ("bitcoin", "-0.5"), ("eur", "16000"), stated=stated), prices=in_pounds)

    assert rows(found) == [("e0/sell/bitcoin", "0.5", "10000")]


def test_what_is_stated_in_a_third_money_gives_way_to_the_price_of_the_day() -> None:
    found = made(
        entry(EntryKind.REWARD, ("ethereum", "0.5", INTEREST), stated=Stated(Decimal(1), "gbp")),
        prices=replace(PRICES, currency="eur"),
    )

    assert rows(found) == [("e0/income/ethereum", "0.5", "800")]


def test_money_that_changed_hands_comes_before_what_the_source_stated() -> None:
    stated = Stated(Decimal(20_025), "usd")

    found = made(entry(EntryKind.TRADE, ("bitcoin", "0.5"), ("usd", "-20000"), ("usd", "-25", FEE), stated=stated))

    assert rows(found) == [("e0/buy/bitcoin", "0.5", "20025")]


def test_a_reward_is_income_at_the_value_of_its_day_and_a_fee_on_it_leaves_less() -> None:
    found = made(entry(EntryKind.REWARD, ("ethereum", "0.5", INTEREST), ("ethereum", "-0.1", FEE)))

    assert rows(found) == [("e0/income/ethereum", "0.4", "800")]
    assert found.valuations["e0/income/ethereum"].source == "0.4 ethereum at the close of 2024-10-04, 2000 usd"


def test_what_a_source_states_of_one_reward_counts_and_of_several_together_does_not() -> None:
    stated = Stated(Decimal(900), "usd")

    alone = made(entry(EntryKind.REWARD, ("ethereum", "0.5", INTEREST), stated=stated))
    both = made(entry(EntryKind.REWARD, ("ethereum", "0.5", INTEREST), ("bnb", "1", INTEREST), stated=stated))

    assert [[value for _, _, value in rows(one)] for one in (alone, both)] == [["900"], ["1000", "300"]]


def test_a_reward_without_a_price_is_income_of_unknown_value() -> None:
    assert rows(made(entry(EntryKind.REWARD, ("dust", "5", INTEREST)))) == [("e0/income/dust", "5", None)]


def test_a_reward_in_money_is_told_and_is_no_part_of_the_figures() -> None:
    found = made(entry(EntryKind.REWARD, ("usd", "5", INTEREST)))

    assert (found.transactions, [one.code for one in found.findings]) == ([], ["income-in-money"])


def test_an_opening_balance_costs_what_a_person_stated() -> None:
    found = made(
        entry(EntryKind.OPENING, ("bitcoin", "1"), stated=Stated(Decimal(9_000), "usd")),
        entry(EntryKind.OPENING, ("ethereum", "1")),
    )

    assert rows(found) == [("e0/buy/bitcoin", "1", "9000"), ("e1/buy/ethereum", "1", None)]


def test_what_fits_no_kind_is_a_finding_and_no_disposal() -> None:
    found = made(entry(EntryKind.OTHER, ("bitcoin", "-1")), entry(EntryKind.TRADE, ("bitcoin", "-1", Role.DEBT)))

    assert rows(found) == [("e0/left/bitcoin", "1", None)]
    assert [one.code for one in found.findings] == ["unpaired-withdrawal", "unclassified-entry", "unclassified-entry"]


def test_another_currency_is_told_by_the_rate_of_its_day() -> None:
    euros = Prices("eur", "usd", CLOSES)

    found = made(entry(EntryKind.TRADE, ("bitcoin", "0.5"), ("usd", "-20000")), prices=euros)

    assert rows(found) == [("e0/buy/bitcoin", "0.5", "16000")]


def test_without_a_rate_another_currency_is_unknown() -> None:
    yen = Prices("jpy", "usd", CLOSES)

    assert rows(made(entry(EntryKind.REWARD, ("bitcoin", "1")), prices=yen)) == [("e0/income/bitcoin", "1", None)]


def test_the_last_price_stands_for_the_close_of_its_own_day_only() -> None:
    prices = Prices("usd", "usd", {}, {"bitcoin": (Decimal(41_000), "kraken", NOON)})
    reward = ("bitcoin", "1", INTEREST)

    found = made(entry(EntryKind.REWARD, reward), entry(EntryKind.REWARD, reward, at=NOON + DAY), prices=prices)

    assert [value for _, _, value in rows(found)] == ["41000", None]


def test_rows_lead_back_to_their_entries() -> None:
    assert entry_of("e0/fee/bnb") == "e0"


_quantities = st.decimals("0.00000001", "100000", places=8)


@st.composite
def _trades(draw: st.DrawFn) -> Entry:
    given, taken = draw(st.permutations(["usd", "bitcoin", "ethereum", "tether", "bnb"]))[:2]
    legs: list[ALeg] = [(given, f"-{draw(_quantities):f}"), (taken, f"{draw(_quantities):f}")]
    if draw(st.booleans()):
        fee = draw(st.sampled_from([given, taken, "usd", "bnb"]))
        quantity = draw(st.decimals(0, 100, places=8))
        if fee != taken or quantity < Decimal(legs[1][1]):
            legs.append((fee, f"-{quantity:f}", FEE))
    return entry(EntryKind.TRADE, *[leg for leg in legs if Decimal(leg[1])])


@given(st.lists(_trades(), max_size=8))
def test_proceeds_less_costs_are_the_change_in_money_to_the_last_digit(trades: list[Entry]) -> None:
    found = made(*trades)

    money = total(leg.quantity for one in trades for leg in one.legs if leg.asset == "usd")
    assert money == total(map(_signed, found.transactions))


@given(st.lists(_trades(), max_size=8))
def test_units_bought_less_units_sold_are_what_the_legs_say(trades: list[Entry]) -> None:
    found = made(*trades)

    for asset in ("bitcoin", "ethereum", "tether", "bnb"):
        legs = total(leg.quantity for one in trades for leg in one.legs if leg.asset == asset)
        units = [
            one.quantity if one.type is TransactionType.BUY else one.quantity.copy_negate()
            for one in found.transactions
            if one.asset == asset
        ]
        assert legs == total(units)


def _signed(one: Transaction) -> Decimal:
    value = one.value or Decimal(0)
    return value if one.type is TransactionType.SELL else value.copy_negate()


@given(
    st.sampled_from(("bitcoin", "tether", "eur")),
    st.integers(-(10**9), 10**9).filter(bool),
    st.integers(-(10**9), 10**9).filter(bool),
    st.integers(-50, 50),
)
def test_an_exchange_for_the_wanted_money_is_told_at_once_as_it_is_told_the_long_way(
    asset: str, units: int, cents: int, fee: int
) -> None:
    moved = {asset: Decimal(units).scaleb(-8), "usd": Decimal(cents).scaleb(-2)}
    charged = {"usd": Decimal(fee).scaleb(-3)} if fee else {}
    at_once = for_money(moved, charged, "usd")
    told = Exchange(entry(EntryKind.TRADE), moved, charged, PRICES, KINDS.__getitem__)
    parts = [(name, -quantity, value) for name, quantity, value in told.sold()]
    parts += [*told.bought(), *told.fees()]

    if at_once is None:
        assert (units > 0) is (cents > 0)
    elif asset != "eur":
        assert parts == [at_once]


def test_receipts_say_what_kind_of_income_they_are() -> None:
    found = made(
        entry(EntryKind.REWARD, ("ethereum", "0.1", Role.INTEREST)),
        entry(EntryKind.REWARD, ("bnb", "0.2", Role.REBATE)),
        entry(EntryKind.REWARD, ("bitcoin", "0.3")),
        entry(EntryKind.TRADE, ("bitcoin", "1"), ("usd", "-40000")),
    )
    options = {"airdrops": "income", "forks": "income"}
    given = [
        ("a", entry(EntryKind.AIRDROP, ("dust", "5"))),
        ("f", entry(EntryKind.FORK, ("dust", "7"))),
    ]

    assert found.income_kinds == {
        "e0/income/ethereum": "reward", "e1/income/bnb": "rebate", "e2/income/bitcoin": "reward",
    }  # fmt: skip
    assert from_entries(given, PRICES, KINDS.__getitem__, options).income_kinds == {
        "a/income/dust": "airdrop", "f/income/dust": "fork",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("legs", "expected"),
    [
        ((("bitcoin", "-0.5"), ("usd", "20000"), ("usd", "-25", FEE)), (Decimal(19_975), Decimal(20_000))),
        ((("bitcoin", "-0.5"), ("tether", "20000"), ("bnb", "-0.5", FEE)), (Decimal(19_650), Decimal(19_800))),
        ((("bitcoin", "-0.5"), ("usd", "20000")), (Decimal(20_000), Decimal(20_000))),
    ],
)
def test_a_sale_knows_its_price_before_its_costs(legs: tuple[ALeg, ...], expected: tuple[Decimal, Decimal]) -> None:
    one = made(entry(EntryKind.TRADE, *legs)).transactions[0]

    assert expected == (one.value, one.price)


def test_two_assets_that_are_sold_together_share_the_costs() -> None:
    # Worth 20,000 and 2,000 on that day: ten elevenths of 33 and one.
    legs = (("bitcoin", "-0.5"), ("ethereum", "-1"), ("usd", "22033"), ("usd", "-33", FEE))
    sold = made(entry(EntryKind.TRADE, *legs)).transactions

    assert [(one.value, one.costs) for one in sold] == [(Decimal(20_000), Decimal(30)), (Decimal(2_000), Decimal(3))]


def test_findings_call_things_as_a_person_knows_them_and_keep_ids_in_their_subject() -> None:
    names = Names({"bitcoin": "BTC"}.__getitem__, {"main": "Kraken"}.__getitem__, has_entries=True)
    at = parse_iso("2025-05-03T23:30:00Z")[0]
    gone = entry(EntryKind.WITHDRAWAL, ("bitcoin", "-0.376768"), at=at)
    odd = entry(EntryKind.OTHER, ("bitcoin", "0.1"), at=at)
    given = from_entries([("ab" * 16, gone), ("cd" * 16, odd)], PRICES, KINDS.__getitem__, names=names)

    assert [(one.message, one.subject) for one in given.findings] == [
        (
            "0.376768 BTC left Kraken on 3 May 2025 and arrived in no account of these books.",
            f"{'ab' * 16}/left/bitcoin",
        ),
        ("The entry of 3 May 2025 at Kraken says not whether it is a trade, a reward, a gift or a loss.", "cd" * 16),
    ]
