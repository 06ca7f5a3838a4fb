"""One mark out of many prices: what agrees is taken, what stands apart is named, what is unknown stays unknown."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.clock import SECOND
from app.core.model.assets import Asset, AssetKind
from app.core.model.market import Mark, Tick
from app.core.valuation.agreeing import FRESH, median
from app.core.valuation.consensus import marks

NOW = 1_800_000_000 * SECOND
KINDS = {"usd": AssetKind.FIAT, "eur": AssetKind.FIAT, "tether": AssetKind.STABLE}


class Assets:
    """Assets under their own names."""

    def asset(self, asset_id: str) -> Asset:
        return Asset(asset_id, asset_id.upper(), asset_id, KINDS.get(asset_id, AssetKind.CRYPTO))

    def resolve(self, venue: str, native_id: str) -> Asset:
        return self.asset(native_id)

    def native_id(self, venue: str, asset_id: str) -> str | None:
        return asset_id


def tick(words: str, *, at: int = NOW, open_24h: str = "") -> Tick:
    """Return the tick of "venue base/quote price"."""
    venue, pair, price = words.split()
    base, quote = pair.split("/")
    return Tick(venue, base, quote, Decimal(price), at, Decimal(open_24h) if open_24h else None)


def found(*ticks: Tick, currency: str = "usd") -> dict[str, Mark]:
    return marks(ticks, currency, Assets()).marks


def test_the_mark_is_the_median_of_the_venues() -> None:
    made = found(tick("a bitcoin/usd 100"), tick("b bitcoin/usd 101"), tick("c bitcoin/usd 100.5"))["bitcoin"]

    assert (made.price, made.source) == (Decimal("100.5"), "median of a, b, c")


def test_a_price_far_off_is_left_out_and_named() -> None:
    made = found(tick("a bitcoin/usd 100"), tick("b bitcoin/usd 100.2"), tick("liar bitcoin/usd 125"))["bitcoin"]

    assert (made.price, made.source) == (Decimal("100.1"), "median of a, b; left out as too far off: liar")


def test_a_price_much_older_than_the_newest_takes_no_part() -> None:
    made = found(tick("a bitcoin/usd 100", at=NOW - FRESH - 1), tick("b bitcoin/usd 90"))["bitcoin"]

    assert (made.price, made.source, made.at) == (Decimal(90), "b; left out as too old: a", NOW)


def test_a_price_in_another_money_is_carried_over_by_its_rate() -> None:
    made = found(tick("a bitcoin/eur 100"), tick("a eur/usd 1.1"))["bitcoin"]

    assert (made.price, made.source) == (Decimal("110.0"), "a by EUR")


def test_a_rate_is_turned_round_where_only_the_other_way_is_quoted() -> None:
    made = found(tick("a usd/eur 0.8"), tick("a bitcoin/eur 80"))

    assert (made["eur"].price, made["bitcoin"].price) == (Decimal("1.25"), Decimal("100.00"))


def test_a_dollar_stablecoin_that_nobody_prices_is_taken_at_par_and_says_so() -> None:
    made = found(tick("a bitcoin/tether 100"))

    assert made["tether"].source == "taken at par with the dollar"
    assert (made["bitcoin"].price, made["bitcoin"].source) == (Decimal(100), "a by TETHER")


def test_a_stablecoin_off_its_peg_is_worth_its_price() -> None:
    made = found(tick("a bitcoin/tether 100"), tick("b tether/usd 0.9"))

    assert (made["tether"].price, made["bitcoin"].price) == (Decimal("0.9"), Decimal("90.0"))


@pytest.mark.parametrize("price", ["0", "-1"])
def test_a_price_that_is_not_positive_is_no_price(price: str) -> None:
    assert found(tick(f"a bitcoin/usd {price}")) == {}


def test_a_quote_that_leads_nowhere_makes_no_mark() -> None:
    assert found(tick("a bitcoin/yen 100"), currency="eur") == {}


def test_the_change_is_the_median_of_the_venues_changes() -> None:
    made = found(tick("a bitcoin/usd 110", open_24h="100"), tick("b bitcoin/usd 110"))["bitcoin"]

    assert made.change_24h == Decimal("0.1")


@given(st.lists(st.decimals("0.01", "100000", places=4), min_size=1, max_size=9))
def test_the_median_lies_between_the_extremes_in_any_order(values: list[Decimal]) -> None:
    assert min(values) <= median(values) <= max(values)
    assert median(values) == median(values[::-1])
