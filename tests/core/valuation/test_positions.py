"""Positions: exact sums, weights that add up, and what has no price named instead of counted as nothing."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.core.model.assets import Asset, AssetKind
from app.core.model.ledger_rows import BalanceRow
from app.core.model.market import Mark
from app.core.money import add
from app.core.valuation.positions import Known, positions, revalued, shares


class Assets:
    """Assets under their own names."""

    def asset(self, asset_id: str) -> Asset:
        kind = AssetKind.FIAT if asset_id == "usd" else AssetKind.CRYPTO
        return Asset(asset_id, asset_id.upper(), asset_id, kind)

    def resolve(self, venue: str, native_id: str) -> Asset:
        return self.asset(native_id)

    def native_id(self, venue: str, asset_id: str) -> str | None:
        return asset_id


def mark(asset: str, price: str, change: str | None = None) -> Mark:
    return Mark(asset, Decimal(price), "usd", "test", 5, None if change is None else Decimal(change))


def known(**prices: Mark) -> Known:
    return Known("usd", Assets(), prices, now_ns=10)


ROWS = [
    BalanceRow("a", "spot", "btc", Decimal("1.5")),
    BalanceRow("b", "spot", "btc", Decimal("0.5")),
    BalanceRow("a", "earn", "usd", Decimal(100)),
    BalanceRow("a", "spot", "odd", Decimal(7)),
    BalanceRow("a", "spot", "gone", Decimal(0)),
]


def test_positions_are_summed_over_places_and_ordered_by_value() -> None:
    made = positions(ROWS, known(btc=mark("btc", "50")))

    assert [(one.asset.asset_id, one.quantity, one.value) for one in made.positions] == [
        ("btc", Decimal("2.0"), Decimal("100.00")),
        ("usd", Decimal(100), Decimal(100)),
        ("odd", Decimal(7), None),
    ]
    assert (made.value, made.priced, made.unpriced) == (Decimal("200.00"), 2, ("ODD",))
    assert [one.weight for one in made.positions] == [Decimal("0.5"), Decimal("0.5"), None]


def test_a_change_is_told_with_its_effect_on_the_whole() -> None:
    made = positions(ROWS[:2], known(btc=mark("btc", "55", "0.1")))

    assert (made.positions[0].effect_24h, made.change_24h) == (Decimal("10.00"), Decimal("0.1"))


def test_an_unknown_change_beside_money_is_unknown_and_not_zero() -> None:
    rows = [*ROWS[:2], BalanceRow("a", "spot", "usd", Decimal(100))]
    unknown = positions(rows, known(btc=mark("btc", "55")))
    money = positions(rows[2:], known())

    assert (unknown.effect_24h, unknown.change_24h) == (None, None)
    assert money.effect_24h == 0


def test_a_book_without_any_price_has_no_value() -> None:
    made = positions([ROWS[3]], known())

    assert (made.value, made.positions[0].value, made.unpriced) == (None, None, ("ODD",))


def test_an_empty_book_is_worth_nothing_exactly() -> None:
    assert positions([], known()).value == 0


def test_other_marks_change_values_and_nothing_else() -> None:
    before = positions(ROWS, known(btc=mark("btc", "50")))

    after = revalued(before, {"btc": mark("btc", "60"), "odd": mark("odd", "2")}, 11)

    assert after == positions(ROWS, Known("usd", Assets(), {"btc": mark("btc", "60"), "odd": mark("odd", "2")}, 11))


def test_shares_by_venue_join_the_accounts_of_one_venue() -> None:
    made = positions(ROWS[:3], known(btc=mark("btc", "50")))
    found = shares(made, "venue", {"a": ("k", "Kraken"), "b": ("k", "Kraken")})

    assert [(share.label, share.value, share.weight) for share in found] == [("Kraken", Decimal("200.0"), Decimal(1))]


@given(st.lists(st.tuples(st.sampled_from(["btc", "eth", "usd"]), st.decimals("-50", "5000", places=12)), max_size=30))
def test_the_total_is_the_sum_of_its_parts_to_the_last_digit(rows: list[tuple[str, Decimal]]) -> None:
    balances = [BalanceRow(str(index), "spot", asset, quantity) for index, (asset, quantity) in enumerate(rows)]
    made = positions(balances, known(btc=mark("btc", "123.456789012345678901"), eth=mark("eth", "0.000000000001")))
    values = [holding.value for one in made.positions for holding in one.holdings if holding.value is not None]

    assert made.value == add(*values)
