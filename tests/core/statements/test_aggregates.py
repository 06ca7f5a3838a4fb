"""Sums by asset and kind of transaction over own entries, beside those that a provider reports."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from app.core.ledger.entries import Entry, EntryKind, Identity, Leg, Role
from app.core.statements.aggregates import Own, Sums, match_aggregates, own_sums
from app.core.statements.crypto_assets import Aggregate, Kind
from app.core.statements.lines import Matched

NAMES = {"bitcoin": ("bitcoin", "BTC", "Bitcoin"), "ether": ("ether", "ETH", "Ether")}
YEAR = (1_000, 2_000)
PRICES = {"bitcoin": Decimal(100), "ether": Decimal(10), "eur": Decimal(1)}


def entry(kind: EntryKind, *legs: tuple[str, str], at: int = 1_500, account: str = "kraken", fee: str = "") -> Entry:
    made = [Leg(account, "spot", asset, Decimal(quantity)) for asset, quantity in legs]
    if fee:
        made.append(Leg(account, "spot", "eur", Decimal(fee), Role.FEE))
    return Entry(account, at, kind, tuple(made), Identity("x", "y"))


def value(asset: str, quantity: Decimal, at: int) -> Decimal | None:
    del at
    return None if asset not in PRICES else PRICES[asset] * quantity


def sums(*entries: Entry, accounts: Sequence[str] = ()) -> Sums:
    listed = [(f"e{number}", one) for number, one in enumerate(entries)]
    return own_sums(listed, YEAR, accounts, lambda asset: asset == "eur", value)


def line(kind: Kind, amount: str | None, units: str, count: int | None, **more: str) -> Aggregate:
    told = {"line": "row 2", "asset": "BTC", "currency": "EUR", **more}
    money = None if amount is None else Decimal(amount)
    return Aggregate(
        told["line"], told["asset"], kind, told["currency"], money, Decimal(units), count, told.get("type", ""),
        told.get("user", ""),
    )  # fmt: skip


def matched(lines: Sequence[Aggregate], own: Sums) -> list[Matched]:
    return list(match_aggregates(lines, {"EUR": own}, NAMES, "EUR"))


def test_each_kind_of_entry_counts_as_its_kind_of_transaction() -> None:
    found = sums(
        entry(EntryKind.TRADE, ("bitcoin", "1"), ("eur", "-90"), fee="-2"),
        entry(EntryKind.TRADE, ("bitcoin", "2"), ("eur", "-210")),
        entry(EntryKind.TRADE, ("bitcoin", "-0.5"), ("eur", "60")),
        entry(EntryKind.CONVERSION, ("bitcoin", "-0.1"), ("ether", "1")),
        entry(EntryKind.DEPOSIT, ("ether", "3")),
        entry(EntryKind.DEPOSIT, ("eur", "500")),
        entry(EntryKind.REWARD, ("ether", "0.5")),
        entry(EntryKind.WITHDRAWAL, ("bitcoin", "-0.2")),
        entry(EntryKind.SPENDING, ("bitcoin", "-0.3")),
        entry(EntryKind.MOVE, ("bitcoin", "-1"), ("bitcoin", "1")),
        entry(EntryKind.OPENING, ("bitcoin", "9")),
    )

    told = {key: (own.units, own.amount, own.entries) for key, own in found.items()}
    assert told == {
        ("bitcoin", Kind.BOUGHT_FOR_MONEY): (Decimal(3), Decimal(300), ["e0", "e1"]),
        ("bitcoin", Kind.SOLD_FOR_MONEY): (Decimal("0.5"), Decimal(60), ["e2"]),
        ("bitcoin", Kind.SOLD_FOR_CRYPTO): (Decimal("0.1"), Decimal(10), ["e3"]),
        ("ether", Kind.BOUGHT_FOR_CRYPTO): (Decimal(1), Decimal(10), ["e3"]),
        ("ether", Kind.IN): (Decimal("3.5"), Decimal(35), ["e4", "e6"]),
        ("bitcoin", Kind.OUT): (Decimal("0.2"), Decimal(20), ["e7"]),
        ("bitcoin", Kind.RETAIL): (Decimal("0.3"), Decimal(30), ["e8"]),
    }


def test_only_entries_of_the_year_and_of_the_accounts_count() -> None:
    found = sums(
        *(entry(EntryKind.DEPOSIT, ("bitcoin", "1"), at=at) for at in (999, 1_000, 1_999, 2_000)),
        entry(EntryKind.DEPOSIT, ("bitcoin", "1"), account="coinbase"),
        accounts=("kraken",),
    )

    assert {key: own.entries for key, own in found.items()} == {("bitcoin", Kind.IN): ["e1", "e2"]}


def test_what_has_no_price_leaves_an_amount_unknown() -> None:
    found = sums(entry(EntryKind.DEPOSIT, ("bitcoin", "1")), entry(EntryKind.DEPOSIT, ("doge", "1")))

    assert {key: own.amount for key, own in found.items()} == {
        ("bitcoin", Kind.IN): Decimal(100),
        ("doge", Kind.IN): None,
    }


BOUGHT: Sums = {("bitcoin", Kind.BOUGHT_FOR_MONEY): Own(Decimal("3.00004"), Decimal("300.004"), ["e0", "e1"])}


def test_numbers_are_compared_as_finely_as_the_provider_says_them() -> None:
    (same,) = matched([line(Kind.BOUGHT_FOR_MONEY, "300.00", "3.0000", 2)], BOUGHT)
    (other,) = matched([line(Kind.BOUGHT_FOR_MONEY, "301.00", "3.0001", 3, asset="bitcoin")], BOUGHT)

    assert (same.status.value, same.difference, same.evidence.entries) == ("matched", {}, ("e0", "e1"))
    assert other.status.value == "differs"
    assert other.difference == {
        "units": Decimal("0.00006"),
        "amount": Decimal("0.996"),
        "transactions": Decimal(1),
    }


def test_what_everybody_values_a_little_differently_need_only_be_near() -> None:
    own: Sums = {("bitcoin", Kind.IN): Own(Decimal(1), Decimal(100), ["e0"])}

    near = matched([line(Kind.IN, "101.90", "1", 1)], own)[0]
    far = matched([line(Kind.IN, "102.10", "1", 1)], own)[0]
    unsaid = matched([line(Kind.IN, None, "1", None)], own)[0]

    assert [one.status.value for one in (near, far, unsaid)] == ["matched", "differs", "matched"]
    assert "within 2 %" in near.evidence.rule


def test_an_amount_that_the_own_books_do_not_know_is_told_as_that() -> None:
    own: Sums = {("bitcoin", Kind.IN): Own(Decimal(1), None, ["e0"])}

    (found,) = matched([line(Kind.IN, "100", "1", 1)], own)

    assert (found.status.value, found.difference) == ("differs", {"amount": None})
    assert "own amount not known: a price is missing" in found.evidence.why


def test_what_one_side_has_alone_is_told() -> None:
    lines = [
        line(Kind.IN, None, "1", 1, asset="XYZ"),
        line(Kind.OUT, None, "1", 1, line="row 3"),
        line(Kind.OUT_TO_WALLET, None, "1", 1, line="row 4"),
    ]
    found = matched(lines, BOUGHT)

    assert [(one.line, one.status.value) for one in found] == [
        ("row 2", "only-theirs"),
        ("row 3", "only-theirs"),
        ("row 4", "only-theirs"),
        ("", "only-ours"),
    ]
    assert found[0].evidence.why == "the own books have no asset called XYZ"
    assert found[1].evidence.why == "the own books have no transfer-out of BTC in that year"
    assert "whose wallet an address is" in found[2].evidence.why
    assert found[3].own is not None
    assert found[3].own["units"] == Decimal("3.00004")


def test_parts_that_a_provider_tells_apart_are_one_sum_and_what_is_told_twice_is_ambiguous() -> None:
    own: Sums = {("bitcoin", Kind.IN): Own(Decimal(3), Decimal(300), ["e0"])}
    parts = [line(Kind.IN, "100", "1", 1, type="A"), line(Kind.IN, "200", "2", None, type="B", line="row 3")]
    twice = [line(Kind.IN, "300", "3", 1), line(Kind.IN, "300", "3", 1, line="row 3")]
    persons = [line(Kind.IN, "300", "3", 1, type=name, user=name) for name in ("1", "2")]

    assert [(one.line, one.status.value) for one in matched(parts, own)] == [("row 2 and row 3", "matched")]
    assert [one.status.value for one in matched(twice, own)] == ["ambiguous", "ambiguous"]
    assert [one.status.value for one in matched(persons, own)] == ["ambiguous", "ambiguous"]


def test_two_assets_of_one_ticker_are_ambiguous_and_named() -> None:
    own: Sums = {(asset, Kind.IN): Own(Decimal(1), None, [asset]) for asset in ("bitcoin", "venue:BTC")}
    names = {**NAMES, "venue:BTC": ("venue:BTC", "BTC")}

    (found,) = match_aggregates([line(Kind.IN, None, "1", 1)], {"EUR": own}, names, "EUR")

    assert (found.status.value, found.evidence.entries) == ("ambiguous", ("bitcoin", "venue:BTC"))
    assert found.evidence.why == "bitcoin and venue:BTC are called BTC"
